"""Facts in keyword arguments: what goes in comes out."""

from __future__ import annotations

import copy
import hashlib
import json
import pickle
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from conftest import ROOT, SHANGHAI

import parure
from parure import (
    Birthday,
    Book,
    Fact,
    FactError,
    GivenLot,
    Known,
    Line,
    Profile,
    Program,
    Purchase,
    ReturnedLine,
    Tender,
)

AT = datetime(2026, 3, 1, 15, 4, 5, 250_000, tzinfo=SHANGHAI)
RING = Line(id="1", item="R-2201", category="gold/ring", quantity=Decimal("8.36"), amount=Decimal("9800.00"),
            components={"metal": 8000, "labour": Decimal("1800.00")}, piece="R2201-0417",
            custom={"hallmark": "999", "weight": Decimal("8.36"), "stones": 3, "cast": True, "made": date(2026, 1, 5)})  # fmt: skip
BASKET = Purchase(
    lines=[RING, Line(id="2", category="care", amount=200)],
    discount=Decimal(100),
    tenders=[Tender("points", Decimal("500.00"), points=10_000), Tender("wechat", Decimal("9400.00"))],
)
KINDS: dict[str, dict[str, Any]] = {
    "joined": {
        "name": "王芳",
        "birthday": Birthday(4, 11, year=2020, lunar=True, leap=True),
        "tags": ("couple", "玉"),
        "phones": ("+8613800138000",),
        "dates": {"wedding": Birthday(10, 1, year=2015)},
        "relations": {"husband": {"kind": "spouse", "name": "李雷", "birthday": Birthday(11, 2), "dates": {"met": Birthday(5, 20)}}},
        "budget": {"least": Decimal(10000), "most": Decimal("30000.50")},
        "sizes": {"left_ring": "HK 14"},
        "time_zone": "Europe/Paris",
        "custom": {"cats": 2, "club": True, "engraving": "script"},
    },
    "profile_changed": {
        "birthday": Birthday(5, 20),
        "stones": {"add": ("ruby",), "remove": ("pearl",)},
        "forget": ("wechat", "dates.engagement"),
    },
    "consented": {"channel": "wechat", "purpose": "offers", "given": True, "text": "2026-02"},
    "visited": {"text": "looked at rings"},
    "talked": {"channel": "wechat", "direction": "in", "text": "asks when it is ready"},
    "serviced": {"service": "polishing", "item": "W-1", "piece": "7K4R1290", "state": "ready", "of": "s-1", "text": "done"},
    "wished": {"item": "R-1", "category": "ring/jade", "budget": {"most": Decimal("50000.00")}, "text": "green"},
    "complained": {"item": "W-1", "piece": "7K4R1290", "purchase": "p-1", "of": "co-1", "resolved": True, "text": "mended"},
    "reviewed": {"item": "W-1", "purchase": "p-1", "score": 9, "text": "very kind"},
    "noted": {"text": "likes tea"},
    "reported": {"trigger": "birthday", "occasion": "2026", "as_": "put_off", "until": date(2026, 5, 16)},
    "purchased": {"purchase": BASKET},
    "returned": {"purchase": "p-1", "lines": (ReturnedLine(id="2", quantity=1, amount=Decimal("200.00")),)},
    "adjusted": {"points": -50, "reason": "counted twice", "last_day": date(2026, 12, 31)},
    "given": {
        "to": "c-2",
        "points": 300,
        "lots": (
            GivenLot(points=200, first_day=date(2026, 3, 1), last_day=date(2028, 3, 31)),
            GivenLot(points=100, first_day=date(2026, 3, 1)),
        ),
    },
    "redeemed": {"points": 300, "amount": Decimal("50.00"), "reward": "tote-bag"},
    "handed_over": {"redemption": "x-1"},
    "redemption_reversed": {"redemption": "x-1", "returned": True},
    "tier_granted": {"tier": "gold", "reason": "新娘", "last_day": date(2027, 3, 7)},
    "household_joined": {"household": "h-7", "may_spend": False},
    "household_left": {},
    "issued": {"coupon": "birthday-500", "last_day": date(2026, 12, 31), "card": True},
    "voided": {"coupon": "k-1", "reason": "issued twice"},
    "coupon_transferred": {
        "coupon": "k-1",
        "to": "c-2",
        "terms": {"of": "birthday-500", "issued": date(2026, 5, 1), "first_day": date(2026, 5, 1), "last_day": date(2026, 5, 30)},
        "card": True,
    },
    "coupon_held": {"coupon": "k-1", "for_": "p-9", "until": datetime(2026, 5, 2, 10, 30, tzinfo=timezone(timedelta(hours=8)))},
    "coupon_released": {"coupon": "k-1", "for_": "p-9"},
    "benefit_granted": {"benefit": "free-cleaning", "times": 2, "reason": "新娘", "last_day": date(2026, 12, 31)},
    "benefit_used": {"benefit": "resizing", "purchase": "p-1", "line": "1"},
    "benefit_reversed": {"used": "u-1"},
    "ordered": {"item": "R-1", "amount": Decimal("12800.00"), "deposit": Decimal("3000.00"), "source": "card", "ready": date(2026, 7, 1)},
    "deposit_paid": {"order": "o-1", "amount": Decimal("1000.00"), "source": "card"},
    "order_cancelled": {"order": "o-1", "reason": "changed her mind", "kept": Decimal("500.00"), "given_back": Decimal("2500.00")},
    "topped_up": {"amount": Decimal("1000.00"), "source": "wechat", "bonus": Decimal("100.00"), "last_day": date(2026, 12, 31), "card": True},
    "value_refunded": {"amount": Decimal("300.00"), "top_up": "t-1"},
    "value_transferred": {
        "to": "c-2",
        "amount": Decimal("500.00"),
        "parts": ({"amount": Decimal("400.00")}, {"amount": Decimal("100.00"), "bonus": True, "last_day": date(2026, 12, 31)}),
        "card": True,
    },
    "value_frozen": {"reason": "lost"},
    "value_released": {"reason": "found again"},
    "merged": {"into": "c-2"},
    "unmerged": {"merge": "m-1"},
    "erased": {"alias": "x-7f3a"},
    "adopted": {"program": (ROOT / "examples/maison.toml").read_text(encoding="utf-8")},
}


