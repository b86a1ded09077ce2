"""Fixtures that several test modules share, and how Hypothesis draws examples."""

import os

from hypothesis import settings

pytest_plugins = ["browser_fixtures", "course_fixtures", "javascript", "site_fixtures", "untested"]

# `make test` tries the same examples on every run and stores none; `make fuzz` searches.
settings.register_profile("same", derandomize=True, database=None, deadline=None)
settings.register_profile("search", database=None, deadline=None, print_blob=True)
settings.load_profile(os.environ.get("STRIDEWISE_EXAMPLES", "same"))
