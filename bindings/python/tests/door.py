"""The engine through its Python door: each step done, each answer as the canonical text that the Rust door gives.

What happened is told in keyword arguments, as a host would tell it. What can't be told so (a float for money, a key that nobody knows)
goes as JSON, as a host would pass it on.
"""

from __future__ import annotations

import json
import pickle
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import parure
import pyarrow as pa
from parure import (
    Birthday,
    Book,
    Fact,
    FactError,
    GivenLot,
    Line,
    ParureError,
    Program,
    Purchase,
    Refused,
    ReturnedLine,
    Tender,
)

ENVELOPE = ("id", "at", "customer", "store", "staff", "terminal")


PEOPLE = {
    "profile_changed", "consented", "visited", "talked", "serviced", "wished", "complained", "reviewed", "noted", "reported",
}  # fmt: skip
"""Kinds of facts that are no till's: what is told of people."""
PEOPLE_ASKED = {"customer", "timeline", "export_person", "find", "agenda"}


class NotTyped(Exception):
    """This can't be told in keyword arguments."""


def canonical(value: Any) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def number(told: Any) -> Decimal | int:
    if isinstance(told, str):
        return Decimal(told)
    if type(told) is int:
        return told
    raise NotTyped(repr(told))


def instant(told: str) -> datetime:
    """RFC 3339 as Python 3.10 reads it too."""
    told = told.replace("Z", "+00:00")
    if "." in told:
        clock, rest = told.split(".")
        digits = len(rest) - len(rest.lstrip("0123456789"))
        told = f"{clock}.{rest[:digits]:0<6}{rest[digits:]}"
    return datetime.fromisoformat(told)


def known(told: Any, *keys: str) -> Any:
    if not isinstance(told, dict) or not set(told) <= set(keys):
        raise NotTyped(repr(told))
    return told


def birthday(told: Any) -> Birthday:
    lunar = isinstance(told, dict)
    text = known(told, "lunar", "leap")["lunar"] if lunar else told
    *year, month, day = map(int, text.split("-"))
    return Birthday(month, day, year=year[0] if year else None, lunar=lunar, leap=lunar and told.get("leap", False))


def keyed(told: Any, value: Callable[[Any], Any]) -> Any:
    return {key: value(one) for key, one in told.items()}


def budget(told: Any) -> Any:
    return keyed(known(told, "least", "most"), number)


FIELDS: dict[str, Callable[[Any], Any]] = {
    "birthday": birthday,
    "dates": lambda told: keyed(told, birthday),
    "relations": lambda told: keyed(told, profile),
    "budget": budget,
}


def profile(told: Any) -> dict[str, Any]:
    """A profile's fields, or those of a relation."""
    return {key: FIELDS.get(key, lambda told: told)(value) for key, value in told.items()}


def reported(told: Any) -> dict[str, Any]:
    content = {"as_" if key == "as" else key: value for key, value in told.items()}
    if "until" in content:
        content["until"] = date.fromisoformat(content["until"])
    return content


def again(profile: Any) -> Iterator[dict[str, Any]]:
    """What is known, as facts tell it: each of them names at most one other customer."""
    for key, value in profile.items():
        if key == "relations":
            yield from ({key: {name: relation}} for name, relation in value.items())
        else:
            yield {key: value}


def line(told: Any) -> Line:
    told = dict(known(told, "id", "item", "category", "quantity", "amount", "components", "price", "piece", "custom"))
    for key in ("quantity", "amount", "price"):
        if key in told:
            told[key] = number(told[key])
    if "components" in told:
        told["components"] = {name: number(part) for name, part in told["components"].items()}
    return Line(**told)


def tender(told: Any) -> Tender:
    if "points" in told:
        told = known(told, "points", "amount")
        return Tender("points", number(told["amount"]), points=told["points"])
    if "amount" in told:
        told = known(told, "coupon", "amount")
        return Tender("coupon", number(told["amount"]), coupon=told["coupon"])
    if "order" in told:
        told = known(told, "deposit", "order")
        return Tender("deposit", number(told["deposit"]), order=told["order"])
    if "weight" in told:
        told = known(told, "trade_in", "weight", "price", "loss")
        loss = Decimal(told["loss"].removesuffix("%")) if "loss" in told else None
        amount, weight, price = (number(told[key]) for key in ("trade_in", "weight", "price"))
        return Tender("trade_in", amount, weight=weight, price=price, loss=loss)
    ((kind, amount),) = told.items()
    return Tender(kind, number(amount))


def purchase(told: Any) -> Purchase:
    told = known(told, "lines", "discount", "tenders")
    return Purchase(
        lines=[line(row) for row in told["lines"]],
        discount=number(told["discount"]) if "discount" in told else None,
        tenders=[tender(row) for row in told.get("tenders", [])],
    )


