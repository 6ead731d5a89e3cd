from __future__ import annotations

import struct
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from handbill.channels import load_catalogue
from handbill.checking import check_document, check_film, check_image
from handbill.checking.mp4_boxes import parse_mp4
from handbill.domain.placement import ImageSpec, Provenance, VideoSpec
from handbill.rendering.spec import PosterResult
from tests.doubles.films import box, film_bytes

SPEC = ImageSpec(
    width_px=60, height_px=80, max_bytes=20_000, provenance=Provenance(confidence="A")
)
FILM = VideoSpec(
    width_px=108,
    height_px=192,
    min_s=6,
    max_s=59,
    max_bytes=100_000,
    provenance=Provenance(confidence="A"),
)


def _picture(path: Path, size: tuple[int, int] = (60, 80), mode: str = "RGB") -> Path:
    Image.linear_gradient("L").resize(size).convert(mode).save(path)
    return path


def _codes(path: Path, spec: ImageSpec = SPEC) -> set[str]:
    return {finding.code for finding in check_image(path, spec)}


def test_a_good_picture_has_no_findings(tmp_path: Path) -> None:
    assert check_image(_picture(tmp_path / "image.jpg"), SPEC) == ()


def test_the_bytes_decide_and_not_the_name(tmp_path: Path) -> None:
    path = _picture(tmp_path / "image.png")
    path = path.rename(tmp_path / "image.jpg")
    assert _codes(path) == {"image.format"}


@pytest.mark.parametrize(
    ("size", "mode", "code"),
    [((80, 60), "RGB", "image.size"), ((60, 80), "CMYK", "image.colour_mode")],
)
def test_size_and_colour(tmp_path: Path, size: tuple[int, int], mode: str, code: str) -> None:
    assert _codes(_picture(tmp_path / "image.jpg", size, mode)) == {code}


def test_one_colour_is_no_picture(tmp_path: Path) -> None:
    Image.new("RGB", (60, 80), "#445566").save(tmp_path / "image.jpg")
    assert _codes(tmp_path / "image.jpg") == {"image.blank"}


def test_missing_truncated_and_foreign_files(tmp_path: Path) -> None:
    assert _codes(tmp_path / "absent.jpg") == {"image.missing"}
    whole = _picture(tmp_path / "image.jpg").read_bytes()
    (tmp_path / "cut.jpg").write_bytes(whole[: len(whole) // 2])
    assert _codes(tmp_path / "cut.jpg") == {"image.unreadable"}
    (tmp_path / "text.jpg").write_text("no picture at all")
    assert _codes(tmp_path / "text.jpg") == {"image.format"}


def test_too_heavy_blocks_by_confidence(tmp_path: Path) -> None:
    path = _picture(tmp_path / "image.jpg")
    for tier, severity in (("B", "block"), ("C", "warn")):
        spec = ImageSpec(
            width_px=60, height_px=80, max_bytes=10, provenance=Provenance(confidence=tier)
        )
        (finding,) = check_image(path, spec)
        assert (finding.code, finding.severity) == ("image.too_heavy", severity)


def test_what_the_renderer_said_must_agree(tmp_path: Path) -> None:
    path = _picture(tmp_path / "image.jpg")
    said = PosterResult(path=str(path), mime="image/png", width_px=60, height_px=80, layout="x")
    assert {finding.code for finding in check_image(path, SPEC, said)} == {"image.mime"}


def _pdf(width_pt: float, height_pt: float, pages: int = 1) -> bytes:
    page = f"1 0 obj\n<</Type /Page /MediaBox [0 0 {width_pt} {height_pt}]>>\nendobj\n" * pages
    return f"%PDF-1.4\n{page}trailer\n<<>>\nstartxref\n0\n%%EOF\n".encode()


@pytest.mark.parametrize(
    ("data", "codes"),
    [
        (_pdf(612.24, 858.96), set()),
        (_pdf(595.28, 841.89), {"image.size"}),
        (_pdf(612.24, 858.96, pages=2), {"image.pages"}),
        (_pdf(612.24, 858.96)[:-20], {"image.unreadable"}),
    ],
)
def test_a_page_for_print(tmp_path: Path, data: bytes, codes: set[str]) -> None:
    image = load_catalogue().placement("print.poster_a4").image
    assert image is not None
    (tmp_path / "image.pdf").write_bytes(data)
    assert _codes(tmp_path / "image.pdf", image) == codes


# Films


def _film(tmp_path: Path, spec: VideoSpec = FILM, **changes: Any) -> set[str]:
    path = tmp_path / "film.mp4"
    path.write_bytes(film_bytes(**changes))
    return {finding.code for finding in check_film(path, spec)}


def test_a_good_film_has_no_findings(tmp_path: Path) -> None:
    assert _film(tmp_path) == set()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"moov_first": False}, "film.moov_last"),
        ({"seconds": 3.0}, "film.too_short"),
        ({"seconds": 80.0}, "film.too_long"),
        ({"width_px": 192, "height_px": 108}, "film.size"),
        ({"fps": 25}, "film.fps"),
        ({"codec": b"hvc1"}, "film.codec"),
        ({"sound_codec": b"Opus"}, "film.sound_codec"),
        ({"sound": False}, "film.no_sound"),
        ({"sound_seconds": 5.0}, "film.sound_length"),
        ({"media": 200_000}, "film.too_heavy"),
    ],
)
def test_faults_of_films(tmp_path: Path, changes: dict[str, Any], code: str) -> None:
    assert _film(tmp_path, **changes) == {code}


