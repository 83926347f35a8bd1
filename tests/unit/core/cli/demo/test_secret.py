"""The demo's secret is made once and is its owner's only."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from gatewright.cli.demo.secret import keep_database_private, kept_secret


def test_the_secret_stays_the_same_for_a_database(tmp_path: Path) -> None:
    first = kept_secret(tmp_path / "a.db")
    assert kept_secret(tmp_path / "a.db") == first
    assert kept_secret(tmp_path / "b.db") != first
    assert len(first) == 43


def test_only_the_owner_reads_the_secret_and_the_database(tmp_path: Path) -> None:
    kept_secret(tmp_path / "a.db")
    keep_database_private(tmp_path / "a.db")
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
    assert modes == {"a.db": 0o600, "a.db.secret": 0o600}


def test_a_database_that_is_there_is_left_alone(tmp_path: Path) -> None:
    database = tmp_path / "a.db"
    database.write_bytes(b"rows")
    keep_database_private(database)
    assert database.read_bytes() == b"rows"


def test_demos_that_start_together_agree_on_the_secret(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as threads:
        secrets = set(threads.map(kept_secret, [tmp_path / "a.db"] * 64))
    assert len(secrets) == 1
    assert len(secrets.pop()) == 43
