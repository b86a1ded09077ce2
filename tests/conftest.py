"""Fixtures that several test modules share, the order of files, Hypothesis's examples."""

import os
from pathlib import Path

from hypothesis import settings

pytest_plugins = ["browser_fixtures", "course_fixtures", "javascript", "site_fixtures", "untested"]

# `make test` tries the same examples on every run and stores none; `make fuzz` searches.
settings.register_profile("same", derandomize=True, database=None, deadline=None)
settings.register_profile("search", database=None, deadline=None, print_blob=True)
settings.load_profile(os.environ.get("STRIDEWISE_EXAMPLES", "same"))

TESTS = Path(__file__).parent
LONG = (
    "stridewise/widgets/test_widgets_in_jupyter.py",
    "stridewise/widgets/test_widget_pages.py",
    "running/test_attacks_beside.py",
    "marking/test_questions.py",
    "running/test_attacks_core.py",
    "stridewise/test_keras_applications.py",
    "gradebook/test_gradebook.py",
    "authoring/test_proof.py",
    "marking/test_engine.py",
    "running/test_beside.py",
    "marking/test_cluster.py",
    "running/test_fork_server.py",
    "marking/test_faults.py",
    "stridewise/test_layers.py",
    "test_notebooks.py",
    "running/test_running.py",
    "feedback/test_feedback_in_browser.py",
    "test_nbgrader_plugin.py",
    "test_cli.py",
    "reading/test_reading.py",
)
"""The files that take longest. They run first: a long file at the end leaves a worker idle."""


def pytest_collection_modifyitems(items):
    """Put the tests of the long files first; each file stays together (`--dist loadfile`)."""
    place = {TESTS / name: number for number, name in enumerate(LONG)}
    items.sort(key=lambda item: place.get(item.path, len(LONG)))
