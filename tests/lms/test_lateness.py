"""Late penalties, through the plug-in point that nbgrader gives."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbgrader.preprocessors import AssignLatePenalties
from traitlets import TraitError
from traitlets.config import Config

from autograder.lms.lateness import SECONDS_A_DAY, LatePenalty, late_points

HOUR = 3600


def plugin(**settings) -> LatePenalty:
    config = Config()
    config.AssignLatePenalties.plugin_class = "autograder.lms.lateness.LatePenalty"
    for name, value in settings.items():
        config.LatePenalty[name] = value
    assigner = AssignLatePenalties(config=config)
    assigner.init_plugin()
    return assigner.plugin_inst


@pytest.mark.parametrize(
    ("late", "lost"),
    [
        pytest.param(0, 0, id="in-time"),
        pytest.param(1, 2, id="a-second-begins-a-day"),
        pytest.param(SECONDS_A_DAY, 2, id="one-day"),
        pytest.param(SECONDS_A_DAY + 1, 4, id="the-second-day-begins"),
        pytest.param(90 * SECONDS_A_DAY, 20, id="never-more-than-all"),
    ],
)
def test_each_day_begun_costs_a_share(late, lost):
    assert late_points(20, late, per_day=0.1) == pytest.approx(lost)


@given(st.floats(0, 100), st.floats(0, 1e7), st.floats(0, 1), st.floats(0, 1e6), st.floats(0, 1))
def test_a_penalty_is_never_more_than_its_share_of_the_score(score, late, per_day, grace, at_most):
    assert 0 <= late_points(score, late, per_day, grace, at_most) <= score * at_most + 1e-9


def test_nbgrader_takes_the_plugin_from_its_own_configuration():
    late = plugin(per_day=0.25)
    assert isinstance(late, LatePenalty)
    assert late.late_submission_penalty("ada", 20, HOUR) == 5


def test_the_grace_costs_nothing():
    late = plugin(grace_minutes=15)
    assert late.late_submission_penalty("ada", 20, 15 * 60) is None
    assert late.late_submission_penalty("ada", 20, 15 * 60 + 1) == 2


def test_a_students_extra_time_comes_from_the_roster(tmp_path, monkeypatch):
    (tmp_path / "roster.csv").write_text("id,extra_hours\nada,48\nben,\n")
    monkeypatch.chdir(tmp_path)
    late = plugin(roster="roster.csv")
    assert late.late_submission_penalty("ada", 20, 48 * HOUR) is None
    assert late.late_submission_penalty("ada", 20, 49 * HOUR) == 2
    assert late.late_submission_penalty("ben", 20, 48 * HOUR) == 4


def test_a_roster_that_is_not_there_stops_rather_than_penalises():
    with pytest.raises(ValueError, match="cannot be read"):
        plugin(roster="nowhere.csv").late_submission_penalty("ada", 20, HOUR)


@pytest.mark.parametrize("share", [-0.1, 10])
def test_a_share_outside_0_to_1_is_refused(share):
    with pytest.raises(TraitError, match="from 0 to 1"):
        plugin(per_day=share)
