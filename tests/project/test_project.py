"""What the project says of itself in pyproject.toml, the package and the README."""

import re
import tomllib
from importlib.metadata import metadata, version
from pathlib import Path
from typing import Any

import poolcli
from tests.project.floor import lowest

ROOT = Path(__file__).parents[2]
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


def test_version_has_one_source() -> None:
    assert version("poolcli") == poolcli.__version__


def test_every_need_has_a_lowest_version() -> None:
    assert all(re.fullmatch(r"[a-z]+==[\d.]+", pin) for pin in lowest(PROJECT["dependencies"]))


def test_tools_have_every_extra() -> None:
    extras = PROJECT["optional-dependencies"]
    named = [re.fullmatch(r"poolcli\[(.*)\]", need) for need in extras["dev"]]
    assert {name for match in named if match for name in match[1].split(",")} == {*extras} - {"dev"}


def test_licence_travels() -> None:
    assert metadata("poolcli").get_all("License-File") == PROJECT["license-files"]
    for name in PROJECT["license-files"]:
        assert (ROOT / name).read_text("utf-8").startswith("MIT License\n")
