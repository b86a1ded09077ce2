"""Notebooks as browsers and editors leave them: right answers keep their marks.

The programs are those of `notebooks/platforms.py`, and editors that write a BOM, CRLF or UTF-16.
"""

from __future__ import annotations

import codecs
import json
import shutil

import pytest
from click.testing import CliRunner
from course_builder import (
    ASSIGNMENT,
    RIGHT,
    answered,
    build_course,
    cell_of,
    checked,
    hand_in,
    notebook,
    released,
    solution,
    write,
)
from gradebook_rows import details, points
from needs import needs_sandbox
from notebooks.platforms import SAVED

from autograder.cli import main

pytestmark = pytest.mark.slow
PNG = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk"
    "+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def text_of(submission):
    return json.dumps(submission, indent=1, ensure_ascii=False)


ENCODINGS = {
    "bom": lambda text: codecs.BOM_UTF8 + text.encode(),
    "crlf": lambda text: text.replace("\n", "\r\n").encode(),
    "utf-16": lambda text: text.encode("utf-16"),
}


@pytest.fixture(scope="module")
def marked(generated_course, tmp_path_factory):
    """A class in which everybody but the last two is right, each in a form of her own."""
    root = shutil.copytree(generated_course, tmp_path_factory.mktemp("forms") / "course")
    submissions = {}
    for name, change in SAVED.items():
        submissions[name] = answered(released(root), RIGHT)
        for each in submissions[name].values():
            change(each)
    for name, encode in ENCODINGS.items():
        right = answered(released(root), RIGHT)
        submissions[name] = {
            stem: encode(text_of(submission)) for stem, submission in right.items()
        }
    submissions["a-comma"] = answered(released(root), RIGHT | {"sizes": "sizes = [26, 24, 9,248]"})
    submissions["a-picture"] = answered(
        released(root), RIGHT | {"why": "Look: ![mine](attachment:my%20gr%C3%B6%C3%9Fe.png)"}
    )
    why = cell_of(submissions["a-picture"]["1_sizes"], "why")
    why["attachments"] = {"my größe.png": {"image/png": PNG}}
    for student, notebooks in submissions.items():
        write(root / "submitted" / student / ASSIGNMENT, notebooks)
    run = CliRunner().invoke(main, ["--course", str(root), "grade", ASSIGNMENT])
    assert run.exit_code in (0, 1), run.output
    return root


@pytest.mark.parametrize("student", [*SAVED, *ENCODINGS])
def test_a_right_submission_has_its_points_whatever_wrote_it(marked, student):
    given = points(marked)
    found = [given[student, test] for test in ("test_sizes", "test_total", "test_half")]
    assert found == [3, 1, 2]


def test_a_number_with_a_comma_of_summary_is_named(marked):
    (text,) = [text for student, text in details(marked) if student == "a-comma"]
    assert "9,248 is two numbers in Python: write 9248" in text


def test_a_picture_with_a_space_and_a_letter_outside_ascii_stays(marked):
    CliRunner().invoke(main, ["--course", str(marked), "feedback", ASSIGNMENT])
    marked_paper = (marked / "autograded/a-picture" / ASSIGNMENT / "1_sizes.ipynb").read_text()
    page = (marked / "feedback/a-picture" / ASSIGNMENT / "1_sizes.html").read_text()
    assert PNG[:40] in marked_paper
    assert f"data:image/png;base64,{PNG[:40]}" in page


MODEL = """from tensorflow import keras
from tensorflow.keras import layers
model = keras.Sequential()
model.add(keras.Input((28, 28, 1)))
"""


@needs_sandbox
def test_an_old_spelling_of_keras_is_named_as_what_stopped_the_cell(tmp_path):
    """Keras 1 wrote `Convolution2D(32, 3, 3, border_mode="same")`, TensorFlow 1 `tf.layers`."""
    right = f"{MODEL}model.add(layers.Conv2D(32, 3, padding='same'))"
    test = (
        "from autograder import grade\nfrom stridewise import Network, layer\n"
        "conv = layer('Conv2D', filters=32, kernel_size=3, padding='same')\n"
        "grade(model, Network.sequential([conv], (28, 28, 1)), points=2)"
    )
    cells = [solution("model", "model = ...", right), checked("test_model", 2, test)]
    root = build_course(tmp_path / "course")
    shutil.rmtree(root / "solutions" / ASSIGNMENT)
    write(root / "solutions" / ASSIGNMENT, {"1_model": notebook(cells)})
    run = CliRunner().invoke(main, ["--course", str(root), "generate", ASSIGNMENT])
    assert run.exit_code == 0, run.output
    old = f"{MODEL}model.add(layers.Conv2D(32, 3, 3, border_mode='same'))"
    hand_in(root, "ada", {"model": old})
    CliRunner().invoke(main, ["--course", str(root), "grade", ASSIGNMENT, "--processes", "1"])
    ((_, text),) = details(root)
    assert "border_mode" in text
    assert "stopped with" in text
