from __future__ import annotations

import io
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from handbill.campaign_folder import read_brandkit
from handbill.cli import run_verb
from handbill.errors import BrandError, RenderError, ToolMissing
from handbill.foreign import npm
from handbill.press import font_shelf
from handbill.press.font_shelf import add_family, coverage_of
from handbill.rendering.typography import font_files
from handbill.rendering.typography.font_files import bundled_families
from handbill.rendering.typography.font_stacks import font_stack, missing_glyphs

FACE = Path(bundled_families()["Raleway"][0].path).read_bytes()


def archive(folder: Path, members: dict[str, bytes]) -> Path:
    path = folder / "package.tgz"
    with tarfile.open(path, "w:gz") as tar:
        for name, data in members.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            tar.addfile(member, io.BytesIO(data))
    return path


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch) -> Callable[[dict[str, bytes]], list[str]]:
    """npm replaced by packages that the test names; answers with what was asked for."""

    def serve(members: dict[str, bytes]) -> list[str]:
        asked: list[str] = []

        def fetch(name: str, folder: Path) -> Path:
            asked.append(name)
            return archive(folder, members)

        monkeypatch.setattr(font_shelf, "fetch_package", fetch)
        return asked

    return serve


def members(*weights: str) -> dict[str, bytes]:
    faces = {f"package/{one}/OurSerif_{one}.ttf": FACE for one in weights}
    return faces | {"package/LICENSE_FONT": b"OFL", "package/LICENSE": b"MIT", "package/x.js": b""}


def brand(folder: Path, heading: str = "Our Serif") -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / "brand.toml"
    path.write_text(
        f'name = "Ours"\n[palette]\nprimary = "#0f6b5c"\n[fonts]\nheading = "{heading}"\n', "utf-8"
    )
    return path


def test_a_family_is_fetched_with_its_licence_and_serves_at_once(
    tmp_path: Path, registry: Callable[[dict[str, bytes]], list[str]]
) -> None:
    asked = registry(members("400Regular", "400Regular_Italic", "600SemiBold", "900Black"))
    toml = brand(tmp_path / "brand")
    added = add_family("Our Serif", toml.parent)
    assert asked == ["@expo-google-fonts/our-serif"]
    names = [Path(file).name for file in added.files]
    assert names == [
        "OurSerif-Regular.ttf", "OurSerif-SemiBold.ttf", "LICENSE_FONT.txt", "LICENSE_PACKAGE.txt",
    ]  # fmt: skip
    kit = read_brandkit(toml)
    assert [Path(file).name for file in kit.heading.files] == names[:2]
    assert [Path(file).name for file in kit.body.others] == names[:2]


def test_a_brands_font_serves_letters_that_its_family_lacks(
    tmp_path: Path, registry: Callable[[dict[str, bytes]], list[str]]
) -> None:
    toml = brand(tmp_path / "brand", "Poppins")
    before = read_brandkit(toml)
    assert missing_glyphs("Ж", font_stack(before.heading, "ru")) == ""
    registry(members("400Regular"))
    add_family("Our Serif", toml.parent)
    after = read_brandkit(toml)
    assert before.digest != after.digest
    assert "OurSerif of the brand" in font_stack(after.heading, "ru").names


def test_a_package_cannot_write_elsewhere_or_bring_what_is_no_font(
    tmp_path: Path, registry: Callable[[dict[str, bytes]], list[str]]
) -> None:
    registry({"package/../../400Regular/Evil_400Regular.ttf": FACE, "/etc/x_400Regular.ttf": FACE})
    with pytest.raises(RenderError, match="holds no TrueType font"):
        add_family("Evil", tmp_path)
    registry({"package/400Regular/Evil_400Regular.ttf": b"MZ this is a program"})
    with pytest.raises(RenderError, match="is no TrueType font"):
        add_family("Evil", tmp_path)
    assert not (tmp_path / "fonts").exists()


@pytest.mark.parametrize("name", ["", "../../x", "a;b", "@evil/package", "x" * 80])
def test_what_is_no_name_is_never_asked_for(tmp_path: Path, name: str) -> None:
    with pytest.raises(BrandError, match="no name of a font family"):
        add_family(name, tmp_path)


def test_without_npm_it_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda _: None)
    with pytest.raises(ToolMissing, match=r"install Node\.js"):
        npm.fetch_package("@expo-google-fonts/inter", tmp_path)


def test_coverage_names_the_font_of_every_script(tmp_path: Path) -> None:
    kit = read_brandkit(brand(tmp_path / "brand", "Poppins"))
    shown = {one.script: one for one in coverage_of(kit, "ja")}
    assert shown["Latin"].heading == "Poppins"
    assert shown["Kana"].heading == "Noto Sans JP"
    assert "Poppins" not in shown["Han (simplified)"].body


def test_the_verb_adds_to_the_campaigns_brand(
    tmp_path: Path,
    registry: Callable[[dict[str, bytes]], list[str]],
    capsys: pytest.CaptureFixture[str],
) -> None:
    registry(members("400Regular", "700Bold"))
    brand(tmp_path / "brand")
    (tmp_path / "briefs.csv").write_text("product\nMug\n", "utf-8")
    (tmp_path / "campaign.toml").write_text(
        'campaign = "Ours"\nsheet = "briefs.csv"\nbrand = "brand/brand.toml"\n'
        'placements = ["instagram.story"]\n',
        "utf-8",
    )
    assert run_verb(["fonts", "add", "Our Serif", "--campaign", str(tmp_path)]) == 0
    assert "OurSerif-Bold.ttf" in capsys.readouterr().out
    assert run_verb(["fonts", "--campaign", str(tmp_path), "--json"]) in (0, 3)
    assert '"script": "Latin"' in capsys.readouterr().out


def test_what_is_missing_is_said_before_anything_is_drawn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(font_files, "system_fonts", dict)
    kit = read_brandkit(brand(tmp_path / "brand", "Nowhere Sans"))
    told = font_shelf.font_problems(kit, ("en", "th", "ar-EG", "ja"), "brand.toml")
    assert [(one.code, one.rejects) for one in told] == [
        ("font.family_missing", False), ("font.no_script", False), ("font.no_script", False),
    ]  # fmt: skip
    assert 'handbill fonts add "Nowhere Sans"' in told[0].remedy
    assert ["Arabic" in told[1].message, "Thai" in told[2].message] == [True, True]
    (tmp_path / "brand" / "fonts").mkdir()
    (tmp_path / "brand" / "fonts" / "NotoSansThai-Regular.ttf").write_bytes(FACE)
    again = font_shelf.font_problems(
        read_brandkit(tmp_path / "brand" / "brand.toml"), ("th",), "x"
    )
    assert [one.code for one in again] == ["font.family_missing"]
