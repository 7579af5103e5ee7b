"""``python -m tests.bench``: measure, print, and write tables and a plot."""

import argparse
import signal
import sys
import tempfile
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.bench.environment import use_one_thread

if TYPE_CHECKING:
    from tests.bench.report import Table

SECTIONS = (
    "kernels", "commands", "startup", "folders", "memory", "png", "cluster", "large", "exactness",
)  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--only", choices=SECTIONS, action="append", help="this part (repeatable)")
    parser.add_argument("--quick", action="store_true", help="small inputs, few runs")
    parser.add_argument(
        "--match", default="", metavar="TEXT", help="kernels with TEXT in their name"
    )
    parser.add_argument(
        "--side", type=int, default=5000, metavar="PIXELS", help="of large images  [default: 5000]"
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
            found = _whole(section, quick=options.quick, side=options.side)
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


def _whole(section: str, *, quick: bool, side: int) -> list["Table"]:
    """The parts that need a folder to work in, each imported alone, as packages may be missing."""
    places = {
        "cluster": "programs.cluster.on_cluster",
        "commands": "programs.commands.commands",
        "startup": "programs.commands.start_up",
        "folders": "programs.folders.folders",
        "memory": "programs.memory.memory",
        "png": "png.png",
        "large": "large.speed.large",
        "exactness": "large.exactness.exactness",
    }
    module, _, name = places[section].rpartition(".")
    part = getattr(import_module(f"tests.bench.{module}"), name)
    more = {"side": side} if section == "large" else {}
    with tempfile.TemporaryDirectory(prefix="poolcli-bench-") as folder:
        tables: list[Table] = part(Path(folder), quick=quick, **more)
    return tables


if __name__ == "__main__":
    main()
