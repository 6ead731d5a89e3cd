"""Fixtures that every kind of test shares."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from handbill.store import AssetStore
    from handbill.studio import Studio
    from tests.doubles.vendor_server import VendorServer

REPOSITORY = Path(__file__).resolve().parent.parent


def pytest_addoption(parser: pytest.Parser) -> None:
    """``--snapshot-update`` keeps what is drawn now as what is expected from now on."""
    parser.addoption("--snapshot-update", action="store_true", help="Keep new golden pictures.")


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of shop data that lies beside the checkout on some machines."""
    for folder in REPOSITORY.parents:
        if (folder / "shared" / "data").is_dir():
            return folder / "shared" / "data"
    pytest.skip(
        "there is no folder shared/data beside the checkout; real shop data is not at hand"
    )


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A Handbill home of the test's own; no user's settings are seen."""
    folder = tmp_path / "handbill-home"
    for name in ("HANDBILL_TEMPLATES", "HANDBILL_ALLOWED_HOSTS", "PREFECT_API_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HANDBILL_HOME", str(folder))
    monkeypatch.setenv("HANDBILL_WORKERS", "1")
    return folder


SMALL_SHEET = """\
id,product,description,benefits,price,currency,url
mug,Harbour Mug,"A stoneware mug, glazed by hand.",Dishwasher safe; Holds 300 ml,19.90,EUR,\
https://example.com/mug
pot,Tea Pot,A pot for four cups.,Pours without a drip; Oak handle,39.90,EUR,\
https://example.com/pot
"""


@pytest.fixture
def small_sheet(tmp_path: Path) -> Path:
    """A sheet of two products without pictures."""
    path = tmp_path / "shop" / "products.csv"
    path.parent.mkdir()
    path.write_text(SMALL_SHEET, "utf-8")
    return path


@pytest.fixture
def store(tmp_path: Path) -> AssetStore:
    """An empty store."""
    from handbill.store import AssetStore  # noqa: PLC0415 - not every test needs the engine

    return AssetStore(tmp_path / "store")


@pytest.fixture
def studio(home: Path) -> Iterator[Studio]:
    """A studio in the test's own home."""
    from handbill.settings import read_settings  # noqa: PLC0415 - as above
    from handbill.studio import Studio  # noqa: PLC0415 - as above

    opened = Studio(read_settings())
    yield opened
    opened.close()


@pytest.fixture
def vendor() -> Iterator[VendorServer]:
    """A vendor of texts, pictures and speech on the loopback."""
    from tests.doubles.killing import serving  # noqa: PLC0415 - as above
    from tests.doubles.vendor_server import VendorServer  # noqa: PLC0415 - as above

    with serving(VendorServer()) as server:
        yield server
