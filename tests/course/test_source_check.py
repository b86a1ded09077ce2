"""Source notebooks that could be released but not marked are refused by name."""

import json

import pytest
from course_builder import ASSIGNMENT, build_course

from autograder.authoring.generate import generate
from autograder.course.course import CourseError, open_course


@pytest.fixture
def source(tmp_path):
    return build_course(tmp_path / "course") / "solutions" / ASSIGNMENT


def refused(source, words):
    with pytest.raises(CourseError, match=words) as caught:
        generate(open_course(source.parents[1]), ASSIGNMENT)
    return str(caught.value)


def changed(path, change):
    notebook = json.loads(path.read_text())
    change(notebook)
    path.write_text(json.dumps(notebook))


@pytest.mark.parametrize(
    "name", ["1_sizes-Copy1", "1_sizes (1)", "1_sizes_copy", "Copy of 1_sizes"]
)
def test_a_forgotten_copy_is_refused_by_name(source, name):
    (source / f"{name}.ipynb").write_bytes((source / "1_sizes.ipynb").read_bytes())
    assert f"{name}.ipynb" in refused(source, "looks like a forgotten copy")


def test_a_name_that_only_looks_like_a_copys_is_fine(source):
    (source / "1_sizes.ipynb").rename(source / "Part (1).ipynb")
    assert len(generate(open_course(source.parents[1]), ASSIGNMENT)) == 2


def test_a_doubled_id_is_named_with_its_notebook_and_cells(source):
    changed(source / "1_sizes.ipynb", lambda nb: nb["cells"].append(nb["cells"][3] | {"id": "x"}))
    words = refused(source, "same nbgrader id 'test_sizes'")
    assert words.startswith("1_sizes.ipynb: the cells 4, 6 have")


def test_another_language_is_refused_in_words(source):
    kernel = {"name": "ir", "language": "R", "display_name": "R"}
    changed(source / "2_total.ipynb", lambda nb: nb["metadata"].update(kernelspec=kernel))
    assert "2_total.ipynb is written in R" in refused(source, "only Python notebooks")


def test_nbgraders_whole_message_is_said(source):
    def without_an_end(nb):
        nb["cells"][2]["source"] = "### BEGIN SOLUTION\nsizes = 1"

    changed(source / "1_sizes.ipynb", without_an_end)
    words = refused(source, "could not generate")
    assert "SOLUTION" in words
    assert len(words.splitlines()) > 1
    assert "Traceback" not in words


def test_an_old_notebook_format_is_refused_with_what_to_do(source):
    def in_the_old_format(nb):
        nb["worksheets"] = [{"cells": nb.pop("cells")}]
        nb.update(nbformat=3, nbformat_minor=0)

    changed(source / "1_sizes.ipynb", in_the_old_format)
    words = refused(source, "1_sizes.ipynb is in nbformat 3")
    assert "nbformat 4" in words


def test_a_notebook_without_a_kernels_name_is_refused_in_words(source):
    def without_a_name(nb):
        nb["metadata"]["kernelspec"] = {"display_name": ".venv", "language": "python"}

    changed(source / "1_sizes.ipynb", without_a_name)
    refused(source, "1_sizes.ipynb does not name its kernel")


def test_what_jupyters_schema_does_not_allow_is_refused_with_its_place(source):
    changed(source / "1_sizes.ipynb", lambda nb: nb["cells"][1].update(source=7))
    refused(source, "1_sizes.ipynb is not a valid notebook: cells/1")


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda nb: nb["metadata"].update(kernelspec=None), id="no-kernelspec"),
        pytest.param(lambda nb: nb.update(metadata=None), id="no-metadata"),
    ],
)
def test_what_is_null_in_a_notebook_is_refused_in_words(source, change):
    changed(source / "1_sizes.ipynb", change)
    refused(source, "1_sizes.ipynb is not a valid notebook: metadata")


def test_a_notebook_without_a_kernelspec_is_fine(source):
    changed(source / "1_sizes.ipynb", lambda nb: nb["metadata"].pop("kernelspec"))
    assert len(generate(open_course(source.parents[1]), ASSIGNMENT)) == 2
