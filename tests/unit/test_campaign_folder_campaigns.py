from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from handbill.campaign_folder import (
    DEFAULT_PLACEMENTS,
    create_campaign,
    read_brandkit,
    read_campaign,
)
from handbill.domain.outline import SheetOutline
from handbill.errors import CampaignError

WHOLE = """
campaign   = "Spring at the harbour"
sheet      = "briefs.csv"
columns    = "auto"
brand      = "brand.toml"
placements = ["instagram.feed_image", "email.html"]
locales    = ["en", "zh-cn"]
variants   = 2
accounts   = ["harbour_main", "harbour_north"]
audiences  = ["commuters", "families"]
budget_usd = 20.0
seed       = 7
review     = "before_export"
labels     = ["eu", "cn"]
currency   = "eur"

[providers]
copy  = { name = "openai", model = "m", base_url = "https://x.example/v1", key = "env:OPENAI_API_KEY", parameters = { temperature = 0.2, max_output_tokens = 900, honours_idempotency_key = true } }
image = "house"
"""  # noqa: E501 - an inline table stands on one line in TOML 1.0
SECRET = "sk-proj-abcdefghijklmnop1234567890"  # noqa: S105 - made up, to be looked for


def campaign(folder: Path, text: str) -> Path:
    (folder / "briefs.csv").write_text("product\nMug\n")
    (folder / "brand.toml").write_text('name = "B"\n[palette]\nprimary = "navy"\n')
    (folder / "campaign.toml").write_text(text, encoding="utf-8")
    return folder


def fault_of(folder: Path, text: str) -> str:
    with pytest.raises(CampaignError) as caught:
        read_campaign(campaign(folder, text))
    assert caught.value.exit_code == 11
    assert caught.value.remedy
    return str(caught.value)


def test_every_key_of_the_contract_is_read(tmp_path: Path) -> None:
    found = read_campaign(campaign(tmp_path, WHOLE))
    assert found.name == "Spring at the harbour"
    assert found.sheet == str(tmp_path / "briefs.csv")
    assert found.brand == str(tmp_path / "brand.toml")
    assert found.locales == ("en", "zh-CN")
    assert found.accounts == ("harbour_main", "harbour_north")
    assert found.audiences == ("commuters", "families")
    assert (found.variants, found.seed, found.review) == (2, 7, "before_export")
    assert (found.budget_usd, found.currency) == (Decimal("20.0"), "EUR")
    assert found.labels == ("eu", "cn")
    copy = found.provider("copy")
    assert (copy.name, copy.model, copy.key) == ("openai", "m", "env:OPENAI_API_KEY")
    assert copy.parameters == {
        "temperature": 0.2,
        "max_output_tokens": 900,
        "honours_idempotency_key": True,
    }
    assert found.provider("image").name == found.provider("music").name == "house"


def test_a_campaign_file_serves_for_its_folder(tmp_path: Path) -> None:
    folder = campaign(tmp_path, WHOLE)
    assert read_campaign(folder / "campaign.toml") == read_campaign(folder)


def test_a_table_of_columns_becomes_the_column_map(tmp_path: Path) -> None:
    text = 'sheet = "briefs.csv"\nplacements = ["x.post"]\n[columns]\nproduct = "Label"\n'
    found = read_campaign(campaign(tmp_path, text))
    assert (found.columns, found.column_map) == ("table", {"product": "Label"})


def test_a_bare_sheet_gets_the_defaults(tmp_path: Path) -> None:
    sheet = tmp_path / "spring.csv"
    sheet.write_text("product\nMug\n")
    found = read_campaign(sheet)
    assert (found.name, found.sheet, found.brand) == ("spring", str(sheet), "")
    assert found.placements == DEFAULT_PLACEMENTS
    assert found.placements[0] == "instagram.feed_image"
    assert found.locales == ()
    assert read_campaign(Path("-")).sheet == "-"


