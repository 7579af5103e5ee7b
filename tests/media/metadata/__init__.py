"""Metadata by kind: carried where a format has room for it, noted where it has not."""
