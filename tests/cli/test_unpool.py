"""``--indices`` and ``poolcli unpool``: there and back, of pictures and of arrays."""

import json
import resource
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import numpy as np
import pytest

from poolcli.core.pooling import max_pool
from tests.cases import random
from tests.commands import Run, Shell, posix, with_small_files
from tests.core.test_pooling import same
from tests.oracle import Array
from tests.pictures import Photo, pixels, read

WINDOWS = ["-k 2", "-k 3 -s 2 -p 1", "-k 2 --ceil", "-k 2 -d 3", "--size 3x4", "--global"]


def kept(x: Array, back: Array) -> bool:
    """Whether ``back`` is ``x`` in some places and 0 in all others."""
    same_kind = (back.dtype, back.shape) == (x.dtype, x.shape)
    return same_kind and bool(np.all((back == x) | (back == 0)))


@pytest.mark.parametrize("words", WINDOWS)
@pytest.mark.parametrize("operation", ["max", "min"])
@pytest.mark.parametrize("mode", ["L", "RGB", "I;16", "F"])
def test_pictures(run: Run, photo: Photo, mode: str, operation: str, words: str) -> None:
    picture = photo(mode, (11, 9))
    picture.save("in.tif")
    line = [operation, "in.tif", "p.tif", *words.split()]
    assert run(*line, "--indices", "i.npz").code == 0
    pooled = read("p.tif")[1]
    run(*line[:2], "plain.tif", *line[3:])
    assert same(read("plain.tif")[1], pooled)
    done = run("unpool", "p.tif", "i.npz", "u.tif")
    channels, (high, wide) = pooled.shape[2], pooled.shape[:2]
    assert done.out == f"u.tif: {channels}×{high}×{wide} → {channels}×9×11\n"
    got_mode, back = read("u.tif")
    assert got_mode == mode
    assert kept(pixels(picture), back)
    for channel in range(channels):
        assert set(pooled[..., channel].flat) <= {0, *back[..., channel].flat}


@pytest.mark.parametrize("words", WINDOWS)
@pytest.mark.parametrize("operation", ["max", "min"])
@pytest.mark.parametrize("shape", [(9, 11), (3, 9, 11), (2, 3, 9, 11), (0, 9, 11)])
@pytest.mark.parametrize("dtype", ["u1", ">f4", "i8", "?"])
def test_arrays(run: Run, dtype: str, shape: Any, operation: str, words: str) -> None:
    x = random(shape, dtype, 1)
    np.save("f.npy", x)
    line = [operation, "f.npy", "p.npy", *words.split(), "--indices", "i.npz"]
    assert run(*line).code == 0
    assert run("unpool", "p.npy", "i.npz", "u.npy").code == 0
    pooled, back = np.load("p.npy"), np.load("u.npy")
    assert kept(x, back)
    with np.load("i.npz") as found:
        where = found["indices"].reshape(*shape[:-2], int(np.prod(pooled.shape[-2:])))
    flat = x.reshape(*shape[:-2], 99)
    assert same(np.take_along_axis(flat, where, -1).reshape(pooled.shape), pooled)
    assert same(
        np.take_along_axis(back.reshape(flat.shape), where, -1).reshape(pooled.shape), pooled
    )


def test_the_window_is_told_to_those_who_look_into_the_file(run: Run, source: Path) -> None:
    words = ["-k", "3x2", "-s", "2x1", "-p", "1x0", "-d", "1x2", "--ceil"]
    assert run("max", source, "p.png", *words, "--indices", "i.npz").code == 0
    with np.load("i.npz") as found:
        told = {name: found[name].tolist() for name in found.files}
        assert [len(told.pop(name)) for name in ("indices", "pooled")] == [8, 1]
    assert told == {
        "input_shape": [15, 20, 3], "axes": [0, 1], "kernel": [3, 2], "stride": [2, 1],
        "padding": [1, 0], "dilation": [1, 2], "ceil_mode": True,
    }  # fmt: skip
    assert run("max", source, "p.png", "--size", "3x4", "--indices", "i.npz").code == 0
    with np.load("i.npz") as found:
        assert found["size"].tolist() == [3, 4]
        assert "kernel" not in found.files


def test_pooled_again_is_the_same(run: Run) -> None:
    """What is put back wins its window again."""
    x = np.abs(random((2, 12, 12), "f4", 2))
    np.save("f.npy", x)
    run("max", "f.npy", "p.npy", "-k", 3, "--indices", "i.npz")
    run("unpool", "p.npy", "i.npz", "u.npy")
    assert same(max_pool(np.load("u.npy"), 3), max_pool(x, 3))


def test_picture_to_array_and_back(run: Run, source: Path) -> None:
    assert run("max", source, "p.npy", "-k", 5, "--indices", "i.npz").code == 0
    assert run("unpool", "p.npy", "i.npz", "u.npy").out == "u.npy: 3×3×4 → 3×15×20\n"
    assert kept(read(source)[1].transpose(2, 0, 1), np.load("u.npy"))


