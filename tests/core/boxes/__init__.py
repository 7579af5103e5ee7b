"""Boxes of an output."""
