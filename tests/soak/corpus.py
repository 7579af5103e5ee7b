"""Pool every file of a folder of odd pictures, and compare with a second decoder.

    POOLCLI_PICTURES=folder python -m tests.soak.corpus

Made for Pillow's own test images (``Tests/images`` of its source distribution); any folder does.
Every file must become an array or cost one sentence. Of OpenCV, libvips and tifffile, as far as
they are installed, one at least of those that read a picture with the same shape and dtype must see
the same values; of JPEG nearly the same.
"""

import importlib.util
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np

from tests.commands import shell
from tests.oracle import Array

FOLDER = "POOLCLI_PICTURES"

Decoder: TypeAlias = Callable[[str], Any]

_SHIFTS = "OpenCV widens 5 bits by shifting, and white is 248 then"
_HEADER = "the header says that the pixels begin in the palette, and decoders guess"
_CHROMA = "decoders smooth the halved colours differently"
_INVISIBLE = "colours of invisible pixels differ, or the background under the first frame"
EXPLAINED = {
    "rgb16.bmp": _SHIFTS,
    "rgb16-565.bmp": _SHIFTS,
    "rgb16-565pal.bmp": _SHIFTS,
    "pal8_offset.bmp": _HEADER,
    "mmap_error.bmp": _HEADER,
    "hopper_be.pfm": "its scale of 2.5 is not applied, and a note says so",
    "old-style-jpeg-compression.tif": _CHROMA,
    "old-style-jpeg-compression-no-samplesperpixel.tif": _CHROMA,
    "first_frame_transparency.gif": _INVISIBLE,
    "dispose_bgnd_rgba.gif": _INVISIBLE,
}
"""Files of Pillow's test images that differ, and why."""

_LOSSY = {".jpg", ".jpeg", ".jp2", ".j2k", ".webp", ".avif"}
_LOSSY_DIFFERENCE = 4  # two decoders of JPEG round differently


def main() -> int:
    """Pool all files; return 1 if one ended badly or has other values."""
    given = os.environ.get(FOLDER)
    if not given:
        print(f"{FOLDER} names no folder, and no picture was tried")
        return 0
    files = sorted(file for file in Path(given).rglob("*") if file.is_file())
    with tempfile.TemporaryDirectory() as room:
        here = Path(room)
        for number, file in enumerate(files):  # names that differ in their suffix would clash
            folder = here / "in" / f"{number:05}"
            folder.mkdir(parents=True)
            shutil.copyfile(file, folder / file.name)
        words = "max in out -k 1 --hidden --alpha channel --frame 0 --format npy --json -j 2"
        done = shell(*words.split(), cwd=here)
        told = [json.loads(line) for line in done.out.splitlines()]
        faults = [line for line in done.err.splitlines() if "Traceback" in line]
        faults += [f"{one['source']}: {one['error']}" for one in told if _unforeseen(one)]
        if done.code not in (0, 1) or not told:
            faults.append(f"the run ended with {done.code}: {done.err[-300:]}")
        compared, differing = _compared(here, told)
    failed = sum(one["error"] is not None for one in told)
    print(f"{len(told)} files: {len(told) - failed} pooled, {failed} refused, {compared} compared")
    print("\n".join(faults + differing))
    return 1 if faults or differing else 0


def _unforeseen(one: dict[str, Any]) -> bool:
    return "internal error" in (one["error"] or "")


def _compared(here: Path, told: list[dict[str, Any]]) -> tuple[int, list[str]]:
    """Count the files that another decoder reads in the same shape, and name those that differ."""
    decoders = [decode for name, decode in _DECODERS.items() if importlib.util.find_spec(name)]
    compared, differing = 0, []
    for one in told:
        if one["error"] is not None:
            continue
        source = here / one["source"]
        got = np.load(here / one["destination"], allow_pickle=False)
        seen = [other for decode in decoders for other in _decoded(decode, source, got)]
        if not seen:
            continue
        compared += 1
        allowed = _LOSSY_DIFFERENCE if source.suffix.lower() in _LOSSY else 0
        least = min(np.abs(other.astype(float) - got).max(initial=0) for other in seen)
        if least > allowed and source.name not in EXPLAINED:
            differing.append(f"{source.name}: no other decoder is nearer than {least:g}")
    return compared, differing


def _decoded(decode: Decoder, source: Path, got: Array) -> Iterator[Array]:
    """What a decoder makes of a file, however it is turned, where that has our shape and dtype."""
    try:
        planes = decode(str(source))
    except Exception as error:
        print(f"{source.name}: {type(error).__name__}", file=sys.stderr)
        return
    if planes is None or planes.ndim not in (2, 3):
        return
    if planes.ndim == 2:
        planes = planes[..., None]
    for last in (planes, np.moveaxis(planes, 0, -1)):
        for turns in range(4):
            turned = np.moveaxis(np.rot90(last, turns), -1, 0)
            for other in (turned, turned[:, :, ::-1]):
                if (other.shape, other.dtype) == (got.shape, got.dtype):
                    yield other


def _opencv(path: str) -> Any:
    cv2 = importlib.import_module("cv2")
    seen = cv2.imread(path, cv2.IMREAD_UNCHANGED)
    if seen is None or seen.ndim == 2:
        return seen
    return seen[..., {3: [2, 1, 0], 4: [2, 1, 0, 3]}[seen.shape[-1]]]


def _libvips(path: str) -> Any:
    pyvips = importlib.import_module("pyvips")
    return pyvips.Image.new_from_file(path).numpy()


def _tifffile(path: str) -> Any:
    tifffile = importlib.import_module("tifffile")
    return tifffile.imread(path, key=0)


_DECODERS: dict[str, Decoder] = {"cv2": _opencv, "pyvips": _libvips, "tifffile": _tifffile}

if __name__ == "__main__":
    sys.exit(main())