def returned(told: Any) -> dict[str, Any]:
    told = known(told, "purchase", "lines")
    lines = [known(row, "id", "quantity", "amount") for row in told["lines"]]
    return {
        "purchase": told["purchase"],
        "lines": [
            ReturnedLine(id=row["id"], quantity=number(row["quantity"]), amount=number(row["amount"])) for row in lines
        ],
    }


def days(told: Any) -> dict[str, Any]:
    return {key: date.fromisoformat(value) if key.endswith("_day") or key == "ready" else value for key, value in told.items()}


def given(told: Any) -> dict[str, Any]:
    content: dict[str, Any] = dict(told)
    if "lots" in content:
        content["lots"] = [GivenLot(**days(lot)) for lot in content["lots"]]
    return content


def value(told: Any) -> dict[str, Any]:
    content = days(told)
    for key in ("amount", "bonus", "deposit", "kept", "given_back"):
        if key in content and not isinstance(content[key], bool):
            content[key] = number(content[key])
    if "parts" in content:
        content["parts"] = [value(part) for part in content["parts"]]
    return content


def adopted(told: Any) -> dict[str, Any]:
    if not isinstance(told["program"], str):
        raise NotTyped("a program as JSON keeps the text that it was written as")
    return dict(told)


CONTENT: dict[str, Callable[[Any], dict[str, Any]]] = {
    "joined": profile,
    "profile_changed": profile,
    "wished": profile,
    "reported": reported,
    "purchased": lambda told: {"purchase": purchase(told)},
    "returned": returned,
    "given": given,
    "adjusted": days,
    "redeemed": value,
    "tier_granted": days,
    "issued": days,
    "benefit_granted": days,
    "benefit_reversed": lambda told: {"used": told["use"]},
    "ordered": value,
    "deposit_paid": value,
    "order_cancelled": value,
    "topped_up": value,
    "value_refunded": value,
    "value_transferred": value,
    "adopted": adopted,
}


def typed(text: str) -> Fact:
    """A fact in keyword arguments."""
    try:
        pairs = json.loads(text, object_pairs_hook=unrepeated)
        told = {key: value for key, value in pairs.items() if key in ENVELOPE}
        ((kind, content),) = [(key, value) for key, value in pairs.items() if key not in ENVELOPE]
        told["at"] = instant(told["at"])
        return getattr(Fact, kind)(**told, **CONTENT.get(kind, dict)(content))  # type: ignore[no-any-return]
    except FactError:
        raise  # a wrong value, where ValueError is one that can't be told
    except (ValueError, TypeError, KeyError, AttributeError, ArithmeticError) as why:
        raise NotTyped(str(why)) from why


