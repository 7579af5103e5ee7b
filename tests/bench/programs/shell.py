"""How 2×2 windows are pooled in the shell, with each of the tools that are installed."""

from collections.abc import Callable, Iterator
from pathlib import Path
from shutil import which

from tests.bench.programs.children import Command

__all__ = ["missing_tools", "shell_commands"]

_PROGRAMS = {
    "vips": ("vips",),
    "convert": ("magick", "convert-im6.q16", "convert"),
    "gm": ("gm",),
}


def missing_tools() -> list[str]:
    return [name for name in _PROGRAMS if _program(name) is None]


def shell_commands(
    kind: str, source: Path, to: Callable[[str], Path], size: tuple[int, int]
) -> Iterator[Command]:
    """The commands that pool ``source`` into ``to(name)``, of the size (width, height)."""
    makers = {"vips": _vips, "convert": _magick, "gm": _graphicsmagick}
    for name, make in makers.items():
        program = _program(name)
        steps = make(kind, source, to(name), size) if program else []
        if program and steps:
            yield Command(name, tuple((program, *step) for step in steps))


def _program(name: str) -> str | None:
    return next(filter(None, map(which, _PROGRAMS[name])), None)


def _vips(kind: str, source: Path, end: Path, _size: tuple[int, int]) -> list[list[str]]:
    last = f"{end}[Q=75]" if end.suffix == ".jpg" else str(end)
    if kind == "avg":
        return [["shrink", str(source), last, "2", "2"]]
    ranked, moved = str(end.with_name("ranked.v")), str(end.with_name("moved.v"))
    return [
        ["rank", str(source), ranked, "2", "2", "3"],
        ["wrap", ranked, moved, "--x", "-1", "--y", "-1"],
        ["subsample", moved, last, "2", "2"],
    ]


def _magick(kind: str, source: Path, end: Path, size: tuple[int, int]) -> list[list[str]]:
    dilate = ["-morphology", "Dilate", "rectangle:2x2+1+1", "-sample"]
    how = dilate if kind == "max" else ["-scale"]
    return [[str(source), *_whole_blocks(size), *how, *_result(end, size)]]


def _graphicsmagick(kind: str, source: Path, end: Path, size: tuple[int, int]) -> list[list[str]]:
    """There is no maximum."""
    if kind == "max":
        return []
    return [["convert", str(source), *_whole_blocks(size), "-scale", *_result(end, size)]]


def _whole_blocks(size: tuple[int, int]) -> list[str]:
    return ["-crop", f"{size[0] * 2}x{size[1] * 2}+0+0", "+repage"]


def _result(end: Path, size: tuple[int, int]) -> list[str]:
    quality = ["-quality", "75"] if end.suffix == ".jpg" else []
    return [f"{size[0]}x{size[1]}!", *quality, str(end)]
