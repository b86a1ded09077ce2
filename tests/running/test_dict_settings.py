"""The settings that libraries keep in dicts are read again whenever one has changed."""

import csv

import pytest

from autograder.running.inside.dict_settings import dicts_now, values_of_dicts
from autograder.running.inside.seal import sealed
from autograder.running.inside.versions import HAS_NUMBERS


class Dialect(csv.excel):
    """Stands for a dialect of a notebook's own."""


@pytest.fixture
def dialects():
    now = sealed(dicts_now, **values_of_dicts())
    yield lambda: {pair[0] for label, _, _, pairs in now() for pair in pairs if "csv" in label}
    if "own" in csv.list_dialects():
        csv.unregister_dialect("own")


def test_what_is_registered_after_a_reading_is_seen(dialects):
    before = dialects()
    csv.register_dialect("own", Dialect)
    assert dialects() == before | {"own"}


def test_what_is_taken_out_again_is_seen_too(dialects):
    before = dialects()
    csv.register_dialect("own", Dialect)
    dialects()
    csv.unregister_dialect("own")
    assert dialects() == before


@pytest.mark.skipif(not HAS_NUMBERS, reason="dicts of this Python have no numbers")
def test_nothing_is_read_again_while_nothing_changes():
    now = sealed(dicts_now, **values_of_dicts())
    assert now() is now()
