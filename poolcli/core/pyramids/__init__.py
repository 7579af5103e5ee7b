"""Pyramids: shapes and levels."""
