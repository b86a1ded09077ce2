"""Writing assignments: the cells of a question from one call, and checks before the release.

>>> from autograder.authoring import network_question
>>> question = network_question("edges", ["Conv2D(8, 3)", "Flatten()"], input_shape=(28, 28, 1))
>>> question.name
'edges'
"""

from autograder.authoring.network_questions import network_question
from autograder.authoring.questions import (
    Question,
    names_of,
    new_notebook,
    plain_question,
    with_question,
)

__all__ = [
    "Question",
    "names_of",
    "network_question",
    "new_notebook",
    "plain_question",
    "with_question",
]
