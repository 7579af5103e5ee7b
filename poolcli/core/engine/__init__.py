"""Reduction along axes, in bands that stay in the processor's cache."""
