"""Formats one by one: files that Pillow cannot open mended, values that it misreads set right."""
