"""Stacks of TIFF pooled along axes of their planes: --axes ZYX, Z, TZ and so on."""

import json
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest

from tests.commands import Run
from tests.oracle import Array
from tests.pictures import noise

tifffile = pytest.importorskip("tifffile", reason="the extra [tiff] is not installed")

SMALL = np.arange(24, dtype="u2").reshape(3, 2, 4)
"""Z, Y and X: planes that begin with 0, 8 and 16."""


def write(name: str, x: Array, axes: str, **told: Any) -> None:
    tifffile.imwrite(name, x, photometric="minisblack", metadata={"axes": axes, **told})


def pixels_of(name: str) -> tuple[Array, str, ElementTree.Element]:
    with tifffile.TiffFile(name) as tif:
        root = ElementTree.fromstring(tif.ome_metadata)
        (pixels,) = (one for one in root.iter() if one.tag.endswith("}Pixels"))
        return tif.series[0].asarray(), tif.series[0].axes, pixels


@pytest.mark.parametrize("destination", ["b.tif", "b.npy"])
@pytest.mark.parametrize(
    ("words", "want"),
    [
        ("max --axes ZYX -k 2x1x2", [[[9, 11], [13, 15]]]),
        ("max --axes XYZ -k 2x1x2", [[[9, 11], [13, 15]]]),
        ("min --axes ZY -k 2 -s 1", [[[0, 1, 2, 3]], [[8, 9, 10, 11]]]),
        ("avg --axes zx -k 3x4", [[[10], [14]]]),
        ("median --axes ZYX --global", [[[11]]]),
        ("mode --axes ZY -k 1 -s 2", [[[0, 1, 2, 3]], [[16, 17, 18, 19]]]),
        ("sum --axes ZYX -k 2x2x4 --dtype uint16", [[[120]]]),
        ("avg --axes ZYX -k 2x2x4 -p 1x0x0", [[[2]], [[16]]]),
        ("avg --axes ZYX -k 2x2x4 -p 1x0x0 --exclude-pad", [[[4]], [[16]]]),
        ("max --axes Z -k 2 -d 2 --skip 19", [[[16, 17, 18, 3], [20, 21, 22, 23]]]),
        ("max --axes ZYX --size 2x1x1", [[[15]], [[23]]]),
    ],
)  # fmt: skip
def test_values(run: Run, words: str, want: Any, destination: str) -> None:
    write("a.ome.tif", SMALL, "ZYX")
    name, *options = words.split()
    outcome = run(name, "a.ome.tif", destination, *options)
    assert (outcome.code, outcome.err) == (0, "")
    got = np.load(destination) if destination == "b.npy" else tifffile.imread(destination)
    np.testing.assert_array_equal(got.reshape(np.shape(want)), want)
    if destination == "b.npy":
        assert got.shape == np.shape(want)


def test_shapes_are_told_with_their_letters(run: Run) -> None:
    write("a.ome.tif", noise((2, 3, 5, 6, 8), "u2"), "TCZYX")
    assert run("max", "a.ome.tif", "b.tif", "-k", 2).out == (
        "b.tif: T2×C3×Z5×Y6×X8 → T2×C3×Z5×Y3×X4\n"
    )
    line = "b.tif: T2×C3×Z5×Y6×X8 → T2×C3×Z2×Y6×X4 (1 of Z unused)\n"
    assert run("max", "a.ome.tif", "b.tif", "--axes", "ZX", "-k", 2, "--dry-run").out == line
    assert run("max", "a.ome.tif", "b.tif", "--axes", "ZX", "-k", 2).out == line
    tifffile.imwrite("c.ome.tif", noise((2, 4, 4, 3)), photometric="rgb", metadata={"axes": "ZYXS"})
    assert run("max", "c.ome.tif", "d.tif", "-k", 2).out == (
        "d.tif: Z2×S3×Y4×X4 → Z2×S3×Y2×X2\n"
    )  # fmt: skip


def test_json_tells_the_whole_stack(run: Run) -> None:
    write("a.ome.tif", noise((2, 5, 6, 8)), "CZYX")
    told = json.loads(run("max", "a.ome.tif", "b.npy", "--axes", "XZ", "-k", "3x2", "--json").out)
    assert (told["axes"], told["kernel"], told["unused"]) == ("XZ", [3, 2], [2, 1])
    assert (told["input_shape"], told["output_shape"]) == ([2, 5, 6, 8], [2, 2, 6, 2])


