"""Boxes of an output, worked on by threads, kept in order, and noted so that a run can go on."""
