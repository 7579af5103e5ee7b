"""What a command loads before it does anything: what it does not load costs no time."""

import subprocess
import sys
from functools import cache
from importlib.metadata import version
from pathlib import Path

import pytest

from poolcli.cli import version as versions
from poolcli.cli.summaries import SUMMARIES
from tests.pictures import PILLOW, Photo

LARGE = {"numpy", "PIL", "rich", "importlib.metadata"}

OF_OTHER_RUNS = {
    "concurrent.futures",
    "copy",
    "dataclasses",
    "difflib",
    "fsspec",
    "hashlib",
    "importlib.metadata",
    "json",
    "multiprocessing",
    "poolcli.cli.preview",
    "poolcli.cli.suggestions",
    "poolcli.cli.writing_check",
    "poolcli.core.adaptive",
    "poolcli.core.poolings.means",
    "poolcli.core.poolings.argextrema",
    "poolcli.core.poolings.power_means",
    "poolcli.core.ranking",
    "poolcli.core.poolings.alpha",
    "poolcli.core.engine.spans",
    "poolcli.jobs.paths.clashes",
    "poolcli.jobs.found",
    "poolcli.jobs.journal",
    "poolcli.jobs.paths.objects",
    "poolcli.jobs.workers",
    "poolcli.media.arrays",
    "poolcli.media.pillow.metadata.texts",
    "poolcli.media.places",
    "poolcli.media.xmp",
    "poolcli.media.pillow.scaling",
    "poolcli.media.pillow.upright_rows",
    "poolcli.views.progress",
    "random",
    "rich",
    "secrets",
    "shlex",
    "shutil",
    "tempfile",
    "unicodedata",
}

OF_NUMPY = {
    "numpy.fft",
    "numpy.ma",
    "numpy.polynomial",
    "numpy.random",
    "numpy.testing",
    "numpy.typing",
}

OF_OTHER_FORMATS = {
    "PIL.BmpImagePlugin",
    "PIL.GifImagePlugin",
    "PIL.PpmImagePlugin",
    "PIL.TiffImagePlugin",
    "PIL.WebPImagePlugin",
    "poolcli.media.pillow.writing.gif",
}

OF_JPEG = {"PIL.JpegImagePlugin", "locale", "subprocess"}
OF_PNG = {"PIL.PngImagePlugin"}

OTHER_COMMANDS = {
    "poolcli.cli.commands.completion",
    "poolcli.cli.commands.compare",
    "poolcli.cli.commands.explain",
    "poolcli.cli.commands.help",
    "poolcli.cli.commands.invariance",
    "poolcli.cli.commands.shape",
    "poolcli.cli.commands.show",
    "poolcli.cli.commands.unpool",
}

REPORT = (
    "import atexit, gc, sys\n"
    "atexit.register(lambda: print(gc.isenabled(), *sys.modules, file=sys.stderr))\n"
)


def loaded_by(code: str) -> set[str]:
    """Modules that are there when a process ends, and ``True`` if garbage is collected."""
    done = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", f"{REPORT}{code}"],
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    return set(done.stderr.split())


def loaded(*words: str) -> set[str]:
    return loaded_by(f"sys.argv[1:] = {words}\nfrom poolcli.__main__ import run; run()")


@cache
def bare() -> set[str]:
    """What comes with the three packages in any case, whatever their versions."""
    saving = "PIL.Image.preinit()" if PILLOW < (12, 2) else ""
    return loaded_by(f"import click, numpy, PIL.Image; {saving}")


@pytest.mark.parametrize(
    "words", [["--version"], ["--help"], *([name, "-h"] for name in SUMMARIES)]
)
def test_what_only_tells_loads_nothing_large(words: list[str]) -> None:
    assert loaded(*words) & LARGE == set()


def test_list_of_commands_loads_no_command() -> None:
    assert loaded("--help") & {"poolcli.cli.commands.pool", *OTHER_COMMANDS} == set()


def test_shapes_load_nothing_large() -> None:
    found = loaded("shape", "3x201x250", "-k", "6", "then", "-k", "2")
    assert found & LARGE == set()
    assert "True" in found


@pytest.mark.parametrize(
    ("suffix", "other"),
    [(".png", OF_OTHER_FORMATS | OF_JPEG), (".jpg", OF_OTHER_FORMATS | OF_PNG)],
)
def test_one_picture_loads_only_what_it_needs(
    here: Path, photo: Photo, suffix: str, other: set[str]
) -> None:
    photo("RGB").save(here / f"in{suffix}")
    found = loaded("max", f"in{suffix}", f"out{suffix}", "-k", "2")
    assert (here / f"out{suffix}").exists()
    unwanted = OF_OTHER_RUNS | OF_NUMPY | OTHER_COMMANDS | other
    assert (found - bare()) & unwanted == set()
    assert "True" in found, "garbage must be collected while pictures are pooled"


def test_workers_load_while_the_command_does(here: Path, photo: Photo) -> None:
    (here / "in").mkdir()
    photo("L").save(here / "in" / "a.png")
    code = (
        "from poolcli.jobs import workers\n"
        "workers.warm_up = lambda: print('numpy' in sys.modules)\n"
        "sys.argv[1:] = ['max', 'in', 'out', '-k', '2', '-q']\n"
        "from poolcli.__main__ import run; run()"
    )
    told = subprocess.run([sys.executable, "-c", f"import sys\n{code}"], capture_output=True)
    assert told.stdout.split() == [b"False"]
    assert (here / "out" / "a.png").exists()


@pytest.mark.parametrize("folders", [True, False])
def test_versions_are_those_installed(monkeypatch: pytest.MonkeyPatch, folders: bool) -> None:
    if not folders:
        monkeypatch.setattr(versions, "find_spec", lambda _: None)
    assert versions.version_of("PIL", "pillow") == version("pillow")
    assert versions.version_of("numpy", "numpy") == version("numpy")
