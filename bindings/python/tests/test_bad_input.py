"""What callers do wrong is told, by code and place, and changes nothing."""

from __future__ import annotations

import json
import pickle
import random
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from conftest import SHANGHAI
from test_facts import AT, BASKET, KINDS, made

import parure
from parure import (
    Birthday,
    Book,
    ConflictError,
    Fact,
    FactError,
    GivenLot,
    Line,
    ParureError,
    Program,
    ProgramError,
    Purchase,
    Refused,
    RequestError,
    ReturnedLine,
    SnapshotError,
    Tender,
)

DAY = date(2026, 7, 1)


class Junk(date):
    """A date that tells something else."""

    def isoformat(self) -> str:
        return "soon"


class Broken:
    """Whatever is asked of it fails."""

    def __iter__(self) -> Any:
        raise RuntimeError("no")

    def __len__(self) -> int:
        raise RuntimeError("no")


VALUES: list[Any] = [
    None, True, 0, 1, -1, 2**63, -(10**400), 1.5, float("nan"), float("inf"), "", " x", "x", "\ud800", "\0", "x" * 100_000,
    b"x", [], [None], [1.5], {}, {"x": 1.5}, {1: 1}, (), set(), object(), type, print, Broken(), iter(()),
    Decimal("NaN"), Decimal("sNaN"), Decimal("-Infinity"), Decimal("1E+999999"), Decimal("1E-999999"), Decimal("-1"),
    Decimal("0." + "1" * 100), date(1, 1, 1), date(9999, 12, 31), Junk(2026, 1, 1), DAY, AT, datetime(2026, 1, 1),
    datetime(1, 1, 1, tzinfo=SHANGHAI), datetime(1890, 1, 1, tzinfo=SHANGHAI), BASKET, BASKET.lines, [BASKET], Fact,
]  # fmt: skip

MAKERS: list[tuple[Callable[..., Any], dict[str, Any]]] = [
    (Line, {"id": "1", "amount": 1, "item": "i", "category": "c", "quantity": 1, "components": {}}),
    (Tender, {"kind": "card", "amount": 1, "points": None}),
    (Purchase, {"lines": BASKET.lines, "discount": Decimal(100), "tenders": BASKET.tenders}),
    (ReturnedLine, {"id": "1", "quantity": 1, "amount": 1}),
    (GivenLot, {"points": 1, "first_day": DAY, "last_day": DAY}),
    (Birthday, {"month": 5, "day": 20, "year": 1990, "lunar": True, "leap": False}),
]
ENVELOPE = {"id": "f-1", "at": AT, "customer": "c-1", "store": None, "staff": None, "terminal": None}
for kind, content in KINDS.items():
    keys = {**ENVELOPE, **content}
    if kind == "adopted":
        del keys["customer"]
    MAKERS.append((getattr(Fact, kind), keys))


@pytest.mark.parametrize(("maker", "keys"), MAKERS, ids=lambda maker: getattr(maker, "__name__", ""))
def test_any_value_in_any_place(maker: Callable[..., Any], keys: dict[str, Any]) -> None:
    maker(**keys)
    for key in keys:
        for value in VALUES:
            try:
                maker(**{**keys, key: value})
            except (FactError, TypeError) as wrong:
                assert str(wrong)
            except RuntimeError as own:
                assert isinstance(value, Broken) and str(own) == "no"
    # Of a profile, the core says which field may have been meant.
    wrong_key = FactError if maker in (Fact.joined, Fact.profile_changed) else TypeError
    for value in VALUES:
        with pytest.raises((TypeError, wrong_key)):
            maker(**keys, colour=value)


