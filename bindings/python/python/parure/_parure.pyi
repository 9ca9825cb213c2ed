from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from os import PathLike
from pathlib import Path
from typing import Any, Final, Literal, Protocol, final, type_check_only

from typing_extensions import Unpack

from ._people import Budget, Custom, Known, Profile

__version__: Final[str]

# ── What is told ────────────────────────────────────────────────────────────────────────────────

@final
class Program:
    """A merchant's rules, checked: a program that exists can be computed with."""

    @staticmethod
    def parse(text: str, /, *, file: str = "program") -> Program:
        """Reads a program from its text, TOML or JSON. `file` is what messages call it.

        Raises `ProgramError`, with all faults.
        """

    @staticmethod
    def load(path: str | PathLike[str], /) -> Program:
        """Reads a program from its file."""

    @property
    def name(self) -> str:
        """What it is called."""

    @property
    def effective(self) -> date:
        """The first day that it counts for."""

    @property
    def currency(self) -> str:
        """The ISO 4217 code of its amounts."""

    @property
    def time_zone(self) -> str:
        """The time zone whose days count, as `zoneinfo` names it."""

    @property
    def source(self) -> str:
        """Its text as it was written."""

    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def _repr_html_(self) -> str: ...

@final
class Birthday:
    """A birthday: by the solar or the Chinese calendar, with or without its year."""

    def __new__(
        cls, month: int, day: int, *, year: int | None = None, lunar: bool | None = None, leap: bool | None = None
    ) -> Birthday: ...
    @property
    def month(self) -> int: ...
    @property
    def day(self) -> int: ...
    @property
    def year(self) -> int | None: ...
    @property
    def lunar(self) -> bool: ...
    @property
    def leap(self) -> bool: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class Line:
    """One line of a basket: what was bought, how much of it, and the amount after the line's own discount, tax included. Of a line by weight, `price` for one
    unit makes the component `metal` and, with the other components, the amount: neither need be told then."""

    def __new__(
        cls,
        *,
        id: str,
        amount: Decimal | int | None = None,
        item: str | None = None,
        category: str | None = None,
        quantity: Decimal | int | None = None,
        components: Mapping[str, Decimal | int] | None = None,
        price: Decimal | int | None = None,
        piece: str | None = None,
        custom: Mapping[str, Custom] | None = None,
    ) -> Line: ...
    @property
    def id(self) -> str: ...
    @property
    def amount(self) -> Decimal | None: ...
    @property
    def item(self) -> str | None: ...
    @property
    def category(self) -> str | None: ...
    @property
    def quantity(self) -> Decimal: ...
    @property
    def components(self) -> dict[str, Decimal]: ...
    @property
    def price(self) -> Decimal | None: ...
    @property
    def piece(self) -> str | None: ...
    @property
    def custom(self) -> dict[str, str | int | bool]: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class Tender:
    """One way in which a part was paid: `Tender("card", Decimal("9300"))`, `Tender("points", Decimal("500"), points=10_000)`,
    `Tender("coupon", Decimal("500"), coupon="k-1")`, `Tender("deposit", 3000, order="o-1")`; old metal also by its weight, `Tender("trade_in", Decimal("3923.92"), weight=Decimal("5.20"),
    price=770, loss=2)`, of which `loss` percent are lost."""

    def __new__(
        cls,
        kind: str,
        amount: Decimal | int,
        *,
        points: int | None = None,
        coupon: str | None = None,
        order: str | None = None,
        weight: Decimal | int | None = None,
        price: Decimal | int | None = None,
        loss: Decimal | int | None = None,
    ) -> Tender: ...
    @property
    def kind(self) -> str: ...
    @property
    def amount(self) -> Decimal: ...
    @property
    def points(self) -> int | None: ...
    @property
    def coupon(self) -> str | None: ...
    @property
    def order(self) -> str | None: ...
    @property
    def weight(self) -> Decimal | None: ...
    @property
    def price(self) -> Decimal | None: ...
    @property
    def loss(self) -> Decimal | None: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class Purchase:
    """A basket: its lines, what was taken off the whole, and how it was paid."""

    def __new__(
        cls,
        *,
        lines: Iterable[Line],
        discount: Decimal | int | None = None,
        tenders: Iterable[Tender] | None = None,
    ) -> Purchase: ...
    @property
    def lines(self) -> tuple[Line, ...]: ...
    @property
    def discount(self) -> Decimal | None: ...
    @property
    def tenders(self) -> tuple[Tender, ...]: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class ReturnedLine:
    """What of a line is given back, in the line's own terms."""

    def __new__(cls, *, id: str, quantity: Decimal | int, amount: Decimal | int) -> ReturnedLine: ...
    @property
    def id(self) -> str: ...
    @property
    def quantity(self) -> Decimal: ...
    @property
    def amount(self) -> Decimal: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class GivenLot:
    """Points that change hands, with the days they keep."""

    def __new__(cls, *, points: int, first_day: date, last_day: date | None = None) -> GivenLot: ...
    @property
    def points(self) -> int: ...
    @property
    def first_day(self) -> date: ...
    @property
    def last_day(self) -> date | None: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class Fact:
    """Something that happened. There is a constructor for each kind; docs/facts.md tells what each means.

    A `datetime` needs its time zone; amounts are `Decimal` or `int`. Raises `FactError` for a wrong value, `TypeError` for one of a wrong type.
    """

    @staticmethod
    def joined(
        *,
        id: str,
        at: datetime,
        customer: str,
        store: str | None = None,
        staff: str | None = None,
        terminal: str | None = None,
        **profile: Unpack[Profile],
    ) -> Fact:
        """Someone joined: what is told of them, field by field."""

    @staticmethod
    def profile_changed(
        *,
        id: str,
        at: datetime,
        customer: str,
        store: str | None = None,
        staff: str | None = None,
        terminal: str | None = None,
        **profile: Unpack[Profile],
    ) -> Fact:
        """Their profile is another now; what it does not say stays."""

    @staticmethod
    def purchased(
        *,
        id: str,
        at: datetime,
        customer: str,
        purchase: Purchase,
        store: str | None = None,
        staff: str | None = None,
        terminal: str | None = None,
    ) -> Fact:
        """Someone bought."""

    @staticmethod
    def returned(
        *,
        id: str,
        at: datetime,
        customer: str,
        purchase: str,
        lines: Iterable[ReturnedLine],
        store: str | None = None,
        staff: str | None = None,
        terminal: str | None = None,
    ) -> Fact:
        """Someone gave back: `purchase` is the id of the fact that purchased it."""

    @staticmethod
    def adjusted(
        *,
        id: str,
        at: datetime,
        customer: str,
        points: int,
        reason: str,
        last_day: date | None = None,
        store: str | None = None,
        staff: str | None = None,
        terminal: str | None = None,
    ) -> Fact:
        """Points by hand, more or fewer."""

    @staticmethod
    def given(
        *,
        id: str,
        at: datetime,
        customer: str,
        to: str,
        points: int,
        lots: Iterable[GivenLot] | None = None,
        store: str | None = None,
        staff: str | None = None,
        terminal: str | None = None,
    ) -> Fact:
        """Points for someone else."""

    @staticmethod
    def redeemed(
        *,
        id: str,
        at: datetime,
        customer: str,
        points: int,
        reward: str,
        amount: Decimal | int | str | None = None,
        store: str | None = None,
        staff: str | None = None,
        terminal: str | None = None,
    ) -> Fact:
        """Points spent on a reward, with an `amount` of money beside them where it costs some."""

    @staticmethod
    def handed_over(
        *,
        id: str,
        at: datetime,
        customer: str,
        redemption: str,
        store: str | None = None,
        staff: str | None = None,
        terminal: str | None = None,
    ) -> Fact:
        """A reward that was redeemed was handed over: `redemption` is the id of the fact that redeemed."""

    @staticmethod
    def redemption_reversed(
        *,
        id: str,
        at: datetime,
        customer: str,
        redemption: str,
        returned: bool | None = None,
        store: str | None = None,
        staff: str | None = None,
        terminal: str | None = None,
    ) -> Fact:
        """A redemption taken back: `redemption` is the id of the fact that redeemed. `returned`: the reward had been handed over, and has come back."""

    @staticmethod
    def tier_granted(
        *,
        id: str,
        at: datetime,
        customer: str,
        tier: str,
        reason: str,
        last_day: date,
        store: str | None = None,
        staff: str | None = None,
        terminal: str | None = None,
    ) -> Fact:
        """A tier by hand, through its last day."""

    @staticmethod
    def household_joined(
        *,
        id: str,
        at: datetime,
        customer: str,
        household: str,
        may_spend: bool | None = None,
        store: str | None = None,
        staff: str | None = None,
        terminal: str | None = None,
    ) -> Fact:
        """Points are shared with a household from now on; without `may_spend` those of the others are not the customer's to spend."""

    @staticmethod
    def household_left(
        *,
        id: str,
        at: datetime,
        customer: str,
        store: str | None = None,
        staff: str | None = None,
        terminal: str | None = None,
    ) -> Fact:
        """Points are shared no longer."""

    @staticmethod
    def issued(
        *,
        id: str,
        at: datetime,
        customer: str,
        coupon: str,
        last_day: date | None = None,
        card: bool | None = None,
        store: str | None = None,
        staff: str | None = None,
        terminal: str | None = None,
    ) -> Fact:
        """One of the program's coupons is theirs: the fact's id is the coupon's. With `card` the customer is what a code goes by, or a card."""

    @staticmethod
    def voided(
        *,
        id: str,
        at: datetime,
        customer: str,
        coupon: str,
        reason: str,
        store: str | None = None,
        staff: str | None = None,
        terminal: str | None = None,
    ) -> Fact:
        """A coupon is taken back."""

    @staticmethod
    def benefit_granted(
        *,
        id: str,
        at: datetime,
        customer: str,
        benefit: str,
        reason: str,
        times: int | None = None,
        last_day: date | None = None,
        store: str | None = None,
        staff: str | None = None,
        terminal: str | None = None,
    ) -> Fact:
        """One of the program's benefits, so often."""

    @staticmethod
    def benefit_used(
        *,
        id: str,
        at: datetime,
        customer: str,
        benefit: str,
        purchase: str | None = None,
        line: str | None = None,
        store: str | None = None,
        staff: str | None = None,
        terminal: str | None = None,
    ) -> Fact:
        """A benefit was had; by a piece where the `purchase` and the `line` that brought it along are named."""

    @staticmethod
    def benefit_reversed(
        *,
        id: str,
        at: datetime,
        customer: str,
        used: str,
        store: str | None = None,
        staff: str | None = None,
        terminal: str | None = None,
    ) -> Fact:
        """A benefit was not had: `used` is the id of the fact that told of it."""

    @staticmethod
    def ordered(
        *,
        id: str,
        at: datetime,
        customer: str,
        amount: Decimal | int,
        item: str | None = None,
        deposit: Decimal | int | None = None,
        source: str | None = None,
        ready: date | None = None,
        store: str | None = None,
        staff: str | None = None,
        terminal: str | None = None,
    ) -> Fact:
        """A piece is made to order; the fact's id is the order's."""

    @staticmethod
    def deposit_paid(
        *,
        id: str,
        at: datetime,
        customer: str,
        order: str,
        amount: Decimal | int,
        source: str | None = None,
        store: str | None = None,
        staff: str | None = None,
        terminal: str | None = None,
    ) -> Fact:
        """More was paid beforehand for an order."""

    @staticmethod
    def order_cancelled(
        *,
        id: str,
        at: datetime,
        customer: str,
        order: str,
        reason: str,
        kept: Decimal | int | None = None,
        given_back: Decimal | int | None = None,
        store: str | None = None,
        staff: str | None = None,
        terminal: str | None = None,
    ) -> Fact:
        """An order was called off: what is left of its deposits goes back, but for what is `kept`. A book fills in how much that is
        (`given_back`)."""

    @staticmethod
    def topped_up(
        *,
        id: str,
        at: datetime,
        customer: str,
        amount: Decimal | int,
        source: str | None = None,
        bonus: Decimal | int | None = None,
        last_day: date | None = None,
        card: bool | None = None,
        store: str | None = None,
        staff: str | None = None,
        terminal: str | None = None,
    ) -> Fact:
        """Money was paid in, to be spent later; with `card` the customer is the code of a card."""

    @staticmethod
    def value_refunded(
        *,
        id: str,
        at: datetime,
        customer: str,
        amount: Decimal | int,
        top_up: str | None = None,
        store: str | None = None,
        staff: str | None = None,
        terminal: str | None = None,
    ) -> Fact:
        """Stored value was paid back: of one top-up, or of the latest first."""

    @staticmethod
    def value_transferred(
        *,
        id: str,
        at: datetime,
        customer: str,
        to: str,
        amount: Decimal | int,
        parts: Sequence[Mapping[str, Any]] | None = None,
        card: bool | None = None,
        store: str | None = None,
        staff: str | None = None,
        terminal: str | None = None,
    ) -> Fact:
        """Stored value is someone else's from now on; with `card`, whoever's holds the card."""

    @staticmethod
    def coupon_transferred(
        *,
        id: str,
        at: datetime,
        customer: str,
        coupon: str,
        to: str,
        terms: Mapping[str, Any] | None = None,
        card: bool | None = None,
        store: str | None = None,
        staff: str | None = None,
        terminal: str | None = None,
    ) -> Fact:
        """A coupon is someone else's from now on; it goes by the fact's id. With `card`, theirs who know a code."""

    @staticmethod
    def coupon_held(
        *,
        id: str,
        at: datetime,
        customer: str,
        coupon: str,
        for_: str,
        until: datetime,
        store: str | None = None,
        staff: str | None = None,
        terminal: str | None = None,
    ) -> Fact:
        """Until an instant nothing but one purchase, or the delivery of one order, is paid with a coupon."""

    @staticmethod
    def coupon_released(
        *,
        id: str,
        at: datetime,
        customer: str,
        coupon: str,
        for_: str,
        store: str | None = None,
        staff: str | None = None,
        terminal: str | None = None,
    ) -> Fact:
        """A coupon is held no more."""

    @staticmethod
    def value_frozen(
        *,
        id: str,
        at: datetime,
        customer: str,
        reason: str,
        store: str | None = None,
        staff: str | None = None,
        terminal: str | None = None,
    ) -> Fact:
        """Nothing is paid, transferred or refunded in the name of this customer or card."""

    @staticmethod
    def value_released(
        *,
        id: str,
        at: datetime,
        customer: str,
        reason: str,
        store: str | None = None,
        staff: str | None = None,
        terminal: str | None = None,
    ) -> Fact:
        """What was frozen is free again."""

    @staticmethod
    def merged(
        *,
        id: str,
        at: datetime,
        customer: str,
        into: str,
        store: str | None = None,
        staff: str | None = None,
        terminal: str | None = None,
    ) -> Fact:
        """The customer is the same person as another."""

    @staticmethod
    def unmerged(
        *,
        id: str,
        at: datetime,
        customer: str,
        merge: str,
        store: str | None = None,
        staff: str | None = None,
        terminal: str | None = None,
    ) -> Fact:
        """A merge taken back: `merge` is the id of the fact that merged them."""

    @staticmethod
    def erased(
        *,
        id: str,
        at: datetime,
        customer: str,
        alias: str,
        store: str | None = None,
        staff: str | None = None,
        terminal: str | None = None,
    ) -> Fact:
        """A person is forgotten: their account goes by an alias that says nothing."""

    @staticmethod
    def consented(
        *,
        id: str,
        at: datetime,
        customer: str,
        channel: str,
        purpose: str,
        given: bool,
        text: str | None = None,
        store: str | None = None,
        staff: str | None = None,
        terminal: str | None = None,
    ) -> Fact:
        """Whether a person may be written to by a channel for a purpose; `text` is the version that they agreed to."""

    @staticmethod
    def visited(
        *,
        id: str,
        at: datetime,
        customer: str,
        text: str | None = None,
        store: str | None = None,
        staff: str | None = None,
        terminal: str | None = None,
    ) -> Fact:
        """Someone came in."""

    @staticmethod
    def talked(
        *,
        id: str,
        at: datetime,
        customer: str,
        channel: str | None = None,
        direction: Literal["in", "out"] | None = None,
        text: str | None = None,
        store: str | None = None,
        staff: str | None = None,
        terminal: str | None = None,
    ) -> Fact:
        """Someone was talked to: `in` from the customer to the shop, `out` from the shop to the customer."""

    @staticmethod
    def serviced(
        *,
        id: str,
        at: datetime,
        customer: str,
        service: str | None = None,
        item: str | None = None,
        piece: str | None = None,
        state: Literal["received", "in_work", "ready", "handed_over", "called_off"] | None = None,
        of: str | None = None,
        text: str | None = None,
        store: str | None = None,
        staff: str | None = None,
        terminal: str | None = None,
    ) -> Fact:
        """Something is being done for a piece; `of` is the fact that it goes on from."""

    @staticmethod
    def wished(
        *,
        id: str,
        at: datetime,
        customer: str,
        item: str | None = None,
        category: str | None = None,
        budget: Budget | None = None,
        text: str | None = None,
        store: str | None = None,
        staff: str | None = None,
        terminal: str | None = None,
    ) -> Fact:
        """Someone wishes for something."""

    @staticmethod
    def complained(
        *,
        id: str,
        at: datetime,
        customer: str,
        item: str | None = None,
        piece: str | None = None,
        purchase: str | None = None,
        of: str | None = None,
        resolved: bool | None = None,
        text: str | None = None,
        store: str | None = None,
        staff: str | None = None,
        terminal: str | None = None,
    ) -> Fact:
        """Someone complains, or the complaint `of` is settled."""

    @staticmethod
    def reviewed(
        *,
        id: str,
        at: datetime,
        customer: str,
        item: str | None = None,
        purchase: str | None = None,
        score: int | None = None,
        text: str | None = None,
        store: str | None = None,
        staff: str | None = None,
        terminal: str | None = None,
    ) -> Fact:
        """Someone judges what they bought, from 0 to 10."""

    @staticmethod
    def noted(
        *,
        id: str,
        at: datetime,
        customer: str,
        text: str | None = None,
        store: str | None = None,
        staff: str | None = None,
        terminal: str | None = None,
    ) -> Fact:
        """A note."""

    @staticmethod
    def reported(
        *,
        id: str,
        at: datetime,
        customer: str,
        trigger: str,
        occasion: str,
        as_: Literal["sent", "failed", "opened", "clicked", "done", "put_off", "declined"],
        by: str | None = None,
        until: date | None = None,
        store: str | None = None,
        staff: str | None = None,
        terminal: str | None = None,
    ) -> Fact:
        """What became of something that was due: `trigger` and `occasion` as the agenda tells them."""

    @staticmethod
    def adopted(
        *,
        id: str,
        at: datetime,
        program: Program | str,
        store: str | None = None,
        staff: str | None = None,
        terminal: str | None = None,
    ) -> Fact:
        """A version of the program for all, from its `effective` day on."""

    @staticmethod
    def from_json(text: str, /) -> Fact:
        """A fact from its JSON, as docs/facts.md tells it."""

    def to_json(self) -> str:
        """The fact as canonical JSON."""

    @property
    def kind(self) -> str:
        """What it is: `purchased`, `returned`, …"""

    @property
    def id(self) -> str:
        """Unique for all time, chosen where it was observed."""

    @property
    def at(self) -> datetime:
        """When it happened."""

    @property
    def customer(self) -> str | None:
        """Whom it happened to; none where it is for all."""

    @property
    def store(self) -> str | None:
        """Where."""

    @property
    def staff(self) -> str | None:
        """By whom it was seen."""

    @property
    def terminal(self) -> str | None:
        """On which till."""

    @property
    def content(self) -> dict[str, Any]:
        """What its kind takes, by the names of the arguments."""

    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