def made(kind: str) -> Fact:
    customer = {} if kind == "adopted" else {"customer": "c-1"}
    return getattr(Fact, kind)(id="f-1", at=AT, **customer, **KINDS[kind], store="sh-01", staff="李", terminal="till 3")  # type: ignore[no-any-return]


@pytest.mark.parametrize("kind", KINDS)
def test_what_goes_in_comes_out(kind: str) -> None:
    fact = made(kind)
    assert (fact.kind, fact.id, fact.at, fact.store, fact.staff, fact.terminal) == (kind, "f-1", AT, "sh-01", "李", "till 3")
    assert fact.customer == (None if kind == "adopted" else "c-1")
    assert fact.content == KINDS[kind]
    assert fact.at.utcoffset() == timedelta(hours=8)
    again = Fact.from_json(fact.to_json())
    assert again == fact and hash(again) == hash(fact) and again.to_json() == fact.to_json()
    assert pickle.loads(pickle.dumps(fact)) == fact == copy.deepcopy(fact)
    assert repr(fact).startswith(f"Fact.{kind}(id='f-1', at='2026-03-01T15:04:05.250000+08:00'")
    assert fact != made("redeemed" if kind != "redeemed" else "merged")


def test_a_code_goes_by_its_hash() -> None:
    assert parure.coupon_code("SUMMER-7KQ2") == parure.coupon_code(b"SUMMER-7KQ2") == hashlib.sha256(b"parure code SUMMER-7KQ2").hexdigest()
    assert parure.coupon_code(b"\x00\xff") == hashlib.sha256(b"parure code \x00\xff").hexdigest()
    with pytest.raises(TypeError, match="str or bytes"):
        parure.coupon_code(7)  # type: ignore[arg-type]


def test_what_is_told_stays_as_it_was_told() -> None:
    for kind, content in (
        ("joined", {"birthday": "1990-05-20", "name": "王芳"}),
        ("profile_changed", {"tags": {"add": ["vip"]}}),
        ("purchased", {"discount": "0.00", "lines": [{"amount": "100.00", "id": "1", "piece": "7K4R1290", "quantity": "1"}]}),
    ):
        told = {"id": "f-1", "at": "2026-03-01T15:04:05+08:00", "customer": "c-1", kind: content}
        assert json.loads(Fact.from_json(json.dumps(told)).to_json()) == told


def test_every_kind_of_the_schema_has_its_constructor() -> None:
    schema = json.loads((ROOT / "docs/json.schema.json").read_text(encoding="utf-8"))
    kinds = {key for kind in schema["$defs"]["Fact"]["oneOf"] for key in kind["properties"]}
    assert kinds == set(KINDS)


def test_every_field_of_the_schema_is_a_field_of_profiles() -> None:
    schema = json.loads((ROOT / "docs/json.schema.json").read_text(encoding="utf-8"))
    fields = set(schema["$defs"]["Profile"]["properties"])
    assert fields == set(Profile.__annotations__)
    assert fields - {"forget"} == set(Known.__annotations__)


