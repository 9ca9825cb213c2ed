"""The grocer's program in polars, two ways. Lines become purchases first, so that all else is done a tenth as often."""

import polars as pl
import pyarrow

import rules

YEAR_BEFORE = pl.col("day").dt.offset_by("-12mo")


def tier(spend: pl.Expr, of: int) -> pl.Expr:
    """What a spend of twelve months gives: the tier's id (1) or its multiplier (2)."""
    (gold, *high), (silver, *middle), (_, *low) = rules.TIERS
    given = [pl.lit(values[of - 1]) for values in (high, middle, low)]
    return pl.when(spend >= gold).then(given[0]).when(spend >= silver).then(given[1]).otherwise(given[2])


class Polars:
    """The log as a frame in memory, in the types that are read fastest."""

    def __init__(self, sales: pyarrow.Table, customers: pyarrow.Table):
        frame = pl.from_arrow(sales.select(["customer", "id", "at", "category", "amount"]))
        categories = pl.Enum(sorted(set(sales["category"].unique().to_pylist())))
        self.sales = frame.select(
            pl.col("customer").cast(pl.Int32),
            pl.col("id").cast(pl.Int32).set_sorted(),
            pl.col("at").dt.replace_time_zone(None),
            pl.col("category").cast(pl.String).cast(categories),
            (pl.col("amount") * 100).cast(pl.Int64).alias("minor"),
        )
        birth_month = pl.col("birthday").str.head(2).cast(pl.Int8).fill_null(0).alias("birth_month")
        self.customers = pl.from_arrow(customers).select(pl.col("customer").cast(pl.Int32), birth_month)

    def baskets(self) -> pl.LazyFrame:
        minor, category = pl.col("minor"), pl.col("category")
        zero = pl.lit(0, pl.Int64)
        lines = self.sales.lazy().with_columns(
            pl.when(category.is_in(rules.FRESH)).then(minor).otherwise(zero).alias("fresh"),
            pl.when(category == rules.BAKERY).then(minor).otherwise(zero).alias("bakery"),
        )
        baskets = lines.group_by("id").agg(
            pl.col("customer").first(),
            pl.col("at").first(),
            pl.col("minor").sum().alias("spend"),
            pl.col("fresh").sum(),
            pl.col("bakery").sum(),
        )
        day = pl.col("at").dt.offset_by("8h").dt.date().alias("day")
        return baskets.with_columns(day).sort("customer", "at")

    def rolling(self, engine: str = "in-memory") -> pyarrow.Table:
        """The window of twelve months is a rolling sum by day, less what was bought later on the day."""
        spend = pl.col("spend")
        days = self.baskets().with_columns(
            spend.rolling_sum_by("day", "12mo", closed="right").over("customer").alias("year"),
            (spend.sum() - spend.cum_sum() + spend).over("customer", "day").alias("rest_of_day"),
        )
        return self.ending(days.with_columns((pl.col("year") - pl.col("rest_of_day")).alias("before")), engine)

    def asof(self, engine: str = "in-memory") -> pyarrow.Table:
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

    def rolling_streaming(self) -> pyarrow.Table:
        return self.rolling("streaming")

    def asof_streaming(self) -> pyarrow.Table:
        return self.asof("streaming")

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
            rolled.join(self.customers.lazy(), on="customer")
            .with_columns(pl.max_horizontal(tier(pl.col("before"), 2), birthday).cast(pl.Int64).alias("times"))
            .with_columns((exact // 1000).alias("awarded"))
            .group_by("customer")
            .agg(
                pl.col("awarded").sum(),
                pl.col("awarded").filter(day.dt.offset_by("12mo").dt.month_end() < on).sum().alias("lapsed"),
                spend.filter(day > on.dt.offset_by("-12mo")).sum(),
            )
        )
        ending = self.customers.lazy().join(sums, on="customer", how="left").fill_null(0)
        ending = ending.select(
            "customer",
            "awarded",
            "lapsed",
            (pl.col("awarded") - pl.col("lapsed")).alias("balance"),
            tier(spend, 1).alias("tier"),
        )
        return ending.sort("customer").collect(engine=engine).to_arrow()
