"""Files of microscopes and slide scanners, made entry by entry."""

import struct
from pathlib import Path

import numpy as np
import pytest

from tests.commands import Run
from tests.oracle import Array
from tests.pictures import noise

tifffile = pytest.importorskip("tifffile", reason="the extra [tiff] is not installed")

APERIO = "Aperio Image Library v11.2.1 \r\n"


def test_a_slide_is_its_largest_picture(run: Run) -> None:
    x = noise((128, 128, 3))
    told = f"{APERIO}128x128 [0,0 128x128] (64x64)|AppMag = 20|MPP = 0.4990"
    with tifffile.TiffWriter("a.svs") as writer:
        for part, description, more in (
            (x, told, {"tile": (64, 64)}),
            (x[::4, ::4], f"{APERIO}128x128 -> 32x32 - ", {}),
            (x[::2, ::2], told, {"tile": (32, 32)}),
            (x[:16, :16], f"{APERIO}label 16x16", {"subfiletype": 1}),
            (x[:16, :32], f"{APERIO}macro 32x16", {"subfiletype": 9}),
        ):
            writer.write(part, photometric="rgb", metadata=None, description=description, **more)
    notes = [
        "poolcli: note: a.svs: thumbnail, label, macro passed over",
        "poolcli: note: a.svs: Aperio description dropped",
    ]
    assert run("max", "a.svs", "b.tif", "-k", 2).err.splitlines() == notes
    with tifffile.TiffFile("b.tif") as tif:
        assert len(tif.pages) == 1
        want = x.reshape(64, 2, 64, 2, 3).max((1, 3))
        np.testing.assert_array_equal(tif.pages[0].asarray(), want)
        assert 'PhysicalSizeX="0.998"' in tif.ome_metadata


def metamorph(x: Array) -> bytes:
    """A stack of planes behind one directory, with a table of their places."""
    tables = [
        struct.pack("<6I", number + 1, 1, 2450000, 1000 * number, 2450000, 1000 * number)
        for number in range(len(x))
    ]
    tags = [
        (256, 4, 1, x.shape[2]),
        (257, 4, 1, x.shape[1]),
        (258, 3, 1, 16),
        (259, 3, 1, 1),
        (262, 3, 1, 1),
        (273, 4, 1, 1024),
        (277, 3, 1, 1),
        (278, 4, 1, x.shape[1]),
        (279, 4, 1, x[0].nbytes),
        (33628, 4, 1, 900),
        (33629, 5, len(x), 512),
    ]
    head = b"II*\0" + struct.pack("<IH", 8, len(tags))
    head += b"".join(struct.pack("<HHII", *tag) for tag in tags) + bytes(4)
    return (head.ljust(512, b"\0") + b"".join(tables)).ljust(1024, b"\0") + x.tobytes()


def test_a_metamorph_stack(run: Run) -> None:
    x = noise((5, 16, 18), "u2")
    Path("a.stk").write_bytes(metamorph(x))
    assert run("max", "a.stk", "b.tif", "-k", 2).err == (
        "poolcli: note: a.stk: MetaMorph tables dropped\n"
    )
    with tifffile.TiffFile("b.tif") as tif:
        assert (tif.series[0].kind, tif.series[0].axes) == ("ome", "ZYX")
        np.testing.assert_array_equal(tif.asarray(), x.reshape(5, 8, 2, 9, 2).max((2, 4)))


def lsm_tables(depth: int, channels: int, height: int, width: int) -> bytes:
    """The table that a Zeiss LSM begins with: lengths of axes, metres of a voxel, kind of scan."""
    lengths = 67127628, 256, width, height, depth, channels, 1, 1, 8, 8
    return struct.pack("<I9i6dHH", *lengths, 1e-7, 1e-7, 5e-7, 0, 0, 0, 0, 0).ljust(256, b"\0")


@pytest.mark.parametrize("channels", [1, 3])
def test_an_lsm_without_its_thumbnails(run: Run, channels: int) -> None:
    x = noise((4, channels, 16, 18))
    table = lsm_tables(4, channels, 16, 18)
    planar = {"planarconfig": "separate"} if channels > 1 else {}
    with tifffile.TiffWriter("a.lsm", byteorder="<") as writer:
        for number, plane in enumerate(x):
            tags = [(34412, "B", len(table), table, True)] if number == 0 else []
            kind = "rgb" if channels > 1 else "minisblack"
            page = plane if channels > 1 else plane[0]
            writer.write(page, photometric=kind, extratags=tags, metadata=None, **planar)
            writer.write(noise((8, 8)), photometric=1, subfiletype=1, metadata=None)
    assert run("max", "a.lsm", "b.tif", "--axes", "ZYX", "-k", 2).err.splitlines() == [
        "poolcli: note: a.lsm: thumbnail passed over",
        "poolcli: note: a.lsm: LSM tables dropped",
    ]
    with tifffile.TiffFile("b.tif") as tif:
        want = x.reshape(2, 2, channels, 8, 2, 9, 2).max((1, 4, 6))
        np.testing.assert_array_equal(tif.asarray().reshape(want.shape), want)
        assert tif.series[0].axes == ("ZSYX" if channels > 1 else "ZYX")
        sizes = ('PhysicalSizeX="0.2"', 'PhysicalSizeY="0.2"', 'PhysicalSizeZ="1.0"')
        told = tif.ome_metadata.replace("0.19999999999999998", "0.2")
        assert all(size in told for size in sizes)
