"""Tables of polars, pandas, pyarrow and DuckDB, replayed and merged: the same as through facts."""

from __future__ import annotations

import pickle
import subprocess
import sys
import threading
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import duckdb
import pandas as pd
import parure
import polars as pl
import pyarrow as pa
import pytest
from conftest import ROOT, SHANGHAI
from parure import Book, Fact, Line, Program, Purchase, TableError

ON = date(2026, 12, 31)
START = datetime(2026, 2, 1, 10, tzinfo=SHANGHAI)

# Two purchases of Mei, one of two lines, and one of Lan, who spent nothing yet.
ROWS: list[dict[str, Any]] = [
    {"id": "p-1", "customer": "mei", "at": START, "category": "ring/wedding", "amount": Decimal("12800.00")},
    {"id": "p-1", "customer": "mei", "at": START, "category": "care", "amount": Decimal("40.00")},
    {"id": "p-2", "customer": "lan", "at": START + timedelta(days=9), "category": "watch", "amount": Decimal("64000.00")},
    {"id": "p-3", "customer": "mei", "at": START + timedelta(days=30), "category": "ring", "amount": Decimal("320.50")},
]
JOINED: list[dict[str, Any]] = [{"customer": name, "at": START - timedelta(days=1), "birthday": date(1990, 2, 3)} for name in ("lan", "mei")]
TABLES: dict[str, Any] = {
    "polars": pl.DataFrame,
    "pyarrow": pa.Table.from_pylist,
    "pandas": lambda rows: pd.DataFrame(rows).convert_dtypes(dtype_backend="pyarrow"),
    "DuckDB": lambda rows: duckdb.from_arrow(pa.Table.from_pylist(rows)),
}


def told(program: Program) -> Book:
    """The same as facts."""
    book = Book(program)
    facts = [
        Fact.joined(id=f"joined:{row['customer']}", at=row["at"], customer=row["customer"], birthday=row["birthday"])
        for row in JOINED
    ]
    for name in ("p-1", "p-2", "p-3"):
        rows = [row for row in ROWS if row["id"] == name]
        lines = [Line(id=str(at + 1), category=row["category"], amount=row["amount"]) for at, row in enumerate(rows)]
        facts.append(
            Fact.purchased(id=name, at=rows[0]["at"], customer=rows[0]["customer"], purchase=Purchase(lines=lines))
        )
    book.merge(facts)
    return book


@pytest.mark.parametrize("kind", TABLES)
def test_a_replay_is_what_a_book_says(kind: str, maison: Program) -> None:
    book = told(maison)
    replayed = parure.replay(maison, TABLES[kind](ROWS), customers=TABLES[kind](JOINED), as_of=ON)
    assert replayed.report == book.report(ON)
    accounts = pa.table(replayed.accounts).to_pylist()
    assert [row["customer"] for row in accounts] == ["lan", "mei"]
    for row in accounts:
        account = book.account(row["customer"], ON)
        assert account.tier is not None
        assert (row["balance"], row["pending"], row["debt"]) == (account.points.balance, account.points.pending, 0)
        assert row["tier"] == account.tier.id
        lots = [lot.last_day for lot in account.points.lots if lot.last_day is not None]
        assert row["next_lapse"] == min(lots)
    purchases = pa.table(replayed.purchases).to_pylist()
    assert [row["id"] for row in purchases] == ["p-1", "p-2", "p-3"]
    assert (purchases[0]["awarded"], purchases[0]["rules"]) == (2_768, ["standard", "birthday-month", "welcome"])
    assert (purchases[1]["tier_before"], purchases[1]["tier_after"]) == ("member", "gold")
    assert pa.table(replayed.months).num_rows == len(book.report(ON).months)
    assert replayed.rejects.num_rows == 0


@pytest.mark.parametrize("kind", TABLES)
def test_a_merge_is_the_same_as_of_facts(kind: str, maison: Program) -> None:
    book = Book(maison)
    done = book.merge_table(TABLES[kind](ROWS), customers=TABLES[kind](JOINED))
    assert (done.merged.new, done.merged.known, len(done.rejects)) == (5, 0, 0)
    assert book.to_json(ON) == told(maison).to_json(ON)
    again = book.merge_table(TABLES[kind](ROWS), customers=TABLES[kind](JOINED))
    assert (again.merged.new, again.merged.known) == (0, 5)


