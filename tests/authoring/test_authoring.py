import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

import stridewise
from autograder import grade
from autograder.authoring import names_of, network_question, new_notebook, plain_question
from autograder.authoring import with_question as added
from autograder.authoring.generate import generate
from autograder.cli import main
from autograder.course.course import open_course
from stridewise import Network, layer, lesson_network
from stridewise.layer_lines import layer_lines, read_layer
from stridewise.misconceptions import rule

ROOT = Path(__file__).parents[2]
POOLED = (
    "Conv2D(16, kernel_size=(3, 3), activation='relu')",
    "MaxPooling2D(pool_size=(3, 3))",
    "Conv2D(32, kernel_size=(3, 3), padding='same', activation='relu')",
    "MaxPooling2D(pool_size=(2, 2))",
    "Flatten()",
    "Dense(10, activation='softmax')",
)
DILATED = ("Conv2D(8, 3)", "Conv2D(8, 3, dilation_rate=2)", "Conv2D(8, 3, dilation_rate=4)")
ASKED = ("shapes", "parameters", "model")


def pooled(**options):
    return network_question("pooled", POOLED, (28, 28, 1), **options)


def sources(question):
    return {cell["id"]: cell["source"] for cell in question.cells}


def marks(question, answers=()):
    """Run the question's cells as stock nbgrader does: beside the answers, in one namespace."""
    import keras

    from autograder.exam.checks import Mark

    names = {"keras": keras, **vars(keras.layers)}
    names |= {
        "stridewise": stridewise,
        "check_form": stridewise.check_form,
        "compare": stridewise.compare,
    }
    found = {}
    for cell in question.cells:
        if cell["cell_type"] == "code":
            source = dict(answers).get(cell["id"], cell["source"])
            *lines, last = re.split(r"\n(?=grade\()", source.replace("\n### END HIDDEN TESTS", ""))
            exec("\n".join(lines), names)  # noqa: S102 - our own cells
            value = eval(last, names) if lines else exec(last, names)  # noqa: S102, S307 - our own
            if isinstance(value, Mark):
                found[cell["id"]] = value
    return found


def test_a_question_about_a_network_has_every_cell_that_a_lesson_needs():
    ids = [cell["id"] for cell in pooled().cells]
    answers = [f"pooled_{asked}" for asked in ASKED]
    assert {*answers, *(f"test_{answer}" for answer in answers), "pooled_compare"} <= set(ids)
    assert len(set(ids)) == len(ids) == 12


def test_the_right_answers_earn_every_point():
    question = pooled(points=4)
    worth = {
        cell["id"]: cell["metadata"]["nbgrader"].get("points")
        for cell in question.cells
        if cell["id"].startswith("test_")
    }
    assert set(worth.values()) == {4}
    assert {name: float(mark) for name, mark in marks(question).items()} == worth


def test_an_unanswered_question_earns_nothing():
    question = pooled()
    blank = {f"pooled_{asked}": f"pooled_{asked} = ..." for asked in ASKED}
    assert {float(mark) for mark in marks(question, blank).values()} == {0}


def test_parameters_that_follow_from_her_own_shapes_keep_their_points():
    slip = "pooled_shapes = [..., ..., ..., (None, 5, 5, 32), (None, 800), (None, 10)]"
    counts = "pooled_parameters = [160, 0, 4640, 0, 0, (800 + 1) * 10]"
    answers = {"pooled_shapes": slip, "pooled_parameters": counts}
    found = marks(pooled(), answers)
    assert found["test_pooled_parameters"] == 6
    assert marks(pooled(), {"pooled_parameters": counts})["test_pooled_parameters"] == 5


def test_what_a_student_sees_holds_no_number_that_is_asked_for():
    shown = "\n".join(text.partition("### BEGIN")[0] for text in sources(pooled()).values())
    assert "26" not in shown
    assert "4640" not in shown


def test_the_cells_are_nbgraders_and_the_notebook_is_valid():
    notebook = added(new_notebook("Pools"), pooled())
    nbformat.validate(nbformat.from_dict(notebook))
    for cell in notebook["cells"]:
        info = cell["metadata"].get("nbgrader")
        assert info is None or (info["schema_version"], info["grade_id"]) == (3, cell["id"])


def test_a_question_brings_its_imports_and_its_place_in_the_contents():
    notebook = added(new_notebook("Pools"), pooled(title="A network that pools"))
    notebook = added(notebook, network_question("other", ["Dense(3)", "Dropout(0.5)"], (6,)))
    texts = {cell["id"]: cell["source"] for cell in notebook["cells"]}
    line = "from keras.layers import Conv2D, Dense, Dropout, Flatten, MaxPooling2D"
    assert line in texts["imports"].splitlines()
    assert texts["title"].endswith("(#A-network-that-pools)\n- [Other](#Other)")


def test_a_name_that_is_in_the_notebook_is_refused_and_nothing_is_changed():
    notebook = added(new_notebook("Pools"), pooled())
    before = json.dumps(notebook)
    with pytest.raises(ValueError, match="pooled_shapes"):
        added(notebook, network_question("pooled", DILATED, (28, 28, 1)))
    with pytest.raises(ValueError, match="the notebook already has pooled_model"):
        added(notebook, plain_question("pooled_model", 3, "How many?"))
    assert json.dumps(notebook) == before


