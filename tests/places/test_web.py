"""Files that a web server gives, on loopback: with ranges, and without."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from poolcli.media.places import reading
from tests.commands import Run
from tests.pictures import noise
from tests.places import stores
from tests.places.stores import NO_EXTRA

pytest.importorskip("aiohttp", reason=NO_EXTRA)
pytest.importorskip("fsspec", reason=NO_EXTRA)


@pytest.fixture(params=[True, False], ids=["ranges", "no-ranges"])
def web(
    request: pytest.FixtureRequest, here: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[str, list[str]]]:
    """A server of the folder ``web``, and the requests as they come."""
    stores.forgotten(monkeypatch, {})
    (here / "web").mkdir()
    Image.fromarray(noise((8, 8, 3))).save("web/a.png")
    with stores.web_server(here / "web", ranges=request.param) as served:
        yield served


def test_a_signed_url_is_read_and_its_signature_not_told(
    run: Run, web: tuple[str, list[str]]
) -> None:
    url, told = web
    done = run("max", f"{url}/a.png?Signature=12345", "a.png", "-k", 2, "--report", "log.jsonl")
    assert (done.code, done.out) == (0, "a.png: 3×8×8 → 3×4×4\n")
    assert all("Signature=12345" in line for line in told)
    assert "12345" not in Path("log.jsonl").read_text()
    assert f"{url}/a.png?***" in Path("log.jsonl").read_text()
    bad = run("max", f"{url}/no.png?Signature=12345", "a.png", "-k", 2, "--json", "--debug")
    assert bad.code == 1
    assert bad.err.endswith(f"poolcli: {url}/no.png?***: no such file or folder; check the name\n")
    assert "12345" not in bad.out + bad.err


def test_several_urls_keep_their_signatures(run: Run, web: tuple[str, list[str]]) -> None:
    url, told = web
    Path("web/b.png").write_bytes(Path("web/a.png").read_bytes())
    urls = [f"{url}/{name}.png?Signature={name}" for name in "ab"]
    done = run("max", *urls, "out/", "-k", 2, "-n")
    assert (done.code, done.out.count("→")) == (0, 2)
    assert {line.partition("?")[2][:11] for line in told} == {"Signature=a", "Signature=b"}


def test_what_a_server_denies_is_told(run: Run, web: tuple[str, list[str]]) -> None:
    url, _ = web
    done = run("max", f"{url}/denied.png", "a.png", "-k", 2)
    assert done.code == 1
    assert done.failure == (
        f"{url}/denied.png: access denied; check the credentials, and who may read and write there"
    )
    listed = run("max", f"{url}/", "out/", "-k", 2)
    assert listed.code == 1
    assert "a web server lists no folder; name the files in it" in listed.err


def test_large_files_are_read_by_ranges_where_there_are_some(
    run: Run,
    web: tuple[str, list[str]],
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> None:
    tifffile = pytest.importorskip("tifffile", reason="the extra [tiff] is not installed")
    pytest.importorskip("imagecodecs", reason="the extra [tiff] is not installed")
    monkeypatch.setattr(reading, "_WHOLE", 1000)
    monkeypatch.setattr(reading, "_BLOCK", 1 << 12)
    x = noise((512, 256))
    tifffile.imwrite("web/x.tif", x, tile=(64, 64), metadata={"axes": "YX"})
    np.save("web/x.npy", x)
    url, told = web
    for name in ("x.tif", "x.npy"):
        assert run("max", f"{url}/{name}", name, "-k", 2).code == 0
        assert run("max", f"web/{name}", f"local-{name}", "-k", 2).code == 0
        assert Path(name).read_bytes() == Path(f"local-{name}").read_bytes()
    ranged = [line for line in told if line.startswith("GET /x.tif") and "bytes=" in line]
    assert (len(ranged) > 1) == ("no-ranges" not in request.node.name)  # one asks for them
