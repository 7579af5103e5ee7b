"""Questions to a worker, which may lack poolcli or have another Python.

The text of this module is sent, for what Python compiled is understood by its own version alone.
"""

import importlib
import os
import platform
import socket
from importlib.metadata import PackageNotFoundError, version

__all__ = ["answer"]


def answer(packages: list[str], paths: list[str]) -> dict[str, object]:
    """Tell what the process that asks itself has, and where it finds these paths.

    Parameters
    ----------
    packages : list of str
        Names of distributions.
    paths : list of str

    Returns
    -------
    dict
        The ``host``, the ``versions`` by name (None for what is missing), and the real ``places``
        by path (None for what is not there).
    """
    versions: dict[str, str | None] = {"Python": platform.python_version()}
    for name in packages:
        try:
            versions[name] = version(name)
        except PackageNotFoundError:
            versions[name] = None
    try:
        versions["poolcli"] = importlib.import_module("poolcli").__version__
    except ImportError:
        versions["poolcli"] = None
    places = {path: _place(path) for path in paths}
    return {"host": socket.gethostname(), "versions": versions, "places": places}


def _place(path: str) -> str | None:
    try:
        os.stat(path)  # noqa: PTH116
    except OSError:
        return None
    return os.path.realpath(path)
