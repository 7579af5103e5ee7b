"""Places, sizes and names of a TIFF, true of the pooled pixels."""

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest

from tests.commands import Run
from tests.pictures import noise

tifffile = pytest.importorskip("tifffile", reason="the extra [tiff] is not installed")


def tags(name: str, page: int = 0) -> dict[str, Any]:
    with tifffile.TiffFile(name) as tif:
        return {tag.name: tag.value for tag in tif.pages[page].tags}


def write_geotiff(name: str, *, point: bool = False, **more: Any) -> None:
    """A raster of 12×12 whose pixels are 30 wide and 20 high."""
    keys = (1, 1, 0, 2, 1024, 0, 1, 1, 1025, 0, 1, 2 if point else 1)
    own = [
        (33550, "d", 3, (30.0, 20.0, 0.0), True),
        (33922, "d", 6, (0, 0, 0, 500.0, 4000.0, 0), True),
        (34735, "H", len(keys), keys, True),
        (34737, "s", 0, "WGS 84|", True),
        (42113, "s", 0, "-9999", True),
    ]
    how = {"extratags": own, "metadata": None, **more}
    tifffile.imwrite(name, noise((12, 12)).astype("f4"), **how)


# Words, then columns and rows from the source's corner to the result's.
CORNERS = {
    "-k 2": (0.0, 0.0),
    "-k 4 -s 2": (1.0, 1.0),
    "-k 3 -s 1 -p 1": (0.0, 0.0),
    "-k 3 -s 2": (0.5, 0.5),
    "-k 2x4 -s 2x1": (1.5, 0.0),
    "-k 3 -s 3 -p 1": (-1.0, -1.0),
    "-k 2 -s 2 -d 3": (1.0, 1.0),
    "--size 3x4": (0.0, 0.0),
}


@pytest.mark.parametrize("words", CORNERS)
def test_where_a_geotiff_lies(run: Run, words: str) -> None:
    write_geotiff("a.tif")
    noted = "its no-data value -9999 had no vote; --skip none lets it count"
    assert run("avg", "a.tif", "b.tif", *words.split()).err == f"poolcli: note: a.tif: {noted}\n"
    found = tags("b.tif")
    across, down = CORNERS[words]
    tie = (0, 0, 0, 500.0 + 30 * across, 4000.0 - 20 * down, 0)
    np.testing.assert_allclose(found["ModelTiepointTag"], tie)
    high, wide = found["ImageLength"], found["ImageWidth"]
    if words == "--size 3x4":
        assert found["ModelPixelScaleTag"] == (90.0, 80.0, 0.0)
        assert (high, wide) == (3, 4)
    if words == "-k 2x4 -s 2x1":
        assert found["ModelPixelScaleTag"] == (30.0, 40.0, 0.0)
    assert found["GDAL_NODATA"] == "-9999"
    assert found["GeoAsciiParamsTag"] == "WGS 84|"


def test_a_point_is_moved_to_the_centre_of_its_window(run: Run) -> None:
    write_geotiff("a.tif", point=True)
    run("avg", "a.tif", "b.tif", "-k", "3x2", "-p", "1x0", "-d", "2x1", "-s", 2)
    # Down: d·(k - 1) / 2 - p = 1 row of 20; across: half a column of 30.
    assert tags("b.tif")["ModelTiepointTag"] == (0, 0, 0, 515.0, 3980.0, 0)


def test_several_tie_points_and_a_matrix_move_on_the_grid(run: Run) -> None:
    ties = (0.0, 0, 0, 10, 20, 0, 8, 4, 0, 30, 40, 0)
    matrix = (2.0, 0, 0, 100, 0, -3, 0, 200, 0, 0, 0, 0, 0, 0, 0, 1)
    own = [(33922, "d", 12, ties, True), (34264, "d", 16, matrix, True)]
    tifffile.imwrite("a.tif", noise((12, 12)), extratags=own, metadata=None)
    run("max", "a.tif", "b.tif", "-k", 4, "-s", 2)
    found = tags("b.tif")
    assert found["ModelTiepointTag"] == (-0.5, -0.5, 0, 10, 20, 0, 3.5, 1.5, 0, 30, 40, 0)
    want = (4.0, 0, 0, 102, 0, -6, 0, 197, 0, 0, 0, 0, 0, 0, 0, 1)
    assert found["ModelTransformationTag"] == want


