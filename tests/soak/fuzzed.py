"""Damage files of every kind, again and again, and let every command read them.

    python -m tests.soak.fuzzed [SECONDS [SEED]]

Whatever is in a file, a command ends with a picture or one line; nothing else reaches standard
error, not even by a library that prints by itself; and no case takes long.
"""

import io
import itertools
import os
import sys
import tempfile
import time
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

from poolcli.cli.main import main as poolcli
from tests import mutations
from tests.pictures import photo

LONGEST = 60


def attempt(case: mutations.Case) -> str:
    """Run one case in this process; say what is wrong."""
    Path(case.name).write_bytes(case.data)
    out, err, began = io.StringIO(), io.StringIO(), time.monotonic()
    with redirect_stdout(out), redirect_stderr(err):
        code = poolcli([str(word) for word in case.words])
    if time.monotonic() - began > LONGEST:
        return "hours"
    return mutations.complaint(case, code, err.getvalue()) + ("" if code < 2 else err.getvalue())


def main() -> None:
    """Play until the time is over."""
    seconds, seed = (int(word) for word in (*sys.argv[1:], *("600", "1")[len(sys.argv) - 1 :]))
    told, end = os.fdopen(os.dup(2), "w"), time.monotonic() + seconds
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryFile() as printed:
        os.chdir(folder)
        os.dup2(printed.fileno(), 2)  # what libraries print by themselves
        photo("RGB", (3, 2)).save("pooled.png")
        for number, case in enumerate(itertools.islice(mutations.cases(seed), 10**9)):
            wrong = attempt(case)
            if printed.tell() or os.fstat(printed.fileno()).st_size:
                printed.seek(0)
                wrong = wrong or f"a library prints {printed.read(300)!r}"
            if wrong:
                kept = Path(tempfile.gettempdir()) / f"fuzzed-{seed}-{number}-{case.name}"
                kept.write_bytes(case.data)
                told.write(f"case {number}: {wrong}\n  poolcli {case.words}, {kept}\n")
                sys.exit(1)
            if time.monotonic() > end:
                break
        os.chdir("/")
    told.write(f"{number + 1} damaged files, seed {seed}: each was a picture or one line\n")


if __name__ == "__main__":
    main()