@pytest.mark.parametrize("name", ["2d", "my-net", "class", "_x", "", "a b", "__import__('os')"])
def test_a_name_that_is_no_name_is_refused(name):
    with pytest.raises(ValueError, match="cannot be the name"):
        network_question(name, ["Dense(3)"], (6,))


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("__import__('os').system('touch seen')", id="a-call-of-another-kind"),
        pytest.param("Conv2D(open('seen', 'w'), 3)", id="a-call-as-an-argument"),
        pytest.param("Conv2D(8, 3, **{'strides': 2})", id="a-dict-unpacked"),
        pytest.param("Conv2D(8, *[3])", id="a-list-unpacked"),
        pytest.param("Conv2D", id="no-call"),
        pytest.param("Conv2D(8, 3", id="no-python"),
        pytest.param("Conv2D(8, 3); Dense(3)", id="two"),
        pytest.param("Conv2D(8)", id="an-argument-missing"),
        pytest.param("Conv2D(8, 3, stride=2)", id="an-argument-that-is-not-keras's"),
        pytest.param("Conv9D(8, 3)", id="a-class-that-is-not-keras's"),
    ],
)
def test_a_line_that_is_no_layer_is_refused_and_never_run(line, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ValueError, match="is not one layer"):
        network_question("net", [line], (28, 28, 1))
    assert list(tmp_path.iterdir()) == []


def test_a_layer_that_does_not_fit_is_refused():
    with pytest.raises(ValueError, match="kernel_size=5 does not fit"):
        network_question("net", ["Conv2D(8, 5)"], (4, 4, 1))


@given(
    filters=st.integers(1, 64),
    kernel_size=st.one_of(st.integers(1, 5), st.tuples(st.integers(1, 5), st.integers(1, 5))),
    keywords=st.fixed_dictionaries(
        {},
        optional={
            "padding": st.sampled_from(["valid", "same"]),
            "dilation_rate": st.integers(1, 4),
            "use_bias": st.booleans(),
            "activation": st.sampled_from(["relu", None]),
        },
    ),
)
def test_a_layer_comes_back_from_its_line_as_it_was(filters, kernel_size, keywords):
    named = "".join(f", {key}={value!r}" for key, value in keywords.items())
    line = read_layer(f"keras.layers.Conv2D({filters}, {kernel_size}{named})")
    assert line.layer() == layer("Conv2D", filters, kernel_size, **keywords)
    assert read_layer(line.keras) == line
    assert eval(line.data, {"one_layer": layer}) == line.layer()  # noqa: S307 - our own line


def test_a_network_is_as_good_as_lines():
    network = lesson_network("stride")
    question = network_question("mine", network)
    hidden = sources(question)["test_mine_shapes"]
    assert hidden.count("one_layer(") == len(network.layers)
    lines = [line.keras for line in layer_lines(network)]
    assert network_question("mine", lines, (28, 28, 1)) == question


def test_a_keras_model_gives_the_lines_that_one_would_write():
    import keras
    from keras import layers

    written = [
        'Conv2D(4, kernel_size=(3, 3), padding="same", activation="relu")',
        "MaxPooling2D(pool_size=(3, 3))",
        "MaxPooling2D(strides=(1, 1))",
        "BatchNormalization()",
        "Flatten()",
        "Dense(3, use_bias=False)",
    ]
    stack = [eval(f"layers.{line}", {"layers": layers}) for line in written]  # noqa: S307 - ours
    model = keras.Sequential([keras.Input((28, 28, 1)), *stack])
    assert [line.keras for line in layer_lines(Network.from_keras(model))] == written


def test_a_network_that_is_not_a_chain_has_no_lines():
    inner = Network.sequential([layer("Dense", 3)], (4,))
    with pytest.raises(ValueError, match="not a chain of plain layers"):
        network_question("mine", Network.sequential([inner, layer("Dense", 2)], (4,)))


@pytest.mark.parametrize(
    ("answer", "form", "length"),
    [(7, "number", None), ([7, 15], "sizes", 2), ([(0, 1)], "pairs", 1)],
)
def test_a_question_about_numbers_asks_for_the_form_of_its_answer(answer, form, length):
    question = plain_question("reach", answer, "How far?")
    first, *_, last = sources(question)["test_reach"].splitlines()[:5]
    assert first.startswith(f'check_form("reach", reach, "{form}"')
    assert ("length=" in first) == (length is not None)
    assert last == f"grade(reach, {answer}, points={length or 1})"
    assert float(marks(question)["test_reach"]) == (length or 1)


@pytest.mark.parametrize("answer", [True, 2.5, "7", [], {}, None, [1, (2, 3)]])
def test_an_answer_that_has_no_form_is_refused(answer):
    with pytest.raises(ValueError, match="is not a whole number"):
        plain_question("reach", answer, "How far?")


