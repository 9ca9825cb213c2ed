"""A till's day: open the book, a customer joins, comes again and is found by her phone, asks, buys, comes back to spend points,
brings something back, and the evening's snapshot is kept.

    python examples/till.py examples/maison.toml

It prints what examples/till.c prints.
"""

from __future__ import annotations

import sys
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from parure import Birthday, Book, Fact, Line, Outcome, Program, Purchase, Refused, ReturnedLine, Tender

SHANGHAI = ZoneInfo("Asia/Shanghai")
CUSTOMER = "lin-yue"

# A wedding ring, and a chain of gold by weight: that earns on the work, not on the metal.
CHAIN = Decimal("9800.00")
BASKET = Purchase(
    lines=[
        # The number is engraved in it; it finds her too.
        Line(id="1", item="R-2201", piece="R2201-0417", category="ring/wedding", amount=Decimal("12800.00")),
        Line(
            id="2",
            item="G-17",
            category="gold/chain",
            quantity=Decimal("8.36"),
            amount=CHAIN,
            components={"metal": Decimal("8000.00"), "labour": Decimal("1800.00")},
        ),
    ]
)


def show(label: str, value: object) -> None:
    print(f"  {label:<22} {value!s:>12}")


def show_day(label: str, day: date) -> None:
    print(f"  {label:<22}   {day}")


def may(day: int, hour: int, minute: int = 0, second: int = 0) -> datetime:
    return datetime(2026, 5, day, hour, minute, second, tzinfo=SHANGHAI)


def slip(outcome: Outcome) -> None:
    show("awarded", outcome.points.awarded)
    show("spent", outcome.points.spent)
    show("taken back", outcome.points.taken_back)
    show("balance", outcome.balance)
    tier = outcome.tier.after if outcome.tier else "none"
    print(f"  tier: {tier}{', told before' if outcome.already_recorded else ''}")


def record(book: Book, fact: Fact) -> None:
    """The shop's "no" is no mistake of anybody's: the till shows it and goes on."""
    try:
        slip(book.record(fact))
    except Refused as no:
        print(f"  no: {no.message} ({no.code})")


def join(book: Book) -> None:
    at = datetime(2026, 4, 20, 10, tzinfo=SHANGHAI)
    birthday = Birthday(8, 15, lunar=True)
    book.record(Fact.joined(id="j-1", at=at, customer=CUSTOMER, name="林月", phones=["+8613800138000"], birthday=birthday))
    print("Lin Yue joins")


def find(book: Book, typed: str) -> None:
    """Whoever may be meant by what the associate typed: the last digits of a phone, the first letters of a name."""
    print(f"{typed} is")
    found = book.find(typed, limit=10)
    for one in found:
        print(f"  {one.name} ({one.account}), by {one.by}")
    if not found:
        print("  nobody we know")


def quote(book: Book) -> None:
    told = book.quote(CUSTOMER, at=may(2, 15), purchase=BASKET, store="xintiandi")
    print("The basket would")
    show("cost", told.to_pay)
    show("earn", told.earns.awarded)
    show("take points up to", told.spendable.points)
    for rule in told.earns.rules:
        print(f"    by {rule}")
    if told.tier:
        print(f"  tier: {told.tier.before}, after it {told.tier.after}")


def sell(book: Book) -> None:
    # The line went dead after the first: sent again, it counts once.
    for _ in range(2):
        print("She buys it")
        at = may(2, 15, 4, 5)
        record(book, Fact.purchased(id="p-1", at=at, customer=CUSTOMER, purchase=BASKET, store="xintiandi"))


def spend(book: Book, fact: str, at: datetime, points: int, worth: Decimal) -> None:
    """Ear studs of 2,000.00, paid in part with points."""
    price = Decimal("2000.00")
    basket = Purchase(
        lines=[Line(id="1", category="earrings", amount=price)],
        tenders=[Tender("points", worth, points=points), Tender("card", price - worth)],
    )
    print(f"Ear studs, {points} points towards them")
    record(book, Fact.purchased(id=fact, at=at, customer=CUSTOMER, purchase=basket))


def redeem(book: Book) -> None:
    print("A tote bag for 500 points")
    record(book, Fact.redeemed(id="x-1", at=may(20, 12), customer=CUSTOMER, points=500, reward="tote-bag"))


def give_back(book: Book) -> None:
    chain = BASKET.lines[1]
    line = ReturnedLine(id=chain.id, quantity=chain.quantity, amount=CHAIN)
    print("The chain comes back")
    record(book, Fact.returned(id="r-1", at=may(21, 11), customer=CUSTOMER, purchase="p-1", lines=[line]))


def statement(book: Book, customer: str, on: date) -> None:
    print(f"The account of {customer}")
    try:
        account = book.account(customer, on)
    except Refused as no:
        print(f"  no: {no.message} ({no.code})")
        return
    show_day("on", account.on)
    show("balance", account.points.balance)
    show("pending", account.points.pending)
    if account.tier:
        print(f"  tier ({account.tier.name})")
        if account.tier.until:
            show_day("until", account.tier.until)
        for goal in account.tier.next.missing if account.tier.next else ():
            if goal.spend is not None:
                show("missing for the next", goal.spend)
    for lot in account.points.lots:
        show("points left", lot.points)
        if lot.last_day:
            show_day("until", lot.last_day)


def main(path: str) -> None:
    program = Program.load(path)
    print(f"{program.name}, in {program.currency}")
    book = Book(program)
    join(book)
    find(book, "138 0013 8000")
    find(book, "ly")
    find(book, "139 1234 5678")
    quote(book)
    sell(book)
    statement(book, CUSTOMER, date(2026, 5, 3))
    # Kept over night, and opened again: everything is as it was.
    book = Book.restore(book.snapshot())
    spend(book, "p-2", may(20, 11), 3_000, Decimal("150.00"))
    spend(book, "p-3", may(20, 11, 5), 9_000, Decimal("450.00"))
    redeem(book)
    give_back(book)
    statement(book, CUSTOMER, date(2026, 5, 21))
    statement(book, "nobody", date(2026, 5, 21))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("till.py PROGRAM")
    main(sys.argv[1])
