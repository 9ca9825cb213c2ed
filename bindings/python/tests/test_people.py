"""People: what is told of them in keyword arguments, who is found, what is known, what is due; and that no repr tells it."""

from __future__ import annotations

import json
import pickle
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
import pyarrow as pa
import pytest
from conftest import SHANGHAI

from parure import Birthday, Book, Fact, FactError, Line, Profile, Program, Purchase, Refused, RequestError

AT = datetime(2026, 1, 5, 10, tzinfo=SHANGHAI)
ON = date(2026, 5, 13)
RULES = """
edition = 2026
name = "Maison"
effective = 2026-01-01
currency = "CNY"
time_zone = "Asia/Shanghai"
[[earn]]
id = "standard"
points = 1
per = "10.00"
[[tier]]
id = "member"
[[tier]]
id = "gold"
reach = { spend = "30000", within = "12 months" }
[[trigger]]
id = "birthday"
on = { date = "birthday", before = "7 days" }
send = { message = "happy-birthday", by = ["wechat", "sms"] }
task = { what = "电话祝福", who = "manager" }
[messages]
purpose = "offers"
quiet = { from = "21:00", to = "09:00" }
"""


@pytest.fixture
def shop() -> Book:
    book = Book(Program.parse(RULES))
    profile: Profile = {
        "name": "张伟",
        "phones": ["+86 138 0013 8000"],
        "wechat": "zhangwei88",
        "time_zone": "Europe/Paris",
        "birthday": date(1990, 5, 20),
        "sizes": {"left_ring": "HK 14"},
        "relations": {"wife": {"kind": "spouse", "name": "王芳", "birthday": Birthday(8, 15, lunar=True)}},
        "budget": {"most": Decimal("30000.00")},
    }
    book.record(Fact.joined(id="j-1", at=AT, customer="c-1", **profile))
    book.record(Fact.joined(id="j-2", at=AT + timedelta(hours=1), customer="c-2", name="zhang wei", phones=["+8613800138000"]))
    watch = Purchase(lines=[Line(id="1", item="W-116500", amount=Decimal("20000.00"), piece="7K4R1290")])
    book.record(Fact.purchased(id="p-1", at=AT + timedelta(hours=2), customer="c-1", purchase=watch, store="sh-01"))
    book.record(
        Fact.consented(id="k-1", at=AT + timedelta(hours=3), customer="c-1", channel="wechat", purpose="offers", given=True)
    )
    return book


def test_who_is_typed_is_found(shop: Book) -> None:
    assert [(one.account, one.name, one.by, one.how) for one in shop.find("138 0013 8000")] == [
        ("c-1", "张伟", "phone", "whole"),
        ("c-2", "zhang wei", "phone", "whole"),
    ]
    assert [one.account for one in shop.find("zw", limit=1)] == ["c-1"]
    assert [(one.account, one.by) for one in shop.find("7K4R1290")] == [("c-1", "serial")]
    assert shop.find("nobody of that name") == [] == shop.find("zw", limit=0)


def test_many_texts_are_found_as_a_table(shop: Book) -> None:
    table = pa.table(shop.find_table(["7K4R1290", "nobody", "zhangwei88"]))
    assert table.to_pylist() == [
        {"typed": "7K4R1290", "account": "c-1", "customer": "c-1", "name": "张伟", "by": "serial", "how": "whole"},
        {"typed": "zhangwei88", "account": "c-1", "customer": "c-1", "name": "张伟", "by": "wechat", "how": "whole"},
    ]
    assert len(shop.find_table(["138 0013 8000"], limit=5)) == 2
    assert len(shop.find_table([])) == 0
    # Each row of a text is what `find` says of it.
    frame = pl.DataFrame(shop.find_table(["zw", "138"], limit=20))
    assert frame["account"].to_list() == [one.account for typed in ("zw", "138") for one in shop.find(typed)]


def test_who_is_there_twice(shop: Book) -> None:
    (likely,) = shop.duplicates()
    assert likely.accounts == ("c-1", "c-2") and 500 < likely.score <= 1_000
    assert "same_phone" in {reason.code for reason in likely.reasons}
    shop.record(Fact.merged(id="m-1", at=AT + timedelta(days=1), customer="c-2", into="c-1"))
    assert shop.duplicates() == []


