"""Outputs of a student's: what is shown of them, and what is left out and named."""

import base64
import json

import pytest
from course_builder import cell_of

from autograder.notebooks.large_file import without_outputs
from autograder.notebooks.marked import marked_page
from autograder.notebooks.matching import take_in
from autograder.notebooks.outputs import LONGEST_PICTURE, LONGEST_TEXT, Budget, safe_outputs
from autograder.records import CellMark, MarkedNotebook
from notebooks.marked_by_hand import SCHEME, master, released

PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n" + bytes(22)).decode()
JPEG = base64.b64encode(b"\xff\xd8\xff\xe0" + bytes(20)).decode()
SVG = "<svg onload='alert(1)'></svg>"


def display(**data):
    forms = {name.replace("__", "/"): value for name, value in data.items()}
    return {"output_type": "display_data", "metadata": {}, "data": forms}


def shown(*outputs, budget=None, **how):
    return safe_outputs(list(outputs), budget or Budget(), **how)


def only(found):
    (part,) = found.parts
    return part


@pytest.mark.parametrize(
    ("output", "word"),
    [
        (display(text__html="<script>alert(1)</script>"), "HTML"),
        ({"output_type": "display_data", "data": {"image/svg+xml": SVG}}, "SVG picture"),
        (display(application__javascript="alert(1)"), "script"),
        (display(image__png=base64.b64encode(SVG.encode()).decode()), "picture that is not a PNG"),
        (display(image__png="not base64!"), "picture that is not a PNG"),
        (display(image__png=PNG + "A" * LONGEST_PICTURE), "picture that is too large"),
        (display(text__html="<b>x</b>" * 10_000), "HTML that is too long"),
        (display(application__x="a"), "output of type application/x"),
        ({"output_type": "display_data", "data": {"<b>": "a"}}, "output of an odd type"),
        ({"output_type": "too_large"}, "the file is too large"),
    ],
)
def test_what_could_run_or_is_too_large_is_left_out_and_named(output, word):
    found = shown(output)
    assert found.parts == []
    assert word in found.left_out_words


def test_a_left_out_form_leaves_the_plain_text():
    found = shown(
        {"output_type": "display_data", "data": {"image/svg+xml": SVG, "text/plain": "3"}}
    )
    assert only(found).text == "3"
    assert found.left_out == {"SVG picture": 1}


@pytest.mark.parametrize(("data", "kind"), [(PNG, "image/png"), (JPEG, "image/jpeg")])
def test_a_picture_has_the_type_that_its_first_bytes_prove(data, kind):
    assert only(shown(display(image__png=f"{data}\n"))).type == kind


def test_html_loses_what_could_run_and_keeps_its_table():
    page = "<table onclick='x()'><tr><td>1</td></tr></table><img src=x onerror=x()>"
    text = only(shown(display(text__html=page))).text
    assert "<td>1</td>" in text
    assert "onclick" not in text
    assert "onerror" not in text


def test_a_formula_in_html_makes_no_link():
    part = only(shown(display(text__html=r"<p>$\hre&#102;{javascript:alert(1)}{x}$</p>")))
    assert r"\href" not in part.text


def test_a_link_in_markdown_leads_to_the_web_alone():
    part = only(shown(display(text__markdown=r"**b** [x](javascript\:alert(1)) <script>")))
    assert "**b**" in part.text
    assert "javascript:" not in part.text.replace("\\", "")
    assert "<script" not in part.text


def test_a_text_of_fifty_megabytes_is_cut():
    part = only(shown({"output_type": "stream", "text": "x" * 50 * 2**20}))
    assert len(part.text) <= LONGEST_TEXT
    assert part.text.endswith("(cut)")


def test_all_outputs_of_a_notebook_share_one_budget():
    budget = Budget(text=100)
    outputs = [{"output_type": "stream", "text": "x" * 60}] * 3
    found = shown(*outputs, budget=budget)
    assert sum(len(part.text) for part in found.parts) <= 100
    assert found.left_out_words == "Left out here: further text."


def test_the_words_of_an_error_are_shown():
    error = {"output_type": "error", "ename": "NameError", "evalue": "no x", "traceback": [3]}
    assert only(shown(error)).text == "NameError: no x"


