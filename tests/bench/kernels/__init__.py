"""Poolings of arrays, timed beside those of other libraries."""
