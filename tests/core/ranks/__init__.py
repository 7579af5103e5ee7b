"""Medians and modes."""
