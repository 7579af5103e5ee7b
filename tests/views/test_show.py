"""poolcli show and the preview: what is printed, by what the stream and the terminal can do."""

import re
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from poolcli.cli.preview import preview_files
from tests.commands import Run, Shell
from tests.pictures import Photo, deep_png, noise

COLOURED = {"FORCE_COLOR": "1", "COLORTERM": "truecolor", "TERM": "xterm-256color"}
RED_OVER_BLUE = "\x1b[38;2;255;0;0;48;2;0;0;255m▀"


@pytest.fixture
def flag(here: Path) -> Path:
    """Red above blue, 2 × 3."""
    Image.fromarray(np.array([[(255, 0, 0)] * 3, [(0, 0, 255)] * 3], "u1")).save(here / "flag.png")
    return Path("flag.png")


@pytest.fixture
def ramp(here: Path) -> Path:
    """From black on the left to white on the right."""
    Image.fromarray(np.tile(np.linspace(0, 255, 40).astype("u1"), (20, 1))).save(here / "ramp.png")
    return Path("ramp.png")


def test_signs_where_there_is_no_terminal(ramp: Path, run: Run) -> None:
    done = run("show", ramp, "--width", 40)
    *lines, last = done.out.splitlines()
    assert last == "ramp.png: 1×20×40"
    assert (done.code, len(lines), len(set(lines))) == (0, 10, 1)
    assert lines[0] == "".join(sorted(lines[0], key=" .:-=+*#%@".index))
    assert (lines[0][0], lines[0][-1]) == (" ", "@")
    assert run("show", ramp, "--width", 40, "--invert").out.startswith("@")


def coloured(run: Run, monkeypatch: pytest.MonkeyPatch, flag: Path, **env: str) -> str:
    for name, value in (COLOURED | env).items():
        monkeypatch.setenv(name, value)
    done = run("show", flag, "--width", 3)
    assert (done.code, done.err) == (0, "")
    return done.out


def test_true_colour(flag: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    out = coloured(run, monkeypatch, flag)
    assert out == f"{RED_OVER_BLUE}▀▀\x1b[0m\nflag.png: 3×2×3\n"


@pytest.mark.parametrize(
    ("env", "begin"),
    [
        ({"COLORTERM": ""}, "\x1b[38;5;196;48;5;21m▀"),
        ({"COLORTERM": "", "TERM": "xterm"}, "\x1b["),
        ({"NO_COLOR": "1"}, ""),
        ({"TERM": "dumb"}, ""),
    ],
)
def test_fewer_colours(
    flag: Path, run: Run, monkeypatch: pytest.MonkeyPatch, env: dict[str, str], begin: str
) -> None:
    out = coloured(run, monkeypatch, flag, **env)
    assert out.startswith(begin)
    assert ("▀" in out) == bool(begin)
    assert "38;2;" not in out


def test_stream_that_is_not_unicode(flag: Path, shell: Shell) -> None:
    out = shell("show", flag, "--width", 3, env=COLOURED | {"PYTHONIOENCODING": "ascii"}).out
    assert "\x1b" not in out
    assert out.endswith("flag.png: 3x2x3\n")


def test_small_pictures_are_enlarged_and_large_ones_fitted(
    flag: Path, photo: Photo, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = run("show", flag).out.splitlines()[:-1]
    assert max(map(len, lines)) == 48
    assert len(lines) == 16
    for size in ((600, 200), (200, 600)):
        photo("RGB", size).save("large.png")
        for columns, rows in ((80, 24), (40, 50)):
            monkeypatch.setenv("COLUMNS", str(columns))
            monkeypatch.setenv("LINES", str(rows))
            lines = run("show", "large.png").out.splitlines()[:-1]
            assert len(lines) <= rows - 2
            assert max(map(len, lines)) <= columns
            assert abs(2 * len(lines) / max(map(len, lines)) * size[0] / size[1] - 1) < 0.2


@pytest.mark.parametrize("mode", ["1", "L", "LA", "RGBA", "CMYK", "P", "I;16", "I", "F", "LAB"])
def test_modes(photo: Photo, run: Run, mode: str) -> None:
    name = "in.png" if mode in ("1", "L", "LA", "RGBA", "P", "I;16") else "in.tif"
    photo(mode).save(name)
    done = run("show", name)
    assert (done.code, done.err) == (0, "")
    assert len(done.out.splitlines()) > 5


def test_arrays_with_nan(run: Run, here: Path) -> None:
    x = np.linspace(0, 1, 12, dtype="f4").reshape(3, 4)
    x[1, 1] = np.nan
    np.save(here / "x.npy", x)
    assert run("show", "x.npy").out.endswith("x.npy: 1×3×4\n")


def test_files_that_are_no_pictures(run: Run, here: Path) -> None:
    (here / "text.png").write_text("text")
    assert (
        run("show", "missing.png").failure == "missing.png: no such file or folder; check the name"
    )
    assert run("show", "text.png").failure.startswith("text.png: is not a picture")


def test_preview(photo: Photo, run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    photo("RGB", (60, 40)).save("in.png")
    assert run("max", "in.png", "out.png", "-k", 20).code == 0
    preview_files(Path("in.png"), Path("out.png"))
    title, *lines = capsys.readouterr().out.splitlines()
    assert title.split() == ["3×40×60", "3×2×3"]
    assert len({len(line) for line in lines}) == 1
    half = (len(lines[0]) - 3) // 2
    after = [line[half + 3 :] for line in lines]
    # Two rows and three columns of one sign each are left.
    assert len(set(after)) <= 3
    assert len(set(after[0])) <= 3
    assert title.index("3×2×3") == half + 3


def test_preview_shows_both_on_the_scale_of_the_first(
    run: Run, here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Black and white above, of which grey is made, and white below."""
    x = np.full((8, 8), 40_000, np.uint16)
    x[:4:2, ::2] = x[1:4:2, 1::2] = 0
    Image.fromarray(x).save(here / "in.png")
    assert run("avg", "in.png", "out.png", "-k", 2).code == 0
    for name, value in COLOURED.items():
        monkeypatch.setenv(name, value)
    preview_files(Path("in.png"), Path("out.png"))
    out = capsys.readouterr().out
    assert set(re.findall(r"[34]8;2;(\d+);", out)) == {"0", "128", "255"}


def test_how_a_file_is_read(run: Run, here: Path) -> None:
    (here / "deep.png").write_bytes(deep_png(noise((4, 6, 3), "u2")))
    assert run("show", "deep.png").out.endswith("deep.png: 3×4×6\n")
    assert run("show", "deep.png", "--convert", "L").out.endswith("deep.png: 1×4×6\n")
    assert "--max-pixels" in run("show", "deep.png", "--max-pixels", 3).failure
