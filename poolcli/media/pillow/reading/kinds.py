"""Kinds of file that are known by their content but cannot be read, and what reads them."""

import re
import struct
from typing import BinaryIO

from poolcli.media.options import INSTALL_HEIF

__all__ = ["describe_kind", "is_heif"]

_HEAD_BYTES = 4096

_CONVERT = "convert it to PNG or TIFF first"

_DEVELOP = "develop it to TIFF or PNG first (darktable, RawTherapee, dcraw)"

_POSTSCRIPT = (
    "is PostScript, a program that would have to be run; render it to PNG first if you trust it "
    "(gs -dSAFER -sDEVICE=png16m)"
)

_SIGNATURES: dict[bytes, str] = {
    b"\xff\x0a": f"is a JPEG XL picture; {_CONVERT} (djxl, ImageMagick)",
    b"\0\0\0\x0cJXL \r\n\x87\n": f"is a JPEG XL picture; {_CONVERT} (djxl, ImageMagick)",
    b"\x76\x2f\x31\x01": f"is an OpenEXR picture; {_CONVERT} (ImageMagick, oiiotool)",
    b"#?R": f"is a Radiance HDR picture; {_CONVERT} (ImageMagick, oiiotool)",
    b"%!PS": _POSTSCRIPT,
    b"\xc5\xd0\xd3\xc6": _POSTSCRIPT,
    b"%PDF-": "is a PDF document; render its pages to PNG first (pdftoppm, mutool)",
    b"PF\n": f"is a colour PFM of floats; {_CONVERT} (ImageMagick)",
    b"PF ": f"is a colour PFM of floats; {_CONVERT} (ImageMagick)",
    b"P7\n": f"is a PAM; {_CONVERT} (pamtopng, ImageMagick)",
    b"BPG\xfb": f"is a BPG picture; {_CONVERT} (bpgdec)",
    b"FLIF": f"is a FLIF picture; {_CONVERT} (flif)",
    b"AT&TFORM": "is a DjVu document; render its pages to PNG first (ddjvu)",
    b"gimp xcf": f"is a GIMP picture of layers (XCF); {_CONVERT} (GIMP)",
    b"II\xbc": f"is a JPEG XR picture; {_CONVERT} (JxrDecApp)",
    b"SDPX": f"is a DPX picture; {_CONVERT} (ImageMagick)",
    b"XPDS": f"is a DPX picture; {_CONVERT} (ImageMagick)",
    b"\xabKTX": f"is a KTX texture; {_CONVERT} (ktx)",
    b"\x8aMNG": f"is an MNG animation; {_CONVERT} (ImageMagick)",
    b"\x8bJNG": f"is a JNG picture; {_CONVERT} (ImageMagick)",
    b"FUJIFILMCCD-RAW": f"is a camera raw file (RAF); {_DEVELOP}",
    b"IIU\0": f"is a camera raw file (RW2); {_DEVELOP}",
    b"IIRO": f"is a camera raw file (ORF); {_DEVELOP}",
    b"IIRS": f"is a camera raw file (ORF); {_DEVELOP}",
    b"MMOR": f"is a camera raw file (ORF); {_DEVELOP}",
    b"FOVb": f"is a camera raw file (X3F); {_DEVELOP}",
    b"\0MRM": f"is a camera raw file (MRW); {_DEVELOP}",
    b"II\x1a\0\0\0HEAPCCDR": f"is a camera raw file (CRW); {_DEVELOP}",
    b"\x89HDF\r\n\x1a\n": "is an HDF5 file of arrays; save one of them as .npy (h5py)",
    b"CDF\x01": "is a netCDF file of arrays; save one of them as .npy (xarray)",
    b"CDF\x02": "is a netCDF file of arrays; save one of them as .npy (xarray)",
    b"GRIB": "is a GRIB file of weather data; save an array as .npy (xarray, cfgrib)",
    b"BUFR": "is a BUFR file of weather data; save an array as .npy (ecCodes)",
    b"NRRD000": "is an NRRD volume; save its slices as .npy (pynrrd)",
    b"MATLAB 5.0": "is a MATLAB file; save an array as .npy (scipy)",
    b"PAR1": "is a Parquet table, which is not a picture",
    b"\x93NUMPY": "is a NumPy array; give it the extension .npy",
    b"\xd7\xcd\xc6\x9a": f"is a WMF drawing; {_CONVERT} (Inkscape)",
    b"PK\x03\x04": "is a ZIP archive, or a document or .npz in one; unpack it first",
    b"\x1f\x8b": "is compressed by gzip; unpack it first (gunzip)",
    b"BZh": "is compressed by bzip2; unpack it first (bunzip2)",
    b"\xfd7zXZ\0": "is compressed by xz; unpack it first (unxz)",
    b"\x28\xb5\x2f\xfd": "is compressed by zstd; unpack it first (unzstd)",
    b"7z\xbc\xaf\x27\x1c": "is a 7z archive; unpack it first",
    b"Rar!\x1a\x07": "is a RAR archive; unpack it first",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": "is an OLE file, as of Office; export the picture in it",
    b"\0\x05\x16\x07": "is metadata of macOS beside a file (AppleDouble), which is not a picture",
    b"\x1a\x45\xdf\xa3": "is a video (Matroska or WebM); take its frames first (ffmpeg)",
    b"\0\0\x01\xba": "is a video (MPEG); take its frames first (ffmpeg)",
    b"\0\0\x01\xb3": "is a video (MPEG); take its frames first (ffmpeg)",
    b"version https://git-lfs.github.com/spec/": (
        "is a Git LFS pointer, not the file itself; fetch that with git lfs pull"
    ),
}
"""Descriptions by the bytes that files begin with."""

