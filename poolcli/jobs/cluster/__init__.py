"""Workers of a Dask cluster in the place of worker processes; distributed is imported on demand."""
