"""What lies where in a course, how it is configured, and what is released to students."""
