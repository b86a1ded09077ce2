"""The late penalty as a plug-in of nbgrader.

In `nbgrader_config.py`:

    c.AssignLatePenalties.plugin_class = "autograder.lms.lateness.LatePenalty"
    c.LatePenalty.per_day = 0.1        # or per_hour
    c.LatePenalty.grace_minutes = 15
    c.LatePenalty.at_most = 0.5

More time for every assignment is the roster's column `extra_hours`; for one assignment,
`autograder extend`. Both are subtracted before the grace time.
"""

from __future__ import annotations

import math
from datetime import timedelta
from functools import cached_property
from pathlib import Path

from nbgrader.plugins import LateSubmissionPlugin
from traitlets import Float, TraitError, Unicode, validate

from autograder.course.late_policy import DAY, HOUR, LatePolicy
from autograder.gradebook.people import gradebook_people


class LatePenalty(LateSubmissionPlugin):  # type: ignore[misc] # nbgrader ships no types
    """A share of the score is lost for each day or hour begun, after grace and extra time."""

    per_day = Float(0.1, help="Share of the score that each day begun costs, from 0 to 1.").tag(
        config=True
    )
    per_hour = Float(0.0, help="Share that each hour begun costs; per_day is then not used.").tag(
        config=True
    )
    at_most = Float(1.0, help="The largest share that can be lost, from 0 to 1.").tag(config=True)
    grace_minutes = Float(0.0, min=0, help="Minutes late that cost nothing.").tag(config=True)
    nothing_after_hours = Float(
        math.inf, min=0, help="Hours late, after the grace, from which the whole score is lost."
    ).tag(config=True)
    roster = Unicode("", help="Not used: `autograder roster` stores extra_hours.").tag(config=True)

    @validate("per_day", "per_hour", "at_most")
    def _a_share(self, proposal: dict[str, float]) -> float:
        share = proposal["value"]
        if not 0 <= share <= 1:
            raise TraitError(f"{share} is not a share of the score; give a number from 0 to 1")
        return share

    @validate("roster")
    def _no_roster(self, proposal: dict[str, str]) -> str:
        if proposal["value"]:
            raise TraitError(
                "c.LatePenalty.roster is not used: remove the line, and run "
                "`autograder roster FILE`, which stores the column extra_hours"
            )
        return ""

    @property
    def policy(self) -> LatePolicy:
        """The policy that the configuration sets."""
        return LatePolicy(
            share=self.per_hour or self.per_day,
            step=HOUR if self.per_hour else DAY,
            grace=60 * self.grace_minutes,
            at_most=self.at_most,
            nothing_after=HOUR * self.nothing_after_hours,
        )

    @cached_property
    def extra(self) -> dict[str, timedelta]:
        """Each student's extra time, from the gradebook."""
        root = Path(self.config.CourseDirectory.get("root", ".")).resolve()
        url = self.config.CourseDirectory.get("db_url", f"sqlite:///{root / 'gradebook.db'}")
        return {p.id: timedelta(hours=p.extra_hours or 0.0) for p in gradebook_people(url)}

    def late_submission_penalty(
        self, student_id: str, score: float, total_seconds_late: float
    ) -> float | None:
        """Return the points that a late notebook loses, or None; stock nbgrader calls this.

        nbgrader has subtracted its own extension, but not the extra time.
        """
        extra = self.extra.get(student_id, timedelta()).total_seconds()
        return self.policy.points(score, max(total_seconds_late - extra, 0.0)) or None
