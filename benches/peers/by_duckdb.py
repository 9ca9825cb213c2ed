"""The grocer's program in DuckDB, two ways. Lines become purchases first, so that all else is done a tenth as often."""

import duckdb
import pyarrow

import rules

TIERS = " ".join(f"WHEN {{spend}} >= {reach} THEN {{{what}}}" for what, (reach, _, _) in enumerate(rules.TIERS))


def case(spend: str, of: int) -> str:
    """What a spend of twelve months gives: the tier's id (1) or its multiplier (2)."""
    values = [repr(tier[of]) for tier in rules.TIERS]
    return f"CASE {TIERS.format(*values, spend=spend)} END"


FRESH = ", ".join(repr(category) for category in rules.FRESH)

BASKETS = f"""
WITH baskets AS (
    SELECT any_value(customer) AS customer, id, any_value(instant) AS instant,
           (any_value(instant) + INTERVAL 8 HOUR)::DATE AS day,
           sum(minor)::BIGINT AS spend,
           sum(CASE WHEN category IN ({FRESH}) THEN minor ELSE 0 END)::BIGINT AS fresh,
           sum(CASE WHEN category = '{rules.BAKERY}' THEN minor ELSE 0 END)::BIGINT AS bakery
    FROM sales GROUP BY id
), """

# The window of twelve months is a frame of each row's own length.
FRAME = f"""{BASKETS} rolled AS (
    SELECT *, sum(spend) OVER (
        PARTITION BY customer ORDER BY instant
        RANGE BETWEEN (instant + INTERVAL 8 HOUR - (day - INTERVAL 12 MONTH + INTERVAL 1 DAY)) PRECEDING AND CURRENT ROW
    )::BIGINT - spend AS before
    FROM baskets
)"""

# The window of twelve months is a difference of two running sums.
ASOF = f"""{BASKETS} running AS (
    SELECT *, (sum(spend) OVER (PARTITION BY customer ORDER BY instant ROWS UNBOUNDED PRECEDING))::BIGINT AS total,
           day - INTERVAL 12 MONTH + INTERVAL 16 HOUR AS start
    FROM baskets
), rolled AS (
    SELECT now.*, now.total - now.spend - coalesce(long_ago.total, 0) AS before
    FROM running now ASOF LEFT JOIN running long_ago
        ON now.customer = long_ago.customer AND long_ago.instant < now.start
)"""

ENDING = f""", multiplied AS (
    SELECT rolled.*,
           greatest({case("before", 2)}, CASE WHEN birth_month = month(day) THEN {rules.BIRTHDAY_TENTHS} ELSE 10 END) AS times
    FROM rolled JOIN customers USING (customer)
), awards AS (
    SELECT customer, day, spend,
           ((spend - fresh - bakery) * times + fresh * greatest(times, {rules.FRESH_TENTHS})
            + bakery * greatest(times, {rules.BAKERY_TENTHS})) // 1000 AS awarded
    FROM multiplied
), sums AS (
    SELECT customer, sum(awarded)::BIGINT AS awarded,
           coalesce(sum(awarded) FILTER (last_day(day + INTERVAL 12 MONTH) < DATE '{rules.ON}'), 0)::BIGINT AS lapsed,
           coalesce(sum(spend) FILTER (day > DATE '{rules.ON}' - INTERVAL 12 MONTH), 0)::BIGINT AS spend
    FROM awards GROUP BY customer
)
SELECT customer, coalesce(awarded, 0) AS awarded, coalesce(lapsed, 0) AS lapsed,
       coalesce(awarded - lapsed, 0) AS balance, {case("coalesce(spend, 0)", 1)} AS tier
FROM customers LEFT JOIN sums USING (customer) ORDER BY customer
"""


class DuckDB:
    """The log in a database in memory, in the types that are read fastest."""

    def __init__(self, sales: pyarrow.Table, customers: pyarrow.Table):
        self.database = duckdb.connect(config={"threads": 1})
        self.database.register("sales_table", sales)
        self.database.register("customers_table", customers)
        self.database.execute("SET TimeZone = 'UTC'")
        names = ", ".join(repr(name) for name in sorted(set(sales["category"].unique().to_pylist())))
        self.database.execute(f"CREATE TYPE category AS ENUM ({names})")
        self.database.execute(
            "CREATE TABLE sales AS SELECT customer::INTEGER AS customer, id::INTEGER AS id,"
            ' "at"::TIMESTAMP AS instant, category::VARCHAR::category AS category,'
            " (amount * 100)::INTEGER AS minor FROM sales_table"
        )
        self.database.execute(
            "CREATE TABLE customers AS SELECT customer::INTEGER AS customer,"
            " coalesce(birthday[1:2]::INTEGER, 0) AS birth_month FROM customers_table"
        )

    def frame(self) -> pyarrow.Table:
        return self.database.sql(FRAME + ENDING).to_arrow_table()

    def asof(self) -> pyarrow.Table:
        return self.database.sql(ASOF + ENDING).to_arrow_table()
