"""nbgrader's database; no other package knows its tables."""