def test_every_fault_is_named_at_once_with_the_nearest_key(tmp_path: Path) -> None:
    text = fault_of(
        tmp_path,
        'sheet = "breifs.csv"\nplacments = ["x.post"]\nvariants = 40\nseed = "x"\n'
        'review = "later"\nlocales = ["english!"]\n',
    )
    assert "'placments'; did you mean 'placements'?" in text
    assert "'placements' is missing" in text
    assert "variants = '40'" in text
    assert "seed = 'x'" in text
    assert "review = 'later'" in text
    assert "'english!' is no locale" in text
    assert "'breifs.csv': there is no such file; did you mean 'briefs.csv'?" in text


@pytest.mark.parametrize(
    "line",
    [
        f'copy = {{ name = "openai", key = "{SECRET}" }}',
        f'copy = {{ name = "openai", api_key = "{SECRET}" }}',
        f'copy = {{ name = "openai", parameters = {{ api_key = "{SECRET}" }} }}',
        f'copy = {{ name = "openai", base_url = "https://user:{SECRET}@x.example" }}',
        f'copy = {{ name = "openai", key = "{SECRET}" ',
        f'copy = {{ name = "openai", key = ["{SECRET}"] }}',
        f'copy = "{SECRET}"',
        f'copy = {{ name = "{SECRET.upper()}" }}',
    ],
)
def test_a_key_in_the_file_is_refused_and_never_shown(tmp_path: Path, line: str) -> None:
    text = fault_of(
        tmp_path, f'sheet = "briefs.csv"\nplacements = ["x.post"]\n[providers]\n{line}\n'
    )
    assert SECRET not in text
    assert SECRET.upper() not in text


@pytest.mark.parametrize("key", ["env:OPENAI_API_KEY", "file:~/keys/openai", "block:openai-key"])
def test_references_to_keys_are_taken(tmp_path: Path, key: str) -> None:
    text = f'sheet = "briefs.csv"\nplacements = ["x.post"]\n[providers.copy]\nkey = "{key}"\n'
    assert read_campaign(campaign(tmp_path, text)).provider("copy").key == key


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ('labels = ["ue"]', "did you mean 'eu'"),
        ('currency = "euros"', "ISO code"),
        ("budget_usd = -1", "budget_usd"),
        ("budget_usd = nan", "budget_usd"),
        ('accounts = ["a", "a"]', "twice"),
        ("variants = true", "variants"),
        ('brand = "https://x.example/brand.toml"', "read from disk"),
        ('pictures = "nowhere"', "no such folder"),
        ("[providers]\nvidoe = 'house'", "did you mean 'video'"),
    ],
)
def test_a_wrong_value_is_explained(tmp_path: Path, line: str, word: str) -> None:
    text = f'sheet = "briefs.csv"\nplacements = ["x.post"]\n{line}\n'
    assert word in fault_of(tmp_path, text)


def test_placements_must_look_like_placements(tmp_path: Path) -> None:
    text = fault_of(tmp_path, 'sheet = "briefs.csv"\nplacements = ["Instagram Story"]\n')
    assert "look like instagram.story" in text


@pytest.mark.parametrize("text", ["sheet = ", "[[[", "a = 1\na = 2", "\udc80"])
def test_what_is_no_toml_is_an_error_with_its_place(tmp_path: Path, text: str) -> None:
    folder = campaign(tmp_path, "")
    (folder / "campaign.toml").write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(CampaignError, match=r"campaign\.toml"):
        read_campaign(folder)


def test_a_folder_without_a_campaign_and_a_missing_target_are_errors(tmp_path: Path) -> None:
    (tmp_path / "briefs.csv").write_text("product\n")
    with pytest.raises(CampaignError, match=r"briefs\.csv"):
        read_campaign(tmp_path)
    with pytest.raises(CampaignError, match="did you mean"):
        read_campaign(tmp_path / "brefs.csv")


def test_a_new_campaign_reads_back(tmp_path: Path) -> None:
    folder = create_campaign(tmp_path, "Spring sale")
    found = read_campaign(folder)
    assert (found.name, Path(found.sheet).name) == ("Spring sale", "briefs.csv")
    assert read_brandkit(Path(found.brand)).name == "Spring sale"


