from __future__ import annotations

import json
import re
import shutil
import struct
import subprocess
from pathlib import Path

import pytest
from PIL import Image

from handbill.channels import load_catalogue
from handbill.checking.mp4_boxes import parse_mp4
from handbill.domain.asset import Origin
from handbill.errors import CampaignError, RenderError
from handbill.marking import (
    PROFILES,
    MarkFacts,
    digital_source_type,
    label_words,
    mark_film,
    mark_image,
    mark_sound,
    parse_profiles,
    todo_lines,
)
from handbill.marking.packets import aigc_label, xmp_packet
from tests.doubles.films import film_bytes

HOUSE = Origin(ai="none", mode="offline", provider="house")
MODEL = Origin(ai="generated", mode="live", provider="openai", model="model-x")
PART = Origin(ai="assisted", mode="live", provider="openai", model="model-x")
VOICE = Origin(ai="assisted", mode="offline", provider="house")
KEYS = (
    "Label",
    "ContentProducer",
    "ProduceID",
    "ReservedCode1",
    "ContentPropagator",
    "PropagateID",
    "ReservedCode2",
)
SUFFIXES = ("jpg", "png", "webp")


def _facts(origin: Origin = MODEL, profiles: tuple[str, ...] = ("eu", "cn")) -> MarkFacts:
    return MarkFacts(
        profiles=profiles,
        origin=origin,
        produce_id="ab12" * 16,
        brand='Harbour "Tea" & Co',
        version="0.1.0",
    )


def _picture(folder: Path, suffix: str, *, lossless: bool = False) -> Path:
    path = folder / f"image.{suffix}"
    Image.linear_gradient("L").resize((61, 83)).convert("RGB").save(path, lossless=lossless)
    return path


def _pixels(path: Path) -> bytes:
    with Image.open(path) as picture:
        return picture.convert("RGB").tobytes()


def _labels(data: bytes) -> list[dict[str, str]]:
    text = data.decode("latin-1").replace("&quot;", '"')
    return [json.loads(found) for found in re.findall(r'\{"Label".*?\}', text)]


# What is said


@pytest.mark.parametrize(
    ("origin", "kind"),
    [
        (HOUSE, "algorithmicMedia"),
        (VOICE, "algorithmicMedia"),
        (MODEL, "trainedAlgorithmicMedia"),
        (PART, "compositeWithTrainedAlgorithmicMedia"),
        (Origin(ai="none", mode="live", provider="openai"), "algorithmicMedia"),
    ],
)
def test_the_source_type_comes_from_the_origin(origin: Origin, kind: str) -> None:
    assert digital_source_type(origin) == f"http://cv.iptc.org/newscodes/digitalsourcetype/{kind}"


def test_the_chinese_label_has_seven_fields_of_printable_ascii() -> None:
    facts = MarkFacts(
        profiles=("cn",), origin=MODEL, produce_id="编号 7\x01", producer="Harbour Tea"
    )
    label = aigc_label(facts)
    assert tuple(json.loads(label)) == KEYS
    assert json.loads(label)["Label"] in {"1", "2", "3"}
    assert json.loads(label)["ContentProducer"] == "Harbour-Tea"
    assert all(0x21 <= ord(letter) <= 0x7E for letter in label)


def test_house_work_claims_no_machine() -> None:
    packet = xmp_packet(_facts(HOUSE), with_aigc=False)
    assert b"AISystemUsed" not in packet
    assert b"algorithmicMedia" in packet
    assert b"AISystemUsed" in xmp_packet(_facts(MODEL), with_aigc=False)


@pytest.mark.parametrize(
    ("profiles", "locale", "medium", "ai", "words"),
    [
        (("eu",), "en", "image", "generated", "AI-generated"),
        (("eu",), "de-AT", "film", "assisted", "KI-generiert"),
        (("cn",), "zh-CN", "image", "generated", "AI生成"),
        (("cn",), "en", "image", "generated", "AI生成"),
        (("eu", "cn"), "es", "image", "generated", "Generado con IA · AI生成"),
        (("eu", "cn"), "zh-CN", "film", "assisted", "AI生成"),
        (("eu",), "xx", "image", "generated", "AI-generated"),
        (("eu", "cn"), "en", "image", "none", ""),
        (("us-ca",), "en", "image", "generated", ""),
        ((), "en", "image", "generated", ""),
        (("none",), "en", "image", "generated", ""),
        (("eu",), "en", "copy", "generated", ""),
    ],
)
def test_visible_words(
    profiles: tuple[str, ...], locale: str, medium: str, ai: str, words: str
) -> None:
    assert label_words(profiles, locale, medium, ai) == words