# ── The book ────────────────────────────────────────────────────────────────────────────────────

@final
class Book:
    """What follows from a program and facts. It may be used from several threads at once.

    `Book(program)` is one in memory, which can be pickled. `parure.open(path)` and `parure.create(path, program)` give one that is kept in a
    file: what `record` and the others answered is on the disk. Days are `date`; a question about a day is answered as of its end.
    """

    def __new__(cls, program: Program, /) -> Book: ...
    @staticmethod
    def restore(snapshot: bytes, /) -> Book:
        """The book that a snapshot holds. Raises `SnapshotError`."""

    def snapshot(self) -> bytes:
        """The book as bytes, be it in memory or in a file."""

    def record(self, fact: Fact, /) -> Outcome:
        """Records a fact that is happening now.

        Raises `Refused` where the shop says no, `ConflictError` where another fact of its id is known, `FactError` for amounts that the
        currency does not have, `JournalError` where it can't be written. Nothing has changed then.
        """

    def merge(self, facts: Iterable[Fact], /) -> Merged:
        """Takes in facts that have already happened elsewhere, in any order. None is refused: what `record` would have refused leaves a flag.

        A file keeps all of them in one commit, or none.
        """

    def merge_table(
        self,
        sales: _Arrow,
        /,
        *,
        columns: dict[str, str] | None = None,
        customers: _Arrow | None = None,
        customer_columns: dict[str, str] | None = None,
        on_bad: Literal["stop", "set_aside"] = "stop",
    ) -> MergedTable:
        """Takes in a table of sales, and of customers where there is one, as `merge` takes in facts. The sales need a column `id`."""

    def seal(self, day: date, /) -> None:
        """Settles everything before a day, the first that stays open."""

    def quote(
        self,
        customer: str | None,
        /,
        *,
        at: datetime,
        purchase: Purchase,
        store: str | None = None,
        id: str | None = None,
    ) -> Quote:
        """What a basket would do if it were bought now; `None` is a person who has not joined yet. Nothing changes."""

    def rewards(self, customer: str, /, *, at: datetime, store: str | None = None) -> list[Reward]:
        """What a customer could redeem points for at an instant, and what is missing for it. Raises `Refused` for someone nobody knows, and for who is no
        member."""

    def account(self, customer: str, on: date, /) -> Account:
        """An account at the end of a day. Raises `Refused` for someone nobody knows, and for a day before the seal."""

    def accounts(self, on: date, /) -> list[Account]:
        """All accounts at the end of a day, by id."""

    def explain(self, customer: str, on: date, /) -> Explanation:
        """Everything that made an account what it is: facts, rules, rounding, lots, and why other rules did not apply."""

    def statement(self, customer: str, on: date, /) -> str:
        """The same as text for people."""

    def report(self, on: date, /) -> Report:
        """Members, points and cost, by month."""

    def ledger(self, first: date, last: date, /) -> Ledger:
        """What the shop owes its customers over a period, by double entry."""

    def revenue(self, on: date, every: Literal["month", "quarter", "year"], /) -> Revenue:
        """The revenue of points by `month`, `quarter` or `year`, through a day."""

    def tasks(self, on: date, /) -> list[Task]:
        """What somebody has to see to: an overdraft of an account that is in debt, the earliest first."""

    def what_if(self, program: Program, on: date, /) -> WhatIf:
        """What the same facts would have given under another program."""

    def find(self, typed: str, /, *, limit: int = 20) -> list[FoundCustomer]:
        """Who may be meant by what is typed: a phone or its last digits, a name as it is written or sounds, the start of an e-mail address, a card, a serial
        number of a piece. The likeliest first, at most `limit` accounts."""

    def find_table(self, typed: Iterable[str], /, *, limit: int = 1) -> Table:
        """The same for many texts: `typed`, `account`, `customer`, `name`, `by`, `how`, a row for each account; a text that means nobody has none."""

    def duplicates(self) -> list[LikelyTwice]:
        """Accounts that are likely one person's twice, the likeliest first."""

    def agenda(self, on: date, /, *, customer: str | None = None) -> Agenda:
        """What is due on a day, as of its end, for all or for one customer. Raises `Refused` for a customer nobody knows."""

    def agenda_table(self, on: date, /) -> Table:
        """What is due on a day for all: `key`, `trigger`, `customer`, `occasion`, `first_day`, `last_day`, `message`, `by`, `send_from`, `send_to`, `task`, `who`,
        `why_day`, `why_fact`, `why_tier`, `why_points`, `why_spend`, `give_points`."""

    def customer(self, customer: str, on: date, /) -> Customer:
        """What is known of a person at the end of a day. Raises `Refused` for someone nobody knows."""

    def timeline(
        self, customer: str, /, *, kinds: Iterable[str] | None = None, before: str | None = None, limit: int = 1_000
    ) -> Timeline:
        """What happened with a person, the latest first: of these kinds, before this fact of theirs. Raises `Refused` for someone nobody knows."""

    def export_person(self, customer: str, on: date, /) -> PersonExport:
        """Everything that is held on one person, for them to take along. Raises `Refused` for someone nobody knows."""

    def fact(self, id: str, /) -> Fact:
        """A fact as the book keeps it. Raises `KeyError` for one that it does not know, or of which it keeps only the id behind a seal."""

    def day_of(self, at: datetime, /) -> date:
        """The local day of an instant, by the book's time zone."""

    def program_on(self, day: date, /) -> Program:
        """The program in force on a day."""

    def verify(self) -> list[str]:
        """Folds every account anew and tells those that differ: none, unless memory or the library is at fault.

        Of a book that is kept in a file all of the file is looked at: every page, every fact, what people with SQL see. Raises
        `JournalError` (`journal_damaged`) with the place of the first thing that is not as it was written.
        """

    def backup(self, to: str | PathLike[str], /) -> None:
        """Copies the file as it is at this moment; other threads go on meanwhile. Raises `JournalError`, also for a book in memory."""

    def compact(self) -> int:
        """Drops the contents of facts that a seal has settled from the file, and tells how many; ids and numbers stay. Back it up first."""

    def known(self) -> str:
        """Which facts the file holds, as text for another copy of the book. Raises `JournalError`."""

    def changes_since(self, known: str, /, *, most: int = 100_000) -> Changes:
        """What a copy that knows this much lacks, for the host to move by any means.

        Raises `JournalError`: `sync_damaged`, `sync_other_book`, `sync_compacted`, `sync_newer`.
        """

    def merge_changes(self, changes: str, /) -> Received:
        """Takes in what another copy sent, all of it or nothing; sent twice, late or in another order it does no harm.

        Raises `JournalError`: `sync_damaged`, `sync_other_book`, `sync_newer`.
        """

    def close(self) -> None:
        """Closes the file, so that others can open it; `with` does it too. A book in memory has nothing to close."""

    def __enter__(self) -> Book: ...
    def __exit__(self, kind: object, error: object, trace: object, /) -> None: ...
    @property
    def path(self) -> Path | None:
        """The file that keeps it; none of a book in memory."""

    @property
    def closed(self) -> bool:
        """Whether its file was closed."""

    def to_json(self, on: date, /) -> str:
        """All accounts at the end of a day as canonical JSON: the same bytes through every door."""

    def ask(self, request: str, /) -> str:
        """Answers a question in JSON (docs/json.schema.json). Raises `RequestError`."""

    def tell(self, request: str, /) -> str:
        """Carries out a request in JSON, be it a question or something that happened. Raises `RequestError`, `ConflictError`."""

    @property
    def currency(self) -> str:
        """The ISO 4217 code of its amounts."""

    @property
    def facts(self) -> int:
        """How many facts have arrived."""

    @property
    def last_day(self) -> date | None:
        """The day of the latest fact."""

    @property
    def sealed_until(self) -> date | None:
        """The first day that is not settled."""

