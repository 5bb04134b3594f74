"""Figures of the program, each as a ratio to a named reference of the same run."""
