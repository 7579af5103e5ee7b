"""Metadata of images: read, corrected for the pooled picture, and written."""
