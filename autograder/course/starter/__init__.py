"""The files of a new course."""