def open(
    path: str | PathLike[str],
    /,
    *,
    wait: float | None = None,
    most_pages: int | None = None,
    ahead: float | None = None,
    in_touch: float | None = None,
) -> Book:
    """Opens the book that a file keeps: as it was, whatever happened to the process that wrote it.

    One process has it open at a time: `wait` is for how many seconds to wait for another. `most_pages` is how many pages of 2,048 bytes the
    file may take, where the disk is to have room for other things. What is recorded may happen `ahead` seconds after the system's clock, a day
    by default; later it is refused as `in_future`. This copy counts as in touch with others for `in_touch` seconds after it has taken in what
    one of them sent, for ever by default; later the program's `[points]` `offline` bounds what may be spent. Raises `JournalError`.
    """

def create(
    path: str | PathLike[str],
    program: Program,
    /,
    *,
    wait: float | None = None,
    most_pages: int | None = None,
    ahead: float | None = None,
    in_touch: float | None = None,
) -> Book:
    """Makes a file that keeps the facts of a shop under a program, and opens the book, which has none yet.

    Raises `JournalError` (`journal_exists`) where there is a file.
    """

# ── What is answered ────────────────────────────────────────────────────────────────────────────

@type_check_only
class _Answer:
    def to_json(self) -> str:
        """As canonical JSON: the same bytes through every door."""

    def to_dict(self) -> dict[str, Any]:
        """As dictionaries and lists, with `Decimal` and `date`."""

    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class Fault(_Answer):
    """Something that is wrong."""

    @property
    def code(self) -> str:
        """Stable, for programs."""

    @property
    def message(self) -> str:
        """What is wrong."""

    @property
    def path(self) -> str:
        """Which value is wrong."""

    @property
    def advice(self) -> str | None:
        """What to write instead."""

    @property
    def line(self) -> int | None:
        """The line in the text that was read."""

    @property
    def column(self) -> int | None:
        """The column in characters."""

