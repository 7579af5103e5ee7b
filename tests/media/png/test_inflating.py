"""PNGs that two threads decode: the same as by one, or the same error."""

import threading
import zlib
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngImageFile, PngInfo

from poolcli.errors import PictureError
from poolcli.media.options import Reading
from poolcli.media.pillow import zlib_libraries
from poolcli.media.pillow.reading import frame_reader
from poolcli.media.pillow.reading.decoding import decode_picture
from poolcli.media.pillow.reading.formats import png_inflating
from tests.commands import Run
from tests.media.formats.builders import chunk
from tests.media.png.strict import parts
from tests.media.png.test_writer import grain, written
from tests.pictures import deep_png, photo

SIGNATURE = b"\x89PNG\r\n\x1a\n"


@pytest.fixture(autouse=True)
def started(monkeypatch: pytest.MonkeyPatch) -> list[threading.Thread]:
    """Let small pictures be inflated in small pieces; the threads that are made for it."""
    threads: list[threading.Thread] = []

    class Noted(threading.Thread):
        def start(self) -> None:
            threads.append(self)
            super().start()

    monkeypatch.setattr(png_inflating, "Thread", Noted)
    monkeypatch.setattr(frame_reader, "_LEAST_INFLATED", 1)
    monkeypatch.setattr(png_inflating, "_PIECE_BYTES", 50)
    return threads


