"""The command says which extra it needs, and shows nothing secret when it fails."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

import gatewright.cli as command
from gatewright.cli.app import app


def test_without_its_extra_the_command_names_what_is_missing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command, "NEEDED", ("no_such_library", "sys", "no_other_library"))
    with pytest.raises(SystemExit) as ended:
        command.main()
    assert ended.value.code == 2
    assert capsys.readouterr().err == (
        "The gatewright command needs no_such_library, no_other_library; "
        "install them with: pip install 'gatewright[cli]'\n"
    )


def test_with_its_extra_the_command_runs(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("sys.argv", ["gatewright", "secret"])
    with pytest.raises(SystemExit) as ended:
        command.main()
    assert ended.value.code == 0
    assert len(capsys.readouterr().out.strip()) == 43


@pytest.mark.parametrize("port", ["0", "65536", "x"])
def test_a_port_that_is_none_is_refused(port: str) -> None:
    assert CliRunner().invoke(app, ["demo", "--port", port]).exit_code == 2
