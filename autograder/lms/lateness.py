"""What handing in late costs, through nbgrader's own plug-in point.

In `nbgrader_config.py`:

    c.AssignLatePenalties.plugin_class = "autograder.lms.lateness.LatePenalty"
    c.LatePenalty.per_day = 0.1
    c.LatePenalty.grace_minutes = 15
    c.LatePenalty.roster = "roster.csv"

The roster's column `extra_hours` gives a student more time for every assignment. More time for one
assignment is nbgrader's own extension (`Gradebook.grant_extension`), which comes off before this.
"""

from __future__ import annotations

import math
from functools import cached_property
from pathlib import Path

from nbgrader.plugins import LateSubmissionPlugin
from traitlets import Float, TraitError, Unicode, validate

from autograder.lms.roster import read_roster

SECONDS_A_DAY = 24 * 60 * 60


def late_points(
    score: float,
    seconds_late: float,
    per_day: float,
    grace_seconds: float = 0.0,
    at_most: float = 1.0,
) -> float:
    """Return the points lost: a share of the score for each day begun after the grace.

    >>> late_points(20, seconds_late=3600, per_day=0.1)
    2.0
    >>> late_points(20, seconds_late=3600, per_day=0.1, grace_seconds=3600)
    0.0
    """
    days = math.ceil(max(seconds_late - grace_seconds, 0.0) / SECONDS_A_DAY)
    return score * min(days * per_day, at_most)


class LatePenalty(LateSubmissionPlugin):  # type: ignore[misc] # nbgrader ships no types
    """A share of the score for each day begun, after a grace and each student's extra time."""

    per_day = Float(0.1, help="Share of the score that each day begun costs, from 0 to 1.").tag(
        config=True
    )
    at_most = Float(1.0, help="The largest share that lateness costs, from 0 to 1.").tag(
        config=True
    )
    grace_minutes = Float(0.0, help="Minutes late that cost nothing.").tag(config=True)
    roster = Unicode("", help="The roster with the column extra_hours.").tag(config=True)

    @validate("per_day", "at_most")
    def _a_share(self, proposal: dict[str, float]) -> float:
        share = proposal["value"]
        if not 0 <= share <= 1:
            raise TraitError(f"{share} is not a share of the score; give a number from 0 to 1")
        return share

    @cached_property
    def extra_hours(self) -> dict[str, float]:
        """Each student's extra time, from the roster; a relative path counts from the course."""
        if not self.roster:
            return {}
        root = Path(self.config.CourseDirectory.get("root", "."))
        people = read_roster(root / self.roster).people
        return {person.id: person.extra_hours or 0.0 for person in people}

    def late_submission_penalty(
        self, student_id: str, score: float, total_seconds_late: float
    ) -> float | None:
        """Return the points that a late notebook loses, or None where it loses nothing."""
        grace = 60 * self.grace_minutes + 3600 * self.extra_hours.get(student_id, 0.0)
        lost = late_points(score, total_seconds_late, self.per_day, grace, self.at_most)
        return lost or None
