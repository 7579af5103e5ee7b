"""Figures as plain shapes, and shapes as SVG, HTML or pixels."""