@final
class Outcome(_Answer):
    """What one fact did to its account."""

    @property
    def already_recorded(self) -> bool:
        """Whether the very same fact was in the book before."""

    @property
    def fact(self) -> str:
        """The fact's id."""

    @property
    def account(self) -> str | None:
        """The account's id; none for a program adopted for all."""

    @property
    def day(self) -> date | None:
        """The day it counts on."""

    @property
    def points(self) -> PointsMoved:
        """Points that moved."""

    @property
    def balance(self) -> int:
        """The balance after it."""

    @property
    def tier(self) -> TierChange | None:
        """The tier just before and right after it."""

    @property
    def rules(self) -> tuple[str, ...]:
        """The earning rules and bonuses that applied, in the program's order."""

    @property
    def coupons(self) -> tuple[CouponMoved, ...]:
        """What became of coupons."""

    @property
    def value(self) -> tuple[ValueMoved, ...]:
        """What moved of stored value."""

    @property
    def refunded_to(self) -> tuple[RefundedTo, ...]:
        """Of a refund, where it goes back to."""

    @property
    def deposits(self) -> tuple[DepositMoved, ...]:
        """What moved of deposits."""

    @property
    def flags(self) -> tuple[Flag, ...]:
        """What `record` would have refused."""

    @property
    def changed(self) -> tuple[Change, ...]:
        """For a fact that came late: what it changed after it."""

@final
class PointsMoved(_Answer):
    """Points that one fact moved. None is negative but `adjusted`."""

    @property
    def wanted(self) -> int:
        """What the rules gave, before caps."""

    @property
    def awarded(self) -> int:
        """What was awarded, after caps, before debt is paid."""

    @property
    def debt_paid(self) -> int:
        """What of it paid debt."""

    @property
    def spent(self) -> int:
        """Spent on a purchase or a reward."""

    @property
    def restored(self) -> int:
        """Points that had paid for something and came back."""

    @property
    def taken_back(self) -> int:
        """Taken back for a return, with what became debt."""

    @property
    def owed(self) -> int:
        """What was not there and became debt."""

    @property
    def given(self) -> int:
        """Given to someone."""

    @property
    def received(self) -> int:
        """Received from someone."""

    @property
    def adjusted(self) -> int:
        """By hand."""

@final
class CouponMoved(_Answer):
    """What became of a coupon by a fact."""

    @property
    def coupon(self) -> str:
        """Its id."""

    @property
    def of(self) -> str:
        """Which of the program's coupons it is."""

    @property
    def what(self) -> str:
        """`issued`, `used`, `given_back`, `voided`."""

@final
class ValueMoved(_Answer):
    """What a fact moved of stored value."""

    @property
    def what(self) -> str:
        """`topped_up`, `spent`, `restored`, `refunded`, `taken_back`, `transferred`, `received`, `lapsed`, `owed`, `frozen`, `released`."""

    @property
    def principal(self) -> Decimal:
        """Of what was paid in."""

    @property
    def bonus(self) -> Decimal:
        """Of what was given on top."""

@final
class RefundedTo(_Answer):
    """Where a refund goes back to."""

    @property
    def top_up(self) -> str:
        """The top-up."""

    @property
    def source(self) -> str | None:
        """By which means it was paid in, where that was told."""

    @property
    def amount(self) -> Decimal:
        """How much."""

@final
class TierChange(_Answer):
    """A tier before and after, by id."""

    @property
    def before(self) -> str:
        """Before."""

    @property
    def after(self) -> str:
        """After."""

@final
class Flag(_Answer):
    """Something that `record` would have refused, with the facts in conflict."""

    @property
    def code(self) -> str:
        """A stable code."""

    @property
    def facts(self) -> tuple[str, ...]:
        """The other side of the conflict, where there is one, and the flagged fact."""

@final
class Change(_Answer):
    """How a fact's own result changed when another came late: signed differences."""

    @property
    def fact(self) -> str:
        """The fact whose result changed."""

    @property
    def account(self) -> str:
        """Its account."""

    @property
    def awarded(self) -> int:
        """Points awarded."""

    @property
    def taken_back(self) -> int:
        """Points taken back by its returns."""

    @property
    def restored(self) -> int:
        """Points it had been paid with that came back."""

    @property
    def owed(self) -> int:
        """What became debt when it was paid."""

    @property
    def tier(self) -> TierChange | None:
        """The tier held just before it."""

@final
class Merged(_Answer):
    """What `merge` took in."""

    @property
    def new(self) -> int:
        """Facts that were new."""

    @property
    def known(self) -> int:
        """Facts that were in the book before."""

    @property
    def conflicts(self) -> tuple[Conflict, ...]:
        """Facts that carry the id of another fact; the book keeps the one it had."""

    @property
    def changes(self) -> tuple[Change, ...]:
        """What changed of facts that were in the book before."""

@final
class Changes(_Answer):
    """What another copy lacks."""

    @property
    def text(self) -> str:
        """Lines of JSON, for `merge_changes` there."""

    @property
    def facts(self) -> int:
        """How many facts they hold."""

    @property
    def more(self) -> bool:
        """There were more than asked for: ask again with `then`, or with what the other copy then says it knows."""

    @property
    def then(self) -> str:
        """What the other copy will know when it has merged these."""

