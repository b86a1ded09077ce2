"""What is left of a test's outputs where its code clears them, or has a widget show them.

In a kernel `clear_output()` removes what a cell has shown so far, also errors and what was written
to stderr; with `wait=True` only when something else is shown. What is shown in a `with` block of an
`ipywidgets.Output` is in that widget. Stock nbgrader looks at what is left in the test's cell.
"""

from __future__ import annotations

from _io import StringIO
from contextlib import suppress
from typing import Any

from .seal import hidden, sealed

get_text, write = StringIO.getvalue, StringIO.write
tell, seek, truncate = StringIO.tell, StringIO.seek, StringIO.truncate

# The functions below are sealed (see seal.py); these names get their values then.
SHOWN: list[Any] = []
"""The errors that IPython has shown."""
COMPLAINTS: list[Any] = []
"""What was written to the stderr of the cells."""
STREAMS: list[Any] = []
"""The stdout and the stderr of the part of a test that runs; empty where none does."""
WAITING: list[tuple[int, ...]] = []
"""How much had been shown at `clear_output(wait=True)`."""
WIDGETS: list[tuple[int, ...]] = []
"""How much had been shown when a widget began to take the outputs."""
CLEARED: list[int] = []
"""Not empty where all from before was removed: also what the test's earlier parts have shown."""
so_far: Any = None
remove: Any = None
settle: Any = None


def note_outputs(publisher: Any, shown: list[Any]) -> dict[str, Any]:
    """Have a class of publishers keep to what a page shows; return lists and sealed functions.

    `shown` takes the errors that are shown.
    """
    names = "COMPLAINTS", "STREAMS", "WAITING", "WIDGETS", "CLEARED"
    values = {"SHOWN": shown} | {name: hidden([]) for name in names}
    for name, step in (("so_far", shown_so_far), ("remove", removed), ("settle", settled)):
        values[name] = sealed(step, **values)
    publisher.publish = sealed(publish, **values)
    publisher.clear_output = sealed(clear_output, **values)
    with suppress(ImportError):
        _take_widgets(sealed(take_message, **values))
    steps = begin_part, end_part
    return values | {step.__name__: sealed(step, **values) for step in steps}


def _take_widgets(take: Any) -> None:
    """Have each widget send its messages to a function, as a kernel sends them to the page."""
    import comm

    class Parent:
        def get_parent(self) -> dict[str, Any]:
            return {"header": {"msg_id": "the test"}}

    class Comm(comm.DummyComm):
        kernel = Parent()
        publish_msg = take

    comm.create_comm = Comm


def begin_part(*streams: Any) -> None:
    """Begin a part of a test, whose stdout and stderr these are.

    What the part before has asked for waits until something is shown.
    """
    waits = len(WAITING)
    for each in (STREAMS, WAITING, WIDGETS, CLEARED):
        each.clear()
    STREAMS.extend(streams)
    WAITING.extend([(0, 0, 0, 0)] if waits else ())


def end_part() -> None:
    """End a part of a test."""
    settle()
    STREAMS.clear()


def publish(_: Any, *__: Any, **options: Any) -> None:
    """Drop what is displayed: a kernel sends it to the page, and prints nothing."""
    if len(WAITING) and not len(WIDGETS) and options.get("update") is not True:
        remove(WAITING.pop())


def clear_output(_: Any, *given: Any, **named: Any) -> None:
    """Remove what the test has shown so far; where it is to wait, once it shows something else."""
    if not len(STREAMS) or len(WIDGETS):
        return
    settle()
    WAITING.clear()
    if any((*given, *named.values())):
        WAITING.append(so_far())
    else:
        remove(so_far())


def take_message(_: Any, __: Any, *given: Any, **named: Any) -> None:
    """Note where a widget begins to take the outputs, and drop those where it ends."""
    data = (*given, *[named.get("data")])[0]
    state = data.get("state", {}) if type(data) is dict else {}
    if "msg_id" not in state or not len(STREAMS):
        return
    if state["msg_id"]:
        settle()
        WIDGETS.append(so_far())
    elif len(WIDGETS):
        *ends, shown, complaints = WIDGETS.pop()
        with suppress(ValueError):  # a stream was closed
            for stream, end in zip(STREAMS, ends, strict=True):
                seek(stream, end)
                truncate(stream)
        del SHOWN[shown:]
        del COMPLAINTS[complaints:]


def settled() -> None:
    """Remove what is to be removed where something else has been shown since."""
    if len(WAITING) and not len(WIDGETS) and so_far() not in WAITING:
        remove(WAITING.pop())


def shown_so_far() -> tuple[int, ...]:
    """Return how many characters and errors have been shown."""
    ends = [0] * len(STREAMS)
    with suppress(ValueError):  # a stream was closed
        ends = [tell(stream) for stream in STREAMS]
    return *ends, len(SHOWN), len(COMPLAINTS)


def removed(shown: tuple[int, ...]) -> None:
    """Remove the first so many characters and errors."""
    *ends, errors, complaints = shown
    with suppress(ValueError):  # a stream was closed
        for stream, end in zip(STREAMS, ends, strict=True):
            left = get_text(stream)[end:]
            seek(stream, 0)
            truncate(stream)
            write(stream, left)
    del SHOWN[:errors]
    del COMPLAINTS[:complaints]
    CLEARED.append(1)


SEALED = (
    *(begin_part, end_part, publish, clear_output, take_message),
    *(settled, shown_so_far, removed),
)
