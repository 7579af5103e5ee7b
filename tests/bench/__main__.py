"""``python -m tests.bench``: measure, print, and write tables and a plot."""

import argparse
import signal
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.bench.environment import use_one_thread

if TYPE_CHECKING:
    from tests.bench.report import Table

SECTIONS = ("kernels", "commands", "startup", "folders", "memory", "png", "cluster")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--only", choices=SECTIONS, action="append", help="this part (repeatable)")
    parser.add_argument("--quick", action="store_true", help="small inputs, few runs")
    parser.add_argument(
        "--match", default="", metavar="TEXT", help="kernels with TEXT in their name"
    )
    parser.add_argument("--patience", type=float, metavar="SECONDS", help="leave out slower peers")
    parser.add_argument("--output", type=Path, default=Path("build/bench"), metavar="FOLDER")
    options = parser.parse_args()
    use_one_thread()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # what there is, is written
    from tests.bench.report import markdown, write

    tables: list[Table] = []
    details: dict[str, Any] = {}
    for section in options.only or SECTIONS:
        if section == "kernels":
            found, details["cells"] = _kernels(options)
        else:
            found = _whole(section, quick=options.quick)
        tables += found
        print("\n".join(map(markdown, found)), flush=True)
    name = "-".join(("bench", *(options.only or ()), *(("quick",) if options.quick else ())))
    print(write(options.output, name, tables, details))


def _kernels(options: argparse.Namespace) -> tuple[list["Table"], list[dict[str, Any]]]:
    from dataclasses import asdict

    from tests.bench.kernels.measure import measure_all
    from tests.bench.kernels.plot import plot
    from tests.bench.kernels.tables import kernel_tables, line

    results, missing = measure_all(
        quick=options.quick,
        match=options.match,
        too_slow=options.patience,
        tell=lambda result: print(line(result), file=sys.stderr, flush=True),
    )
    plot(results, options.output / "kernels.png")
    return kernel_tables(results, missing), [asdict(result) for result in results]


def _whole(section: str, *, quick: bool) -> list["Table"]:
    """The parts that need a folder to work in."""
    from tests.bench.png import png
    from tests.bench.programs.cluster import on_cluster
    from tests.bench.programs.commands import commands, start_up
    from tests.bench.programs.folders import folders
    from tests.bench.programs.memory import memory

    parts = {
        "cluster": on_cluster,
        "commands": commands,
        "startup": start_up,
        "folders": folders,
        "memory": memory,
        "png": png,
    }
    with tempfile.TemporaryDirectory(prefix="poolcli-bench-") as folder:
        return parts[section](Path(folder), quick=quick)


if __name__ == "__main__":
    main()
