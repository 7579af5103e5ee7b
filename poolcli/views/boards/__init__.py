"""Boards: a map, its result and the arithmetic of one window, for the terminal, figures and films."""
