"""What Python sees of the widgets: values refused in words, values that follow the page."""

import re
import subprocess
import sys

import numpy as np
import pytest
from traitlets import TraitError

from stridewise import Network, layer
from stridewise.widgets import ConeExplorer, Explorer, Guess, Practice, StackExplorer, save_page

WIDGETS = [
    pytest.param(Explorer, id="explorer"),
    pytest.param(lambda: StackExplorer("valid", "stride"), id="stack"),
    pytest.param(Practice, id="practice"),
    pytest.param(lambda: ConeExplorer("stride"), id="cone"),
]


def test_one_number_is_used_for_both_axes():
    assert Explorer(kernel_size=5).kernel_size == (5, 5)
    assert Explorer(kernel_size=np.int64(5)).kernel_size == (5, 5)
    assert Explorer(strides=[1, 2]).strides == (1, 2)


def test_output_follows_the_arguments():
    explorer = Explorer(input_size=(10, 11), strides=(2, 3), padding="same")
    assert explorer.output_size == (5, 4)
    explorer.padding = "valid"
    assert explorer.output_size == (4, 3)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        pytest.param(
            {"input_size": 33}, "input_size=33 is not a whole number from 1 to 32", id="n"
        ),
        pytest.param(
            {"kernel_size": 0}, "kernel_size=0 is not a whole number from 1 to 11", id="k"
        ),
        pytest.param({"strides": 2.0}, "strides=2.0 is not a whole number from 1 to 8", id="float"),
        pytest.param({"filters": True}, "filters=True is not a whole number", id="bool"),
        pytest.param({"strides": (1, 2, 3)}, "two of them for height and width", id="three"),
        pytest.param({"strides": "2"}, "strides='2' is not a whole number", id="text"),
        pytest.param({"padding": "full"}, "'valid', 'same'", id="padding"),
        pytest.param({"locked": ["stride"]}, "'strides'", id="locked"),
        pytest.param({"input_size": 4, "kernel_size": 5}, "does not fit", id="too-wide"),
        pytest.param({"strides": 2, "dilation_rate": 2}, "Keras refuses", id="clash"),
        pytest.param({"image": np.zeros((33, 9)), "input_size": 9}, "1 to 32 rows", id="image"),
        pytest.param({"image": np.full((9, 9), 256)}, "numbers from -99 to 255", id="bright-image"),
        pytest.param({"own_kernel": [[1, 2], [3]]}, "1 to 11 rows", id="ragged-kernel"),
        pytest.param({"own_kernel": np.full((3, 3), np.nan)}, "-100 to 100", id="nan"),
        pytest.param({"goal": {"width": 3}}, "give one of unread_pixels", id="goal"),
        pytest.param({"goal": {"output_size": -1}}, "a whole number from 0", id="goal-number"),
        pytest.param({"layer": "Dense"}, "MaxPooling2D", id="layer"),
    ],
)
def test_explorer_refuses_in_words(given, said):
    with pytest.raises(TraitError) as refused:
        Explorer(**given)
    assert said in str(refused.value)


def test_pooling_moves_by_its_own_size_unless_strides_are_given():
    assert Explorer(layer="MaxPooling2D", kernel_size=2).strides == (2, 2)
    assert Explorer(layer="MaxPooling2D", kernel_size=2, strides=1).strides == (1, 1)
    html = Explorer(layer="MaxPooling2D", kernel_size=2).static_html()
    assert "<th>MaxPooling2D</th>" in html
    assert "<th>parameters</th><td>0</td>" in html
    assert "<th>padding above, below</th>" in html  # pooling adds no zeros


def test_an_image_brings_its_size():
    explorer = Explorer(image=np.zeros((6, 7)), own_kernel=[[1, -1]])
    assert (explorer.picture, explorer.input_size) == ("own", (6, 7))
    assert (explorer.kernel, explorer.kernel_size) == ("own", (1, 2))


def test_a_refused_value_changes_nothing():
    explorer = Explorer(input_size=9, kernel_size=3)
    with pytest.raises(TraitError, match="does not fit"):
        explorer.kernel_size = 10
    assert explorer.kernel_size == (3, 3)


def test_axes_that_differ_have_controls_of_their_own():
    assert Explorer(strides=(1, 2)).rectangular
    assert not Explorer(strides=2).rectangular


def test_the_page_changes_what_python_reads():
    explorer = Explorer()
    explorer.set_state({"kernel_size": [5, 3], "padding": "same", "selected": ["input", 2, 1]})
    assert (explorer.kernel_size, explorer.padding) == ((5, 3), "same")
    assert explorer.selected == ("input", 2, 1)


def test_stack_gives_back_the_network_as_changed():
    explorer = StackExplorer("valid", beside="same")
    stack = explorer.stacks[0]
    first = {**stack["layers"][0], "strides": [2, 2]}
    explorer.stacks = [{**stack, "layers": [first, *stack["layers"][1:]]}, explorer.stacks[1]]
    assert [row.output_shape[1] for row in explorer.network.rows[:3]] == [13, 11, 9]
    assert explorer.beside is not None
    assert explorer.beside.total_parameters == 3_231_498


def test_stack_that_cannot_be_built_names_the_layer():
    explorer = StackExplorer("valid")
    layers = [{**one, "strides": [4, 4]} for one in explorer.stacks[0]["layers"][:3]]
    explorer.stacks = [{**explorer.stacks[0], "layers": layers}]
    with pytest.raises(ValueError, match=r"conv2d_2.*does not fit"):
        _ = explorer.network
    assert "Cannot be built" in explorer.static_html()


