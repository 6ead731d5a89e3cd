"""The words of offers in the house languages, as patterns over plain (small, NFKC) text.

Order matters: a pattern that says more stands before one that says less.
"""

from __future__ import annotations

HAN_DIGITS = {
    "一": 1,
    "二": 2,
    "两": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
    "十": 10,
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "uno": 1,
    "dos": 2,
    "tres": 3,
    "eins": 1,
    "zwei": 2,
    "drei": 3,
}
CURRENCIES = {
    "€": "EUR",
    "euro": "EUR",
    "euros": "EUR",
    "欧元": "EUR",
    "ユーロ": "EUR",
    "يورو": "EUR",
    "$": "USD",
    "us$": "USD",
    "dollar": "USD",
    "dollars": "USD",
    "dólares": "USD",
    "美元": "USD",
    "ドル": "USD",
    "دولار": "USD",
    "£": "GBP",
    "元": "CNY",
    "块": "CNY",
    "rmb": "CNY",
    "cn¥": "CNY",
    "円": "JPY",
    "yen": "JPY",
    "ريال": "SAR",
    "ر.س.": "SAR",
    "ر.س": "SAR",
    "درهم": "AED",
    "د.إ.": "AED",
    "د.إ": "AED",
    # The sign alone is shared by China and Japan; the brief's own currency decides.
    "¥": "",
}
_SIGNS = "|".join(
    sorted((word.replace(".", r"\.").replace("$", r"\$") for word in CURRENCIES), key=len)[::-1]
)
_ISO = "eur|usd|gbp|cny|jpy|sar|aed|chf|cad|aud|hkd|sgd|mxn|inr|krw|brl|sek|nok|dkk|pln"
_NUMBER = r"\d[\d.,]*(?<![.,])"


def _money(prefix: str = "") -> str:
    sign = rf"(?P<{prefix}before>{_SIGNS}|{_ISO}) ?"
    after = rf" ?(?P<{prefix}after>{_SIGNS}|{_ISO})"
    number = rf"(?P<{prefix}number>{_NUMBER})"
    return rf"(?:{sign})?{number}(?:{after})?"


_PERCENT = r"(?P<percent>\d{1,3}(?:[.,]\d{1,2})?) ?[%٪]"
_ZHE = r"(?P<zhe>[一二三四五六七八九]{1,2}|\d(?:\.\d)?|\d{2}) ?折"
_COUNT = r"[1-9]|one|two|three|four"
_HAN_COUNT = r"[1-9一二两三四五]"
_UP_TO = (
    r"(?:(?P<up_to>up to|as much as|bis zu|hasta(?: un)?|最高|最多|高达|低至|最大|حتى|يصل إلى|"
    r"تصل إلى) ?)?"
)

# The Chinese verb stands between "at most" and its number.
_BEFORE = r"(?:(?P<at_most>最高|最多) ?)?"

