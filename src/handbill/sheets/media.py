"""Pictures and clips that a row names."""

from __future__ import annotations

from handbill.domain.brief import Picture
from handbill.sheets.faults import RowFaults
from handbill.sheets.picture_proof import PictureFault
from handbill.sheets.pictures import PictureReader, is_remote, split_sources
from handbill.sheets.rows import Cell, RawBrief

_SHOWN_CHARS = 200


def pictures(raw: RawBrief, faults: RowFaults, reader: PictureReader) -> tuple[Picture, ...]:
    """The row's pictures in order; those that cannot be used are noted and left out."""
    cells = raw.pictures
    if "image_1" in raw.cells or "image_2" in raw.cells:  # Amazon's numbered columns
        numbered = (raw.cells.get(f"image_{number}") for number in range(1, 9))
        cells = [*cells, *filter(None, numbered)]
    if not cells:
        return ()
    sources = {source: cell for cell in reversed(cells) for source in split_sources(cell.text)}
    ordered = dict.fromkeys(source for cell in cells for source in split_sources(cell.text))
    alt = raw.text("image_alt")
    found = [_picture(source, sources[source], "" if number else alt, faults, reader)
             for number, source in enumerate(ordered)]  # fmt: skip
    return tuple(picture for picture in found if picture)


def video(raw: RawBrief, faults: RowFaults, reader: PictureReader) -> str:
    """Absolute paths of the row's clips, one a line; those that are not there are noted."""
    cell = raw.cells.get("video")
    sources = split_sources(cell.text) if cell else ()
    found = [_clip(source, cell, faults, reader) for source in sources if cell]
    return "\n".join(dict.fromkeys(path for path in found if path))


def _clip(source: str, cell: Cell, faults: RowFaults, reader: PictureReader) -> str:
    path = None if is_remote(source) else reader.find_file(source)
    if path is None:
        remote = is_remote(source)
        faults.warn(
            "video.not_fetched" if remote else "video.missing",
            cell,
            f"{source[:_SHOWN_CHARS]!r} {'was not fetched' if remote else 'is no file here'};"
            " films go on without it",
            "put the clip beside the sheet and write its path here",
        )
    return str(path) if path else ""


def _picture(
    source: str, cell: Cell, alt: str, faults: RowFaults, reader: PictureReader
) -> Picture | None:
    found = reader.fetch(source, alt) if is_remote(source) else reader.read(source, alt)
    if isinstance(found, PictureFault):
        faults.warn(found.code, cell, f"{found.message}; the row goes on without it", found.remedy)
        return Picture(source=source, alt=alt) if is_remote(source) else None
    return found
