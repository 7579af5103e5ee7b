"""Suggestions after a mistyped word: the nearest names, and never one that is far."""

import pytest

from poolcli.cli.suggestions import closest, edits
from poolcli.cli.summaries import ALIASES, SUMMARIES
from tests.commands import Run

COMMANDS = [*SUMMARIES, *ALIASES]


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("mox", ["max"]),
        ("mxa", ["max"]),
        ("MAX", ["max"]),
        ("maxpool", ["max"]),
        ("max_pool2d", ["max"]),
        ("maximum", ["max"]),
        ("men", ["min", "mean"]),
        ("med", ["median"]),
        ("medain", ["median"]),
        ("mold", []),
        ("avarage", ["average"]),
        ("mdoe", ["mode"]),
        ("comp", ["compare", "completion"]),
        ("explian", ["explain"]),
        ("unpol", ["unpool"]),
        ("hlep", ["help"]),
        ("m", []),
        ("", []),
        ("cat", []),
        ("in.png", []),
        ("resize", []),
        ("frobnicate", []),
    ],
)
def test_suggested_commands(run: Run, word: str, meant: list[str]) -> None:
    assert closest(word, COMMANDS) == meant
    sentence = f"No such command {word!r}"
    if meant:
        sentence += f". Did you mean {' or '.join(map(repr, meant))}?"
    else:
        sentence += "; --help lists all commands."
    assert run(word, "a.png", "b.png").failure == sentence


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        ("max --strde 2", "No such option '--strde'. Did you mean '--stride'?"),
        ("max --kernel-size 2", "No such option '--kernel-size'. Did you mean '--kernel'?"),
        ("max --ceil-mode", "No such option '--ceil-mode'. Did you mean '--ceil'?"),
        ("max --comp 9", "No such option '--comp'. Did you mean '--compress-level'?"),
        ("max --divisor 2", "No such option '--divisor'; --help lists all options."),
        ("max --threads 2", "No such option '--threads'; --help lists all options."),
        ("max --words 2", "No such option '--words'; --help lists all options."),
        ("max -x", "No such option '-x'; --help lists all options."),
        ("max --hlep", "No such option '--hlep'. Did you mean '--help'?"),
        ("--verson", "No such option '--verson'. Did you mean '--version'?"),
        ("avg --div 2", "No such option '--div'. Did you mean '--divisor'?"),
        ("shape 9x9 -k 2 then --strid 1", "No such option '--strid'. Did you mean '--stride'?"),
    ],
)
def test_suggested_options(run: Run, words: str, complaint: str) -> None:
    done = run(*words.split())
    assert done.code == 2
    assert done.failure == complaint


@pytest.mark.parametrize(
    ("word", "other", "number"),
    [
        ("", "", 0),
        ("max", "max", 0),
        ("max", "min", 2),
        ("ab", "ba", 1),
        ("abc", "ca", 3),
        ("mode", "model", 1),
        ("mode", "mde", 1),
        ("mode", "made", 1),
    ],
)
def test_edits_are_counted(word: str, other: str, number: int) -> None:
    assert edits(word, other) == edits(other, word) == number


def test_abbreviations_are_one_edit_away() -> None:
    assert closest("abc", ["abcdef", "abd", "xyz"]) == ["abcdef", "abd"]


def test_no_suggestion_is_further_than_another_name() -> None:
    for word in COMMANDS:
        for typo in {word[1:], f"{word}x", word[:-1], f"x{word}", word.replace("m", "n")}:
            distances = {name: edits(typo, name) for name in COMMANDS}
            for name in closest(typo, COMMANDS):
                assert distances[name] == min(distances.values()) or typo.startswith(name[:3])
