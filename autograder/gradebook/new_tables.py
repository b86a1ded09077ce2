"""nbgrader's tables in a gradebook that lacks them, made as nbgrader makes them."""

from __future__ import annotations

import sqlalchemy as sa

from autograder.course.nbgrader_start import lighter_start
from autograder.gradebook.tables import NAMES


def make_tables(db_url: str) -> None:
    """Make the tables of a new gradebook, as nbgrader would; a gradebook that is there stays as is.

    For the version of its tables nbgrader starts `alembic`, which has to be on the path and imports
    nbgrader again: three seconds of processor. Here the same scripts are read in this process.
    """
    engine = sa.create_engine(db_url)
    try:
        with engine.begin() as db:
            if sa.inspect(db).get_table_names():
                return
            from alembic.script import ScriptDirectory
            from nbgrader.api import Base
            from nbgrader.dbutil import ALEMBIC_DIR

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


def add_missing_tables(db_url: str, course_id: str) -> None:
    """Let nbgrader add tables to a gradebook that lacks some, such as one of an older version.

    nbgrader is imported only for such a gradebook: that takes a quarter of a second.
    """
    engine = sa.create_engine(db_url)
    try:
        present = sa.inspect(engine).get_table_names()
    finally:
        engine.dispose()
    if set(present) >= NAMES:
        return
    make_tables(db_url)
    with lighter_start():
        from nbgrader.api import Gradebook
    Gradebook(db_url, course_id).close()
