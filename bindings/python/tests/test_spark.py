"""On Spark, with two workers, a replay gives what it gives on one machine, to the byte."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from conftest import ROOT, count

import parure

GROCER = ROOT / "benches/grocer.toml"
ON = date(2025, 12, 31)
COLUMNS = {
    "accounts": ["customer", "balance", "pending", "debt", "tier", "next_lapse", "next_lapse_points"],
    "purchases": ["id", "customer", "on", "wanted", "awarded", "rules", "tier_before", "tier_after"],
}


def tables() -> tuple[pa.Table, pa.Table]:
    """Sixty customers, some of whom never buy; purchases of one to four lines, at instants that several customers share."""
    dice = random.Random(2026)
    start = datetime(2024, 1, 2, tzinfo=timezone.utc)
    customers = [f"客-{number}" if number % 7 == 0 else f"c-{number}" for number in range(60)]
    joined = pa.table(
        {
            "customer": customers,
            "at": pa.array([start - timedelta(days=1)] * 60, pa.timestamp("us", "UTC")),
            "birthday": [None if number % 3 == 0 else f"{number % 12 + 1:02}-17" for number in range(60)],
        }
    )
    rows = []
    for purchase in range(2_000):
        customer = dice.choice(customers[:50])
        at = start + timedelta(hours=purchase // 3 * 24)
        for _ in range(dice.randrange(1, 5)):
            category = dice.choice(["bakery", "fresh/fruit", "drinks/tea"])
            rows.append((customer, f"p-{purchase}", at, category, Decimal(dice.randrange(100, 90_000)).scaleb(-2)))
    types = [pa.string(), pa.string(), pa.timestamp("us", "UTC"), pa.string(), pa.decimal128(12, 2)]
    names = ["customer", "id", "at", "category", "amount"]
    columns = [pa.array(column, kind) for column, kind in zip(zip(*rows, strict=True), types, strict=True)]
    return pa.table(columns, names), joined


def written(table: pa.Table, asked: str) -> str:
    """A table as text, a row a line, whichever of Arrow's types for the same thing it came in."""
    rows = table.select(COLUMNS[asked]).to_pylist()
    return "\n".join(json.dumps(row, default=date.isoformat, ensure_ascii=False) for row in rows)


def test_spark_gives_what_one_machine_gives(tmp_path: Path) -> None:
    if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
        count("SKIPPED: replay on Spark, which needs Java 17 or newer (Debian: apt-get install openjdk-17-jre-headless)")
        pytest.skip("Spark needs Java 17 or newer, and there is none on this machine")
    sales, customers = tables()
    # In several files, so that customers come together only in Spark; the rows of a purchase stay in one (docs/scale.md).
    (tmp_path / "sales").mkdir()
    part = pc.cast(pc.utf8_slice_codeunits(sales["id"], 2, 6), pa.int64())
    for number in range(4):
        own = pc.equal(pc.divide(part, 500), number)
        pq.write_table(sales.filter(own), tmp_path / f"sales/{number}.parquet")
    pq.write_table(customers, tmp_path / "customers.parquet")
    script = [sys.executable, "examples/spark_replay.py", str(GROCER), str(tmp_path / "sales"), str(tmp_path / "out")]
    options = ["--customers", str(tmp_path / "customers.parquet"), "--as-of", str(ON), "--shards", "5"]
    options += ["--tables", "accounts", "purchases"]
    environment = {**os.environ, "PYSPARK_PYTHON": sys.executable}
    environment["PYSPARK_SUBMIT_ARGS"] = "--master local[2] --conf spark.ui.enabled=false pyspark-shell"
    ran = subprocess.run(script + options, cwd=ROOT, capture_output=True, env=environment, timeout=900)
    assert ran.returncode == 0, ran.stderr.decode()[-4_000:]

    replayed = parure.replay(parure.Program.load(GROCER), sales, customers=customers, as_of=ON)
    for asked, rows in (("accounts", 60), ("purchases", 2_000)):
        alone = pa.table(getattr(replayed, asked))
        if asked == "purchases":
            # On Spark there is no first row: the answer comes by id.
            alone = alone.sort_by("id")
        assert alone.num_rows == rows
        assert written(pq.read_table(tmp_path / "out" / asked), asked) == written(alone, asked)
