"""The grocer's program in DuckDB, two ways. Lines become purchases first, so that all else is done a tenth as often."""

from collections.abc import Callable

import duckdb
import pyarrow

import rules

TIERS = " ".join(f"WHEN {{spend}} >= {reach} THEN {{{what}}}" for what, (reach, _, _) in enumerate(rules.TIERS))


def case(spend: str, of: int) -> str:
    """What a spend of twelve months gives: the tier's id (1) or its multiplier (2)."""
    values = [repr(tier[of]) for tier in rules.TIERS]
    return f"CASE {TIERS.format(*values, spend=spend)} END"


FRESH = ", ".join(repr(category) for category in rules.FRESH)

PEOPLE = "SELECT customer::INTEGER AS customer, coalesce(birthday[1:2]::INTEGER, 0) AS birth_month FROM customers_table"

LINES = """SELECT customer::INTEGER AS customer, id::INTEGER AS id, "at"::TIMESTAMP AS instant,
           category::VARCHAR::category AS category, (amount * 100)::INTEGER AS minor FROM sales_table"""

COLUMNS = """SELECT customer, id, "at" AS instant, category, amount AS minor FROM sales_table"""

CONVERTED = """SELECT customer, id, "at" AS instant, category, (amount * 100)::INTEGER AS minor FROM sales_table"""


def with_baskets(within: str = "", minor: str = "{}::BIGINT") -> str:
    """Lines as purchases. `within`: what comes before, `minor`: how a sum becomes minor units."""
    summed = {
        "spend": "sum(minor)",
        "fresh": f"sum(CASE WHEN category IN ({FRESH}) THEN minor ELSE 0 END)",
        "bakery": f"sum(CASE WHEN category = '{rules.BAKERY}' THEN minor ELSE 0 END)",
    }
    sums = ", ".join(f"{minor.format(value)} AS {name}" for name, value in summed.items())
    return f"""
WITH {within} baskets AS (
    SELECT any_value(customer) AS customer, id, any_value(instant)::TIMESTAMP AS instant,
           (any_value(instant)::TIMESTAMP + INTERVAL 8 HOUR)::DATE AS day, {sums}
    FROM sales GROUP BY id
), """


PREPARED = with_baskets()
# From the Arrow table: amounts become whole numbers when they are read, or when they have been added up.
CASTING = with_baskets(f"sales AS ({CONVERTED}), customers AS ({PEOPLE}),")
AS_IT_IS = with_baskets(f"sales AS ({COLUMNS}), customers AS ({PEOPLE}),", "({} * 100)::BIGINT")

# The window of twelve months is a frame of each row's own length.
FRAME = """rolled AS (
    SELECT *, sum(spend) OVER (
        PARTITION BY customer ORDER BY instant
        RANGE BETWEEN (instant + INTERVAL 8 HOUR - (day - INTERVAL 12 MONTH + INTERVAL 1 DAY)) PRECEDING AND CURRENT ROW
    )::BIGINT - spend AS before
    FROM baskets
)"""

# The window of twelve months is a difference of two running sums.
ASOF = """running AS (
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
    """The log as the Arrow table that it is, and in a database in memory, in the types that are read fastest."""

    def __init__(self, sales: pyarrow.Table, customers: pyarrow.Table):
        self.database = duckdb.connect(config={"threads": 1})
        self.database.register("sales_table", sales)
        self.database.register("customers_table", customers)
        self.database.execute("SET TimeZone = 'UTC'")
        names = ", ".join(repr(name) for name in sorted(set(sales["category"].unique().to_pylist())))
        self.database.execute(f"CREATE TYPE category AS ENUM ({names})")
        self.prepare()

    def prepare(self) -> None:
        self.database.execute(f"CREATE OR REPLACE TABLE sales AS {LINES}")
        self.database.execute(f"CREATE OR REPLACE TABLE customers AS {PEOPLE}")

    def ask(self, baskets: str, rolled: str) -> pyarrow.Table:
        return self.database.sql(baskets + rolled + ENDING).to_arrow_table()

    def from_its_types(self) -> dict[str, Callable[[], pyarrow.Table]]:
        return {
            "a frame for each row": lambda: self.ask(PREPARED, FRAME),
            "running sums": lambda: self.ask(PREPARED, ASOF),
        }

    def from_arrow(self) -> dict[str, Callable[[], pyarrow.Table]]:
        return {
            "a frame for each row": lambda: self.ask(AS_IT_IS, FRAME),
            "running sums": lambda: self.ask(AS_IT_IS, ASOF),
            "running sums, whole numbers": lambda: self.ask(CASTING, ASOF),
            "running sums, a table first": self.a_table_first,
        }

    def a_table_first(self) -> pyarrow.Table:
        self.prepare()
        return self.ask(PREPARED, ASOF)
