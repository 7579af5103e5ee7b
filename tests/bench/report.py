"""Tables as Markdown and JSON, and what they were measured on."""

import json
import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, TypeAlias

__all__ = ["Table", "Value", "facts", "markdown", "text", "write"]

Value: TypeAlias = str | float | None

_LOAD = f"{os.getloadavg()[0]:.1f} before" if hasattr(os, "getloadavg") else "unknown"
"""Other people's work, which makes times on the wall worthless if it is not far below 1."""

_PACKAGES = (
    "poolcli", "numpy", "pillow", "torch", "onnxruntime", "opencv-python-headless", "scikit-image",
    "scipy", "pyvips", "pyvips-binary", "ome-zarr-pyramid", "dask", "zarr", "tifffile",
)  # fmt: skip


@dataclass(slots=True)
class Table:
    """Rows under heads, and what must be known to read them."""

    title: str
    head: Sequence[str]
    rows: list[list[Value]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def text(value: Value) -> str:
    """Three digits that matter.

    >>> text(0.01234), text(1234.5), text(2.0), text(None)
    ('0.0123', '1234', '2.00', '')
    """
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if abs(value) >= 100 or value == 0:
        return f"{value:.0f}"
    return f"{value:#.3g}"


def markdown(table: Table) -> str:
    lines = [f"## {table.title}", ""]
    if table.rows:
        lines.append("| " + " | ".join(table.head) + " |")
        lines.append("|" + "|".join(_rule(table, i) for i in range(len(table.head))) + "|")
        lines += ["| " + " | ".join(map(text, row)) + " |" for row in table.rows]
        lines.append("")
    lines += [f"- {note}" for note in table.notes]
    return "\n".join(lines).rstrip() + "\n"


def _rule(table: Table, column: int) -> str:
    words = all(isinstance(row[column], str) for row in table.rows)
    return "---" if words else "---:"


def facts() -> dict[str, str]:
    """The machine and the versions."""
    found = {
        "date": datetime.now().astimezone().isoformat(timespec="minutes"),
        "processor": _processor(),
        "cores": str(os.cpu_count()),
        "load": _LOAD,
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
    }
    for package in _PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = "not installed"
    return found


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor()


def write(folder: Path, name: str, tables: Sequence[Table], details: dict[str, Any]) -> Path:
    """Write NAME.md and NAME.json, and give the path of the first."""
    folder.mkdir(parents=True, exist_ok=True)
    about = facts()
    everything = {
        "facts": about,
        "tables": [
            {"title": t.title, "head": list(t.head), "rows": t.rows, "notes": t.notes}
            for t in tables
        ],
        **details,
    }
    (folder / f"{name}.json").write_text(json.dumps(everything, indent=1, ensure_ascii=False))
    page = folder / f"{name}.md"
    machine = ", ".join(f"{key} {value}" for key, value in about.items())
    page.write_text("\n".join([f"# {name}", "", machine, "", *map(markdown, tables)]))
    return page
