"""The help of every command at 80 columns: headings, wording, and examples that run."""

import re
import shlex
from pathlib import Path

import click
import numpy as np
import pytest

from poolcli.cli.headings import HEADINGS
from poolcli.cli.main import poolcli
from poolcli.cli.summaries import SUMMARIES
from poolcli.core.operations import OPERATIONS
from tests.commands import Outcome, Run, Shell
from tests.pictures import Photo

every_command = pytest.mark.parametrize("name", SUMMARIES)
every_operation = pytest.mark.parametrize("name", OPERATIONS)

ROOT_LIST = """\
Pooling commands:
  max         Keep the largest value of every window
  min         Keep the smallest value of every window
  avg         Take the mean of every window (also: mean, average)
"""

MAX_START = """\
Usage: poolcli max [OPTIONS] SOURCES... DEST

  Keep the largest value of every window. Each channel is pooled on its own.

  Examples:
    poolcli max stars.png small.png -k 2              # thin light lines stay
"""

MAX_FOLDERS_AND_RUN = """\
Folders:
  --no-recursive           Leave out the subfolders of a source folder
  --hidden                 Take hidden files too, whose name or folder begins
                           with a dot
  --follow                 Follow symbolic links to folders
  --include GLOB           Take only files whose name, or path in the source
                           folder, matches; repeatable
  --exclude GLOB           Leave out files and folders whose name or path
                           matches; repeatable
  --files-from FILE|-      Read more sources from FILE, one name per line; -
                           is standard input
  --parents                Keep the whole path of every source below DEST, as
                           cp --parents does
  -0                       Names in --files-from are NUL-separated

Run:
  -j, --jobs N             Number of worker processes, or of threads for one
                           file  [default: the usable CPUs]
  --skip-existing          Skip files whose destination exists
  --no-clobber             Fail if a destination exists
  --resume REPORT          Skip files that REPORT lists as done and unchanged;
                           append to it
"""


@pytest.fixture(autouse=True)
def eighty_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")


def command(name: str) -> click.Command:
    found = poolcli.get_command(click.Context(poolcli), name)
    assert found is not None
    return found


def options_of(one: click.Command) -> list[click.Option]:
    context = click.Context(one, help_option_names=["-h", "--help"])
    return [param for param in one.get_params(context) if isinstance(param, click.Option)]


def sections(text: str) -> dict[str, str]:
    """The text under each heading that begins a line."""
    parts = re.split(r"(?m)^([A-Z][a-z ]+):\n", text)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def listed(section: str) -> set[str]:
    """The names of the options that a section lists."""
    terms = re.findall(r"(?m)^  (-[^\s,]+(?:, --\S+)?)", section)
    return {name for term in terms for name in term.split(", ")}


def examples(name: str) -> list[str]:
    return re.findall(
        r"(?m)^    ((?:\w+=\S+ )?poolcli .*)$", command(name).get_help(click.Context(command(name)))
    )


@pytest.mark.parametrize("words", [[], *([name] for name in SUMMARIES)])
def test_help_fits_80_columns_and_has_examples_first(run: Run, words: list[str]) -> None:
    done = run(*words, "-h")
    assert (done.code, done.err) == (0, "")
    assert done == run(*words, "--help") == run("help", *words)
    assert done.out.startswith(" ".join(["Usage: poolcli", *words]))
    assert done.out.index("  Examples:\n") < done.out.index("-h, --help")
    assert max(map(len, done.out.splitlines())) <= 80


def test_bare_command_prints_help(shell: Shell) -> None:
    assert shell() == Outcome(2, shell("--help").out, "")


def test_list_of_commands_is_grouped_and_not_cut(run: Run) -> None:
    told = run("--help").out
    assert ROOT_LIST in told
    found = sections(told)
    assert list(found) == ["Pooling commands", "Other commands", "Options"]
    lines = (found["Pooling commands"] + found["Other commands"]).split("\n")
    rows = dict(line.split(maxsplit=1) for line in lines if line)
    assert list(rows) == list(SUMMARIES)
    assert rows == SUMMARIES | {"avg": "Take the mean of every window (also: mean, average)"}
    assert "…" not in "".join(lines)
    assert "..." not in "".join(lines)


@every_command
def test_help_begins_with_the_summary(run: Run, name: str) -> None:
    paragraph = run(name, "--help").out.split("\n\n")[1]
    assert " ".join(paragraph.split()).startswith(SUMMARIES[name])
    assert command(name).get_short_help_str() == SUMMARIES[name], "completion shows it in full"


def test_transcript_of_an_operation(run: Run) -> None:
    told = run("max", "--help").out
    assert told.startswith(MAX_START)
    assert MAX_FOLDERS_AND_RUN in told


@every_command
def test_every_option_is_under_its_heading(run: Run, name: str) -> None:
    found = sections(run(name, "--help").out)
    headings = {"Window", "Display"}
    for option in options_of(command(name)):
        heading = getattr(option, "heading", "Display") if len(found) > 1 else "Options"
        assert set(option.opts) <= listed(found[heading]), heading
        headings.add(heading)
    assert sum(len(listed(section)) for section in found.values()) == sum(
        len(option.opts) for option in options_of(command(name))
    ), "every option once"


