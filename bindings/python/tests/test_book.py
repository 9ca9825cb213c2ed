"""What a book answers, as Python has it."""

from __future__ import annotations

import copy
import pickle
import subprocess
import sys
from datetime import date, datetime, timezone
from decimal import Decimal
from pathlib import Path

import pytest
from conftest import ROOT, SHANGHAI

import parure
from parure import Book, Fact, Line, Program, Purchase, RequestError


@pytest.fixture(scope="module")
def year() -> Book:
    """A year at the jeweller's."""
    book = Book(Program.load(ROOT / "examples/maison.toml"))
    facts = (ROOT / "examples/maison.jsonl").read_text(encoding="utf-8").splitlines()
    merged = book.merge(Fact.from_json(fact) for fact in facts)
    assert merged.new == len(facts) == book.facts and not merged.conflicts
    return book


ON = date(2026, 11, 21)


def test_a_program_tells_itself(maison: Program, tmp_path: Path) -> None:
    assert maison.name == "Maison Lumière 会员俱乐部"
    assert (maison.effective, maison.currency, maison.time_zone) == (date(2026, 1, 1), "CNY", "Asia/Shanghai")
    assert repr(maison) == "<Program 'Maison Lumière 会员俱乐部' from 2026-01-01, CNY, Asia/Shanghai>"
    assert pickle.loads(pickle.dumps(maison)) == maison == Program.parse(maison.source)
    odd = Program.parse(maison.source.replace("Maison", "<script>Maison"))
    assert "<strong>&lt;script&gt;Maison Lumière" in odd._repr_html_() and "<script>" not in odd._repr_html_()


def test_an_account(year: Book) -> None:
    fang = year.account("wang-fang", ON)
    assert (fang.account, fang.on, fang.points.balance, fang.points.pending) == ("wang-fang", ON, 4_077, 0)
    lot = fang.points.lots[0]
    # The end of the month, 24 months on (semantics 4.7).
    assert (lot.fact, lot.points, lot.last_day) == ("p-05", 220, date(2028, 2, 29))
    assert fang.tier is not None and fang.tier.next is not None
    assert [type(goal.spend) for goal in fang.tier.next.missing if goal.spend is not None] == [Decimal]
    assert repr(fang).startswith("<Account 'wang-fang' on 2026-11-21: balance 4,077, ")
    assert fang == year.account("wang-fang", ON) != year.account("wang-fang", date(2026, 1, 5))
    assert fang.to_dict()["points"]["lots"][0]["last_day"] == date(2028, 2, 29)
    html = fang._repr_html_()
    assert "<strong>wang-fang</strong> on 2026-11-21" in html and "<td>p-05</td>" in html
    assert year.account("liu-online", ON).aliases == ("liu-online",)


def test_every_answer_is_pickled_copied_and_told_as_json(year: Book, maison: Program) -> None:
    answers = [
        *year.accounts(ON),
        year.explain("wang-fang", ON),
        year.report(ON),
        year.ledger(date(2026, 5, 1), ON),
        year.revenue(ON, "quarter"),
        year.what_if(Program.parse(maison.source.replace("points = 1\n", "points = 3\n")), ON),
        year.quote(None, at=datetime(2026, 11, 21, tzinfo=SHANGHAI), purchase=BASKET),
        year.quote("sun-hao", at=datetime(2026, 11, 21, tzinfo=SHANGHAI), purchase=BASKET),
    ]
    for answer in answers:
        again = pickle.loads(pickle.dumps(answer))
        assert again == answer == copy.copy(answer) and hash(again) == hash(answer)
        assert again.to_json() == answer.to_json() and again.to_dict() == answer.to_dict()
        assert repr(again) == repr(answer)


BASKET = Purchase(lines=[Line(id="1", category="ring/diamond", amount=Decimal("12800.00"))])


