"""The wrong rules that people use for shapes and parameters, each as a rule that predicts answers.

A rule is not a verdict on a person: most are nearly right. `evidence` says where each was seen, if
it was.

>>> from stridewise import lesson_network
>>> rule("forgets_plus_one").predict(lesson_network("valid")).shapes[:3]
((None, 25, 25, 32), (None, 22, 22, 32), (None, 19, 19, 32))
"""

from __future__ import annotations

from .chain import Prediction
from .count_rules import COUNT_RULES
from .layer_rules import LAYER_RULES
from .map_rules import MAP_RULES
from .misconception import Misconception
from .size_rules import SIZE_RULES

__all__ = ["RULES", "Misconception", "Prediction", "rule"]

RULES: tuple[Misconception, ...] = (*SIZE_RULES, *LAYER_RULES, *MAP_RULES, *COUNT_RULES)

_BY_ID = {each.id: each for each in RULES}


def rule(rule_id: str) -> Misconception:
    """Return the wrong rule of that id.

    Raises:
        KeyError: There is none.
    """
    return _BY_ID[rule_id]
