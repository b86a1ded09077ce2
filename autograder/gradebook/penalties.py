"""The late penalty that a course's configuration sets.

It is computed from the present marks, whenever a total is needed (`class_marks.py`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autograder.course.course import Course
from autograder.course.late_policy import LatePolicy

Penalty = Callable[[str, float, float], float | None]
"""From student, score and seconds late (without her extra time) to the penalty in points."""


def late_penalty(course: Course) -> Penalty:
    """Return the late penalty that the course's configuration sets."""
    return penalty_of(course.config)


def penalty_of(config: Any) -> Penalty:
    """Return the late penalty of a configuration: our own policy, or the plug-in that it names.

    nbgrader is slow to import, so it is imported only where the configuration names a plug-in.
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
