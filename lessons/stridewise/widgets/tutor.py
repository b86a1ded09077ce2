"""The explanation after an answer in practice, and the next question, as pure functions.

Answers are as the page sends them: plain values by Keras's names. Sizes are in pixels.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from stridewise.explanations import explain
from stridewise.misconceptions import Misconception, Prediction
from stridewise.naming import Explanation
from stridewise.shapes import Padding, output_size
from stridewise.single_answers.questions import Zeros
from stridewise.size_questions import SizeQuestion, rules_behind, telling_question
from stridewise.widgets.stacks import network_of

Answer = Mapping[str, Any]
ENOUGH = 3  # right answers in a row: then no rule is suspected any more
SIZES = {1: range(5, 14), 2: range(8, 21), 3: range(9, 33)}  # by level, as in questions.js
KERNELS = {1: (2, 3, 4, 5), 2: (2, 3, 4, 5), 3: (2, 3, 4, 5, 6, 7)}


@dataclass(frozen=True, slots=True)
class Limits:
    """What practice may ask about."""

    level: int
    topics: Collection[str]
    paddings: Collection[Padding]
    max_strides: int
    avoid_sizes: Collection[int]


@dataclass(frozen=True, slots=True)
class Advice:
    """The explanation of the latest answer, and the item to ask next; empty where nothing fits.

    Attributes:
        text: the idea that the answer follows.
        question: something to think about.
        workings: (asked, by the learner's own rule, by the right rule), with the same numbers.
        next_item: an item for which the rules that are still suspected give different sizes.
    """

    text: str = ""
    question: str = ""
    workings: tuple[tuple[str, str, str], ...] = ()
    next_item: SizeQuestion | None = None


def advise(answers: Sequence[Answer], limits: Limits) -> Advice:
    """Return the advice after the last of `answers`; an empty one after three right in a row.

    >>> conv = {"type": "Conv2D", "name": "conv2d", "filters": 4, "kernel_size": [3, 3]}
    >>> asked = {"topic": "size", "input_shape": [9, 9, 1], "layers": [conv], "asks": ["side"]}
    >>> advice = advise([asked | {"answer": [6], "correct": False}],
    ...                 Limits(1, ["size"], ["valid"], 1, [7, 14]))
    >>> advice.workings
    (('side', '9 - 3 = 6', '9 - 3 + 1 = 7'),)
    >>> advice.next_item
    SizeQuestion(size=5, kernel_size=2, strides=1, padding='valid', dilation_rate=1)
    """
    if not answers or eased_off(answers):
        return Advice()
    latest = answers[-1]
    suspected = suspected_after(answers)
    item = _follow_up(suspected, answers, limits) if items_of(latest) else None
    fits_alone = {rule.id for rule in rules_behind(items_of(latest))}
    found = explanation_of(latest, refuted=fits_alone - {rule.id for rule in suspected})
    if found is None:
        return Advice(next_item=item)
    # A pair of zeros is one answer in two fields.
    asks = ["zeros before, after"] if latest["topic"] == "zeros" else latest["asks"]
    workings = tuple((asks[each.row], each.own, each.right) for each in found.workings)
    return Advice(found.idea, found.question, workings, item)


def eased_off(answers: Sequence[Answer]) -> bool:
    """Return whether the last three answers are all right."""
    return len(answers) >= ENOUGH and all(one["correct"] for one in answers[-ENOUGH:])


def suspected_after(answers: Sequence[Answer]) -> tuple[Misconception, ...]:
    """Return the rules that give the latest sizes, and those before as far back as any rule does.

    A rule is dropped at the first right answer that it would have got wrong.
    """
    evidence: list[tuple[SizeQuestion, int]] = []
    for answer in reversed(answers):
        longer = [*items_of(answer), *evidence]
        if not rules_behind(longer) and any(given != item.answer for item, given in longer):
            break
        evidence = longer
    return rules_behind(evidence)


def items_of(answer: Answer) -> list[tuple[SizeQuestion, int]]:
    """Return an answer as single items, each layer judged given the learner's own size before it.

    Empty where no size was asked, and from the first layer that her own size does not fit.
    """
    items: list[tuple[SizeQuestion, int]] = []
    if answer["topic"] not in {"size", "stack"}:
        return items
    size = answer["input_shape"][0]
    for layer, given in zip(answer["layers"], answer["answer"], strict=True):
        if layer["type"] != "Conv2D":
            break
        item = SizeQuestion(size, *_window(layer))
        if not isinstance(item.answer, int) or item.answer < 1:
            break
        items.append((item, given))
        size = given
    return items


def question_of(answer: Answer) -> SizeQuestion:
    """Return the size and the window of a question about one layer."""
    return SizeQuestion(answer["input_shape"][0], *_window(answer["layers"][0]))


def _window(layer: Mapping[str, Any]) -> tuple[int, int, Padding, int]:
    """Return a layer's kernel, strides, padding and dilation; both axes are alike here."""
    strides, dilation_rate = (layer.get(name, [1])[0] for name in ("strides", "dilation_rate"))
    return layer["kernel_size"][0], strides, layer.get("padding", "valid"), dilation_rate


def explanation_of(answer: Answer, refuted: Collection[str] = ()) -> Explanation | None:
    """Return an explanation of an answer, without the rules that earlier answers refute."""
    if answer["topic"] == "zeros":
        asked = Zeros([question_of(answer)])
        return None if answer["correct"] else asked.explain([tuple(answer["answer"])])
    network, given = network_of(answer), prediction_of(answer)
    if given.parameters:
        return explain(network, parameters=given.parameters)
    return explain(network, given.shapes, without=refuted) or explain(network, given.shapes)


def prediction_of(answer: Answer) -> Prediction:
    """Return an answer about sizes or parameters as the rows of its network."""
    given = answer["answer"]
    if answer["topic"] == "parameters":
        return Prediction.read(parameters=given)
    shapes = [
        (None, value, value, row.output_shape[-1]) if row.type == "Conv2D" else (None, value)
        for row, value in zip(network_of(answer).rows, given, strict=True)
    ]
    return Prediction.read(shapes)


def _follow_up(
    suspected: Sequence[Misconception], answers: Sequence[Answer], limits: Limits
) -> SizeQuestion | None:
    """Return an item, not asked before, for which the suspected rules give different sizes."""
    if "size" not in limits.topics:
        return None
    asked = {item for answer in answers for item, _ in items_of(answer)}
    return telling_question(suspected, (item for item in items_within(limits) if item not in asked))


def items_within(limits: Limits) -> Iterator[SizeQuestion]:
    """Yield the items that practice may ask about, small numbers first.

    >>> next(items_within(Limits(1, ["size"], ["valid"], 1, [7, 14])))
    SizeQuestion(size=5, kernel_size=2, strides=1, padding='valid', dilation_rate=1)
    """
    most = 1 if limits.level == 1 else limits.max_strides
    axes = product(range(1, most + 1), KERNELS[limits.level], SIZES[limits.level], limits.paddings)
    for strides, kernel_size, size, padding in axes:
        output = output_size(size, kernel_size, strides, padding)
        if output > 1 and not {size, output} & set(limits.avoid_sizes):
            yield SizeQuestion(size, kernel_size, strides, padding)
