"""Attacks by code that says it is from a library's file: none earns a point."""

from __future__ import annotations

import pytest
from needs import needs_sandbox
from notebooks import attacks_by_file_names as names
from running.test_attacks_beside import points
from running.test_attacks_frames import results

from autograder.running import Limits

pytestmark = [needs_sandbox, pytest.mark.slow]
QUICK = Limits(cell_seconds=20, total_seconds=120)


@pytest.mark.parametrize("attack", names.ATTACKS)
def test_no_attack_earns_a_point(runner, attack):
    found = results(runner, names.SETUP, names.WRONG, names.ATTACKS[attack], course=names)
    assert [points(result) for result in found.values()] == [0]
