"""What cells show when they are run for a grader to see."""

import base64

import pytest
from needs import needs_sandbox

from autograder.notebooks.outputs import Budget, safe_outputs
from autograder.records import Submission, SubmittedCell
from autograder.running import Limits, Runner

pytestmark = needs_sandbox
TABLE = "class T:\n    def _repr_html_(self):\n        return '<table><td>1</td></table>'\nT()"
FIGURE = "import matplotlib.pyplot as plt\nplt.plot([1, 2, 3], [1, 4, 9])\nplt.title('x');"


def outputs(runner, *sources):
    cells = tuple(SubmittedCell("", "code", source, trusted=False) for source in sources)
    found = runner.outputs(Submission("ada", "ps", "nb", cells))
    return [safe_outputs(found.get(i), Budget()) for i in range(len(sources))]


def test_each_cell_shows_what_it_would_in_a_notebook(runner):
    sources = ["print('a')\n3", "4;", "1 / 0", TABLE, "import sys\nprint('w', file=sys.stderr)"]
    found = outputs(runner, *sources)
    assert [[(part.kind, part.text) for part in each.parts] for each in found] == [
        [("stdout", "a\n"), ("text", "3")],
        [],
        [("error", "ZeroDivisionError: division by zero (line 1)")],
        [("html", "<table><tbody><tr><td>1</td></tr></tbody></table>")],
        [("stderr", "w\n")],
    ]


def test_a_figure_is_a_picture(runner):
    (found,) = outputs(runner, FIGURE)
    (picture,) = found.parts
    assert picture.type == "image/png"
    assert len(base64.b64decode(picture.text)) > 5_000


@pytest.mark.slow
def test_what_is_too_large_is_left_out_and_costs_no_other_cell():
    hog = "from IPython.display import HTML\nHTML('x' * 6_000_000)"
    endless = "while True:\n    print('x' * 100)"
    with Runner(limits=Limits(cell_seconds=5)) as limited:
        first, second, third = outputs(limited, hog, "import os\n5", endless)
    assert "too large" in first.left_out_words
    assert second.parts[0].text == "5"
    assert third.parts == [] or third.parts[-1].kind in ("stdout", "error")


def test_what_ended_with_the_process_is_not_there(runner):
    first, second = outputs(runner, "6", "import os\nos._exit(0)")
    assert (first.parts[0].text, second.parts) == ("6", [])