@final
class Received(_Answer):
    """What changes of another copy did."""

    @property
    def merged(self) -> Merged:
        """Facts that were new, known or in conflict, and what they changed."""

    @property
    def waiting(self) -> int:
        """Facts that a newer library wrote: kept and sent on, and taken in by a library that reads them."""

    @property
    def ahead(self) -> tuple[str, ...]:
        """New facts that happened too far ahead of the clock: some clock is wrong."""

@final
class Conflict(_Answer):
    """The same id with other content."""

    @property
    def id(self) -> str:
        """The id."""

    @property
    def field(self) -> str:
        """The first field that differs."""

@final
class Task(_Answer):
    """Points or stored value that were spent twice, at stores which did not know of each other, and that the account still owes."""

    @property
    def code(self) -> str:
        """`overdrawn`, of points; `value_overdrawn`."""

    @property
    def account(self) -> str:
        """Whose it is."""

    @property
    def since(self) -> date:
        """The day of the spending that found too little."""

    @property
    def facts(self) -> tuple[str, ...]:
        """The facts in conflict: who spent before, who found too little."""

    @property
    def debt(self) -> int:
        """Points that the account owes."""

    @property
    def value_owed(self) -> Decimal | None:
        """Stored value that it owes."""

@final
class Account(_Answer):
    """One account as of the end of a day."""

    @property
    def account(self) -> str:
        """The id the account goes by."""

    @property
    def aliases(self) -> tuple[str, ...]:
        """The ids of customers merged into it."""

    @property
    def on(self) -> date:
        """The day asked about."""

    @property
    def joined(self) -> date | None:
        """Since when a member; none: has not joined."""

    @property
    def points(self) -> Points:
        """Points."""

    @property
    def tier(self) -> Tier | None:
        """The tier; none without a member."""

    @property
    def growth(self) -> int | None:
        """The growth value, where the program keeps one."""

    @property
    def household(self) -> Household | None:
        """Whom the account shares points with, where it does."""

    @property
    def coupons(self) -> tuple[Coupon, ...]:
        """Coupons that can be used on the day or later: what lapses first before the rest."""

    @property
    def benefits(self) -> tuple[Benefit, ...]:
        """What the shop does for them that day: by the tier, given, by pieces."""

    @property
    def stored_value(self) -> StoredValue | None:
        """What was paid in beforehand and can be spent, where anything was."""

    @property
    def claimed(self) -> tuple[Claimed, ...]:
        """Rewards that were redeemed and wait to be handed over, in the order in which they were."""

    @property
    def orders(self) -> tuple[Order, ...]:
        """Pieces that are made to order and not delivered yet, or of whose deposits something is left."""

    @property
    def flags(self) -> tuple[Flag, ...]:
        """Everything that `record` would have refused."""

    def _repr_html_(self) -> str: ...

@final
class Coupon(_Answer):
    """A coupon that can be used, or will be."""

    @property
    def coupon(self) -> str:
        """Its id: that of the fact that issued it."""

    @property
    def of(self) -> str:
        """Which of the program's coupons it is."""

    @property
    def name(self) -> str:
        """What that one is called."""

    @property
    def first_day(self) -> date:
        """First usable day."""

    @property
    def last_day(self) -> date | None:
        """Last usable day; none: it never lapses."""

    @property
    def uses(self) -> int:
        """How often it can still be used."""

    @property
    def held_for(self) -> str | None:
        """The purchase or the order that it is held for on the day, or on a part of it."""

    @property
    def held_until(self) -> datetime | None:
        """Until when it is."""

@final
class Order(_Answer):
    """An order that waits to be delivered, or of whose deposits something is left."""

    @property
    def order(self) -> str:
        """Its id: that of the fact that ordered it."""

    @property
    def on(self) -> date:
        """The day on which it was ordered."""

    @property
    def item(self) -> str | None:
        """What is made, where the shop has a name for it."""

    @property
    def amount(self) -> Decimal:
        """The price that was agreed."""

    @property
    def paid(self) -> Decimal:
        """All deposits that were paid."""

    @property
    def left(self) -> Decimal:
        """What is left of them; below zero where tills that were apart took more than was paid."""

    @property
    def ready(self) -> date | None:
        """The day on which it is to be ready."""

    @property
    def cancelled(self) -> bool:
        """It was called off."""

@final
class DepositMoved(_Answer):
    """What a fact moved of the deposits of an order."""

    @property
    def order(self) -> str:
        """The order."""

    @property
    def what(self) -> str:
        """`paid`, `used` for a purchase, `given_back` to the customer or `kept` by the shop when it is called off."""

    @property
    def amount(self) -> Decimal:
        """How much."""

@final
class Claimed(_Answer):
    """A reward that was redeemed and waits to be handed over."""

    @property
    def redemption(self) -> str:
        """The fact that redeemed it."""

    @property
    def reward(self) -> str:
        """Which of the program's rewards it is."""

    @property
    def name(self) -> str:
        """What that one is called."""

    @property
    def points(self) -> int:
        """The points that it cost."""

    @property
    def amount(self) -> Decimal:
        """The money that was paid beside them."""

    @property
    def on(self) -> date:
        """The day on which it was redeemed."""

@final
class Reward(_Answer):
    """Something that points can be redeemed for, as a customer may have it."""

    @property
    def reward(self) -> str:
        """Its id."""

    @property
    def name(self) -> str:
        """What it is called."""

    @property
    def price(self) -> tuple[RewardPrice, ...]:
        """What it costs: any of these."""

    @property
    def why(self) -> str | None:
        """Why it can't be had whatever is paid: the code with which `record` would refuse it."""

    @property
    def left(self) -> int | None:
        """How many can still be had in its window; none: any number."""

@final
class RewardPrice(_Answer):
    """Points, and money beside them."""

    @property
    def points(self) -> int:
        """So many points."""

    @property
    def amount(self) -> Decimal:
        """So much money."""

    @property
    def missing(self) -> int:
        """How many points the customer, or their household, lacks for it."""

@final
class Benefit(_Answer):
    """Something that the shop does for a customer."""

    @property
    def benefit(self) -> str:
        """Which of the program's benefits it is."""

    @property
    def name(self) -> str:
        """What it is called."""

    @property
    def by(self) -> str:
        """What it is had by: `tier`, `given`, `piece`."""

    @property
    def fact(self) -> str | None:
        """The fact that gave it, or the purchase of the piece."""

    @property
    def line(self) -> str | None:
        """The line of the purchase."""

    @property
    def left(self) -> int | None:
        """How often it can still be had; none: as often as wished."""

    @property
    def last_day(self) -> date | None:
        """Its last day, of what was given; none: it does not lapse."""

@final
class StoredValue(_Answer):
    """Money that was paid in and has not been spent, and what was given on top of it."""

    @property
    def balance(self) -> Decimal:
        """What can be spent: principal and bonus, less what is owed."""

    @property
    def principal(self) -> Decimal:
        """What was paid in."""

    @property
    def bonus(self) -> Decimal:
        """What was given on top."""

    @property
    def owed(self) -> Decimal:
        """What was spent and was not there."""

    @property
    def refundable(self) -> Decimal:
        """The most that could be refunded."""

    @property
    def card(self) -> bool:
        """It belongs to whoever holds the card."""

    @property
    def frozen(self) -> tuple[str, ...]:
        """Of the ids of this account, those that are frozen."""

    @property
    def lapsing(self) -> tuple[LapsingBonus, ...]:
        """Bonus that lapses, by its last day."""

@final
class LapsingBonus(_Answer):
    """Bonus that lapses."""

    @property
    def amount(self) -> Decimal:
        """How much."""

    @property
    def last_day(self) -> date:
        """The last day on which it can be spent."""

@final
class Household(_Answer):
    """Whom an account shares points with."""

    @property
    def id(self) -> str:
        """The household's id."""

    @property
    def may_spend(self) -> bool:
        """Whether the account may spend what the others have."""

    @property
    def members(self) -> tuple[str, ...]:
        """The accounts that are in it, this one too."""

    @property
    def points(self) -> int:
        """What all of them can spend: the sum of their balances, of which none counts for less than nothing."""

@final
class Points(_Answer):
    """The points of an account."""

    @property
    def balance(self) -> int:
        """Usable points less debt."""

    @property
    def usable(self) -> int:
        """Points in lots that may be spent on the day."""

    @property
    def pending(self) -> int:
        """Points that will be usable later."""

    @property
    def debt(self) -> int:
        """Points owed."""

    @property
    def lots(self) -> tuple[Lot, ...]:
        """In the order in which they are spent, pending ones too."""

    @property
    def totals(self) -> Totals:
        """Everything that ever came in and went out."""