def test_any_value_in_any_question(book: Book) -> None:
    book.merge([made(kind) for kind in ("joined",)])
    before = book.snapshot()
    questions: list[Callable[[Any], Any]] = [
        book.record, book.merge, book.seal, book.accounts, book.report, book.to_json, book.ask, book.tell, book.fact, book.day_of,
        book.program_on, Book, Book.restore, Program.parse, Fact.from_json,
        lambda value: book.account(value, DAY), lambda value: book.account("c-1", value),
        lambda value: book.explain(value, DAY), lambda value: book.statement("c-1", value),
        lambda value: book.what_if(value, DAY), lambda value: book.quote("c-1", at=value, purchase=BASKET),
        lambda value: book.quote(value, at=AT, purchase=BASKET), lambda value: book.quote("c-1", at=AT, purchase=value),
        lambda value: book.quote("c-1", at=AT, purchase=BASKET, store=value),
        book.find, book.find_table, book.agenda, book.agenda_table, lambda value: book.agenda(DAY, customer=value),
        lambda value: book.customer(value, DAY), lambda value: book.customer("c-1", value), book.timeline,
        lambda value: book.timeline("c-1", kinds=value), lambda value: book.timeline("c-1", before=value),
        lambda value: book.export_person(value, DAY), lambda value: book.export_person("c-1", value),
    ]  # fmt: skip
    for question in questions:
        for value in VALUES:
            if question == book.seal and type(value) is date:
                continue
            try:
                question(value)
            except (ParureError, TypeError, KeyError) as wrong:
                assert str(wrong)
            except RuntimeError as own:
                assert isinstance(value, Broken) and str(own) == "no"
    assert book.snapshot() == before


def test_a_wrong_type_says_what_to_write_instead() -> None:
    told = {
        12.5: 'amount: a float can\'t hold every amount exactly; write Decimal("12.5")',
        "12.50": 'amount: text is no amount; write Decimal("12.50")',
        True: "amount: a Decimal or an int is wanted, found a bool",
    }
    for value, message in told.items():
        with pytest.raises(TypeError) as wrong:
            Line(id="1", amount=value)  # type: ignore[arg-type]
        assert str(wrong.value) == message
    with pytest.raises(FactError) as naive:
        Fact.joined(id="j", at=datetime(2026, 3, 1, 15, 4, 5), customer="c")
    assert isinstance(naive.value, ValueError)
    assert (naive.value.code, naive.value.path) == ("naive_time", "at")
    assert 'tzinfo=ZoneInfo("Asia/Shanghai")' in (naive.value.advice or "")
    with pytest.raises(TypeError, match=r"on: a date is wanted, found a datetime; write its \.date\(\)"):
        Book(Program.parse(PROGRAM)).account("c", AT)


PROGRAM = 'edition = 2026\nname = "M"\neffective = 2026-01-01\ncurrency = "CNY"\ntime_zone = "Asia/Shanghai"'


def test_all_faults_of_a_program_at_once() -> None:
    text = PROGRAM.replace("CNY", "XYZ").replace("Shanghai", "Shangai")
    with pytest.raises(ProgramError) as wrong:
        Program.parse(text, file="club.toml")
    error = wrong.value
    assert [(fault.code, fault.path, fault.line) for fault in error.faults] == [
        ("unknown_currency", "currency", 4),
        ("unknown_time_zone", "time_zone", 5),
    ]
    assert (error.code, error.path, error.line, error.column) == ("unknown_currency", "currency", 4, 12)
    assert "club.toml:5:13" in str(error) and "did you mean `Asia/Shanghai`?" in str(error)
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is ProgramError and (str(again), again.faults) == (str(error), error.faults)


def test_a_program_s_file_that_is_not_there() -> None:
    with pytest.raises(FileNotFoundError):
        Program.load("nowhere.toml")


def test_no_is_an_answer_of_its_own(book: Book) -> None:
    with pytest.raises(Refused) as no:
        book.record(made("redeemed"))
    assert (no.value.code, no.value.message) == ("not_joined", "`c-1` has not joined")
    with pytest.raises(Refused) as unknown:
        book.account("nobody", DAY)
    assert unknown.value.code == "unknown_customer"
    assert book.facts == 0


