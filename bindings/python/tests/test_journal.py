"""A book that is kept in a file: what was answered is on the disk, and whatever is wrong with the file is told."""

from __future__ import annotations

import copy
import pickle
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT
from test_bad_input import VALUES, Broken
from test_facts import AT, BASKET
from test_threads import PATIENCE, bought, joined

import parure
from parure import (
    Book,
    ConflictError,
    Fact,
    JournalError,
    ParureError,
    Program,
    Refused,
    RequestError,
)

ON = date(2026, 11, 21)
YEAR = [Fact.from_json(line) for line in (ROOT / "examples/maison.jsonl").read_text(encoding="utf-8").splitlines()]


@pytest.fixture
def path(maison: Program, tmp_path: Path) -> Path:
    """A shop's year in a file."""
    file = tmp_path / "shop.db"
    with parure.create(file, maison) as shop:
        assert shop.merge(YEAR).new == len(YEAR)
    return file


def code(call: Callable[[], object]) -> str:
    with pytest.raises(JournalError) as wrong:
        call()
    assert wrong.value.message and str(wrong.value)
    again = pickle.loads(pickle.dumps(wrong.value))
    assert (type(again), again.code, again.advice) == (JournalError, wrong.value.code, wrong.value.advice)
    assert wrong.value.advice or wrong.value.code == "journal_io", wrong.value
    return wrong.value.code


def altered(file: Path, sql: str) -> None:
    """Done to the file by another program, which closes it."""
    done = subprocess.run([sys.executable, "-c", "import sqlite3, sys; sqlite3.connect(sys.argv[1]).executescript(sys.argv[2])", file, sql])
    assert done.returncode == 0


# ── What it is for ──────────────────────────────────────────────────────────────────────────────


def test_a_shop_day_after_day(maison: Program, tmp_path: Path) -> None:
    file = tmp_path / "shop.db"
    with parure.create(file, maison) as shop:
        assert (shop.path, shop.closed, shop.facts) == (file, False, 0)
        assert shop.record(joined("mei")).fact == "j-mei"
    assert shop.closed
    with parure.open(str(file)) as shop:
        assert repr(shop) == "<Book of 'Maison Lumière 会员俱乐部', CNY: 1 facts, in shop.db>"
        outcome = shop.record(bought("mei", 1))
        assert shop.record(bought("mei", 1)).already_recorded
        with pytest.raises(Refused):
            shop.record(Fact.redeemed(id="x-1", at=AT, customer="nobody", points=1, reward="tote"))
        with pytest.raises(ConflictError):
            shop.record(Fact.joined(id="j-mei", at=AT, customer="other"))
        shop.tell('{"record":{"fact":{"id":"j-2","at":"2026-01-02T10:00:00+08:00","customer":"lan","joined":{}}}}')
        before = shop.to_json(ON)
    with parure.open(file) as shop:
        assert (shop.facts, shop.to_json(ON), shop.verify()) == (3, before, [])
        assert shop.fact("p-mei-1").kind == "purchased" and outcome.fact == "p-mei-1"
        assert Book.restore(shop.snapshot()).to_json(ON) == before
    assert repr(shop) == "<Book in shop.db, closed>"


def test_every_question_of_a_book(path: Path, maison: Program) -> None:
    book = Book(maison)
    book.merge(YEAR)
    with parure.open(path) as shop:
        richer = Program.parse(maison.source.replace("points = 1\n", "points = 3\n"))
        questions: list[Callable[[Book], object]] = [
            lambda of: of.account("wang-fang", ON), lambda of: of.accounts(ON), lambda of: of.explain("wang-fang", ON),
            lambda of: of.statement("wang-fang", ON), lambda of: of.report(ON), lambda of: of.what_if(richer, ON),
            lambda of: of.quote("wang-fang", at=AT, purchase=BASKET), lambda of: of.fact("p-05"), lambda of: of.day_of(AT),
            lambda of: of.program_on(ON), lambda of: of.to_json(ON), lambda of: of.ask('{"book":{}}'), lambda of: of.currency,
            lambda of: of.facts, lambda of: of.last_day, lambda of: of.sealed_until, lambda of: of.verify(),
        ]  # fmt: skip
        for question in questions:
            assert question(shop) == question(book)


