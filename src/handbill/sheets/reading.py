"""From a file to briefs: finds the format, the header, the meaning of the columns."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from itertools import chain, islice
from pathlib import Path

from handbill.domain.brief import Brief
from handbill.domain.finding import Problem
from handbill.errors import SheetError
from handbill.sheets.briefs import BriefReader
from handbill.sheets.column_names import folded
from handbill.sheets.columns import ColumnPlan, plan_columns
from handbill.sheets.formats import Content, open_content
from handbill.sheets.gathering import gathered
from handbill.sheets.identities import SeenIds
from handbill.sheets.options import MAX_COLUMNS, SheetContents, SheetOptions
from handbill.sheets.pictures import PictureReader
from handbill.sheets.presets import known_header
from handbill.sheets.rows import sorted_rows
from handbill.sheets.standard_input import INPUT_NAME, standard_input
from handbill.sheets.tables import Table, TableRow
from handbill.sheets.web_pictures import WebPictures

_HEADER_WITHIN = 10
_SURE_OF_HEADER = 2
_OF_THE_FILE = ("column.", "worksheet.", "table.")
_DEFAULTS = SheetOptions()


def iter_sheet(path: Path, options: SheetOptions = _DEFAULTS) -> Iterator[Brief | Problem]:
    """Every brief and every problem of a sheet, in its order, holding one product at a time.

    Args:
        path: a sheet; ``-`` for standard input; a pattern (``*.csv``) for several.
        options: how to read it.

    Raises:
        SheetError: the sheet cannot be read at all, or holds no products.
    """
    seen = SeenIds()
    rows = 0
    with ExitStack() as stack:
        for file in sheet_files(path):
            source = stack.enter_context(standard_input()) if str(file) == "-" else file
            for result in _one_sheet(source, options, seen):
                rows += isinstance(result, Brief) or not result.code.startswith(_OF_THE_FILE)
                yield result
    if not rows:
        raise SheetError(
            "the sheet holds no rows",
            where=str(path),
            remedy="fill in at least one row with a product below the header",
        )


def read_sheet(path: Path, options: SheetOptions = _DEFAULTS) -> SheetContents:
    """A whole sheet at once; see `iter_sheet`."""
    briefs: list[Brief] = []
    problems: list[Problem] = []
    for result in iter_sheet(path, options):
        if isinstance(result, Brief):
            briefs.append(result)
        else:
            problems.append(result)
    return SheetContents(briefs=tuple(briefs), problems=tuple(problems))


def read_table(path: Path, options: SheetOptions = _DEFAULTS) -> Table:
    """The bare table of one sheet, every cell as typed, whatever its columns mean.

    Raises:
        SheetError: the sheet cannot be read at all.
    """
    return _table(open_content(path, options, _holds_products(options)), options)


def locate_header(path: Path, options: SheetOptions = _DEFAULTS) -> tuple[str, int]:
    """The worksheet that is read (empty for flat files), and the row of its header.

    Raises:
        SheetError: the sheet cannot be read at all.
    """
    content = open_content(path, options, _holds_products(options))
    _table(content, options)
    return content.worksheet, content.header_row


def sheet_files(path: Path) -> tuple[Path, ...]:
    """The files that a path or a pattern names, sorted.

    Raises:
        SheetError: there is none.
    """
    if str(path) == "-" or path.is_file():
        return (path,)
    if any(mark in path.name for mark in "*?["):
        if found := tuple(sorted(file for file in path.parent.glob(path.name) if file.is_file())):
            return found
        raise SheetError(f"no file matches {path.name!r}", where=str(path.parent),
                         remedy="correct the pattern")  # fmt: skip
    what = "a folder" if path.is_dir() else "missing"
    raise SheetError(
        f"the sheet {str(path)!r} is {what}",
        remedy="name a csv, tsv, xlsx, xls, ods, json, jsonl, parquet or xml file",
    )


def _holds_products(options: SheetOptions) -> Callable[[list[tuple[str, ...]]], bool]:
    """Tells by its first rows whether a worksheet looks like a sheet of products."""
    mapped = {folded(name) for name in options.column_map.values()} - {""}
    return lambda rows: any(
        _known(row) or any(folded(cell) in mapped for cell in row if mapped) for row in rows
    )


def _one_sheet(path: Path, options: SheetOptions, seen: SeenIds) -> Iterator[Brief | Problem]:
    content = open_content(path, options, _holds_products(options))
    seen.open_file(content.file)
    table = _table(content, options)
    plan = _plan(table, options, content)
    yield from table.notes
    yield from plan.notes
    if options.worksheet and not content.worksheet:
        yield _no_worksheets(content.file, options.worksheet)
    with closing(PictureReader(_folders(path, options), _web(options))) as pictures:
        reader = BriefReader(table=table, plan=plan, options=options, seen=seen, pictures=pictures)
        for raw in gathered(sorted_rows(table, plan), table, plan.preset.grouped):
            if isinstance(raw, Problem):
                yield raw
                continue
            brief, problems = reader.read(raw)
            yield from problems
            if brief:
                yield brief


def _no_worksheets(file: str, wanted: str) -> Problem:
    return Problem(
        code="worksheet.none",
        message=f"the worksheet {wanted!r} was asked for, but this file has no worksheets;"
        " all of it was read",
        remedy="name the workbook, or leave the worksheet out",
        file=file,
        rejects=False,
    )


def _web(options: SheetOptions) -> WebPictures | None:
    if not (options.allowed_hosts and options.fetch_folder):
        return None
    from handbill.sheets.fetching import Fetcher  # noqa: PLC0415 - loads http and ssl

    return WebPictures(Fetcher(hosts=options.allowed_hosts), options.fetch_folder)


def _plan(table: Table, options: SheetOptions, content: Content) -> ColumnPlan:
    try:
        return plan_columns(
            table.header, options, table.file, table.worksheet, content.header_row or 1
        )
    except SheetError as fault:
        others = [note for note in table.notes if note.code.startswith("worksheet.")]
        if not others:
            raise
        remedy = f"{others[0].remedy}; {others[0].message}"
        raise SheetError(fault.what, where=fault.where, remedy=remedy) from None


def _folders(path: Path, options: SheetOptions) -> tuple[Path, ...]:
    """Where pictures may lie: beside the sheet, in the campaign around it, in the named folder."""
    own = (Path.cwd() if path.name == INPUT_NAME else path.parent).resolve()
    around = [own.parent] if (own.parent / "campaign.toml").is_file() else []
    named = [options.picture_folder.resolve()] if options.picture_folder else []
    return tuple(dict.fromkeys([*named, own, *around]))


def _table(content: Content, options: SheetOptions) -> Table:
    """The header found among the first rows, and the rows under it."""
    head: list[TableRow | Problem] = []
    filled = 0
    for row in content.rows:
        head.append(row)
        filled += isinstance(row, TableRow) and any(cell.strip() for cell in row.cells)
        if filled >= _HEADER_WITHIN:
            break
    place = _header_place(head, options)
    if place is None:
        raise SheetError(
            "the sheet is empty",
            where=content.place,
            remedy="the first row names the columns (product, price, …); one row follows for each"
            " product",
        )
    header_row = head[place]
    assert isinstance(header_row, TableRow)  # noqa: S101 - `_header_place` picks rows alone
    content.header_row = header_row.number
    _refuse_sideways(head[place:], content)
    notes = tuple(_above(head[:place], content))
    return Table(
        file=content.file,
        worksheet=content.worksheet,
        header=_trimmed(header_row.cells),
        rows=chain(islice(head, place + 1, None), content.rows),
        notes=notes,
    )


def _above(head: list[TableRow | Problem], content: Content) -> Iterator[Problem]:
    """Problems above the header, and the filled rows there, which are not read."""
    for row in head:
        if isinstance(row, Problem):
            yield row
        elif said := " ".join(cell.strip() for cell in row.cells if cell.strip()):
            yield Problem(
                code="table.above_header",
                message=f"the row {said[:60]!r} stands above the header and is not read",
                remedy="nothing to do if it is a title; delete it if it is not",
                file=content.file, worksheet=content.worksheet, row=row.number,
                value=said[:200], rejects=False,
            )  # fmt: skip


def _refuse_sideways(head: list[TableRow | Problem], content: Content) -> None:
    """Refuse a table whose headers stand in its first column, one below the other.

    Raises:
        SheetError: it lies on its side.
    """
    rows = [row.cells for row in head if isinstance(row, TableRow) and row.cells]
    beside = sum(map(known_header, rows[0][1:]))
    below = [cells[0] for cells in rows[1:] if known_header(cells[0])]
    if len(rows[0]) > 1 and known_header(rows[0][0]) and not beside and len(below) > 1:
        raise SheetError(
            f"the table lies on its side: {', '.join(map(repr, below[:3]))} stand in the first"
            " column, where products should stand",
            where=content.place,
            remedy="turn it: copy it, then paste it with 'Transpose', and save it anew",
        )


def _header_place(head: list[TableRow | Problem], options: SheetOptions) -> int | None:
    """The first filled row, unless it says nothing and a row below names known columns."""
    mapped = {folded(name) for name in options.column_map.values()}
    filled = [
        (place, row.cells) for place, row in enumerate(head)
        if isinstance(row, TableRow) and any(cell.strip() for cell in row.cells)
    ]  # fmt: skip
    if not filled:
        return None
    scores = [(sum(known_header(cell) or folded(cell) in mapped for cell in cells if cell), -place)
              for place, cells in filled]  # fmt: skip
    best, place = max(scores)
    first = scores[0][0]
    return -place if best >= _SURE_OF_HEADER and best > 2 * first else filled[0][0]


def _known(row: tuple[str, ...]) -> bool:
    return sum(map(known_header, row)) >= _SURE_OF_HEADER or (
        len([cell for cell in row if cell]) == 1 and any(map(known_header, row))
    )


def _trimmed(cells: tuple[str, ...]) -> tuple[str, ...]:
    """The header without outer blanks; columns without a name stay, for they may hold cells."""
    last = max((index for index, cell in enumerate(cells) if cell.strip()), default=-1)
    kept = max(last + 1, min(len(cells), MAX_COLUMNS))
    return tuple(cell.strip(" \t\r\n\ufeff") for cell in cells[:kept])