@pytest.mark.parametrize(
    ("idea", "lines"),
    [
        ("pooling_halves", POOLED),
        ("pooling_steps_by_one", POOLED),
        ("ignores_dilation", DILATED),
        ("multiplies_by_dilation", DILATED),
    ],
)
def test_a_lost_row_of_pooling_or_dilation_names_its_idea(idea, lines):
    network = Network.sequential([read_layer(line).layer() for line in lines], (28, 28, 1))
    answer = rule(idea).predict(network).shapes
    mark = grade(list(answer), network, len(lines), rows="output_shape")
    assert 0 < float(mark) < len(lines)
    assert any(rule(idea).name in reason for reason in mark.reasons)


@pytest.mark.parametrize("idea", ["pooling_has_weights", "pooling_has_weights_and_biases"])
def test_parameters_of_pooling_name_their_idea(idea):
    network = Network.sequential([read_layer(line).layer() for line in POOLED], (28, 28, 1))
    answer = rule(idea).predict(network).parameters
    mark = grade(list(answer), network, 6, rows="parameters")
    assert any(rule(idea).name in reason for reason in mark.reasons)


@pytest.fixture
def course(tmp_path):
    (tmp_path / "nbgrader_config.py").write_text((ROOT / "nbgrader_config.py").read_text())
    return tmp_path


def ask(course, *arguments):
    command = ["--course", str(course), "question", "pools", *arguments]
    return CliRunner().invoke(main, command)


def network_options(lines=POOLED):
    return ["--input", "28,28,1", *(word for line in lines for word in ("--layer", line))]


def test_the_command_makes_the_notebook_and_adds_to_it(course):
    first = ask(course, "1_pools", "pooled", *network_options())
    assert first.exit_code == 0, first.output
    assert first.output.splitlines()[0] == "solutions/pools/1_pools.ipynb:"
    assert ask(course, "1_pools", "reach", "--answer", "[3, 7]", "--text", "How?").exit_code == 0
    notebook = nbformat.read(course / "solutions/pools/1_pools.ipynb", as_version=4)
    assert names_of(notebook) >= {"pooled_shapes", "test_reach"}
    assert notebook.cells[0].source.startswith("# Pools")


def test_the_command_refuses_a_name_of_another_notebook(course):
    ask(course, "1_pools", "pooled", *network_options())
    again = ask(course, "2_more", "pooled", *network_options(DILATED))
    assert again.exit_code == 2
    assert "1_pools.ipynb already has pooled_compare" in again.output
    assert not (course / "solutions/pools/2_more.ipynb").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["1", "a", "--answer", "3"], "hint: give --input and --layer, or --answer and --text"),
        (["1", "a", "--answer", "open('x')", "--text", "?"], "is not a value"),
        (["1", "a", "--input", "wide", "--layer", "Dense(3)"], "hint: write it like 28,28,1"),
        (["../1", "a", "--answer", "3", "--text", "?"], "cannot be the name of"),
        (["1", "a", *network_options(["Conv2D(8, 99)"])], "kernel_size=99 does not fit"),
    ],
)
def test_the_command_says_what_is_wrong_and_writes_nothing(course, arguments, said):
    done = ask(course, *arguments)
    assert done.exit_code == 2
    assert said in done.output
    assert not (course / "solutions").exists()


def test_the_lesson_of_a_question_holds_no_answer_and_no_test(course):
    ask(course, "1_pools", "pooled", *network_options())
    (path,) = generate(open_course(course), "pools")
    text = path.read_text()
    assert not re.search(r"SOLUTION|HIDDEN|one_layer|grade\(|None, 26", text)
    assert "pooled_shapes = ..." in text


@pytest.mark.slow
def test_the_walk_through_of_the_guide_goes_from_nothing_to_marked(tmp_path):
    guide = (ROOT / "docs" / "author-guide.md").read_text()
    part = guide.partition("## What `autograder question` makes")[0]
    (tmp_path / "nbgrader_config.py").write_text((ROOT / "nbgrader_config.py").read_text())
    script = "\n".join(re.findall(r"```sh\n(.*?)```", part, re.DOTALL))
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    env = os.environ | {"PATH": path, "TF_CPP_MIN_LOG_LEVEL": "3"}
    command = [shutil.which("bash"), "-ec", script]
    ran = subprocess.run(
        command, cwd=tmp_path, env=env, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr[-3000:]
    assert re.search(r"^ada +5 +5 *$", ran.stdout, re.MULTILINE)
    page = (tmp_path / "course/feedback/ada/pools/1_pools.html").read_text()
    told = re.findall(r"^> (.+)$", part, re.MULTILINE)
    assert len(told) == 3
    assert all(sentence in page for sentence in told)


def test_the_comparison_holds_the_model_to_the_network_that_is_asked_for():
    import keras

    wrong = keras.Sequential([keras.Input((28, 28, 1)), keras.layers.Conv2D(16, 3)])
    names = {"stridewise": stridewise, "compare": stridewise.compare, "pooled_model": wrong}
    names |= {"pooled_shapes": ..., "pooled_parameters": ...}
    told = eval(sources(pooled())["pooled_compare"], names)  # noqa: S307 - our own cell
    assert any(note.startswith("Your model: ") for note in told.notes)
    assert len(told.rows) == len(POOLED)