def test_a_table_is_merged_in_one_commit(path: Path) -> None:
    pl = pytest.importorskip("polars")
    sales = pl.DataFrame({"id": ["t-1", "t-2"], "customer": ["wang-fang"] * 2, "at": ["2026-11-20"] * 2, "amount": ["100", "200"]})
    with parure.open(path) as shop:
        assert shop.merge_table(sales).merged.new == 2
    with parure.open(path) as shop:
        assert shop.facts == len(YEAR) + 2 and shop.verify() == []


def test_a_backup_a_seal_and_a_smaller_file(path: Path, tmp_path: Path) -> None:
    with parure.open(path) as shop:
        shop.backup(tmp_path / "copy.db")
        assert code(lambda: shop.backup(tmp_path / "copy.db")) == "backup_exists"
        assert code(lambda: shop.backup(tmp_path / "no/such/folder/copy.db")) == "journal_path"
        shop.seal(date(2026, 7, 1))
        with pytest.raises(RequestError) as back:
            shop.seal(date(2026, 6, 1))
        assert (back.value.code, back.value.path) == ("sealed_further", "day")
        assert shop.compact() > 0
        now = shop.to_json(ON)
    with parure.open(path) as shop, parure.open(tmp_path / "copy.db") as other:
        assert shop.to_json(ON) == now and shop.sealed_until == date(2026, 7, 1) and shop.verify() == []
        assert other.facts == shop.facts and other.sealed_until is None
        # The copy goes by a name of its own: it may be recorded to.
        other.record(joined("new"))
        assert other.verify() == []


def test_a_book_in_memory_has_no_file(book: Book, tmp_path: Path) -> None:
    assert book.path is None and not book.closed
    assert code(lambda: book.backup(tmp_path / "copy.db")) == code(book.compact) == "no_journal"
    with book as same:
        assert same is book
    book.close()
    assert book.record(joined("c")).fact == "j-c"


def test_a_closed_book_says_so(path: Path) -> None:
    shop = parure.open(path)
    shop.close()
    shop.close()
    calls: list[Callable[[], object]] = [
        lambda: shop.record(joined("c")), lambda: shop.merge([joined("c")]), lambda: shop.seal(ON), lambda: shop.facts, lambda: shop.verify(),
        lambda: shop.account("wang-fang", ON), lambda: shop.report(ON), lambda: shop.compact(), lambda: shop.backup(path.with_name("c.db")),
        lambda: shop.snapshot(), lambda: shop.__enter__(), lambda: shop.tell('{"book":{}}'),
    ]  # fmt: skip
    assert {code(call) for call in calls} == {"journal_closed"}
    with pytest.raises(ZeroDivisionError), parure.open(path) as open_again:
        open_again.record(joined("kept"))
        raise ZeroDivisionError
    with parure.open(path) as shop:
        assert shop.fact("j-kept")


def test_it_can_not_be_pickled_or_copied(path: Path) -> None:
    with parure.open(path) as shop:
        for copied in (pickle.dumps, copy.copy, copy.deepcopy):
            with pytest.raises(TypeError, match=r"pickle its snapshot\(\)"):
                copied(shop)


