from __future__ import annotations

import base64
import hashlib
import io
import json
import re
import shutil
import subprocess
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from typing_extensions import override

from handbill.bundling import BundleContents, build_report, pack_bundle, verify_bundle
from handbill.bundling.colours import READABLE, contrast, readable_on, text_on
from handbill.bundling.report_entries import entries_of
from handbill.bundling.thumbnails import Thumbnails
from handbill.domain.asset import Asset, StoredFile
from handbill.domain.finding import Finding, Problem, Severity
from handbill.domain.order import Medium
from handbill.errors import BundleError
from handbill.settings import builtin_templates
from handbill.store import AssetStore
from tests.doubles import bundles

EVIL = '</script><img src=x onerror="alert(1)"><!-- <script>\u2028"\'&'
SRT = "1\n00:00:00,200 --> 00:00:01,900\nEspresso, by the water\n"


class Elements(HTMLParser):
    """Every element of a page with its attributes, and the text of each script and style."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.inner: list[tuple[str, str]] = []
        self.words = ""
        self._within = ""
        self.feed(page)

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        self._within = tag

    @override
    def handle_endtag(self, tag: str) -> None:
        self._within = ""

    @override
    def handle_data(self, data: str) -> None:
        self.words += data
        if self._within in ("script", "style"):
            self.inner.append((self._within, data))


def page_of(bundle: Path) -> str:
    return (bundle / "report.html").read_text("utf-8")


def data_of(page: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    assert found
    loaded = json.loads(found.group(1))
    assert isinstance(loaded, dict)
    return loaded


def packed(given: BundleContents, store: AssetStore, tmp_path: Path) -> Path:
    return pack_bundle(given, store, tmp_path / "out").path


@pytest.fixture
def given(store: AssetStore) -> BundleContents:
    planned = bundles.plan(bundles.briefs("Espresso", "Cold Brew"), locales=("en", "ar"))
    return bundles.contents(store, planned, blocked=[planned.orders[0].key])


def test_the_page_shows_every_order(
    given: BundleContents, store: AssetStore, tmp_path: Path
) -> None:
    data = data_of(page_of(packed(given, store, tmp_path)))

    assert len(data["orders"]) == len(given.plan.orders)
    shown = data["orders"][0]
    assert (shown["product"], shown["status"]) == ("Espresso", "blocked")
    assert shown["findings"] == [
        ["block", "text.number_not_in_brief", "", "'25 %' stands nowhere"],
    ]
    assert shown["media"][0]["thumb"].startswith("data:image/jpeg;base64,")
    assert (tmp_path / "out" / shown["media"][0]["path"]).is_file()
    [[name, [[text, length, limit, unit, _]]]] = shown["texts"]
    assert (name, text, length) == ("caption", "Espresso by the water", 21)
    assert (limit, bool(unit)) == (2200, True)
    assert {order["dir"] for order in data["orders"] if order["locale"] == "ar"} == {"rtl"}
    assert data["names"]["google_ads.rsa"] == "Google Ads · rsa"


def test_nothing_is_loaded_from_outside(
    given: BundleContents, store: AssetStore, tmp_path: Path
) -> None:
    page = Elements(page_of(packed(given, store, tmp_path)))

    loading = [
        attributes.get("src") or attributes.get("href") or ""
        for tag, attributes in page.found
        if tag in ("img", "script", "link", "iframe", "video", "audio", "source", "track")
    ]
    assert [url for url in loading if url and not url.startswith("data:")] == []
    assert "@import" not in "".join(text for _, text in page.inner)
    assert not re.search(
        r"url\(\s*['\"]?(?!data:)", "".join(t for k, t in page.inner if k == "style")
    )


def test_the_policy_allows_this_script_and_these_styles_alone(
    given: BundleContents, store: AssetStore, tmp_path: Path
) -> None:
    page = Elements(page_of(packed(given, store, tmp_path)))

    policy = next(a["content"] for t, a in page.found if a.get("http-equiv"))
    assert policy is not None
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    assert "http" not in policy
    code = [text for kind, text in page.inner if not text.startswith("{")]
    assert len(code) == 3
    for text in code:
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy
    assert not [
        a for _, a in page.found if any(name.startswith("on") or name == "style" for name in a)
    ]


def test_no_text_of_a_sheet_becomes_markup(store: AssetStore, tmp_path: Path) -> None:
    planned = bundles.plan(bundles.briefs(EVIL))
    plain = Elements(page_of(packed(bundles.contents(store, planned), store, tmp_path)))
    given = replace(
        bundles.contents(store, planned),
        campaign=EVIL,
        kit=replace(bundles.brand(), name=EVIL),
        problems=(
            Problem(code=EVIL, message=EVIL, remedy=EVIL, file=EVIL, column=EVIL, value=EVIL),
        ),
    )
    evil_finding = Finding(code="x.y", severity=Severity.WARN, message=EVIL, field=EVIL)
    given = bundles.changed(given, planned.orders[0].key, findings=(evil_finding,), message=EVIL)

    page = page_of(packed(given, store, tmp_path))

    elements = Elements(page)
    assert sum(tag == "script" for tag, _ in elements.found) == 2
    assert sum(tag == "img" for tag, _ in elements.found) == sum(
        tag == "img" for tag, _ in plain.found
    )
    shown = data_of(page)["orders"][0]
    assert shown["product"] == EVIL
    assert shown["message"] == EVIL
    assert EVIL in elements.words


def test_the_script_never_parses_markup() -> None:
    script = (builtin_templates() / "report" / "report.js").read_text("utf-8")

    for way in (
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
        "eval(",
        "fetch(",
    ):
        assert way not in script


def film_order(store: AssetStore) -> BundleContents:
    planned = bundles.plan(bundles.briefs("Espresso"), ["instagram.reel"])
    film = b"\0\0\0\x18ftypmp42 not a whole film"
    assets = (
        Asset(
            file=StoredFile(
                name="film.mp4",
                sha256=store.put_bytes(film),
                size_bytes=len(film),
                mime="video/mp4",
                medium=Medium.FILM,
                width_px=1080,
                height_px=1920,
                duration_s=7.5,
            ),
            origin=bundles.HOUSE,
        ),
        bundles.picture(store, bundles.jpeg(), "cover.jpg"),
        Asset(
            file=StoredFile(
                name="captions.srt",
                sha256=store.put_bytes(SRT.encode()),
                size_bytes=len(SRT),
                mime="application/x-subrip",
                medium=Medium.CAPTIONS,
            ),
            origin=bundles.HOUSE,
        ),
    )
    given = bundles.contents(store, planned)
    given = replace(given, todos={planned.orders[0].key: ("Switch on the AI label.",)})
    return bundles.changed(given, planned.orders[0].key, assets=assets)


def test_a_film_has_its_cover_and_its_captions_inside(store: AssetStore, tmp_path: Path) -> None:
    [order] = data_of(page_of(packed(film_order(store), store, tmp_path)))["orders"]

    [film] = order["media"]
    assert (film["kind"], film["s"], film["h"]) == ("film", 7.5, 1920)
    assert film["poster"].endswith("/cover.jpg")
    assert film["thumb"].startswith("data:image/jpeg")
    assert film["vtt"] == ("WEBVTT\n\n1\n00:00:00.200 --> 00:00:01.900\nEspresso, by the water\n")
    assert order["todo"] == ["Switch on the AI label."]


def test_a_print_file_is_shown_as_a_picture(store: AssetStore, tmp_path: Path) -> None:
    planned = bundles.plan(bundles.briefs("Espresso"), ["print.poster_a4"])
    buffer = io.BytesIO()
    Image.new("RGB", (210, 297), "#0b4f6c").save(buffer, "PDF")
    data = buffer.getvalue()
    file = StoredFile(
        name="image.pdf",
        sha256=store.put_bytes(data),
        size_bytes=len(data),
        mime="application/pdf",
        medium=Medium.IMAGE,
    )
    given = bundles.changed(
        bundles.contents(store, planned),
        planned.orders[0].key,
        assets=(Asset(file=file, origin=bundles.HOUSE),),
    )

    bundle = packed(given, store, tmp_path)

    [[shown]] = [order["media"] for order in data_of(page_of(bundle))["orders"]]
    head, _, body = shown["thumb"].partition(",")
    assert (shown["kind"], head) == ("print", "data:image/jpeg;base64")
    with Image.open(io.BytesIO(base64.b64decode(body))) as picture:
        assert picture.width == 720
        assert picture.height == pytest.approx(1018, abs=2)
        assert picture.convert("RGB").getpixel((300, 500)) == pytest.approx((11, 79, 108), abs=4)
    assert verify_bundle(bundle).faults == ()


def test_a_page_can_be_made_again_from_the_bundle_alone(
    given: BundleContents, store: AssetStore, tmp_path: Path
) -> None:
    bundle = packed(given, store, tmp_path)
    before = page_of(bundle)
    (bundle / "report.html").unlink()
    shutil.rmtree(store.root)

    page = build_report(bundle)

    assert page == bundle / "report.html"
    assert page.read_text("utf-8") == before
    assert verify_bundle(bundle).faults == ()


def test_a_folder_that_is_no_bundle_has_no_report(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match=r"is not a bundle.*\n.*--out"):
        build_report(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_thumbnails_stop_at_their_budget(
    given: BundleContents, store: AssetStore, tmp_path: Path
) -> None:
    bundle = packed(given, store, tmp_path)
    manifest = json.loads((bundle / "manifest.json").read_bytes())

    few = list(entries_of(bundle, manifest, Thumbnails(bundle, budget_bytes=1)))

    thumbs = [medium["thumb"] for entry in few for medium in entry["media"]]
    assert [bool(thumb) for thumb in thumbs] == [True] + [False] * (len(thumbs) - 1)


def test_a_picture_that_cannot_be_decoded_is_left_to_the_browser(
    given: BundleContents, store: AssetStore, tmp_path: Path
) -> None:
    bundle = packed(given, store, tmp_path)
    for picture in bundle.glob("channels/instagram/*/*/image.jpg"):
        picture.write_bytes(b"not a picture")

    build_report(bundle)

    media = [m for order in data_of(page_of(bundle))["orders"] for m in order["media"]]
    spoilt = [m["thumb"] for m in media if m["path"].startswith("channels/instagram/")]
    assert spoilt == [""] * 4


@pytest.mark.parametrize(
    "brand", ["#ffff00", "#0b4f6c", "#000000", "#ffffff", "#808080", "#e4572e"]
)
@pytest.mark.parametrize("grounds", [("#ffffff", "#eceae4"), ("#15161a", "#24262d")])
def test_every_brand_colour_becomes_readable(brand: str, grounds: tuple[str, str]) -> None:
    accent = readable_on(brand, *grounds)

    assert all(contrast(accent, ground) >= READABLE for ground in grounds)
    assert contrast(text_on(accent), accent) >= READABLE


def test_the_pages_own_colours_are_readable() -> None:
    style = (builtin_templates() / "report" / "report.css").read_text("utf-8")
    light, dark = re.findall(r"--ground: [^}]*?--none: #[0-9a-f]{6};", style)[:2]
    for scheme in (light, dark):
        colours = dict(re.findall(r"--(\w+): (#[0-9a-f]{6})", scheme))
        for name in ("ink", "soft", "good", "warn", "bad", "wait", "none"):
            for ground in ("ground", "paper", "mat"):
                assert contrast(colours[name], colours[ground]) >= READABLE, (name, ground)


@pytest.mark.skipif(not shutil.which("chromium"), reason="no chromium on this machine")
@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("", 16),
        ("#channel=google_ads.rsa&locale=ar", 2),
        ("#view=client", 15),
        ("#q=COLD+quay", 4),
        ("#status=blocked&group=placement", 1),
    ],
)
def test_a_browser_draws_a_card_for_each_order(
    given: BundleContents, store: AssetStore, tmp_path: Path, address: str, expected: int
) -> None:
    bundle = packed(given, store, tmp_path)
    argv = [
        *("chromium", "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run"),
        *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
        *("--enable-logging=stderr", f"--user-data-dir={tmp_path / 'profile'}"),
        *("--virtual-time-budget=2000", "--dump-dom", f"file://{bundle}/report.html{address}"),
    ]

    ran = subprocess.run(argv, capture_output=True, text=True, timeout=60, check=True)

    cards = [
        a for t, a in Elements(ran.stdout).found if t == "button" and a.get("class") == "card"
    ]
    assert len(cards) == expected
    assert all(card.get("aria-label") for card in cards)
    assert "CONSOLE" not in ran.stderr
