"""What an instructor decides about marks: the section `c.Stridewise` of `nbgrader_config.py`.

    c.Stridewise.follow_through = False

The configuration is read once, into a frozen `Settings`, which is passed along from there and is
part of every cache key and digest. Stock nbgrader runs hidden tests in a kernel, which reads no
configuration: for those alone `write_environment` puts the settings into environment variables.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import asdict, dataclass
from typing import Any, Literal

RunBeside = Literal["mark", "flag", "never"]


@dataclass(frozen=True, slots=True)
class Settings:
    """How answers are marked, and what a student is shown.

    Attributes:
        follow_through: a row that follows correctly from the student's own row before it earns its
            points, so that one early mistake costs one row.
        show_right_numbers: reasons show the right working beside the student's own; off for a
            lesson that is to be tried again.
        run_beside: what to do with a hidden test that needs the student's live objects, and so
            has to run in the same process as the student's code, in the sandbox: "mark" by it;
            "flag" what it marked, for a person to look at; "never" run it, and leave the cell to
            a person.
    """

    follow_through: bool = True
    show_right_numbers: bool = True
    run_beside: RunBeside = "mark"


DEFAULTS = Settings()

_ON_OFF: Mapping[str, bool] = {"True": True, "False": False, "1": True, "0": False}
_ALLOWED: Mapping[str, Mapping[str, Any]] = {
    "follow_through": _ON_OFF,
    "show_right_numbers": _ON_OFF,
    "run_beside": {word: word for word in ("mark", "flag", "never")},
}
"""The allowed values of each setting, by their text.

nbgrader's command line and the environment give a value as text.
"""
_PREFIX = "STRIDEWISE_"
_in_force: ContextVar[Settings | None] = ContextVar("settings", default=None)


def settings_of(config: Mapping[str, Any]) -> Settings:
    """Read the section `Stridewise` of traitlets' configuration.

    >>> settings_of({"Stridewise": {"follow_through": False}}).follow_through
    False

    Raises:
        ValueError: for an unknown setting, or a value that is not allowed.
    """
    section = config.get("Stridewise", {})
    return Settings(
        **{name: _value(f"c.Stridewise.{name}", name, value) for name, value in section.items()}
    )


def as_environment(settings: Settings) -> dict[str, str]:
    """Return the environment variables that pass the settings to a kernel.

    >>> as_environment(Settings())["STRIDEWISE_FOLLOW_THROUGH"]
    'True'
    """
    return {_PREFIX + name.upper(): str(value) for name, value in asdict(settings).items()}


def write_environment(config: Mapping[str, Any]) -> None:
    """Put the settings into the environment, for the kernels that this process starts.

    `nbgrader_config.py` calls this.

    Raises:
        ValueError: as `settings_of` does.
    """
    os.environ.update(as_environment(settings_of(config)))


@contextmanager
def in_force(settings: Settings) -> Iterator[None]:
    """Make hidden tests in this block use `settings`, and not those in the environment."""
    token = _in_force.set(settings)
    try:
        yield
    finally:
        _in_force.reset(token)


def settings_in_force() -> Settings:
    """Return the settings of the enclosing `in_force` block, or else those in the environment.

    >>> with in_force(Settings(follow_through=False)):
    ...     settings_in_force().follow_through
    False

    Raises:
        ValueError: when an environment variable has a value that is not allowed.
    """
    return _in_force.get() or _from_environment(os.environ)


def _from_environment(environment: Mapping[str, str]) -> Settings:
    names = {_PREFIX + name.upper(): name for name in _ALLOWED}
    given = {variable: environment[variable] for variable in names if variable in environment}
    return Settings(**{names[v]: _value(v, names[v], value) for v, value in given.items()})


def _value(place: str, name: str, value: Any) -> Any:
    """Return the value of a setting; `place` is where it was given."""
    if name not in _ALLOWED:
        raise ValueError(f"{place} is not a setting; the settings are {', '.join(_ALLOWED)}")
    if str(value) not in _ALLOWED[name]:
        allowed = " or ".join(map(repr, dict.fromkeys(_ALLOWED[name].values())))
        raise ValueError(f"{place} is {value!r}; it can be {allowed}")
    return _ALLOWED[name][str(value)]