@pytest.mark.parametrize(("first", "then"), [("p.npy", "p.png"), ("p.png", "p.npy")])
def test_indices_of_a_picture_fit_its_array_and_back(
    run: Run, source: Path, first: str, then: str
) -> None:
    assert run("max", source, first, "-k", 5, "--indices", "i.npz").code == 0
    run("max", source, then, "-k", 5)
    out = f"u{Path(then).suffix}"
    assert run("unpool", then, "i.npz", out).out == f"{out}: 3×3×4 → 3×15×20\n"
    back = read(out)[1] if out == "u.png" else np.load(out).transpose(1, 2, 0)
    assert kept(read(source)[1], back)
    assert np.count_nonzero(back) == 36


def test_json_of_unpool(run: Run, source: Path) -> None:
    run("max", source, "p.png", "-k", 5, "--indices", "i.npz")
    told = json.loads(run("unpool", "p.png", "i.npz", "u.png", "--json").out)
    assert told["seconds"] > 0
    known = {
        "source": "p.png", "destination": "u.png", "operation": "unpool", "dtype": "uint8",
        "input_shape": [3, 3, 4], "output_shape": [3, 15, 20], "unused": [0, 0], "frames": 1,
        "seconds": told["seconds"], "notes": [],
    }  # fmt: skip
    assert {name: value for name, value in told.items() if value is not None} == known


@pytest.mark.parametrize("name", ["w.png", "w.npy", "w.tar.gz", "w\n.png"])
def test_indices_go_into_npz_files_alone(run: Run, source: Path, name: str) -> None:
    done = run("max", source, "p.png", "-k", 5, "--indices", name)
    assert done.code == 2
    assert "would hold indices, not what ." in done.failure
    assert sorted(path.name for path in Path.cwd().iterdir()) == ["in.png"]


def test_limit_of_unpooled_planes(run: Run, source: Path) -> None:
    run("max", source, "p.png", "-k", 5, "--indices", "i.npz")
    done = run("unpool", "p.png", "i.npz", "u.png", "--max-pixels", 299)
    assert done.failure.endswith("if you trust the file, use --max-pixels 300")
    for limit in ("300", "0.3k", "none"):
        assert run("unpool", "p.png", "i.npz", "u.png", "--max-pixels", limit).code == 0


def test_standard_output_of_unpool_is_the_picture(run: Run, shell: Shell, source: Path) -> None:
    run("max", source, "p.png", "-k", 5, "--indices", "i.npz")
    with Path("u.png").open("wb") as file:
        done = shell("unpool", "p.png", "i.npz", "-", stdout=file)
    assert done.err == "-: 3×3×4 → 3×15×20\n"
    assert kept(read(source)[1], read("u.png")[1])
    assert Path("u.png").read_bytes().endswith(b"IEND\xaeB`\x82")


def test_pictures_that_belong_to_others(run: Run, source: Path) -> None:
    run("max", source, "p.png", "-k", 5, "--indices", "i.npz")
    run("max", source, "q.png", "-k", 4, "--indices", "j.npz")
    for pooled, indices, shapes in (
        ("q.png", "i.npz", "3×3×4, and this one is 3×3×5"),
        ("p.png", "j.npz", "3×3×5, and this one is 3×3×4"),
        (source, "i.npz", "3×3×4, and this one is 3×15×20"),
    ):
        done = run("unpool", pooled, indices, "u.png")
        assert done.code == 1
        assert done.failure == (
            f"{indices}: was written beside a pooled shape {shapes}; "
            "give the two files that belong together"
        )
        assert not Path("u.png").exists()


def indices_file(**arrays: Any) -> None:
    good = {"indices": np.zeros((3, 4, 3), np.int32), "input_shape": (15, 20, 3), "axes": (0, 1)}
    np.savez("i.npz", **{**good, **arrays})


@pytest.mark.parametrize(
    "arrays",
    [
        {"indices": np.zeros((3, 4, 3))},
        {"indices": np.zeros((3, 4), int)},
        {"indices": np.zeros((3, 4, 3), object)},
        {"axes": (0, 5)},
        {"axes": (0, 1, 2)},
        {"axes": (1.5, "a")},
        {"input_shape": (15, -20, 3)},
        {"input_shape": (0, 20, 3)},
        {"input_shape": 15},
        {"axes": (1, 1)},
        {"axes": (-2, 1)},
        {"axes": (0, 2)},
        {"axes": (1.0, 2.0)},
        {"input_shape": (15, float("inf"), 3)},
        {"input_shape": (15, 20, 4)},
        {"input_shape": (True, True, True)},
        {"input_shape": np.zeros(10**6, int)},
        {"indices": np.zeros((3, 4, 3), "m8[s]")},
    ],
)
def test_indices_that_are_none(run: Run, source: Path, arrays: Any) -> None:
    run("max", source, "p.png", "-k", 5)
    indices_file(**arrays)
    done = run("unpool", "p.png", "i.npz", "u.png")
    assert done.code == 1
    assert (
        done.failure == "i.npz: holds no indices; give the file that poolcli max … --indices wrote"
    )