@final
class Lot(_Answer):
    """Points with the same origin and days."""

    @property
    def fact(self) -> str:
        """The fact they come from."""

    @property
    def points(self) -> int:
        """How many are left."""

    @property
    def first_day(self) -> date:
        """First usable day."""

    @property
    def last_day(self) -> date | None:
        """Last usable day."""

@final
class Totals(_Answer):
    """Everything that ever came in and went out."""

    @property
    def awarded(self) -> int:
        """Awarded for purchases."""

    @property
    def adjusted(self) -> int:
        """By hand, up less down."""

    @property
    def received(self) -> int:
        """Received from others."""

    @property
    def spent(self) -> int:
        """Spent, less what came back."""

    @property
    def given(self) -> int:
        """Given to others."""

    @property
    def taken_back(self) -> int:
        """Taken back for returns, with what became debt."""

    @property
    def lapsed(self) -> int:
        """Lapsed."""

@final
class Tier(_Answer):
    """A tier: since when, until when, why, and what is missing."""

    @property
    def id(self) -> str:
        """Its id."""

    @property
    def name(self) -> str:
        """Its name."""

    @property
    def since(self) -> date:
        """First day."""

    @property
    def until(self) -> date | None:
        """Last day, with the grace where it is running; none: no end."""

    @property
    def by(self) -> str:
        """The fact it was reached or granted by, or `renewed`, `lapse`, `start`, `deduction`, `adoption`, `merge`."""

    @property
    def next(self) -> NextTier | None:
        """What is missing for the next tier; none at the top."""

    @property
    def keep(self) -> Keep | None:
        """What is missing to keep this one, and by when; none where nothing has to be kept."""

    @property
    def process(self) -> str | None:
        """By which process the shop serves its members, where the program says."""

@final
class NextTier(_Answer):
    """The next tier, and what is missing for it."""

    @property
    def id(self) -> str:
        """Its id."""

    @property
    def missing(self) -> tuple[Goal, ...]:
        """What is missing, one entry for each way; any one is enough."""

@final
class Keep(_Answer):
    """What is missing to keep a tier."""

    @property
    def by(self) -> date:
        """The last day on which it can be met."""

    @property
    def missing(self) -> tuple[Goal, ...]:
        """One entry for each way; any one is enough. Empty: it is kept."""

@final
class Goal(_Answer):
    """One way to a tier: so much of one measure within a window."""

    @property
    def spend(self) -> Decimal | None:
        """Money."""

    @property
    def visits(self) -> int | None:
        """Days with a purchase."""

    @property
    def points(self) -> int | None:
        """Points earned."""

    @property
    def growth(self) -> int | None:
        """Growth value."""

    @property
    def within(self) -> str:
        """The window."""

@final
class Quote(_Answer):
    """What a basket would do."""

    @property
    def on(self) -> date:
        """The day it is asked for."""

    @property
    def to_pay(self) -> Decimal:
        """What is to be paid, after coupons."""

    @property
    def earns(self) -> Earns:
        """What it would earn."""

    @property
    def spendable(self) -> Spendable:
        """The most points that may be spent on it, and what they are worth."""

    @property
    def tier(self) -> TierChange | None:
        """The tier before and after it."""

    @property
    def next(self) -> NextTier | None:
        """What would then be missing for the next tier."""

    @property
    def coupons(self) -> tuple[QuotedCoupon, ...]:
        """The customer's coupons: those to be used, in the order of their tenders, then the others and why not."""

    @property
    def stored_value(self) -> QuotedValue | None:
        """What of it could be paid with the customer's stored value, where there is any."""

    @property
    def may_be_less(self) -> Decimal | None:
        """With many coupons, how much less another set of them might leave to pay; none: this is the least."""

@final
class QuotedCoupon(_Answer):
    """What a coupon would do on a basket."""

    @property
    def coupon(self) -> str:
        """Its id."""

    @property
    def of(self) -> str:
        """Which of the program's coupons it is."""

    @property
    def name(self) -> str:
        """What that one is called."""

    @property
    def amount(self) -> Decimal:
        """What it takes off here: the amount of its tender. Zero where it is not used."""

    @property
    def why(self) -> str | None:
        """Why it is not used, or what speaks against a tender that names it: the code with which `record` would refuse it, or `better_without`."""

    @property
    def missing(self) -> Decimal | None:
        """How much more would have to be bought of what it is for."""

    @property
    def usable_from(self) -> date | None:
        """The first day on which its days and the limit on its uses let it be used, where they do not yet."""

    @property
    def held_until(self) -> datetime | None:
        """Until when it is held for something else."""

    @property
    def because(self) -> tuple[str, ...]:
        """The parts of its condition that speak against it, with what they found."""

    @property
    def last_day(self) -> date | None:
        """Last usable day; none: it never lapses."""

@final
class QuotedValue(_Answer):
    """What of a basket could be paid with stored value."""

    @property
    def amount(self) -> Decimal:
        """The most that could be, after coupons."""

    @property
    def principal(self) -> Decimal:
        """What of it would be principal."""

    @property
    def bonus(self) -> Decimal:
        """What of it would be bonus."""

@final
class Earns(_Answer):
    """What a basket would earn."""

    @property
    def wanted(self) -> int:
        """Before caps."""

    @property
    def awarded(self) -> int:
        """After caps."""

    @property
    def rules(self) -> tuple[str, ...]:
        """The rules that would apply."""

@final
class Spendable(_Answer):
    """The most points that may be spent on a basket."""

    @property
    def points(self) -> int:
        """How many."""

    @property
    def amount(self) -> Decimal:
        """What they are worth."""

@final
class Report(_Answer):
    """Members, points and cost."""

    @property
    def on(self) -> date:
        """The day asked about."""

    @property
    def members(self) -> int:
        """Members."""

    @property
    def tiers(self) -> tuple[TierCount, ...]:
        """Members by tier, low to high."""

    @property
    def totals(self) -> Totals:
        """Everything that ever came in and went out."""

    @property
    def outstanding(self) -> int:
        """Usable and pending points less debt."""

    @property
    def pending(self) -> int:
        """Points that will be usable later."""

    @property
    def debt(self) -> int:
        """Points owed."""

    @property
    def cost(self) -> Decimal | None:
        """What the outstanding points are worth; none where points are no payment."""

    @property
    def stored_value(self) -> ValueHeld | None:
        """Stored value that customers and cards hold, where there is any."""

    @property
    def months(self) -> tuple[Month, ...]:
        """Month by month."""

    @property
    def flags(self) -> tuple[FlagCount, ...]:
        """Flags by code."""

@final
class ValueHeld(_Answer):
    """Stored value that is held: what the shop owes."""

    @property
    def principal(self) -> Decimal:
        """What was paid in."""

    @property
    def bonus(self) -> Decimal:
        """What was given on top."""

    @property
    def owed(self) -> Decimal:
        """What was spent and was not there."""

    @property
    def on_cards(self) -> Decimal:
        """Of all this, what cards hold."""

@final
class Ledger(_Answer):
    """What a shop owes its customers over a period, by double entry."""

    @property
    def first(self) -> date:
        """The first day."""

    @property
    def last(self) -> date:
        """The last day."""

    @property
    def balances(self) -> tuple[LedgerBalance, ...]:
        """What is owed: `points`, `principal` and `bonus` of stored value, `coupons`."""

    @property
    def entries(self) -> tuple[LedgerEntry, ...]:
        """What moved, by kind."""

@final
class LedgerBalance(_Answer):
    """What is owed of one kind: opening + credits - debits = closing."""

    @property
    def account(self) -> str:
        """`points`, `principal`, `bonus`, `coupons`."""

    @property
    def unit(self) -> str:
        """What it is counted in: `points`, a currency, `uses` of coupons."""

    @property
    def opening(self) -> Decimal:
        """What was owed before the first day."""

    @property
    def debits(self) -> Decimal:
        """What came to be owed no more."""

    @property
    def credits(self) -> Decimal:
        """What came to be owed."""

    @property
    def closing(self) -> Decimal:
        """What is owed at the end of the last day."""

@final
class LedgerEntry(_Answer):
    """All that moved in one way."""

    @property
    def what(self) -> str:
        """`awarded`, `spent`, `topped_up`, `issued`, …"""

    @property
    def debit(self) -> str:
        """The account that is debited."""

    @property
    def credit(self) -> str:
        """The account that is credited."""

    @property
    def unit(self) -> str:
        """What it is counted in."""

    @property
    def amount(self) -> Decimal:
        """How much."""

@final
class Revenue(_Answer):
    """The revenue of points by period."""

    @property
    def periods(self) -> tuple[RevenuePeriod, ...]:
        """From that of the first entry to that of the day asked about."""