def test_axes_between_others_are_pooled_alone(run: Run) -> None:
    x = noise((2, 4, 3, 8, 6), "u2")
    write("a.ome.tif", x, "TZCYX")
    run("max", "a.ome.tif", "b.ome.tif", "--axes", "ZYX", "-k", "2x4x3")
    got, axes, _ = pixels_of("b.ome.tif")
    assert axes == "TZCYX"
    want = x.reshape(2, 2, 2, 3, 2, 4, 2, 3).max((2, 5, 7))
    np.testing.assert_array_equal(got, want)
    run("min", "a.ome.tif", "b.ome.tif", "--axes", "TZ", "-k", 2)
    np.testing.assert_array_equal(
        pixels_of("b.ome.tif")[0].reshape(2, 3, 8, 6),
        x.reshape(2, 2, 2, 3, 8, 6).min((0, 2)),
    )


def test_colours_of_pixels_stay_together(run: Run) -> None:
    x = noise((4, 6, 6, 3))
    tifffile.imwrite("a.ome.tif", x, photometric="rgb", metadata={"axes": "ZYXS"})
    run("max", "a.ome.tif", "b.npy", "--axes", "ZYX", "-k", 2)
    want = x.reshape(2, 2, 3, 2, 3, 2, 3).max((1, 3, 5)).transpose(0, 3, 1, 2)
    np.testing.assert_array_equal(np.load("b.npy"), want)


def test_ome_xml_counts_pooled_planes(run: Run) -> None:
    z = [3.0 + 2 * at for at in range(5)]
    planes = {"PositionZ": z * 2, "DeltaT": [0.0] * 5 + [10.0] * 5}
    told = {"PhysicalSizeZ": 2.0, "PhysicalSizeX": 0.5, "TimeIncrement": 10.0, "Plane": planes}
    write("a.ome.tif", noise((2, 5, 4, 4)), "TZYX", **told)
    assert run("max", "a.ome.tif", "b.ome.tif", "--axes", "ZY", "-k", 2).err == ""
    got, axes, pixels = pixels_of("b.ome.tif")
    assert (axes, got.shape) == ("TZYX", (2, 2, 2, 4))
    sizes = ("SizeT", "SizeZ", "PhysicalSizeZ", "PhysicalSizeX", "TimeIncrement")
    assert [pixels.get(key) for key in sizes] == ["2", "2", "4", "0.5", "10.0"]
    found = [one for one in pixels if one.tag.endswith("}Plane")]
    places = {(one.get("TheZ"), one.get("TheT")): one.get("PositionZ") for one in found}
    # The first plane is of those at 3 and 5, the second of those at 7 and 9.
    assert places == {("0", "0"): "4", ("1", "0"): "8", ("0", "1"): "4", ("1", "1"): "8"}
    run("max", "a.ome.tif", "b.ome.tif", "--axes", "T", "-k", 2)
    _, _, pixels = pixels_of("b.ome.tif")
    assert [pixels.get(key) for key in sizes] == ["1", "5", "2.0", "0.5", "20"]
    assert {one.get("DeltaT") for one in pixels if one.tag.endswith("}Plane")} == {"5"}


def test_pooled_channels_are_no_longer_named(run: Run) -> None:
    write("a.ome.tif", noise((4, 2, 4, 4)), "CZYX", Channel={"Name": list("rgbw")})
    dropped = "poolcli: note: a.ome.tif: OME channels dropped\n"
    assert run("max", "a.ome.tif", "b.ome.tif", "--axes", "C", "-k", 2).err == dropped
    got, axes, pixels = pixels_of("b.ome.tif")
    assert (axes, got.shape, pixels.get("SizeC")) == ("CZYX", (2, 2, 4, 4), "2")


def test_an_imagej_hyperstack_counts_pooled_slices(run: Run) -> None:
    x = noise((2, 6, 2, 8, 8), "u2")
    told = {"spacing": 2.0, "finterval": 0.5, "Labels": [f"p{at}" for at in range(24)]}
    tifffile.imwrite("a.tif", x, imagej=True, metadata={"axes": "TZCYX", "zorigin": 1, **told})
    note = "poolcli: note: a.tif: ImageJ labels dropped\n"
    assert run("max", "a.tif", "b.tif", "--axes", "ZYX", "-k", "3x2x2").err == note
    with tifffile.TiffFile("b.tif") as tif:
        series, meta = tif.series[0], tif.imagej_metadata
        assert (series.kind, series.axes, series.shape) == ("imagej", "TZCYX", (2, 2, 2, 4, 4))
        counts = [meta[key] for key in ("images", "slices", "frames", "channels")]
        assert counts == [8, 2, 2, 2]
        assert (meta["spacing"], meta["finterval"]) == (6, 0.5)
        np.testing.assert_array_equal(
            series.asarray(), x.reshape(2, 2, 3, 2, 4, 2, 4, 2).max((2, 5, 7))
        )
    run("max", "a.tif", "b.tif", "--axes", "T", "-k", 2)
    with tifffile.TiffFile("b.tif") as tif:
        meta = tif.imagej_metadata
        assert (meta["images"], meta["frames"], meta["finterval"]) == (12, 1, 1)


