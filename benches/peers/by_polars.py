"""The grocer's program in polars, two ways. Lines become purchases first, so that all else is done a tenth as often."""

from collections.abc import Callable

import polars as pl
import pyarrow

import rules

YEAR_BEFORE = pl.col("day").dt.offset_by("-12mo")


def tier(spend: pl.Expr, of: int) -> pl.Expr:
    """What a spend of twelve months gives: the tier's id (1) or its multiplier (2)."""
    (gold, *high), (silver, *middle), (_, *low) = rules.TIERS
    given = [pl.lit(values[of - 1]) for values in (high, middle, low)]
    return pl.when(spend >= gold).then(given[0]).when(spend >= silver).then(given[1]).otherwise(given[2])


def columns(sales: pyarrow.Table) -> pl.LazyFrame:
    return pl.from_arrow(sales.select(["customer", "id", "at", "category", "amount"])).lazy()


def people(customers: pyarrow.Table) -> pl.LazyFrame:
    birth_month = pl.col("birthday").str.head(2).cast(pl.Int8).fill_null(0).alias("birth_month")
    return pl.from_arrow(customers).lazy().select(pl.col("customer").cast(pl.Int32), birth_month)


def converted(sales: pyarrow.Table) -> pl.LazyFrame:
    """In the types that are read fastest."""
    categories = pl.Enum(sorted(set(sales["category"].unique().to_pylist())))
    return columns(sales).select(
        pl.col("customer").cast(pl.Int32),
        pl.col("id").cast(pl.Int32).set_sorted(),
        pl.col("at").dt.replace_time_zone(None),
        pl.col("category").cast(pl.String).cast(categories),
        (pl.col("amount") * 100).cast(pl.Int64).alias("minor"),
    )


def whole(sales: pyarrow.Table) -> pl.LazyFrame:
    """Only amounts are converted: they are told in hundredths, so that a number is the same in both."""
    minor = pl.col("amount").cast(pl.Decimal(12, 2)).to_physical().cast(pl.Int64).alias("minor")
    return columns(sales).select(pl.col("customer").cast(pl.Int32), pl.col("id").set_sorted(), "at", "category", minor)


def as_it_is(sales: pyarrow.Table) -> pl.LazyFrame:
    """Decimals become whole numbers when they have been added up."""
    return columns(sales).select(
        pl.col("customer").cast(pl.Int32), pl.col("id").set_sorted(), "at", "category", pl.col("amount").alias("minor")
    )


READINGS = {"as it is": as_it_is, "whole numbers": whole, "all converted": converted}


class Polars:
    """A frame of the log; made before, or anew each time it is asked."""

    def __init__(self, sales: Callable[[], pl.LazyFrame], customers: Callable[[], pl.LazyFrame]):
        self.sales, self.customers = sales, customers

    @classmethod
    def of_its_types(cls, sales: pyarrow.Table, customers: pyarrow.Table) -> "Polars":
        lines, known = converted(sales).collect(), people(customers).collect()
        return cls(lines.lazy, known.lazy)

    @classmethod
    def of_arrow(cls, read: Callable[[pyarrow.Table], pl.LazyFrame], *tables: pyarrow.Table) -> "Polars":
        sales, customers = tables
        return cls(lambda: read(sales), lambda: people(customers))

    def ways(self) -> dict[str, Callable[[], pyarrow.Table]]:
        return {
            "rolling sums": lambda: self.rolling("in-memory"),
            "running sums": lambda: self.asof("in-memory"),
            "rolling sums, streaming": lambda: self.rolling("streaming"),
            "running sums, streaming": lambda: self.asof("streaming"),
        }

    def baskets(self) -> pl.LazyFrame:
        minor, category = pl.col("minor"), pl.col("category")
        sales = self.sales()
        of = sales.collect_schema()["minor"]
        zero = pl.lit(0, of)
        lines = sales.with_columns(
            pl.when(category.is_in(rules.FRESH)).then(minor).otherwise(zero).alias("fresh"),
            pl.when(category == rules.BAKERY).then(minor).otherwise(zero).alias("bakery"),
        )
        baskets = lines.group_by("id").agg(
            pl.col("customer").first(),
            pl.col("at").first(),
            minor.sum().alias("spend"),
            pl.col("fresh").sum(),
            pl.col("bakery").sum(),
        )
        baskets = baskets.with_columns(pl.col("at").dt.replace_time_zone(None))
        if of.is_decimal():
            sums = [pl.col(name) for name in ("spend", "fresh", "bakery")]
            baskets = baskets.with_columns((column * 100).cast(pl.Int64) for column in sums)
        day = pl.col("at").dt.offset_by("8h").dt.date().alias("day")
        return baskets.with_columns(day).sort("customer", "at")

    def rolling(self, engine: str) -> pyarrow.Table:
        """The window of twelve months is a rolling sum by day, less what was bought later on the day."""
        spend = pl.col("spend")
        days = self.baskets().with_columns(
            spend.rolling_sum_by("day", "12mo", closed="right").over("customer").alias("year"),
            (spend.sum() - spend.cum_sum() + spend).over("customer", "day").alias("rest_of_day"),
        )
        return self.ending(days.with_columns((pl.col("year") - pl.col("rest_of_day")).alias("before")), engine)

    def asof(self, engine: str) -> pyarrow.Table:
        """The window of twelve months is a difference of two running sums."""
        running = self.baskets().with_columns(
            pl.col("spend").cum_sum().over("customer").alias("total"), YEAR_BEFORE.alias("start")
        )
        long_ago = running.select("customer", "day", pl.col("total").alias("left"))
        rolled = running.sort("start").join_asof(
            long_ago.sort("day", maintain_order=True),
            left_on="start",
            right_on="day",
            by="customer",
            strategy="backward",
        )
        before = pl.col("total") - pl.col("spend") - pl.col("left").fill_null(0)
        return self.ending(rolled.with_columns(before.alias("before")), engine)

    def ending(self, rolled: pl.LazyFrame, engine: str) -> pyarrow.Table:
        day, spend, fresh, bakery = pl.col("day"), pl.col("spend"), pl.col("fresh"), pl.col("bakery")
        birthday = pl.when(pl.col("birth_month") == day.dt.month()).then(rules.BIRTHDAY_TENTHS).otherwise(10)
        times = pl.col("times")
        exact = (
            (spend - fresh - bakery) * times
            + fresh * pl.max_horizontal(times, rules.FRESH_TENTHS)
            + bakery * pl.max_horizontal(times, rules.BAKERY_TENTHS)
        )
        on = pl.lit(rules.ON)
        sums = (
            rolled.join(self.customers(), on="customer")
            .with_columns(pl.max_horizontal(tier(pl.col("before"), 2), birthday).cast(pl.Int64).alias("times"))
            .with_columns((exact // 1000).alias("awarded"))
            .group_by("customer")
            .agg(
                pl.col("awarded").sum(),
                pl.col("awarded").filter(day.dt.offset_by("12mo").dt.month_end() < on).sum().alias("lapsed"),
                spend.filter(day > on.dt.offset_by("-12mo")).sum(),
            )
        )
        ending = self.customers().join(sums, on="customer", how="left").fill_null(0)
        ending = ending.select(
            "customer",
            "awarded",
            "lapsed",
            (pl.col("awarded") - pl.col("lapsed")).alias("balance"),
            tier(spend, 1).alias("tier"),
        )
        return ending.sort("customer").collect(engine=engine).to_arrow()
