from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def wheel_names(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    return set(zipfile.ZipFile(wheel).namelist())


def test_the_wheel_holds_the_engine_and_not_the_studio(wheel_names: set[str]) -> None:
    assert "handbill/domain/plan.py" in wheel_names
    assert not [name for name in wheel_names if name.startswith(("flows", "tasks", "tests"))]


def test_every_template_of_the_checkout_is_in_the_wheel(wheel_names: set[str]) -> None:
    folder = ROOT / "templates"
    templates = [path for path in folder.rglob("*") if path.is_file()]
    wanted = {f"handbill/_builtin/templates/{path.relative_to(folder)}" for path in templates}
    assert wanted
    assert wanted <= wheel_names


def test_the_catalogue_and_the_notices_are_in_the_wheel(wheel_names: set[str]) -> None:
    figures = [name for name in wheel_names if name.startswith("handbill/channels/figures/")]
    assert len(figures) > 10
    assert any(name.endswith("licenses/NOTICE") for name in wheel_names)
