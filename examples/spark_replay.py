"""Replays sales on Spark: the accounts are spread over the workers, and the answer is what one machine gives, to the byte.

    pip install parure pyspark pyarrow "pandas<3"
    python examples/spark_replay.py examples/maison.toml sales.parquet answer --as-of 2026-12-31

What happens to one account never depends on another's facts. So each worker gets all rows of its customers, those of when they joined
too, and replays them as a table of its own. docs/scale.md tells what that asks of the data.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator
from datetime import date

import parure
import pyarrow as pa
import pyarrow.compute as pc
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

#: The tables that a replay gives, as Spark can hold them.
TABLES = {
    "accounts": pa.schema(
        {
            "customer": pa.string(),
            "balance": pa.int64(),
            "pending": pa.int64(),
            "debt": pa.int64(),
            "tier": pa.string(),
            "next_lapse": pa.date32(),
            "next_lapse_points": pa.int64(),
        }
    ),
    "purchases": pa.schema(
        {
            "id": pa.string(),
            "customer": pa.string(),
            "on": pa.date32(),
            "wanted": pa.int64(),
            "awarded": pa.int64(),
            "rules": pa.list_(pa.string()),
            "tier_before": pa.string(),
            "tier_after": pa.string(),
        }
    ),
}
COLUMNS = {
    "accounts": "customer string, balance bigint, pending bigint, debt bigint, tier string, next_lapse date,"
    " next_lapse_points bigint",
    "purchases": "id string, customer string, `on` date, wanted bigint, awarded bigint, rules array<string>,"
    " tier_before string, tier_after string",
}
#: Where a row stood before it was sent to a worker: rows of a purchase are its lines, in their order.
ROW = "__row"
#: The columns of the customers travel beside those of the sales.
MEMBER = "__member_"


def spread(sales: DataFrame, customers: DataFrame | None, shards: int) -> DataFrame:
    """All rows of a customer, sold and joined, in one partition."""
    rows = sales.withColumn(ROW, F.monotonically_increasing_id())
    if customers is not None:
        told = [F.col(name).alias(MEMBER + name) for name in customers.columns if name != "customer"]
        rows = rows.unionByName(customers.select("customer", *told), allowMissingColumns=True)
    return rows.repartition(shards, "customer")


def parted(rows: pa.Table) -> tuple[pa.Table, pa.Table | None]:
    """The sales of a partition in their order, and its customers, where these were given."""
    told = [name for name in rows.column_names if name.startswith(MEMBER)]
    sold = [name for name in rows.column_names if name != ROW and name not in told]
    sales = rows.filter(pc.is_valid(rows[ROW])).sort_by(ROW).select(sold)
    if not told:
        return sales, None
    members = rows.filter(pc.is_null(rows[ROW])).select(["customer", *told])
    return sales, members.rename_columns(["customer", *(name.removeprefix(MEMBER) for name in told)])


def replay(
    program: str,
    sales: DataFrame,
    *,
    customers: DataFrame | None = None,
    as_of: date,
    table: str = "accounts",
    shards: int = 8,
) -> DataFrame:
    """One of the tables that `parure.replay` gives, under the text of a program, at the end of a day."""

    def shard(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        own = list(batches)
        if not own:
            return
        sold, members = parted(pa.Table.from_batches(own))
        replayed = parure.replay(parure.Program.parse(program), sold, customers=members, as_of=as_of)
        yield from pa.table(getattr(replayed, table)).cast(TABLES[table]).to_batches()

    return spread(sales, customers, shards).mapInArrow(shard, COLUMNS[table])


def session() -> SparkSession:
    """Instants keep their meaning whatever the machine's time zone."""
    return SparkSession.builder.appName("parure").config("spark.sql.session.timeZone", "UTC").getOrCreate()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program", help="the program, a TOML file")
    parser.add_argument("sales", help="the sales, Parquet")
    parser.add_argument("out", help="the folder that the answer goes into, Parquet")
    parser.add_argument("--customers", help="who joined and when, Parquet")
    parser.add_argument("--as-of", type=date.fromisoformat, required=True, help="at the end of which day")
    parser.add_argument("--tables", nargs="+", choices=list(TABLES), default=["accounts"], help="what is asked")
    parser.add_argument("--shards", type=int, default=8, help="in how many parts the accounts are replayed")
    arguments = parser.parse_args()
    with open(arguments.program, encoding="utf-8") as file:
        program = file.read()
    spark = session()
    customers = spark.read.parquet(arguments.customers) if arguments.customers else None
    sales = spark.read.parquet(arguments.sales)
    for table in arguments.tables:
        answer = replay(
            program, sales, customers=customers, as_of=arguments.as_of, table=table, shards=arguments.shards
        )
        # By the first column, customer or id: Spark compares texts by their bytes, as one machine does.
        answer.orderBy(answer.columns[0]).write.mode("overwrite").parquet(f"{arguments.out}/{table}")
    spark.stop()


if __name__ == "__main__":
    main()
