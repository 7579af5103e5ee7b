"""Segments of a JPEG: carried over, dropped with a note, or too long for one segment."""

import struct
from pathlib import Path
from typing import Any

import pytest
from PIL import ExifTags, Image, IptcImagePlugin
from PIL.PngImagePlugin import PngInfo

from tests.commands import Run
from tests.pictures import photo

RECORDS = b"\x1c\x02\x78\x00\x07Caption\x1c\x02\x74\x00\x04(c)X"
HDR, APPLE = b"http://ns.adobe.com/hdr-gain-map/1.0/", b"http://ns.apple.com/HDRGainMap/1.0/"
CAMERA = b"http://ns.google.com/photos/1.0/camera/"
CONTAINER = b"http://ns.google.com/photos/1.0/container/"


def segment(marker: int, body: bytes) -> bytes:
    return bytes([0xFF, marker]) + struct.pack(">H", len(body) + 2) + body


def insert(path: str, *segments: bytes) -> None:
    """Add segments after the start of a JPEG."""
    data = Path(path).read_bytes()
    Path(path).write_bytes(data[:2] + b"".join(segments) + data[2:])


def resource(number: int, data: bytes) -> bytes:
    return b"8BIM" + struct.pack(">HHI", number, 0, len(data)) + data + bytes(len(data) % 2)


def iptc_of(path: str) -> Any:
    with Image.open(path) as image:
        return IptcImagePlugin.getiptcinfo(image)


def write_iptc(path: str, *more: bytes) -> None:
    photo("RGB").save(path)
    insert(path, segment(0xED, b"Photoshop 3.0\0" + resource(0x0404, RECORDS) + b"".join(more)))


@pytest.mark.parametrize("suffix", ["jpg", "tif"])
def test_iptc_is_carried(run: Run, suffix: str) -> None:
    write_iptc("in.jpg")
    assert run("max", "in.jpg", f"out.{suffix}", "-k", 2).err == ""
    assert iptc_of(f"out.{suffix}") == {(2, 120): b"Caption", (2, 116): b"(c)X"}


def test_iptc_comes_back_from_a_png_and_a_tiff(run: Run) -> None:
    write_iptc("in.jpg")
    for source, destination in (("in.jpg", "a.png"), ("a.png", "b.tif"), ("b.tif", "c.jpg")):
        assert run("max", source, destination, "-k", 1).err == ""
    assert iptc_of("c.jpg") == iptc_of("in.jpg")


@pytest.mark.parametrize("suffix", ["webp", "gif"])
def test_iptc_is_noted_where_there_is_no_place(run: Run, suffix: str) -> None:
    write_iptc("in.jpg")
    err = run("max", "in.jpg", f"out.{suffix}", "-k", 2).err
    assert f"in.jpg: IPTC dropped: {suffix.upper()} has no place for it\n" in err
    assert "IPTC" not in run("max", "in.jpg", f"out.{suffix}", "-k", 2, "--strip").err


def test_clipping_paths_are_noted(run: Run) -> None:
    write_iptc("in.jpg", resource(2000, bytes(26)))
    err = run("max", "in.jpg", "out.jpg", "-k", 2).err
    assert err == "poolcli: note: in.jpg: clipping paths dropped\n"


PROMISES = {
    "gain map": [
        b'<d xmlns:hdrgm="%s" hdrgm:Version="1.0" dc:t="hi"/>' % HDR,
        b'<d xmlns:q="%s" dc:t="hi"><q:Max><rdf:Seq><rdf:li>1</rdf:li></rdf:Seq></q:Max></d>' % HDR,
        b"<d xmlns:HDRGainMap='%s' HDRGainMap:HDRGainMapVersion='65536' dc:t=\"hi\"/>" % APPLE,
    ],
    "motion video": [b'<d xmlns:GCamera="%s" GCamera:MotionPhoto="1" dc:t="hi"/>' % CAMERA],
    "extended XMP": [
        b'<d xmlns:xmpNote="http://ns.adobe.com/xmp/note/" xmpNote:HasExtendedXMP="AB" dc:t="hi"/>'
    ],
}


@pytest.mark.parametrize(
    ("name", "xmp"), [(name, xmp) for name in PROMISES for xmp in PROMISES[name]]
)
def test_xmp_promises_nothing_that_is_not_there(run: Run, name: str, xmp: bytes) -> None:
    photo("RGB").save("in.jpg", xmp=xmp)
    err = run("max", "in.jpg", "out.jpg", "-k", 2).err
    assert err == f"poolcli: note: in.jpg: {name} dropped\n"
    with Image.open("out.jpg") as image:
        assert image.info["xmp"] in (b'<d dc:t="hi"/>', b'<d dc:t="hi"></d>')