def test_statistics_of_old_pixels_are_left_out(run: Run) -> None:
    item = '  <Item name="{}" sample="0">{}</Item>\n'
    text = "<GDALMetadata>\n" + item.format("STATISTICS_MAXIMUM", 9) + item.format("BAND", "red")
    own = [(42112, "s", 0, text + "</GDALMetadata>", True)]
    tifffile.imwrite("a.tif", noise((4, 4)), extratags=own, metadata=None)
    run("avg", "a.tif", "b.tif", "-k", 2)
    kept = tags("b.tif")["GDAL_METADATA"]
    assert "STATISTICS" not in kept
    assert item.format("BAND", "red") in kept


def ome_of(name: str) -> ElementTree.Element:
    with tifffile.TiffFile(name) as tif:
        return ElementTree.fromstring(tif.ome_metadata)


def test_ome_xml_counts_pooled_pixels(run: Run) -> None:
    x = noise((2, 3, 9, 8), "u2")
    sizes = {"PhysicalSizeX": 0.25, "PhysicalSizeY": 0.5, "PhysicalSizeZ": 2.0}
    units = {f"PhysicalSize{axis}Unit": "µm" for axis in "XYZ"}
    planes = {
        "PositionX": [1.0, 2.0] * 3,
        "PositionY": [5.0] * 6,
        "PositionXUnit": ["µm"] * 6,
        "PositionYUnit": ["mm"] * 6,
    }
    told = {"axes": "ZCYX", **sizes, **units, "Plane": planes, "Channel": {"Name": list("rgb")}}
    tifffile.imwrite("a.ome.tif", x, metadata=told, photometric=1)
    assert run("max", "a.ome.tif", "b.ome.tif", "-k", "3x2", "-s", 2).err == ""
    with tifffile.TiffFile("b.ome.tif") as tif:
        series = tif.series[0]
        assert (series.axes, series.shape) == ("ZCYX", (2, 3, 4, 4))
        want = np.lib.stride_tricks.sliding_window_view(x, (3, 2), (2, 3))[:, :, ::2, ::2]
        np.testing.assert_array_equal(series.asarray(), want.max((-2, -1)))
    (pixels,) = ome_of("b.ome.tif").iter(
        "{http://www.openmicroscopy.org/Schemas/OME/2016-06}Pixels"
    )
    got = {key: pixels.get(key) for key in ("SizeX", "SizeY", "SizeZ", "PhysicalSizeZ")}
    assert got == {"SizeX": "4", "SizeY": "4", "SizeZ": "2", "PhysicalSizeZ": "2.0"}
    assert [pixels.get("PhysicalSizeX"), pixels.get("PhysicalSizeY")] == ["0.5", "1"]
    names = [one.get("Name") for one in pixels if one.tag.endswith("Channel")]
    assert names == ["r", "g", "b"]
    first = next(one for one in pixels if one.tag.endswith("Plane"))
    # Half a pixel of 0.25 µm; the rows' unit is another, so that they stay where they are.
    assert (first.get("PositionX"), first.get("PositionY")) == ("1.125", "5.0")


def test_several_images_of_an_ome_tiff(run: Run) -> None:
    one, two = noise((2, 8, 8)), noise((6, 4), "u2")
    with tifffile.TiffWriter("a.ome.tif", ome=True) as writer:
        writer.write(one, metadata={"axes": "ZYX", "Name": "one"}, photometric=1)
        writer.write(two, metadata={"axes": "YX", "Name": "two"})
    run("max", "a.ome.tif", "b.ome.tif", "-k", 2)
    with tifffile.TiffFile("b.ome.tif") as tif:
        assert [(s.name, s.shape) for s in tif.series] == [("one", (2, 4, 4)), ("two", (3, 2))]
        np.testing.assert_array_equal(tif.series[1].asarray(), two.reshape(3, 2, 2, 2).max((1, 3)))


