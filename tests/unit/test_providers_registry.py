"""Providers by name, and keys by reference."""

from __future__ import annotations

import pickle
import subprocess
import sys
import traceback
from pathlib import Path

import pytest

from handbill.domain.campaign import ProviderChoice
from handbill.errors import CampaignError, SettingsError
from handbill.providers.keys import Key, read_key, use_blocks
from handbill.providers.registry import open_provider, provider_names

CANARY = "sk-canary-5d1f"


def test_house_serves_copy_offline() -> None:
    handle = open_provider(ProviderChoice(name="house"), "copy")
    assert handle.name == "house"
    assert handle.mode == "offline"
    assert handle.copy is not None


def test_a_name_that_nobody_offers_is_answered_with_the_nearest_and_the_list() -> None:
    with pytest.raises(CampaignError) as refused:
        open_provider(ProviderChoice(name="opanai"), "copy")
    assert "'opanai'" in str(refused.value)
    assert "did you mean 'openai'?" in str(refused.value)
    assert "house, job, openai" in str(refused.value)
    assert refused.value.where == "[providers] copy"


def test_names_are_sorted_and_hold_the_built_in_ones() -> None:
    names = provider_names()
    assert list(names) == sorted(names)
    assert {"house", "openai"} <= set(names)


def test_opening_house_imports_no_vendors_library() -> None:
    program = (
        "import sys\n"
        "from handbill.domain.campaign import ProviderChoice\n"
        "from handbill.providers.registry import open_provider\n"
        "open_provider(ProviderChoice(), 'copy')\n"
        "print([name for name in ('openai', 'sqlalchemy', 'httpx2') if name in sys.modules])"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert ran.stdout.strip() == "[]"


def test_a_key_is_read_from_a_file_or_a_block(tmp_path: Path) -> None:
    path = tmp_path / "key"
    path.write_text(f"{CANARY}\nsecond line\n")
    assert read_key(f"file:{path}", where="x").reveal() == CANARY
    use_blocks({"vendor": CANARY}.__getitem__)
    try:
        assert read_key("block:vendor", where="x").reveal() == CANARY
    finally:
        use_blocks(None)


def test_a_key_is_read_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VENDOR_KEY", CANARY)
    assert read_key("env:VENDOR_KEY", where="x").reveal() == CANARY


@pytest.mark.parametrize(
    ("reference", "remedy"),
    [
        ("env:NOT_SET_ANYWHERE", "environment variable NOT_SET_ANYWHERE"),
        ("file:/not/there", "/not/there"),
        ("block:none", "Secret block named none"),
    ],
)
def test_a_reference_that_leads_nowhere_is_told_with_its_place(
    reference: str, remedy: str
) -> None:
    with pytest.raises(SettingsError) as refused:
        read_key(reference, where="[providers] copy")
    assert refused.value.where == "[providers] copy"
    assert remedy in refused.value.remedy


def test_a_key_that_was_pasted_instead_of_its_reference_is_not_repeated() -> None:
    with pytest.raises(SettingsError) as refused:
        read_key(CANARY, where="[providers] copy")
    assert CANARY not in str(refused.value)


def test_a_key_shows_itself_nowhere() -> None:
    key = Key(CANARY)
    shown = [repr(key), str(key), f"{key}", f"{[key]!r}", key.scrub(f"bad key {CANARY}!")]
    try:
        pickle.dumps(key)
    except TypeError:
        shown.append(traceback.format_exc())
    assert len(shown) == 6
    assert not any(CANARY in text for text in shown)
