"""Cells as tables: who was beaten, by how much, and where we lose."""

from collections.abc import Iterable, Sequence
from itertools import groupby

from tests.bench.kernels.measure import CellResult, PeerResult
from tests.bench.report import Table, Value, text

__all__ = ["kernel_tables", "line"]

_HEAD = ("input", "k/s", "poolcli", "fastest exact peer", "×", "fastest inexact", "~×", "others")

_EVEN = 1.25
"""Up to here it may be chance: so far apart two runs are on a machine that others share."""

READING = [
    "Time of the processor, one thread for everybody, medians of runs by turns.",
    "2.9× means that the peer takes 2.9 times as long as poolcli; below 1 it is faster than "
    "poolcli.",
    "A peer is exact if every sample is equal (of float means: within a relative 1e-5); after ~ "
    "stand those that are not, with the share of samples that differ.",
    "Every input lies in the layout that the peer likes best before the clock starts, and a result "
    "may stay a view with gaps (cv2, scipy, skimage) or an image of the library's own.",
    "cv2 sum is boxFilter without division, which NumPy then divides exactly; cv2 area is "
    "INTER_AREA where windows are blocks; torch nhwc has channels last.",
]


def line(result: CellResult) -> str:
    """A cell in one line for the terminal."""
    if result.ours is None:
        return f"{result.cell.label}: {result.note}"
    words = f"{result.cell.label}: {_time(result)}"
    for exact in (True, False):
        peer = result.fastest(exact=exact)
        if peer is not None:
            words += f"  {_against(result, peer)}"
    return words


def kernel_tables(results: Sequence[CellResult], missing: Iterable[str]) -> list[Table]:
    """The summary, then a table for each operation."""
    summary = Table("Kernels", (), [], [*_summary(results), *READING])
    if gone := ", ".join(missing):
        summary.notes.append(f"Not installed, and so left out: {gone}.")
    tables = [summary]
    for name, group in groupby(results, lambda result: result.cell.group):
        table = Table(f"Kernels: {name}", _HEAD)
        tables.append(table)
        for result in group:
            if result.ours is None:
                table.notes.append(f"{result.cell.label}: {result.note}")
            else:
                table.rows.append(_row(result))
            table.notes += _notes(result)
    return tables


def _row(result: CellResult) -> list[Value]:
    cell = result.cell
    exact, inexact = result.fastest(exact=True), result.fastest(exact=False)
    others = [
        _against(result, peer)
        for peer in sorted(result.peers, key=lambda p: p.timing.cpu if p.timing else 0.0)
        if peer.timing and peer not in (exact, inexact)
    ]
    return [
        cell.input if cell.group == cell.operation else f"{cell.operation} {cell.input}",
        cell.window,
        _time(result),
        exact.name if exact else "",
        result.ratio(exact),
        f"{inexact.name} ({_share(inexact)})" if inexact else "",
        result.ratio(inexact),
        ", ".join(others),
    ]


def _time(result: CellResult) -> str:
    """Ours, in milliseconds or microseconds."""
    if result.ours is None:
        return ""
    seconds = result.ours.cpu
    return f"{text(seconds * 1e3)} ms" if seconds > 5e-4 else f"{text(seconds * 1e6)} µs"


def _against(result: CellResult, peer: PeerResult) -> str:
    ratio = text(result.ratio(peer))
    if peer.differing:
        return f"{peer.name} ~{ratio}× ({_share(peer)})"
    return f"{peer.name} {ratio}×"


def _share(peer: PeerResult) -> str:
    return f"{peer.differing:.2g} differ"


def _notes(result: CellResult) -> list[str]:
    notes = []
    for peer in result.peers:
        if peer.predicted is not None:
            notes.append(
                f"{result.cell.label}: {peer.name} left out; "
                f"it would take some {text(peer.predicted)} s"
            )
        elif peer.error:
            notes.append(f"{result.cell.label}: {peer.name} failed ({peer.error[:100]})")
    return notes


def _summary(results: Sequence[CellResult]) -> list[str]:
    notes = [
        _count(results, exact=True, words="the fastest exact peer"),
        _count(results, exact=False, words="the fastest inexact peer (~)"),
    ]
    wrong = [result for result in results if result.note.startswith("WRONG")]
    notes += [f"{result.cell.label}: {result.note}" for result in wrong]
    skipped = sum(result.ours is None for result in results) - len(wrong)
    if skipped:
        notes.append(f"{skipped} cells skipped; the reasons stand under the tables.")
    return notes


def _count(results: Sequence[CellResult], *, exact: bool, words: str) -> str:
    met = []
    for result in results:
        peer = result.fastest(exact=exact)
        ratio = result.ratio(peer)
        if peer is not None and ratio is not None:
            met.append((ratio, peer.name, result.cell.label))
    if not met:
        return f"No cell with {words}."
    won, lost = (sum(ratio**way > _EVEN for ratio, _, _ in met) for way in (1, -1))
    ratio, name, label = min(met)
    return (
        f"Against {words}, of {len(met)} cells: {won} won by more than a quarter, "
        f"{len(met) - won - lost} even, {lost} lost; {sum(ratio > 1 for ratio, _, _ in met)} above "
        f"1; the worst is {label}, {text(ratio)}× {name}."
    )