def test_one_plane_of_an_ome_tiff_is_described_alone(run: Run) -> None:
    x, told = noise((2, 3, 8, 8)), {"axes": "ZCYX", "Channel": {"Name": list("rgb")}}
    tifffile.imwrite("a.ome.tif", x, metadata=told, photometric=1)
    run("max", "a.ome.tif", "b.ome.tif", "-k", 2, "--frame", 5)
    with tifffile.TiffFile("b.ome.tif") as tif:
        assert (tif.series[0].kind, tif.series[0].shape) == ("ome", (4, 4))
        assert 'Name="b"' in tif.ome_metadata
        assert 'Name="r"' not in tif.ome_metadata


def test_rgb_planes_of_an_ome_tiff(run: Run) -> None:
    x = noise((2, 8, 8, 3))
    tifffile.imwrite("a.ome.tif", x, metadata={"axes": "ZYXS"}, photometric="rgb")
    run("max", "a.ome.tif", "b.ome.tif", "-k", 2)
    with tifffile.TiffFile("b.ome.tif") as tif:
        assert (tif.series[0].axes, tif.series[0].shape) == ("ZYXS", (2, 4, 4, 3))


def test_pyramids_of_an_ome_tiff_are_known_as_such(run: Run) -> None:
    x = noise((64, 64))
    with tifffile.TiffWriter("a.ome.tif", ome=True) as writer:
        writer.write(x, subifds=1, metadata={"axes": "YX"})
        writer.write(x[::2, ::2], subfiletype=1)
    result = run("max", "a.ome.tif", "b.ome.tif", "-k", 2)
    assert "sub-images dropped" in result.err
    with tifffile.TiffFile("b.ome.tif") as tif:
        assert (len(tif.pages), tif.series[0].shape) == (1, (32, 32))


def test_planes_in_missing_files_are_noted(run: Run) -> None:
    x = noise((2, 8, 8))
    tifffile.imwrite("a.ome.tif", x, metadata={"axes": "ZYX"}, photometric=1)
    with tifffile.TiffFile("a.ome.tif") as tif:
        xml = tif.ome_metadata.replace('PlaneCount="2"', 'PlaneCount="1"')
    tifffile.imwrite("c.tif", x[0], description=xml, metadata=None)
    assert "1 plane is in no file here" in run("max", "c.tif", "d.tif", "-k", 2).err
    np.testing.assert_array_equal(tifffile.imread("d.tif")[1], np.zeros((4, 4)))


def test_an_imagej_hyperstack_stays_one(run: Run) -> None:
    x = noise((2, 3, 4, 8, 8), "u2")
    told = {"unit": "um", "spacing": 2.0, "finterval": 0.5, "Labels": [f"p{i}" for i in range(24)]}
    tifffile.imwrite("a.tif", x, imagej=True, resolution=(4, 8), metadata={"axes": "TZCYX", **told})
    assert run("avg", "a.tif", "b.tif", "-k", 4, "-s", 2).err == ""
    with tifffile.TiffFile("b.tif") as tif:
        series, meta = tif.series[0], tif.imagej_metadata
        assert (series.kind, series.axes, series.shape) == ("imagej", "TZCYX", (2, 3, 4, 3, 3))
        assert {key: meta[key] for key in told} == told
        assert (meta["xorigin"], meta["yorigin"]) == (-0.5, -0.5)
        assert not tif.pages[0].is_tiled
    found = tags("b.tif")
    assert (found["XResolution"], found["YResolution"]) == ((2, 1), (4, 1))
    assert found["ResolutionUnit"] == 1


def test_planes_without_directories_of_their_own_are_read(run: Run) -> None:
    x = noise((5, 8, 8), ">u2")
    tifffile.imwrite("a.tif", x, truncate=True, metadata={"axes": "ZYX"}, byteorder=">")
    with tifffile.TiffFile("a.tif") as tif:
        assert len(tif.pages) == 1
    run("max", "a.tif", "b.npy", "-k", 2)
    np.testing.assert_array_equal(np.load("b.npy"), x.reshape(5, 4, 2, 4, 2).max((2, 4)))
    Path("cut.tif").write_bytes(Path("a.tif").read_bytes()[:-10])
    assert "truncated" in run("max", "cut.tif", "c.npy", "-k", 2).failure


