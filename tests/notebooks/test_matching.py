import json

import nbformat
import pytest
from course_builder import RIGHT, WRONG, answered, cell_of, given, released
from nbgrader.utils import compute_checksum

from autograder.course.files import RefusedFileError
from autograder.notebooks.matching import take_in

HONEST = RIGHT | {"why": "Each convolution loses two."}


@pytest.fixture
def notebook(generated_course):
    """A well-answered first notebook, to be changed."""
    return answered(released(generated_course), HONEST)["1_sizes"]


@pytest.fixture
def taken(masters):
    """Take in a notebook of the tiny course."""

    def take(notebook):
        data = notebook if isinstance(notebook, bytes) else json.dumps(notebook).encode()
        return take_in(data, masters["1_sizes"], "adam")

    return take


def codes(taken):
    return [finding.code for finding in taken.submission.findings]


def test_an_honest_notebook_gives_no_finding(taken, notebook):
    assert codes(taken(notebook)) == []


def test_cells_of_the_students_own_are_kept_in_their_place(taken, notebook):
    notebook["cells"].insert(2, given("extra = 1"))
    cells = taken(notebook).submission.cells
    assert cells[2].source == "extra = 1"
    assert not cells[2].trusted
    assert codes(taken(notebook)) == []


def test_what_an_editor_changes_by_itself_is_no_finding(taken, notebook):
    cell_of(notebook, "test_sizes")["source"] = "len('form')  \n"
    notebook["metadata"] = {"colab": {"name": "1_sizes"}}
    for cell in notebook["cells"]:
        cell.pop("id")
    assert codes(taken(notebook)) == []


def test_a_given_cell_that_the_student_changed_is_no_longer_trusted(taken, notebook):
    notebook["cells"][1]["source"] = "start = 29"
    assert [c.trusted for c in taken(notebook).submission.cells][:2] == [True, False]


def test_an_answer_is_never_trusted(taken, notebook, generated_course):
    blank = released(generated_course)["1_sizes"]
    for each in (notebook, blank):
        assert not cell_of_taken(taken(each), "sizes").trusted


def cell_of_taken(taken, grade_id):
    (cell,) = [c for c in taken.submission.cells if c.grade_id == grade_id]
    return cell


def test_no_hidden_test_is_put_beside_student_code(taken, notebook):
    assert not any("grade(" in cell.source for cell in taken(notebook).submission.cells)


def test_an_edited_test_is_restored(taken, notebook):
    cell_of(notebook, "test_sizes")["source"] = "3.0"
    assert cell_of_taken(taken(notebook), "test_sizes").source == "len('form')"
    assert codes(taken(notebook)) == ["edited"]


def test_a_notebook_of_an_earlier_release_is_no_edited_one(taken, notebook):
    """The instructor changed the test and its points after it was handed out."""
    cell = nbformat.from_dict(cell_of(notebook, "test_sizes"))
    cell["source"] = "assert sizes"
    cell.metadata.nbgrader.points = 7
    cell.metadata.nbgrader.checksum = compute_checksum(cell)
    cell_of(notebook, "test_sizes").update(cell)
    assert codes(taken(notebook)) == ["earlier"]
    assert cell_of_taken(taken(notebook), "test_sizes").source == "len('form')"
    cell_of(notebook, "test_sizes")["source"] = "3.0"
    assert codes(taken(notebook)) == ["edited", "points"]


@pytest.mark.parametrize("points", [None, "many", [1]])
def test_labels_that_fit_no_checksum_are_edited(taken, notebook, points):
    cell_of(notebook, "test_sizes")["metadata"]["nbgrader"]["points"] = points
    assert codes(taken(notebook)) == ["points"]


def test_a_retyped_cell_gets_its_type_back_and_keeps_the_answer(taken, notebook):
    for grade_id in ("sizes", "test_sizes"):
        cell_of(notebook, grade_id)["cell_type"] = "markdown"
    cell = cell_of_taken(taken(notebook), "sizes")
    assert (cell.cell_type, cell.source) == ("code", RIGHT["sizes"])
    assert codes(taken(notebook)) == ["retyped", "retyped"]


def test_of_a_copied_cell_the_last_one_counts_and_both_are_run(taken, notebook):
    copied = json.loads(json.dumps(cell_of(notebook, "sizes")))
    copied["source"] = "sizes = [1]"
    notebook["cells"].insert(0, copied)
    cells = taken(notebook).submission.cells
    assert (cells[0].grade_id, cells[0].source) == ("", "sizes = [1]")
    assert cell_of_taken(taken(notebook), "sizes").source == RIGHT["sizes"]
    assert codes(taken(notebook)) == ["copied"]


def test_a_deleted_test_is_added_again_at_the_end(taken, notebook):
    notebook["cells"].remove(cell_of(notebook, "test_sizes"))
    result = taken(notebook)
    assert result.submission.cells[-1].grade_id == "test_sizes"
    assert result.missing == {"test_sizes"}
    assert codes(result) == ["missing"]


def test_a_deleted_answer_is_not_replaced_by_its_placeholder(taken, notebook):
    cell_of(notebook, "sizes")["metadata"] = {}
    cell_of(notebook, "test_sizes")["id"] = notebook["cells"][2]["id"] = "other"
    result = taken(notebook)
    assert "sizes = ..." not in "".join(c.source for c in result.submission.cells)
    assert codes(result) == ["missing"]


