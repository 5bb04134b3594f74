"""Boxes in the formats of other programs."""
