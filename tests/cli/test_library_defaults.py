"""What libraries are told in their environment, unless the user has told them otherwise."""

import json
import os
import subprocess
import sys

import pytest

DEFAULTS = {
    "OPENBLAS_NUM_THREADS": "1",
    "PILLOW_BLOCKS_MAX": "1",
    "PILLOW_BLOCK_SIZE": "512m",
}

TELL = """
import json, os, sys
from poolcli.cli.main import main
loaded = [name for name in ("numpy", "PIL.Image") if name in sys.modules]
code = main(["shape", "3x4x4", "-k", "2"])
print(json.dumps([code, loaded, dict(os.environ)]))
"""


def environment(told: dict[str, str]) -> dict[str, str]:
    """What is set after a command, of which ``told`` was set before."""
    kept = {name: value for name, value in os.environ.items() if name not in DEFAULTS}
    words = [sys.executable, "-X", "utf8", "-c", TELL]
    done = subprocess.run(words, env=kept | told, capture_output=True, encoding="utf-8", check=True)
    code, loaded, found = json.loads(done.stdout.splitlines()[-1])
    assert (code, loaded) == (0, []), "libraries read these when they are loaded"
    return {name: found[name] for name in DEFAULTS}


def test_libraries_get_their_defaults() -> None:
    assert environment({}) == DEFAULTS


@pytest.mark.parametrize("name", DEFAULTS)
def test_what_the_user_set_stays(name: str) -> None:
    assert environment({name: "7"}) == DEFAULTS | {name: "7"}
