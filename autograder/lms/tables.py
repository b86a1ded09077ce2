"""CSV tables as spreadsheets and learning platforms read and write them.

Tables with a byte-order mark, UTF-16, semicolons or tabs are read too: Excel and Blackboard write
them. When a table is written, a cell that a spreadsheet would treat as a formula gets an
apostrophe, as OWASP advises: https://owasp.org/www-community/attacks/CSV_Injection
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path

FORMULA_STARTS = tuple("=+-@\uff1d\uff0b\uff0d\uff20")  # the last four: the same, full width
LARGEST_TABLE = 50_000_000
Cell = str | int | float | None


class TableError(ValueError):
    """A CSV file cannot be used; the message has its name, what is wrong and what to do."""


def guarded(cell: Cell) -> str:
    """Return the cell as text that no spreadsheet evaluates; numbers stay numbers.

    A sign alone stays: it is no formula, and Moodle writes "-" for "never".

    >>> guarded("=HYPERLINK(0)"), guarded(-2.5), guarded("O'Neil, PhD"), guarded("-")
    ("'=HYPERLINK(0)", '-2.5', "O'Neil, PhD", '-')
    """
    if cell is None:
        return ""
    if isinstance(cell, int | float):
        return f"{cell:.10g}"
    text = cell.replace("\x00", "")
    risky = text.lstrip().startswith(FORMULA_STARTS) or text.startswith(("\t", "\r", "\n"))
    return f"'{text}" if risky and len(text) > 1 else text


def table_text(header: Sequence[str], rows: Iterable[Sequence[Cell]], delimiter: str = ",") -> str:
    r"""Return the table as CSV (RFC 4180), every cell guarded.

    >>> table_text(["id", "points"], [["ada", 2.0]])
    'id,points\r\nada,2\r\n'
    """
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter)
    writer.writerow([guarded(name) for name in header])
    writer.writerows([guarded(cell) for cell in row] for row in rows)
    return text.getvalue()


def read_table(path: Path) -> tuple[list[str], list[dict[str, str]]]:
    """Return the column names and the rows of a CSV file, spaces at the ends of cells removed.

    Raises:
        TableError: when the file is not a table of UTF-8 or UTF-16 text with one row of names.
    """
    text = table_of(path)
    delimiter = delimiter_of(text)
    try:
        table = csv.reader(io.StringIO(text), delimiter=delimiter)
        lines = [[cell.strip() for cell in row] for row in table]
    except csv.Error as error:
        raise TableError(f"{path} is not a CSV table ({error}); save it again as CSV") from error
    lines = [line for line in lines if any(line)]
    if not lines:
        raise TableError(f"{path} is empty; its first row must name the columns")
    header, *body = lines
    if repeated := {name for name in header if name and header.count(name) > 1}:
        raise TableError(f"{path} has the column {min(repeated)!r} twice; remove one of them")
    return header, [dict(zip(header, line + [""] * len(header), strict=False)) for line in body]


def delimiter_of(text: str) -> str:
    """Return what separates the cells of a table's first row: a comma, a semicolon or a tab."""
    return max(",;\t", key=text.partition("\n")[0].count)


def table_of(path: Path) -> str:
    """Return the text of a table's file, or raise why it cannot be read."""
    try:
        if path.stat().st_size > LARGEST_TABLE:
            raise TableError(f"{path} is larger than {LARGEST_TABLE:,} bytes; is it a CSV table?")
        data = path.read_bytes()
        wide = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
        return data.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise TableError(f"{path} is not UTF-8 text; save it again as 'CSV UTF-8'") from error
    except OSError as error:
        raise TableError(f"{path} cannot be read: {error.strerror}") from error