@every_operation
def test_headings_of_operations(run: Run, name: str) -> None:
    found = sections(run(name, "--help").out)
    assert list(found) == list(HEADINGS)
    for heading, option in {
        "Window": "--kernel",
        "Input": "--convert",
        "Output": "--format",
        "Folders": "--include",
        "Run": "--jobs",
        "Display": "--help",
    }.items():
        assert option in listed(found[heading])


@pytest.mark.parametrize(
    ("option", "owners"),
    [
        ("--indices", {"max", "min"}),
        ("--winners", {"max", "min"}),
        ("--exclude-pad", {"avg", "gem"}),
        ("--divisor", {"avg"}),
        ("--power", {"gem"}),
        ("--quantile", {"quantile"}),
        ("--dtype", {"sum", "range", "std"}),
        ("--sparse", {"avg", "median", "mode"}),
    ],
)
def test_options_that_only_some_operations_have(option: str, owners: set[str]) -> None:
    having = {
        name for name in OPERATIONS if any(option in one.opts for one in options_of(command(name)))
    }
    assert having == owners


@pytest.mark.parametrize("name", ["", *SUMMARIES])
def test_wording_of_options(name: str) -> None:
    """A capital letter, not a question word, and no full stop."""
    for option in options_of(command(name) if name else poolcli):
        text = (option.help or "").partition("  [")[0]
        assert re.match(r"[A-Z]", text), option.opts
        assert not re.match(r"(How|What|Where|Whether|Which|So)\b", text), option.opts
        assert not text.endswith("."), option.opts


def test_examples_differ_by_operation() -> None:
    """Beside the three that all operations share, but for sum."""
    written = {name: {line.split(maxsplit=2)[2] for line in examples(name)} for name in OPERATIONS}
    words = [re.split(r" +# ", line)[0] for lines in written.values() for line in lines]
    shared = {word for word in words if words.count(word) > 1}
    assert {words.count(word) for word in shared} == {len(OPERATIONS) - 1}
    assert len(shared) == 3
    assert "--power" in "".join(written["gem"])


def make_source(name: str, photo: Photo) -> None:
    """A file, or a folder with one in it, that an example names."""
    path = Path(name.replace("*", "a"))
    if path.suffix in ("", ".npz"):
        path.mkdir(exist_ok=True)
        photo("RGB").save(path / "a.png")
    elif path.suffix == ".npy":
        np.save(path, np.ones((4, 20, 20), "f4"))
    elif path.suffix == ".zarr":
        from tests.jobs.chunks.stores import planes, store

        store(path, planes())
    elif not path.exists():
        photo("RGB", (400, 300) if path.stem == "photo" else (60, 50)).save(path)


@pytest.mark.parametrize("name", [name for name in SUMMARIES if name != "completion"])
def test_examples_run(run: Run, photo: Photo, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    lines = examples(name)
    assert lines
    if name == "pyramid":
        pytest.importorskip("zarr", reason="the extra [zarr] is not installed")
    for line in lines:
        if line.startswith("NO_COLOR=1 "):
            monkeypatch.setenv("NO_COLOR", "1")
        line = line.removeprefix("NO_COLOR=1 ").replace("$(cat map.txt)", "1 2 3 4 5;" * 5)
        words = shlex.split(line, comments=True)[1:]
        operands = [
            word for word in words[1:] if re.search(r"\w/$|\.(png|jpg|tif|npy|zarr)$", word)
        ]
        for source in operands[:1] if name != "unpool" else ["in.png"]:
            make_source(source, photo)
        words = [word.replace("*", "a") for word in words]
        done = run(*words)
        assert done.code == 0, f"{line}: {done.err}"


def test_help_of_what_there_is_not(run: Run) -> None:
    assert run("help", "mox").failure == "No such command 'mox'. Did you mean 'max'?"
    assert run("help", "max", "min").code == 2


@pytest.mark.parametrize("alias", ["mean", "average"])
def test_aliases_of_avg(source: Path, run: Run, alias: str) -> None:
    assert run(alias, "--help") == run("avg", "--help") == run("help", alias)
    assert run("avg", source, "avg.png", "-k", 5).code == 0
    done = run(alias, source, "alias.png", "-k", 5, "--json")
    assert '"operation": "avg"' in done.out
    assert Path("alias.png").read_bytes() == Path("avg.png").read_bytes()


def test_aliases_where_an_operation_is_a_word(source: Path, run: Run) -> None:
    assert run("explain", "mean") == run("explain", "avg")
    mean, avg = (run("invariance", source, "-k", 3, "--op", name) for name in ("mean", "avg"))
    assert mean == avg
    done = run("compare", source, "sheet.png", "-k", 5, "--ops", "mean,avg,max")
    assert done.out.startswith("sheet.png: 2 poolings of in.png"), "mean and avg are one"


def completions(shell: Shell, line: str) -> list[str]:
    env = {"_POOLCLI_COMPLETE": "bash_complete", "COMP_WORDS": line}
    done = shell(env=env | {"COMP_CWORD": str(len(line.split(" ")) - 1)})
    return [word.removeprefix("plain,") for word in done.out.split()]


def test_completion_of_commands(shell: Shell) -> None:
    assert completions(shell, "poolcli me") == ["median"], "an alias is not proposed"
    assert completions(shell, "poolcli help inv") == ["invariance"]
    assert completions(shell, "poolcli mean --div") == ["--divisor"]
