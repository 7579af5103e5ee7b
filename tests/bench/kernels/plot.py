"""All cells in one picture: every peer's time over ours."""

from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from tests.bench.kernels.measure import CellResult

__all__ = ["plot"]


def plot(results: Sequence[CellResult], path: Path) -> bool:
    """Draw a panel for each operation; False if matplotlib is not installed.

    Full dots are exact peers, rings inexact ones; right of the line poolcli is faster.
    """
    measured = [result for result in results if result.ours and result.peers]
    operations = list(dict.fromkeys(result.cell.group for result in measured))
    if not operations:
        return False
    try:
        import_module("matplotlib").use("Agg")
        pyplot = import_module("matplotlib.pyplot")
    except ImportError:
        return False
    counts = [sum(r.cell.group == name for r in measured) for name in operations]
    figure, panels = pyplot.subplots(
        len(operations),
        figsize=(10, 1.2 * len(operations) + 0.2 * sum(counts)),
        height_ratios=counts,
        sharex=True,
        squeeze=False,
        layout="constrained",
    )
    names = list(dict.fromkeys(peer.name for result in measured for peer in result.peers))
    colours = dict(zip(names, pyplot.get_cmap("tab20").colors, strict=False))
    for name, panel in zip(operations, panels[:, 0], strict=True):
        _draw(panel, name, [r for r in measured if r.cell.group == name], colours)
    panels[-1, 0].set_xlabel("the peer's time ÷ poolcli's (full: exact, ring: inexact)")
    dots = [
        pyplot.Line2D([], [], marker="o", linestyle="", color=colours[name], label=name)
        for name in names
    ]
    figure.legend(handles=dots, loc="outside upper center", ncols=6, frameon=False)
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=110)
    pyplot.close(figure)
    return True


def _draw(
    panel: Any, title: str, results: Sequence[CellResult], colours: dict[str, tuple[float, ...]]
) -> None:
    panel.set_title(title, loc="left", fontsize=10, fontweight="bold")
    panel.axvline(1, color="0.3", linewidth=1)
    panel.set_xscale("log")
    for height, result in enumerate(results):
        for peer in result.peers:
            ratio = result.ratio(peer)
            if ratio is None:
                continue
            colour = colours[peer.name]
            face = "none" if peer.differing else colour
            panel.plot(ratio, height, "o", color=colour, markerfacecolor=face, markersize=6)
    labels = [result.cell.label.removeprefix(f"{title} ") for result in results]
    panel.set_yticks(range(len(results)), labels, fontsize=7)
    panel.set_ylim(len(results) - 0.5, -0.5)
    panel.grid(axis="x", color="0.9")
    panel.spines[["top", "right"]].set_visible(False)
