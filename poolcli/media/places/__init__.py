"""Places of files: local paths, and objects of stores that fsspec reaches, imported on demand."""