def test_named_axes_of_tifffile_stay(run: Run) -> None:
    x = noise((3, 2, 8, 8))
    told = {"axes": "QCYX", "note": "mine"}
    tifffile.imwrite("a.tif", x, metadata=told, photometric=1)
    run("max", "a.tif", "b.tif", "-k", 2)
    with tifffile.TiffFile("b.tif") as tif:
        assert (tif.series[0].axes, tif.series[0].shape) == ("QCYX", (3, 2, 4, 4))
        assert json.loads(tif.pages[0].description)["note"] == "mine"


def test_every_page_keeps_its_own_names(run: Run) -> None:
    with tifffile.TiffWriter("a.tif") as writer:
        for number in range(3):
            writer.write(noise((8, 8)).astype("f8"), description=f"page {number}", metadata=None,
                         resolution=(100 + number * 50,) * 2, resolutionunit="CENTIMETER",
                         extratags=[(285, "s", 0, f"name {number}", False)])  # fmt: skip
    assert run("max", "a.tif", "b.tif", "-k", 2).err == ""
    found = [tags("b.tif", page) for page in range(3)]
    assert [one["ImageDescription"] for one in found] == ["page 0", "page 1", "page 2"]
    assert [one["PageName"] for one in found] == ["name 0", "name 1", "name 2"]
    assert [one["XResolution"][0] for one in found] == [50, 75, 100]
    assert {one["ResolutionUnit"] for one in found} == {3}


def test_other_tags_are_kept_or_named(run: Run) -> None:
    icc, xmp = bytes(range(200)), b'<x exif:PixelXDimension="8"/>'
    own = [
        (315, "s", 0, "An artist", True),
        (34675, "B", len(icc), icc, True),
        (700, "B", len(xmp), xmp, True),
        (65000, "Q", 1, 1 << 40, True),
        (34377, "B", 4, b"8BIM", True),
    ]
    tifffile.imwrite("a.tif", noise((8, 8)).astype("f8"), extratags=own, metadata=None,
                     byteorder=">", bigtiff=True)  # fmt: skip
    assert "Photoshop data dropped" in run("max", "a.tif", "b.tif", "-k", 2).err
    found = tags("b.tif")
    assert (found["Artist"], bytes(found["InterColorProfile"])) == ("An artist", icc)
    assert (found["XMP"], found["65000"]) == (b'<x exif:PixelXDimension="4"/>', 1 << 40)
    run("max", "a.tif", "c.tif", "-k", 2, "--strip")
    assert not {"Artist", "InterColorProfile", "XMP"} & set(tags("c.tif"))


@pytest.mark.parametrize("big", [False, True])
def test_exif_and_place_are_kept(run: Run, monkeypatch: pytest.MonkeyPatch, big: bool) -> None:
    from PIL import ExifTags, Image

    from poolcli.media.tiff import reader as tiff_reader
    from poolcli.media.tiff import writing

    made, exif = Image.Exif(), Image.Exif()
    told = {36867: "2024:01:02 03:04:05", 33434: 0.004, 40962: 8, 40963: 8, 37500: b"of a maker"}
    made.get_ifd(ExifTags.IFD.Exif).update(told)
    made.get_ifd(ExifTags.IFD.GPSInfo).update({1: "N", 2: (50.0, 30.5, 0.0)})
    exif.load(made.tobytes())
    Image.fromarray(noise((8, 8, 3))).save("a.tif", exif=exif)
    monkeypatch.setattr(tiff_reader, "_LARGE", 0)
    monkeypatch.setattr(writing, "_CLASSIC_BYTES", 0 if big else 1 << 30)
    assert "note: a.tif: maker note dropped" in run("max", "a.tif", "b.tif", "-k", "4x2").err
    assert Path("b.tif").read_bytes()[2] == (43 if big else 42)
    with Image.open("b.tif") as image:
        got = image.getexif()
        inner, place = got.get_ifd(ExifTags.IFD.Exif), got.get_ifd(ExifTags.IFD.GPSInfo)
        assert (inner[36867], inner[33434]) == ("2024:01:02 03:04:05", 0.004)
        assert (inner[40962], inner[40963]) == (4, 2)
        assert (place[1], place[2]) == ("N", (50.0, 30.5, 0.0))
