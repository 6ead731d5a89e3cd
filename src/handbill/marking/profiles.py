"""Label profiles: what each law or code asks for, in words and in metadata.

Read 2026-11-21: EU AI Act art. 50 (from 2 August 2026) and its Code of Practice; China's
标识办法 and GB 45438-2025 (from 1 September 2025); California SB 942 (from 2 August 2026); New
York GBL 396-b (from 9 June 2026); India's IT Rules as amended (from 20 February 2026). These are
engineering inputs, not legal advice.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence

from handbill.domain.asset import Origin
from handbill.domain.placement import Placement
from handbill.errors import CampaignError

# Profile → what it is about, for people.
PROFILES: Mapping[str, str] = {
    "eu": "EU AI Act art. 50: machine-readable mark, visible words on what a machine invented",
    "cn": "China 标识办法 and GB 45438-2025: visible words and one AIGC label in the file",
    "us-ca": "California SB 942: provider, system and id inside the file",
    "us-ny": "New York GBL 396-b: visible words where a person is synthetic",
    "in": "India IT Rules 2026: visible words and a permanent id inside the file",
    "none": "no labels",
}
_VISIBLE = {"eu", "cn", "us-ny", "in"}
_SEEN_OR_HEARD = {"image", "film", "sound", "document"}

# Each holds an AI word and a word for making: a bare "AI" is no label (GB 45438-2025, 5.1).
_WORDS: Mapping[str, str] = {
    "en": "AI-generated",
    "zh": "AI生成",
    "zh-hant": "AI生成",
    "es": "Generado con IA",
    "de": "KI-generiert",
    "ja": "AI生成",
    "ar": "مُنشأ بالذكاء الاصطناعي",
    "fr": "Généré par IA",
    "it": "Generato con IA",
    "pt": "Gerado por IA",
}
_CHINESE_LABEL = "AI生成"

# Controlled vocabulary of the IPTC: http://cv.iptc.org/newscodes/digitalsourcetype/
_VOCABULARY = "http://cv.iptc.org/newscodes/digitalsourcetype/"


def parse_profiles(names: Sequence[str]) -> tuple[str, ...]:
    """Profiles in the order of `PROFILES`, each once; ``none`` stands for none at all.

    Raises:
        CampaignError: there is no such profile; the nearest is named.
    """
    for name in names:
        if name not in PROFILES:
            near = difflib.get_close_matches(name, PROFILES, n=1) or ["none"]
            raise CampaignError(
                f"there is no label profile {name!r}",
                where="labels",
                remedy=f"did you mean {near[0]!r}? There are {', '.join(PROFILES)}",
            )
    return tuple(name for name in PROFILES if name in names and name != "none")


def label_words(profiles: Sequence[str], locale: str, medium: str, ai: str = "generated") -> str:
    """The words of the visible label, or empty when none is asked for.

    Args:
        profiles: of the campaign.
        locale: language of the piece; the Chinese profile adds its own words to any language.
        medium: ``image``, ``film``, ``sound`` or ``document``; plain copy carries none in itself.
        ai: `Origin.ai`; what no machine invented (``none``) carries no label.
    """
    asked = _VISIBLE & set(profiles)
    if ai == "none" or not asked or medium not in _SEEN_OR_HEARD:
        return ""
    language = locale.split("-", maxsplit=1)[0].lower()
    words = _WORDS.get(language, _WORDS["en"])
    if "cn" in asked and words != _CHINESE_LABEL:
        return _CHINESE_LABEL if asked == {"cn"} else f"{words} · {_CHINESE_LABEL}"
    return words


def digital_source_type(origin: Origin) -> str:
    """The IPTC term (a full URI) for how a file came to be.

    House work is drawn by rules without any trained model (``algorithmicMedia``), its synthetic
    voice included. A model's own work is ``trainedAlgorithmicMedia``; a layout that holds a part
    of one is ``compositeWithTrainedAlgorithmicMedia``.
    """
    trained = origin.provider != "house" and origin.ai != "none"
    if not trained:
        return f"{_VOCABULARY}algorithmicMedia"
    whole = origin.ai == "generated"
    kind = "trainedAlgorithmicMedia" if whole else "compositeWithTrainedAlgorithmicMedia"
    return f"{_VOCABULARY}{kind}"


def todo_lines(
    placement: Placement, ai: str = "generated", profiles: Sequence[str] = ()
) -> tuple[str, ...]:
    """What a person or a publisher must still do to declare AI content on this platform.

    Args:
        placement: its disclosure says whether there is a field, a switch, or metadata alone.
        ai: `Origin.ai` of the order's files together; ``none`` leaves nothing to do.
        profiles: of the campaign; ``cn`` adds the platform's own declaration.
    """
    if ai == "none":
        return ()
    disclosure, platform = placement.disclosure, placement.platform
    lines = []
    if disclosure.field and not _in_words(disclosure.field):
        lines.append(f"{platform}: when you publish through the API, set {disclosure.field}")
    if disclosure.manual:
        declared = f" ({disclosure.field})" if _in_words(disclosure.field) else ""
        lines.append(f"{platform}: switch the AI label on by hand in the app{declared}")
    if "cn" in profiles and _in_words(disclosure.field):
        lines.append(f"{platform}: 发布时请在平台勾选“内容由AI生成”声明")
    return tuple(lines)


def _in_words(field: str) -> bool:
    """Whether a field is a declaration in the app and not a parameter of an API."""
    return bool(field) and (not field.isascii() or field.startswith("platform "))