def test_columns_go_by_other_names(maison: Program) -> None:
    table = pl.DataFrame(ROWS).rename({"customer": "household_key", "amount": "SALES_VALUE"})
    columns = {"customer": "household_key", "amount": "SALES_VALUE"}
    assert parure.replay(maison, table, columns=columns).report.totals.awarded > 0
    with pytest.raises(TableError, match="no column") as raised:
        parure.replay(maison, table)
    assert raised.value.code == "no_column"


@pytest.mark.parametrize(
    ("change", "code", "row", "column"),
    [
        ({"amount": Decimal("-1.00")}, "negative_amount", 3, "amount"),
        ({"customer": None}, "missing_key", 3, "customer"),
        ({"id": "p-1"}, "rows_differ", 3, "at"),
    ],
)
def test_a_bad_cell_says_where_it_is(
    change: dict[str, Any], code: str, row: int, column: str, maison: Program
) -> None:
    table = pl.DataFrame([*ROWS[:3], {**ROWS[3], **change}])
    book = Book(maison)
    with pytest.raises(TableError) as raised:
        book.merge_table(table)
    error = raised.value
    assert (error.code, error.table, error.row, error.path) == (code, "sales", row, column)
    assert str(error).startswith(f"sales, row {row}, column `{column}`: ") and book.facts == 0
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), again.row, again.table, again.code) == (TableError, row, "sales", code)

    replayed = parure.replay(maison, table, on_bad="set_aside")
    rejects = pa.table(replayed.rejects).to_pylist()
    assert (code, column) in [(reject["code"], reject["column"]) for reject in rejects if reject["row"] == row]
    assert replayed.purchases.num_rows < 3


def test_what_is_no_exact_table_is_refused(maison: Program) -> None:
    floats = pl.DataFrame(ROWS).with_columns(pl.col("amount").cast(pl.Float64))
    naive = pl.DataFrame(ROWS).with_columns(pl.col("at").dt.replace_time_zone(None))
    for table, code in ((floats, "float_amount"), (naive, "naive_time")):
        with pytest.raises(TableError) as raised:
            parure.replay(maison, table)
        assert raised.value.code == code
    wrong: Any = ROWS
    with pytest.raises(TypeError, match="__arrow_c_stream__"):
        parure.replay(maison, wrong)
    mode: Any = "skip"
    with pytest.raises(ValueError, match="set_aside"):
        parure.replay(maison, pl.DataFrame(ROWS), on_bad=mode)


def test_what_comes_back_is_a_table_anywhere(maison: Program) -> None:
    accounts = parure.replay(maison, pl.DataFrame(ROWS), as_of=ON).accounts
    assert repr(accounts).startswith("<Table of 2 rows: customer, balance, ")
    assert pl.DataFrame(accounts).height == pa.table(accounts).num_rows == len(accounts) == 2
    assert pl.DataFrame(accounts).columns == list(accounts.column_names)
    assert pa.schema(accounts).names == list(accounts.column_names)
    relation = duckdb.from_arrow(pa.table(accounts))
    assert relation.aggregate("sum(balance)").fetchall() == [(sum(pl.DataFrame(accounts)["balance"]),)]


def test_a_stream_that_fails_is_told(maison: Program) -> None:
    def batches() -> Any:
        yield pa.RecordBatch.from_pylist(ROWS)
        raise OSError("the disk is gone")

    schema = pa.RecordBatch.from_pylist(ROWS).schema
    with pytest.raises(parure.RequestError, match="the disk is gone"):
        parure.replay(maison, pa.RecordBatchReader.from_batches(schema, batches()))


def test_other_threads_run_meanwhile(maison: Program) -> None:
    table = pl.concat([pl.DataFrame(ROWS).drop("id")] * 20_000)
    results: list[int] = []
    work = [threading.Thread(target=lambda: results.append(len(parure.replay(maison, table).purchases))) for _ in range(4)]
    for thread in work:
        thread.start()
    for thread in work:
        thread.join()
    assert results == [80_000] * 4


def test_the_notebook_runs() -> None:
    ran = subprocess.run(
        [sys.executable, "examples/cdnow_polars.py"], cwd=ROOT, capture_output=True, timeout=300, check=False
    )
    assert ran.returncode == 0, ran.stderr.decode()
    assert "purchases: 69,659, accounts: 23,570" in ran.stdout.decode()
