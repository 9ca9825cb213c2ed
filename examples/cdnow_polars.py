"""What would a points scheme have cost? A year and a half of a real shop's sales (CDNOW), replayed from a polars data frame.

Run it as a script, or cell by cell in an editor that knows `# %%`:

    python examples/cdnow_polars.py
"""

# %% The rules, and 69,659 purchases of 23,570 customers.
from __future__ import annotations

from datetime import date
from pathlib import Path

import parure
import polars as pl

HERE = Path(__file__).parent
program = parure.Program.load(HERE / "cdnow.toml")
words = (HERE / "cdnow.txt").read_text().split()
header, cells = words[:4], words[4:]
sales = pl.DataFrame(
    {name: cells[at::4] for at, name in enumerate(header)},
    schema_overrides={name: pl.String for name in header},
).with_columns(
    pl.col("date").str.to_date("%Y%m%d"),
    pl.col("dollar_value").cast(pl.Decimal(12, 2)),  # exact: a float is refused
)
print(sales.head(3))

# %% Replayed. A day stands for its start; rows of one day stay in their order.
columns = {
    "customer": "customer_id",
    "at": "date",
    "quantity": "number_of_cds",
    "amount": "dollar_value",
}
year = parure.replay(program, sales, columns=columns, as_of=date(1998, 6, 30))
print(year)
print(year.report)

# %% By month: what was awarded, spent and lapsed, and what is outstanding.
months = pl.DataFrame(year.months)
print(months.select("month", "purchases", "spend", "awarded", "lapsed", "outstanding").tail(6))

# %% Who holds the most, and by tier.
accounts = pl.DataFrame(year.accounts)
print(accounts.sort("balance", "customer", descending=[True, False]).head(3))
print(accounts.group_by("tier").agg(pl.len().alias("members"), pl.sum("balance")).sort("tier"))

# %% The same year under other rules: twice the points.
richer = parure.Program.parse(program.source.replace('points = 1\n', 'points = 2\n'), file="richer.toml")
other = parure.replay(richer, sales, columns=columns, as_of=date(1998, 6, 30), purchases=False)
assert other.report.totals.awarded > year.report.totals.awarded
print(f"awarded: {year.report.totals.awarded:,} points, under the other rules {other.report.totals.awarded:,}")

# %% Each purchase beside its sale: they come in the order of the rows.
purchases = pl.DataFrame(year.purchases)
assert purchases.height == sales.height and purchases["awarded"].sum() == year.report.totals.awarded
print(pl.concat([sales.select("dollar_value"), purchases.select("customer", "on", "awarded")], how="horizontal").head(3))
