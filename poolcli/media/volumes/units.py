"""Units of length and time, as OME-Zarr names them and as OME-XML writes them."""

__all__ = ["symbol_of", "unit_of"]

_PREFIXES = {
    "yotta": "Y", "zetta": "Z", "exa": "E", "peta": "P", "tera": "T", "giga": "G", "mega": "M",
    "kilo": "k", "hecto": "h", "": "", "deci": "d", "centi": "c", "milli": "m", "micro": "µ",
    "nano": "n", "pico": "p", "femto": "f", "atto": "a", "zepto": "z", "yocto": "y",
}  # fmt: skip

_SYMBOLS = {f"{name}meter": f"{sign}m" for name, sign in _PREFIXES.items()}
_SYMBOLS |= {f"{name}second": f"{sign}s" for name, sign in _PREFIXES.items()}
_SYMBOLS |= {"angstrom": "Å", "foot": "ft", "inch": "in", "mile": "mi", "parsec": "pc"}
_SYMBOLS |= {"yard": "yd", "minute": "min", "hour": "h", "day": "d"}

_NAMES = {symbol: name for name, symbol in _SYMBOLS.items()}

_UNKNOWN = "reference frame"
"""Unit of OME-XML for lengths that are only known relative to each other."""


def symbol_of(unit: str | None) -> str:
    """Look up what OME-XML writes for a unit.

    >>> symbol_of("micrometer"), symbol_of(None)
    ('µm', 'reference frame')
    """
    return _SYMBOLS.get(unit or "", _UNKNOWN)


def unit_of(symbol: str) -> str | None:
    """Look up how OME-Zarr names a unit; None if it has no name for it.

    >>> unit_of("µm"), unit_of("Å"), unit_of("pixel")
    ('micrometer', 'angstrom', None)
    """
    return _NAMES.get(symbol)
