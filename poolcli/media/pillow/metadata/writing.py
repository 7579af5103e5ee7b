"""Metadata fitted to a format: what it can hold, in Pillow's terms, and notes on the rest."""

from typing import Any, NamedTuple

from PIL import ExifTags, Image

from poolcli.media.picture import Frame
from poolcli.media.pillow.metadata.exif import exif_for_size
from poolcli.media.pillow.metadata.png_chunks import is_srgb, made_chunks

__all__ = ["FittedMetadata", "fit_metadata"]

_JPEG = {"ICC profile", "EXIF", "XMP", "IPTC", "comment", "resolution"}
_HELD: dict[str, set[str]] = {
    "AVIF": {"ICC profile", "EXIF", "XMP"},
    "BMP": {"resolution"},
    "DIB": {"resolution"},
    "GIF": {"comment"},
    "JPEG": _JPEG,
    "JPEG2000": {"comment"},
    "MPO": _JPEG,
    "PCX": {"resolution"},
    "PDF": {"resolution"},
    "PNG": {"ICC profile", "EXIF", "XMP", "IPTC", "colour chunks", "resolution"},
    "TIFF": {"ICC profile", "EXIF", "XMP", "IPTC", "resolution", "calibration", "no-data value"},
    "WEBP": {"ICC profile", "EXIF", "XMP"},
}
"""Metadata that each format can hold, as Pillow writes it; its texts are placed apart."""

_RESOLUTION_IN_EXIF = {"AVIF", "WEBP"}
_RESOLUTION_TAGS = (282, 283, 296)

_MAX_UINT32 = 2**32 - 1
_DPI_LIMITS = dict.fromkeys(("JPEG", "MPO", "PCX"), (0.5, 65535))
_DPI_LIMITS |= dict.fromkeys(("PNG", "BMP", "DIB"), (0.013, int((2**31 - 1) * 0.0254)))
"""Least and most dots per inch; those of other formats are fractions of 32-bit integers."""

_SEGMENT = 65533
_JPEG_LIMITS = {"EXIF": _SEGMENT, "XMP": _SEGMENT - 29, "comment": _SEGMENT, "IPTC": _SEGMENT - 26}
_JPEG_LIMITS |= {"ICC profile": 255 * (_SEGMENT - 14)}
"""Bytes that a JPEG can hold of each kind of metadata: a segment's, or 255 of them."""


class FittedMetadata(NamedTuple):
    """Metadata as a format takes it.

    Attributes
    ----------
    options : dict
        Pillow's options for saving.
    tags : dict
        Tags for the page's directory in a TIFF.
    notes : list of str
        Notes to the user on what is not carried over.
    """

    options: dict[str, Any]
    tags: dict[int, Any]
    notes: list[str]


def fit_metadata(name: str, frame: Frame) -> FittedMetadata:
    """Choose Pillow's options for the metadata that a format can hold; note the rest.

    Parameters
    ----------
    name : str
        Pillow's name of the format.
    frame : Frame
        The pooled frame that the metadata belongs to.

    Examples
    --------
    >>> import numpy as np
    >>> from poolcli.media.picture import Metadata
    >>> grey = Frame(np.zeros((1, 1, 1), "u1"), "L", metadata=Metadata(comment=b"hi"))
    >>> fit_metadata("GIF", grey).options
    {'comment': b'hi'}
    >>> fit_metadata("BMP", grey).notes
    ['comment dropped: BMP has no place for it']
    """
    held, metadata = _HELD.get(name, set()), frame.metadata
    lost = list(metadata.dropped)
    dpi, notes = _fitting_dpi(name, frame)
    place = None  # in a PNG, texts are chunks
    texts: dict[str, str] = {}
    if metadata.texts or metadata.comment:
        from poolcli.media.pillow.metadata.texts import all_texts, placed_texts

        texts = all_texts(metadata)
    if texts and name != "PNG":
        place = placed_texts(metadata, in_exif="EXIF" in held, in_comment="comment" in held)
    height, width = frame.pixels.shape[:2]
    exif = metadata.exif if place is None else place.exif
    found: dict[str, Any] = {
        "EXIF": _fitting_exif(name, exif, frame, (width, height)),
        "XMP": _fitting_xmp(metadata.xmp, (width, height)),
        "IPTC": metadata.iptc,
        "ICC profile": metadata.icc,
        "colour chunks": metadata.colours if name == "PNG" or not is_srgb(metadata.colours) else {},
        "resolution": None if name in _RESOLUTION_IN_EXIF else dpi,
        "calibration": _telling_density(name, frame),
        "comment": None if place is None else place.comment,
        "no-data value": frame.nodata,
    }
    unheld = [kind for kind, value in found.items() if _is_there(value) and kind not in held]
    if place is not None and place.dropped:
        unheld.append(place.dropped)
    kept = {kind: value for kind, value in found.items() if _is_there(value) and kind in held}
    if name in ("JPEG", "MPO"):
        notes += _drop_oversized(name, kept)
    if name == "TIFF" and ExifTags.Base.MakerNote in _inner(kept.get("EXIF")):
        lost.append("maker note")
    if lost:
        notes.append(f"{_listed(lost)} dropped")
    if unheld:
        them = "it" if len(unheld) == 1 and not unheld[0].endswith("s") else "them"
        notes.append(f"{_listed(unheld)} dropped: {name} has no place for {them}")
    options, tags = _as_options(name, kept, texts)
    return FittedMetadata(options, tags, notes)


