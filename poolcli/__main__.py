"""The way in from the shell: ``poolcli`` and ``python -m poolcli``."""

import gc
import signal
import sys
from io import TextIOWrapper

_SIGNALLED = 128


def run() -> None:
    """Run the command and leave with its exit code."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        # Until the command is loaded and takes over, Ctrl-C is to end us without a traceback.
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    # Loading makes very much and drops nothing: to look for garbage takes a tenth of the start.
    gc.disable()
    from poolcli.cli.main import abandon_output, main

    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(
                errors="backslashreplace"
            )  # Windows' code pages have no → for --help
    code = main()
    if code >= _SIGNALLED:
        abandon_output()  # perhaps nobody reads it, and we were told to go
    gc.freeze()  # nor is there any use in picking over what ends with the process
    sys.exit(code)


if __name__ == "__main__":
    run()
