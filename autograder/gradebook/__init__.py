"""nbgrader's database: the only code that knows its tables."""
