"""Hidden tests: choosing what they need, running them, and making marks with reasons."""