def unrepeated(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(dict(pairs)) < len(pairs):
        raise NotTyped("a key is written twice")
    return dict(pairs)


ANY_DAY = 10.0**9
"""Scenarios tell of days to come."""


@dataclass
class Steps:
    """How many steps were done in keyword arguments, and how many as JSON; how many of these are wrong in JSON too."""

    typed: int = 0
    json: int = 0
    wrong: int = 0

    def __add__(self, more: Steps) -> Steps:
        return Steps(self.typed + more.typed, self.json + more.json, self.wrong + more.wrong)


def is_of_people(does: str, text: str) -> bool:
    """Whether a step is told or asked of people, and of nothing else."""
    if does not in ("record", "merge"):
        return does in PEOPLE_ASKED
    try:
        facts = [json.loads(fact) for fact in (text.splitlines() if does == "merge" else [text]) if fact.strip()]
        return bool(facts) and all(PEOPLE & set(fact) for fact in facts)
    except (ValueError, TypeError):
        return False


class PythonDoor:
    def __init__(self, name: str, program: str, file: Path | None = None) -> None:
        """A book in memory, or one that the file keeps."""
        rules = Program.parse(program, file=name)
        self.book = Book(rules) if file is None else parure.create(file, rules, ahead=ANY_DAY)
        self.till = Steps()
        self.people = Steps()

    def answer(self, does: str, text: str, on: str | None) -> str:
        """Does a step, and answers as the Rust door does."""
        self.steps = self.people if is_of_people(does, text) else self.till
        try:
            return getattr(self, does)(text, on)  # type: ignore[no-any-return]
        except Refused as no:
            return canonical({"status": "refused", "refusal": {"code": no.code, "message": no.message}})
        except ParureError as wrong:
            path = wrong.path
            for within in ("record.fact.", "record.fact", "merge.", "quote."):
                path = path.removeprefix(within)
            fault = {"code": wrong.code, "message": wrong.message, "path": path}
            if wrong.advice is not None:
                fault["advice"] = wrong.advice
            return canonical({"status": "error", "fault": fault})

    def record(self, text: str, _: str | None) -> str:
        try:
            fact = typed(text)
        except (NotTyped, FactError) as why:
            self.steps.json += 1
            return self.told_wrong(text, why)
        assert fact == Fact.from_json(text) == pickle.loads(pickle.dumps(fact))
        self.steps.typed += 1
        outcome = self.book.record(fact)
        assert pickle.loads(pickle.dumps(outcome)) == outcome
        return outcome.to_json()

    def told_wrong(self, text: str, why: Exception) -> str:
        """What keyword arguments find wrong, JSON finds wrong as well, and by the same code."""
        try:
            return self.book.tell(f'{{"record":{{"fact":{text}}}}}')
        except ParureError as wrong:
            self.steps.wrong += 1
            if isinstance(why, FactError):
                assert wrong.code == why.code, f"{wrong.code}, in keyword arguments {why.code}: {text}"
            raise

    def merge(self, text: str, _: str | None) -> str:
        lines = [line for line in text.splitlines() if line.strip()]
        try:
            facts = [typed(line) for line in lines]
        except (NotTyped, FactError):
            self.steps.json += 1
            answer = self.book.tell(f'{{"merge":{{"facts":[{",".join(lines)}]}}}}')
        else:
            self.steps.typed += 1
            answer = self.book.merge(facts).to_json()
        return canonical({**json.loads(answer), "status": "merged"})

    def quote(self, text: str, _: str | None) -> str:
        told = known(json.loads(text), "id", "customer", "at", "store", "purchase")
        self.steps.typed += 1
        quote = self.book.quote(
            told.get("customer"),
            at=instant(told["at"]),
            purchase=purchase(told["purchase"]),
            store=told.get("store"),
            id=told.get("id"),
        )
        assert pickle.loads(pickle.dumps(quote)) == quote
        return quote.to_json()

    def rewards(self, text: str, _: str | None) -> str:
        told = known(json.loads(text), "customer", "at", "store")
        self.steps.typed += 1
        found = self.book.rewards(told["customer"], at=instant(told["at"]), store=told.get("store"))
        assert pickle.loads(pickle.dumps(found)) == found
        return "[" + ",".join(one.to_json() for one in found) + "]"

    def account(self, customer: str, on: str | None) -> str:
        assert on is not None
        self.steps.typed += 1
        account = self.book.account(customer, date.fromisoformat(on))
        assert pickle.loads(pickle.dumps(account)) == account
        return account.to_json()

    def customer(self, customer: str, on: str | None) -> str:
        assert on is not None
        self.steps.typed += 1
        known = self.book.customer(customer, date.fromisoformat(on))
        assert pickle.loads(pickle.dumps(known)) == known
        # What is known can be told: the constructors take it as it is answered.
        for told in again(known.profile):
            Fact.profile_changed(id="t-again", at=instant("2026-01-01T00:00:00+08:00"), customer="c-again", **told)
        return known.to_json()

    def timeline(self, text: str, _: str | None) -> str:
        told = known(json.loads(text), "customer", "kinds", "before", "limit")
        self.steps.typed += 1
        timeline = self.book.timeline(told.pop("customer"), **told)
        assert pickle.loads(pickle.dumps(timeline)) == timeline
        return timeline.to_json()

    def export_person(self, customer: str, on: str | None) -> str:
        assert on is not None
        self.steps.typed += 1
        held = self.book.export_person(customer, date.fromisoformat(on))
        assert pickle.loads(pickle.dumps(held)) == held
        return held.to_json()

    def find(self, typed: str, _: str | None) -> str:
        self.steps.typed += 1
        found = self.book.find(typed)
        assert pickle.loads(pickle.dumps(found)) == found
        return "[" + ",".join(one.to_json() for one in found) + "]"

    def agenda(self, on: str, _: str | None) -> str:
        self.steps.typed += 1
        agenda = self.book.agenda(date.fromisoformat(on))
        assert pickle.loads(pickle.dumps(agenda)) == agenda
        rows = [due.to_dict() for due in agenda.due]
        keys = pa.table(self.book.agenda_table(date.fromisoformat(on))).column("key").to_pylist()
        assert keys == [row["key"] for row in rows]
        return agenda.to_json()

    def report(self, on: str, _: str | None) -> str:
        self.steps.typed += 1
        report = self.book.report(date.fromisoformat(on))
        assert pickle.loads(pickle.dumps(report)) == report
        return report.to_json()

    def seal(self, day: str, _: str | None) -> str:
        self.steps.typed += 1
        self.book.seal(date.fromisoformat(day))
        return canonical({"status": "sealed"})

    def restart(self, *_: str | None) -> str:
        self.steps.typed += 1
        file = self.book.path
        if file is None:
            self.book = pickle.loads(pickle.dumps(self.book))
        else:
            self.book.close()
            self.book = parure.open(file, ahead=ANY_DAY)
        return canonical({"status": "restarted"})
