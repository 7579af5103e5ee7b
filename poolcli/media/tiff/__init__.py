"""TIFF by tifffile and imagecodecs, the extra ``[tiff]``: segments in, segments out."""
