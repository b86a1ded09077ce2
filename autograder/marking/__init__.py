"""From submissions to marks: one notebook, one student, a class, a cluster."""
