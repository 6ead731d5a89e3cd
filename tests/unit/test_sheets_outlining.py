from __future__ import annotations

from pathlib import Path

from handbill.campaign_folder import create_campaign, read_campaign
from handbill.sheets import SheetOptions, outline_sheet, read_sheet


def test_an_outline_tells_what_a_campaign_needs(tmp_path: Path) -> None:
    sheet = tmp_path / "läden.csv"
    sheet.write_text(
        "Artikel;product.zh-CN;Preis;Adresse;Farbe\nBecher;杯子;5,90 €;Hafen 4;blau\n",
        encoding="utf-8",
    )
    outline = outline_sheet(sheet, SheetOptions(source_locale="de"))
    assert outline.columns == {
        "product": "Artikel", "product.zh-CN": "product.zh-CN", "price": "Preis",
        "store_address": "Adresse",
    }  # fmt: skip
    assert outline.unknown == ("Farbe",)
    assert outline.languages == ("de", "zh-CN")
    assert (outline.currency, outline.preset, outline.rows) == ("EUR", "handbill", 1)
    assert outline.has_store


def test_a_campaign_made_from_an_outline_reads_its_sheet_alike(tmp_path: Path) -> None:
    sheet = tmp_path / "briefs.csv"
    sheet.write_text("Label,name,Cost,Label.de\nMug,x,5 €,Becher\n", encoding="utf-8")
    options = SheetOptions(
        columns="table", column_map={"product": "Label", "product.de": "Label.de"}
    )
    outline = outline_sheet(sheet, options)
    campaign = read_campaign(create_campaign(tmp_path, "new", sheet, outline))
    read = SheetOptions(columns=campaign.columns, column_map=campaign.column_map)
    (brief,) = read_sheet(Path(campaign.sheet), read).briefs
    assert (brief.product, brief.text("product", "de")) == ("Mug", "Becher")
