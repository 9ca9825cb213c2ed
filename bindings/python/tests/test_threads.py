"""A book is used from several threads at once."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from decimal import Decimal

from conftest import SHANGHAI

from parure import Book, Fact, Line, Program, Purchase, Refused

START = datetime(2026, 1, 1, 10, tzinfo=SHANGHAI)
ON = date(2026, 12, 31)
PATIENCE = 120


def bought(customer: str, number: int) -> Fact:
    basket = Purchase(lines=[Line(id="1", amount=Decimal(100 + number))])
    return Fact.purchased(
        id=f"p-{customer}-{number}", at=START + timedelta(hours=number), customer=customer, purchase=basket
    )


def joined(customer: str) -> Fact:
    return Fact.joined(id=f"j-{customer}", at=START, customer=customer)


def together(works: list[Callable[[], object]]) -> None:
    with ThreadPoolExecutor(len(works)) as pool:
        for done in [pool.submit(work) for work in works]:
            done.result(PATIENCE)


def test_threads_that_record_merge_and_ask_give_the_book_of_one(maison: Program) -> None:
    shared, alone = Book(maison), Book(maison)
    customers = [f"c-{number}" for number in range(4)]

    def records(customer: str) -> None:
        shared.record(joined(customer))
        for number in range(150):
            shared.record(bought(customer, number))

    def merges() -> None:
        for number in range(0, 150, 10):
            shared.merge([joined("m"), *(bought("m", number + more) for more in range(10))])

    def asks() -> None:
        for number in range(200):
            shared.quote("c-1", at=START, purchase=Purchase(lines=[Line(id="1", amount=number)]))
            shared.report(ON) if number % 50 == 0 else shared.facts
            try:
                shared.account("c-0", ON)
            except Refused as no:
                assert no.code == "unknown_customer"

    def keeps() -> None:
        for _ in range(10):
            assert Book.restore(shared.snapshot()).verify() == []

    works: list[Callable[[], object]] = [merges, asks, asks, keeps]
    works += [lambda customer=customer: records(customer) for customer in customers]  # type: ignore[misc]
    together(works)
    alone.merge([joined("m"), *(bought("m", number) for number in range(150))])
    for customer in customers:
        alone.merge([joined(customer), *(bought(customer, number) for number in range(150))])
    assert shared.to_json(ON) == alone.to_json(ON)
    assert shared.verify() == []


def test_facts_that_ask_the_book_while_they_are_merged(book: Book) -> None:
    """Nothing is locked while Python's own code runs."""

    def facts() -> Iterator[Fact]:
        for number in range(20):
            book.record(joined(f"own-{number}"))
            assert book.facts == number + 1
            yield bought(f"own-{number}", number)

    merged = book.merge(facts())
    assert merged.new == 20 and book.facts == 40


def test_others_run_while_a_book_works_long(maison: Program) -> None:
    book = Book(maison)
    facts = [joined(f"c-{number}") for number in range(500)]
    facts += [bought(f"c-{number % 500}", number // 500) for number in range(10_000)]
    merged = threading.Event()
    counted = [0]

    def work() -> None:
        book.merge(facts)
        for _ in range(5):
            book.verify()
        merged.set()

    thread = threading.Thread(target=work)
    thread.start()
    while not merged.is_set():
        counted[0] += 1
    thread.join(PATIENCE)
    assert book.facts == len(facts)
    # A thread that gets the interpreter only between the two calls above would count a few.
    assert counted[0] > 1_000


def test_one_account_from_many_threads(book: Book) -> None:
    book.record(joined("c"))
    facts = [bought("c", number) for number in range(100)]
    together([lambda part=part: [book.record(fact) for fact in facts[part::4]] for part in range(4)])  # type: ignore[misc]
    # And the very same again, from all of them.
    together([lambda: [book.record(fact).already_recorded or 1 / 0 for fact in facts] for _ in range(4)])
    assert book.facts == 101 and book.verify() == []
