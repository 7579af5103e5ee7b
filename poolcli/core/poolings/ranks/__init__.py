"""Medians, quantiles and modes: statistics that compare all taps of a window."""
