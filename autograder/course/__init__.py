"""A course's folders and configuration, and the students' version of an assignment."""
