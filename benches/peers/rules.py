"""benches/grocer.toml in numbers, for those that can't read it. What SQL can't express is left out: points as payment."""

from datetime import date

#: Spend within twelve months that reaches a tier, in minor units, and its multiplier in tenths; high to low.
TIERS = [(1_600_000, "gold", 15), (800_000, "silver", 12), (0, "member", 10)]
FRESH = ["fresh/fruit", "fresh/vegetables", "fresh/herbs", "fresh/fish", "fresh/meat"]
FRESH_TENTHS = 13
BAKERY = "bakery"
BAKERY_TENTHS = 20
BIRTHDAY_TENTHS = 18
#: The last day of the log, at whose end the households are looked at.
ON = date(2025, 12, 31)
