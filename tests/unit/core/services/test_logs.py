"""The log that options describe."""

from __future__ import annotations

import logging

import pytest

from gatewright.services.logs import log_of
from gatewright.settings.logger import LoggerOptions

ERROR = RuntimeError("it fell over")


def entries(**options: object) -> list[tuple[object, ...]]:
    """What a sink gets when one entry of every level is written."""
    found: list[tuple[object, ...]] = []

    def sink(level: str, message: str, /, *details: object) -> None:
        found.append((level, message, *details))

    log = log_of(LoggerOptions.model_validate({"log": sink, **options}))
    log.debug("a")
    log.info("b", path="/x\n")
    log.warning("c\r\nd")
    log.error("e", error=ERROR, path="/y")
    return found


def test_a_sink_gets_level_message_and_details_escaped() -> None:
    assert entries(level="debug") == [
        ("debug", "a"),
        ("info", "b", {"path": "/x\\n"}),
        ("warn", "c\\r\\nd"),
        ("error", "e", {"path": "/y"}, ERROR),
    ]


@pytest.mark.parametrize(
    ("level", "written"),
    [("debug", "debug info warn error"), ("info", "info warn error"), ("warn", "warn error"), ("error", "error")],
)
def test_a_level_lets_through_what_is_as_grave(level: str, written: str) -> None:
    assert [entry[0] for entry in entries(level=level)] == written.split()


def test_warnings_and_errors_are_written_unless_set_otherwise() -> None:
    assert [entry[0] for entry in entries()] == ["warn", "error"]


def test_a_disabled_log_writes_nothing() -> None:
    assert entries(disabled=True, level="debug") == []


def test_a_sink_that_fails_breaks_nothing_and_loses_nothing(caplog: pytest.LogCaptureFixture) -> None:
    def sink(level: str, message: str, /, *details: object) -> None:
        raise OSError("disk full")

    log = log_of(LoggerOptions(log=sink))
    with caplog.at_level(logging.DEBUG, logger="gatewright"):
        log.error("the entry", path="/x")
    assert [record.getMessage() for record in caplog.records] == ["logger.log failed", "the entry (path='/x')"]


def test_without_a_sink_the_standard_librarys_log_is_used(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG, logger="gatewright"):
        log_of(LoggerOptions()).warning("seen")
        log_of(LoggerOptions()).info("not seen")
    assert [record.getMessage() for record in caplog.records] == ["seen"]