def test_directory_of_embedded_pictures_goes_with_them(run: Run) -> None:
    xmp = (
        b'<d xmlns:C="%s" xmlns:Item="%sitem/" dc:t="hi"><C:Directory><rdf:li>'
        b'<C:Item Item:Semantic="GainMap" Item:Length="9"/></rdf:li></C:Directory></d>'
    )
    photo("RGB").save("in.jpg", xmp=xmp % (CONTAINER, CONTAINER))
    assert run("max", "in.jpg", "out.jpg", "-k", 2).code == 0
    with Image.open("out.jpg") as image:
        assert image.info["xmp"] == b'<d dc:t="hi"></d>'


def test_resolution_of_the_old_picture_leaves_the_xmp(run: Run) -> None:
    space = b'xmlns:tiff="http://ns.adobe.com/tiff/1.0/"'
    photo("RGB").save("in.jpg", xmp=b'<d %s tiff:XResolution="300/1" tiff:Make="Cam"/>' % space)
    assert run("max", "in.jpg", "out.jpg", "-k", 2).err == ""
    with Image.open("out.jpg") as image:
        assert image.info["xmp"] == b'<d %s tiff:Make="Cam"/>' % space


def test_other_properties_of_a_camera_stay(run: Run) -> None:
    xmp = b'<d xmlns:GCamera="%s" GCamera:BurstID="7"/>' % CAMERA
    photo("RGB").save("in.jpg", xmp=xmp)
    assert run("max", "in.jpg", "out.jpg", "-k", 2).err == ""
    with Image.open("out.jpg") as image:
        assert image.info["xmp"] == xmp


def test_what_is_longer_than_a_segment_is_dropped_with_a_note(run: Run) -> None:
    exif, texts = Image.Exif(), PngInfo()
    exif[ExifTags.Base.ImageDescription] = "d" * 70000
    texts.add_text("Comment", "z" * 70000)
    photo("RGB").save("exif.png", exif=exif)
    photo("RGB").save("comment.png", pnginfo=texts)
    photo("RGB").save("xmp.webp", xmp=b"<x>" + b"h" * 70000 + b"</x>")
    for name, kind, limit in (
        ("exif.png", "EXIF", 65533),
        ("comment.png", "comment", 65533),
        ("xmp.webp", "XMP", 65504),
    ):
        done = run("max", name, "out.jpg", "-k", 2)
        assert done.code == 0
        assert f"note: {name}: {kind} of 70" in done.err
        assert done.err.endswith(f"bytes dropped: JPEG holds at most {limit}\n")


@pytest.mark.parametrize("size", [65533, 65534])
def test_last_comment_that_fits_a_segment(run: Run, size: int) -> None:
    texts = PngInfo()
    texts.add_text("Comment", "z" * size)
    photo("RGB").save("in.png", pnginfo=texts)
    assert bool(run("max", "in.png", "out.jpg", "-k", 2).err) == (size > 65533)


@pytest.mark.parametrize("comment", ["Zoë".encode(), "Zoë".encode("latin-1")])
def test_comment_in_either_encoding(run: Run, comment: bytes) -> None:
    photo("RGB").save("in.jpg", comment=comment)
    for suffix in ("jpg", "gif", "png", "tif"):
        assert "comment" not in run("max", "in.jpg", f"out.{suffix}", "-k", 2).err
    for name in ("out.jpg", "out.gif"):
        with Image.open(name) as image:
            assert image.info["comment"] == comment
    with Image.open("out.png") as image:
        image.load()
        assert image.info["Comment"] == "Zoë"
    with Image.open("out.tif") as image:
        description = image.getexif()[ExifTags.Base.ImageDescription]
        assert description.encode("latin-1").decode() == "Zoë"


def test_a_comment_beside_a_description_becomes_the_users(run: Run) -> None:
    exif = Image.Exif()
    exif[ExifTags.Base.ImageDescription] = "a cat"
    photo("RGB").save("in.jpg", exif=exif, comment=b"mine")
    for suffix in ("tif", "webp", "avif"):
        assert run("max", "in.jpg", f"out.{suffix}", "-k", 2).err == ""
        with Image.open(f"out.{suffix}") as image:
            found = image.getexif()
            assert found[ExifTags.Base.ImageDescription] == "a cat"
            inner = found.get_ifd(ExifTags.IFD.Exif)
            assert inner[ExifTags.Base.UserComment] == b"ASCII\0\0\0mine"


def test_unreadable_exif_is_noted(run: Run) -> None:
    exif = b"Exif\0\0II*\0" + struct.pack("<IHHHIII", 8, 1, 0x9003, 99, 1, 1, 0)
    photo("RGB").save("in.jpg")
    insert("in.jpg", segment(0xE1, exif))
    err = run("max", "in.jpg", "out.jpg", "-k", 2).err
    assert err == "poolcli: note: in.jpg: unreadable EXIF dropped\n"
