"""The way in from the shell: ``poolcli`` and ``python -m poolcli``."""

import signal
import sys
from io import TextIOWrapper


def run() -> None:
    """Run the command and leave with its exit code."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        # Until the command is loaded and takes over, Ctrl-C is to end us without a traceback.
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    from poolcli.cli.main import main

    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(
                errors="backslashreplace"
            )  # Windows' code pages have no → for --help
    sys.exit(main())


if __name__ == "__main__":
    run()
