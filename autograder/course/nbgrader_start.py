"""What nbgrader needs around it to start quickly: fewer imports, and no other process."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType
from typing import Any

_NOT_ASKED_FOR = ("rfc3987_syntax", "isoduration")
"""What jsonschema imports, where it is there, to check formats that no notebook's schema has."""
_SERVER = "nbgrader.server_extensions"
_EXTENSIONS = ("assignment_list", "course_list", "validate_assignment", "formgrader")


@contextmanager
def lighter_start() -> Iterator[None]:
    """Import nbgrader without what only a Jupyter server needs of it: a third of the time.

    `import nbgrader` itself imports its server extensions, and with them all of nbconvert and
    jupyter_server. They are imported when a server asks for them, as before.
    """
    hidden: dict[str, ModuleType | None] = dict.fromkeys(_NOT_ASKED_FOR)
    if "nbgrader" not in sys.modules:
        hidden |= {name: _stand_in(name) for name in (_SERVER, *_extensions())}
    hidden = {name: module for name, module in hidden.items() if name not in sys.modules}
    sys.modules.update(hidden)  # type: ignore[arg-type]  # None means "not installed"
    try:
        yield
    finally:
        for name in hidden:
            del sys.modules[name]


def _extensions() -> list[str]:
    return [f"{_SERVER}.{name}" for name in _EXTENSIONS]


def _stand_in(name: str) -> ModuleType:
    """Return a module with the one function that nbgrader takes from a server extension."""

    def load_jupyter_server_extension(app: Any) -> None:
        import_module(name).load_jupyter_server_extension(app)

    module = ModuleType(name)
    module.load_jupyter_server_extension = load_jupyter_server_extension  # type: ignore[attr-defined]  # a module of ours
    return module


def make_tables(db_url: str) -> None:
    """Make the tables of a new gradebook, as nbgrader would; a gradebook that is there stays as is.

    For the version of its tables nbgrader starts `alembic`, which has to be on the path and imports
    nbgrader again: three seconds of processor. Here the same scripts are read in this process.
    """
    import sqlalchemy as sa
    from alembic.script import ScriptDirectory
    from nbgrader.api import Base
    from nbgrader.dbutil import ALEMBIC_DIR

    engine = sa.create_engine(db_url)
    try:
        with engine.begin() as db:
            if sa.inspect(db).get_table_names():
                return
            # First, for nbgrader adds missing tables to any database, and the version to an empty
            # one alone.
            number = sa.Column("version_num", sa.String(32), nullable=False)
            version = sa.Table("alembic_version", sa.MetaData(), number)
            version.create(db)
            head = ScriptDirectory(ALEMBIC_DIR).get_current_head()
            db.execute(version.insert().values(version_num=head))
            Base.metadata.create_all(db)
    finally:
        engine.dispose()
