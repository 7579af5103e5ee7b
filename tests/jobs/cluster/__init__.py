"""Tests of runs on a Dask cluster."""
