"""Small files of every kind that is read, a seeded mutator, and commands that read the result."""

import io
import random
import struct
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
from PIL import Image, features

from poolcli.media.indices_file import Indices, save_indices
from tests.commands import Word
from tests.pictures import photo

__all__ = ["Case", "cases", "complaint"]

_STILLS = "bmp dds dib icns ico im jp2 jpg msp pcx png ppm qoi sgi spider tga tif webp xbm".split()  # noqa: SIM905
_ANIMATED = "gif png tif webp".split()  # noqa: SIM905
_COMPRESSIONS = ("jpeg", "packbits", "tiff_lzw", "tiff_deflate", "group4")
_NUMBERS = (0, 1, 2, 127, 128, 255, 256, 32767, 65535, 2**31 - 1, 2**31, 2**32 - 1)
_OPERATIONS = ("max", "avg", "median", "mode", "gem")
_TARGETS = ("png", "npy", "tif", "gif", "webp", "jpg", "jp2", "bmp")
_SIZE = (18, 15)


class Case(NamedTuple):
    """A damaged file, and the words of a command that reads it."""

    name: str
    data: bytes
    words: list[Word]


def cases(seed: int) -> Iterator[Case]:
    """Yield cases without an end, the same for the same seed."""
    dice, whole = random.Random(seed), specimens()
    names = sorted(whole)
    while True:
        name = dice.choice(names)
        data = mutated(whole[name], whole[dice.choice(names)], dice)
        yield Case(name, data, _words(name, dice))


def complaint(case: Case, code: int, err: str) -> str:
    """Say what is wrong with the end of a command; nothing if it is as promised."""
    lines = err.splitlines()
    if code not in (0, 1, 2):
        return f"exit code {code}"
    if "Traceback" in err or "internal error" in err:
        return "an error that nobody foresaw"
    if any(not line.startswith("poolcli: ") for line in lines):
        return "a line that is not poolcli's"
    if code and sum(not line.startswith("poolcli: note: ") for line in lines) != 1:
        return "not one line"
    return "" if not code or case.words[0] == "explain" or len(err) < 1000 else "a long line"


def specimens() -> dict[str, bytes]:
    """Make one whole file of each kind, by its name."""
    found: dict[str, bytes] = {}
    for suffix in [*_STILLS, *(["avif"] if features.check("avif") else [])]:
        mode = {"xbm": "1", "msp": "1", "spider": "F"}.get(suffix, "RGB")
        found[f"still.{suffix}"] = _saved([photo(mode, _SIZE)], suffix)
    for suffix in [*_ANIMATED, *(["avif"] if features.check("avif") else [])]:
        frames = [
            photo("RGBA" if suffix == "png" else "RGB", _SIZE).rotate(90 * n) for n in (0, 1, 2)
        ]
        found[f"frames.{suffix}"] = _saved(frames, suffix, duration=40)
    for compression in _COMPRESSIONS:
        mode = "1" if compression == "group4" else "RGB"
        found[f"{compression}.tif"] = _saved([photo(mode, _SIZE)], "tif", compression=compression)
    for mode in ("I;16", "P", "LA"):
        found[f"{mode.replace(';', '')}.png"] = _saved([photo(mode, _SIZE)], "png")
    found |= {"layers.psd": _photoshop(), "table.fits": _fits(), "map.csv": b'a;"b"\n1,5;2\n;4\n'}
    array, indices = io.BytesIO(), Path("mutations.npz")
    np.save(array, np.arange(3 * 8 * 9, dtype="<u2").reshape(3, 8, 9))
    save_indices(indices, Indices(np.zeros((2, 3, 3), np.int64), (4, 6, 3), (0, 1)), {}, sync=False)
    found |= {"array.npy": array.getvalue(), "where.npz": indices.read_bytes()}
    indices.unlink()
    return found


def mutated(data: bytes, other: bytes, dice: random.Random) -> bytes:
    """Damage a file in one to four ways; most damage is near its beginning."""
    made = bytearray(data)
    for _ in range(dice.choice((1, 1, 2, 4))):
        if not made:
            break
        place = dice.randrange(min(len(made), dice.choice((64, 256, len(made)))))
        how = dice.randrange(8)
        if how < 2:
            made[place] ^= 1 << dice.randrange(8)
        elif how == 2:
            made[place] = dice.choice((0, 1, 127, 128, 255))
        elif how == 3:
            form = dice.choice(("<H", ">H", "<I", ">I"))
            number = dice.choice(_NUMBERS) % 256 ** struct.calcsize(form)
            made[place : place + struct.calcsize(form)] = struct.pack(form, number)
        elif how == 4:
            del made[place:]
        elif how == 5:
            del made[place : place + dice.randrange(1, 32)]
        elif how == 6:
            made[place:place] = made[place : place + dice.randrange(1, 64)] * dice.choice((1, 1, 9))
        else:
            begin = dice.randrange(len(other))
            made[place : place + 16] = other[begin : begin + dice.randrange(1, 64)]
    return bytes(made)


def _words(name: str, dice: random.Random) -> list[Word]:
    if name.endswith(".csv"):
        return ["explain", name]
    if name.endswith(".npz"):
        return ["unpool", "pooled.png", name, "o.png", "--max-pixels", "100k"]
    limit: list[Word] = ["--max-pixels", "100k"]
    view = dice.randrange(12)
    if view == 0:
        return ["show", name, "--width", 20, *limit]
    if view == 1:
        return ["explain", name, *limit]
    words: list[Word] = [dice.choice(_OPERATIONS), name, f"o.{dice.choice(_TARGETS)}", "-k", 2]
    words += [*limit, "--no-sync"]
    words += dice.choice(([], [], ["--frame", dice.choice((0, 1, -1, 7))], ["--dry-run"]))
    return words + dice.choice(([], [], ["--convert", dice.choice(("L", "RGB", "RGBA", "CMYK"))]))


def _saved(frames: list[Image.Image], suffix: str, **options: object) -> bytes:
    data = io.BytesIO()
    Image.init()
    name = "SPIDER" if suffix == "spider" else Image.EXTENSION[f".{suffix}"]
    if len(frames) > 1:
        options |= {"save_all": True, "append_images": frames[1:]}
    if suffix == "ico":
        options["sizes"] = [frames[0].size]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of formats that Pillow will drop
        frames[0].save(data, name, **options)
    return data.getvalue()


def _photoshop() -> bytes:
    head = b"8BPS" + struct.pack(">H6xHIIHH", 1, 3, 4, 4, 8, 3)
    return head + bytes(12) + struct.pack(">H", 0) + bytes(range(48))


def _fits() -> bytes:
    cards = {"SIMPLE": "T", "BITPIX": 16, "NAXIS": 2, "NAXIS1": 4, "NAXIS2": 4, "BZERO": 32768}
    head = "".join(f"{key:<8}= {value:>20}".ljust(80) for key, value in cards.items())
    return f"{head}{'END':<80}".ljust(2880).encode() + bytes(range(32)).ljust(2880, b"\0")