PATTERNS: tuple[tuple[str, str], ...] = (
    # free shipping, with a least spend or without
    (
        "free_shipping",
        (
            r"free (?:shipping|delivery|postage)(?: on)?(?: all)?(?: orders?)?"
            rf"(?: (?:over|above|from|of) {_money('min_')}(?: or more|\+)?)?"
        ),
    ),
    (
        "free_shipping",
        (
            r"(?:gratis[ -]?versand|kostenlose[rn]? versand|versandkostenfrei|"
            rf"versand (?:gratis|kostenlos|frei)|gratis lieferung)(?: ab {_money('min_')})?"
        ),
    ),
    (
        "free_shipping",
        (
            r"(?:envío|envio|entrega) (?:gratis|gratuit[oa])"
            rf"(?: (?:desde|a partir de|en pedidos (?:desde|superiores a|de)) {_money('min_')})?"
        ),
    ),
    ("free_shipping", rf"(?:满 ?{_money('min_')} ?)?(?:全场|全国)?(?:包邮|免运费|免邮费?)"),
    (
        "free_shipping",
        rf"(?:{_money('min_')} ?以上(?:の購入|お買い上げ)?で ?)?(?:送料無料|配送無料)",
    ),
    (
        "free_shipping",
        rf"(?:شحن|توصيل) مجاني(?: (?:للطلبات )?(?:فوق|من|أكثر من) {_money('min_')})?",
    ),
    # the second one at half price
    ("second_half", r"(?:2nd|second)(?: one| item)? (?:at )?half[ -]price"),
    ("second_half", r"second(?: one| item)? (?:is )?(?:at )?50 ?% off"),
    ("second_half", r"第二(?:件|份|杯)(?:半价|5折|五折)"),
    ("second_half", r"(?:segunda|2\.?ª) unidad (?:al 50 ?%|a mitad de precio)"),
    ("second_half", r"(?:das )?zweite(?:s|r)?(?: teil| stück)? (?:zum|zu) halben? preis"),
    ("second_half", r"2(?:点|個|つ|枚)目半額"),
    ("second_half", r"(?:القطعة )?الثانية (?:بنصف السعر|بخصم 50 ?%)"),
    # buy some, get some more free
    (
        "plus",
        (
            rf"buy (?P<pay>{_COUNT}) ?,? (?:and )?get (?P<get>{_COUNT}|another)?"
            r" ?(?:more )?(?:for )?free"
        ),
    ),
    ("bundle", r"\bbogo\b(?: free)?"),
    ("plus", rf"买(?P<pay>{_HAN_COUNT})送(?P<get>{_HAN_COUNT})"),
    (
        "plus",
        r"(?P<pay>[1-9])(?:点|個|つ)(?:買うと|購入で)(?P<get>[1-9])(?:点|個|つ)(?:無料|プレゼント)",
    ),
    ("plus", r"اشتر[ِي]? (?P<pay>[1-9]) واحصل على (?P<get>[1-9]) مجانا"),
    ("bundle", r"اشتر[ِي]? (?:واحدا?|قطعة) واحصل على (?:الثاني(?:ة)?|واحد(?:ة)?) مجانا"),
    # 3 for 2
    ("bundle", r"(?P<get>[2-9]) ?x ?(?P<pay>[1-9])(?![\d.,])"),
    (
        "bundle",
        rf"(?P<get>{_COUNT}|zwei|drei) (?:für|zum preis von) (?P<pay>[1-9])(?! ?[\d.,€$£])",
    ),
    (
        "bundle",
        rf"(?P<get>{_COUNT}) for (?:the price of )?(?P<pay>[1-9]|one|two|three)(?![\d.,]| ?[€$£])",
    ),
    ("bundle_price", rf"(?P<get>[2-9]) (?:for|für|por) {_money()}"),
    ("bundle_price", rf"{_money()} ?(?:任选)?(?P<get>[2-9])件"),
    ("bundle_price", rf"(?P<get>[2-9])(?:点|個)で ?{_money()}"),
    ("bundle_price", rf"(?P<get>[2-9]) قطع (?:بسعر|بـ) {_money()}"),
    # spend and save
    (
        "amount",
        rf"(?:spend {_money('min_')}(?: or more|\+)?(?: and)?,? (?:save|get) {_money()}(?: off)?)",
    ),
    ("amount", rf"{_money()} off (?:orders |purchases )?(?:over|of|from|above) {_money('min_')}"),
    ("amount", rf"满 ?{_money('min_')} ?(?:立)?减 ?{_money()}"),
    ("amount", rf"{_money()} rabatt ab {_money('min_')}"),
    ("amount", rf"{_money()} de descuento (?:desde|a partir de) {_money('min_')}"),
    ("amount", rf"{_money('min_')} ?以上(?:の購入|お買い上げ)?で ?{_money()} ?(?:引き|オフ|off)"),
    ("amount", rf"خصم {_money()} (?:عند الشراء بقيمة|للطلبات (?:فوق|من)) {_money('min_')}"),
    # half price, percentages
    ("half", r"(?:半額|半价|\bhalf[ -]price\b|mitad de precio|zum halben preis|نصف السعر)"),
    # 五折起, "from half of the price": half is the most that is taken off.
    ("percent", rf"{_UP_TO}(?:打)?{_ZHE}(?:优惠|(?P<least_paid>起))?"),
    ("percent", rf"{_UP_TO}(?P<wari>\d(?:\.\d)?) ?割引(?:き)?"),
    (
        "percent",
        (
            rf"{_BEFORE}(?:save |spare |sparen sie |ahorra (?:un )?|优惠 ?|立减 ?|立減 ?|减 ?|"
            rf"وفر |خصم |خصومات ){_UP_TO}{_PERCENT}(?: off)?"
        ),
    ),
    (
        "percent",
        (
            rf"{_UP_TO}[-−]? ?{_PERCENT}"
            r" ?(?:off|discount|sale|de descuento|de dto\.?|dto\.?|descuento|rabatt|nachlass|"
            r"günstiger|reduziert|sparen|auf|オフ|引き|割引|优惠|折扣|خصم|تخفيض)"
        ),
    ),
    ("percent", rf"^{_UP_TO}[-−] ?{_PERCENT}"),
    ("percent", rf"(?:最大|最高|حتى) ?{_PERCENT}"),
    # amounts
    (
        "amount",
        (
            rf"{_BEFORE}(?:save |spare |ahorra |立减 ?|立減 ?|直降 ?|减 ?|优惠 ?|وفر |خصم )"
            rf"{_UP_TO}{_money()}(?: off)?"
        ),
    ),
    (
        "amount",
        rf"{_UP_TO}{_money()} ?(?:off\b|discount|rabatt|nachlass|de descuento|引き|オフ|خصم)",
    ),
    (
        "free_gift",
        r"(?:free|gratis) (?:gift|geschenk|present)|gratis-geschenk|(?:with )?gift included",
    ),
    (
        "free_gift",
        r"regalo (?:gratis|incluido)|附?赠(?:品|礼品?)|送礼品?|プレゼント付き|هدية مجانية",
    ),
    # prices from
    ("from_price", rf"(?:\bfrom|\bab|\bdesde|ابتداء من|تبدأ من) {_money()}"),
    ("from_price", rf"{_money()} ?(?:起|から|〜|~)"),
)