@pytest.fixture(autouse=True, params=["zlib", "isal.isal_zlib"])
def library(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Each library that inflates."""
    found = pytest.importorskip(request.param, reason="the extra [fast] is not installed")
    monkeypatch.setattr(png_inflating, "inflating_library", lambda: found)
    return found


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The images that Pillow opens; one is opened again if two threads cannot load it."""
    images: list[Any] = []
    really_open = PngImageFile._open

    def noting(image: PngImageFile) -> None:
        images.append(image)
        really_open(image)

    monkeypatch.setattr(PngImageFile, "_open", noting)
    return images


def outcome(data: bytes, threads: int, **reading: Any) -> Any:
    """All that is read of a file, or the error."""
    file, before = BytesIO(data), threading.active_count()
    try:
        with decode_picture(file, Reading(**reading), threads=threads, keep_palette=True) as found:
            frame = next(iter(found.frames))
            pixels = frame.pixels[slice(None), slice(None)].tolist()
            return frame.mode, pixels, frame.palette, frame.dpi, frame.metadata, found.notes
    except PictureError as error:
        return str(error)
    finally:
        assert threading.active_count() == before


def by_both(data: bytes, **reading: Any) -> Any:
    one = outcome(data, 1, **reading)
    assert outcome(data, 2, **reading) == one
    return one


def saved(image: Image.Image, **options: Any) -> bytes:
    buffer = BytesIO()
    image.save(buffer, "PNG", **options)
    return buffer.getvalue()


def joined(found: list[tuple[bytes, bytes]]) -> bytes:
    return SIGNATURE + b"".join(chunk(*part) for part in found)


def repacked(data: bytes, *bodies: bytes) -> bytes:
    """A file with the pixels' chunks replaced."""
    found = parts(data)
    first = [name for name, _ in found].index(b"IDAT")
    others = [part for part in found if part[0] != b"IDAT"]
    return joined([*others[:first], *((b"IDAT", body) for body in bodies), *others[first:]])


@pytest.mark.parametrize("mode", ["L", "LA", "P", "RGB", "RGBA", "I;16"])
@pytest.mark.parametrize("size", [(1, 1), (1, 90), (90, 1), (17, 23)])
def test_pictures_are_the_same(
    mode: str, size: tuple[int, int], started: list[threading.Thread], opened: list[Any]
) -> None:
    data = saved(photo(mode, size))
    opened.clear()
    assert by_both(data)[0] == mode
    assert (len(started), len(opened)) == (1, 2)


def test_pieces_are_no_longer_than_a_block_holds(
    monkeypatch: pytest.MonkeyPatch, opened: list[Any]
) -> None:
    monkeypatch.setattr(png_inflating, "_PIECE_BYTES", 1 << 18)
    by_both(saved(Image.new("RGB", (300, 300), "red")))
    assert len(opened) == 2


@pytest.mark.parametrize("channels", [2, 3, 4])
def test_pictures_of_16_bits_are_the_same(
    channels: int, started: list[threading.Thread], opened: list[Any]
) -> None:
    data = deep_png(grain(9, 8, channels, "u2"))
    by_both(data)
    assert len(started) == 1
    started.clear()
    opened.clear()
    by_both(data, convert={2: "RGBA", 3: "RGB", 4: "RGBA"}[channels])
    assert (len(started), len(opened)) == (1, 2)


def test_a_worker_inflates_apart_by_a_faster_library_alone(
    library: Any, started: list[threading.Thread], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(frame_reader, "_LEAST_FAST_INFLATED", 100)
    monkeypatch.setattr(zlib_libraries, "inflating_library", lambda: library)
    outcome(saved(photo("L", (9, 11))), threads=1)
    assert started == []
    outcome(saved(photo("L", (10, 10))), threads=1)
    assert len(started) == (0 if library is zlib else 1)


def test_what_stands_after_the_pixels_is_read() -> None:
    info = PngInfo()
    info.add_text("Title", "before")
    data = saved(photo("RGB", (40, 30)), pnginfo=info, dpi=(200, 100))
    end = data.rindex(b"IEND") - 4
    data = data[:end] + chunk(b"tEXt", b"Author\0after") + data[end:]
    _, _, _, dpi, metadata, _ = by_both(data)
    assert dpi == pytest.approx((200, 100), abs=0.02)
    assert metadata.texts == {"Title": "before", "Author": "after"}


@pytest.mark.parametrize("step", [1, 7, 100])
def test_chunks_of_any_length_are_one_stream(step: int) -> None:
    x = grain(11, 13, 3, "u1")
    data = written(x, "RGB")
    packed = b"".join(body for name, body in parts(data) if name == b"IDAT")
    cut = [packed[at : at + step] for at in range(0, len(packed), step)]
    assert by_both(repacked(data, *cut, b"", b"rubbish"))[1] == x.tolist()


def test_what_is_transparent_in_a_key_is_the_same() -> None:
    image = photo("L", (30, 20))
    assert by_both(saved(image, transparency=image.getpixel((3, 4))))[0] == "LA"


def test_unusual_files_are_read_without_a_thread(started: list[threading.Thread]) -> None:
    header, *others = parts(saved(photo("RGB", (1, 1))))
    interlaced = header[1][:-1] + b"\1"
    by_both(joined([(b"IHDR", interlaced), *others]))
    frames = [photo("L"), photo("L").rotate(180)]
    by_both(saved(frames[0], save_all=True, append_images=frames[1:], duration=9), frame=1)
    by_both(saved(photo("1", (9, 9))))
    assert started == []


def damaged() -> dict[str, bytes]:
    x = grain(11, 13, 3, "u1")
    data = written(x, "RGB")
    rows = b"".join(b"\0" + row.tobytes() for row in x)
    packed = zlib.compress(rows)
    return {
        "checksum of the stream": repacked(data, packed[:-1] + bytes([packed[-1] ^ 1])),
        "header of the stream": repacked(data, b"\x79" + packed[1:]),
        "end after a row": repacked(data, zlib.compress(rows[: 40 * 5])),
        "end inside a row": repacked(data, zlib.compress(rows[:99])),
        "too many rows": repacked(data, zlib.compress(rows + rows)),
        "unknown filter": repacked(data, zlib.compress(b"\7" + rows[1:])),
        "cut stream": repacked(data, packed[:-20]),
        "cut file": data[:-60],
        "no end": data[:-12],
        "no pixels": repacked(data),
        "empty pixels": repacked(data, b""),
        "wrong dictionary": repacked(data, b"\x78\xbb\0\0\0\0" + packed[2:]),
    }


@pytest.mark.parametrize("kind", damaged())
def test_damage_is_told_as_by_one_thread(kind: str) -> None:
    by_both(damaged()[kind])


def test_any_damage_of_a_byte_is_told_as_by_one_thread() -> None:
    data = saved(Image.fromarray(grain(6, 5, 3, "u1")))
    begin, end = data.index(b"IDAT") - 4, data.index(b"IEND") - 4
    assert isinstance(by_both(data), tuple)
    for at in range(begin, end):
        by_both(data[:at] + bytes([data[at] ^ 0x55]) + data[at + 1 :])
        by_both(data[:at])


def test_an_error_of_the_file_is_told(started: list[threading.Thread]) -> None:
    class Failing(BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            if self.tell() > 100:
                raise OSError(5, "Input/output error")
            return super().read(size)

    data = saved(photo("RGB", (40, 30)))
    with (
        pytest.raises(OSError, match="Input/output error"),
        decode_picture(Failing(data), Reading(), threads=2) as picture,
    ):
        list(picture.frames)
    assert not any(thread.is_alive() for thread in started)


def test_jobs_are_the_threads_of_a_single_file(run: Run, started: list[threading.Thread]) -> None:
    photo("RGB", (40, 30)).save("in.png")
    assert run("max", "in.png", "out1.png", "-k", 2, "-j", 1).err == ""
    assert started == []
    assert run("max", "in.png", "out2.png", "-k", 2, "-j", 2).err == ""
    assert len(started) == 1
    assert Path("out1.png").read_bytes() == Path("out2.png").read_bytes()
