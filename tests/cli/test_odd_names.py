"""Names with control characters: one line a file always, and none that forges another."""

import json
from pathlib import Path

import pytest
from PIL import Image

from poolcli.media.file_names import shown
from tests.commands import Run, posix
from tests.pictures import photo

FORGER = "a\nout/evil.png: 3×8×8 → 3×4×4.png"


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("a.png", "a.png"),
        ("a b (é).png", "a b (é).png"),
        ("👩\u200d🚀.png", "👩\u200d🚀.png"),
        ("a\\b'c.png", "a\\b'c.png"),
        ("a\nb.png", r"$'a\nb.png'"),
        ("a\tb\r.png", r"$'a\tb\r.png'"),
        ("a\x1b[2J.png", r"$'a\x1b[2J.png'"),
        ("a\x7f.png", r"$'a\x7f.png'"),
        ("a\x9b2J.png", r"$'a\u009b2J.png'"),
        ("a\u202egnp.exe", r"$'a\u202egnp.exe'"),
        ("a\u2066b\u2069", r"$'a\u2066b\u2069'"),
        ("a\u2028b\u2029c\u0085", r"$'a\u2028b\u2029c\u0085'"),
        ("a\u200eb\u061c", r"$'a\u200eb\u061c'"),
        ("a\\b'\n", r"$'a\\b\'\n'"),
        (r"$'a\n'", r"$'$\'a\\n\''"),
    ],
    ids=ascii,
)
def test_only_what_cannot_be_shown_is_escaped(name: str, told: str) -> None:
    assert shown(name) == told


@posix
def test_a_name_cannot_forge_the_line_of_another(run: Run) -> None:
    Path("in/a\nout").mkdir(parents=True)
    Image.new("RGB", (4, 4)).save(Path("in", FORGER))
    told = r"$'out/a\nout/evil.png: 3×8×8 → 3×4×4.png'"
    done = run("max", "in", "out", "-k", 2)
    assert done.out == f"{told}: 3×4×4 → 3×2×2\n"
    assert run("max", f"in/{FORGER}", "b\x1b.png", "-k", 2).out.startswith(r"$'b\x1b.png': 3×")
    exact = json.loads(run("max", "in", "out", "-k", 2, "--json").out)
    assert (exact["source"], exact["destination"]) == (f"in/{FORGER}", f"out/{FORGER}")


@posix
@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("max", "bad\n.png", "o.png", "-k", 2), r"$'bad\n.png': is not"),
        (("max", "bad\n.png", "good.png", "o/", "-k", 2, "-q"), r"$'bad\n.png': is not"),
        (("max", "no\x1b.png", "o.png", "-k", 2), r"$'no\x1b.png': no such file"),
        (("max", "good.png", "no\n/o.png", "-k", 2), r"$'no\n/o.png': no such"),
        (("max", "good.png", "o\n.xyz", "-k", 2), r"$'o\n.xyz': extension"),
        (("max", "good.png", "./good.png", "o\n.png", "-k", 2), r"$'o\n.png' looks like a file"),
        (("max", "a\u202e/1.png", "b/1.png", "o", "-k", 2), r"$'a\u202e/1.png' and b/1.png would"),
        (("max", "good.png", "kept\n.png", "-k", 2, "--no-clobber"), r"$'kept\n.png': exists"),
        (("max", "good.png", "o", "-k", 2, "--files-from", "l\n"), r"--files-from $'l\n': no such"),
        (("max", "good.png", "o.png", "-k", 2, "--resume", "bad\n.png"), r"$'bad\n.png' is not a"),
        (("show", "bad\n.png"), r"$'bad\n.png': is not"),
        (("max", "good.png", "o.png", "-k", "\x1b]0;"), "Invalid value for"),
    ],
    ids=str,
)
def test_errors_are_one_line_whatever_the_names(run: Run, words: tuple[str], told: str) -> None:
    for name in ("bad\n.png", "kept\n.png"):
        Path(name).write_bytes(b"text\n")
    for name in ("good.png", "a\u202e/1.png", "b/1.png"):
        Path(name).parent.mkdir(exist_ok=True)
        Image.new("L", (4, 4)).save(name)
    done = run(*words)
    assert done.code in (1, 2)
    assert done.err.startswith(f"poolcli: {told}")
    assert done.err.count("\n") == 1
    assert "\x1b" not in done.err


@posix
def test_studies_show_names_on_one_line(run: Run) -> None:
    photo("L", (32, 32)).save("a\n.png")
    assert run("compare", "a\n.png", "b\n.png", "-k", 2).out.startswith(
        r"$'b\n.png': 5 poolings of $'a\n.png', "
    )
    assert run("show", "a\n.png", "--width", 4).out.endswith("$'a\\n.png': 1×32×32\n")
    assert run("invariance", "a\n.png", "-k", 2).out.startswith(
        r"Max pooling of $'a\n.png', kernel 2,"
    )
    assert r"$'a\n.png', grey" in run("explain", "a\n.png").out
