"""What cannot be read, or not without the extra, and how much memory the rest takes."""

import struct
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.commands import Run, posix
from tests.media.test_arrays import peak_of
from tests.pictures import deep_tiff, noise

BIG = 6000
"""Rows and columns of a page that takes 108 MB, of which a tile takes 0.8."""


def float64_tiff() -> bytes:
    """A TIFF of one float64, which Pillow does not open."""
    tags = [(256, 4, 1), (257, 4, 1), (258, 3, 64), (259, 3, 1), (262, 3, 1), (273, 4, 140)]
    tags += [(277, 3, 1), (278, 4, 1), (279, 4, 8), (339, 3, 3)]
    entries = b"".join(
        struct.pack("<HHI", tag, kind, 1) + struct.pack("<I", value) for tag, kind, value in tags
    )
    head = b"II*\0" + struct.pack("<IH", 8, len(tags)) + entries + bytes(4)
    return head.ljust(140, b"\0") + struct.pack("<d", 1.5)


@pytest.mark.usefixtures("pillow_alone")
def test_without_the_extra_the_message_says_how_to_install_it(run: Run) -> None:
    Path("b.tif").write_bytes(float64_tiff())
    failure = run("max", "b.tif", "c.tif", "-k", 1).failure
    assert "; pip install '.[tiff]' reads it, or " in failure
    assert run("max", "b.tif", "c.tif", "-k", 1, "--dry-run").failure == failure


@pytest.mark.usefixtures("pillow_alone")
def test_without_the_extra_a_conversion_is_still_pillows(run: Run) -> None:
    Path("a.tif").write_bytes(deep_tiff(noise((2, 2, 3), "u2")))
    assert run("max", "a.tif", "c.tif", "-k", 1, "--convert", "RGB").code == 0


@pytest.mark.usefixtures("pillow_alone")
@pytest.mark.parametrize("damage", [b"", b"II*\0", b"II*\0\xff\xff\xff\xff", b"MM\0\x2b\0\x08\0\0"])
def test_no_extra_is_named_for_damaged_files(run: Run, damage: bytes) -> None:
    Path("a.tif").write_bytes(damage)
    assert "pip install" not in run("max", "a.tif", "c.tif", "-k", 1).failure


