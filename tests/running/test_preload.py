"""What the fork server does before there is a notebook."""

import importlib
from pathlib import Path

import pytest

from autograder.running.inside import preload


@pytest.mark.slow
def test_tensorflow_looks_through_its_lists_without_a_thread():
    importlib.import_module("tensorflow")
    before = len(list(Path("/proc/self/task").iterdir()))
    preload.look_up_operations()  # an error here means other names, and slower forks
    assert len(list(Path("/proc/self/task").iterdir())) == before
