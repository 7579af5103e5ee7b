"""Zarr arrays and OME-Zarr pyramids, by the extra ``[zarr]``."""
