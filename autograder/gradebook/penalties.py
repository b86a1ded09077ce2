"""The rule for late work that a course's configuration asks for.

Penalties are computed from the marks as they are, when a total is needed (`marksheet.py`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autograder.course.course import Course
from autograder.course.late_policy import LatePolicy

Penalty = Callable[[str, float, float], float | None]
"""From student, score and seconds late, extra time taken off, to the points that lateness costs."""


def late_penalty(course: Course) -> Penalty:
    """Give the rule for late submissions that the course's configuration asks for."""
    return penalty_of(course.config)


def penalty_of(config: Any) -> Penalty:
    """Give the rule of a configuration: our own policy, or whatever plug-in it names.

    nbgrader, slow to import, is asked only where something is configured: else nothing is lost.
    """
    if not (config.get("AssignLatePenalties") or config.get("LateSubmissionPlugin")):
        return lambda _student, _score, _late: None
    from nbgrader.preprocessors import AssignLatePenalties

    assigner = AssignLatePenalties(config=config)
    assigner.init_plugin()
    plugin = assigner.plugin_inst
    policy = getattr(plugin, "policy", None)
    if isinstance(policy, LatePolicy):
        return lambda _student, score, late: policy.points(score, late)
    rule: Penalty = plugin.late_submission_penalty
    return rule