@final
class RevenuePeriod(_Answer):
    """One period: opening + allocated - recognised = closing."""

    @property
    def first(self) -> date:
        """Its first day."""

    @property
    def last(self) -> date:
        """Its last day, or the day asked about."""

    @property
    def opening(self) -> Decimal:
        """Deferred before it."""

    @property
    def allocated(self) -> Decimal:
        """What of the period's purchases was allocated to points, less what was of returns."""

    @property
    def recognised(self) -> Decimal:
        """Revenue of the period."""

    @property
    def closing(self) -> Decimal:
        """Deferred after it."""

    @property
    def redeemed(self) -> int:
        """Points redeemed since the beginning, less what came back."""

    @property
    def lapsed(self) -> int:
        """Points lapsed since the beginning."""

    @property
    def outstanding(self) -> int:
        """Points outstanding at its end."""

    @property
    def expected(self) -> int:
        """All that are expected to be redeemed in the end."""

@final
class TierCount(_Answer):
    """How many members a tier has."""

    @property
    def id(self) -> str:
        """Its id."""

    @property
    def name(self) -> str:
        """Its name."""

    @property
    def members(self) -> int:
        """Members."""

@final
class Month(_Answer):
    """A calendar month."""

    @property
    def month(self) -> str:
        """`2026-03`"""

    @property
    def purchases(self) -> int:
        """Purchases."""

    @property
    def spend(self) -> Decimal:
        """What was to be paid for them."""

    @property
    def awarded(self) -> int:
        """Points awarded."""

    @property
    def spent(self) -> int:
        """Points spent, less what came back."""

    @property
    def taken_back(self) -> int:
        """Points taken back for returns."""

    @property
    def lapsed(self) -> int:
        """Points lapsed."""

    @property
    def outstanding(self) -> int:
        """Points outstanding at its end."""

    @property
    def cost(self) -> Decimal | None:
        """What they are worth."""

@final
class FlagCount(_Answer):
    """How many flags of a code there are."""

    @property
    def code(self) -> str:
        """The code."""

    @property
    def count(self) -> int:
        """How many."""

@final
class WhatIf(_Answer):
    """What the same facts give under two programs."""

    @property
    def now(self) -> Report:
        """Under the program as it is."""

    @property
    def then(self) -> Report:
        """Under the other."""

    @property
    def moved(self) -> tuple[Movement, ...]:
        """How many members change tier, from which to which."""

    @property
    def members(self) -> tuple[MovedMember, ...]:
        """Who: the first thousand by account."""

@final
class Movement(_Answer):
    """Members who change from a tier to another."""

    @property
    def from_(self) -> str:
        """From this tier."""

    @property
    def to(self) -> str:
        """To this one."""

    @property
    def members(self) -> int:
        """How many."""

@final
class MovedMember(_Answer):
    """A member who changes tier."""

    @property
    def account(self) -> str:
        """The account."""

    @property
    def from_(self) -> str:
        """From this tier."""

    @property
    def to(self) -> str:
        """To this one."""

@final
class Explanation(_Answer):
    """Everything that made an account what it is."""

    @property
    def account(self) -> Account:
        """The account."""

    @property
    def facts(self) -> tuple[FactExplanation, ...]:
        """Fact by fact."""

    @property
    def since(self) -> tuple[Step, ...]:
        """What happened by itself since the last fact."""

@final
class FactExplanation(_Answer):
    """What one fact did, and why."""

    @property
    def fact(self) -> str:
        """Its id."""

    @property
    def kind(self) -> str:
        """What it is: `purchased`, `returned`, …"""

    @property
    def at(self) -> str:
        """When it happened, RFC 3339."""

    @property
    def day(self) -> date:
        """The day it counts on."""

    @property
    def before(self) -> tuple[Step, ...]:
        """What happened by itself before it."""

    @property
    def steps(self) -> tuple[Step, ...]:
        """What it did."""

    @property
    def lines(self) -> tuple[LineExplanation, ...]:
        """How its lines earned."""

    @property
    def not_applied(self) -> tuple[NotApplied, ...]:
        """The rules that did not apply, and why."""

    @property
    def balance(self) -> int:
        """The balance after it."""

@final
class Step(_Answer):
    """One thing that happened to an account."""

    @property
    def day(self) -> date:
        """The day."""

    @property
    def code(self) -> str:
        """A stable code."""

    @property
    def points(self) -> int | None:
        """Points that moved."""

    @property
    def text(self) -> str:
        """For people."""

@final
class LineExplanation(_Answer):
    """How a line earned."""

    @property
    def line(self) -> str:
        """The line."""

    @property
    def rule(self) -> str:
        """The earning rule."""

    @property
    def multiplier(self) -> str:
        """What the bonuses multiplied it by."""

    @property
    def bonuses(self) -> tuple[str, ...]:
        """The bonuses."""

    @property
    def points(self) -> str:
        """Exact points, before rounding."""

@final
class NotApplied(_Answer):
    """A rule that did not apply, and why."""

    @property
    def rule(self) -> str:
        """The rule."""

    @property
    def line(self) -> str | None:
        """The line, for a rule of lines."""

    @property
    def because(self) -> tuple[str, ...]:
        """What of its condition does not hold."""

# ── People ──────────────────────────────────────────────────────────────────────────────────────

@final
class FoundCustomer(_Answer):
    """Someone who was found."""

    @property
    def account(self) -> str:
        """The id the account goes by."""

    @property
    def customer(self) -> str:
        """The id of whom it was told."""

    @property
    def name(self) -> str | None:
        """Their name, where it is known."""

    @property
    def by(self) -> str:
        """By what: `name`, `phone`, `email`, `wechat`, `card`, `serial`."""

    @property
    def how(self) -> str:
        """How much of it was typed: `whole`, `start`, `part`, `sound`."""

@final
class LikelyTwice(_Answer):
    """Two accounts that are likely one person's."""

    @property
    def accounts(self) -> tuple[str, ...]:
        """The two, by id."""

    @property
    def score(self) -> int:
        """How likely they are one person, in thousandths."""

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """What speaks for it and against, the heaviest first."""

@final
class Reason(_Answer):
    """What speaks for two accounts being one person's, or against it."""

    @property
    def code(self) -> str:
        """A stable code."""

    @property
    def text(self) -> str:
        """For people."""

    @property
    def weight(self) -> int:
        """In tenths of bits; below zero: against."""

@final
class Agenda(_Answer):
    """What is due on a day."""

    @property
    def on(self) -> date:
        """The day asked about."""

    @property
    def due(self) -> tuple[Due, ...]:
        """The earliest first, then in the order of the program's triggers, then by customer."""

@final
class Due(_Answer):
    """Something that is due for a customer: a message to send, a task for someone, something to give, or several of these."""

    @property
    def key(self) -> str:
        """`trigger/customer/occasion`: the same wherever it is computed."""

    @property
    def trigger(self) -> str:
        """The trigger."""

    @property
    def customer(self) -> str:
        """The id the account goes by."""

    @property
    def occasion(self) -> str:
        """Which of the trigger's occasions: what a fact `reported` names."""

    @property
    def first_day(self) -> date:
        """The first day on which it is due."""

    @property
    def last_day(self) -> date:
        """The last day on which it is due."""

    @property
    def why(self) -> DueWhy:
        """Why."""

    @property
    def send(self) -> Sending | None:
        """A message to send."""

    @property
    def task(self) -> Duty | None:
        """Something for someone to do."""

    @property
    def give(self) -> Giving | None:
        """What the customer is given when it is reported as sent or done."""

@final
class Giving(_Answer):
    """What a customer is given."""

    @property
    def points(self) -> int:
        """Points."""

    @property
    def coupon(self) -> str | None:
        """A coupon, by its id in the program."""

    @property
    def benefit(self) -> str | None:
        """A benefit, by its id in the program, once."""

@final
class DueWhy(_Answer):
    """Why something is due. What does not apply is none."""

    @property
    def day(self) -> date | None:
        """The day of a date or a festival, the last day of what lapses, the day on which something was reached or a silence began."""

    @property
    def fact(self) -> str | None:
        """What happened."""

    @property
    def points(self) -> int | None:
        """Points that lapse."""

    @property
    def bonus(self) -> Decimal | None:
        """Bonus of stored value that lapses."""

    @property
    def tier(self) -> str | None:
        """The tier."""

    @property
    def spend(self) -> Decimal | None:
        """Spend that was reached, or that is missing for the tier."""

@final
class Sending(_Answer):
    """A message to send."""

    @property
    def message(self) -> str:
        """What the host calls it."""

    @property
    def by(self) -> str:
        """The channel."""

    @property
    def from_(self) -> datetime | None:
        """Where the program has quiet hours: not before this instant of the day that was asked about, by the clocks of the customer's time zone."""

    @property
    def to(self) -> datetime | None:
        """And not from this one on."""

