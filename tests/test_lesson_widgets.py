"""No widget of a lesson shows what a graded question of its assignment asks for later.

What a widget shows and what a question asks for are compared as questions, not as numbers: the
same layer on the same size, the same rows of a network, the receptive field of the same windows.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

import nbformat
import pytest
from IPython.core.interactiveshell import InteractiveShell

from autograder.feedback.asked import asked_by
from stridewise import ConeExplorer, Explorer, Network, StackExplorer
from stridewise.single_answers.questions import Fields, Sizes, Zeros
from stridewise.size_questions import SizeQuestion
from stridewise.widgets.stacks import network_of
from stridewise.windows import windows_of

ROOT = Path(__file__).parents[1]
TRAINS = re.compile(r"train_briefly\(|\btrained\b")
ASSIGNMENTS = {
    folder.name: sorted(folder.glob("*.ipynb"))
    for folder in sorted((ROOT / "lessons").iterdir())
    if any(folder.glob("*.ipynb"))
}

# How many widgets an assignment shows before anything is answered; the networks are not trained.
SHOWN_AT_ONCE = {"padding_and_stride": 5, "pooling_and_dilation": 3}


@pytest.fixture
def shell(monkeypatch):
    monkeypatch.setenv("STRIDEWISE_DIGITS", "1")
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])
    made = InteractiveShell()
    yield made
    made.reset(new_session=False)


def code_cells(path):
    notebook = nbformat.read(path, as_version=4)
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def asked_in(path):
    """Yield the place of each graded question among the code cells, and what it expects."""
    master = ROOT / "solutions" / path.parent.name / path.name
    for place, cell in enumerate(code_cells(master)):
        info = cell.metadata.get("nbgrader", {})
        question = asked_by(cell.source) if info.get("grade") else None
        if question is not None:
            yield place, question.expected("instructor")


def layers_on_sizes(network):
    """Every layer that slides, with the size that it reads: ("layer", size, window)."""
    sizes = [network.input_shape[1], *(row.output_shape[1] for row in network.rows)]
    layers = zip(network.layers, sizes, strict=False)
    return {("layer", size, windows_of(each)[0]) for each, size in layers if windows_of(each)}


def rows_of(network):
    """Every row with parameters, as (what it reads, its arguments)."""
    shapes = [network.input_shape, *network.shapes]
    return {
        ("parameters", shape[-1], repr(each.config.get("kernel_size")), row.output_shape[-1])
        for each, row, shape in zip(network.layers, network.rows, shapes, strict=False)
        if row.parameters
    }


def fields_of(network):
    """The windows down to the image of every layer that slides: ("field", windows)."""
    slide = [windows_of(each)[0] for each in network.layers if windows_of(each)]
    windows = [each._replace(padding="") for each in slide]  # it does not change the field
    return {("field", tuple(windows[: end + 1])) for end in range(len(windows))}


def whole_field(network):
    return max(fields_of(network), key=lambda item: len(item[1]))


def alone(item):
    return ("layer", item.size, item.window)


def shown_by(widget):
    """What a widget shows when it opens, or a click away."""
    if isinstance(widget, Explorer):
        sides = (widget.input_size, widget.kernel_size, widget.strides)
        size, kernel, strides = (each[0] for each in sides)
        return {alone(SizeQuestion(size, kernel, strides, widget.padding, widget.dilation_rate[0]))}
    if isinstance(widget, ConeExplorer):
        shown = [network_of(each) for each in (widget.stack, *widget.presets)]
        return {item for each in shown for item in fields_of(each) | layers_on_sizes(each)}
    if isinstance(widget, StackExplorer):
        shown = [network_of(each) for each in (*widget.stacks, *widget.presets)]
        found = {item for each in shown for item in rows_of(each) | layers_on_sizes(each)}
        return found | {item for each in shown if widget.cone for item in fields_of(each)}
    return set()


def asked_for(expected):
    """What a graded question asks for, in the same form."""
    if isinstance(expected, Network):
        return rows_of(expected) | layers_on_sizes(expected)
    if isinstance(expected, Fields):
        return {
            max(fields_of(of_first(*each)), key=lambda item: len(item[1])) for each in expected.of
        }
    if isinstance(expected, Sizes):
        return set(map(alone, expected.items))
    if isinstance(expected, Zeros):
        return {alone(SizeQuestion(*layer)) for layer in expected.layers}
    return set()


def of_first(network, layer):
    """Return the network up to a layer, by position."""
    return Network.sequential(list(network.layers[: layer + 1]), network.input_shape[1:])


def test_a_widget_that_gives_an_answer_away_would_be_found():
    asked = asked_for(Fields([(ConeExplorer("stride").network, 2)]))
    assert asked & shown_by(ConeExplorer("stride"))
    assert asked & shown_by(StackExplorer("same"))  # the stride network is a click away
    assert not asked & shown_by(StackExplorer("same", cone=False))
    assert asked_for(Sizes([(21, 5, 2)])) & shown_by(
        Explorer(input_size=21, kernel_size=5, strides=2)
    )
    assert asked_for(StackExplorer("same").network) & shown_by(StackExplorer("same", cone=False))


@pytest.mark.slow
@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_no_widget_shows_what_a_graded_question_asks_for_later(assignment, shell, capsys):
    paths = ASSIGNMENTS[assignment]
    asked = [
        (lesson, place, item)
        for lesson, path in enumerate(paths)
        for place, expected in asked_in(path)
        for item in asked_for(expected)
    ]
    widgets = []
    for lesson, path in enumerate(paths):
        for place, cell in enumerate(code_cells(path)):
            if not TRAINS.search(cell.source):
                result = shell.run_cell(cell.source, store_history=False).result
                shown = shown_by(result)
                widgets.append(result) if shown else None
                later = {item for *where, item in asked if where > [lesson, place]}
                assert not shown & later, cell.source
    capsys.readouterr()
    assert len(widgets) == SHOWN_AT_ONCE[assignment]
    assert len(asked) > 20
