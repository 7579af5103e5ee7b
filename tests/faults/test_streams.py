"""Standard streams that are closed, or that nothing can be written to."""

import os
import shlex
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path

import pytest
from PIL import Image

from poolcli.errors import PictureError
from poolcli.media import files
from tests.commands import HANG, Outcome, posix
from tests.folders import fill

pytestmark = posix

FULL = "poolcli: standard output: No space left on device\n"
COMMANDS = [
    "max in.png out.png -k 2",
    "max in.png out.png -k 2 --json",
    "max p out -k 2 -j 2",
    "explain",
    "shape 4x4 -k 2",
    "show in.png",
    "--help",
    "--version",
    "completion bash",
]


def run(words: str, redirected: str) -> Outcome:
    line = f"{shlex.quote(sys.executable)} -m poolcli {words} {redirected}"
    done = subprocess.run(
        ["sh", "-c", line], capture_output=True, text=True, timeout=HANG, check=False
    )
    return Outcome(done.returncode, done.stdout, done.stderr)


@pytest.mark.parametrize("words", COMMANDS)
@pytest.mark.parametrize("closed", [">&-", "<&-", "2>&-", "<&- >&- 2>&-"])
def test_a_closed_stream_is_like_the_null_device(source: Path, words: str, closed: str) -> None:
    fill(Path("p"), 3, 8)
    assert source.exists()
    null = {"<&-": "</dev/null", ">&-": ">/dev/null", "2>&-": "2>/dev/null"}
    open_ = run(words, " ".join(null[one] for one in closed.split()))
    done = run(words, closed)
    assert (done.code, done.out.count("\n")) == (open_.code, open_.out.count("\n"))
    assert (done.code, "Traceback" in done.err, "ignored" in done.err) == (0, False, False)
    for path in [*Path().glob("out.png"), *Path().glob("out/**/*.png")]:
        with Image.open(path) as image:
            image.load()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="Linux has this device")
@pytest.mark.parametrize("words", COMMANDS)
def test_a_full_standard_output_is_one_line(source: Path, words: str) -> None:
    fill(Path("p"), 3, 8)
    assert source.exists()
    done = run(words, ">/dev/full")
    assert (done.code, done.err) == (1, FULL)
    assert run(words, ">/dev/full 2>/dev/full").code == 1


def test_a_picture_from_a_closed_standard_input_is_empty(here: Path) -> None:
    assert here
    done = run("max - out.png -k 2", "<&-")
    assert (done.code, done.failure[:21]) == (1, "-: is empty (0 bytes)")


@pytest.mark.parametrize("most", [999_999, 1_000_000])
def test_a_pipe_that_does_not_end_is_given_up(most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    reader, writer = os.pipe()
    monkeypatch.setattr(files, "MOST_PIPED_BYTES", most)
    monkeypatch.setattr(files, "_PIPE_PART", 1 << 10)
    path = Path(f"/dev/fd/{reader}")
    filling = threading.Thread(target=_filled, args=(writer, 1_000_000))
    filling.start()
    try:
        if most < 1_000_000:
            with pytest.raises(PictureError, match=r"^is a pipe of more than 999999 "):
                files.open_seekable(path).__enter__()
        else:
            with files.open_seekable(path) as file:
                assert file.read() == bytes(1_000_000)
    finally:
        os.close(reader)
        filling.join()


def _filled(writer: int, size: int) -> None:
    with suppress(BrokenPipeError), os.fdopen(writer, "wb") as file:
        file.write(bytes(size))