@pytest.mark.parametrize("kind", ["text", "empty", "npy", "zip", "cut", "bits"])
def test_files_that_are_no_indices(run: Run, source: Path, kind: str) -> None:
    run("max", source, "p.png", "-k", 5, "--indices", "i.npz")
    data = bytearray(Path("i.npz").read_bytes())
    if kind == "text":
        Path("i.npz").write_text("no indices")
    elif kind == "empty":
        Path("i.npz").write_bytes(b"")
    elif kind == "npy":
        with Path("i.npz").open("wb") as file:
            np.save(file, np.zeros(3))
    elif kind == "zip":
        with ZipFile("i.npz", "w") as zipped:
            zipped.writestr("a", "b")
    elif kind == "cut":
        Path("i.npz").write_bytes(data[: len(data) // 2])
    else:
        data[160] ^= 255
        Path("i.npz").write_bytes(data)
    done = run("unpool", "p.png", "i.npz", "u.png")
    assert done.code == 1
    assert done.failure.startswith("i.npz: holds no indices; give the file that poolcli max")


def test_indices_outside(run: Run, source: Path) -> None:
    run("max", source, "p.png", "-k", 5)
    indices_file(indices=np.full((3, 4, 3), 300))
    done = run("unpool", "p.png", "i.npz", "u.png")
    assert done.failure == (
        "i.npz: index 300 lies outside the output of 15×20; "
        "use the size of the input that was pooled"
    )


@pytest.mark.parametrize("side", [200_000, 2**40, 2**62])
def test_no_memory_is_asked_for_a_plane_beyond_the_limit(run: Run, source: Path, side: int) -> None:
    run("max", source, "p.png", "-k", 5)
    indices_file(input_shape=(side, side, 3))
    assert run("unpool", "p.png", "i.npz", "u.png").failure == (
        f"i.npz: asks for planes of {side * side} pixels, more than 178956970; if you trust the "
        f"file, use --max-pixels {side * side}"
    )


def test_indices_are_not_read_before_their_header_was(run: Run, source: Path) -> None:
    """The member is a gigabyte of zeros, in a file of a megabyte."""
    run("max", source, "p.png", "-k", 5)
    header = {"descr": "<i4", "fortran_order": False, "shape": (3, 10_000, 10_000)}
    indices_file()
    with ZipFile("i.npz") as good:
        kept = {name: good.read(f"{name}.npy") for name in ("axes", "input_shape")}
    with ZipFile("i.npz", "w", ZIP_DEFLATED) as zipped:
        for name, content in kept.items():
            zipped.writestr(f"{name}.npy", content)
        with zipped.open("indices.npy", "w") as member:
            np.lib.format.write_array_header_1_0(member, header)
            for _ in range(1200):
                member.write(bytes(10**6))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    done = run("unpool", "p.png", "i.npz", "u.png")
    assert done.failure.startswith("i.npz: was written beside a pooled shape 10000×3×10000")
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200_000


def test_destinations(run: Run, source: Path) -> None:
    run("max", source, "p.npy", "-k", 5, "--indices", "i.npz")
    before = Path("p.npy").read_bytes()
    done = run("unpool", "p.npy", "i.npz", "p.npy")
    assert (done.code, done.failure) == (1, "p.npy would be replaced; give another destination")
    assert Path("p.npy").read_bytes() == before
    Path("link.npy").hardlink_to("i.npz")
    done = run("unpool", "p.npy", "i.npz", "link.npy")
    assert (done.code, done.failure) == (1, "link.npy would be replaced; give another destination")
    done = run("unpool", "p.npy", "i.npz", "u.png")
    assert (done.code, done.failure) == (1, "u.png: cannot hold an array; give a .npy destination")
    assert run("unpool", "p.npy", "i.npz", "u.xyz").code == 2
    done = run("unpool", "missing.npy", "i.npz", "u.npy")
    assert done.failure == "missing.npy: no such file or folder; check the name"
    done = run("unpool", "p.npy", "missing.npz", "u.npy")
    assert done.failure == "missing.npz: no such file or folder; check the name"
    assert not Path("u.npy").exists()


@posix
def test_full_disk(shell: Shell, here: Path) -> None:
    np.save("f.npy", random((30, 30), "f4", 0))
    done = shell(
        "max", "f.npy", "p.npy", "-k", 3, "--indices", "i.npz", preexec_fn=with_small_files
    )
    assert (done.code, done.failure) == (1, "i.npz: file too large")
    assert {path.name for path in here.iterdir()} == {"f.npy"}
