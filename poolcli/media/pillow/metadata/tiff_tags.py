"""Tags of a TIFF: those that describe the picture are kept, those of other software are named."""

import json
import re
from typing import Any

from PIL import Image, TiffTags

from poolcli.media.picture import number_in
from poolcli.media.pillow.metadata.iptc import PHOTOSHOP_TAG, TIFF_TAG

__all__ = [
    "LAYOUT_TAGS",
    "NODATA",
    "described_pixels",
    "dropped_tags",
    "nodata_of",
    "own_tags",
    "pixel_type",
]

_SAMPLE_FORMAT, _BITS, _DESCRIPTION = 339, 258, 270

NODATA = 42113
"""GDAL's tag of the value that stands for missing data."""

_DESCRIPTIVE_TAGS = {
    269,  # DocumentName
    _DESCRIPTION,
    271,  # Make
    272,  # Model
    285,  # PageName
    305,  # Software
    306,  # DateTime
    315,  # Artist
    316,  # HostComputer
    318,  # WhitePoint
    319,  # PrimaryChromaticities
    33432,  # Copyright
    *range(40091, 40096),  # title, comment, author, keywords and subject, by Windows
}

LAYOUT_TAGS = {
    *range(254, 267),
    *range(273, 285),
    *range(288, 294),
    296,
    297,
    317,
    *range(320, 326),
    *range(332, 348),
    *range(512, 522),
    *range(529, 533),
    50741,  # MakerNoteSafety
    34665,
    34853,
    40965,
}
"""Tags that describe how the old file stores its samples, and places in it."""

_READ_ELSEWHERE = {700, TIFF_TAG, PHOTOSHOP_TAG, 34675, NODATA}

_NAMES = {
    330: "sub-images",
    **dict.fromkeys((33550, 33920, 33922, 34264, 34735, 34736, 34737), "georeference"),
    37724: "Photoshop layers",
    42112: "GDAL metadata",
    **dict.fromkeys((50838, 50839), "ImageJ labels and overlays"),
}

_IMAGEJ_KEPT = ("ImageJ", "unit", "yunit", "zunit", "spacing", "min", "max", "finterval", "fps")
_IMAGEJ_AXES = ("channels", "frames", "hyperstack")

_PIXEL_TYPES = {(1, 32): "uint32", (2, 16): "int16"}
"""Types of samples that Pillow reads as int32, by sample format and bits."""


def pixel_type(image: Image.Image) -> str | None:
    """Look up the type of the samples, where the decoded array's is another.

    >>> pixel_type(Image.new("I", (1, 1))) is None
    True
    """
    tags: Any = getattr(image, "tag_v2", {}) if image.format == "TIFF" else {}
    if image.mode != "I" or not tags:
        return None
    return _PIXEL_TYPES.get((tags.get(_SAMPLE_FORMAT, (1,))[0], tags.get(_BITS, (1,))[0]))


def nodata_of(image: Image.Image) -> str | None:
    """Read the value that stands for missing data, where the current page states one."""
    tags: Any = getattr(image, "tag_v2", {}) if image.format == "TIFF" else {}
    text = _text(tags.get(NODATA)).strip(" \0")
    return text if number_in(text) is not None else None


def own_tags(image: Image.Image) -> dict[int, Any]:
    """Read the tags that describe the picture of the current page."""
    tags: Any = getattr(image, "tag_v2", {})
    found = {tag: tags[tag] for tag in _DESCRIPTIVE_TAGS if tag in tags}
    description = described_pixels(found.pop(_DESCRIPTION, None))[0]
    return found | ({_DESCRIPTION: description} if description else {})


def dropped_tags(image: Image.Image) -> list[str]:
    """Name what the tags of the current page hold that is not carried over."""
    tags: Any = getattr(image, "tag_v2", {})
    names = described_pixels(tags.get(_DESCRIPTION))[1]
    count = re.match(r"ImageJ=(?s:.*)\nimages=(\d+)\n", _text(tags.get(_DESCRIPTION)))
    # Pages are counted for a stack alone: Pillow parses all of them, masks that it cannot read too.
    if count and int(count[1]) > (pages := getattr(image, "n_frames", 1)):
        names.append(f"all but {pages} of {count[1]} images of an ImageJ stack")
    for tag in sorted(set(tags) - _DESCRIPTIVE_TAGS - LAYOUT_TAGS - _READ_ELSEWHERE):
        known = TiffTags.lookup(tag).name
        name = _NAMES.get(tag, f"tag {tag}" if known == "unknown" else known)
        if name not in names:
            names.append(name)
    return names


def described_pixels(description: Any) -> tuple[Any, list[str]]:
    r"""Remove from a description what counts old pixels; name what is lost thereby.

    >>> described_pixels("a cat")
    ('a cat', [])
    >>> described_pixels('<?xml version="1.0"?><OME><Image/></OME>')
    (None, ['OME-XML'])
    >>> described_pixels("ImageJ=1.53\nimages=3\nslices=3\nunit=um\n")
    ('ImageJ=1.53\nunit=um\n', [])
    """
    text = _text(description)
    if re.match(r"\s*<(\?xml|!--|OME)", text) and "<OME" in text:
        return None, ["OME-XML"]
    if text.startswith("Aperio"):
        return None, ["Aperio description"]
    if text.startswith("ImageJ="):
        lines = [line.partition("=") for line in text.splitlines()]
        kept = [f"{key}={value}\n" for key, _, value in lines if key in _IMAGEJ_KEPT]
        axes = any(key in _IMAGEJ_AXES for key, *_ in lines)
        return "".join(kept), ["ImageJ axes"] if axes else []
    if text.startswith('{"shape": ['):
        return None, _lost_of_shape(text)
    return description, []


def _lost_of_shape(text: str) -> list[str]:
    """Name what is lost with tifffile's description of an array, if more than pages say."""
    try:
        described = json.loads(text)
    except ValueError:
        return ["array description"]
    others = set(described) - {"shape"}
    return ["array description"] if others or len(described["shape"]) > 4 else []


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
