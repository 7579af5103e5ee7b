"""The geometry of windows, in integers."""
