"""The rule that computes what a late submission costs.

The configuration sets it (`autograder.lms.lateness.LatePenalty`). A penalty is not stored: it is
computed from the score, marks by hand included, whenever a total is needed.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

HOUR = 3600.0
DAY = 24 * HOUR


@dataclass(frozen=True, slots=True)
class LatePolicy:
    """A share of the score is lost for each step of time that has begun after the grace period.

    Attributes:
        share: the share of the score that each step costs, from 0 to 1.
        step: the length of a step in seconds. One that has begun counts as a whole one: 24.5 hours
            are two days.
        grace: seconds late that cost nothing; steps are counted from the end of this time.
        at_most: the largest share that can be lost.
        nothing_after: seconds late, after the grace, from which the whole score is lost.
    """

    share: float = 0.0
    step: float = DAY
    grace: float = 0.0
    at_most: float = 1.0
    nothing_after: float = math.inf

    def points(self, score: float, seconds_late: float) -> float:
        """Return the points lost, from 0 to the score.

        >>> LatePolicy(share=0.1).points(20, seconds_late=3600)
        2.0
        >>> LatePolicy(share=0.1, grace=3600).points(20, seconds_late=3600)
        0.0
        """
        late = max(seconds_late - self.grace, 0.0)
        if late > self.nothing_after:
            return score
        return score * min(math.ceil(late / self.step) * self.share, self.at_most, 1.0)
