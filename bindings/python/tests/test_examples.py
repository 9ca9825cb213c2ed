"""What the documentation shows runs."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from conftest import ROOT


def test_a_till_s_day() -> None:
    ran = subprocess.run(
        [sys.executable, "examples/till.py", "examples/maison.toml"],
        cwd=ROOT,
        capture_output=True,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        timeout=120,
    )
    assert ran.returncode == 0, ran.stderr.decode()
    # The same day as in C: examples/till.c.
    assert ran.stdout.decode() == (ROOT / "examples/till.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("page", ["docs/python.md", "README.md", "README.zh-CN.md", "bindings/python/README.md"])
def test_the_pages_run(page: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """All of a page's Python, from top to bottom, as one script in the root of the repository; `# <…>` is what it prints."""
    monkeypatch.chdir(ROOT)
    text = (ROOT / page).read_text(encoding="utf-8")
    blocks = [block.partition("```")[0] for block in text.split("```python\n")[1:]]
    assert blocks
    exec(compile("\n".join(blocks), page, "exec"), {"__name__": "__page__"})
    printed = capsys.readouterr().out.splitlines()
    shown = [line.removeprefix("# ") for block in blocks for line in block.splitlines() if line.startswith("# <")]
    assert shown and [line for line in printed if line.startswith("<")] == shown