def test_profiles_are_known_by_name() -> None:
    assert parse_profiles(("cn", "eu", "cn")) == ("eu", "cn")
    assert parse_profiles(("none",)) == ()
    assert set(parse_profiles(tuple(PROFILES))) == set(PROFILES) - {"none"}
    with pytest.raises(CampaignError, match="'us-ka'") as caught:
        parse_profiles(("us-ka",))
    assert "'us-ca'" in caught.value.remedy


def test_what_is_left_to_a_person() -> None:
    catalogue = load_catalogue()

    def lines(name: str, ai: str = "generated", profiles: tuple[str, ...] = ()) -> str:
        return "\n".join(todo_lines(catalogue.placement(name), ai, profiles))

    assert "set made_with_ai" in lines("x.post")
    assert "by hand" not in lines("x.post")
    assert "by hand" in lines("instagram.reel")
    assert "post_info.is_aigc" in lines("tiktok.video")
    assert "by hand" in lines("tiktok.video")
    assert "内容由AI生成" in lines("xiaohongshu.note", profiles=("cn",))
    assert lines("instagram.reel", ai="none") == ""
    assert lines("sms.text") == ""


# What is written


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_pictures_carry_one_label_and_keep_their_pixels(tmp_path: Path, suffix: str) -> None:
    path = _picture(tmp_path, suffix)
    before = _pixels(path)
    marks = mark_image(path, _facts())
    data = path.read_bytes()
    assert marks == (
        "iptc.digital_source_type:trainedAlgorithmicMedia",
        "iptc.ai_system_used",
        "cn.aigc",
    )
    assert _pixels(path) == before
    assert [tuple(label) for label in _labels(data)] == [KEYS]
    assert data.count(b"http://www.tc260.org.cn/ns/AIGC/1.0/") == 1
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_marking_again_changes_nothing(tmp_path: Path, suffix: str) -> None:
    path = _picture(tmp_path, suffix)
    mark_image(path, _facts())
    once = path.read_bytes()
    mark_image(path, _facts())
    assert path.read_bytes() == once


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_equal_facts_give_equal_bytes(tmp_path: Path, suffix: str) -> None:
    files = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        path = _picture(tmp_path / name, suffix)
        mark_image(path, _facts())
        files.append(path.read_bytes())
    assert files[0] == files[1]


def test_a_lossless_webp_keeps_its_pixels(tmp_path: Path) -> None:
    path = _picture(tmp_path, "webp", lossless=True)
    before = _pixels(path)
    mark_image(path, _facts())
    assert _pixels(path) == before


def test_house_pictures_carry_no_ai_label_and_no_profile_no_marks(tmp_path: Path) -> None:
    path = _picture(tmp_path, "jpg")
    before = path.read_bytes()
    for profiles in ((), ("none",)):
        assert mark_image(path, _facts(profiles=profiles)) == ()
    assert path.read_bytes() == before
    assert mark_image(path, _facts(HOUSE)) == ("iptc.digital_source_type:algorithmicMedia",)
    assert _labels(path.read_bytes()) == []


def test_a_file_that_is_no_picture_is_refused(tmp_path: Path) -> None:
    for name, data in (("a.jpg", b"text"), ("b.jpg", b"\xff\xd8\xff"), ("c.pdf", b"%PDF-1.4\n")):
        path = tmp_path / name
        path.write_bytes(data)
        with pytest.raises(RenderError, match=name):
            mark_image(path, _facts())
        assert path.read_bytes() == data


PDF = (
    b"%PDF-1.4\n1 0 obj\n<</Type /Catalog\n/Pages 2 0 R>>\nendobj\n"
    b"2 0 obj\n<</Type /Pages /Kids [3 0 R] /Count 1>>\nendobj\n"
    b"3 0 obj\n<</Type /Page /Parent 2 0 R /MediaBox [0 0 100 100]>>\nendobj\n"
    b"4 0 obj\n<</Producer (Press)>>\nendobj\n"
    b"xref\n0 5\n0000000000 65535 f \n0000000009 00000 n \n0000000059 00000 n \n"
    b"0000000117 00000 n \n0000000188 00000 n \n"
    b"trailer\n<</Size 5 /Root 1 0 R /Info 4 0 R>>\nstartxref\n227\n%%EOF\n"
)