def _as_options(
    name: str, kept: dict[str, Any], texts: dict[str, str]
) -> tuple[dict[str, Any], dict[int, Any]]:
    """Express metadata in the options of Pillow's encoder, or in tags of a TIFF."""
    exif, xmp, iptc, icc = (kept.get(kind) for kind in ("EXIF", "XMP", "IPTC", "ICC profile"))
    if name == "TIFF":
        from poolcli.media.pillow.metadata.tiff_tags import NODATA
        from poolcli.media.pillow.metadata.tiff_writing import directory_tags

        blocks = {"xmp": xmp, "iptc": iptc, "icc": icc}
        tags = directory_tags(exif, blocks, kept.get("resolution"), kept.get("calibration"))
        return {}, tags | ({NODATA: kept["no-data value"]} if "no-data value" in kept else {})
    options: dict[str, Any] = {
        "icc_profile": icc,
        "dpi": kept.get("resolution"),
        "exif": None if exif is None else exif.tobytes(),
        "comment": kept.get("comment"),
    }
    if name == "PNG":
        texts |= _captions(iptc) if iptc else {}
        options["pnginfo"] = made_chunks(texts, kept.get("colour chunks", {}), xmp)
    else:
        options["xmp"] = xmp
        options["extra"] = _caption_segment(iptc) if iptc else None
    return {key: value for key, value in options.items() if value is not None}, {}


# Few pictures have captions of IPTC.
def _captions(iptc: bytes) -> dict[str, str]:
    from poolcli.media.pillow.metadata.iptc import as_png_text

    return dict([as_png_text(iptc)])


def _caption_segment(iptc: bytes) -> bytes:
    from poolcli.media.pillow.metadata.iptc import as_jpeg_segment

    return as_jpeg_segment(iptc)


def _fitting_dpi(name: str, frame: Frame) -> tuple[tuple[float, float] | None, list[str]]:
    """Choose the dots per inch, unless they are beyond what the format's header holds."""
    if frame.dpi is None:
        return None, []
    least, most = _DPI_LIMITS.get(name, (1 / _MAX_UINT32, _MAX_UINT32))
    if least <= min(frame.dpi) and max(frame.dpi) <= most:
        return frame.dpi, []
    few = min(frame.dpi) < least
    number = min(frame.dpi) if few else max(frame.dpi)
    bound = f"at least {least:.3g}" if few else f"at most {most}"
    return None, [f"resolution of {number:.6g} dpi dropped: {name} holds {bound}"]


def _fitting_exif(
    name: str, exif: Image.Exif | None, frame: Frame, size: tuple[int, int]
) -> Image.Exif | None:
    """Set the EXIF to the size and the resolution of the frame; None if there is nothing in it."""
    dpi = frame.dpi if frame.dpi is not None and max(frame.dpi) <= _MAX_UINT32 else None
    add_dpi = name in _RESOLUTION_IN_EXIF and dpi is not None
    if exif is None and not add_dpi:
        return None
    exif = exif_for_size(Image.Exif() if exif is None else exif, size, dpi, add_dpi=add_dpi)
    if dpi is None and frame.dpi is not None:
        for tag in _RESOLUTION_TAGS:
            exif.pop(tag, None)
    return exif


def _fitting_xmp(xmp: bytes | None, size: tuple[int, int]) -> bytes | None:
    if xmp is None:
        return None
    from poolcli.media.xmp import xmp_for_size

    return xmp_for_size(xmp, size)


def _telling_density(name: str, frame: Frame) -> tuple[float, float] | None:
    """Take the pixels per unit, unless they say nothing: all square, and of no unit at all."""
    exif = frame.metadata.exif
    described = "" if exif is None else str(exif.get(ExifTags.Base.ImageDescription, ""))
    density = frame.density
    if density is None or name == "TIFF":
        return density
    return density if density[0] != density[1] or "unit=" in described else None


def _drop_oversized(name: str, kept: dict[str, Any]) -> list[str]:
    """Remove what is longer than a JPEG's segments, and note it."""
    notes = []
    for kind, limit in _JPEG_LIMITS.items():
        value = kept.get(kind, b"")
        size = len(value.tobytes() if kind == "EXIF" and value else value)
        if size > limit:
            del kept[kind]
            notes.append(f"{kind} of {size} bytes dropped: {name} holds at most {limit}")
    return notes


def _is_there(value: Any) -> bool:
    """Tell whether there is something; an EXIF is false if all of it is in inner directories."""
    return value is not None if isinstance(value, Image.Exif) else bool(value)


def _inner(exif: Image.Exif | None) -> dict[int, Any]:
    return {} if exif is None else exif.get_ifd(ExifTags.IFD.Exif)


def _listed(names: list[str]) -> str:
    *others, last = dict.fromkeys(names)
    return f"{', '.join(others)} and {last}" if others else last
