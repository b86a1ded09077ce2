"""nbgrader's tables: made as nbgrader makes them, and known here by its own names."""

from __future__ import annotations

import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa
from nbgrader.api import Base, Gradebook

from autograder.gradebook import tables
from autograder.gradebook.new_tables import make_tables

OURS = [value for value in vars(tables).values() if isinstance(value, sa.TableClause)]


@pytest.mark.parametrize("table", OURS, ids=lambda table: table.name)
def test_nbgrader_has_the_table_with_these_columns(table):
    theirs = Base.metadata.tables[table.name].columns
    assert {column.name for column in table.columns} <= {column.name for column in theirs}
    for column in table.columns:
        if not isinstance(column.type, sa.types.NullType):
            assert isinstance(theirs[column.name].type, type(column.type))


def test_a_gradebook_that_is_there_stays_as_it_is(tmp_path):
    path = tmp_path / "gradebook.db"
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE mine (x)")
    make_tables(f"sqlite:///{path}")
    assert sorted(contents(path)) == ["mine"]


@pytest.mark.slow
def test_a_new_gradebook_is_the_one_that_nbgrader_makes(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent), prepend=":")
    Gradebook(f"sqlite:///{tmp_path}/theirs.db").close()
    make_tables(f"sqlite:///{tmp_path}/ours.db")
    assert (tmp_path / "ours.db").stat().st_size > 0
    Gradebook(f"sqlite:///{tmp_path}/ours.db").close()
    ours = contents(tmp_path / "ours.db")
    assert ours == contents(tmp_path / "theirs.db")
    assert "alembic_version" in ours


def contents(path):
    """Every table with its columns and rows."""
    with closing(sqlite3.connect(path)) as db:
        names = [
            name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type='table'")
        ]
        return {
            name: (
                db.execute(f"PRAGMA table_info({name})").fetchall(),
                db.execute(f"SELECT * FROM {name}").fetchall(),  # noqa: S608 - a name that the database gave
            )
            for name in names
        }