@pytest.mark.parametrize("name", ["", " ", "..", "a/b", "a\\b", "a:b", "a\0b"])
def test_a_campaign_cannot_be_called_like_a_path(tmp_path: Path, name: str) -> None:
    with pytest.raises(CampaignError):
        create_campaign(tmp_path, name)


def test_a_folder_in_use_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("keep")
    with pytest.raises(CampaignError, match="exists already"):
        create_campaign(tmp_path, "mine")
    assert [file.name for file in (tmp_path / "mine").iterdir()] == ["notes.txt"]


def test_a_campaign_around_a_sheet_writes_its_mapping_and_suggests_placements(
    tmp_path: Path,
) -> None:
    (tmp_path / "shop").mkdir()
    sheet = tmp_path / "shop" / 'my "list".csv'
    sheet.write_text("Artikel,Preis\nBecher,5\n")
    outline = SheetOutline(
        preset="handbill",
        columns={"product": "Artikel", "price": "Preis", "product.de": 'Name "DE"'},
        unknown=("Farbe",),
        languages=("de", "zh-CN"),
        currency="EUR",
        has_store=True,
    )
    folder = create_campaign(tmp_path, "Neu", sheet, outline)
    found = read_campaign(folder)
    assert Path(found.sheet).resolve() == sheet.resolve()
    assert found.column_map == dict(outline.columns)
    assert found.locales == ("de", "zh-CN")
    assert found.currency == "EUR"
    assert {"xiaohongshu.note", "print.poster_a4"} <= set(found.placements)


def test_an_address_for_media_is_an_address(tmp_path: Path) -> None:
    (tmp_path / "b.csv").write_text("product\nMug\n", "utf-8")
    lines = 'sheet = "b.csv"\nplacements = ["pinterest.pin"]\nmedia_base_url = '
    file = tmp_path / "campaign.toml"
    file.write_text(f'{lines}"https://cdn.example/spring"\n', "utf-8")
    assert read_campaign(tmp_path).media_base_url == "https://cdn.example/spring"
    file.write_text(f'{lines}"spring"\n', "utf-8")
    with pytest.raises(CampaignError, match="media_base_url"):
        read_campaign(tmp_path)


def test_wishes_for_films_are_read_and_their_music_is_looked_for(tmp_path: Path) -> None:
    (tmp_path / "briefs.csv").write_text("product\nSoap\n")
    (tmp_path / "ours.wav").write_bytes(b"RIFF")
    text = 'sheet = "briefs.csv"\nplacements = ["instagram.reel"]\n[film]\nlength_s = 15\n'
    path = tmp_path / "campaign.toml"
    path.write_text(text + 'captions = "block"\nmusic = "ours.wav"\nmusic_from_s = 2\n')
    film = read_campaign(tmp_path).film
    assert (film.length_s, film.captions, film.music_from_s) == (15.0, "block", 2.0)
    assert film.music == str(tmp_path / "ours.wav")
    assert (film.music_to_s, film.music_gain_db) == (0.0, 0.0)
    path.write_text(text + 'music = "ours.wav"\nmusic_to_s = 12\nmusic_gain_db = -3\n')
    film = read_campaign(tmp_path).film
    assert (film.music_to_s, film.music_gain_db) == (12.0, -3.0)
    path.write_text(text + "music_from_s = 12\nmusic_to_s = 12.5\n")
    with pytest.raises(CampaignError, match=r"music_to_s.*after music_from_s = 12; write a later"):
        read_campaign(tmp_path)
    path.write_text(text + 'music = "theirs.wav"\n')
    with pytest.raises(CampaignError, match=r"film\.music"):
        read_campaign(tmp_path)
    path.write_text(text.replace("15", "3"))
    with pytest.raises(CampaignError, match="length_s"):
        read_campaign(tmp_path)
