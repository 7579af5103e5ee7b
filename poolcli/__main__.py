"""The way in from the shell: ``poolcli`` and ``python -m poolcli``."""

import gc
import os
import signal
import sys
import warnings
from io import TextIOWrapper

_SIGNALLED = 128


def run() -> None:
    """Run the command and leave with its exit code."""
    _open_closed_streams()
    if not sys.warnoptions:
        warnings.simplefilter("ignore")  # those of libraries say nothing to whoever pools a file
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


def _open_closed_streams() -> None:
    """Open the null device for standard streams that are closed.

    The first files to be opened would take their numbers otherwise, and what libraries print to
    standard error would land in a picture.
    """
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        try:
            os.fstat(number)
        except OSError:
            nowhere = os.open(os.devnull, os.O_RDWR)
            if nowhere != number:
                os.dup2(nowhere, number)
                os.close(nowhere)
            os.set_inheritable(number, True)  # workers have the same streams
        if getattr(sys, name) is None:
            mode, encoding = "w" if number else "r", "utf-8"
            stream = open(number, mode, encoding=encoding, closefd=False)  # noqa: SIM115
            setattr(sys, name, stream)


if __name__ == "__main__":
    run()