CONDITIONS: tuple[tuple[str, str], ...] = (
    (
        "first_order",
        (
            r"(?:on |for |off )?(?:your |the )?first (?:order|purchase)"
            r"|auf (?:die|ihre) erste bestellung"
            r"|en (?:tu |su )?primer(?:a compra| pedido)|首单|首次下单|初回(?:購入|注文)(?:限定)?|"
            r"(?:على )?(?:طلبك|الطلب) الأول"
        ),
    ),
    (
        "today",
        (
            r"today(?: only)?|nur heute|heute|solo hoy|hoy|仅限今日|仅限今天|今日限定|今天|"
            r"本日限り|اليوم(?: فقط)?"
        ),
    ),
    (
        "this_weekend",
        (
            r"this weekend(?: only)?|(?:nur )?(?:dieses|an diesem) wochenende|"
            r"(?:solo )?este fin de semana|(?:仅限)?(?:本周末|周末)|今週末(?:限定)?|"
            r"(?:في )?(?:نهاية هذا الأسبوع|عطلة نهاية الأسبوع)(?: فقط)?"
        ),
    ),
    (
        "this_week",
        (
            r"this week(?: only)?|(?:nur )?diese woche|(?:solo )?esta semana|(?:仅限)?本周|"
            r"今週(?:限定)?|هذا الأسبوع(?: فقط)?"
        ),
    ),
    (
        "everything",
        (
            r"(?:on )?everything|site-?wide|store-?wide|(?:on )?all items|(?:auf )?alles|"
            r"(?:en )?todo|全场|全店|全品|全商品|(?:على )?(?:كل شيء|جميع المنتجات)"
        ),
    ),
    (
        "selected",
        (
            r"(?:on )?select(?:ed)? (?:items|products|styles)|"
            r"(?:auf )?ausgewählte (?:artikel|produkte)|"
            r"(?:en )?(?:artículos|productos) seleccionados|(?:指定|精选)商品|対象商品|"
            r"(?:على )?منتجات مختارة"
        ),
    ),
    (
        "online",
        (
            r"online(?: only)?|nur online|solo online|仅限线上|线上|オンライン限定|"
            r"عبر الإنترنت(?: فقط)?"
        ),
    ),
    (
        "in_store",
        (
            r"in[ -]stores?(?: only)?|nur im laden|im laden|(?:solo )?en tienda|仅限门店|门店|"
            r"店舗限定|في المتجر(?: فقط)?"
        ),
    ),
    (
        "students",
        r"(?:for )?students|für studierende|para estudiantes|学生(?:专享)?|学割|للطلاب",
    ),
    (
        "members",
        (
            r"(?:for )?members(?: only)?|für mitglieder|para socios|会员(?:专享)?|会員(?:限定)?|"
            r"للأعضاء"
        ),
    ),
)

# Words that add no condition and may be left out.
FILLERS = (
    (
        r"\b(?:now|get|enjoy|with|extra|sale|deal|special|offer|jetzt|sichern|aktion|angebot|ahora|"
        r"oferta|promoción|consigue|solo por|the|a|an|on|your|our|der|die|das)\b"
    ),
    r"现在|特惠|优惠|限时|今だけ|セール|享|活动|促销|عرض|الآن|احصل على",
)
