"""Meaning of a TIFF beside its samples: places, sizes and names, told of the pooled pixels."""
