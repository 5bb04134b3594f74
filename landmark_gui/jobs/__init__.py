"""Work off the GUI thread: small tasks on a pool, training in a process of its own."""
