"""``meta.*``: a model that speaks about itself or its work instead of to the customer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from handbill.checking.view import CopyView, blocked
from handbill.domain.finding import Finding

# Anywhere in a text.
_ANYWHERE = (
    r"\bas an? (?:ai|artificial intelligence|(?:large )?language model)\b",
    r"\b(?:ai|large)[ -]language model\b",
    r"\bi(?:'m| am)? (?:sorry|afraid),? (?:but )?i (?:can(?:no|')t|won't|am unable|am not able)\b",
    r"\bi(?:'m| am) (?:unable|not able) to (?:create|write|generate|help|assist|provide|comply)\b",
    r"\bi can(?:no|')t (?:create|write|generate|help|assist|provide|comply|fulfil)",
    r"\bi (?:apologi[sz]e|must decline)\b",
    r"\bmy (?:training data|knowledge cut-?off|guidelines|programming)\b",
    r"\b(?:per|following|according to) (?:your|the) (?:instructions|prompt|request|brief)\b",
    r"\b(?:system|user) prompt\b|\bignore (?:all )?(?:previous|prior) instructions\b",
    r"\bno longer than \d+ characters\b|\(\d+ (?:characters|chars)\)",
    r"\blet me know if you(?:'d| would)? (?:like|need|want)\b",
    r"\bfeel free to (?:adjust|edit|modify|tweak)\b",
    r"\bi hope this helps\b",
    r"作为(?:一个|一名)?(?:ai|人工智能|大?语言模型|智能助手)",
    r"我(?:是|只是)(?:一个|一名)?(?:ai|人工智能|大?语言模型|智能助手)",
    r"(?:很抱歉|抱歉|对不起)[,,。 ]*(?:我)?(?:无法|不能|没办法)",
    r"我(?:无法|不能)(?:提供|生成|撰写|协助|帮助|满足)",
    r"(?:以下|下面)(?:是|为)(?:我)?(?:为您|为你|根据|一些|一段|一篇|几个|几条)",
    r"根据(?:您|你)(?:的|提供的)(?:要求|需求|信息|提示|指示)",
    r"希望(?:这|以上)(?:对您|对你|能|些)",
    r"如(?:果)?(?:您|你)?(?:需要|有)(?:进一步)?(?:修改|调整|其他要求)",
    r"\bals (?:ki|künstliche intelligenz|sprachmodell)\b",
    (
        r"\bich (?:kann|darf) (?:leider )?(?:keine?n?|nicht|dir|ihnen)? ?.{0,40}"
        r"(?:erstellen|schreiben|helfen|generieren)\b"
    ),
    r"\bes tut mir leid,? (?:aber )?ich\b",
    r"\bcomo (?:una? )?(?:ia|inteligencia artificial|modelo de lenguaje)\b",
    r"\blo siento,? (?:pero )?(?:no puedo|como)\b",
    r"\bno puedo (?:crear|escribir|generar|ayudar|proporcionar)\b",
    r"(?:ai|人工知能|言語モデル)(?:アシスタント)?として[、,]?",
    r"申し訳(?:ありません|ございません)が",
    r"(?:生成|作成|お手伝い)(?:する)?(?:ことは)?できません",
    r"(?:以下|こちら)(?:は|が)(?:、)?(?:ご要望|ご依頼|リクエスト|作成した)",
    r"بصفتي (?:نموذج|ذكاء|مساعد)",
    r"(?:كنموذج لغوي|أنا نموذج)",
    r"(?:عذرا|آسف)[،,]? ?(?:لكن )?لا (?:أستطيع|يمكنني)",
    r"لا (?:أستطيع|يمكنني) (?:إنشاء|كتابة|تقديم|مساعدتك)",
)
# Only where a text begins, because the words alone are good copy elsewhere.
_AT_START = (
    r"(?:sure|certainly|of course|absolutely|great|okay|ok)[!,.:]+ (?:here|i)\b",
    (
        r"(?:here|below)(?: is| are|'s) (?:a|an|the|your|some|my|\d+|three|five)\b.{0,60}"
        r"(?:caption|headline|post|copy|text|version|draft|option|tagline|ad|description|variation)"
    ),
    (
        r"(?:caption|headline|title|subject|body|post|output|answer|response|draft|option \d+)"
        r"(?: \d+)?: ?(?=\S)"
    ),
    r"(?:好的|当然|没问题|没有问题)[,,。!！:: ]*(?:以下|这|下面|我|请)",
    r"(?:标题|正文|文案|输出|回答|选项)(?:\d+|一|二|三)?[::]",
    r"(?:natürlich|gerne|klar|sicher)[!,.:]+ (?:hier|ich)\b",
    (
        r"hier (?:ist|sind) (?:ein|eine|der|die|das|dein|ihr|einige)\w*\b.{0,60}"
        r"(?:text|beitrag|entwurf|vorschlag|vorschläge|überschrift|version|anzeige)"
    ),
    r"(?:claro|por supuesto|desde luego)[!,.:]+ (?:aquí|te|le)\b",
    (
        r"aquí (?:tienes|está|están|te dejo)\b.{0,60}(?:texto|publicación|título|versión|anuncio|"
        r"propuesta|borrador|opciones)"
    ),
    r"(?:はい|もちろん|承知しました|かしこまりました)[、,。!！ ]*(?:以下|こちら|です)",
    r"(?:承知|了解)(?:いた)?しました",
    r"(?:بالتأكيد|بالطبع|حسنا)[،,!. ]*(?:إليك|هذا|ها)",
    r"إليك (?:نص|منشور|بعض|عنوان|الإعلان|إعلان)",
)
_MARKUP = re.compile(r"```|^#{1,4} |\*\*[^*\n]+\*\*|^\s*[-*] \[ \]|^\s*\{\s*\"", re.MULTILINE)


def check_meta_talk(view: CopyView) -> Iterator[Finding]:
    """Refusals, apologies, talk about the task, and markup of an answer."""
    for field, text in view.texts():
        if field != "hashtags" and (found := meta_talk(text)):
            message = f"{found!r} speaks about the work, not to the customer: {text!r}"
            yield blocked("meta.talk", message, field)
        if match := _MARKUP.search(text):
            yield blocked("meta.markup", f"markup {match.group()!r} stands in {text!r}", field)


def meta_talk(text: str) -> str:
    """The words in `text` that speak about the work, or empty."""
    plain = text.replace("’", "'").replace("，", ",").replace("：", ":").lower()
    match = _anywhere().search(plain) or _at_start().match(plain.lstrip(" \n\"'“「*#¡¿"))
    return match.group() if match else ""


@cache
def _anywhere() -> re.Pattern[str]:
    return re.compile("|".join(_ANYWHERE))


@cache
def _at_start() -> re.Pattern[str]:
    return re.compile("|".join(_AT_START))
