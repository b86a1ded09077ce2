"""What handing in late costs: the one place that computes it.

The configuration says how (`autograder.lms.lateness.LatePenalty`). Nothing is stored: a penalty is
worked out from the score, hand and machine marks together, whenever a total is needed.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

HOUR = 3600.0
DAY = 24 * HOUR


@dataclass(frozen=True, slots=True)
class LatePolicy:
    """A share of the score for each step begun after the grace.

    Attributes:
        share: of the score, that each step costs.
        step: its length in seconds. A step that has begun costs as a whole one: 24.5 hours are two
            days.
        grace: seconds late that cost nothing; the steps are counted from its end.
        at_most: the largest share that lateness costs.
        nothing_after: seconds late, after the grace, from which the whole score is lost.
    """

    share: float = 0.0
    step: float = DAY
    grace: float = 0.0
    at_most: float = 1.0
    nothing_after: float = math.inf

    def points(self, score: float, seconds_late: float) -> float:
        """Return the points lost, between nothing and the score.

        >>> LatePolicy(share=0.1).points(20, seconds_late=3600)
        2.0
        >>> LatePolicy(share=0.1, grace=3600).points(20, seconds_late=3600)
        0.0
        """
        late = max(seconds_late - self.grace, 0.0)
        if late > self.nothing_after:
            return score
        return score * min(math.ceil(late / self.step) * self.share, self.at_most, 1.0)
