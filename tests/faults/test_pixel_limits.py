"""Small files that ask for much, and small commands that do: refused before memory is."""

import io
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from poolcli.errors import WindowError
from poolcli.jobs.limits import check_work
from poolcli.jobs.operation import Operation
from poolcli.media.pillow.errors import pixel_limit
from tests.commands import Run

FAR = 30_000


def gif(screen: int, *frames: tuple[int, int]) -> bytes:
    """An animation whose frames announce these sizes and hold one pixel."""
    head = b"GIF89a" + struct.pack("<HHBBB", screen, screen, 0x80, 0, 0) + bytes(3) + b"\xff" * 3
    parts = [
        b"\x21\xf9\x04\x08\x01\0\0\0\x2c"
        + struct.pack("<HHHHB", 0, 0, width, height, 0)
        + b"\x02\x02\x4c\x01\0"
        for width, height in frames
    ]
    return head + b"".join(parts) + b";"


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def apng(side: int) -> bytes:
    rows = zlib.compress(bytes(100))
    control = struct.pack(">5I2H2B", 0, side, side, 0, 0, 1, 10, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        chunk(name, body)
        for name, body in [
            (b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)),
            (b"acTL", struct.pack(">II", 2, 0)),
            (b"fcTL", control),
            (b"IDAT", rows),
            (b"fcTL", struct.pack(">I", 1) + control[4:]),
            (b"fdAT", struct.pack(">I", 2) + rows),
            (b"IEND", b""),
        ]
    )


def icon(side: int) -> bytes:
    """An icon of 16×16 by its directory, that holds a PNG of another size."""
    inner = io.BytesIO()
    Image.new("RGBA", (side, side)).save(inner, "PNG")
    data = inner.getvalue()
    entry = struct.pack("<BBBBHHII", 16, 16, 0, 0, 1, 32, len(data), 22)
    return struct.pack("<HHH", 0, 1, 1) + entry + data


BOMBS = {
    "canvas.gif": gif(FAR, (1, 1), (1, 1), (1, 1)),
    "grows.gif": gif(1, (1, 1), (FAR, FAR), (1, 1)),
    "frames.png": apng(FAR),
}


@pytest.mark.parametrize("name", BOMBS)
@pytest.mark.parametrize("frame", [1, -1])
@pytest.mark.parametrize("extra", [[], ["--dry-run"]])
def test_one_frame_of_a_bomb_is_not_reached(
    run: Run, name: str, frame: int, extra: list[str]
) -> None:
    Path(name).write_bytes(BOMBS[name])
    done = run("max", name, "out.png", "-k", 2, "--frame", frame, "--max-pixels", "1M", *extra)
    assert done.code == 1
    assert done.failure.startswith(f"{name}: has 900000000 pixels or more, above the limit of 1000")


def test_a_picture_inside_an_icon_is_limited(run: Run) -> None:
    Path("i.ico").write_bytes(icon(300))
    assert "has 90000 pixels or more, above the limit of 1000" in (
        run("max", "i.ico", "o.png", "-k", 2, "--max-pixels", 1000).failure
    )


def test_no_limit_is_no_limit_while_loading(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    Image.new("L", (40, 40)).save("a.tif")
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 100)
    assert run("max", "a.tif", "o.png", "-k", 2, "--max-pixels", "none").code == 0
    assert Image.MAX_IMAGE_PIXELS == 100


def test_the_largest_of_several_limits_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 7)
    with pixel_limit(10):
        assert Image.MAX_IMAGE_PIXELS == 5
        with pixel_limit(20):
            assert Image.MAX_IMAGE_PIXELS == 10
            with pixel_limit(None):
                assert Image.MAX_IMAGE_PIXELS is None
        assert Image.MAX_IMAGE_PIXELS == 5
    assert Image.MAX_IMAGE_PIXELS == 7


@pytest.mark.parametrize("operation", ["max", "avg", "median", "mode", "gem"])
@pytest.mark.parametrize("extra", [[], ["--dry-run"]])
def test_a_giant_result_or_padding_is_refused(
    source: Path, run: Run, operation: str, extra: list[str]
) -> None:
    np.save("a.npy", np.zeros((3, 4, 4), np.uint8))
    for name, out in ((source, "o.png"), ("a.npy", "o.npy")):
        giant = run(operation, name, out, "--size", "999999999x999999999", *extra).failure
        assert giant.startswith(f"{name}: a result of 999999999×999999999 has ")
        padded = run(operation, name, out, "-k", "999999999x1", "-p", "499999999x0", *extra).failure
        assert padded.startswith(f"{name}: with its padding it has 10000000")
    assert not list(Path().glob("o.*"))


@pytest.mark.parametrize(
    ("size", "planes", "refused"),
    [((10, 10), 1, False), ((10, 11), 1, True), ((5, 5), 4, False), ((5, 5), 5, True)],
)
def test_planes_count_together(size: tuple[int, int], planes: int, refused: bool) -> None:
    operation = Operation("max", size=size)
    if refused:
        with pytest.raises(WindowError, match="above the limit of 100;"):
            check_work(operation, (2, 2), 100, planes)
    else:
        check_work(operation, (2, 2), 100, planes)


def test_many_rows_are_much_work() -> None:
    with pytest.raises(WindowError, match="has more than 200000 rows and columns"):
        check_work(Operation("max", size=(200_000, 1)), (2, 2), 10**9)
    check_work(Operation("max", size=(200_000, 1)), (300_000, 1), 10**9)


def test_what_a_large_picture_becomes_is_no_larger() -> None:
    for operation in (Operation("max", 1001, 1, 500), Operation("max", size=(1000, 999))):
        check_work(operation, (1000, 1000), 10)


def test_explain_draws_what_can_be_looked_at(run: Run) -> None:
    Image.new("L", (700, 700)).save("a.png")
    for extra in ([], ["--json"], ["--save", "f.svg"]):
        done = run("explain", "a.png", "--area", "20000x20000", *extra)
        assert "700×700 values and 350×350 windows are too many to draw" in done.failure
    assert "a result of 999999999×" in run("explain", "--size", "999999999x999999999").failure
    assert "it has 1000000002×4" in run("explain", "-k", "999999999x1", "-p", "499999999x0").failure


@pytest.mark.parametrize("number", ["9" * 5000, "1." + "0" * 5000, "-1", "٣", "1e5"])
def test_a_limit_that_is_no_number_of_pixels(source: Path, run: Run, number: str) -> None:
    done = run("max", source, "o.png", "-k", 2, "--max-pixels", number)
    assert (done.code, "is not a number of pixels" in done.failure) == (2, True)
