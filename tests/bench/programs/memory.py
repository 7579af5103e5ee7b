"""The most memory that one large picture takes."""

from pathlib import Path

import numpy as np
from PIL import Image

from tests.bench.pictures import photograph, pooled_for_floor
from tests.bench.programs.children import pooling, script, turns
from tests.bench.report import Table

__all__ = ["memory"]


def memory(folder: Path, *, quick: bool) -> list[Table]:
    """max and avg 2/2 of a JPEG of 100 megapixels."""
    Image.MAX_IMAGE_PIXELS = None  # a warning about our own picture says nothing
    width, height = (4000, 3000) if quick else (12500, 8000)
    tile = np.asarray(photograph(1, 1250, 1000))
    picture = Image.fromarray(np.tile(tile, (-(-height // 1000), -(-width // 1250), 1)))
    source = folder / "in" / "huge.jpg"
    source.parent.mkdir()
    picture.crop((0, 0, width, height)).save(source)
    pooled_for_floor(source, "max")
    del picture
    out = folder / "huge-out.jpg"
    entrants = [
        script("Pillow's decoding alone", "decode", "max", source, out),
        script("floor (decode and encode)", "floor", "max", source, out),
        pooling("poolcli max", "max", source, out, ".jpg"),
        pooling("poolcli avg", "avg", source, out, ".jpg"),
        *(
            script(f"{name} script, {kind}", name, kind, source, out)
            for name in ("pyvips", "cv2", "torch")
            for kind in ("max", "avg")
        ),
    ]
    usages = turns(entrants, (1, 1))
    decoding = next(iter(usages.values()))
    table = Table(
        f"Memory: 2/2 of {width * height / 1e6:.0f} megapixels, JPEG",
        ("", "peak MB", "of decoding", "wall ms", ""),
        notes=["Peak resident memory of the whole process. The aim is 1.3 × of decoding or less."],
    )
    for name, usage in usages.items():
        if usage.error:
            table.rows.append([name, None, None, None, usage.error])
            continue
        share = usage.peak / decoding.peak if decoding.peak else None
        table.rows.append([name, usage.peak / 1e6, share, usage.wall * 1e3, ""])
    return [table]