_HEIF_BRANDS = (b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1")

_BRANDS: dict[bytes, str] = {
    **dict.fromkeys(
        _HEIF_BRANDS,
        f"is a HEIC picture; {INSTALL_HEIF} reads it, or {_CONVERT} (heif-convert, ImageMagick)",
    ),
    b"crx ": f"is a camera raw file (CR3); {_DEVELOP}",
}
"""Descriptions by the brand of an ISO media file; those of all others are videos."""

_VIDEO = "is a video (MP4 or QuickTime); take its frames first (ffmpeg)"

_TEXTS: tuple[tuple[bytes, str], ...] = (
    (rb"<svg[\s>:]", "is an SVG drawing; render it to PNG first (rsvg-convert, Inkscape)"),
    (
        rb"<!doctype html|<html[\s>]|<head[\s>]",
        "is an HTML page, perhaps an error page of a download; fetch the picture itself",
    ),
    (rb"<\?xml", "is an XML document, which is not a picture"),
)
"""Descriptions by what a text has near its begin, in any case."""

_PSD_MODES = {0: "bitmap", 1: "grey", 2: "palette", 3: "RGB", 4: "CMYK", 7: "multichannel"}
_PSD_MODES |= {8: "duotone", 9: "Lab"}


def describe_kind(file: BinaryIO) -> str | None:
    """Describe a file that no decoder opened, by its content; None if its kind is not known.

    Examples
    --------
    >>> from io import BytesIO
    >>> describe_kind(BytesIO(b"%PDF-1.7"))
    'is a PDF document; render its pages to PNG first (pdftoppm, mutool)'
    >>> describe_kind(BytesIO(b"plain text")) is None
    True
    """
    file.seek(0)
    head = file.read(_HEAD_BYTES)
    for signature, text in _SIGNATURES.items():
        if head.startswith(signature):
            return text
    if head[128:132] == b"DICM":
        return f"is a DICOM picture; {_CONVERT} (dcmj2pnm, pydicom)"
    if head[344:347] in (b"n+1", b"ni1"):
        return "is a NIfTI volume; save its slices as .npy (nibabel)"
    if head.startswith(b"8BPS"):
        return _describe_photoshop(head)
    if head[4:8] in (b"ftyp", b"moov", b"mdat"):
        return _describe_media(head)
    if head[:4] == b"RIFF" and head[8:12] in (b"AVI ", b"WAVE"):
        return "is a video or sound (RIFF); take its frames first (ffmpeg)"
    if head.startswith(b"\xff\xd8\xff"):
        return _describe_jpeg(file)
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return next((text for form, text in _TEXTS if re.search(form, head, re.IGNORECASE)), None)
    return None


def _describe_photoshop(head: bytes) -> str | None:
    if len(head) < 26:
        return None
    version, bits, mode = struct.unpack_from(">H16xHH", head, 4)
    name = "PSB (large Photoshop file)" if version == 2 else "PSD"
    colours = _PSD_MODES.get(mode, "of unknown colours")
    return f"is a {name} of {bits}-bit {colours}, which cannot be read; {_CONVERT} (ImageMagick)"


def is_heif(file: BinaryIO) -> bool:
    """Tell whether a file is a HEIC or HEIF by its content; its position is set to the start.

    >>> from io import BytesIO
    >>> is_heif(BytesIO(bytes([0, 0, 0, 16]) + b"ftypheic" + bytes(4)))
    True
    """
    file.seek(0)
    head = file.read(_HEAD_BYTES)
    file.seek(0)
    if head[4:8] != b"ftyp":
        return False
    brands = _brands(head)
    return not {b"avif", b"avis"} & {*brands} and any(one in _HEIF_BRANDS for one in brands)


def _brands(head: bytes) -> list[bytes]:
    """List the brands of an ISO media file, the major one first."""
    (length,) = struct.unpack_from(">I", head)
    return [head[8:12], *(head[at : at + 4] for at in range(16, min(length, len(head)), 4))]


def _describe_media(head: bytes) -> str | None:
    if head[4:8] != b"ftyp":
        return _VIDEO
    brands = _brands(head)
    if b"avif" in brands or b"avis" in brands:
        return None
    return next((_BRANDS[brand] for brand in brands if brand in _BRANDS), _VIDEO)


def _describe_jpeg(file: BinaryIO) -> str | None:
    """Describe a JPEG by the marker that begins its frame, if that is of a rare kind."""
    at = 2
    while True:
        file.seek(at)
        head = file.read(5)
        if len(head) < 5 or head[0] != 0xFF:
            return None
        if head[1] == 0xF7:
            return f"is a JPEG-LS picture; {_CONVERT} (ffmpeg, dcmtk)"
        if head[1] in (0xC3, 0xC7, 0xCB, 0xCF):
            return f"is a lossless JPEG, which cannot be read; {_CONVERT} (ffmpeg)"
        if 0xC0 <= head[1] <= 0xCF and head[1] not in (0xC4, 0xC8, 0xCC):
            if head[4] == 8:
                return None
            return f"is a JPEG of {head[4]} bits, of which only 8 can be read; {_CONVERT}"
        at += 2 + int.from_bytes(head[2:4], "big")
