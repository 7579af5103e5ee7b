"""Encoding of pictures into files of Pillow's formats."""
