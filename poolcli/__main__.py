"""The way in from the shell: ``poolcli`` and ``python -m poolcli``."""

import sys
from io import TextIOWrapper

from poolcli.cli.main import main


def run() -> None:
    """Run the command and leave with its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(
                errors="backslashreplace"
            )  # Windows' code pages have no → for --help
    sys.exit(main())


if __name__ == "__main__":
    run()