@final
class Duty(_Answer):
    """Something for someone to do."""

    @property
    def what(self) -> str:
        """What, in the shop's words."""

    @property
    def who(self) -> str:
        """`owner`, `manager` or `store`."""

@final
class Customer(_Answer):
    """What is known of a person at the end of a day."""

    @property
    def account(self) -> str:
        """The id the account goes by."""

    @property
    def aliases(self) -> tuple[str, ...]:
        """The ids of customers merged into it."""

    @property
    def on(self) -> date:
        """The day asked about."""

    @property
    def profile(self) -> Known:
        """What is known, by the keys of profiles."""

    @property
    def complete(self) -> int:
        """How much of what the program asks for is known, from 0 to 100."""

    @property
    def ask(self) -> tuple[Ask, ...]:
        """What to ask for next, in order."""

    @property
    def consent(self) -> tuple[Consent, ...]:
        """What was agreed to and withdrawn, by channel and purpose."""

    @property
    def heard(self) -> Heard:
        """How long nothing was heard of them."""

    @property
    def flags(self) -> tuple[Flag, ...]:
        """What `record` would have refused of what was told of them."""

@final
class Ask(_Answer):
    """Something to ask a person for."""

    @property
    def field(self) -> str:
        """A key of profiles, or the id of a field of the program's own."""

    @property
    def name(self) -> str | None:
        """What the program calls a field of its own."""

    @property
    def required(self) -> bool:
        """Whether the program requires it."""

@final
class Consent(_Answer):
    """Whether a person may be written to by a channel for a purpose."""

    @property
    def channel(self) -> str:
        """The channel."""

    @property
    def purpose(self) -> str:
        """What for."""

    @property
    def state(self) -> str:
        """`given`, `withdrawn`, or `lapsed` where it was given too long ago."""

    @property
    def since(self) -> date:
        """The day since which it is so."""

    @property
    def until(self) -> date | None:
        """The last day for which it was given."""

    @property
    def fact(self) -> str:
        """The fact."""

    @property
    def store(self) -> str | None:
        """Where it was told."""

    @property
    def text(self) -> str | None:
        """The version of the text that was agreed to."""

@final
class Heard(_Answer):
    """The latest that was heard of a person themselves."""

    @property
    def last(self) -> date | None:
        """The day; none where all of it is behind a seal."""

    @property
    def until(self) -> date | None:
        """The last day before they must be asked, or forgotten; none without a bound."""

@final
class Timeline(_Answer):
    """What happened with a person, the latest first."""

    @property
    def account(self) -> str:
        """The id the account goes by."""

    @property
    def entries(self) -> tuple[TimelineEntry, ...]:
        """The latest first."""

    @property
    def next(self) -> str | None:
        """The fact before which to go on; none: there is no more."""

@final
class TimelineEntry(_Answer):
    """One thing that happened."""

    @property
    def fact(self) -> str:
        """The fact."""

    @property
    def kind(self) -> str:
        """What happened: `purchased`, `visited`, …"""

    @property
    def at(self) -> datetime:
        """When."""

    @property
    def day(self) -> date:
        """The local day."""

    @property
    def customer(self) -> str:
        """To whom of those who are one account."""

    @property
    def store(self) -> str | None:
        """Where."""

    @property
    def staff(self) -> str | None:
        """Who served."""

    @property
    def told(self) -> Any:
        """What the fact says, as its JSON does."""

@final
class PersonExport(_Answer):
    """Everything that is held on one person."""

    @property
    def customer(self) -> Customer:
        """Who they are."""

    @property
    def points(self) -> Account:
        """Their points and tier."""

    @property
    def facts(self) -> tuple[Any, ...]:
        """Every fact of theirs that the book holds whole, in order, as its JSON."""

    @property
    def named_by(self) -> tuple[NamedBy, ...]:
        """Facts of others that name them."""

@final
class NamedBy(_Answer):
    """A fact of someone else that names a person."""

    @property
    def fact(self) -> str:
        """The fact."""

    @property
    def customer(self) -> str:
        """By which of their ids."""

    @property
    def as_what(self) -> str:
        """As who introduced someone; as what relation of someone."""

# ── Tables ──────────────────────────────────────────────────────────────────────────────────────

class _Arrow(Protocol):
    """What offers a stream of Arrow's record batches: tables of polars, pandas, pyarrow, DuckDB."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...

@final
class Table:
    """Columns side by side, for whatever reads Arrow: `polars.DataFrame(table)`, `pyarrow.table(table)`, `SELECT … FROM table` in DuckDB."""

    @property
    def num_rows(self) -> int:
        """How many rows it has."""

    @property
    def column_names(self) -> tuple[str, ...]:
        """What its columns are called."""

    def __len__(self) -> int: ...
    def __arrow_c_stream__(self, requested_schema: object | None = None) -> Any: ...
    def __arrow_c_schema__(self) -> Any: ...

@final
class Replayed:
    """What a replay of tables gives."""

    @property
    def purchases(self) -> Table:
        """Each purchase: `id`, `customer`, `on`, `wanted`, `awarded`, `rules`, `tier_before`, `tier_after`, in the order of first rows."""

    @property
    def accounts(self) -> Table:
        """Each account at the end of the day, by customer: `balance`, `pending`, `debt`, `tier`, `next_lapse`, `next_lapse_points`."""

    @property
    def months(self) -> Table:
        """Each month: `purchases`, `spend`, `awarded`, `spent`, `taken_back`, `lapsed`, `outstanding`."""

    @property
    def rejects(self) -> Table:
        """The rows that were set aside: `row`, `column`, `code`, `message`, `table`."""

    @property
    def report(self) -> Report:
        """All accounts together."""

@final
class MergedTable:
    """What a merge of tables did."""

    @property
    def merged(self) -> Merged:
        """What the book says of the facts."""

    @property
    def rejects(self) -> Table:
        """The rows that were set aside, as of `Replayed`."""

def coupon_code(code: str | bytes, /) -> str:
    """What a coupon code goes by in facts: no book holds the code itself."""

def replay(
    program: Program,
    sales: _Arrow,
    /,
    *,
    columns: dict[str, str] | None = None,
    customers: _Arrow | None = None,
    customer_columns: dict[str, str] | None = None,
    on_bad: Literal["stop", "set_aside"] = "stop",
    as_of: date | None = None,
    purchases: bool = True,
) -> Replayed:
    """Replays a table of sales under a program: what a book would say of the same facts.

    `columns` tells what the table calls what is asked for: `{"customer": "household_key"}`. A bad row stops everything with a
    `TableError`, or is set aside. Without `as_of`, the day of the latest row is asked about; without `purchases`, no table of them is made.
    """

# ── The command line ────────────────────────────────────────────────────────────────────────────

def command_line(line: list[str]) -> int:
    """Runs one command line of `parure`, the program's own name first, and tells its exit code."""

__all__ = [
    "Account",
    "Agenda",
    "Ask",
    "Benefit",
    "Birthday",
    "Book",
    "Change",
    "Changes",
    "Claimed",
    "Conflict",
    "Consent",
    "Coupon",
    "CouponMoved",
    "Customer",
    "DepositMoved",
    "Due",
    "DueWhy",
    "Duty",
    "Earns",
    "Explanation",
    "Fact",
    "FactExplanation",
    "Fault",
    "Flag",
    "FlagCount",
    "FoundCustomer",
    "GivenLot",
    "Giving",
    "Goal",
    "Heard",
    "Household",
    "Keep",
    "LapsingBonus",
    "Ledger",
    "LedgerBalance",
    "LedgerEntry",
    "LikelyTwice",
    "Line",
    "LineExplanation",
    "Lot",
    "Merged",
    "MergedTable",
    "Month",
    "MovedMember",
    "Movement",
    "NamedBy",
    "NextTier",
    "NotApplied",
    "Order",
    "Outcome",
    "PersonExport",
    "Points",
    "PointsMoved",
    "Program",
    "Purchase",
    "Quote",
    "QuotedCoupon",
    "QuotedValue",
    "Reason",
    "Received",
    "RefundedTo",
    "Replayed",
    "Report",
    "ReturnedLine",
    "Revenue",
    "RevenuePeriod",
    "Reward",
    "RewardPrice",
    "Sending",
    "Spendable",
    "Step",
    "StoredValue",
    "Table",
    "Task",
    "Tender",
    "Tier",
    "TierChange",
    "TierCount",
    "Timeline",
    "TimelineEntry",
    "Totals",
    "ValueHeld",
    "ValueMoved",
    "WhatIf",
    "__version__",
    "command_line",
    "coupon_code",
    "create",
    "open",
    "replay",
]
