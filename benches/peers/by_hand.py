"""The grocer's program as a loop in plain Python over lists, in the log's own order."""

from collections import deque
from datetime import date, timedelta

import pyarrow

import rules

DAY = 86_400_000_000
EPOCH = date(1970, 1, 1)


class Household:
    __slots__ = ("awarded", "birth_month", "months", "rolling", "spends")

    def __init__(self, birth_month: int):
        self.awarded = 0
        self.birth_month = birth_month
        self.months: dict[int, int] = {}
        self.rolling = 0
        self.spends: deque[tuple[int, int]] = deque()

    def roll(self, window: int) -> None:
        spends = self.spends
        while spends and spends[0][0] < window:
            self.rolling -= spends.popleft()[1]


def year_before(day: date) -> date:
    return day.replace(year=day.year - 1, day=28 if (day.month, day.day) == (2, 29) else day.day)


class Plain:
    """The log as lists of whole numbers; categories by number."""

    def __init__(self, sales: pyarrow.Table, customers: pyarrow.Table):
        categories = sales["category"].combine_chunks()
        self.categories = categories.dictionary.to_pylist()
        minor = [int(amount.scaleb(2)) for amount in sales["amount"].to_pylist()]
        micros = sales["at"].cast("int64").to_pylist()
        self.rows = [
            sales["customer"].to_pylist(), sales["id"].to_pylist(), micros, categories.indices.to_pylist(), minor
        ]
        self.birth_months = [int(birthday[:2]) if birthday else 0 for birthday in customers["birthday"].to_pylist()]

    def replay(self) -> pyarrow.Table:
        bonus = [
            rules.FRESH_TENTHS if name in rules.FRESH else rules.BAKERY_TENTHS if name == rules.BAKERY else 10
            for name in self.categories
        ]
        times = {least: [max(least, tenths) for tenths in bonus] for least in (10, 12, 15, 18)}
        households = [Household(month) for month in self.birth_months]
        days: dict[int, tuple[int, int, int]] = {}
        last, open_at = -1, 0
        household, exact, spend, own = None, 0, 0, []
        for customer, purchase, micros, category, minor in zip(*self.rows):
            if purchase != last:
                if household is not None:
                    self.close(household, open_at, month, exact, spend)
                last, exact, spend = purchase, 0, 0
                household = households[customer]
                open_at = (micros + DAY // 3) // DAY
                known = days.get(open_at)
                if known is None:
                    day = EPOCH + timedelta(open_at)
                    window = (year_before(day) - EPOCH).days + 1
                    known = days[open_at] = (day.year * 12 + day.month - 1, day.month, window)
                month, of_year, window = known
                household.roll(window)
                least = 15 if household.rolling >= 1_600_000 else 12 if household.rolling >= 800_000 else 10
                own = times[18 if household.birth_month == of_year else least]
            exact += minor * own[category]
            spend += minor
        if household is not None:
            self.close(household, open_at, month, exact, spend)
        return self.ending(households)

    @staticmethod
    def close(household: Household, day: int, month: int, exact: int, spend: int) -> None:
        awarded = exact // 1000
        household.awarded += awarded
        household.months[month] = household.months.get(month, 0) + awarded
        household.rolling += spend
        household.spends.append((day, spend))

    @staticmethod
    def ending(households: list[Household]) -> pyarrow.Table:
        alive = rules.ON.year * 12 + rules.ON.month - 1 - 12
        window = (year_before(rules.ON) - EPOCH).days + 1
        rows = []
        for number, household in enumerate(households):
            household.roll(window)
            lapsed = sum(points for month, points in household.months.items() if month < alive)
            tier = next(name for reach, name, _ in rules.TIERS if household.rolling >= reach)
            rows.append((number, household.awarded, lapsed, household.awarded - lapsed, tier))
        return pyarrow.table(list(map(list, zip(*rows))), ["customer", "awarded", "lapsed", "balance", "tier"])