def test_the_same_id_with_other_content(book: Book) -> None:
    book.record(made("joined"))
    assert book.record(made("joined")).already_recorded
    with pytest.raises(ConflictError) as conflict:
        book.record(Fact.joined(id="f-1", at=AT, customer="c-1", **KINDS["joined"], store="sh-01", staff="李", terminal="till 4"))
    assert (conflict.value.code, conflict.value.path) == ("same_id_other_content", "terminal")
    with pytest.raises(ConflictError):
        book.tell('{"record":{"fact":{"id":"f-1","at":"2026-01-01T00:00:00Z","customer":"c-1","joined":{}}}}')


def test_snapshots_that_are_none(book: Book) -> None:
    book.record(made("joined"))
    whole = book.snapshot()
    for bytes_ in (b"", b"x", whole[:-1], whole[1:], bytes(len(whole)), whole[:20] + b"x" + whole[21:]):
        with pytest.raises(SnapshotError) as wrong:
            Book.restore(bytes_)
        assert wrong.value.code.startswith("snapshot_")
    assert Book.restore(whole).snapshot() == whole


def test_questions_that_can_t_be_asked(book: Book) -> None:
    book.seal(date(2026, 2, 1))
    with pytest.raises(RequestError) as back:
        book.seal(date(2026, 1, 1))
    assert (back.value.code, back.value.path) == ("sealed_further", "day")
    other = Program.parse(PROGRAM.replace("CNY", "JPY"))
    with pytest.raises(RequestError):
        book.what_if(other, DAY)
    for request, code in {
        '{"fact":{"idd":"p-1"}}': "unknown_key",
        '{"seal":{"day":"2026-07-01"}}': "changes_book",
        "": "wrong_kind",
        '{"book":{}': "syntax",
        "[" * 1_000_000: "",
        '{"account":{"customer":"c","on":"2026-13-01"}}': "day_text",
    }.items():
        with pytest.raises(RequestError) as wrong:
            book.ask(request)
        assert wrong.value.code == code or not code
        assert wrong.value.faults and wrong.value.faults[0].code == wrong.value.code


def test_anything_at_all_as_text_and_bytes(book: Book) -> None:
    """No text and no bytes make it panic: what is raised is always a `ParureError`."""
    random_ = random.Random(2026)
    book.merge([made("joined")])
    seeds: list[str] = [
        made("purchased").to_json(), made("given").to_json(), PROGRAM, '{"account":{"customer":"c-1","on":"2026-07-01"}}',
        json.dumps({"quote": {"at": "2026-07-01T10:00:00Z", "purchase": json.loads(made("purchased").to_json())["purchased"]}}),
    ]  # fmt: skip
    letters = '{}[]",:.0129eE-+ntfaZ\\ \n\0é玉'
    told = raised = 0
    for _ in range(4_000):
        text = list(random_.choice(seeds))
        for _ in range(random_.randrange(1, 6)):
            at = random_.randrange(len(text) + 1)
            text[at : at + random_.randrange(3)] = random_.choices(letters, k=random_.randrange(3))
        for read in (Fact.from_json, Program.parse, book.ask):
            told += 1
            try:
                read("".join(text))
            except ParureError as wrong:
                assert wrong.code and wrong.message
                raised += 1
    snapshot = book.snapshot()
    for _ in range(500):
        at = random_.randrange(len(snapshot))
        with pytest.raises(SnapshotError):
            Book.restore(snapshot[:at] + bytes([snapshot[at] ^ 1 << random_.randrange(8)]) + snapshot[at + 1 :])
    assert told > raised > 5_000


def test_what_is_frozen_stays(book: Book) -> None:
    outcome = book.record(made("joined"))
    account = book.account("c-1", DAY)
    for value, name in [(outcome, "balance"), (account, "points"), (account.points, "lots"), (made("merged"), "id"), (BASKET, "lines")]:
        with pytest.raises(AttributeError):
            setattr(value, name, 0)
        with pytest.raises((AttributeError, TypeError)):
            setattr(value, "colour", "red")
    for class_ in (Fact, Book, Program, parure.Account):
        with pytest.raises(TypeError):
            type("Own", (class_,), {})
    with pytest.raises(TypeError):
        Fact()
    with pytest.raises(TypeError):
        parure.Account()
