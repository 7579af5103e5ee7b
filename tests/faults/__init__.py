"""Attacks and accidents: one line and one file is all that they may cost."""
