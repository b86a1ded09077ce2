"""Nothing that only says that it is right earns a point where a hidden test is run apart."""

from __future__ import annotations

import pytest
from notebooks.attacks_on_values import ATTACKS
from notebooks.tiny_question import RIGHT, marks, notebook, total

from autograder.running import Limits, Runner, sandbox_available

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        sandbox_available() is not None, reason=f"no sandbox: {sandbox_available()}"
    ),
]


@pytest.fixture(scope="module")
def runner():
    with Runner(limits=Limits(cell_seconds=10, total_seconds=40, call_seconds=5)) as made:
        yield made


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS.keys())
def test_a_value_that_flatters_earns_nothing(runner, attack):
    found = marks(runner, notebook(**attack))
    assert total(found) == 0
    assert all(mark.reasons for mark in found.values())


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS.keys())
def test_what_was_answered_before_still_counts(runner, attack):
    after = {"last": "\n".join(attack.values())}
    assert total(marks(runner, notebook(*RIGHT, **after))) == 5
