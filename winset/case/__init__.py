"""What is known: the case, its file, and the checks it must pass."""
