"""TIFFs of very many pages: the work for each page does not grow with their number."""

import io
from typing import Any

import pytest
from PIL import Image

from poolcli.media.pillow.writing.tiff import save_pages
from tests.pictures import photo


class Counting(io.BytesIO):
    """A file that counts how often it is read."""

    reads = 0

    def read(self, *arguments: Any) -> bytes:
        self.reads += 1
        return super().read(*arguments)


@pytest.mark.parametrize("compression", ["tiff_adobe_deflate", "raw"])
def test_pages_are_written_in_turns(compression: str) -> None:
    def reads(pages: int) -> int:
        file = Counting()
        save_pages([photo("L", (2, 2))] * pages, file, {"compression": compression})
        return file.reads

    assert reads(60) - reads(40) == reads(40) - reads(20)


@pytest.mark.parametrize("compression", ["tiff_adobe_deflate", "raw", "jpeg"])
def test_pages_are_as_pillow_writes_them(compression: str) -> None:
    pages = [photo("RGB", (5 + number, 4)) for number in range(4)]
    ours, theirs = io.BytesIO(), io.BytesIO()
    save_pages(pages, ours, {"compression": compression})
    options = {"compression": compression, "save_all": True, "append_images": pages[1:]}
    pages[0].save(theirs, "TIFF", **options)
    with Image.open(ours) as one, Image.open(theirs) as other:
        assert getattr(one, "n_frames", 1) == getattr(other, "n_frames", 1) == 4
        for number in range(4):
            one.seek(number)
            other.seek(number)
            assert one.tobytes() == other.tobytes()
