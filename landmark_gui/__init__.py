"""Landmark GUI: from a folder of photos to a model that names the landmark on a new one."""

__version__ = "0.1.0"
