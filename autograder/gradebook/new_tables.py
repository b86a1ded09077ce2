"""The tables of a new gradebook, made as nbgrader makes them."""

from __future__ import annotations


def make_tables(db_url: str) -> None:
    """Make the tables of a new gradebook, as nbgrader would; a gradebook that is there stays as is.

    For the version of its tables nbgrader starts `alembic`, which has to be on the path and imports
    nbgrader again: three seconds of processor. Here the same scripts are read in this process.
    """
    import sqlalchemy as sa

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
