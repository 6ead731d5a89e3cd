"""Every name that a column of Handbill's own may have, in five languages.

English, Chinese (both scripts), Spanish, German, Japanese; the first name of each is ours.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

NAMES: dict[str, tuple[str, ...]] = {
    "id": (
        "id", "sku", "product id", "item id", "article number", "item number", "ref", "reference",
        "product no", "item no", "product code", "item code", "编号", "商品编号", "货号", "產品編號",
        "編號", "商品id", "referencia", "código", "artikelnummer", "artikelnr", "artikel-nr.",
        "商品番号", "品番", "管理番号", "商品コード",
    ),
    "product": (
        "product", "product name", "product title", "name", "title", "item", "item name",
        "商品", "商品名称", "商品名稱", "商品名", "产品", "產品", "产品名称", "產品名稱", "品名", "名称", "标题",
        "producto", "nombre", "nombre del producto", "título", "artículo", "produkt", "produktname",
        "artikel", "bezeichnung", "artikelname", "製品", "製品名", "品目", "タイトル",
    ),
    "description": (
        "description", "product description", "details", "about", "body", "long description",
        "描述", "商品描述", "产品描述", "產品描述", "详情", "商品详情", "介绍", "简介", "說明", "说明",
        "descripción", "detalles", "beschreibung", "produktbeschreibung", "artikelbeschreibung",
        "説明", "商品説明", "詳細", "紹介",
    ),
    "benefits": (
        "benefits", "benefit", "selling points", "selling point", "features", "key features",
        "highlights", "usp", "usps", "bullet points", "卖点", "賣點", "产品卖点", "商品卖点", "亮点", "优势",
        "特点", "特點", "特色", "beneficios", "ventajas", "características", "puntos fuertes",
        "vorteile", "merkmale", "verkaufsargumente", "セールスポイント", "特徴", "特長", "ポイント", "メリット",
    ),
    "category": (
        "category", "categories", "type", "product type", "department", "类别", "類別", "分类", "分類",
        "类目", "品类", "categoría", "tipo", "kategorie", "warengruppe", "カテゴリ", "カテゴリー", "種類",
    ),
    "vendor": (
        "vendor", "brand", "brand name", "manufacturer", "maker", "supplier", "品牌", "厂商", "供应商",
        "marca", "fabricante", "marke", "hersteller", "ブランド", "メーカー",
    ),
    "offer": (
        "offer", "promotion", "promo", "deal", "discount", "special offer", "优惠", "優惠", "促销", "促銷",
        "活动", "折扣", "oferta", "promoción", "descuento", "angebot", "aktion", "rabatt",
        "オファー", "特典", "キャンペーン", "割引",
    ),
    "price": (
        "price", "current price", "our price", "unit price", "价格", "價格", "售价", "售價",
        "现价", "單價", "单价", "precio", "precio de venta", "preis", "verkaufspreis",
        "価格", "値段", "販売価格", "税込価格",
    ),
    # Beside a price column this is the price, and that one the price before.
    "sale_price": (
        "sale_price", "sale price", "special price", "offer price", "促销价", "活动价", "特价", "优惠价",
        "折后价", "precio de oferta", "precio rebajado", "angebotspreis", "aktionspreis",
        "セール価格", "特別価格",
    ),
    "compare_at_price": (
        "compare_at_price", "compare at price", "compare-at price", "regular price", "list price",
        "original price", "old price", "was price", "msrp", "rrp", "原价", "原價", "划线价", "市场价",
        "precio anterior", "precio original", "precio regular", "alter preis", "uvp",
        "streichpreis", "originalpreis", "定価", "通常価格", "元の価格",
    ),
    "currency": (
        "currency", "currency code", "货币", "貨幣", "币种", "幣種", "moneda", "divisa", "währung",
        "通貨",
    ),
    "url": (
        "url", "link", "product url", "product link", "landing page", "website", "web", "final url",
        "链接", "連結", "鏈接", "网址", "網址", "商品链接", "购买链接", "enlace", "página web",
        "webseite", "produktlink", "リンク", "商品url", "商品リンク",
    ),
    "cta": (
        "cta", "call to action", "button", "button text", "行动号召", "按钮", "按鈕", "按钮文字",
        "llamada a la acción", "botón", "handlungsaufforderung", "schaltfläche", "行動喚起", "ボタン",
    ),
    "audience": (
        "audience", "target audience", "target group", "persona", "受众", "受眾", "目标人群", "人群",
        "público", "audiencia", "público objetivo", "zielgruppe", "ターゲット", "対象", "対象者",
    ),
    "tone": (
        "tone", "tone of voice", "voice", "style", "语气", "語氣", "风格", "風格", "tono", "estilo",
        "tonalität", "stil", "トーン", "文体",
    ),
    "keywords": (
        "keywords", "keyword", "tags", "tag", "search terms", "关键词", "關鍵詞", "关键字", "标签", "標籤",
        "palabras clave", "etiquetas", "schlagwörter", "stichwörter", "schlüsselwörter",
        "キーワード", "タグ",
    ),
    "locale": (
        "locale", "locales", "languages", "target language", "target languages", "目标语言", "语言",
        "語言", "idioma", "idiomas", "sprache", "sprachen", "言語",
    ),
    "language": ("language", "source language", "source locale", "原文语言", "元の言語"),
    "placements": (
        "placements", "placement", "channels", "channel", "platforms", "platform", "渠道", "平台",
        "投放位置", "版位", "canales", "canal", "plataformas", "kanäle", "kanal", "plattform",
        "チャネル", "媒体", "プラットフォーム", "掲載先",
    ),
    "image": (
        "image", "images", "picture", "pictures", "photo", "photos", "image path", "image file",
        "image url", "product image", "图片", "圖片", "商品图片", "主图", "照片", "imagen", "imágenes",
        "foto", "fotos", "bild", "bilder", "produktbild", "画像", "商品画像", "写真",
    ),
    "image_alt": (
        "image_alt", "image alt text", "alt text", "alt", "图片说明", "替代文字", "texto alternativo",
        "alternativtext", "bildbeschreibung", "代替テキスト",
    ),
    "video": (
        "video", "video path", "video file", "clip", "footage", "视频", "視頻", "影片", "vídeo",
        "film", "動画", "ビデオ",
    ),
    "starts_on": (
        "starts_on", "start", "start date", "starts", "valid from", "from date", "开始日期", "開始日期",
        "开始时间", "活动开始", "fecha de inicio", "inicio", "válido desde", "startdatum", "beginn",
        "gültig ab", "gültig von", "開始日",
    ),
    "ends_on": (
        "ends_on", "end", "end date", "ends", "valid until", "valid to", "until", "deadline",
        "expires", "结束日期", "結束日期", "截止日期", "截止", "结束时间", "活动结束", "fecha de fin", "fin",
        "válido hasta", "hasta", "enddatum", "ende", "gültig bis", "終了日", "締切", "期限",
    ),
    "must_say": (
        "must_say", "must say", "mandatory text", "required text", "必须说", "必须包含", "必备文案",
        "texto obligatorio", "pflichttext", "pflichtangaben", "必須文言", "必須テキスト",
    ),
    "never_say": (
        "never_say", "never say", "forbidden words", "banned words", "do not say", "禁用词", "禁止用语",
        "palabras prohibidas", "verbotene wörter", "禁止語", "禁止ワード", "ng ワード",
    ),
    "store_name": (
        "store_name", "store name", "store", "shop", "shop name", "branch", "location name",
        "店名", "门店", "门店名称", "店铺", "店铺名称", "tienda", "nombre de la tienda", "sucursal",
        "filiale", "geschäft", "店舗", "店舗名",
    ),
    "store_address": (
        "store_address", "store address", "address", "shop address", "地址", "门店地址", "店铺地址",
        "dirección", "adresse", "anschrift", "住所", "店舗住所",
    ),
    "store_phone": (
        "store_phone", "store phone", "phone", "telephone", "phone number", "电话", "電話", "联系电话",
        "teléfono", "telefon", "telefonnummer", "電話番号",
    ),
    "account": ("account", "accounts", "账号", "帳號", "账户", "cuenta", "cuentas", "konto", "アカウント"),
    "budget_usd": ("budget_usd", "budget", "budget usd", "预算", "預算", "presupuesto", "budget $", "予算"),
    "notes": (
        "notes", "note", "remarks", "comment", "comments", "internal notes", "备注", "備註", "附注",
        "notas", "observaciones", "notizen", "bemerkung", "bemerkungen", "anmerkungen", "備考", "メモ",
    ),
}  # fmt: skip

LOCALISABLE = frozenset(
    {
        "product", "description", "benefits", "category", "offer", "cta", "audience", "tone",
        "keywords", "must_say", "never_say", "store_name", "store_address", "url",
    }
)  # fmt: skip

# ISO 639-1 codes that a header may carry; a suffix that is no language is no locale.
_LANGUAGES = frozenset(
    "af am ar az be bg bn bs ca cs cy da de el en es et eu fa fi fil fr ga gl gu he hi hr hu hy id"
    " is it ja ka kk km kn ko lo lt lv mk ml mn mr ms my nb ne nl nn no pa pl pt ro ru si sk sl sq"
    " sr sv sw ta te th tl tr uk ur uz vi zh zu".split()
)
_LOCALISED = re.compile(
    r"^(?P<base>.+?)[\s._:\-–—(\[（【@]+(?P<tag>[a-z]{2,3}(?:[-_ ][a-z0-9]{2,8}){0,2})[)\]）】\s]*$",
    re.IGNORECASE,
)
_SEPARATORS = re.compile(r"[\s_]+")
_NUMBERED = re.compile(r"^(image|picture|photo|图片|bild|imagen|画像|foto)0*(\d{1,2})$")


def folded(header: str) -> str:
    """`header` for comparison: NFKC, no case, no spaces, no underscores, no ornaments."""
    plain = unicodedata.normalize("NFKC", header).casefold()
    return _SEPARATORS.sub("", plain).strip("*:#\ufeff\u200b ")


@cache
def field_names() -> dict[str, str]:
    """Folded name → our field."""
    return {folded(name): field for field, names in NAMES.items() for name in names}


def field_of(header: str) -> str:
    """Our field that `header` names, or empty."""
    key = folded(header)
    if found := field_names().get(key):
        return found
    return "image" if _NUMBERED.match(key) else ""


def localised_field(header: str) -> tuple[str, str]:
    """Field and BCP 47 tag of a header such as ``description.zh-CN``, or two empty strings."""
    match = _LOCALISED.match(unicodedata.normalize("NFKC", header).strip())
    if not match:
        return "", ""
    field = field_names().get(folded(match["base"]), "")
    tag = locale_tag(match["tag"])
    return (field, tag) if tag and field in LOCALISABLE else ("", "")


def locale_tag(text: str) -> str:
    """`text` as a BCP 47 tag in its usual case (``zh_cn`` → ``zh-CN``), or empty when it is none."""
    parts = re.split(r"[-_ ]", text.strip())
    if parts[0].lower() not in _LANGUAGES or not all(_is_subtag(part) for part in parts[1:]):
        return ""
    return "-".join([parts[0].lower(), *(_cased(part) for part in parts[1:])])


def _is_subtag(part: str) -> bool:
    script_or_region = part.isalpha() and len(part) in {2, 4}
    return part.isascii() and (script_or_region or (part.isdigit() and len(part) == 3))  # noqa: PLR2004 - UN M.49 areas have three digits


def _cased(part: str) -> str:
    return part.upper() if len(part) < 4 else part.title()  # noqa: PLR2004 - scripts have four letters