def test_low_bit_rates_warn(tmp_path: Path) -> None:
    spec = VideoSpec(width_px=108, height_px=192, min_kbps=5000, min_audio_kbps=128)
    path = tmp_path / "film.mp4"
    path.write_bytes(film_bytes())
    found = check_film(path, spec)
    assert {finding.code for finding in found} == {"film.bit_rate", "film.sound_bit_rate"}
    assert {finding.severity for finding in found} == {"warn"}


def test_the_platforms_own_figures_count_too(tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"
    path.write_bytes(film_bytes(seconds=20.0))
    limits = VideoSpec(
        width_px=108,
        height_px=192,
        max_s=15,
        containers=("mov",),
        provenance=Provenance(confidence="B"),
    )
    found = {finding.code for finding in check_film(path, FILM, limits)}
    assert found == {"film.too_long", "film.container"}


@pytest.mark.parametrize("length", [0, 7, 40, 200, 600])
def test_a_film_that_was_cut_off_is_said_to_be(tmp_path: Path, length: int) -> None:
    path = tmp_path / "film.mp4"
    path.write_bytes(film_bytes()[:length])
    (finding,) = check_film(path, FILM)
    assert finding.code in {"film.missing", "film.unreadable"}


def test_boxes_of_64_bits_are_read() -> None:
    data = film_bytes()
    at = data.index(b"mdat") - 4
    size = struct.unpack_from(">I", data, at)[0]
    wide = struct.pack(">I4sQ", 1, b"mdat", size + 8) + data[at + 8 : at + size]
    movie = parse_mp4(data[:at] + wide + data[at + size :])
    assert movie.moov_first
    assert box(b"free", b"")[4:] == b"free"


# Documents

WHOLE = '<html lang="en"><body><img src="image.jpg" alt="Tea"><a href="https://a.example">x</a>'
WHOLE += '<a href="{{unsubscribe_url}}">Unsubscribe</a></body></html>'


def test_a_good_document_has_no_findings() -> None:
    assert check_document(WHOLE, load_catalogue().placement("email.html")) == ()


@pytest.mark.parametrize(
    ("html", "code"),
    [
        (WHOLE + "<script>x</script>", "document.active"),
        (WHOLE.replace("<img", '<img onerror="x"'), "document.active"),
        (WHOLE.replace("https://a.example", "javascript:alert(1)"), "document.unsafe_link"),
        (WHOLE.replace(' alt="Tea"', ""), "document.no_alt"),
        (WHOLE.replace("image.jpg", "https://cdn.example/a.jpg"), "document.foreign_picture"),
        (WHOLE.replace(' lang="en"', ""), "document.no_language"),
        (WHOLE.replace("nsubscribe", "nbound"), "document.no_unsubscribe"),
        (WHOLE + "é" * 60_000, "document.too_heavy"),
    ],
)
def test_faults_of_documents(html: str, code: str) -> None:
    found = check_document(html, load_catalogue().placement("email.html"))
    assert {finding.code for finding in found} == {code}
