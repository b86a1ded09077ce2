"""The names by which nbgrader's tables are known here are nbgrader's own."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from nbgrader.api import Base

from autograder.gradebook import tables

OURS = [value for value in vars(tables).values() if isinstance(value, sa.TableClause)]


@pytest.mark.parametrize("table", OURS, ids=lambda table: table.name)
def test_nbgrader_has_the_table_with_these_columns(table):
    theirs = Base.metadata.tables[table.name].columns
    assert {column.name for column in table.columns} <= {column.name for column in theirs}
    for column in table.columns:
        if not isinstance(column.type, sa.types.NullType):
            assert isinstance(theirs[column.name].type, type(column.type))
