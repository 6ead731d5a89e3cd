"""Rows that speak of the table and not of a product: totals, footers, comments, headings."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from handbill.sheets.column_names import folded
from handbill.sheets.presets import known_header
from handbill.sheets.strays import UNSEEN, Stray

_TOTALS = frozenset(
    {
        "total", "totals", "grand total", "subtotal", "sub-total", "sum", "sums", "summe",
        "gesamt", "gesamtsumme", "zwischensumme", "insgesamt", "suma", "total general", "somme",
        "totale", "totaal", "итого", "всего", "합계", "총계", "المجموع", "الإجمالي", "סך הכל",
        'סה"כ',
        "合计", "总计", "小计", "總計", "合計", "小計", "総計",
    }
)  # fmt: skip
_TOTAL_WITH_FIGURE = re.compile(
    rf"^(?:{'|'.join(sorted(map(re.escape, _TOTALS), reverse=True))})"
    r"(?:\s*\([^()]{1,30}\))?\s*[:：=–-]?\s*[€$£¥￥]?\s*\d[\d.,\s]*(?:\s*\D{1,12})?$"
)
_STAMP = re.compile(
    r"^(?:report |list |file |data |last )?(?:exported|generated|created|printed|downloaded"
    r"|updated|modified|prepared|compiled|exportiert|erstellt|gedruckt|aktualisiert|export(?:ado|é)"
    r"|(?:gener|impres|actualiz|cre|ger|atualiz)ad[oa]|impreso|impresso|généré|imprimé|mis à jour"
    r"|esportat[oa]|generat[oa]|stampat[oa]|aggiornat[oa]|экспортировано|создано|обновлено"
    r"|导出(?:时间|日期|于)?|生成(?:时间|日期|于)?|打印(?:时间|日期|于)?|更新(?:时间|日期|于)"
    r"|制表人?|作成日|出力日|更新日|印刷日)"
    r"(?:\s*[:：]|\s+(?:on|at|by|from|with|am|um|von|aus|mit|el|le|il|em|por|par|da|desde|depuis)\b)"
    r".{0,200}$"
)
_FOOTERS = (
    re.compile(r"^(?:page|seite|página|pagina|стр\.?|страница)\s*\d+(?:\s*\S{1,4}\s*\d+)?$"),
    re.compile(r"^第\s*\d+\s*[页頁ページ].{0,20}$"),
    re.compile(
        r"^\(?\d[\d.,]*\s+(?:products?|items?|rows?|records?|results?|entries|lines?|produkte"
        r"|artikel|zeilen|einträge|datensätze|productos?|artículos?|filas?|registros?|produits?"
        r"|articles?|lignes?|prodotti|articoli|righe|produtos?|itens|linhas|строк\w*|товар\w*)\)?$"
    ),
    re.compile(r"^(?:共|全|計)?\s*\d+\s*(?:个商品|条记录|件商品|条|件|行)$"),
    re.compile(
        r"^[\s*=.~-]*(?:end of (?:the )?(?:report|file|list|sheet|export|table|data|document)|eof"
        r"|ende(?: der (?:liste|tabelle|datei))|fin (?:del |de la |du |de )\w+|以上)[\s*=.~-]*$"
    ),
    re.compile(r"^(?:©|\(c\)|℗|copyright\b).{0,200}$"),
    re.compile(
        r"^(?:\*+\s|†|‡|※|n\.?b\.?:|notes?:|hinweise?:|notas?:|remarques?:|source:|quelle:"
        r"|fuente:|stand:|as of\b|disclaimer\b|注[:：]|备注[:：]|来源[:：]|all prices\b"
        r"|prices (?:incl|excl|are)\b|alle preise\b|todos los precios\b|tous les prix\b"
        r"|(?:strictly )?confidential\b).{0,400}$"
    ),
)
_COMMENT = re.compile(r"^(?:#(?:\s|$)|//(?:\s|$)|/\*|<!--|;\s|--\s|rem\s)")
_OUTCOMMENTED = re.compile(r"^(?:#|//)\s+\D")
_HEADING = re.compile(r"^(?:[-–—=*_~#>»•]{2,}\s*\w.{0,100}|\[[^\[\]]{1,100}\])$")
_RULER = re.compile(r"^[\s:|+=_*~.–—-]{2,}$")
_RULER_SIGNS = frozenset(":|+=_*~.–—-")
_GUIDE_WORDS = frozenset(
    {
        "required", "optional", "mandatory", "recommended", "text", "string", "number", "integer",
        "decimal", "date", "url", "boolean", "yes/no", "pflicht", "pflichtfeld", "freiwillig",
        "obligatorio", "opcional", "obligatoire", "facultatif", "obbligatorio", "facoltativo",
        "必填", "选填", "可选", "必須", "任意",
    }
)  # fmt: skip
_EXAMPLE = re.compile(
    r"^(?:e\. ?g\.|ex\.|ej\.|z\. ?b\.|例[:：如]|(?:example|beispiel|ejemplo)\s*:)"
)
_BRACKETED = re.compile(r"^\([^()]{1,40}\)$")
# Rows right below the header that may tell how to fill it in.
_GUIDES_WITHIN = 3
_PAIR = 2
# Longer texts are no notes of a table, and no pattern looks at them.
_LONGEST_NOTE = 500
_NAMED_ENOUGH = 3


@dataclass(slots=True)
class StrayRows:
    """Tells rows that are no products from those that may be; it sees every row, in order.

    Attributes:
        header: of the table.
        place: index of the column with the product's name, -1 when it is composed.
    """

    header: Sequence[str]
    place: int
    _folds: tuple[str, ...] = ()
    _named: int = 0
    _rows: int = 0
    _after_gap: bool = field(default=False)
    _elsewhere: bool = field(default=False)

    def __post_init__(self) -> None:
        self._folds = tuple(map(folded, self.header))
        self._named = sum(map(bool, self._folds))

    def gap(self) -> None:
        """Hear of an empty row."""
        self._after_gap = True

    def of(self, cells: Sequence[str], filled: Sequence[int]) -> Stray | None:
        """Why a row is no product, or what is odd about it; None for a usual row.

        Args:
            cells: as typed.
            filled: indexes of the cells that hold more than blanks; at least one.
        """
        self._rows += 1
        gap, self._after_gap = self._after_gap, False
        if self._named < _PAIR:
            return None
        if len(filled) >= _PAIR and self._repeats_header(cells, filled):
            self._elsewhere = False
            return _HEADER_AGAIN
        first = cells[filled[0]].strip(UNSEEN)
        if not first and not any(cells[index].strip(UNSEEN) for index in filled):
            return _BLANK
        if self._elsewhere or (gap and self._other_header(cells, filled)):
            self._elsewhere = True
            return _OTHER_TABLE
        return self._note(cells, filled, first)

    def _note(self, cells: Sequence[str], filled: Sequence[int], first: str) -> Stray | None:
        if first[:1] in _RULER_SIGNS and all(_RULER.match(cells[index]) for index in filled):
            return _RULED
        label = first.rstrip(" :：.=").casefold()
        if label in _TOTALS and self._sums(cells, filled):
            return _total(first)
        if self._rows <= _GUIDES_WITHIN and (guide := self._guide(cells, filled, first)):
            return guide
        if (
            first[:1] == "#"
            and len(filled) >= _PAIR
            and all(cells[index].lstrip().startswith("#") for index in filled)
        ):
            return _COMMENTED
        if len(filled) <= _PAIR:
            return self._short(cells, filled, first)
        return _LIKE_COMMENT if self._outcommented(cells) else None

    def _short(self, cells: Sequence[str], filled: Sequence[int], first: str) -> Stray | None:
        """Rows of one or two filled cells: footers, comments, and names alone."""
        if len(first) > _LONGEST_NOTE:
            return None
        low = first.casefold()
        joined = " ".join(cells[index].strip()[:_LONGEST_NOTE] for index in filled).casefold()
        if _STAMP.match(joined):
            return _footer(first)
        if len(filled) >= _PAIR:
            return _LIKE_COMMENT if self._outcommented(cells) else None
        alone = filled[0] == self.place and self._named >= _NAMED_ENOUGH
        return _alone(first, low) or (_NAME_ALONE if alone else None)

    def _sums(self, cells: Sequence[str], filled: Sequence[int]) -> bool:
        """Whether nothing but figures stands beside a word for a total."""
        others = [cells[index].strip() for index in filled[1:]]
        return all(map(_is_figure, others)) and bool(others or filled[0] != self.place)

    def _guide(self, cells: Sequence[str], filled: Sequence[int], first: str) -> Stray | None:
        """What a row right below the header has to say of the columns."""
        if self._guides(cells, filled, first):
            return _GUIDE
        goes_on = self._rows == 1 and self._other_header(cells, filled, half=True)
        return _HEADER_GOES_ON if goes_on else None

    def _guides(self, cells: Sequence[str], filled: Sequence[int], first: str) -> bool:
        """Whether the row tells how to fill in the columns: ``required``, ``(EUR)``, ``e.g.``."""
        if _EXAMPLE.match(first.casefold()):
            return True
        words = [cells[index].strip() for index in filled]
        return len(words) >= _PAIR and all(
            word.casefold().strip("()[]*") in _GUIDE_WORDS or _BRACKETED.match(word)
            for word in words
        )

    def _outcommented(self, cells: Sequence[str]) -> bool:
        name = cells[self.place].lstrip() if 0 <= self.place < len(cells) else ""
        return name[:1] in {"#", "/"} and bool(_OUTCOMMENTED.match(name))

    def _repeats_header(self, cells: Sequence[str], filled: Sequence[int]) -> bool:
        width = len(self._folds)
        start = filled[0]
        if start >= width or folded(cells[start]) != self._folds[start]:
            return False
        return all(
            index < width and folded(cells[index]) == self._folds[index] for index in filled
        )

    def _other_header(
        self, cells: Sequence[str], filled: Sequence[int], *, half: bool = False
    ) -> bool:
        """Whether most cells of a row (or `half` of them) are names of columns."""
        words = [cells[index] for index in filled]
        if len(words) < _PAIR or any(char.isdigit() for word in words for char in word):
            return False
        known = sum(map(known_header, words))
        return known >= _PAIR and known * (2 if half else 1.5) >= len(words)


def _alone(first: str, low: str) -> Stray | None:
    """What the one filled cell of a row says of the table."""
    if _TOTAL_WITH_FIGURE.match(low):
        return _total(first)
    if any(footer.match(low) for footer in _FOOTERS):
        return _footer(first)
    if _COMMENT.match(low):
        return _COMMENTED
    return _HEADED if _HEADING.match(low) else None


def _is_figure(cell: str) -> bool:
    letters = sum(char.isalpha() for char in cell)
    short = letters <= 3 and len(cell) <= 30  # noqa: PLR2004 - a currency's code; any price
    return short or cell.startswith("=")


def _total(text: str) -> Stray:
    return Stray(
        "row.total",
        f"{text[:60]!r} is a line of totals, not a product",
        "delete the line, or fill in a description if a product is called so",
    )


def _footer(text: str) -> Stray:
    return Stray(
        "row.footer",
        f"{text[:60]!r} is a note of the table, not a product",
        "delete the line, or fill in a description if a product is called so",
    )


_HEADER_AGAIN = Stray(
    "row.header_again",
    "the row repeats the header",
    "delete it; sheets that were put together keep the header of the first one alone",
)
_BLANK = Stray(
    "table.blank_row",
    "the row holds nothing but signs that nobody sees, and is passed over",
    "delete it",
    rejects=False,
)
_HEADER_GOES_ON = Stray(
    "row.header_goes_on",
    "the row names columns as well, but the row above is the header that is read",
    "write one name a column, in one row; if it is a product, give it an id or a price",
)
_OTHER_TABLE = Stray(
    "row.other_table",
    "the row belongs to another table that begins below an empty row",
    "keep one table a sheet: put the other one into a file or worksheet of its own",
)
_RULED = Stray(
    "row.ruler",
    "the row is a line drawn with signs, not a product",
    "delete it",
)
_HEADED = Stray(
    "row.heading",
    "the row is a heading between products",
    "delete it, or fill in a description if a product is called so",
)
_GUIDE = Stray(
    "row.guide",
    "the row tells how to fill in the columns, and is no product",
    "delete it",
)
_COMMENTED = Stray(
    "row.comment",
    "the row is a comment, not a product",
    "delete it, or fill in a description if a product is called so",
)
_LIKE_COMMENT = Stray(
    "row.like_comment",
    "the row begins like a comment, and is made all the same",
    "delete it if it should not be made, or take the sign away from the name",
    rejects=False,
    skipped=False,
)
_NAME_ALONE = Stray(
    "row.name_alone",
    "the row holds a name and nothing else; it is made all the same",
    "fill in what can be said of it, or delete it if it is a heading or a note",
    rejects=False,
    skipped=False,
)
