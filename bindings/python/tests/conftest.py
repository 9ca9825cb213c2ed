from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from parure import Book, Program

ROOT = Path(__file__).resolve().parents[3]
SHANGHAI = ZoneInfo("Asia/Shanghai")
COUNTS: list[str] = []


def count(told: str) -> None:
    """Something that is shown where the tests end."""
    COUNTS.append(told)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    for told in COUNTS:
        terminalreporter.write_line(told)


def expected(name: str) -> list[dict[str, Any]]:
    """What the Rust door answered; `cargo xtask test-python` writes it."""
    folder = Path(os.environ.get("PARURE_EXPECTED", ROOT / "target/python/expected"))
    with open(folder / name, encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


@pytest.fixture
def maison() -> Program:
    return Program.load(ROOT / "examples/maison.toml")


@pytest.fixture
def book(maison: Program) -> Iterator[Book]:
    yield Book(maison)
