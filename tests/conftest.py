"""What several test modules ask for by name."""

import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

from poolcli.cli.main import main
from poolcli.media.files import TEMPORARY_PREFIX
from tests import commands, environment
from tests.commands import Outcome, Run, Shell, Word

if TYPE_CHECKING:
    from tests.pictures import Photo

# A slow machine is not a failure, and every run tries the same examples.
settings.register_profile(
    "poolcli", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("poolcli")


def pytest_configure() -> None:
    """Undo what was inherited before any fixture: ignored signals, and settings of Pillow."""
    # A shell starts what it runs in the background deaf to Ctrl-C, and so would our own commands.
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    for name in ("SIGTERM", "SIGHUP"):  # the last is not known everywhere
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, signal.SIG_DFL)
    for name in environment.unwanted():
        if name.startswith("PILLOW_"):
            del os.environ[name]


@pytest.fixture(scope="session", autouse=True)
def standard_session() -> Iterator[None]:
    """Give fixtures that outlive a test the environment that tests have."""
    with pytest.MonkeyPatch.context() as patch:
        environment.standardise(patch)
        yield


@pytest.fixture(autouse=True)
def standard_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give a test the standard environment, whatever the one before it left behind."""
    environment.standardise(monkeypatch)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty working folder, in which no temporary file may be left."""
    monkeypatch.chdir(tmp_path)
    yield tmp_path
    assert [path for path in tmp_path.rglob("*") if path.name.startswith(TEMPORARY_PREFIX)] == []


@pytest.fixture
def run(here: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run poolcli in this process, in the folder ``here``."""
    assert here.samefile(".")

    def run(*words: Word) -> Outcome:
        capsys.readouterr()
        code = main([str(word) for word in words])
        return Outcome(code, *capsys.readouterr())

    return run


@pytest.fixture
def shell(here: Path) -> Shell:
    """Run the real command, in the folder ``here``; see `commands.shell`."""
    assert here.samefile(".")
    return commands.shell


@pytest.fixture
def pillow_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read TIFFs as where the extra [tiff] is not installed."""
    monkeypatch.setitem(sys.modules, "tifffile", None)


@pytest.fixture
def photo() -> "Photo":
    """See `pictures.photo`."""
    from tests import pictures

    return pictures.photo


@pytest.fixture
def source(photo: "Photo", here: Path) -> Path:
    """A picture of 3×15×20."""
    photo("RGB").save(here / "in.png")
    return Path("in.png")
