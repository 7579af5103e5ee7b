"""Pyramids: the levels of an image that viewers of huge images need."""
