"""Whole transcripts: what is printed, where, with which exit code, and what is in the file then."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.commands import Outcome, Run, Shell, Word, posix, unicode_names
from tests.pictures import Photo, pixels, pooled, read, same


def test_first_picture_of_the_tutorial(photo: Photo, shell: Shell) -> None:
    photo("RGB", (250, 201)).save("spaceship.png")
    done = shell("max", "spaceship.png", "out.png", "-k", 6, "-s", 2)
    assert done == Outcome(0, "out.png: 3×201×250 → 3×98×123 (1 row unused)\n", "")
    mode, got = read("out.png")
    assert mode == "RGB"
    assert same(got, pooled("max", pixels(photo("RGB", (250, 201))), 6, 2))


@pytest.mark.parametrize(
    ("words", "printed", "numbers"),
    [
        ("max -k 5", "3×3×4", {"kernel": 5}),
        ("max --kernel=5 --stride=5", "3×3×4", {"kernel": 5}),
        ("min -k 3x1", "3×5×20", {"kernel": (3, 1)}),
        ("min -k 3,1", "3×5×20", {"kernel": (3, 1)}),
        ("min -k 3×1", "3×5×20", {"kernel": (3, 1)}),
        ("max -k1 -s3x4", "3×5×5 (10 rows and 15 columns unused)", {"kernel": 1, "stride": (3, 4)}),
        ("max -k 4", "3×3×5 (3 rows unused)", {"kernel": 4}),
        ("max -k 5x6", "3×3×3 (2 columns unused)", {"kernel": (5, 6)}),
        ("max -k 14x19", "3×1×1 (1 row and 1 column unused)", {"kernel": (14, 19)}),
        ("max -k 4 --ceil", "3×4×5", {"kernel": 4, "ceil_mode": True}),
        ("max -k 3 -s 2 -p 1", "3×8×10", {"kernel": 3, "stride": 2, "padding": 1}),
        ("max -k 3 -s 3 -p 0,1", "3×5×7", {"kernel": 3, "padding": (0, 1)}),
        (
            "min -k 3 -s 1 -d 2x3",
            "3×11×14",
            {"kernel": 3, "stride": 1, "dilation": (2, 3)},
        ),
        ("avg -k 2x3", "3×7×6 (1 row and 2 columns unused)", {"kernel": (2, 3)}),
        ("avg -k 3 -p 1", "3×5×7", {"kernel": 3, "padding": 1}),
        ("avg -k 3 -p 1 --exclude-pad", "3×5×7", {"kernel": 3, "padding": 1, "include_pad": False}),
        ("avg -k 2 -s 5 --divisor 7", "3×3×4", {"kernel": 2, "stride": 5, "override": 7}),
    ],
)
def test_kernel_stride_padding_and_dilation(
    source: Path, run: Run, words: str, printed: str, numbers: dict[str, Any]
) -> None:
    operation, *options = words.split()
    x = read(source)[1]
    want = pooled(operation, x, **numbers)
    if "unused" not in printed:
        assert printed == "×".join(map(str, (want.shape[2], *want.shape[:2])))
    lines: list[list[Word]] = [
        [operation, source, "out.png", *options],
        [operation, *options, "--", source, "out.png"],
    ]
    for line in lines:
        done = run(*line)
        assert done.out.startswith(f"out.png: 3×15×20 → {printed}")
        assert (done.code, done.err) == (0, "")
        assert same(read("out.png")[1], want)


def test_divisor_that_is_too_small(source: Path, run: Run) -> None:
    """Sums over 1 are clipped at 255, sums over -1 at 0."""
    for divisor, value in ((1, 255), (-1, 0)):
        assert run("avg", source, "out.png", "-k", 5, "--divisor", divisor).code == 0
        assert set(read("out.png")[1].flat) == {value}


@pytest.mark.parametrize("pair", ["6x4", "6X4", "6,4", "6×4"])
def test_pairs_are_written_in_several_ways(source: Path, run: Run, pair: str) -> None:
    assert run("max", source, "out.png", "-k", pair).out.startswith("out.png: 3×15×20 → 3×2×5")


HALF = "1 for kernel 2); use a larger kernel, or less"
PAIR = "is neither a number nor HxW; use 6, 6x4 or 6,4 (height first)"


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        ("-k 0", "kernel 0 is too small; use 1 or more"),
        ("-k -1", "kernel -1 is too small; use 1 or more"),
        ("-k 2x0", "kernel 0 is too small; use 1 or more"),
        ("-k 2 -s 0", "stride 0 is too small; use 1 or more"),
        ("-k 2 -s 1x-2", "stride -2 is too small; use 1 or more"),
        ("-k 2 -d 0", "dilation 0 is too small; use 1 or more"),
        ("-k 2 -p 2", f"padding 2 is not between 0 and half the kernel ({HALF}"),
        ("-k 2 -p -1", f"padding -1 is not between 0 and half the kernel ({HALF}"),
        ("-k 3x", f"Invalid value for '-k' / '--kernel': '3x' {PAIR}"),
        ("-k x3", f"Invalid value for '-k' / '--kernel': 'x3' {PAIR}"),
        ("-k 3x4x5", f"Invalid value for '-k' / '--kernel': '3x4x5' {PAIR}"),
        ("-k 1.5", f"Invalid value for '-k' / '--kernel': '1.5' {PAIR}"),
        ("-k 2 -s big", f"Invalid value for '-s' / '--stride': 'big' {PAIR}"),
        (f"-k {'1' * 5000}", f"Invalid value for '-k' / '--kernel': '{'1' * 5000}' {PAIR}"),
        ("-k", "Option '-k' requires an argument."),
        ("", "Missing option '-k'; give a kernel, or --size HxW or --global."),
        (
            "-k 2 more.png",
            "more.png looks like a file, and several files need a folder; use more.png/ if that is "
            "its name",
        ),
        ("-k 2 --divisor 2", "No such option '--divisor'; --help lists all options."),
    ],
)
def test_wrong_usage(source: Path, run: Run, words: str, complaint: str) -> None:
    done = run("max", source, "out.png", *words.split())
    assert done.code == 2
    assert done.failure == complaint
    assert not Path("out.png").exists()


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        ("max", "Missing argument 'SOURCE'."),
        ("max in.png", "Missing argument 'DEST'."),
        ("mxa in.png out.png", "No such command 'mxa'. Did you mean 'max'?"),
        ("--nothing", "No such option '--nothing'; --help lists all options."),
        ("avg in.png o.png -k 2 --divisor 0", "divisor 0 cannot divide; use any other integer"),
        (
            "avg in.png o.png -k 2 --divisors 2",
            "No such option '--divisors'. Did you mean '--divisor'?",
        ),
    ],
)
def test_wrong_words(run: Run, words: str, complaint: str) -> None:
    done = run(*words.split())
    assert done.code == 2
    assert done.failure == complaint


def test_short_options_may_stand_together(source: Path, run: Run) -> None:
    done = run("max", source, "out.png", "-qk", 2, "-s1")
    assert (done.code, done.out) == (0, "")
    assert read(Path("out.png"))[1].shape == (14, 19, 3)


def test_value_that_looks_like_a_short_option(source: Path, run: Run) -> None:
    done = run("max", source, "out.png", "--convert", "-k", "-k", 2)
    assert "to -k" in done.failure
    assert run("max", source, "out.png", "-qf", "-k", "-k", 2).failure.startswith("-f -k: ")
    assert run("max", source, "out.png", "-k").failure == "Option '-k' requires an argument."


def test_name_that_looks_like_a_short_option(source: Path, run: Run) -> None:
    source.rename("-k")
    assert run("max", "-k", 2, "--", "-k", "out.png").code == 0


@pytest.mark.parametrize("option", ["--winners", "--indices"])
def test_file_beside_the_destination_that_is_a_folder(source: Path, run: Run, option: str) -> None:
    Path("made").mkdir()
    done = run("max", source, "out.png", "-k", 2, option, "made")
    assert done.code == 2
    assert done.failure.endswith(": made is a folder; name a file")


def test_destination_that_is_a_folder(source: Path, run: Run) -> None:
    Path("folder").mkdir()
    assert run("max", source, "folder", "-k", 5).out == "folder/in.png: 3×15×20 → 3×3×4\n"
    assert same(read("folder/in.png")[1], pooled("max", read(source)[1], 5))


@pytest.mark.parametrize(
    "name", ["two  blanks.png", "a[/b].png", "[red]c[/].png", "é猫🚀.png", "-d.png", "%s{0}.png"]
)
@unicode_names
def test_names_are_printed_as_they_are(source: Path, run: Run, name: str) -> None:
    Path(name).parent.mkdir(exist_ok=True)
    source.rename(name)
    assert run("max", "-k", 5, "--", name, f"{name}.png").out == f"{name}.png: 3×15×20 → 3×3×4\n"
    assert run("max", "-k", 99, "--", name, "o.png").failure.startswith(f"{name}: kernel 99 ")


@unicode_names
@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252"])
def test_stream_that_is_not_unicode(source: Path, shell: Shell, encoding: str) -> None:
    env = {"PYTHONIOENCODING": encoding}
    Path("é猫").mkdir()
    done = shell("max", source, "é猫/out.png", "-k", 4, env=env)
    shown = {"ascii": "\\xe9\\u732b"}.get(encoding, "\udce9\\u732b")
    want = f"{shown}/out.png: 3x15x20 -> 3x3x5 (3 rows unused)\n"
    assert (done.code, done.out, done.err) == (0, want, "")
    assert shell("max", source, "é猫/missing/out.png", "-k", 4, env=env).code == 1
    assert shell("--help", env=env).code == 0


@posix
@pytest.mark.skipif(sys.platform == "darwin", reason="names are Unicode there")
def test_name_that_is_not_unicode(source: Path, shell: Shell) -> None:
    name = os.fsdecode(b"\xe9.png")
    source.rename(name)
    done = shell("max", name, f"out{name}", "-k", 5)
    assert done == Outcome(0, "$'out\\xe9.png': 3×15×20 → 3×3×4\n", "")
    assert Path(f"out{name}").exists()


def test_debug_adds_the_traceback(source: Path, run: Run) -> None:
    lines: list[tuple[list[Word], int]] = [
        (["missing.png", "out.png", "-k", 2], 1),
        ([source, "out.png", "-k", 0], 2),
    ]
    for words, code in lines:
        plain, debug = run("max", *words), run("max", *words, "--debug")
        assert plain.code == debug.code == code
        assert debug.out == ""
        assert debug.err.startswith("Traceback (most recent call last):\n")
        assert debug.err.endswith(f"\npoolcli: {plain.failure}\n")
    assert run("max", source, "out.png", "-k", 5, "--debug").err == ""


def test_version_line(shell: Shell) -> None:
    done = shell("--version")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("poolcli 0.1.0 (Pillow ")
    assert done.out.count("\n") == 1


def test_installed_script(source: Path) -> None:
    """The command that is installed is the same as ``python -m poolcli``."""
    script = Path(sys.executable).with_name("poolcli")
    words = f"max {source} out.png -k 5".split()
    done = subprocess.run([script, *words], capture_output=True, check=True, encoding="utf-8")
    assert done.stdout == "out.png: 3×15×20 → 3×3×4\n"
