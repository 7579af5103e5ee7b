"""Whole commands, timed and weighed from outside beside those of other tools."""
