"""How fast DuckDB, polars and plain Python replay the grocer's log, and parure beside them in the same run, on one core each.

    cargo run --release -p parure-bench --bin tables -- --write target/peers/grocer
    target/peers/venv/bin/python benches/peers/tables.py target/peers/grocer

All take turns; the best time of each counts. The peers are given the same Arrow table as parure, and, apart from that, the log in types of
their own, converted before. They leave points as payment out, and must give every household what the
hard-coded program gives it then; parure does not, and must give what it gives with them.
"""

import argparse
import os
import time
from pathlib import Path

os.environ["POLARS_MAX_THREADS"] = "1"

import pyarrow
import pyarrow.ipc

from by_duckdb import DuckDB
from by_hand import Plain
from by_polars import READINGS, Polars

try:
    from by_parure import Parure
except ImportError as missing:
    Parure = None
    print(f"without parure: {missing}")

#: What the peers are given. Conversions of the Arrow table are timed; types of their own are made before.
ARROW, PREPARED = "the Arrow table", "types of its own"
PARURE, PEERS = f"parure, {ARROW}", ("DuckDB", "polars", "plain Python")


def read(path: Path) -> pyarrow.Table:
    return pyarrow.ipc.open_file(pyarrow.memory_map(str(path))).read_all()


def check(name: str, found: pyarrow.Table, expected: pyarrow.Table) -> None:
    """Every column that was found is as expected, household by household."""
    for column in found.column_names:
        if found[column].to_pylist() != expected[column].to_pylist():
            raise SystemExit(f"{name}: {column} differs from the hard-coded program's")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, help="where the log was written")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", default="", help="leaves out ways whose names don't have it")
    parser.add_argument("--plain", action="store_true", help="plain Python too, once")
    arguments = parser.parse_args()
    pyarrow.set_cpu_count(1)
    folder: Path = arguments.folder
    sales, customers = read(folder / "sales.arrow"), read(folder / "customers.arrow")
    unspent, spent = read(folder / "standings-unspent.arrow"), read(folder / "standings.arrow")

    duckdb = DuckDB(sales, customers)
    ways = [
        (f"DuckDB, {of}: {name}", way, unspent)
        for of, all_ways in ((PREPARED, duckdb.from_its_types()), (ARROW, duckdb.from_arrow()))
        for name, way in all_ways.items()
    ]
    frames = [(f"polars, {PREPARED}", Polars.of_its_types(sales, customers))]
    for name, reading in READINGS.items():
        frames.append((f"polars, {ARROW}, {name}", Polars.of_arrow(reading, sales, customers)))
    ways += [(f"{of}: {name}", way, unspent) for of, frame in frames for name, way in frame.ways().items()]
    # They take two to three times as long, whatever the frame is made of.
    ways = [way for way in ways if not (way[0].startswith(f"polars, {ARROW}") and "rolling" in way[0])]
    if Parure is not None:
        ways.append((PARURE, Parure(sales, customers).replay, spent))
    ways = [way for way in ways if arguments.only in way[0]]
    best: dict[str, float] = {}

    def run(name, way, expected) -> None:
        start = time.perf_counter()
        found = way()
        seconds = time.perf_counter() - start
        best[name] = min(seconds, best.get(name, seconds))
        check(name, found, expected)

    for _ in range(arguments.rounds):
        for way in ways:
            run(*way)
    if arguments.plain:
        run(f"plain Python, {PREPARED}", Plain(sales, customers).replay, unspent)

    lines = sales.num_rows
    print(f"{lines} lines, {customers.num_rows} households")
    for name, seconds in best.items():
        print(f"{name:<70}{lines / seconds / 1e6:>8.2f} million lines/s")
    own = best.get(PARURE)
    for peer in PEERS if own else ():
        for of in (ARROW, PREPARED):
            times = [seconds for name, seconds in best.items() if name.startswith(f"{peer}, {of}")]
            if times:
                print(f"parure to the best of {peer + ', ' + of:<40}{min(times) / own:>6.2f} times as fast")


if __name__ == "__main__":
    main()
