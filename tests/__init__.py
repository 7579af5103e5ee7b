"""Literals, an independent oracle, and the results of torch 2.13."""
