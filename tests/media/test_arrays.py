"""Arrays in .npy files: from the command line, of every kind, and without much memory."""

import subprocess
import sys
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from poolcli import Operation
from poolcli.core.adaptive import adaptive_pool
from poolcli.core.averaging import avg_pool, gem_pool
from poolcli.core.pooling import max_pool, min_pool
from poolcli.core.ranking import median_pool, mode_pool
from poolcli.media.arrays import open_array
from tests.cases import random
from tests.commands import Run, Shell, posix, with_small_files
from tests.core.test_pooling import same
from tests.oracle import Array
from tests.pictures import Photo, pixels, read

POOLS: dict[str, Any] = {
    "max": max_pool,
    "min": min_pool,
    "avg": avg_pool,
    "gem": gem_pool,
    "median": median_pool,
    "mode": partial(mode_pool, channel_axis=1),
}

DTYPES = ["?", "b", "B", "<h", ">h", "H", "i", ">I", "q", ">Q", "e", "<f", ">f", "d", "g"]


def saved(x: Array, name: str = "f.npy") -> str:
    np.save(name, x)
    return name


def test_tutorial(run: Run) -> None:
    x = random((4, 3, 4, 4), "f4", 0)
    done = run("avg", saved(x), "g.npy", "--global")
    assert (done.code, done.out, done.err) == (0, "g.npy: 4×3×4×4 → 4×3×1×1\n", "")
    assert same(np.load("g.npy"), avg_pool(x, 4))


@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize("dtype", DTYPES)
def test_every_dtype(run: Run, dtype: str, order: Any) -> None:
    """Each operation, band by band from file to file, as in memory; dtype and byte order stay."""
    x = np.asarray(random((2, 3, 7, 9), "f4", 1) * 3).astype(dtype, order=order)
    saved(x)
    for name, pool in POOLS.items():
        for words, args in (("-k 2", (2,)), ("-k 3 -s 2 -p 1", (3, 2, 1)), ("-k 1", (1,))):
            assert run(name, "f.npy", "g.npy", *words.split()).code == 0
            assert same(np.load("g.npy"), pool(x, *args))
        for words, size in (("--global", 1), ("--size 3x5", (3, 5))):
            assert run(name, "f.npy", "g.npy", *words.split()).code == 0
            more: Any = {"channel_axis": 1} if name == "mode" else {}
            assert same(np.load("g.npy"), adaptive_pool(x, size, name, **more))


@pytest.mark.parametrize(
    "shape", [(6, 7), (1, 6, 7), (2, 1, 3, 2, 4, 6, 7), (0, 6, 7), (3, 0, 6, 7)]
)
@pytest.mark.parametrize("name", POOLS)
def test_every_rank(run: Run, name: str, shape: tuple[int, ...]) -> None:
    x = random(shape, "u1", 2)
    printed = "×".join(map(str, shape))
    done = run(name, saved(x), "g.npy", "-k", 2)
    assert done.out == f"g.npy: {printed} → {printed[:-3]}3×3 (1 column unused)\n"
    more: Any = {"channel_axis": x.ndim - 3} if name == "mode" and x.ndim > 2 else {}
    pool = mode_pool if name == "mode" else POOLS[name]
    assert same(np.load("g.npy"), pool(x, 2, **more))


@pytest.mark.parametrize("version", [(1, 0), (2, 0), (3, 0)])
def test_format_versions(run: Run, version: tuple[int, int]) -> None:
    x = random((5, 6), "f4", 3)
    with Path("f.npy").open("wb") as file:
        np.lib.format.write_array(file, x, version)
    assert run("max", "f.npy", "g.npy", "-k", 2).code == 0
    assert same(np.load("g.npy"), max_pool(x, 2))


def header(text: str, version: bytes = b"\x01\x00") -> bytes:
    return b"\x93NUMPY" + version + len(text).to_bytes(2, "little") + text.encode()


def array_bytes(x: Any) -> bytes:
    file = BytesIO()
    np.save(file, x)
    return file.getvalue()


