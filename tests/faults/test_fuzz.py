"""A short run of the mutator of ``make soak``: damaged files of every kind, one line each."""

import itertools
from pathlib import Path

import numpy as np
import pytest

from tests import mutations
from tests.commands import Run
from tests.pictures import photo

CASES = 400


def test_whatever_is_in_a_file(run: Run) -> None:
    photo("RGB", (3, 2)).save("pooled.png")
    codes = []
    for case in itertools.islice(mutations.cases(7), CASES):
        Path(case.name).write_bytes(case.data)
        done = run(*case.words)
        codes.append(done.code)
        assert mutations.complaint(case, done.code, done.err) == "", (case.words, done.err)
    assert 100 < codes.count(0) < 300


@pytest.mark.parametrize("err", ["Traceback\n", "libtiff says\n", "poolcli: a\npoolcli: b\n", ""])
def test_the_judge_can_complain(err: str) -> None:
    assert mutations.complaint(mutations.Case("a", b"", ["max"]), 1, err)


def test_a_signalling_nan_is_a_nan(run: Run) -> None:
    maps = np.full((4, 4), 0x7FA00000, np.uint32).view(np.float32)
    np.save("a.npy", maps)
    for operation in ("max", "min", "avg", "median", "mode", "gem"):
        assert run(operation, "a.npy", "o.npy", "-k", 2).err == ""
        assert np.isnan(np.load("o.npy")).all()
