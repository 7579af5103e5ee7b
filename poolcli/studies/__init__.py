"""Models of what views draw: explained windows, comparisons, invariance, layers."""
