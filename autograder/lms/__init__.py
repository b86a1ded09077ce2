"""Around marking: who takes the course, what was handed in, and marks handed on."""
