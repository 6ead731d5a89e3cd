from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from handbill.sheets import SheetOptions, read_sheet
from handbill.sheets.pictures import is_remote, split_sources, web_url
from handbill.sheets.slugs import id_of, slug_of


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    home = tmp_path / "campaign"
    home.mkdir()
    noise = Image.effect_noise((200, 200), 80).convert("RGB")
    noise.save(home / "good.png")
    noise.save(home / "jpeg under another name.png", "JPEG")
    noise.save(home / "new.avif")
    noise.save(tmp_path / "outside.png")
    whole = (home / "good.png").read_bytes()
    (home / "cut.png").write_bytes(whole[: len(whole) // 2])
    noise.save(home / "whole.jpg")
    jpeg = (home / "whole.jpg").read_bytes()
    (home / "cut.jpg").write_bytes(jpeg[: len(jpeg) // 2])
    (home / "text.png").write_text("this is no picture, it is a note")
    (home / "empty.png").write_bytes(b"")
    (home / "drawing.png").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>')
    (home / "page.jpg").write_text("<!DOCTYPE html><html></html>")
    Image.new("1", (9000, 9000)).save(home / "huge.png")
    Image.new("RGB", (4, 4)).save(home / "tiny.png")
    (home / "folder.png").mkdir()
    return home


def pictures(
    folder: Path, cell: str, picture_folder: Path | None = None
) -> tuple[list[str], list[str]]:
    sheet = folder / "briefs.csv"
    quoted = cell.replace('"', '""')
    sheet.write_text(f'product,image\nMug,"{quoted}"\n', encoding="utf-8")
    contents = read_sheet(sheet, SheetOptions(picture_folder=picture_folder))
    assert all(not fault.rejects and fault.remedy for fault in contents.problems)
    found = [picture.source for picture in contents.briefs[0].pictures]
    return found, [fault.code for fault in contents.problems]


@pytest.mark.parametrize(
    ("cell", "code", "word"),
    [
        ("missing.png", "picture.missing", "no file"),
        ("cut.png", "picture.damaged", "cut off"),
        ("cut.jpg", "picture.damaged", "cut off"),
        ("text.png", "picture.not_a_picture", "a text file"),
        ("empty.png", "picture.not_a_picture", "an empty file"),
        ("drawing.png", "picture.not_a_picture", "an SVG drawing"),
        ("page.jpg", "picture.not_a_picture", "a web page"),
        ("huge.png", "picture.too_large", "81"),
        ("tiny.png", "picture.too_small", "4 × 4"),
        ("folder.png", "picture.missing", "no file"),
        ("../outside.png", "picture.outside", "outside"),
        ("a" * 5000 + ".png", "picture.missing", "no file"),
        ("http://x.example/a.png", "picture.not_fetched", "not fetched"),
        ("file:///etc/passwd", "picture.not_fetched", "not fetched"),
    ],
)
def test_a_bad_picture_is_reported_and_the_row_goes_on(
    folder: Path, cell: str, code: str, word: str
) -> None:
    (folder / "briefs.csv").write_text(f"product,image\nMug,{cell}\n")
    contents = read_sheet(folder / "briefs.csv")
    assert [brief.product for brief in contents.briefs] == ["Mug"]
    (fault,) = contents.problems
    assert (fault.code, fault.row, fault.column, fault.rejects) == (code, 2, "image", False)
    assert word in fault.message or word == "81"


def test_content_decides_not_the_name(folder: Path) -> None:
    assert pictures(folder, "jpeg under another name.png") == (["jpeg under another name.png"], [])


def test_several_pictures_in_one_cell_keep_their_order(folder: Path) -> None:
    assert pictures(folder, "new.avif; good.png") == (["new.avif", "good.png"], [])
    names = ["good.png", "whole.jpg"]
    for cell in (
        "good.png; whole.jpg",
        "good.png|whole.jpg",
        "good.png, whole.jpg",
        "good.png\nwhole.jpg",
    ):
        assert pictures(folder, cell) == (names, [])


def test_windows_paths_and_a_named_folder_are_found(folder: Path, tmp_path: Path) -> None:
    (folder / "images").mkdir()
    Image.new("RGB", (30, 30)).save(folder / "images" / "a.png")
    assert pictures(folder, "images\\a.png") == (["images\\a.png"], [])
    assert pictures(folder, "outside.png", tmp_path) == (["outside.png"], [])


def test_a_link_out_of_the_folder_is_not_followed(folder: Path, tmp_path: Path) -> None:
    (folder / "link.png").symlink_to(tmp_path / "outside.png")
    assert pictures(folder, "link.png") == ([], ["picture.outside"])


def test_sources_are_split_at_signs_that_no_path_holds() -> None:
    assert split_sources("a,b.png") == ("a,b.png",)
    assert split_sources("https://x.example/a,1.png") == ("https://x.example/a,1.png",)
    assert split_sources(" a.png ;; b.png ") == ("a.png", "b.png")


@pytest.mark.parametrize(
    "source", ["https://x", "data:image/png;base64,AA", "//x/y", "ftp://x", "file:///x"]
)
def test_remote_sources_are_never_opened_as_paths(source: str) -> None:
    assert is_remote(source)


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("https://example.com/a?b=c#d", "https://example.com/a?b=c#d"),
        ("example.com/a", "https://example.com/a"),
        ("www.example.com", "https://www.example.com"),
        ("https://münchen.example/ü", "https://münchen.example/ü"),
        ("example.com:8080/a", "https://example.com:8080/a"),
        ("javascript:alert(1)", ""),
        ("mailto:a@b.example", ""),
        ("https://a b.example", ""),
        ("https://user:pass@example.com", ""),
        ("https://example.com:99999/", ""),
        ("https://", ""),
        ("nothing", ""),
        ("https://exa<mple.com", ""),
    ],
)
def test_links_are_web_addresses_or_nothing(text: str, url: str) -> None:
    assert web_url(text) == url


@pytest.mark.parametrize(
    "name",
    ["../../etc/passwd", "CON", "com1", "aux.", "-rf", ".hidden", "a/b\\c", "名前", "🎉", "", " ",
     "\u202egnp.exe", "x" * 500, "Größe & Maß", "nul", "A\0B", "LPT9"],
)  # fmt: skip
def test_slugs_are_names_for_files_everywhere(name: str) -> None:
    for slug in (slug_of(name), id_of(name)):
        assert 0 < len(slug) <= 60
        assert all(char.isascii() and (char.isalnum() or char == "-") for char in slug)
        assert slug == slug.lower().strip("-")
        assert slug not in {"con", "com1", "aux", "nul", "lpt9"}


def test_ids_of_different_names_differ() -> None:
    names = ["Tide Mug", "tide  mug!", "Tide-Mug®", "杯子", "碗", "Café", "Cafe"]
    assert len({id_of(name) for name in names}) == len(names)
    assert id_of("Tide Mug") == "tide-mug"
