"""Which wrong ideas a student has shown in practice, which are settled, and when one comes back.

An idea is open once a wrong answer fits it alone. It is settled after three right answers that
somebody with the idea would have got wrong. Between these lie more and more other questions, and it
also comes back when a new practice begins, as in the next lesson. All is a plain dict that JSON can
hold: `{"asked": 7, "ideas": {"forgets_plus_one": {"step": 1, "due": 10}}}`, with no answers and no
marks in it. This module reads and writes no file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from stridewise.diagnosis import diagnose
from stridewise.explanations import told_apart
from stridewise.misconceptions import RULES, Prediction
from stridewise.predictions import Size
from stridewise.single_answers.zeros import ZERO_IDEAS, right_zeros
from stridewise.size_questions import SIZE_RULES_ALONE, predicted, telling_question
from stridewise.widgets.stacks import network_of
from stridewise.widgets.tutor import (
    Advice,
    Answer,
    Limits,
    items_of,
    items_within,
    prediction_of,
    question_of,
    suspected_after,
)

Ideas = dict[str, Any]

GAPS = (3, 8)
"""Other questions before an idea comes back, after the first and the second right answer."""
SETTLED = len(GAPS) + 1
_MOST = 10**6
_ASKS_FLATTEN = 3  # the level from which questions about a stack ask what Flatten gives
_RULES = {each.id: each for each in RULES}
_SIZES = {each.id: each for each in SIZE_RULES_ALONE}
_ZEROS = {each.id: each for each in ZERO_IDEAS}
_NAMES = {name: rule.name for name, rule in _RULES.items()}
_NAMES |= {name: idea.name for name, idea in _ZEROS.items()}


def valid_ideas(data: Any) -> Ideas:
    """Return the valid part of what a file or a browser holds.

    >>> valid_ideas({"asked": 2, "ideas": {"forgets_plus_one": {"step": 1, "due": 5}, "x": 3}})
    {'asked': 2, 'ideas': {'forgets_plus_one': {'step': 1, 'due': 5}}}
    >>> valid_ideas("nonsense")
    {'asked': 0, 'ideas': {}}
    """
    if not isinstance(data, dict) or not isinstance(data.get("ideas"), dict):
        return {"asked": 0, "ideas": {}}
    kept = {
        name: {"step": each["step"], "due": each["due"]}
        for name, each in data["ideas"].items()
        if name in _NAMES
        and isinstance(each, dict)
        and _whole(each.get("step"), SETTLED)
        and _whole(each.get("due"), 2 * _MOST)
    }
    asked = data.get("asked")
    return {"asked": asked if _whole(asked, _MOST) else 0, "ideas": kept}


def _whole(value: Any, largest: int) -> bool:
    return type(value) is int and 0 <= value <= largest


def with_answer(ideas: Ideas, answers: Sequence[Answer]) -> Ideas:
    """Return what is known after the last of `answers`."""
    latest, asked = answers[-1], ideas["asked"] + 1
    known = {name: _moved(name, each, latest, asked) for name, each in ideas["ideas"].items()}
    shown = _idea_behind(answers)
    if shown:
        known[shown] = {"step": 0, "due": asked + 1}
    return {"asked": asked, "ideas": known}


def _moved(name: str, idea: Mapping[str, int], latest: Answer, asked: int) -> dict[str, int]:
    """Return an idea one step further, where a right answer speaks against it and it is due.

    A question that was asked because the idea came back says so itself, with `again`.
    """
    due = idea["step"] < SETTLED and (asked >= idea["due"] or bool(latest.get("again")))
    if not (due and latest["correct"] and _would_differ(name, latest)):
        return dict(idea)
    step = idea["step"] + 1
    return {"step": step, "due": asked + 1 + GAPS[step - 1] if step < SETTLED else asked}


def _idea_behind(answers: Sequence[Answer]) -> str:
    """Return the one idea that the latest answer, a wrong one, fits; "" where there is not one."""
    latest = answers[-1]
    if latest["correct"]:
        return ""
    if latest["topic"] == "zeros":
        found = [
            each.id
            for each in ZERO_IDEAS
            if tuple(latest["answer"]) == each.answer(question_of(latest))
        ]
    else:
        found = [each.id for each in suspected_after(answers)] or _ids_behind(latest)
    return found[0] if len(found) == 1 and found[0] in _NAMES else ""


def _ids_behind(answer: Answer) -> list[str]:
    """Return the ideas that an answer about a network fits, where one idea alone gives it."""
    said = told_apart(diagnose(prediction_of(answer), network_of(answer)))
    return [each.ids[0] for each in said if len(each.rules) == 1]


def _would_differ(name: str, answer: Answer) -> bool:
    """Return whether somebody with the idea would have answered something else."""
    if answer["topic"] == "zeros":
        item = question_of(answer)
        return name in _ZEROS and _ZEROS[name].answer(item) != right_zeros(item)
    if name in _SIZES:
        items = items_of(answer)
        return any(predicted(_SIZES[name], item) != item.answer for item, _ in items)
    if name not in _RULES:
        return False
    held, given = _RULES[name].predict(network_of(answer)), prediction_of(answer)
    if given.parameters:
        return held.parameters != given.parameters
    return _asked_of(held) != _asked_of(given)


def _asked_of(prediction: Prediction) -> list[Size]:
    """Return the number that a question about a stack asks of each row: one side, or a count."""
    return [shape[1] if shape else None for shape in prediction.shapes]


def review(
    ideas: Ideas, answers: Sequence[Answer], limits: Limits, *, beginning: bool = False
) -> dict[str, Any]:
    """Return what to ask, for the idea that has waited longest; {} where none is due or fits.

    It is a question about one size, or a topic alone: `{"topic": "zeros"}`. At the `beginning` of a
    practice every open idea is due.
    """
    waiting = sorted(
        (each["due"], name)
        for name, each in ideas["ideas"].items()
        if each["step"] < SETTLED and (beginning or each["due"] <= ideas["asked"] + 1)
    )
    return next((found for _, name in waiting if (found := _asked_for(name, answers, limits))), {})


def _asked_for(name: str, answers: Sequence[Answer], limits: Limits) -> dict[str, Any]:
    if name not in _SIZES or "size" not in limits.topics:
        topic = _topic_of(name, limits.level)
        return {"topic": topic} if topic in limits.topics else {}
    before = {item for answer in answers for item, _ in items_of(answer)}
    fresh = (item for item in items_within(limits) if item not in before)
    item = telling_question([_SIZES[name]], fresh)
    return item._asdict() if item else {}


def _topic_of(name: str, level: int) -> str:
    """Return the topic of questions that tell an idea; "" where none of this level does."""
    if name in _ZEROS:
        return "zeros"
    if name in _SIZES or _RULES[name].on_step:
        return "stack"
    if _RULES[name].conv_count or _RULES[name].start:
        return "parameters"
    return "stack" if level == _ASKS_FLATTEN else ""


def next_item(number: int, advice: Advice, again: Mapping[str, Any]) -> dict[str, Any]:
    """Return what to ask as question `number`, as the page takes it; {} leaves it to the page.

    A question that tells ideas apart goes before one for an idea that comes back.

    >>> next_item(4, Advice(), {"topic": "zeros"})
    {'number': 4, 'again': True, 'topic': 'zeros'}
    """
    if advice.next_item:
        return {"number": number, **advice.next_item._asdict()}
    return {"number": number, "again": True, **again} if again else {}


def summary(ideas: Ideas) -> dict[str, list[str]]:
    """Return the names of the ideas that come back, and of those that are settled.

    >>> summary({"asked": 9, "ideas": {"forgets_plus_one": {"step": 3, "due": 9}}})
    {'open': [], 'settled': ['The size is the number of steps.']}
    """
    return {
        "open": list(_named(ideas, settled=False)),
        "settled": list(_named(ideas, settled=True)),
    }


def _named(ideas: Ideas, *, settled: bool) -> Iterator[str]:
    for name, each in ideas["ideas"].items():
        if (each["step"] >= SETTLED) == settled:
            yield _NAMES[name]