def test_what_is_known_and_what_happened(shop: Book) -> None:
    known = shop.customer("c-1", ON)
    assert known.profile["birthday"] == Birthday(5, 20, year=1990)
    assert known.profile["phones"] == ("+8613800138000",)
    assert known.profile["budget"] == {"most": Decimal("30000.00")}
    assert known.profile["relations"]["wife"]["birthday"] == Birthday(8, 15, lunar=True)
    assert [(one.channel, one.state, one.fact) for one in known.consent] == [("wechat", "given", "k-1")]
    assert known.to_dict()["profile"] == known.profile
    timeline = shop.timeline("c-1", limit=1)
    assert (timeline.entries[0].fact, timeline.next) == ("k-1", "k-1")
    entries = shop.timeline("c-1", before="k-1").entries
    assert [(entry.kind, entry.fact, entry.at.utcoffset()) for entry in entries] == [
        ("purchased", "p-1", timedelta(hours=8)),
        ("joined", "j-1", timedelta(hours=8)),
    ]
    assert [entry.fact for entry in shop.timeline("c-1", kinds=["purchased"]).entries] == ["p-1"]
    held = shop.export_person("c-1", ON)
    assert [fact["id"] for fact in held.facts] == ["j-1", "p-1", "k-1"]
    assert held.points == shop.account("c-1", ON) and held.customer == known


def test_what_is_due(shop: Book) -> None:
    agenda = shop.agenda(ON)
    (due,) = agenda.due
    assert (due.key, due.first_day, due.last_day, due.why.day) == ("birthday/c-1/2026", ON, date(2026, 5, 20), date(2026, 5, 20))
    assert due.send is not None and (due.send.message, due.send.by) == ("happy-birthday", "wechat")
    # By the clocks of where he lives.
    nine, evening = (datetime(2026, 5, 13, hour, tzinfo=ZoneInfo("Europe/Paris")) for hour in (9, 21))
    assert (due.send.from_, due.send.to) == (nine, evening)
    assert due.task is not None and (due.task.what, due.task.who) == ("电话祝福", "manager")
    assert shop.agenda(ON, customer="c-1") == agenda and shop.agenda(ON, customer="c-2").due == ()
    done = datetime(2026, 5, 13, 11, tzinfo=SHANGHAI)
    shop.record(
        Fact.reported(id="r-1", at=done, customer="c-1", trigger=due.trigger, occasion=due.occasion, as_="sent", by="wechat")
    )
    assert shop.agenda(ON).due == ()


def test_what_is_due_as_a_table(shop: Book) -> None:
    table = pa.table(shop.agenda_table(ON))
    assert table.column_names == list(shop.agenda_table(ON).column_names)
    (row,) = table.to_pylist()
    assert (row["key"], row["first_day"], row["message"], row["by"], row["task"], row["who"]) == (
        "birthday/c-1/2026",
        ON,
        "happy-birthday",
        "wechat",
        "电话祝福",
        "manager",
    )
    assert (row["send_from"], row["send_to"]) == (
        datetime(2026, 5, 13, 7, tzinfo=timezone.utc),
        datetime(2026, 5, 13, 19, tzinfo=timezone.utc),
    )
    assert (row["why_day"], row["why_fact"], row["why_points"], row["why_spend"]) == (date(2026, 5, 20), None, None, None)
    assert table.schema.field("why_spend").type == pa.decimal128(19, 2)
    assert len(shop.agenda_table(date(2026, 1, 1))) == 0