def test_the_path_holds_wherever_the_process_goes(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with parure.open("shop.db") as shop:
        (tmp_path / "elsewhere").mkdir()
        monkeypatch.chdir(tmp_path / "elsewhere")
        assert shop.path == path
        shop.backup("copy.db")
        assert (tmp_path / "elsewhere/copy.db").exists()
        # Names that mean something to SQLite are files like others.
        with parure.create(":memory:", shop.program_on(ON)) as other:
            other.record(joined("c"))
        with parure.open(":memory:") as other:
            assert other.facts == 1


# ── Several threads, several processes ──────────────────────────────────────────────────────────


def test_threads_that_record_ask_verify_and_back_up(maison: Program, tmp_path: Path) -> None:
    shop, alone = parure.create(tmp_path / "shop.db", maison), Book(maison)
    customers = [f"c-{number}" for number in range(4)]

    def records(customer: str) -> None:
        shop.record(joined(customer))
        for number in range(40):
            shop.record(bought(customer, number))

    def asks() -> None:
        for _ in range(300):
            shop.quote("c-1", at=AT, purchase=BASKET)
            shop.report(ON)

    def looks_after() -> None:
        for number in range(3):
            assert shop.verify() == []
            shop.backup(tmp_path / f"copy-{number}.db")

    with ThreadPoolExecutor(8) as pool:
        works = [pool.submit(records, customer) for customer in customers] + [pool.submit(asks), pool.submit(asks), pool.submit(looks_after)]
        for done in works:
            done.result(PATIENCE)
    for customer in customers:
        alone.merge([joined(customer), *(bought(customer, number) for number in range(40))])
    assert shop.to_json(ON) == alone.to_json(ON) and shop.verify() == []
    shop.close()
    for number in range(3):
        with parure.open(tmp_path / f"copy-{number}.db") as copied:
            assert copied.verify() == []


def test_others_run_while_it_is_written(maison: Program, tmp_path: Path) -> None:
    facts = [joined(f"c-{number}") for number in range(2_000)]
    merged = threading.Event()
    counted = 0
    with parure.create(tmp_path / "shop.db", maison) as shop:

        def work() -> None:
            shop.merge(facts)
            shop.verify()
            merged.set()

        thread = threading.Thread(target=work)
        thread.start()
        while not merged.is_set():
            counted += 1
        thread.join(PATIENCE)
        assert shop.facts == 2_000
    assert counted > 1_000


def test_closing_waits_for_those_who_record(maison: Program, tmp_path: Path) -> None:
    shop = parure.create(tmp_path / "shop.db", maison)
    recorded = 0

    def work() -> None:
        nonlocal recorded
        for number in range(10_000):
            shop.record(joined(f"c-{number}"))
            recorded += 1

    thread = threading.Thread(target=lambda: pytest.raises(JournalError, work))
    thread.start()
    while recorded < 20:
        time.sleep(0.001)
    shop.close()
    thread.join(PATIENCE)
    with parure.open(tmp_path / "shop.db") as shop:
        assert shop.facts == recorded


def test_one_process_at_a_time(path: Path) -> None:
    holds = "import parure, sys, time; shop = parure.open(sys.argv[1]); print(shop.facts, flush=True); time.sleep(float(sys.argv[2]))"
    with subprocess.Popen([sys.executable, "-c", holds, path, "600"], stdout=subprocess.PIPE) as other:
        assert other.stdout and other.stdout.readline().strip() == b"54"
        assert code(lambda: parure.open(path)) == "journal_locked"
        assert code(lambda: parure.open(path, wait=0.05)) == "journal_locked"
        # However it ends, the system gives the file back.
        other.kill()
    with parure.open(path, wait=5) as shop:
        assert code(lambda: parure.open(path)) == "journal_locked"
        assert shop.facts == 54
    with subprocess.Popen([sys.executable, "-c", holds, path, "0.5"], stdout=subprocess.PIPE) as other:
        assert other.stdout and other.stdout.readline().strip() == b"54"
        with parure.open(path, wait=60) as shop:
            assert shop.facts == 54


FORKS = """
import os, parure, sys
from datetime import datetime, timezone
shop = parure.open(sys.argv[1])
fact = parure.Fact.joined(id="j", at=datetime(2026, 5, 1, tzinfo=timezone.utc), customer="c")
child = os.fork()
if child == 0:
    for call in (lambda: shop.record(fact), lambda: shop.backup(sys.argv[1] + "-copy"), shop.verify, shop.known):
        try:
            call()
        except parure.JournalError as wrong:
            print(wrong.code)
    print(shop.facts, flush=True)
    sys.exit()
assert os.waitpid(child, 0)[1] == 0
shop.record(fact)
print(shop.facts, shop.verify())
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no fork")
def test_a_child_that_was_forked_may_not_write(path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", FORKS, path], capture_output=True, text=True, timeout=PATIENCE)
    assert done.stdout.split() == ["journal_forked"] * 4 + ["54", "55", "[]"], done
    with parure.open(path) as shop:
        assert shop.facts == 55 and shop.verify() == []


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_what_was_answered_outlives_a_kill(maison: Program, tmp_path: Path) -> None:
    file = tmp_path / "shop.db"
    parure.create(file, maison).close()
    records = """
import parure, sys
from datetime import datetime, timezone
shop = parure.open(sys.argv[1])
for number in range(100_000):
    shop.record(parure.Fact.joined(id=f"j-{number}", at=datetime(2026, 5, 1, tzinfo=timezone.utc), customer=f"c-{number}"))
    print(number, flush=True)
"""
    with subprocess.Popen([sys.executable, "-c", records, file], stdout=subprocess.PIPE) as other:
        assert other.stdout
        for _ in range(100):
            last = int(other.stdout.readline())
        other.kill()
        rest = other.stdout.read().splitlines()
    last = max([last, *(int(line) for line in rest)])
    with parure.open(file, wait=5) as shop:
        # At most one more than was told: committed, and not yet printed.
        assert shop.facts in (last + 1, last + 2) and shop.verify() == []


# Python's own SQLite is another one than parure's, in the same process: when it closes the file, the system takes all locks of the process.
READS_BESIDE = """
import os, parure, sqlite3, subprocess, sys
from datetime import datetime, timezone
path = sys.argv[1]
def reads():
    file = sqlite3.connect(path)
    facts = file.execute("SELECT count(*) FROM facts").fetchone()[0]
    file.close()
    return facts
if len(sys.argv) > 2:
    print(reads())
    sys.exit()
shop = parure.open(path)
for number in range(3):
    try:
        shop.record(parure.Fact.joined(id=f"j-{number}", at=datetime(2026, 5, 1, tzinfo=timezone.utc), customer=f"c-{number}"))
        print("recorded", end=" ")
    except parure.JournalError as wrong:
        print(wrong.code, end=" ")
    print(reads(), flush=True)
    subprocess.run([sys.executable, *sys.orig_argv[1:], "from outside"], check=True)
os._exit(0)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other locks")
def test_another_sqlite_in_the_same_process_loses_nothing(path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", READS_BESIDE, path], capture_output=True, text=True, timeout=PATIENCE)
    # After the first, whoever reads from outside is the last to close the file, as far as locks tell, and removes the log.
    assert done.stdout.splitlines() == ["recorded 55", "55", "journal_stopped 55", "55", "journal_stopped 55", "55"], done
    with parure.open(path) as shop:
        assert shop.facts == 55 and shop.verify() == []


# ── What can be wrong with a file ───────────────────────────────────────────────────────────────


def test_a_path_that_leads_to_no_journal(maison: Program, path: Path, tmp_path: Path) -> None:
    assert code(lambda: parure.open(tmp_path / "nowhere.db")) == "journal_missing"
    assert code(lambda: parure.open(tmp_path)) == "journal_path"
    assert code(lambda: parure.create(path, maison)) == "journal_exists"
    assert code(lambda: parure.create(tmp_path, maison)) == "journal_exists"
    assert code(lambda: parure.create(tmp_path / "no/such/folder/shop.db", maison)) == "journal_path"
    # A file is no folder.
    assert code(lambda: parure.create(path / "shop.db", maison)) == "journal_path"
    for odd in ("", "\0", "x" * 5_000):
        assert code(lambda: parure.create(odd, maison)) == "journal_path"
        assert code(lambda: parure.open(odd)) == "journal_path"
    assert sorted(file.name for file in tmp_path.iterdir()) == ["shop.db", "shop.db-lock"]


def test_a_file_of_something_else_is_not_touched(tmp_path: Path) -> None:
    notes, empty, other = tmp_path / "notes.txt", tmp_path / "empty.db", tmp_path / "orders.db"
    notes.write_text("call Wang Fang about the ring " * 100)
    empty.touch()
    altered(other, "CREATE TABLE orders (id INTEGER); PRAGMA application_id = 7")
    for file in (notes, empty, other):
        before = file.read_bytes()
        assert code(lambda: parure.open(file)) == "journal_foreign"
        assert file.read_bytes() == before


def test_a_newer_layout_is_not_touched(path: Path) -> None:
    altered(path, "PRAGMA user_version = 99; PRAGMA wal_checkpoint(TRUNCATE)")
    before = path.read_bytes()
    assert code(lambda: parure.open(path)) == "journal_newer"
    assert path.read_bytes() == before


def test_a_fact_that_was_changed_is_told_with_its_place(path: Path) -> None:
    altered(path, "UPDATE kept SET fact = replace(fact, 'p-05', 'p-99') WHERE seq = 20; UPDATE kept SET fact = fact || ' ' WHERE seq = 20")
    with pytest.raises(JournalError) as wrong:
        parure.open(path)
    assert (wrong.value.code, wrong.value.path) == ("journal_damaged", "facts[20]")
    assert "restore a backup" in (wrong.value.advice or "")


def test_what_is_shown_to_people_with_sql_is_verified(path: Path) -> None:
    altered(path, "UPDATE standing SET balance = balance + 1 WHERE account = 'wang-fang'")
    with parure.open(path) as shop:
        assert code(shop.verify) == "journal_damaged"
        # The book itself is the facts', and goes on.
        assert shop.record(joined("c")).fact == "j-c"


def test_a_full_file_changes_nothing(path: Path) -> None:
    many = [joined(f"new-{number}") for number in range(2_000)]
    with parure.open(path, most_pages=1) as shop:
        before = shop.to_json(ON)
        assert code(lambda: shop.merge(many)) == "disk_full"
        facts = ",".join(fact.to_json() for fact in many)
        with pytest.raises(JournalError) as full:
            shop.tell(f'{{"merge":{{"facts":[{facts}]}}}}')
        assert (full.value.code, full.value.path) == ("disk_full", "")
        recorded = 0
        with pytest.raises(JournalError) as full:
            for fact in many:
                shop.record(fact)
                recorded += 1
        assert (full.value.code, full.value.path) == ("disk_full", "")
        with pytest.raises(JournalError) as full:
            shop.tell(f'{{"record":{{"fact":{many[-1].to_json()}}}}}')
        assert (full.value.code, full.value.path) == ("disk_full", "")
        assert shop.facts == len(YEAR) + recorded
    with parure.open(path) as shop:
        assert shop.merge(many).new == len(many) - recorded and shop.verify() == []
        assert before != shop.to_json(ON)


# A disk that gives up while it is written to: the system lets no file of the process grow any further.
GIVES_UP = """
import parure, resource, sys
from datetime import datetime, timezone
shop = parure.open(sys.argv[1])
resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, resource.RLIM_INFINITY))
told = []
for number in range(100_000):
    fact = parure.Fact.joined(id=f"j-{number}", at=datetime(2026, 5, 1, tzinfo=timezone.utc), customer=f"c-{number}")
    try:
        shop.record(fact)
    except parure.JournalError as wrong:
        told.append(wrong.code)
        if len(told) == 2:
            break
print(shop.facts, *told)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limit")
def test_a_disk_that_gives_up(maison: Program, tmp_path: Path) -> None:
    file = tmp_path / "shop.db"
    parure.create(file, maison).close()
    done = subprocess.run([sys.executable, "-c", GIVES_UP, file], capture_output=True, text=True)
    facts, *told = done.stdout.split()
    assert told and set(told) <= {"journal_io", "journal_stopped", "disk_full"}, done
    with parure.open(file) as shop:
        assert shop.facts == int(facts) and shop.verify() == []


# Root may write everything: then somebody else tries.
MAY_NOT = """
import os, parure, sys
path, locked, rules = sys.argv[1:]
program = parure.Program.load(rules)
if os.getuid() == 0:
    os.setgid(65534)
    os.setuid(65534)
for call in (lambda: parure.open(path), lambda: parure.create(locked + "/shop.db", program)):
    try:
        call()
    except parure.JournalError as wrong:
        print(wrong.code)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other rights")
def test_a_file_that_can_not_be_written(maison: Program) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path, locked = folder / "shop.db", folder / "locked"
        with parure.create(path, maison) as shop:
            shop.merge(YEAR)
        locked.mkdir()
        folder.chmod(0o755)
        path.chmod(0o444)
        path.with_name("shop.db-lock").chmod(0o666)
        locked.chmod(0o555)
        before = path.read_bytes()
        line = [sys.executable, "-c", MAY_NOT, str(path), str(locked), str(ROOT / "examples/maison.toml")]
        done = subprocess.run(line, capture_output=True, text=True, timeout=PATIENCE)
        assert done.stdout.split() == ["journal_read_only", "journal_read_only"], done
        assert list(locked.iterdir()) == [] and path.read_bytes() == before
        locked.chmod(0o755)
        path.chmod(0o644)
        with parure.open(path) as shop:
            assert shop.facts == len(YEAR)


# ── Whatever is handed in ───────────────────────────────────────────────────────────────────────


def test_any_value_in_any_place(path: Path, maison: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "odd"
    folder.mkdir()
    monkeypatch.chdir(folder)
    with parure.open(path) as shop:
        before = shop.snapshot()
        calls: list[Callable[[Any], Any]] = [
            parure.open, lambda value: parure.create(value, maison), lambda value: parure.create(tmp_path / "x.db", value), shop.backup,
            lambda value: parure.open(path, wait=value), lambda value: parure.open(path, most_pages=value),
            shop.record, shop.merge, shop.tell, shop.merge_table, lambda value: shop.account(value, ON),
        ]  # fmt: skip
        for call in calls:
            for value in VALUES:
                if type(value) in (int, float) and value > 0:
                    continue  # seconds, which would be waited for
                try:
                    made = call(value)
                    if isinstance(made, Book):
                        made.close()
                except (ParureError, TypeError, UnicodeEncodeError) as wrong:
                    assert str(wrong)  # half a character is no path, as Python says itself
                except RuntimeError as own:
                    assert isinstance(value, Broken) and str(own) == "no"
        assert shop.snapshot() == before and shop.verify() == []


def test_options_say_what_they_take(path: Path) -> None:
    for wait in (-1, -0.5, float("nan"), float("inf"), 10**400):
        with pytest.raises(RequestError) as wrong:
            parure.open(path, wait=wait)
        assert (wrong.value.code, wrong.value.path) == ("number_range", "wait")
    for pages in (0, -1, 2**32):
        with pytest.raises(RequestError) as wrong:
            parure.open(path, most_pages=pages)
        assert (wrong.value.code, wrong.value.path) == ("number_range", "most_pages")
    with pytest.raises(TypeError, match="wait: a number of seconds is wanted, found a timedelta"):
        parure.open(path, wait=timedelta(seconds=1))  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="program: a Program is wanted, found a str"):
        parure.create(path, "maison.toml")  # type: ignore[arg-type]


# ── Copies of one book ──────────────────────────────────────────────────────────────────────────


def test_copies_come_to_hold_the_same_facts(path: Path, maison: Program, tmp_path: Path) -> None:
    with parure.open(path) as shop, parure.create(tmp_path / "till.db", maison) as till:
        known, parts = till.known(), 0
        while True:
            changes = shop.changes_since(known, most=20)
            received = till.merge_changes(changes.text)
            known, parts = changes.then, parts + 1
            if not changes.more:
                break
        assert parts == 3 and repr(changes) == "<Changes: 14 facts>"
        assert (received.merged.new, received.waiting, received.ahead) == (14, 0, ())
        assert till.snapshot() == shop.snapshot()
        assert till.known() == known == shop.known()
        assert code(lambda: till.merge_changes(changes.text[:-9])) == "sync_damaged"
        assert code(lambda: shop.changes_since("known")) == "sync_damaged"
    assert code(lambda: Book(maison).known()) == "no_journal"


def test_how_far_ahead_of_the_clock_is_asked_for(path: Path) -> None:
    joined = '{"record":{"fact":{"id":"j-99","at":"2099-01-01T10:00:00+08:00","customer":"mei","joined":{}}}}'
    for ahead, answer in ((None, "in_future"), (60, "in_future"), (10.0**10, "accepted")):
        with parure.open(path, ahead=ahead) as shop:
            assert answer in shop.tell(joined)


def test_a_store_whose_line_is_down_spends_no_more_than_the_program_lets_it(path: Path) -> None:
    program = Program.parse(
        'edition = 2026\nname = "M"\neffective = 2026-01-01\ncurrency = "CNY"\ntime_zone = "Asia/Shanghai"\n[points]\noffline = 500'
    )
    facts = [
        '{"id":"j-1","at":"2026-01-01T10:00:00+08:00","customer":"mei","joined":{}}',
        '{"id":"a-1","at":"2026-01-02T10:00:00+08:00","customer":"mei","adjusted":{"points":2000,"reason":"welcome"}}',
    ]
    spend = '{"record":{"fact":{"id":"x-1","at":"2026-01-03T10:00:00+08:00","customer":"mei","redeemed":{"points":501,"reward":"tote"}}}}'
    other = path.with_name("careful.db")
    with parure.create(other, program, in_touch=60) as shop:
        for fact in facts:
            assert "accepted" in shop.tell('{"record":{"fact":' + fact + "}}")
        assert "offline_limit" in shop.tell(spend)
    with parure.open(other) as shop:
        assert "accepted" in shop.tell(spend)
        again = spend.replace("x-1", "x-2").replace("501", "1600")
        assert "not_enough_points" in shop.tell(again)
        shop.tell('{"merge":{"facts":[' + again[len('{"record":{"fact":') : -2] + "]}}")
        (task,) = shop.tasks(date(2026, 1, 4))
        assert (task.code, task.account, task.debt, task.facts) == ("overdrawn", "mei", 101, ("x-1", "x-2"))
        assert task.since == date(2026, 1, 3) and repr(task).startswith("Task(")
