"""A project of photos that are drawn here, to try the program with: it ships nobody's photos."""