def test_outputs_that_are_too_large_to_read_are_said_to_be_left_out():
    data = json.dumps({"cells": [{"outputs": ["x" * 1000]}]}).encode()
    (cell,) = json.loads(without_outputs(data))["cells"]
    assert "too large" in safe_outputs(cell["outputs"], Budget()).left_out_words


@pytest.fixture(scope="module")
def by_hand():
    return master()


def page_of(master, change=lambda _: None, *, waits=True, ran=()):
    """Return a marked notebook's cells; `change` is what the student did to the released one."""
    handed = released()
    change(handed)
    taken = take_in(json.dumps(handed).encode(), master, "ada")
    marks = (CellMark("plot", None if waits else 3.0, 3), CellMark("test", 1.0, 1))
    marked = MarkedNotebook("ada", "nb", marks, (), frozenset(), {}, {})
    return json.loads(marked_page(master, marked, taken, dict(ran)))


def save(handed, outputs):
    cell_of(handed, "plot")["outputs"] = outputs


def test_a_cell_marked_by_hand_shows_what_was_saved_and_says_so(by_hand):
    page = page_of(by_hand, lambda nb: save(nb, [display(image__png=PNG)]))
    words, picture = cell_of(page, "plot")["outputs"]
    assert words["data"]["text/plain"] == "Saved by the student, not from a run here:"
    assert picture["data"] == {"image/png": PNG}


def test_what_was_left_out_is_said_below(by_hand):
    page = page_of(by_hand, lambda nb: save(nb, [display(application__javascript="x()")]))
    (words,) = cell_of(page, "plot")["outputs"]
    assert words["data"]["text/plain"] == "Left out here: script."


def test_a_cell_marked_by_hand_comes_first_where_not_all_fits(by_hand):
    def much(handed):
        handed["cells"][1]["outputs"] = [display(image__png=PNG + "A" * 3_000_000)] * 5
        save(handed, [display(image__png=PNG)])

    page = page_of(by_hand, much)
    assert cell_of(page, "plot")["outputs"][1]["data"] == {"image/png": PNG}
    assert "too large" in page["cells"][1]["outputs"][-1]["data"]["text/plain"]


def test_no_outputs_are_shown_where_no_person_marks(by_hand):
    page = page_of(by_hand, lambda nb: save(nb, [display(image__png=PNG)]), waits=False)
    assert cell_of(page, "plot")["outputs"] == []


def test_what_a_run_showed_goes_before_what_was_saved(by_hand):
    place = next(i for i, cell in enumerate(by_hand.master.cells) if cell.grade_id == "plot")
    ran = {place: [{"output_type": "stream", "text": "from the run"}]}
    page = page_of(by_hand, lambda nb: save(nb, [display(image__png=PNG)]), ran=ran)
    words, text = cell_of(page, "plot")["outputs"]
    assert words["data"]["text/plain"] == "From a run here:"
    assert text["text"] == "from the run"


def test_a_plot_that_a_run_does_not_show_is_not_shown(by_hand):
    place = next(i for i, cell in enumerate(by_hand.master.cells) if cell.grade_id == "plot")
    page = page_of(by_hand, lambda nb: save(nb, [display(image__png=PNG)]), ran={place: []})
    (words,) = cell_of(page, "plot")["outputs"]
    assert words["data"]["text/plain"] == "Run here, it showed nothing."


def test_a_test_shows_its_mark_whatever_was_saved_with_it(by_hand):
    def forge(handed):
        cell_of(handed, "test")["outputs"] = [display(text__html="<p>100 of 1 points</p>")]

    (mark,) = cell_of(page_of(by_hand, forge), "test")["outputs"]
    assert mark["data"]["text/plain"] == "1.0"


def test_a_task_has_its_mark_scheme_for_the_grader_whatever_was_made_of_it(by_hand):
    def edited(handed):
        cell_of(handed, "task")["source"] = "Nothing to do."

    assert cell_of(page_of(by_hand, edited), "task")["source"] == f"Write it.\n{SCHEME}"
