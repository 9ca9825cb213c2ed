"""How fast Spark replays the grocer's log with two local workers, beside its own shuffle alone, in the same run.

    target/peers/venv/bin/pip install -r benches/peers/requirements-spark.txt ./bindings/python
    cargo run --release -p parure-bench --bin tables -- --write target/peers/grocer
    target/peers/venv/bin/python benches/peers/spark.py target/peers/grocer

The floor is what any function over spread accounts has to pay: the same rows, by the same key, into the same workers, which count them.
"""

import argparse
import os
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
os.environ.setdefault("PYSPARK_SUBMIT_ARGS", "--master local[2] --driver-memory 6g pyspark-shell")

import pyarrow
import pyarrow.ipc
import pyarrow.parquet
from pyspark import cloudpickle

import rules

BENCHES = Path(__file__).parent.parent
sys.path.insert(0, str(BENCHES.parent / "examples"))
import spark_replay

# The workers do not know where the examples lie.
cloudpickle.register_pickle_by_value(spark_replay)


def parquet(folder: Path, name: str) -> str:
    """The log as Spark would find it."""
    path = folder / f"{name}.parquet"
    if not path.exists():
        table = pyarrow.ipc.open_file(pyarrow.memory_map(str(folder / f"{name}.arrow"))).read_all()
        for column in ("item", "category"):
            if column in table.column_names:
                at = table.column_names.index(column)
                table = table.set_column(at, column, table[column].cast(pyarrow.string()))
        pyarrow.parquet.write_table(table, path, row_group_size=1_000_000)
    return str(path)


def count(batches: Iterable[pyarrow.RecordBatch]) -> Iterator[pyarrow.RecordBatch]:
    rows = sum(batch.num_rows for batch in batches)
    yield pyarrow.RecordBatch.from_pydict({"rows": [rows]})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, help="where the log was written")
    parser.add_argument("--shards", type=int, default=8)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    spark = spark_replay.session()
    sales = spark.read.parquet(parquet(arguments.folder, "sales"))
    customers = spark.read.parquet(parquet(arguments.folder, "customers"))
    program = (BENCHES / "grocer.toml").read_text(encoding="utf-8")
    expected = pyarrow.ipc.open_file(pyarrow.memory_map(str(arguments.folder / "standings.arrow"))).read_all()
    lines = sales.count()

    def floor() -> None:
        spread = spark_replay.spread(sales, customers, arguments.shards)
        counted = spread.mapInArrow(count, "rows bigint").collect()
        if sum(row.rows for row in counted) != lines + expected.num_rows:
            raise SystemExit("the shuffle lost rows")

    def replay() -> None:
        accounts = spark_replay.replay(
            program, sales, customers=customers, as_of=rules.ON, shards=arguments.shards
        ).collect()
        found = {int(row.customer): (row.balance, row.tier) for row in accounts}
        names = ("customer", "balance", "tier")
        numbers, balances, tiers = (expected[name].to_pylist() for name in names)
        if found != dict(zip(numbers, zip(balances, tiers))):
            raise SystemExit("the accounts differ from the hard-coded program's")

    best: dict[str, float] = {}
    for _ in range(arguments.rounds):
        for name, run in (("shuffle alone", floor), ("replay", replay)):
            start = time.perf_counter()
            run()
            seconds = time.perf_counter() - start
            best[name] = min(seconds, best.get(name, seconds))
    print(f"{lines} lines, {expected.num_rows} households, {arguments.shards} shards, {spark.sparkContext.master}")
    for name, seconds in best.items():
        print(f"{name:<20}{seconds:>8.2f} s{lines / seconds / 1e6:>8.2f} million lines/s")
    print(f"replay to the shuffle alone {best['replay'] / best['shuffle alone']:.2f}")
    spark.stop()


if __name__ == "__main__":
    main()
