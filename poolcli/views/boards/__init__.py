"""Boards: a map, its result and the arithmetic of one window, as text, figure and film."""
