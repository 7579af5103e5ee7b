"""The README tells the truth: every command in it is run, and prints what it says."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```console\n(.*?)```", README, re.DOTALL)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the samples in it, in which all blocks are run one after another."""
    place = tmp_path_factory.mktemp("readme")
    shutil.copytree(ROOT / "samples", place / "samples", ignore=shutil.ignore_patterns("*.py"))
    return place


def run_line(line: str, folder: Path) -> str:
    """What a command line prints, on both streams; poolcli is the one under test."""
    poolcli = f"{shlex.quote(sys.executable)} -m poolcli"
    done = subprocess.run(
        re.sub(r"(^|\| )poolcli\b", rf"\1{poolcli}", line),
        cwd=folder,
        shell=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )
    return done.stdout


@pytest.mark.skipif(os.name == "nt", reason="the README's lines are for a POSIX shell")
def test_every_command_prints_what_the_readme_says(folder: Path) -> None:
    assert len(BLOCKS) >= 4
    for block in BLOCKS:
        for step in re.split(r"(?m)^\$ ", block)[1:]:
            line, _, printed = step.partition("\n")
            assert run_line(line, folder) == printed, line


def test_python_blocks_run() -> None:
    blocks = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    ours = [block for block in blocks if "import poolcli" in block]
    assert ours
    for block in ours:
        exec(compile(block, "README.md", "exec"), {})


def test_linked_files_exist() -> None:
    links = re.findall(r"\]\(([^)#]+)\)", README)
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_make_targets_named_in_the_readme_exist() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"(?m)(?:`|^)make (\w+)", README))
    assert {"demo", "test", "check", "bench", "clean"} <= targets
    assert [name for name in targets if not re.search(rf"(?m)^{name}:", makefile)] == []


def test_demo_does_what_the_readme_shows_first() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert "poolcli max samples/spaceship.png build/spaceship-max.png -k 6 -s 2" in makefile