TWO = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2), }\n"


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        (b"", "is not a .npy array (EOF: reading magic string, expected 8 bytes got 0)"),
        (b"PNG, to be sure", "is not a .npy array (the magic string is not correct"),
        (array_bytes(np.zeros((5, 5)))[:40], "is not a .npy array (its header is damaged)"),
        (array_bytes(np.zeros((5, 5)))[:-1], "is truncated: its header announces shape (5, 5) of "),
        (
            array_bytes(np.array([[{}]])),
            "holds Python objects (dtype object); save an array of numbers",
        ),
        (array_bytes(np.zeros(5)), "has shape (5,); use an array of 2 or more axes"),
        (array_bytes(np.float64(5)), "has shape (); use an array of 2 or more axes"),
        (array_bytes(np.zeros((5, 5), "c8")), "cannot pool dtype complex64; use integers, bool"),
        (array_bytes(np.zeros((5, 5), "U3")), "cannot pool dtype <U3; use integers, booleans"),
        (array_bytes(np.zeros((5, 5), "i4,f4")), "cannot pool dtype [('f0', '<i4'), ('f1'"),
        (array_bytes(np.zeros((5, 1))), "kernel 2 is wider than the image (1 columns); use -k 1"),
        (header(TWO, b"\x04\x00"), "is not a .npy array (its format version 4.0 is unknown)"),
        (header(TWO.replace("2, 2", "-2, 2")), "is not a .npy array (its shape is (-2, 2))"),
        (header(TWO.replace("2, 2", "1, " * 70 + "2, 2")), "is not a .npy array (its shape is ("),
        (header(TWO.replace("2, 2", f"{2**65}, 0")), "is not a .npy array (its shape is (36893"),
        (header(TWO.replace("2, 2", "2**80, 2")), "is not a .npy array (its header is damaged)"),
        (
            header(TWO.replace("2, 2", f"{2**62}, {2**62}")),
            "is truncated: its header announces shape",
        ),
        (header(TWO.replace("(", "[")), "is not a .npy array (its header is damaged)"),
        (header("\n" * 20_000), "is not a .npy array (its header is damaged)"),
        (header("(" * 9_000), "is not a .npy array (its header is damaged)"),
        (header(TWO.replace("(", "'''(")), "is not a .npy array (its header is damaged)"),
        (header(TWO.replace("<f4", "|V0")), "holds no numbers (dtype |V0); save an array of"),
        (header(TWO.replace("2, 2", f"0, {2**40}, {2**40}")), "is not a .npy array (its shape is"),
        (header(TWO.replace("2, 2", "1, " * 65)), "is not a .npy array (its shape is (1, 1,"),
    ],
)
def test_no_array(run: Run, data: bytes, complaint: str) -> None:
    Path("f.npy").write_bytes(data)
    Path("g.npy").write_bytes(b"old")
    done = run("max", "f.npy", "g.npy", "-k", 2)
    assert done.code == 1
    assert done.failure.startswith(f"f.npy: {complaint}")
    assert Path("g.npy").read_bytes() == b"old"


@pytest.mark.parametrize(
    ("mode", "dtype", "shape"),
    [("L", "u1", (5, 6)), ("RGB", "u1", (3, 5, 6)), ("RGBA", "u1", (4, 5, 6)), ("F", "f4", (5, 6))],
)
def test_array_to_picture(run: Run, mode: str, dtype: str, shape: tuple[int, ...]) -> None:
    x = random(shape, dtype, 4)
    if mode == "RGBA":  # what is not seen at all may be weighed
        x = np.concatenate([x[:3], np.full((1, *shape[1:]), 255, dtype)])
    destination = "g.tif" if mode == "F" else "g.png"
    assert run("max", saved(x), destination, "-k", 2).code == 0
    got_mode, got = read(destination)
    want = max_pool(x, 2)
    assert got_mode == mode
    assert same(got.squeeze(), want if want.ndim == 2 else want.transpose(1, 2, 0))


def test_array_is_converted_as_the_picture_that_it_is(run: Run) -> None:
    x = random((3, 4, 6), "u1", 4)
    grey = Image.fromarray(x.transpose(1, 2, 0)).convert("L")
    assert run("max", saved(x), "g.npy", "-k", 2, "--convert", "L").code == 0
    assert same(np.load("g.npy"), max_pool(np.asarray(grey)[None], 2))


def test_array_that_is_no_picture(run: Run) -> None:
    for x in (np.zeros((4, 3, 4, 4)), np.zeros((4, 4)), np.zeros((7, 4, 4), "u1")):
        done = run("max", saved(x), "g.png", "-k", 2)
        assert done.code == 1
        assert done.failure.startswith(f"f.npy: holds {x.dtype} of shape {x.shape}, which is not ")
        assert not Path("g.png").exists()


HWC = np.array([[[1, 2, 3], [4, 2, 3]], [[1, 2, 9], [7, 8, 0]]], "u1")
"""Two rows and two columns of three channels."""


@pytest.mark.parametrize(
    ("words", "want"),
    [
        ("max --layout hwc", [[[7, 8, 9]]]),
        ("mode --layout hwc", [[[1, 2, 3]]]),
        ("max --layout chw", [[[4]], [[8]]]),
        ("max", [[[4]], [[8]]]),
    ],
)
def test_layout_names_the_axes_of_an_array(
    run: Run, words: str, want: list[list[list[int]]]
) -> None:
    name, *layout = words.split()
    assert run(name, saved(HWC), "g.npy", "-k", 2, *layout).code == 0
    assert np.load("g.npy").tolist() == want


@pytest.mark.parametrize(
    ("shape", "noted"),
    [
        ((8, 6, 3), True),
        ((2, 8, 6, 1), True),
        ((8, 6, 5), False),
        ((4, 3, 4, 4), False),
        ((6, 3), False),
    ],
)
def test_note_where_channels_may_have_been_taken_for_the_width(
    run: Run, shape: tuple[int, ...], noted: bool
) -> None:
    saved(np.zeros(shape, "u1"))
    note = (
        f"poolcli: note: f.npy: the last axis of {shape} was taken for the width; "
        "use --layout hwc if it holds channels, --layout chw if not\n"
    )
    for words in (["--global"], ["--global", "--dry-run"]):
        assert run("avg", "f.npy", "g.npy", *words).err == note * noted
        assert run("avg", "f.npy", "g.npy", *words, "--layout", "chw").err == ""