@pytest.mark.parametrize(
    ("layers", "said"),
    [
        pytest.param([layer("Conv2DTranspose", 3, 2)], "Conv2DTranspose, which is not", id="type"),
        pytest.param(
            [layer("Conv2D", 4, 3, groups=2)], "groups=2, which is not drawn", id="groups"
        ),
    ],
)
def test_stack_refuses_what_it_does_not_draw(layers, said):
    network = Network.sequential(layers, input_shape=(9, 9, 2))
    with pytest.raises(ValueError, match=said):
        StackExplorer(network)


def test_stack_refuses_bad_values_of_the_page():
    explorer = StackExplorer()
    with pytest.raises(TraitError, match="Recurrent"):
        explorer.stacks = [
            {"name": "x", "input_shape": [9, 9, 1], "layers": [{"type": "Recurrent"}]}
        ]


@pytest.mark.parametrize(
    "goal", [{"layers": 0}, {"output_shape": [0]}, {"parameters": "few"}, {"width": 3}]
)
def test_a_goal_that_cannot_be_is_refused(goal):
    with pytest.raises(TraitError, match=r"whole number|not known"):
        StackExplorer(goal=goal)


@pytest.mark.parametrize("given", [{"level": 4}, {"topics": []}, {"topics": ["x"]}, {"seed": -1}])
def test_practice_refuses(given):
    with pytest.raises(TraitError):
        Practice(**given)


def test_practice_replies_to_an_answer_and_asks_a_follow_up():
    practice = Practice(topics=["size"], paddings=["valid"])
    conv = {"type": "Conv2D", "name": "conv2d", "filters": 4, "kernel_size": [3, 3]}
    asked = {"number": 4, "topic": "size", "input_shape": [9, 9, 1], "layers": [conv]}
    asked |= {"asks": ["side"], "answer": [6], "correct": False}
    practice.set_state({"last_answer": asked})
    assert practice.diagnosis["number"] == 4
    assert practice.diagnosis["workings"] == [["side", "9 - 3 = 6", "9 - 3 + 1 = 7"]]
    assert practice.next_item["number"] == 5
    practice.set_state({"last_answer": asked | {"number": 5, "answer": [7], "correct": True}})
    assert practice.diagnosis["text"] == ""


def test_a_guess_stays_when_its_cell_is_run_again():
    guess = Guess("How many windows fit in a row of 99?")
    assert guess.first == ""
    guess.set_state({"first": "97"})
    guess.set_state({"now": "98"})
    again = Guess("How many windows fit in a row of 99?")
    assert (again.first, again.now) == ("97", "98")
    assert "<th>your first guess</th><td>97</td>" in again.static_html()
    assert Guess("Another?").first == ""


def test_a_cone_without_a_script_says_what_each_layer_sees():
    html = ConeExplorer("stride").static_html()
    assert "<tr><th>conv2d_2</th><td>4</td><td>15</td></tr>" in html


def test_practice_asks_other_questions_each_time():
    assert len({Practice().seed for _ in range(5)}) > 1


@pytest.mark.parametrize("make", WIDGETS)
def test_two_equal_widgets_show_the_same_text(make):
    one, other = (make()._repr_mimebundle_()[0] for _ in range(2))
    assert one["text/html"] == other["text/html"]
    assert one["text/plain"] == other["text/plain"]
    assert "0x" not in one["text/plain"]
    assert "application/vnd.jupyter.widget-view+json" in one


def test_explorer_without_a_script_is_a_picture_and_a_table():
    html = Explorer(input_size=(6, 9), strides=(2, 4), padding="same").static_html()
    words = "The input, 6 x 9, with its first window. Padding: 0 above, 1 below, 1 left, 1 right."
    assert f'<img alt="{words}" src="data:image/svg+xml;base64,' in html
    assert '<img alt="The output, 3 x 3, with its first number."' in html
    assert "<td>0, 1</td>" in html  # zeros above and below
    marks = "Dots are padding. Crosses are pixels that are never read."
    assert marks in html  # no colour without a word


@pytest.mark.parametrize(
    ("layer", "said"),
    [
        ({}, ()),
        ({"padding": "same"}, ("Dots",)),
        ({"input_size": 9, "kernel_size": 1, "strides": 8}, ("Crosses",)),
        ({"input_size": (2, 1), "kernel_size": 1, "strides": (2, 1)}, ("Crosses",)),
    ],
)
def test_the_words_below_the_picture_name_what_is_drawn(layer, said):
    html = Explorer(**layer).static_html()
    assert tuple(word for word in ("Dots", "Crosses") if word in html) == said


def test_a_page_needs_nothing_from_elsewhere(tmp_path):
    page = save_page(tmp_path / "page.html", Explorer(), StackExplorer(), Practice()).read_text()
    hosts = set(re.findall(r"https?://([\w.]+)", page))
    assert hosts <= {"www.w3.org", "www.tensorflow.org"}  # the name of SVG, and a comment
    for loading in ("<link", "<script src", "import(", "@import", "fetch("):
        assert loading not in page


def test_a_page_keeps_a_title_as_text(tmp_path):
    page = save_page(tmp_path / "page.html", Explorer(), title="<script>alert(1)</script>")
    assert "<script>alert" not in page.read_text()


def test_a_page_without_widgets_has_all_three(tmp_path):
    page = save_page(tmp_path / "page.html").read_text()
    assert page.count('<div id="widget-') == 3


def test_the_package_imports_without_the_widgets_or_tensorflow():
    code = "import sys, stridewise; print(sorted({'anywidget', 'tensorflow'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
