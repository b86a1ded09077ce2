"""Fixtures that several test modules share, the order of files, Hypothesis's examples."""

import os

from hypothesis import settings
from long_files import LONG, TESTS

from autograder.course.nbgrader_start import lighter_start

with lighter_start():
    import jsonschema  # noqa: F401 - else nbformat imports it with a grammar of IRIs, for seconds

pytest_plugins = [
    *("browser_fixtures", "course_fixtures", "javascript", "runner_fixtures", "site_fixtures"),
    *("untested", "wheel_fixtures"),
]

# `make test` tries the same examples on every run and stores none; `make fuzz` searches.
settings.register_profile("same", derandomize=True, database=None, deadline=None)
settings.register_profile("search", database=None, deadline=None, print_blob=True)
settings.load_profile(os.environ.get("STRIDEWISE_EXAMPLES", "same"))


def pytest_collection_modifyitems(items):
    """Put the tests of the long files first; each file stays together (`--dist loadfile`)."""
    place = {TESTS / name: number for number, name in enumerate(LONG)}
    items.sort(key=lambda item: place.get(item.path, len(LONG)))
