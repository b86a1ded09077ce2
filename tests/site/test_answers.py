"""What the pages of the site ask of Python, asked here."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from autograder.site.answers import number_typed, reply, shape_typed


def ask(**request):
    return json.loads(reply(json.dumps(request)))


CONVOLUTION = {
    "topic": "size",
    "input_shape": [9, 9, 1],
    "layers": [{"type": "Conv2D", "name": "conv2d", "filters": 4, "kernel_size": [3, 3]}],
    "asks": [{"label": "side", "right": 7}],
}


def test_it_needs_neither_numpy_nor_traitlets_nor_tensorflow():
    code = (
        "import sys, autograder.site.answers; "
        "print([n for n in ('numpy', 'traitlets', 'anywidget', 'tensorflow') if n in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_network_in_lines_gives_keras_rows():
    found = ask(ask="network", text="Conv2D(32, 3)\nFlatten()\nDense(10)", input_shape=[28, 28, 1])
    assert found["rows"][0] == ["conv2d", "Conv2D", "(None, 26, 26, 32)", 320]
    assert found["total"] == 320 + 216_330


def test_a_line_that_is_no_layer_is_named():
    found = ask(ask="network", text="Conv2D(32, 3)\nConv9D(1)", input_shape=[28, 28, 1])
    assert found["problem"].startswith("line 2:")


def test_a_comparison_names_the_idea_and_escapes_what_was_typed():
    shapes = ["25, 25, 32", "23, 23, 32", "21, 21, 32", "<b>", "", ""]
    found = ask(ask="compare", lesson="valid", shapes=shapes, parameters=[""] * 6)
    assert "differs" in found["html"]
    assert "<b>&" not in found["html"]
    assert "&lt;b&gt;" in found["html"]


def test_usual_wrong_answers_come_with_their_idea_and_are_wrong():
    found = ask(ask="wrong", question=CONVOLUTION)["wrong"]
    assert [6] in [each["answer"] for each in found]
    assert all(each["answer"] != [7] and each["idea"] for each in found)


def test_advice_is_that_of_the_lessons():
    answer = {**CONVOLUTION, "asks": ["side"], "answer": [6], "correct": False, "number": 3}
    limits = {
        "level": 1,
        "topics": ["size"],
        "paddings": ["valid"],
        "max_strides": 1,
        "avoid_sizes": [7, 14],
    }
    found = ask(ask="advise", answers=[answer], limits=limits)
    assert found["diagnosis"]["number"] == 3
    assert found["diagnosis"]["workings"] == [["side", "9 - 3 = 6", "9 - 3 + 1 = 7"]]
    assert found["next_item"]["number"] == 4
    assert found["ideas"] == {"asked": 1, "ideas": {}}  # no idea fits alone yet
    known = {"asked": 3, "ideas": {"forgets_plus_one": {"step": 1, "due": 0}, "x": 1}}
    right = answer | {"answer": [7], "correct": True}
    later = ask(ask="advise", answers=[right], limits=limits, ideas=known)
    assert later["ideas"]["ideas"] == {"forgets_plus_one": {"step": 2, "due": 13}}
    assert len(later["shown"]["open"]) == 1
    assert later["beginning"]["padding"] == "valid"  # the first question of the next visit
    assert ask(ask="ideas", ideas=known)["shown"]["open"] == ["The size is the number of steps."]


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("26, 26, 32", (None, 26, 26, 32)),
        ("(None, 26, 26, 32)", (None, 26, 26, 32)),
        ("128", (None, 128)),
        ("", ...),
        ("26 x 26", "26 x 26"),
        ("__import__('os')", "__import__('os')"),
    ],
)
def test_a_shape_is_read_as_it_is_typed(typed, value):
    assert shape_typed(typed) == value


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("(3*3*1 + 1)*32", 320),
        ("9,248", 9_248),
        (" ", ...),
        ("9**9**9", "9**9**9"),
        ("1//0", "1//0"),
        ("3.5", "3.5"),
        ("len('x')", "len('x')"),
    ],
)
def test_a_count_is_a_number_or_arithmetic_and_nothing_else(typed, value):
    assert number_typed(typed) == value