def test_a_pdf_grows_at_its_end(tmp_path: Path) -> None:
    path = tmp_path / "image.pdf"
    path.write_bytes(PDF)
    marks = mark_image(path, _facts())
    data = path.read_bytes()
    assert "cn.aigc" in marks
    assert data.startswith(PDF)
    assert [tuple(label) for label in _labels(data)] == [KEYS]
    table_at = int(re.findall(rb"startxref\s+(\d+)", data)[-1])
    assert data[table_at : table_at + 4] == b"xref"
    for number, offset in re.findall(rb"\n(\d+) 1\n(\d{10}) 00000 n", data[table_at:]):
        assert data[int(offset) :].startswith(number + b" 0 obj")
    assert b"/Producer (Press)" in data[len(PDF) :]
    assert b"/Metadata 5 0 R" in data[len(PDF) :]


@pytest.mark.parametrize("moov_first", [True, False])
def test_films_carry_one_label_and_their_media_move_with_it(
    tmp_path: Path, *, moov_first: bool
) -> None:
    path = tmp_path / "film.mp4"
    path.write_bytes(film_bytes(moov_first=moov_first))
    before = path.read_bytes()
    marks = mark_film(path, _facts(PART))
    data = path.read_bytes()
    assert marks[0] == "iptc.digital_source_type:compositeWithTrainedAlgorithmicMedia"
    assert [tuple(label) for label in _labels(data)] == [KEYS]
    assert parse_mp4(data).moov_first is moov_first
    assert parse_mp4(data).tracks == parse_mp4(before).tracks
    moved = data.index(b"mdat") - before.index(b"mdat")
    assert _offsets(data) == [offset + moved for offset in _offsets(before)]
    mark_film(path, _facts(PART))
    assert path.read_bytes() == data


def _offsets(data: bytes) -> list[int]:
    return [
        struct.unpack_from(">I", data, match.start() + 12)[0]
        for match in re.finditer(rb"stco", data)
    ]


def test_a_film_that_is_none_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"
    path.write_bytes(film_bytes()[:90])
    with pytest.raises(RenderError, match=r"film\.mp4"):
        mark_film(path, _facts())


def test_sounds_carry_the_label_where_one_is_due(tmp_path: Path) -> None:
    wav, mp3 = tmp_path / "voice.wav", tmp_path / "voice.mp3"
    wav.write_bytes(b"RIFF" + struct.pack("<I", 12) + b"WAVEdata" + struct.pack("<I", 0))
    mp3.write_bytes(b"ID3\x04\x00\x00\x00\x00\x00\x02xx\xff\xfb\x90\x00sound")
    for path in (wav, mp3):
        assert mark_sound(path, _facts(HOUSE)) == ()
        assert mark_sound(path, _facts(VOICE)) == ("cn.aigc",)
        assert [tuple(label) for label in _labels(path.read_bytes())] == [KEYS]
    assert wav.read_bytes()[4:8] == struct.pack("<I", len(wav.read_bytes()) - 8)
    assert mp3.read_bytes().endswith(b"\xff\xfb\x90\x00sound")


@pytest.mark.skipif(not shutil.which("exiftool"), reason="exiftool is not on this machine")
def test_a_program_of_others_reads_the_same_marks(tmp_path: Path) -> None:
    for suffix in SUFFIXES:
        mark_image(_picture(tmp_path, suffix), _facts())
    (tmp_path / "film.mp4").write_bytes(film_bytes())
    mark_film(tmp_path / "film.mp4", _facts())
    done = subprocess.run(
        ["exiftool", "-j", "-G1", "-a", *sorted(str(path) for path in tmp_path.iterdir())],
        check=True,
        capture_output=True,
        text=True,
    )
    wanted = digital_source_type(MODEL)
    answers = json.loads(done.stdout)
    assert len(answers) == 4
    for answer in answers:
        labels = [value for name, value in answer.items() if name.lower().endswith("aigc")]
        assert len(labels) == 1, answer["SourceFile"]
        label = labels[0] if isinstance(labels[0], dict) else json.loads(labels[0])
        assert tuple(label) == KEYS
        assert answer["XMP-iptcExt:DigitalSourceType"] == wanted
        assert answer["XMP-iptcExt:AISystemUsed"] == "openai"
        assert answer["XMP-photoshop:Credit"] == 'Harbour "Tea" & Co'
