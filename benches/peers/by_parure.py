"""The grocer's program as it is written, in parure, points as payment and all."""

from pathlib import Path

import parure
import pyarrow

PROGRAM = Path(__file__).parent.parent / "grocer.toml"


class Parure:
    """The log as the table that it is."""

    def __init__(self, sales: pyarrow.Table, customers: pyarrow.Table):
        self.program = parure.Program.load(PROGRAM)
        self.sales, self.customers = sales, customers

    def replay(self) -> pyarrow.Table:
        replayed = parure.replay(self.program, self.sales, customers=self.customers, purchases=False)
        accounts = pyarrow.table(replayed.accounts)
        # Accounts are in the order of their ids as texts, households in the order of their numbers.
        number = accounts["customer"].cast("uint32")
        accounts = accounts.set_column(accounts.column_names.index("customer"), "customer", number)
        return accounts.select(["customer", "balance", "tier"]).sort_by("customer")
