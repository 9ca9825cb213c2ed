"""The figures of the Python door: `record` of a typed purchase, `import parure`, the wheel.

    python bindings/python/benches/record.py [--customers 100000] [--wheel parure-….whl]

Medians, in microseconds; what each call costs beside the loop that calls it. The reference is the same purchase as JSON through `tell`.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

from parure import Book, Fact, Line, Program, Purchase

ROOT = Path(__file__).resolve().parents[3]
START = datetime(2026, 1, 5, 10, tzinfo=timezone(timedelta(hours=8)))
ROUNDS = 20_000


def basket(number: int) -> Purchase:
    return Purchase(
        lines=[
            Line(id="1", item="R-2201", category="ring/diamond", amount=Decimal("12800.00") + number),
            Line(id="2", item="S-17", category="care", quantity=Decimal("1.5"), amount=Decimal("200.00")),
        ]
    )


def bought(number: int, customers: int, purchase: Purchase) -> Fact:
    return Fact.purchased(
        id=f"p-{number}",
        at=START + timedelta(days=40, seconds=number),
        # One after another in no order that a cache would know.
        customer=f"c-{number * 7_919 % customers}",
        purchase=purchase,
        store="xintiandi",
    )


def timed(what: str, call: Callable[[Any], object], values: Iterable[object]) -> float:
    took = []
    clock = time.perf_counter_ns
    for value in values:
        begun = clock()
        call(value)
        took.append(clock() - begun)
    took.sort()
    median, late = statistics.median(took) / 1_000, took[len(took) * 99 // 100] / 1_000
    print(f"{what:<44} median {median:7.2f} µs   p99 {late:7.2f} µs")
    return median


def member(number: int) -> list[Fact]:
    joined = Fact.joined(id=f"j-{number}", at=START, customer=f"c-{number}")
    first = Purchase(lines=[Line(id="1", amount=Decimal("1500.00"))])
    at = START + timedelta(days=1, seconds=number)
    return [joined, Fact.purchased(id=f"f-{number}", at=at, customer=f"c-{number}", purchase=first)]


def records(customers: int) -> None:
    book = Book(Program.load(ROOT / "examples/maison.toml"))
    for begin in range(0, customers, 10_000):
        book.merge(fact for number in range(begin, min(begin + 10_000, customers)) for fact in member(number))
    print(f"{customers:,} customers, {book.facts:,} facts")
    asked = START + timedelta(days=60)
    first, second, third = (range(turn * ROUNDS, (turn + 1) * ROUNDS) for turn in range(3))

    def made(number: int) -> Fact:
        return bought(number, customers, baskets[number])

    timed("a basket of two lines is made", basket, first)
    baskets = [basket(number) for number in first]
    timed("a fact is made of it", made, first)
    timed("quote", lambda number: book.quote(f"c-{number}", at=asked, purchase=baskets[number]), first)
    typed = timed("record of a typed purchase", book.record, [made(number) for number in first])
    timed("made and recorded", lambda number: book.record(bought(number, customers, basket(number))), second)
    texts = [f'{{"record":{{"fact":{bought(number, customers, basket(number)).to_json()}}}}}' for number in third]
    told = timed("the same as JSON through tell", book.tell, texts)
    print(f"JSON takes {told / typed:.1f} times as long; {'under' if typed < 10 else 'OVER'} the 10 µs that are asked for\n")


def imports() -> None:
    def ran(code: str) -> float:
        begun = time.perf_counter()
        subprocess.run([sys.executable, "-I", "-c", code], check=True)
        return (time.perf_counter() - begun) * 1_000

    bare, whole = (statistics.median(ran(code) for _ in range(31)) for code in ("pass", "import parure"))
    inside = statistics.median(
        float(
            subprocess.run(
                [sys.executable, "-I", "-c", "import time; t = time.perf_counter(); import parure; print(time.perf_counter() - t)"],
                check=True,
                capture_output=True,
            ).stdout
        )
        * 1_000
        for _ in range(31)
    )
    print(f"import parure: median {inside:.1f} ms (an interpreter with it {whole:.1f} ms, without {bare:.1f} ms)")


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("--customers", type=int, default=100_000)
    asked.add_argument("--wheel", type=Path)
    line = asked.parse_args()
    records(line.customers)
    imports()
    if line.wheel:
        print(f"wheel: {line.wheel.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