def test_layout_of_a_picture_of_indices_and_of_too_few_axes(run: Run) -> None:
    words = ("-k", 2, "--layout", "hwc")
    saved(HWC)
    assert run("max", "f.npy", "g.png", *words).out == "g.png: 3×2×2 → 3×1×1\n"
    assert read("g.png")[1].tolist() == [[[7, 8, 9]]]
    assert run("max", "f.npy", "g.npy", *words, "--dry-run").out == "g.npy: 2×2×3 → 1×1×3\n"
    assert run("max", "f.npy", "g.npy", *words, "--indices", "i.npz").code == 0
    assert run("unpool", "g.npy", "i.npz", "h.npy").code == 0
    assert np.load("h.npy").tolist() == [[[0, 0, 0], [0, 0, 0]], [[0, 0, 9], [7, 8, 0]]]
    done = run("max", saved(np.zeros((4, 4)), "flat.npy"), "g.npy", *words)
    assert done.failure == "flat.npy: has shape (4, 4); --layout hwc needs 3 or more axes"


@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA", "I;16", "F"])
def test_picture_to_array(run: Run, photo: Photo, mode: str) -> None:
    picture = photo(mode, (9, 7))
    picture.save("in.tif")
    done = run("min", "in.tif", "g.npy", "-k", 2)
    x = pixels(picture).transpose(2, 0, 1)
    assert done.out.startswith(f"g.npy: {len(x)}×7×9 → {len(x)}×3×4 (1 row and 1 column unused)")
    if mode != "RGBA":  # whose colours may be weighed
        assert same(np.load("g.npy"), min_pool(x, 2))


@posix
@pytest.mark.parametrize("old", [None, b"old"])
def test_full_disk(shell: Shell, here: Path, old: bytes | None) -> None:
    saved(np.zeros((40, 40)))
    if old is not None:
        Path("g.npy").write_bytes(old)
    done = shell("avg", "f.npy", "g.npy", "-k", 2, preexec_fn=with_small_files)
    assert (done.code, done.failure) == (1, "g.npy: file too large")
    left = {path.name for path in here.iterdir()}
    assert left == ({"f.npy"} if old is None else {"f.npy", "g.npy"})
    assert old is None or Path("g.npy").read_bytes() == old


PEAK = r"""
import re, resource, sys
from poolcli.cli.main import main
code = main(sys.argv[1:])
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
if sys.platform == "linux":  # there, that number is inherited from the parent
    peak = int(re.search(r"VmHWM:\s*(\d+)", open("/proc/self/status").read())[1])
print("peak", peak * (1 if sys.platform == "darwin" else 1024), file=sys.stderr)
sys.exit(code)
"""


def peak_of(*words: str) -> int:
    """Largest resident memory of a poolcli of its own."""
    done = subprocess.run(
        [sys.executable, "-c", PEAK, *words], capture_output=True, encoding="utf-8", check=True
    )
    return int(done.stderr.split()[-1])


def sparse(path: Path, shape: tuple[int, ...], dtype: str) -> None:
    """A .npy file of zeros that takes no room on the disk."""
    text = {"descr": dtype, "fortran_order": False, "shape": shape}
    with path.open("wb") as file:
        np.lib.format.write_array_header_1_0(file, text)
        file.truncate(file.tell() + int(np.prod(shape)) * np.dtype(dtype).itemsize)


@posix
@pytest.mark.parametrize(
    ("shape", "dtype", "words"),
    [
        ((1, 16384, 18432), "|u1", "max -k 2"),
        ((1, 8192, 9216), "<f4", "avg --global"),
        ((288, 1024, 1024), "|u1", "avg --global"),
        ((72, 512, 1024), "<i8", "avg -k 16"),
        ((3, 8192, 12288), "|u1", "max -k 1"),
        ((3, 8192, 12288), "|u1", "median -k 3 -s 128"),
    ],
)
def test_memory(here: Path, shape: tuple[int, ...], dtype: str, words: str) -> None:
    """About 300 MB of input, and room for 100 MB and Python: nothing may hold it."""
    sparse(here / "f.npy", shape, dtype)
    name, *options = words.split()
    assert peak_of(name, "f.npy", "g.npy", *options) < 170e6
    assert not np.load("g.npy", mmap_mode="r").any()


def test_open_array_reads_every_slice(here: Path) -> None:
    for x in (random((4, 5), "f4", 0), np.asfortranarray(random((4, 5), "f4", 0))):
        with open_array(here / saved(x)) as source:
            part = source[(slice(1, 3), slice(0, 5, 2))]
            assert type(part) is np.ndarray
            assert same(part, x[1:3, ::2])
            assert Operation("max", (2, 2)).apply(source, (0, 1)).shape == (2, 2)
