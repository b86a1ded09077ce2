"""Attacks on what given cells make earn no point, or a person looks."""

from __future__ import annotations

import pytest
from needs import needs_sandbox
from notebooks.attacks_on_given_cells import ATTACKS
from programs import submission
from running.test_attacks_beside import points

from autograder.records import BesideTest

pytestmark = [needs_sandbox, pytest.mark.slow]
ANSWERS = frozenset({"x", "triple"})


def result(runner, name, *, attacked):
    attack = ATTACKS[name]
    mine = "def triple(n):\n    return 3 * n"
    before, after = (attack.before, attack.after) if attacked else ("", "")
    cells = [f"{attack.wrong}\n{mine}\n{before}", attack.given, after or "pass", ""]
    test = BesideTest("test", 3, attack.test, answers=ANSWERS)
    return runner.tests(submission(*cells, trusted=(1, 3)), [test])["test"]


@pytest.mark.parametrize("name", ATTACKS)
def test_no_attack_is_paid_without_a_flag(runner, name):
    found = result(runner, name, attacked=True)
    assert points(found) == 0 or found.flagged, found


@pytest.mark.parametrize("name", ATTACKS)
def test_wrong_answers_without_the_attack_earn_nothing_and_are_not_flagged(runner, name):
    found = result(runner, name, attacked=False)
    assert (points(found), found.flagged) == (0, False), found


@pytest.mark.parametrize(
    ("wrong", "changes", "test"),
    [
        (
            "x = decimal.Decimal('0.333')",
            "decimal.getcontext().prec = 3",
            "assert x == decimal.Decimal(1) / 3",
        ),
        ("x = 30", "calendar.mdays[2] = 30", "assert calendar.mdays[2] == x"),
        ("x = '5'", "open('d.txt', 'w').write('5')", "assert open('d.txt').read() == x"),
    ],
    ids=["setting", "table", "file"],
)
def test_what_one_test_lets_student_code_change_does_not_pay_for_the_next(
    runner, wrong, changes, test
):
    files = {"d.txt": b"1"}
    cells = [
        "import calendar, decimal",
        f"{wrong}\ndef triple(n):\n    {changes}\n    return 3 * n",
    ]
    asked = [
        BesideTest(name, at, source, answers=ANSWERS, released=frozenset(files))
        for at, name, source in ((2, "first", "assert triple(2) == 6"), (3, "next", test))
    ]
    found = runner.tests(submission(*cells, "", "", trusted=(0, 2, 3)), asked, files)
    assert (points(found["first"]), found["first"].flagged) == (1, False)
    assert points(found["next"]) == 0 or found["next"].flagged, found
