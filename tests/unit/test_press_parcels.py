"""A campaign that travels to another machine gives the same plan there."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from PIL import Image

from handbill.channels import load_catalogue
from handbill.errors import StoreError
from handbill.press.docket import open_docket
from handbill.press.parcels import Parcel, open_parcel, pack_parcel
from handbill.press.records import as_json
from handbill.press.request import RunRequest
from handbill.store import AssetStore, open_store

_SHEET = "product,price,image\nMug,9.90 EUR,pictures/mug.png\n"


@pytest.fixture
def campaign(tmp_path: Path) -> Path:
    folder = tmp_path / "spring"
    (folder / "pictures").mkdir(parents=True)
    (folder / "out").mkdir()
    (folder / "out" / "report.html").write_text("an old bundle", "utf-8")
    Image.new("RGB", (40, 40), "red").save(folder / "pictures" / "mug.png")
    (folder / "briefs.csv").write_text(_SHEET, "utf-8")
    settings = 'campaign = "Spring"\nsheet = "briefs.csv"\nplacements = ["x.post"]\n'
    (folder / "campaign.toml").write_text(settings, "utf-8")
    return folder


def sent(tmp_path: Path, request: RunRequest, gone: Path) -> tuple[Parcel, str]:
    """The parcel of `request` on another machine, where `gone` never was, and the plan there."""
    shared = f"file://{tmp_path}/shared"
    docket = open_docket(request, load_catalogue())
    digest = pack_parcel(open_store(tmp_path / "here", shared), docket, request)
    shutil.rmtree(gone)
    parcel = open_parcel(open_store(tmp_path / "there", shared), digest, tmp_path / "parcels")
    assert parcel.plan_digest == docket.plan.digest
    return parcel, open_docket(parcel.request, load_catalogue()).plan.digest


def test_a_campaign_folder_travels_without_its_bundles(tmp_path: Path, campaign: Path) -> None:
    parcel, there = sent(tmp_path, RunRequest(target=str(campaign), rows="1"), campaign)
    assert there == parcel.plan_digest
    assert sorted(parcel.files) == ["briefs.csv", "campaign.toml", "pictures/mug.png"]
    assert parcel.request.rows == "1"


def test_only_the_campaigns_own_bundles_stay_at_home(tmp_path: Path, campaign: Path) -> None:
    for inside in ("pictures/out/mug.png", "march/manifest.json", "march/report.html"):
        (campaign / inside).parent.mkdir(exist_ok=True)
        (campaign / inside).write_bytes((campaign / "pictures" / "mug.png").read_bytes())
    manifest = '{"handbill": "1", "plan_digest": "0", "assets": []}'
    (campaign / "march" / "manifest.json").write_text(manifest, "utf-8")
    sheet = _SHEET.replace("pictures/mug", "pictures/out/mug")
    (campaign / "briefs.csv").write_text(sheet, "utf-8")
    parcel, there = sent(tmp_path, RunRequest(target=str(campaign)), campaign)
    assert there == parcel.plan_digest
    pictures = ["pictures/mug.png", "pictures/out/mug.png"]
    assert sorted(parcel.files) == ["briefs.csv", "campaign.toml", *pictures]


def test_a_bare_sheet_travels_with_the_pictures_of_its_rows(
    tmp_path: Path, campaign: Path
) -> None:
    (campaign / "campaign.toml").unlink()
    (campaign / "taxes.xlsx").write_bytes(b"nobody's business")
    parcel, there = sent(tmp_path, RunRequest(target=str(campaign / "briefs.csv")), campaign)
    assert there == parcel.plan_digest
    assert sorted(parcel.files) == ["briefs.csv", "pictures/mug.png"]


def test_a_sheet_from_elsewhere_travels_with_its_campaign(tmp_path: Path, campaign: Path) -> None:
    other = tmp_path / "pasted" / "pasted-1.csv"
    other.parent.mkdir()
    other.write_text("product\nTeapot\n", "utf-8")
    request = RunRequest(target=str(campaign), sheet=str(other))
    parcel, there = sent(tmp_path, request, campaign)
    assert there == parcel.plan_digest
    assert "sheet/pasted-1.csv" in parcel.files


def test_a_parcel_is_laid_out_once_and_never_outside(tmp_path: Path) -> None:
    store = AssetStore(tmp_path / "store")
    evil = store.put_bytes(b"evil")
    request = RunRequest(target=".")
    files = {"../../escaped.txt": evil}
    digest = store.put_bytes(as_json(Parcel(request=request, plan_digest="0", files=files)))
    with pytest.raises(StoreError, match="outside"):
        open_parcel(store, digest, tmp_path / "parcels")
    assert not (tmp_path / "escaped.txt").exists()