class TestWithTheExtra:
    """Files that need tifffile to be made or read."""

    @pytest.fixture(autouse=True)
    def tiff(self) -> Any:
        pytest.importorskip("imagecodecs", reason="the extra [tiff] is not installed")
        return pytest.importorskip("tifffile", reason="the extra [tiff] is not installed")

    def test_a_colour_filter_array_is_refused_by_name(self, run: Run, tiff: Any) -> None:
        pattern = [(33421, "H", 2, (2, 2), True), (33422, "B", 4, bytes([0, 1, 1, 2]), True)]
        x = noise((8, 8), "u2")
        tiff.imwrite("a.tif", x, photometric="cfa", extratags=pattern, metadata=None)
        assert "colour filter array (CFA)" in run("max", "a.tif", "b.tif", "-k", 2).failure

    def test_complex_numbers_and_lab_are_refused(self, run: Run, tiff: Any) -> None:
        tiff.imwrite("a.tif", np.ones((4, 4), "c8"), metadata=None)
        assert "complex numbers" in run("max", "a.tif", "b.tif", "-k", 2).failure
        x = noise((4, 4, 3), "u2")
        tiff.imwrite("l.tif", x, photometric=8, planarconfig="contig", metadata=None)
        assert "(Lab), which cannot be read" in run("max", "l.tif", "b.tif", "-k", 2).failure

    def test_what_no_picture_holds_is_refused_by_formats_of_pictures(
        self, run: Run, tiff: Any
    ) -> None:
        tiff.imwrite("a.tif", np.ones((4, 4)), metadata=None)
        failure = run("max", "a.tif", "b.png", "-k", 2).failure
        assert "1 channel of float64, which can be pooled into a .tif or a .npy alone" in failure
        assert not Path("b.png").exists()

    @pytest.mark.parametrize("cut", [10, 40, 200, 3000])
    def test_cut_files_are_one_line(self, run: Run, tiff: Any, cut: int) -> None:
        x = noise((64, 64, 3), "u2")
        tiff.imwrite("a.tif", x, photometric="rgb", compression="zlib", metadata=None)
        raw = Path("a.tif").read_bytes()
        Path("a.tif").write_bytes(raw[:-cut])
        assert run("max", "a.tif", "b.tif", "-k", 2).failure.startswith("a.tif: ")
        assert not Path("b.tif").exists()

    def test_damaged_segments_leave_an_old_result_alone(self, run: Run, tiff: Any) -> None:
        x = noise((640, 640), "u8")
        tiff.imwrite("a.tif", x, compression="zlib", metadata=None, tile=(64, 64))
        with tiff.TiffFile("a.tif") as tif:
            place = tif.pages[0].dataoffsets[-1]
        raw = bytearray(Path("a.tif").read_bytes())
        raw[place : place + 40] = bytes(40)
        Path("a.tif").write_bytes(raw)
        Path("b.tif").write_bytes(b"old")
        assert "a.tif: is truncated or damaged" in run("max", "a.tif", "b.tif", "-k", 1).failure
        assert Path("b.tif").read_bytes() == b"old"

    def test_the_limit_guards_memory_unless_one_is_given(self, run: Run, tiff: Any) -> None:
        x = np.zeros((64, 64), "f8")
        tiff.imwrite("a.tif", x, metadata=None, tile=(16, 16), compression="zlib")
        assert run("max", "a.tif", "b.tif", "-k", 2).code == 0
        failure = run("max", "a.tif", "b.tif", "-k", 2, "--max-pixels", 4095).failure
        assert "has 4096 pixels or more, above the limit of 4095" in failure

    def test_a_window_that_does_not_fit_is_the_sources_fault(self, run: Run, tiff: Any) -> None:
        tiff.imwrite("a.tif", np.zeros((4, 9)), metadata=None)
        failure = run("max", "a.tif", "b.tif", "-k", 5).failure
        assert failure.startswith("a.tif: kernel 5 is taller than the image (4 rows)")

    def test_folders_take_files_of_microscopes(self, run: Run, tiff: Any) -> None:
        Path("in").mkdir()
        tiff.imwrite("in/a.btf", noise((8, 8), "u2"), bigtiff=True, metadata=None)
        assert run("max", "in", "out", "-k", 2, "-f", "tif").code == 0
        assert tiff.imread("out/a.tif").shape == (4, 4)
        assert "can be read but not written" in run("max", "in", "other", "-k", 2).err

    def test_standard_input_and_output(self, here: Path, tiff: Any) -> None:
        tiff.imwrite(here / "a.tif", noise((8, 8)).astype("f8"), metadata=None)
        words = [sys.executable, "-m", "poolcli", "max", "-", "-", "-k", "2"]
        done = subprocess.run(
            words, input=Path("a.tif").read_bytes(), capture_output=True, check=True
        )
        Path("b.tif").write_bytes(done.stdout)
        assert tiff.imread("b.tif").shape == (4, 4)

    @posix
    def test_memory_does_not_grow_with_the_page(self, here: Path, tiff: Any) -> None:
        tiles = (np.full((512, 512, 3), number, "u1") for number in range(144))
        tiff.imwrite(here / "a.tif", tiles, shape=(BIG, BIG, 3), dtype="u1", tile=(512, 512),
                     photometric="rgb", compression="zlib", metadata=None)  # fmt: skip
        peak = peak_of("max", "a.tif", "b.tif", "-k", "3", "-s", "2")
        assert peak < 200_000_000
        with tiff.TiffFile("b.tif") as tif:
            assert tif.pages[0].shape == (2999, 2999, 3)
