"""Rosters, what was handed in, and tables of marks for learning platforms."""