def test_parts_show_what_they_were_told() -> None:
    assert (RING.id, RING.item, RING.category, RING.piece) == ("1", "R-2201", "gold/ring", "R2201-0417")
    assert RING.custom == {"hallmark": "999", "weight": "8.36", "stones": 3, "cast": True, "made": "2026-01-05"}
    assert (RING.amount, RING.quantity) == (Decimal("9800.00"), Decimal("8.36"))
    assert RING.components == {"metal": Decimal(8000), "labour": Decimal("1800.00")}
    assert (BASKET.lines[0], BASKET.discount, len(BASKET.tenders)) == (RING, Decimal(100), 2)
    assert [(tender.kind, tender.amount, tender.points) for tender in BASKET.tenders] == [
        ("points", Decimal("500.00"), 10_000),
        ("wechat", Decimal("9400.00"), None),
    ]
    eve = Birthday(12, 30, lunar=True)
    assert (eve.month, eve.day, eve.year, eve.lunar, eve.leap) == (12, 30, None, True, False)
    for part in (RING, BASKET, eve, *BASKET.tenders, *KINDS["given"]["lots"], *KINDS["returned"]["lines"]):
        assert eval(repr(part), {**globals(), "datetime": __import__("datetime")}) == part
        assert pickle.loads(pickle.dumps(part)) == part and hash(part) == hash(copy.deepcopy(part))


def test_a_birthday_may_be_a_date() -> None:
    fact = Fact.joined(id="j", at=AT, customer="c", birthday=date(1990, 5, 20))
    assert fact.content["birthday"] == Birthday(5, 20, year=1990)


def test_amounts_are_equal_however_they_are_written() -> None:
    def line(amount: Decimal | int) -> Line:
        return Line(id="1", amount=amount)

    assert line(12800) == line(Decimal("12800.00")) == line(Decimal("1.28E+4")) == line(Decimal("12800.000"))
    assert line(Decimal("1E-2")) == line(Decimal("0.01")) == line(Decimal("0.010"))
    assert line(Decimal("0E-9")) == line(0) == line(Decimal("-0"))
    assert line(Decimal("123.45E1")) == line(Decimal("1234.5"))


def test_zones_are_kept_as_offsets() -> None:
    for zone in (timezone.utc, ZoneInfo("America/New_York"), timezone(timedelta(hours=-3, minutes=-30))):
        at = datetime(2026, 7, 1, 23, 59, 59, 999_999, tzinfo=zone)
        fact = Fact.joined(id="j", at=at, customer="c")
        assert fact.at == at and fact.at.utcoffset() == at.utcoffset()


def test_the_hour_that_comes_twice_is_told_apart() -> None:
    zone = ZoneInfo("Europe/Paris")
    first, second = (datetime(2026, 10, 25, 2, 30, tzinfo=zone, fold=fold) for fold in (0, 1))
    facts = [Fact.joined(id="j", at=at, customer="c") for at in (first, second)]
    assert facts[0] != facts[1]
    assert facts[1].at - facts[0].at == timedelta(hours=1)


def test_the_book_has_the_last_word_on_digits() -> None:
    text = 'edition = 2026\nname = "真珠店"\neffective = 2026-01-01\ncurrency = "JPY"\ntime_zone = "Asia/Tokyo"\njoin = "at purchase"'
    book = Book(Program.parse(text))
    fact = Fact.purchased(
        id="p-1", at=AT, customer="c", purchase=Purchase(lines=[Line(id="1", amount=Decimal("100.5"))])
    )
    with pytest.raises(FactError) as wrong:
        book.record(fact)
    assert (wrong.value.code, wrong.value.path) == ("money_digits", "purchased.lines[0].amount")
    assert book.facts == 0
    with pytest.raises(FactError) as wrong:
        book.merge([Fact.joined(id="j", at=AT, customer="c"), fact])
    assert wrong.value.path == "facts[1].purchased.lines[0].amount"
    assert book.facts == 0


def test_the_documentation_s_facts_are_read(maison: Program) -> None:
    """The examples of docs/facts.md: those that are facts and those that have a fault."""
    told = (ROOT / "docs/facts.md").read_text(encoding="utf-8")
    good = bad = 0
    for block in told.split("```json")[1:]:
        head, _, rest = block.partition("\n")
        text = rest.partition("```")[0]
        if not head.strip():
            fact = Fact.from_json(text)
            assert Fact.from_json(fact.to_json()) == fact
            good += 1
        elif head.strip().startswith("fault="):
            # How many digits an amount may have is for the book to say.
            with pytest.raises(FactError) as wrong:
                Book(maison).record(Fact.from_json(text))
            assert wrong.value.code == head.strip().removeprefix("fault=")
            bad += 1
    assert good > 10 and bad > 5
