"""Hidden tests: planned, run, and turned into marks with reasons."""
