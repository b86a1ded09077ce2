import ast
import json
import os
import re
import shutil
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbgrader.apps.api import NbGraderAPI
from nbgrader.coursedir import CourseDirectory
from nbgrader.validator import Validator
from traitlets.config import Config
from traitlets.config.loader import PyFileConfigLoader

ROOT = Path(__file__).parents[1]
FIRST = "padding_and_stride"
NAMES = sorted(f"{p.parent.name}/{p.stem}" for p in (ROOT / "solutions").glob("*/*.ipynb"))
ASSIGNMENTS = sorted({name.partition("/")[0] for name in NAMES})
ENV = {"STRIDEWISE_DIGITS": "1", "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
FOLDERS = ("solutions", "lessons")
each_lesson = pytest.mark.parametrize("name", NAMES)
each_notebook = pytest.mark.parametrize(
    "path", [f"{folder}/{name}" for folder in FOLDERS for name in NAMES]
)
each_assignment = pytest.mark.parametrize("assignment", ASSIGNMENTS)


def read(path):
    return nbformat.read(ROOT / f"{path}.ipynb", as_version=4)


def lesson(name):
    return read(f"lessons/{name}")


def solution(name):
    return read(f"solutions/{name}")


def nbgrader_of(cell):
    return cell.metadata.get("nbgrader", {})


def region(source, mark):
    found = re.search(rf"### BEGIN {mark}\n(.*?)\s*### END {mark}", source, re.DOTALL)
    return found[1] if found else ""


def headings(notebook):
    texts = (cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    without_code = (re.sub(r"```.*?```", "", text, flags=re.DOTALL) for text in texts)
    found = re.findall(r"^(#+) (.*)$", "\n".join(without_code), re.MULTILINE)
    return [(len(marks), text) for marks, text in found]


@pytest.fixture(scope="module")
def generated(tmp_path_factory):
    course = tmp_path_factory.mktemp("course")
    shutil.copy(ROOT / "nbgrader_config.py", course)
    shutil.copytree(ROOT / "solutions", course / "solutions")
    config = PyFileConfigLoader("nbgrader_config.py", path=str(course)).load_config()
    config.CourseDirectory.root = str(course)
    nbgrader = NbGraderAPI(CourseDirectory(config=config), config=config)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", ENV["PATH"])  # nbgrader calls alembic
        for assignment in ASSIGNMENTS:
            assert nbgrader.generate_assignment(assignment, create=True)["success"]
    return course / "lessons"


@each_assignment
def test_the_lessons_are_what_nbgrader_generates(generated, assignment):
    ours, fresh = ROOT / "lessons" / assignment, generated / assignment
    assert sorted(p.name for p in ours.iterdir()) == sorted(p.name for p in fresh.iterdir())
    for path in fresh.glob("*.ipynb"):
        assert json.loads((ours / path.name).read_text()) == json.loads(path.read_text()), path.name


def test_there_are_the_lessons_that_are_promised():
    assert ASSIGNMENTS == [FIRST, "pooling_and_dilation"]
    assert len(NAMES) == 5


@each_lesson
def test_a_lesson_holds_no_marks_of_the_instructor(name):
    text = (ROOT / "lessons" / f"{name}.ipynb").read_text()
    for mark in ("BEGIN SOLUTION", "HIDDEN TESTS", "MARK SCHEME", "autograder"):
        assert mark not in text


@each_lesson
def test_a_lesson_holds_no_line_of_a_solution_or_hidden_test(name):
    shown = {cell.id: cell.source for cell in lesson(name).cells}
    for cell in solution(name).cells:
        hidden = region(cell.source, "SOLUTION") + region(cell.source, "HIDDEN TESTS")
        for line in filter(None, map(str.strip, hidden.splitlines())):
            assert len(line) < 3 or line not in shown[cell.id]  # a bracket alone is in every cell


@each_lesson
def test_a_lesson_shows_no_number_that_is_asked_for(name):
    text = "\n".join(cell.source for cell in lesson(name).cells)
    asked = ("15488", "25088", "2002698", "3231498", "85770", "9248", "1982592")
    for number in (*asked, "4640", "5130", "9930", "1568", "15690", "16938"):
        assert number not in re.sub("[,_]", "", text)


@each_lesson
def test_a_lesson_is_stored_without_outputs(name):
    for cell in lesson(name).cells:
        if cell.cell_type == "code":
            assert (cell.outputs, cell.execution_count) == ([], None)


@each_notebook
def test_cells_are_under_fifteen_lines(path):
    for cell in read(path).cells:
        assert cell.source.count("\n") + 1 < 15, cell.id


@each_lesson
def test_headings_begin_with_one_title_and_skip_no_level(name):
    levels = [level for level, _ in headings(lesson(name))]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


@each_lesson
def test_the_contents_lead_to_every_section(name):
    notebook = lesson(name)
    links = re.findall(r"\]\(#(.*?)\)", notebook.cells[0].source)
    sections = [text.replace(" ", "-") for level, text in headings(notebook) if level == 2]
    assert [link for link in links if link not in sections] == []
    assert [section for section in sections if section not in links] == []


@each_notebook
def test_links_between_lessons_lead_somewhere(path):
    for cell in read(path).cells:
        for target in re.findall(r"\]\(([^#:)]+)\)", cell.source):
            assert ((ROOT / path).parent / target).exists()


@each_lesson
def test_every_picture_has_alternative_text(name):
    pictures = 0
    for cell in solution(name).cells:
        assert not re.search(r"pyplot|plot_model|!\[\]", cell.source)
        for output in cell.get("outputs", ()):
            data = output.get("data", {})
            assert not any(kind.startswith("image/") for kind in data)
            for image in re.findall(r"<img[^>]*>", data.get("text/html", "")):
                pictures += 1
                assert re.search(r'alt="[^"]{20,}"', image)
    drawn = {"1_padding": 5, "2_stride": 2, "3_compare": 1, "1_pooling_and_dilation": 4}
    assert pictures == drawn.get(name.partition("/")[2], 0)


@each_lesson
def test_every_answer_has_its_check(name):
    names = {
        nbgrader_of(cell)["grade_id"]: cell for cell in solution(name).cells if nbgrader_of(cell)
    }
    graded = {grade_id for grade_id, cell in names.items() if nbgrader_of(cell).get("points")}
    answers = {key for key, cell in names.items() if nbgrader_of(cell)["solution"]} - graded
    assert {f"test_{answer}" for answer in answers - {"your_model"}} == {
        grade_id for grade_id in graded if grade_id.startswith("test_")
    }
    assert all(cell.id == grade_id for grade_id, cell in names.items())


def test_the_first_assignment_is_worth_a_hundred_points():
    names = [name for name in NAMES if name.startswith(FIRST)]
    points = [nbgrader_of(cell).get("points", 0) for name in names for cell in solution(name).cells]
    assert sum(points) == 100


@each_lesson
def test_a_full_solution_earned_every_point_where_it_was_stored(name):
    for cell in solution(name).cells:
        if cell.id.startswith("test_"):
            marks = [
                o.data["text/plain"] for o in cell.outputs if o.output_type == "execute_result"
            ]
            assert marks == [str(float(nbgrader_of(cell)["points"]))], cell.id


@each_lesson
def test_answers_are_plain_enough_to_be_read_without_running(name):
    for cell in solution(name).cells:
        info = nbgrader_of(cell)
        if info.get("solution") and cell.cell_type == "code":
            for node in ast.walk(ast.parse(cell.source)):
                assert not isinstance(node, (ast.Import, ast.Lambda, ast.ClassDef, ast.With))


@pytest.fixture
def quiet_digits(monkeypatch):
    for key, value in ENV.items():
        monkeypatch.setenv(key, value)


@pytest.mark.slow
@pytest.mark.usefixtures("quiet_digits")
@each_lesson
def test_a_lesson_runs_unanswered_from_top_to_bottom(name, monkeypatch):
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")  # a short training
    notebook = lesson(name)
    NotebookClient(notebook, timeout=120).execute()  # raises at the first error
    for cell in notebook.cells:
        for output in cell.get("outputs", ()):
            assert output.get("name") != "stderr", output
    checks = [cell for cell in notebook.cells if cell.id.startswith("test_")]
    assert all("not answered yet" in cell.outputs[0].text for cell in checks)


def validate(folder, name, answers):
    notebook = lesson(name)
    for cell in notebook.cells:
        cell.source = answers.get(nbgrader_of(cell).get("grade_id"), cell.source)
    path = folder / f"{Path(name).name}.ipynb"
    nbformat.write(notebook, path)
    patient = Config({"Execute": {"timeout": 300}})  # a busy machine imports Keras slowly
    failed = Validator(config=patient).validate(str(path)).get("failed", [])
    said = {cell["source"]: " ".join(cell["raw_error"].split()) for cell in failed}
    return {source.split('"')[1]: error for source, error in said.items() if '"' in source}


@pytest.mark.slow
@pytest.mark.usefixtures("quiet_digits")
@each_lesson
def test_validating_an_unanswered_lesson_says_what_is_missing(name, tmp_path):
    failed = validate(tmp_path, name, {})
    checks = [cell.id for cell in lesson(name).cells if cell.id.startswith("test_")]
    asked = [check.removeprefix("test_") for check in checks]
    assert failed == {answer: f"FormError: {answer}: not answered yet." for answer in asked}


ILL_FORMED = {
    "corrected_sizes": ("[14.5, 7, 4]", "row 1: 14.5 has a decimal point; write a whole number."),
    "stride_zeros": ("[1, 1, 1]", "write 3 pairs: [(2, 3), ...]; row 1: 1 is not a pair."),
    "stride_shapes": ("[(14, 14, 32)]", "1 row, but 6 are asked for."),
    "stride_parameters": (
        "'320, 9248'",
        "'320, 9248' is not a list; put square brackets around it.",
    ),
    "stride_model": ("keras.Sequential([Flatten()])", "the model does not know its input; put"),
    "pivot_sizes": ("[True, 14]", "row 1: True is True or False; write a whole number."),
    "chosen_layer": ("Conv2D", "Conv2D is a class; give it its arguments in brackets."),
}
WRONG = {
    "output_size": "def output_size(size, kernel_size, strides, padding):\n    return 7",
    "corrected_sizes": "corrected_sizes = (1, 1, 1)",
    "stride_zeros": "stride_zeros = [[9, 9]] * 3",
    "stride_shapes": "stride_shapes = np.array([(None, 5)] * 6, dtype=object)",
    "stride_parameters": "stride_parameters = [np.int64(5)] * 6",
    "stride_model": "stride_model = keras.Sequential([keras.Input((3,)), Dense(2)])",
    "pivot_sizes": "pivot_sizes = [0, 0]",
    "chosen_layer": "chosen_layer = {'filters': 3, 'kernel_size': 1}",
}


@pytest.mark.slow
@pytest.mark.usefixtures("quiet_digits")
def test_validating_an_ill_formed_lesson_says_what_to_write(tmp_path):
    answers = {name: f"{name} = {value}" for name, (value, _) in ILL_FORMED.items()}
    failed = validate(tmp_path, f"{FIRST}/2_stride", WRONG | answers)
    assert failed.keys() == ILL_FORMED.keys()
    for name, (_, message) in ILL_FORMED.items():
        assert failed[name].startswith(f"FormError: {name}: {message}")


@pytest.mark.slow
@pytest.mark.usefixtures("quiet_digits")
def test_validating_right_forms_passes_even_with_wrong_numbers(tmp_path):
    assert validate(tmp_path, f"{FIRST}/2_stride", WRONG) == {}


def compared(notebook):
    """Give the code cells that nbval compares, and all of them."""
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    ignored = {"nbval-ignore-output", "nbval-skip"}
    return [cell for cell in cells if not ignored & set(cell.metadata.get("tags", ()))], cells


def test_nearly_every_cell_is_compared_with_its_stored_output():
    counts = [map(len, compared(solution(name))) for name in NAMES]
    some, every = map(sum, zip(*counts, strict=True))
    assert some / every > 0.9


@pytest.mark.slow
@each_assignment
def test_the_solutions_give_their_stored_outputs_again(assignment):
    command = [sys.executable, "-m", "pytest", "-q", "--nbval", "--nbval-current-env"]
    command += ["--nbval-cell-timeout=120", "--nbval-sanitize-with=tests/nbval_sanitize.cfg"]
    ran = subprocess.run(
        [*command, f"solutions/{assignment}"],
        cwd=ROOT,
        env=os.environ | ENV,
        capture_output=True,
        text=True,
        check=False,
    )
    names = [name for name in NAMES if name.startswith(f"{assignment}/")]
    cells = sum(len(compared(solution(name))[1]) for name in names)
    assert f"{cells} passed" in ran.stdout, ran.stdout[-3000:]
    assert ran.returncode == 0
