"""A font of the system that has Chinese characters."""

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

from PIL import ImageFont

__all__ = ["chinese_font", "find_fonts", "first_readable", "font_folders"]

_NAMES = (
    "NotoSansCJKsc-Regular.otf", "NotoSansSC-Regular.otf", "NotoSansSC-Regular.ttf",
    "NotoSansCJK-Regular.ttc", "SourceHanSansSC-Regular.otf", "SourceHanSansCN-Regular.otf",
    "PingFang.ttc", "Hiragino Sans GB.ttc", "STHeiti Light.ttc", "msyh.ttc", "msyh.ttf", "Deng.ttf",
    "simhei.ttf", "wqy-microhei.ttc", "wqy-zenhei.ttc", "DroidSansFallbackFull.ttf",
    "DroidSansFallback.ttf", "Arial Unicode.ttf", "NotoSerifCJK-Regular.ttc", "simsun.ttc",
    "uming.ttc",
)  # fmt: skip
"""File names of fonts, the better ones first."""

_FACES = 12


def font_folders(
    platform: str = sys.platform, environment: Mapping[str, str] = os.environ
) -> list[Path]:
    """List the folders that a system keeps its fonts in.

    >>> font_folders("win32", {"WINDIR": "W", "LOCALAPPDATA": "L"})[0] == Path("W", "Fonts")
    True
    """
    home = Path(environment.get("HOME") or environment.get("USERPROFILE") or os.devnull)
    if platform == "win32":
        local = Path(environment.get("LOCALAPPDATA") or home, "Microsoft", "Windows", "Fonts")
        return [Path(environment.get("WINDIR") or "C:/Windows", "Fonts"), local]
    if platform == "darwin":
        return [Path("/System/Library/Fonts"), Path("/Library/Fonts"), home / "Library" / "Fonts"]
    own = Path(environment.get("XDG_DATA_HOME") or home / ".local" / "share", "fonts")
    return [own, home / ".fonts", Path("/usr/local/share/fonts"), Path("/usr/share/fonts")]


def find_fonts(folders: list[Path]) -> list[Path]:
    """Find the fonts that are known to have Chinese characters, the better ones first."""
    found: dict[str, Path] = {}
    for path in _files(folders):
        found.setdefault(path.name, path)
    return [found[name] for name in _NAMES if name in found]


def first_readable(paths: list[Path]) -> Path | None:
    """Choose the first font that can be opened."""
    for path in paths:
        with suppress(OSError):
            ImageFont.truetype(path, 10)
            return path
    return None


def _files(folders: list[Path]) -> Iterator[Path]:
    for folder in folders:
        for place, _, names in os.walk(folder):
            yield from (Path(place, name) for name in names)


@cache
def chinese_font(size: float) -> Any:
    """Open the system's font for Chinese; None if there is none that can be opened."""
    path = _path()
    if path is None:
        return None
    faces = [ImageFont.truetype(path, size, index) for index in _indices(path)]
    # A collection has a face for each country, whose characters differ in details.
    return next((face for face in faces if "SC" in str(face.getname()[0]).split()), faces[0])


@cache
def _path() -> Path | None:
    return first_readable(find_fonts(font_folders()))


@cache
def _indices(path: Path) -> list[int]:
    """Count the faces of a collection of fonts."""
    for index in range(1, _FACES if path.suffix.lower() == ".ttc" else 1):
        try:
            ImageFont.truetype(path, 10, index)
        except OSError:
            return list(range(index))
    return [0]
