"""Segments of a TIFF: decoded as planes are sliced, and kept as long as they are of use."""
