"""Measured data: values that are missing, sums and spreads, named axes."""