def test_nothing_personal_shows_in_a_repr(shop: Book) -> None:
    """Ids and days, and how much there is: no name, no number, no date of birth, nothing that was said."""
    said: list[Fact] = [
        Fact.visited(id="v", at=AT, customer="c-1", text="qx-said"),
        Fact.talked(id="v", at=AT, customer="c-1", channel="qx-said", text="qx-said"),
        Fact.serviced(id="v", at=AT, customer="c-1", service="qx-said", piece="7K4R1290"),
        Fact.wished(id="v", at=AT, customer="c-1", budget={"most": 30000}),
        Fact.complained(id="v", at=AT, customer="c-1", text="qx-said"),
        Fact.reviewed(id="v", at=AT, customer="c-1", text="qx-said"),
        Fact.noted(id="v", at=AT, customer="c-1", text="qx-said"),
        shop.fact("j-1"),
    ]
    held = shop.export_person("c-1", ON)
    answers: list[Any] = [
        *said, *shop.find("zw"), *shop.duplicates(), shop.customer("c-1", ON), shop.timeline("c-1"), *shop.timeline("c-1").entries,
        held, shop.agenda(ON), *shop.agenda(ON).due, shop.find_table(["zw"]), shop.agenda_table(ON), shop,
    ]  # fmt: skip
    shown = "\n".join(map(repr, answers))
    for word in ("张伟", "zhang wei", "13800138000", "zhangwei88", "1990", "HK 14", "王芳", "30000", "qx-said", "7K4R1290"):
        assert word not in shown, word
    assert repr(said[-1]).startswith("Fact.joined(id='j-1', at='2026-01-05T10:00:00+08:00', customer='c-1', ")
    assert "birthday=…" in repr(said[-1])
    assert repr(shop.customer("c-1", ON)) == "<Customer 'c-1' on 2026-05-13: 8 fields known, 100 % complete>"
    assert repr(shop.find("zw")[0]) == "<FoundCustomer 'c-1' by name: start>"
    assert repr(shop.agenda(ON).due[0]) == (
        "<Due 'birthday/c-1/2026', 2026-05-13 to 2026-05-20, send happy-birthday by wechat, a task for the manager>"
    )
    assert repr(shop.timeline("c-1", limit=1)) == "<Timeline of 'c-1': 1 entry, and there is more>"
    for answer in answers[8:-3]:
        assert pickle.loads(pickle.dumps(answer)) == answer and hash(answer) == hash(pickle.loads(pickle.dumps(answer)))
        assert json.loads(answer.to_json()) is not None


def test_what_is_wrong_is_told_without_what_was_told(shop: Book) -> None:
    wrong: list[tuple[dict[str, Any], str, str]] = [
        ({"phones": ["13800138000"]}, "phone_no_country", "joined.phones[0]"),
        ({"phonse": ["+8613800138000"]}, "unknown_key", "joined.phonse"),
        ({"name": 13800138000}, "wrong_kind", "joined.name"),
        ({"sizes": {"left_ring": "14"}}, "size_text", "joined.sizes.left_ring"),
    ]
    for profile, code, path in wrong:
        with pytest.raises(FactError) as error:
            Fact.joined(id="j", at=AT, customer="c", **profile)
        assert (error.value.code, error.value.path) == (code, path)
        assert "13800138000" not in str(error.value)
    for profile in ({"custom": {"weight": 1.5}}, {"birthday": "1990-05-20"}, {"dates": [AT]}, {"notes": b"x"}, {"custom": {"met": AT}}):
        with pytest.raises(TypeError):
            Fact.joined(id="j", at=AT, customer="c", **profile)
    endless: list[Any] = []
    endless.append(endless)
    with pytest.raises(FactError) as error:
        Fact.joined(id="j", at=AT, customer="c", tags=endless)
    assert error.value.code == "too_deep"
    with pytest.raises(FactError):
        Fact.reviewed(id="r", at=AT, customer="c-1", score=11)
    for asked in (lambda: shop.customer("nobody", ON), lambda: shop.timeline("nobody"), lambda: shop.agenda(ON, customer="nobody"),
                  lambda: shop.export_person("nobody", ON)):  # fmt: skip
        with pytest.raises(Refused) as no:
            asked()
        assert no.value.code == "unknown_customer"
    with pytest.raises(RequestError) as request:
        shop.timeline("c-1", kinds=["bought"])
    assert (request.value.code, request.value.path) == ("unknown_value", "kinds[0]")
    with pytest.raises(TypeError):
        shop.find_table("zw")