def test_answers_are_those_of_the_json_door(year: Book) -> None:
    asked = {
        '{"explain":{"customer":"wang-fang","on":"2026-11-21"}}': year.explain("wang-fang", ON).to_json(),
        '{"report":{"on":"2026-11-21"}}': year.report(ON).to_json(),
        '{"ledger":{"first":"2026-05-01","last":"2026-11-21"}}': year.ledger(date(2026, 5, 1), ON).to_json(),
        '{"revenue":{"on":"2026-11-21","every":"month"}}': year.revenue(ON, "month").to_json(),
        '{"account":{"customer":"sun-hao","on":"2026-11-21"}}': year.account("sun-hao", ON).to_json(),
        '{"accounts":{"on":"2026-11-21"}}': year.to_json(ON),
        '{"fact":{"id":"p-05"}}': f'{{"fact":{year.fact("p-05").to_json()}}}',
    }
    for request, answer in asked.items():
        assert year.ask(request) == answer


def test_the_books_of_a_period(year: Book) -> None:
    ledger = year.ledger(date(2026, 5, 1), ON)
    for owed in ledger.balances:
        assert owed.opening + owed.credits - owed.debits == owed.closing
    assert ledger.balances[0].closing == year.report(ON).outstanding
    assert repr(ledger).startswith("<Ledger from 2026-05-01 through 2026-11-21: ")
    revenue = year.revenue(ON, "month")
    for period in revenue.periods:
        assert period.opening + period.allocated - period.recognised == period.closing
    with pytest.raises(RequestError) as wrong:
        year.revenue(ON, "week")  # type: ignore[arg-type]
    assert wrong.value.code == "unknown_value"


def test_a_report_and_what_if(year: Book, maison: Program) -> None:
    report = year.report(ON)
    assert sum(tier.members for tier in report.tiers) == report.members > 0
    assert isinstance(report.cost, Decimal) and isinstance(report.months[0].spend, Decimal)
    richer = Program.parse(maison.source.replace("points = 1\n", "points = 3\n"))
    what_if = year.what_if(richer, ON)
    assert what_if.now == report and what_if.then.outstanding > report.outstanding
    assert repr(report) == f"<Report on 2026-11-21: {report.members} members, {report.outstanding:,} points outstanding worth {report.cost}>"


def test_a_statement_is_for_people(year: Book) -> None:
    assert "p-05" in year.statement("wang-fang", ON)
    explained = year.explain("wang-fang", ON)
    assert explained.account == year.account("wang-fang", ON)
    assert [fact.kind for fact in explained.facts][0] == "joined"


def test_a_book_is_pickled_with_everything(year: Book) -> None:
    again = pickle.loads(pickle.dumps(year))
    assert again.to_json(ON) == year.to_json(ON) and again.facts == year.facts
    assert copy.deepcopy(year).verify() == []
    assert repr(year) == f"<Book of 'Maison Lumière 会员俱乐部', CNY: {year.facts} facts>"


def test_a_book_tells_itself(year: Book) -> None:
    assert (year.currency, year.sealed_until) == ("CNY", None)
    assert year.last_day is not None and year.last_day <= ON
    assert year.day_of(datetime(2026, 3, 1, 23, 0, tzinfo=timezone.utc)) == date(2026, 3, 2)
    assert year.program_on(ON).name == "Maison Lumière 会员俱乐部"
    assert year.fact("p-05").kind == "purchased"
    with pytest.raises(KeyError):
        year.fact("nowhere")
    settled = copy.deepcopy(year)
    settled.seal(date(2026, 7, 1))
    assert settled.sealed_until == date(2026, 7, 1)


def test_everything_public_is_listed() -> None:
    public = {name for name in dir(parure) if not name.startswith("_")} | {"__version__"}
    assert public == set(parure.__all__)
    for name in parure.__all__:
        value = getattr(parure, name)
        assert value.__doc__ or name == "__version__", name
        if isinstance(value, type):
            assert value.__module__ == "parure", name


def test_importing_it_takes_no_types_along() -> None:
    """What type checkers alone need would take longer to import than all the rest."""
    asked = "import sys, parure; assert 'parure._people' not in sys.modules; parure.Profile; assert 'parure._people' in sys.modules"
    subprocess.run([sys.executable, "-c", asked], check=True, timeout=120)
    with pytest.raises(AttributeError):
        parure.Profiles  # type: ignore[attr-defined]
