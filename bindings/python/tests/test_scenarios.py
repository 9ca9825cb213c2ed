"""Every scenario of the repository, and generated lives: the same answers as through Rust, to the byte."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT, count, expected
from door import PythonDoor, Steps

NONE = "<none>"


def holds(expected: Any, found: Any) -> bool:
    """Every key given is there and equal; lists match in length; see tests/scenarios/README.md."""
    if isinstance(expected, date):
        expected = expected.isoformat()
    if expected == NONE or expected == []:
        return found is None or found == []
    if isinstance(expected, dict):
        return isinstance(found, dict) and all(holds(value, found.get(key)) for key, value in expected.items())
    if isinstance(expected, list):
        return isinstance(found, list) and len(expected) == len(found) and all(map(holds, expected, found))
    return bool(expected == found)


@pytest.mark.parametrize("where", ["", " over a journal"])
def test_every_scenario_answers_as_through_rust_to_the_byte(where: str, tmp_path: Path) -> None:
    scenarios = expected("scenarios.jsonl")
    till, people = Steps(), Steps()
    for at, scenario in enumerate(scenarios):
        door = PythonDoor(scenario["name"], scenario["program"], tmp_path / f"{at}.db" if where else None)
        for number, step in enumerate(scenario["steps"], 1):
            answer = door.answer(step["does"], step["text"], step["on"])
            assert answer == step["answer"], f"{scenario['name']}, step {number}: {step['text']}"
        assert door.book.verify() == []
        door.book.close()
        till += door.till
        people += door.people
    files = list((ROOT / "tests/scenarios").glob("*/*.toml"))
    assert len(scenarios) == len(files) > 0
    count(f"scenarios through Python{where}: {len(scenarios)}")
    for whose, steps in (("a till's", till), ("people's", people)):
        count(f"{whose} steps through Python{where}: {steps.typed} in keyword arguments, {steps.json} as JSON, {steps.wrong} of them wrong")
    assert till.typed > 10 * till.json
    # Of people only what is wrong goes as JSON.
    assert people.json == people.wrong and people.typed > 100


def test_every_scenario_holds() -> None:
    """Read from the files themselves: nothing of Rust's tests has a say."""
    tomllib = pytest.importorskip("tomllib", reason="Python 3.10 has no reader of TOML; the test above compares bytes there too")
    for file in sorted((ROOT / "tests/scenarios").glob("*/*.toml")):
        scenario = tomllib.loads(file.read_text(encoding="utf-8"))
        door = PythonDoor(file.stem, scenario["program"])
        for number, step in enumerate(scenario["step"], 1):
            (does,) = set(step) - {"on", "expect"}
            text = step[does] if isinstance(step[does], str) else str(step[does])
            on = str(step["on"]) if "on" in step else None
            answer = json.loads(door.answer(does, text, on))
            assert holds(step.get("expect", {}), answer), f"{file}, step {number}: {answer}"


def test_generated_lives_give_the_same_bytes() -> None:
    lives = expected("generated.jsonl")
    steps = as_json = 0
    for life in lives:
        door = PythonDoor(life["name"], life["program"])
        for number, step in enumerate(life["steps"], 1):
            answer = door.answer(step["does"], step["text"], step["on"])
            assert answer == step["answer"], f"{life['name']}, step {number}: {step['text']}"
        for on, all_accounts in life["all"].items():
            day = date.fromisoformat(on)
            assert door.book.to_json(day) == all_accounts
            assert "[" + ",".join(account.to_json() for account in door.book.accounts(day)) + "]" == all_accounts
        steps += len(life["steps"])
        as_json += door.till.json + door.people.json
    count(f"generated lives through Python: {len(lives)}, {steps} steps, {as_json} of them as JSON")
    assert steps > 1_000