def test_tifffiles_own_shape_counts_pooled_planes(run: Run) -> None:
    x = noise((3, 4, 32, 32))
    write("a.tif", x, "QZYX", note="mine")
    run("max", "a.tif", "b.tif", "--axes", "ZYX", "-k", 2)
    with tifffile.TiffFile("b.tif") as tif:
        assert (tif.series[0].axes, tif.series[0].shape) == ("QZYX", (3, 2, 16, 16))
        assert json.loads(tif.pages[0].description)["note"] == "mine"
    run("max", "a.tif", "b.tif", "--axes", "Q", "-k", 3)
    np.testing.assert_array_equal(tifffile.imread("b.tif").reshape(4, 32, 32), x.max(0))


@pytest.mark.parametrize("words", ["-k 2", "--global", "--axes QZ -k 2", "--axes ZYX --global"])
def test_tiny_planes_are_not_taken_for_one_array(run: Run, words: str) -> None:
    x = noise((4, 6, 8, 8))
    write("a.tif", x, "QZYX")
    for name in ("b.tif", "b.npy"):
        run("max", "a.tif", name, *words.split())
    np.testing.assert_array_equal(tifffile.imread("b.tif").squeeze(), np.load("b.npy").squeeze())


def test_no_plane_is_decoded_without_need_or_twice(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    from poolcli.media.tiff.segments import cache

    decoded: list[int] = []
    decode = cache._decode

    def counted(page: Any, *rest: Any) -> Any:
        decoded.append(page.index)
        return decode(page, *rest)

    monkeypatch.setattr(cache, "_decode", counted)
    tifffile.imwrite("a.ome.tif", noise((8, 16, 16), "u2"), metadata={"axes": "ZYX"},
                     photometric=1, compression="zlib")  # fmt: skip
    run("max", "a.ome.tif", "b.tif", "--axes", "Z", "-k", 2, "-s", 3)
    assert sorted(decoded) == [0, 1, 3, 4, 6, 7]


def test_many_planes_are_pooled_in_small_boxes(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    from poolcli.media.tiff import encoding, stacked

    read: list[int] = []
    get = stacked.StackedPlanes.__getitem__

    def counted(planes: Any, key: Any) -> Any:
        found = get(planes, key)
        read.append(found.nbytes)
        return found

    monkeypatch.setattr(stacked.StackedPlanes, "__getitem__", counted)
    monkeypatch.setattr(encoding, "_BOX_BYTES", 1 << 14)
    x = noise((64, 40, 32), "u2")
    write("a.ome.tif", x, "ZYX")
    for name in ("b.tif", "b.npy"):
        run("max", "a.ome.tif", name, "--axes", "ZYX", "-k", "64x2x2")
    assert max(read) <= 1 << 14
    np.testing.assert_array_equal(np.load("b.npy")[0], tifffile.imread("b.tif"))
    assert sum(read) == 2 * x.nbytes


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("b.tif --axes QYX -k 1", "has the axes CZYX, and --axes names QYX; name some of them"),
        ("b.tif --axes Z -k 4", "kernel 4 is longer than the image (3 positions along Z)"),
        ("b.tif --axes ZYX -k 1 --frame 1", "--frame takes one plane, and --axes ZYX several"),
        ("b.png --axes ZYX -k 1", "is pooled as a picture, along YX; --axes ZYX needs"),
    ],
)
def test_axes_that_cannot_be_pooled(run: Run, words: str, message: str) -> None:
    write("a.ome.tif", noise((2, 3, 8, 8)), "CZYX")
    for more in ([], ["--dry-run"]):
        outcome = run("max", "a.ome.tif", *words.split(), *more)
        assert outcome.code == 1
        assert f"a.ome.tif: {message}" in outcome.failure


def test_alpha_and_channels_of_pixels_are_refused(run: Run) -> None:
    x = noise((2, 4, 4, 4))
    tifffile.imwrite("a.ome.tif", x, photometric="rgb", metadata={"axes": "ZYXS"},
                     extrasamples=["unassalpha"])  # fmt: skip
    words = "max", "a.ome.tif", "b.npy", "--axes"
    assert "use --alpha channel" in run(*words, "ZYX", "-k", 2).failure
    assert "omit S" in run(*words, "ZS", "-k", 2).failure
    run(*words, "Z", "-k", 2, "--alpha", "channel")
    np.testing.assert_array_equal(np.load("b.npy")[0], x.max(0).transpose(2, 0, 1))
