"""`parure` comes with the wheel."""

from __future__ import annotations

import signal
import subprocess
import sys
import sysconfig
import time
from pathlib import Path

import pytest
from conftest import ROOT

import parure

COMMANDS = [[str(Path(sysconfig.get_path("scripts")) / "parure")], [sys.executable, "-m", "parure"]]


def run(command: list[str], *line: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*command, *line], cwd=ROOT, capture_output=True, text=True, timeout=120, encoding="utf-8")


@pytest.mark.parametrize("command", COMMANDS, ids=["parure", "python -m parure"])
def test_the_command_line(command: list[str]) -> None:
    version = run(command, "--version")
    assert (version.returncode, version.stdout) == (0, f"parure {parure.__version__}\n")
    checked = run(command, "check", "examples/maison.toml")
    assert checked.returncode == 0 and "no faults" in checked.stdout and not checked.stderr
    told = run(command, "explain", "examples/maison.toml", "examples/maison.jsonl", "--customer", "wang-fang")
    assert told.returncode == 0 and "p-05" in told.stdout
    misuse = run(command, "nonsense")
    assert misuse.returncode == 2 and "nonsense" in misuse.stderr and not misuse.stdout
    faults = run(command, "--json", "check", "README.md")
    assert faults.returncode == 1 and '"faults"' in faults.stdout


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT to send")
def test_it_can_be_interrupted() -> None:
    """While the work is done outside the interpreter."""
    waits = subprocess.Popen([*COMMANDS[0], "check", "-"], stdin=subprocess.PIPE, stderr=subprocess.PIPE)
    time.sleep(1)
    waits.send_signal(signal.SIGINT)
    _, told = waits.communicate(timeout=60)
    assert waits.returncode == -signal.SIGINT and told == b""