@pytest.mark.parametrize("grade_id", ["sizes", "test_sizes", "why"])
def test_a_cell_that_lost_its_label_is_found_again_by_its_id(taken, notebook, grade_id):
    source = cell_of(notebook, grade_id)["source"]
    cell_of(notebook, grade_id)["metadata"] = {}
    result = taken(notebook)
    assert cell_of_taken(result, grade_id).source.strip() == "".join(source).strip()
    assert codes(result) == ["relabelled"]


def test_a_test_without_label_and_id_is_found_by_its_text(taken, notebook):
    cell_of(notebook, "test_sizes").update(id="new", metadata={"nbgrader": {"grade_id": "mine"}})
    result = taken(notebook)
    assert [c.grade_id for c in result.submission.cells].count("test_sizes") == 1
    assert not result.missing


def test_points_and_flags_are_the_masters(taken, notebook):
    cell_of(notebook, "test_sizes")["metadata"]["nbgrader"].update(points=300)
    cell_of(notebook, "sizes")["metadata"]["nbgrader"].update(solution=False, grade=True)
    assert codes(taken(notebook)) == ["relabelled", "points"]


def test_a_tag_on_a_test_is_noticed(taken, notebook):
    cell_of(notebook, "test_sizes")["metadata"]["tags"] = ["skip-execution"]
    assert codes(taken(notebook)) == ["tagged"]


def test_another_order_is_noticed(taken, notebook):
    notebook["cells"].reverse()
    assert codes(taken(notebook)) == ["reordered"]


def test_an_old_format_is_read_all_the_same(taken):
    cells = [
        {"cell_type": "code", "language": "python", "input": RIGHT["sizes"], "outputs": []},
        {"cell_type": "heading", "level": 1, "source": ["Sizes"]},
    ]
    old = {"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": [{"cells": cells}]}
    result = taken(old)
    assert result.submission.cells[0].source == RIGHT["sizes"]
    assert "format" in codes(result)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        pytest.param(b"", "not_json", id="empty"),
        pytest.param(b"\xff\xfe\x00garbage", "not_json", id="bytes"),
        pytest.param(b'{"cells": [', "not_json", id="cut-short"),
        pytest.param(b"[" * 200_000, "too_deep", id="unclosed-and-deep"),
        pytest.param(b"[" * 200_000 + b"]" * 200_000, "too_deep", id="deep"),
        pytest.param(b'{"nbformat": 9, "cells": []}', "format", id="format-9"),
        pytest.param(b'{"nbformat": ' + b"9" * 4000 + b"}", "format", id="format-huge"),
        pytest.param(b'{"nbformat": ' + b"9" * 5000 + b"}", "not_json", id="digits"),
        pytest.param(b'{"nbformat": true, "cells": []}', "not_a_notebook", id="format-bool"),
        pytest.param(b'[{"nbformat": 4}]', "not_a_notebook", id="list"),
        pytest.param(b"null", "not_a_notebook", id="null"),
        pytest.param(b'{"nbformat": 4, "cells": {}}', "cells", id="cells-dict"),
        pytest.param(b'{"nbformat": 3, "worksheets": [3]}', "cells", id="worksheets"),
        pytest.param(b'{"nbformat": 4, "cells": [' + b"0," * 3000 + b"0]}", "cells", id="many"),
    ],
)
def test_what_is_no_notebook_is_refused_in_words(taken, data, code):
    with pytest.raises(RefusedFileError) as caught:
        taken(data)
    assert caught.value.code == code
    assert len(str(caught.value)) > 20


def test_more_text_than_anyone_writes_is_refused(taken, notebook):
    notebook["cells"].append(given("#" * 3_000_000))
    with pytest.raises(RefusedFileError, match="million characters"):
        taken(notebook)


def test_cells_that_are_none_are_left_out(taken, notebook):
    bad = [None, 3, {}, {"cell_type": "code"}, {"cell_type": "x", "source": ""}, given(["a", 1])]
    notebook["cells"] += bad
    result = taken(notebook)
    assert len(result.submission.cells) == 5
    assert codes(result) == ["bad_cell"]


def test_a_lone_surrogate_can_be_written_afterwards(taken, notebook):
    cell_of(notebook, "why")["source"] = "\ud800"
    assert cell_of_taken(taken(notebook), "why").source == "?"


def test_findings_stay_short_whatever_a_student_does(taken, notebook):
    cell = cell_of(notebook, "test_sizes")
    cell["metadata"]["tags"] = ["x" * 100_000]
    cell["source"] = "x" * 100
    cell["metadata"]["nbgrader"].update(points="9" * 100_000, locked="yes" * 10_000)
    notebook["cells"] += [
        json.loads(json.dumps(cell)) for _ in range(500)
    ]  # the last of them counts
    result = taken(notebook)
    assert len(result.submission.findings) <= 13
    assert sum(len(f.message) for f in result.submission.findings) < 2000


def test_a_later_label_does_not_take_an_honest_cells_place(taken, notebook):
    fake = given("sizes = [9]")
    fake["metadata"] = {"nbgrader": {"grade_id": ["test_sizes"], "grade": True}}
    notebook["cells"].append(fake)
    assert taken(notebook).submission.cells[-1].grade_id == ""


def test_wrong_answers_are_no_finding(taken, generated_course):
    assert codes(taken(answered(released(generated_course), WRONG)["1_sizes"])) == []
