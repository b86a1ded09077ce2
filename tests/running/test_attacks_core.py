"""Attacks on reading, running and the examiner: no unearned point, and every other mark unchanged.

The numbers in the ids are those of a table of known attacks on notebook graders; those without one
are aimed at this design.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from notebooks.attacks_in_cells import ATTACKS, LOOKS, code
from notebooks.tiny_question import RIGHT, RUN_IT, WRONG, marks, notebook, total
from programs import submission

from autograder.running import Limits, Runner, sandbox_available

pytestmark = pytest.mark.skipif(
    sandbox_available() is not None, reason=f"no sandbox: {sandbox_available()}"
)
ROOT = Path(__file__).resolve().parents[2]
QUICK = Limits(cell_seconds=3, total_seconds=12, call_seconds=1)
WAITING = {"42-endless-and-deaf", "43-many-slow-cells", "45-fork-bomb", "deaf-function"}
WAITING |= {"44-huge-number", "46-memory-of-many", "flood-on-the-line"}
"""Those that take long, or as long as their limits allow: they are tried with the slow tests."""


@pytest.fixture(scope="module")
def runner():
    with Runner(limits=QUICK) as made:
        yield made


def attack_named(name):
    slow = [pytest.mark.slow] if name in WAITING else []
    return pytest.param(ATTACKS[name], id=name, marks=slow)


@pytest.fixture(autouse=True)
def neighbours_keep_their_marks(runner):
    yield
    honest = notebook(*RIGHT, first=RUN_IT)
    assert total(marks(runner, honest)) == 5


@pytest.mark.parametrize("attack", [attack_named(name) for name in ATTACKS])
def test_no_attack_earns_a_point(runner, attack):
    found = marks(runner, notebook(**attack))
    assert total(found) == 0
    assert len(found) == 3
    assert all(mark.reasons and len(mark.reasons[0]) > 10 for mark in found.values())


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS.keys())
@pytest.mark.slow
def test_what_was_answered_before_an_attack_still_counts(runner, attack):
    after = {"last": "\n".join(attack.values())}
    assert total(marks(runner, notebook(*RIGHT, **after))) == 5


@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS.keys())
def test_an_attack_finds_nothing_to_read_or_to_change(runner, look, monkeypatch):
    monkeypatch.setenv("SECRET_TOKEN", "hunter2")
    with runner.answers(submission(look.format(root=str(ROOT))), frozenset({"a"})) as answers:
        assert answers["a"] == []


def test_nothing_is_left_for_the_next_notebook(runner):
    leave = code("""
        import builtins, math, numpy, os, pathlib
        for d in ('/tmp', '/dev/shm', '/var/tmp', os.path.expanduser('~')):
            try:
                pathlib.Path(d, 'left').write_text('x')
            except OSError:
                pass
        numpy.left = math.left = builtins.left = 1
    """)
    look = code("""
        import builtins, math, numpy, os
        a = [d for d in ('/tmp', '/dev/shm', '/var/tmp') if os.path.exists(d + '/left')]
        a += [m.__name__ for m in (numpy, math, builtins) if hasattr(m, 'left')]
    """)
    with runner.answers(submission(leave), frozenset({"a"})):
        pass
    with runner.answers(submission(look), frozenset({"a"})) as answers:
        assert answers["a"] == []


def test_two_notebooks_at_once_do_not_see_each_other(runner):
    wait = code("""
        import socket
        s = socket.socket(socket.AF_UNIX)
        s.bind('\\0meet')
        s.listen()
        a = 1
    """)
    call = code("""
        import socket
        s = socket.socket(socket.AF_UNIX)
        try:
            s.connect('\\0meet')
            a = ['met']
        except OSError:
            a = []
    """)
    with runner.answers(submission(wait), frozenset({"a"})) as one:
        assert one["a"] == 1
        with runner.answers(submission(call), frozenset({"a"})) as other:
            assert other["a"] == []


def test_an_honest_mistake_keeps_the_points_of_the_rest(runner):
    assert total(marks(runner, notebook(RIGHT[0], WRONG[1], first=RUN_IT))) == 2
    assert total(marks(runner, notebook(WRONG[0], RIGHT[1], first=RUN_IT))) == 3


@pytest.mark.slow
def test_an_ordinary_user_confines_as_well_as_root(monkeypatch):
    monkeypatch.setattr("autograder.running.fork_server.runs_as_root", lambda: False)
    with Runner(limits=QUICK) as made:
        for name, look in LOOKS.items():
            looking = submission(look.format(root=str(ROOT)))
            with made.answers(looking, frozenset({"a"})) as answers:
                assert answers["a"] == [], name
