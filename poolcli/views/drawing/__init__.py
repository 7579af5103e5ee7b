"""Figures as scenes of plain shapes, and scenes as SVG, HTML or pixels."""
