"""Pictures and arrays through standard input and output."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from poolcli.jobs.operation import Operation
from tests import pictures
from tests.commands import HANG, posix
from tests.oracle import Array
from tests.pictures import photo, pixels, same


def pipe(data: bytes, *words: str | int | Path) -> tuple[int, bytes, str]:
    """Exit code, standard output and standard error."""
    done = subprocess.run(
        [sys.executable, "-m", "poolcli", *map(str, words)],
        input=data, capture_output=True, check=False, timeout=HANG,
    )  # fmt: skip
    return done.returncode, done.stdout, done.stderr.decode()


def encoded(image: Image.Image, name: str, **options: object) -> bytes:
    file = io.BytesIO()
    image.save(file, name, **options)
    return file.getvalue()


def opened(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


@pytest.mark.parametrize("name", ["PNG", "TIFF", "PPM"])
def test_in_and_out(here: Path, name: str) -> None:
    """Without a format, that of the input; the line printed goes where the picture is not."""
    data = encoded(photo("L"), name)
    code, out, err = pipe(data, "max", "-", "-", "-k", 2)
    assert (code, err) == (0, "-: 1×15×20 → 1×7×10 (1 row unused)\n")
    assert opened(out).format == name
    assert same(pixels(opened(out).convert("L")), pictures.pooled("max", pixels(photo("L")), 2))
    assert list(here.iterdir()) == []


def test_formats_by_name(here: Path) -> None:
    data = encoded(photo("RGB"), "PNG")
    for suffix, name in (("webp", "WEBP"), (".bmp", "BMP")):
        code, out, _ = pipe(data, "avg", "-", "-", "-k", 2, "-f", suffix)
        assert (code, opened(out).format) == (0, name)
    code, out, err = pipe(data, "avg", "-", "-", "-k", 2, "-f", "nothing")
    assert (code, out) == (2, b"")
    assert "does not name a format" in err
    (here / "in.png").write_bytes(data)
    code, out, _ = pipe(b"", "avg", "in.png", "-", "-k", 2)
    assert (code, opened(out).format) == (0, "PNG")


@posix
def test_a_pipeline(here: Path) -> None:
    photo("RGB", (64, 48)).save(here / "a.png")
    tool = f"{sys.executable} -m poolcli"
    line = f"{tool} max - - -k 2 <a.png | {tool} avg - out.webp -k 2 --lossless"
    done = subprocess.run(line, shell=True, capture_output=True, check=True)
    assert done.stdout.decode() == "out.webp: 3×24×32 → 3×12×16\n"
    want = pictures.pooled("avg", pictures.pooled("max", pixels(photo("RGB", (64, 48))), 2), 2)
    assert same(pixels(opened((here / "out.webp").read_bytes())), want)


def npy(x: Array) -> bytes:
    file = io.BytesIO()
    np.save(file, x)
    return file.getvalue()


@pytest.mark.parametrize(("dtype", "words"), [("i2", []), ("f8", ["-f", "npy"])])
def test_arrays(here: Path, dtype: str, words: list[str]) -> None:
    x = (pictures.noise((2, 5, 9, 8)) % 7).astype(dtype)
    code, out, err = pipe(npy(x), "max", "-", "-", "-k", 2, *words)
    assert (code, err.startswith("-: 2×5×9×8 → 2×5×4×4")) == (0, True)
    got = np.load(io.BytesIO(out))
    assert same(got, Operation("max", (2, 2)).apply(x, (-2, -1)))
    (here / "in.npy").write_bytes(npy(x))
    assert pipe(b"", "max", "in.npy", "-", "-k", 2)[1] == out
    assert pipe(npy(x), "max", "-", "out.npy", "-k", 2)[0] == 0
    assert (here / "out.npy").read_bytes() == out


def test_array_to_picture_and_back(here: Path) -> None:
    assert here.exists()
    x = pixels(photo("RGB"))
    code, out, _ = pipe(npy(x.transpose(2, 0, 1)), "min", "-", "-", "-k", 2, "-f", "png")
    assert code == 0
    assert same(pixels(opened(out)), pictures.pooled("min", x, 2))
    code, out, _ = pipe(encoded(photo("RGB"), "PNG"), "min", "-", "-", "-k", 2, "-f", "npy")
    assert same(np.load(io.BytesIO(out)).transpose(1, 2, 0), pictures.pooled("min", x, 2))


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"", "poolcli: -: is empty (0 bytes); give a file that holds a picture\n"),
        (b"hello", "poolcli: -: is not a picture in a format that can be read\n"),
        (npy(np.ones((9, 9)))[:200], "poolcli: -: is truncated: its header announces "),
        (encoded(photo("RGB"), "PNG")[:300], "poolcli: -: is truncated or damaged ("),
    ],
)
def test_what_is_no_picture(here: Path, data: bytes, text: str) -> None:
    assert here
    code, out, err = pipe(data, "max", "-", "-", "-k", 2)
    assert (code, out) == (1, b"")
    assert err.startswith(text)
    assert err.count("\n") == 1


def test_mode_does_not_blend_what_came_as_jpeg(here: Path) -> None:
    data = encoded(photo("L"), "JPEG")
    code, out, err = pipe(data, "mode", "-", "-", "-k", 2)
    assert (here.exists(), code, out) == (True, 1, b"")
    assert "would blend what mode keeps apart" in err


@posix
def test_terminals(here: Path) -> None:
    """Binary never goes to a terminal, and nobody types a picture."""
    import pty

    photo("RGB").save(here / "in.png")
    for words, asked in (("in.png -", "output"), ("- out.png", "input")):
        main, other = pty.openpty()
        line = [sys.executable, "-m", "poolcli", "max", *words.split(), "-k", "2"]
        done = subprocess.run(
            line, stdin=other, stdout=other, stderr=subprocess.PIPE, check=False, timeout=HANG
        )
        os.close(other)
        os.close(main)
        assert done.returncode == 2
        assert f"standard {asked} is a terminal" in done.stderr.decode()


@posix
@pytest.mark.parametrize("destination", ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"])
def test_standard_output_named_as_a_file_gets_the_picture_alone(
    here: Path, destination: str
) -> None:
    if not Path(destination).exists():
        pytest.skip(f"the system has no {destination}")
    photo("RGB").save("in.png")
    code, out, err = pipe(b"", "max", "in.png", destination, "-k", 2, "-f", "png")
    assert (code, err) == (0, "")
    assert out.endswith(b"IEND\xaeB`\x82")
    assert opened(out).size == (10, 7)
    code, out, err = pipe(b"", "max", "in.png", destination, "-k", 2, "-f", "png", "--json")
    assert out.endswith(b"IEND\xaeB`\x82")
    assert json.loads(err)["destination"] == destination
    with Path("both").open("wb") as file:
        file.write(b"before ")
        file.flush()
        subprocess.run(
            [sys.executable, "-m", "poolcli", "max", "in.png", destination, "-k2", "-fpng"],
            stdout=file, check=True,
        )  # fmt: skip
        file.write(b" after")
    whole = Path("both").read_bytes()
    assert (whole[:11], whole[-6:]) == (b"before \x89PNG", b" after")
    assert sorted(path.name for path in here.iterdir()) == ["both", "in.png"]


@posix
def test_process_substitution(here: Path) -> None:
    photo("RGB").save("in.png")
    reader, writer = os.pipe()
    path = f"/dev/fd/{writer}"
    if not Path(path).exists():
        pytest.skip("the system has no /dev/fd")
    done = subprocess.run(
        [sys.executable, "-m", "poolcli", "max", "in.png", path, "-k2", "-fpng"],
        pass_fds=[writer], capture_output=True, check=True, encoding="utf-8",
        env={**os.environ, "PYTHONUTF8": "1"},
    )  # fmt: skip
    os.close(writer)
    with os.fdopen(reader, "rb") as file:
        assert opened(file.read()).size == (10, 7)
    assert done.stdout == f"{path}: 3×15×20 → 3×7×10 (1 row unused)\n"
    assert list(here.iterdir()) == [here / "in.png"]
