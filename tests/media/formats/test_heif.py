"""HEIC, the pictures of phones, by the extra [heif]; without it the message names the extra."""

import sys
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from poolcli.errors import PictureError
from poolcli.media.pictures import is_readable, open_picture, probe_picture
from tests.commands import Run
from tests.pictures import noise, pixels, pooled, read, same

pytestmark = pytest.mark.usefixtures("here")

HEAD = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic"


def heic(*pictures: Image.Image, **options: Any) -> bytes:
    plugin = pytest.importorskip("pillow_heif", reason="the extra [heif] is not installed")
    plugin.register_heif_opener()
    buffer = BytesIO()
    first, *others = pictures
    try:
        first.save(buffer, "HEIF", save_all=True, append_images=others, **options)
    except (OSError, RuntimeError) as error:
        pytest.skip(f"pillow-heif has no encoder here ({error})")
    return buffer.getvalue()


def by_plugin(data: bytes) -> Image.Image:
    with Image.open(BytesIO(data)) as image:
        image.load()
        return image


def photo() -> Image.Image:
    return Image.fromarray(noise((16, 24, 3)))


def test_without_the_extra_the_message_names_it(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pillow_heif", None)
    monkeypatch.setattr(Image, "ID", [name for name in Image.ID if name != "HEIF"])
    Path("in.heic").write_bytes(HEAD)
    done = run("max", "in.heic", "out.png", "-k", 2)
    assert done.failure.startswith("in.heic: is a HEIC picture; pip install '.[heif]' reads it, or")


def test_a_folder_does_not_pass_it_over(run: Run) -> None:
    assert is_readable(".heic")
    Path("photos").mkdir()
    Path("photos/a.heic").write_bytes(HEAD)
    assert run("max", "photos", "out", "-k", 2, "-f", "png").code == 1


@pytest.mark.parametrize("name", ["in.heic", "in.png"])
def test_it_is_known_by_its_content(run: Run, name: str) -> None:
    data = heic(photo())
    Path(name).write_bytes(data)
    assert probe_picture(Path(name)) == (16, 24, 3)
    assert run("max", name, "out.png", "-k", 2).err == ""
    assert same(read("out.png")[1], pooled("max", pixels(by_plugin(data)), 2))


def test_alpha_is_read(run: Run) -> None:
    data = heic(Image.fromarray(noise((16, 24, 4))))
    Path("in.heic").write_bytes(data)
    assert run("max", "in.heic", "out.npy", "-k", 1, "--alpha", "channel").err == ""
    got = np.moveaxis(np.load("out.npy"), 0, -1)
    assert same(got, pixels(by_plugin(data)))


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_more_than_eight_bits_are_read(run: Run, mode: str) -> None:
    plugin = pytest.importorskip("pillow_heif", reason="the extra [heif] is not installed")
    channels = len(mode)
    x = np.linspace(0, 65535, 16 * 24 * channels).astype("u2")
    made = plugin.from_bytes(mode=f"{mode};16", size=(24, 16), data=x.tobytes())
    made.save("in.heic")
    done = run("max", "in.heic", "out.npy", "-k", 1, "--alpha", "channel")
    assert done.err == (
        "poolcli: note: in.heic: its white is 1023, not 65535: values stay as stored\n"
    )
    told = plugin.open_heif("in.heic", convert_hdr_to_8bit=False, hdr_to_16bit=False)
    want, got = np.asarray(told).reshape(16, 24, channels), np.load("out.npy").transpose(1, 2, 0)
    assert same(got[..., :3], want[..., :3])
    assert 900 < got[..., :3].max() < 1024
    assert mode == "RGB" or got[..., 3].max() > 60000
    assert run("max", "in.heic", "out.png", "-k", 2, "--convert", "RGB").code == 0


def test_one_of_several_pictures_is_taken(run: Run) -> None:
    others = [Image.new("RGB", (32, 32), colour) for colour in ("red", "blue")]
    Path("in.heic").write_bytes(heic(*others))
    assert "holds 2 pictures, of which the first was taken" in (
        run("max", "in.heic", "out.png", "-k", 2).err
    )
    assert run("max", "in.heic", "out.png", "-k", 2, "--frame", 1).err == ""
    assert read("out.png")[1][0, 0, 2] > 200


def test_it_is_not_written(run: Run) -> None:
    photo().save("in.png")
    heic(photo())  # the plugin is registered now
    assert "does not name a format that can be written" in (
        run("max", "in.png", "out.heic", "-k", 2).err
    )


def test_a_profile_and_exif_are_kept(run: Run) -> None:
    from PIL import ImageCms

    icc = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    exif = Image.Exif()
    exif[271] = "Maker"
    Path("in.heic").write_bytes(heic(photo(), icc_profile=icc, exif=exif.tobytes()))
    assert run("max", "in.heic", "out.jpg", "-k", 2).err == ""
    with Image.open("out.jpg") as image:
        assert image.info["icc_profile"] == icc
        assert image.getexif()[271] == "Maker"


def test_damage_is_an_error_for_users() -> None:
    data = heic(photo())
    rng = np.random.default_rng(5)
    broken = [data[: int(len(data) * share)] for share in (0.1, 0.5, 0.9, 0.99)]
    for at in rng.choice(len(data), 150, replace=False):
        flipped = bytearray(data)
        flipped[at] ^= int(rng.integers(1, 256))
        broken.append(bytes(flipped))
    failed = 0
    for one in broken:
        Path("in.heic").write_bytes(one)
        try:
            with open_picture(Path("in.heic")) as picture:
                for frame in picture.frames:
                    np.array(frame.pixels[(slice(None),)])
        except PictureError:
            failed += 1
    assert failed >= 4
