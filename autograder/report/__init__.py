"""What a class got wrong, as one page, and the same as JSON and CSV."""
