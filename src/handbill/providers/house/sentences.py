"""Taking a description apart: sentences, clauses, points. Nothing is ever added to its words."""

from __future__ import annotations

import re

from handbill.providers.house.banks import Style

_ENDS = re.compile(r"(?<=[.!?…؟])[\"”’»)]*\s+|(?<=[。！？])(?![」』”）])|\n+")
_LAST_WORD = re.compile(r"([\w.]+)\.$")
_CLAUSE = re.compile(r"\s*[,;:،؛]\s+|\s+[–—-]\s+|[，；、：]")
_CONTACT = re.compile(r"https?:|www\.|@|\.(?:com|de|es|jp|cn)\b", re.IGNORECASE)
_TRIMMED = " \t\u00a0,;:，；、：،؛–—-•*·"
_POINT_WORDS = (2, 7)
_POINT_CHARS = 46
_DENSE_POINT_CHARS = (3, 18)
_NOTE_WORDS = 4
_CLAUSE_WORDS = 3
_DENSE_CLAUSE_CHARS = 4
_MOST_POINTS = 4


def sentences_of(text: str, style: Style) -> tuple[str, ...]:
    """The sentences of `text`, trimmed, in order; those with links or addresses are left out."""
    pieces: list[str] = []
    for piece in _ENDS.split(text.replace("\u00a0", " ")):
        if pieces and _ends_in_abbreviation(pieces[-1], piece, style):
            pieces[-1] = f"{pieces[-1]} {piece.strip()}"
        elif piece.strip():
            pieces.append(piece.strip())
    whole = (re.sub(r"\s+", " ", piece) for piece in pieces)
    return tuple(piece for piece in whole if _says_something(piece))


def bare(sentence: str) -> str:
    """A sentence without its full stop; question and exclamation marks stay."""
    text = sentence.strip().rstrip(_TRIMMED)
    return text.rstrip(".。").rstrip() if not text.endswith("..") else text


def clause_of(sentence: str, limit: int, style: Style) -> str:
    """The sentence, or its beginning up to a clause boundary, in at most `limit` letters.

    Empty when no boundary leaves a beginning that stands alone: a cut never falls inside a
    clause, nor after one that leans on the next (“When it rains, …”).
    """
    text = bare(sentence)
    if len(text) <= limit:
        return text
    ends = [match.start() for match in _CLAUSE.finditer(text) if match.start() <= limit]
    for end in reversed(ends):
        beginning = text[:end].rstrip(_TRIMMED)
        if _stands_alone(beginning, style) and balanced(beginning):
            return beginning
    return ""


def points_of(text: str, style: Style) -> tuple[str, ...]:
    """Up to four short points found in a description, or none when it has fewer than two."""
    found: list[str] = []
    for sentence in sentences_of(text, style):
        parts = _dense_parts(sentence) if style.dense else _listed(sentence, style)
        points = [point for part in parts if (point := _tidied(part, style))]
        # One odd item shows that it was no list: "with a long, soft finish" names no two things.
        if style.dense:
            whole = all(len(point) >= _DENSE_POINT_CHARS[0] for point in points)
            found += [point for point in points if whole and _is_point(point, style)]
        elif all(_is_point(point, style) for point in points):
            found += points
    different = tuple({point.casefold(): point for point in reversed(found)}.values())[::-1]
    return different[:_MOST_POINTS] if len(different) > 1 else ()


def starting_upper(text: str) -> str:
    """`text` with a capital first letter where its script has capitals."""
    return text[:1].upper() + text[1:] if text[1:2].islower() or text[1:2] == " " else text


def balanced(text: str) -> bool:
    """Whether quotation marks and brackets are closed."""
    pairs = (
        ("(", ")"),
        ("“", "”"),
        ("«", "»"),
        ("「", "」"),
        ("『", "』"),
        ("（", "）"),
        ("《", "》"),
    )
    return all(text.count(one) == text.count(other) for one, other in pairs) and (
        text.count('"') % 2 == 0
    )


def _ends_in_abbreviation(before: str, after: str, style: Style) -> bool:
    match = _LAST_WORD.search(before)
    if not match or not after[:1]:
        return False
    word = match.group(1).casefold()
    single_letter = len(word) == 1 and word.isalpha() and not style.dense
    ordinal = word.isdigit() and style.sentence_end == "." and after[:1].isalpha()
    known = word in style.abbreviations or word.rsplit(".", 1)[-1] in style.abbreviations
    return known or single_letter or (ordinal and "ordinals" in style.abbreviations)


def _says_something(piece: str) -> bool:
    return any(letter.isalpha() for letter in piece) and not _CONTACT.search(piece)


def _stands_alone(beginning: str, style: Style) -> bool:
    if style.dense:
        return len(beginning) >= _DENSE_CLAUSE_CHARS and not beginning.endswith(
            style.subordinators
        )
    words = beginning.casefold().split()
    return len(words) >= _CLAUSE_WORDS and words[0] not in style.subordinators


def _dense_parts(sentence: str) -> list[str]:
    return re.split(r"[，；、。！？：,;]", sentence)


def _listed(sentence: str, style: Style) -> list[str]:
    """The items of “… with A, B and C”; else the clauses of a sentence of notes."""
    text = f"{bare(sentence)} "
    starts = [(text.casefold().find(word), word) for word in style.list_openers]
    at, opener = min(((a, w) for a, w in starts if a >= 0), default=(-1, ""))
    if at >= 0:
        head, tail = text[:at], text[at + len(opener) :]
        return [*_CLAUSE.split(head)[1:], *_split_items(tail, style)]
    clauses = _CLAUSE.split(text)
    notes = all(len(clause.split()) <= _NOTE_WORDS for clause in clauses)
    return clauses if notes else []


def _split_items(text: str, style: Style) -> list[str]:
    items = [text]
    for joint in (*style.list_openers, *style.list_joints):
        items = [part for item in items for part in item.split(joint)]
    return items


def _tidied(raw: str, style: Style) -> str:
    text = raw.strip(_TRIMMED).rstrip(".。!！").strip()
    changed = True
    while changed:
        changed = False
        for word in style.list_strip:
            if text.casefold().startswith(word):
                text, changed = text[len(word) :].strip(), True
    return starting_upper(text)


def _is_point(point: str, style: Style) -> bool:
    if not point or not balanced(point) or point[-1] in "?？؟":
        return False
    if style.dense:
        least, most = _DENSE_POINT_CHARS
        leans = point.startswith(style.verb_marks) or point.endswith(style.subordinators)
        return least <= len(point) <= most and not leans
    words = point.casefold().split()
    least, most = _POINT_WORDS
    leans = words[0] in style.subordinators or any(
        mark in f" {point.casefold()} " for mark in style.verb_marks
    )
    return least <= len(words) <= most and len(point) <= _POINT_CHARS and not leans
