"""A table of SQLite's without one of its foreign keys, which only a table that is made anew can lose.

The text that made it is kept but for that key, and is taken only where SQLite itself reads both as the same table.
Source: SQLite, "Making Other Kinds Of Table Schema Changes".
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from typing import Any

__all__ = ("SQLITE_REFERENCES", "SQLITE_TEXTS", "made_anew")

SQLITE_TEXTS = (
    "SELECT tbl_name, type, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT GLOB '_cf_*'"
    " AND type IN ('table', 'index', 'trigger') ORDER BY rowid"
)
SQLITE_REFERENCES = (
    'SELECT m.name AS table_name, f."from" AS column_name, f."table" AS referred FROM sqlite_master AS m'
    " JOIN pragma_foreign_key_list(m.name) AS f WHERE m.type = 'table' AND m.name NOT GLOB '_cf_*'"
)

_NAME = r"(?:\"(?:[^\"]|\"\")*\"|`[^`]*`|\[[^\]]*\]|\w+)"
_REFERENCE = (
    rf"(?:CONSTRAINT\s+{_NAME}\s+)?REFERENCES\s+{_NAME}\s*(?:\([^)]*\))?"
    r"(?:\s*ON\s+(?:DELETE|UPDATE)\s+(?:CASCADE|RESTRICT|SET\s+NULL|SET\s+DEFAULT|NO\s+ACTION)|\s*MATCH\s+\w+"
    r"|\s*(?:NOT\s+)?DEFERRABLE(?:\s+INITIALLY\s+(?:DEFERRED|IMMEDIATE))?)*"
)


def made_anew(
    texts: Iterable[Sequence[Any]], references: Iterable[Sequence[Any]], former: Mapping[str, Mapping[str, str]]
) -> Mapping[tuple[str, str], tuple[str, ...]]:
    """The statements, by table and column, after which a column that is about to be renamed refers to nothing.

    A table that others refer to is left as it is: removing it, even for a moment, would remove their rows.

    Args:
        texts: The answer to :data:`SQLITE_TEXTS`.
        references: The answer to :data:`SQLITE_REFERENCES`.
        former: By table, what columns were called before, by their names of today.
    """
    keys = [(str(table), str(column), str(referred)) for table, column, referred in references]
    referred_to = {referred.lower() for table, _, referred in keys if table.lower() != referred.lower()}
    made = [(str(table), str(kind), str(sql)) for table, kind, sql in texts]
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    for table, columns in former.items():
        own = [sql for name, kind, sql in made if name == table and kind != "table"]
        whole = next((sql for name, kind, sql in made if name == table and kind == "table"), None)
        for column in columns.values():
            refers = any((table, column) == key[:2] for key in keys)
            if whole is not None and refers and table.lower() not in referred_to:
                found[table, column] = _statements(table, column, whole, own)
    return found


def _statements(table: str, column: str, whole: str, own: Sequence[str]) -> tuple[str, ...]:
    without = _without(whole, column)
    columns = _same(table, column, whole, without)
    if not columns:
        return ()
    name, aside = _quoted(table), _quoted(f"gatewright_{table}")
    names = ", ".join(map(_quoted, columns))
    return (
        f"CREATE TABLE {aside} AS SELECT {names} FROM {name}",  # noqa: S608 (quoted names of the database's own)
        f"DROP TABLE {name}",
        without,
        f"INSERT INTO {name} ({names}) SELECT {names} FROM {aside}",  # noqa: S608 (likewise)
        f"DROP TABLE {aside}",
        *own,
    )


def _without(text: str, column: str) -> str:
    """The text with the column's foreign key cut out, wherever it is written."""
    spelt = re.escape(column)
    named = rf"(?:\"{spelt}\"|`{spelt}`|\[{spelt}\]|{spelt})"
    after = rf",\s*(?:CONSTRAINT\s+{_NAME}\s+)?FOREIGN\s+KEY\s*\(\s*{named}\s*\)\s*{_REFERENCE}"
    beside = rf"([(,]\s*{named}(?=\s)(?:[^,()]|\([^()]*\))*?)\s*{_REFERENCE}"
    cut, count = re.subn(after, "", text, flags=re.IGNORECASE)
    return cut if count else re.sub(beside, r"\1", text, count=1, flags=re.IGNORECASE)


def _same(table: str, column: str, whole: str, without: str) -> tuple[str, ...]:
    """The columns that can be written, where the second text makes the table of the first but for one key; else none."""
    (shape, keys), (other, left) = _read(table, whole), _read(table, without)
    if shape != other or sorted(left) != sorted(key for key in keys if key[0] != column):
        return ()
    return tuple(str(each[1]) for each in shape if each[6] == 0)


def _read(table: str, text: str) -> tuple[list[tuple[Any, ...]], list[tuple[str, str]]]:
    with closing(sqlite3.connect(":memory:")) as place:
        try:
            place.execute(text)
        except sqlite3.Error:
            return [], []
        shape = place.execute(f"PRAGMA table_xinfo({_quoted(table)})").fetchall()
        keys = place.execute(f"PRAGMA foreign_key_list({_quoted(table)})").fetchall()
        return shape, [(str(key[3]), str(key[2])) for key in keys]


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
