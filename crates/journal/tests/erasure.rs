//! Forgetting a person on the disk: by the bytes of every file that the library wrote.

mod her;

use her::{HISTORY, PROGRAM, TOLD};
use parure::book::{Answer, Book};
use parure::calendar::Day;
use parure::fact::Fact;
use parure::program::Program;
use parure_journal::{Journal, Known};
use std::path::Path;
use tempfile::TempDir;

/// Her birthday as the book's own bytes hold it: the year, the month, the day.
const BIRTHDAY: [u8; 4] = [0x86, 0x1f, 11, 3];

const ERASED: &str = r#"{"id":"e-1","at":"2026-11-26T10:00:00+08:00","customer":"zhang-13800138000","erased":{"alias":"x-7f3a"}}"#;
/// Of a till that was offline.
const LATE: &str = r#"{"id":"p-9","at":"2026-04-01T10:00:00+08:00","customer":"zhang-13800138000","purchased":{"lines":[{"id":"1","amount":"200.00"}]}}"#;

fn create(folder: &TempDir, name: &str) -> Journal {
    parure_journal::create(folder.path().join(name), &Program::parse("p.toml", PROGRAM).unwrap()).unwrap()
}

fn record(shop: &Journal, fact: &str) -> Answer {
    shop.record(&Fact::from_json(fact, shop.currency()).unwrap()).unwrap()
}

fn accepted(shop: &Journal, fact: &str) {
    let answer = record(shop, fact);
    assert!(matches!(answer, Answer::Accepted { .. }), "{answer:?}");
}

fn day() -> Day {
    Day::parse("2026-12-01").unwrap()
}

fn holds(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

fn is_clean(what: &str, bytes: &[u8]) {
    for text in TOLD {
        assert!(!holds(bytes, text.as_bytes()), "{what} holds `{text}`");
    }
}

/// Every file of a folder: the databases, their logs and indexes, backups, locks.
fn all_are_clean(folder: &Path) {
    let mut files = 0;
    for file in std::fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        is_clean(&path.display().to_string(), &std::fs::read(&path).unwrap());
        files += 1;
    }
    assert!(files > 1);
}

fn book_is_clean(shop: &Journal) {
    let bytes = shop.ask(Book::snapshot);
    is_clean("the snapshot", &bytes);
    assert!(!holds(&bytes, &BIRTHDAY), "the snapshot holds the birthday");
    is_clean("the book", shop.ask(|book| book.to_json(day())).as_bytes());
    let mut lines = Vec::new();
    parure_journal::export(shop.path(), &mut lines).unwrap();
    is_clean("the export", &lines);
    is_clean("changes", text_for(shop, &nothing(shop)).as_bytes());
}

/// What a copy knows that holds nothing.
fn nothing(shop: &Journal) -> Known {
    let folder = tempfile::tempdir().unwrap();
    let rules = shop.ask(|_| Program::parse("p.toml", PROGRAM).unwrap());
    parure_journal::create(folder.path().join("none.db"), &rules).unwrap().known().unwrap()
}

fn text_for(shop: &Journal, known: &Known) -> String {
    shop.changes_since(known, 10_000).unwrap().text
}

fn tell(from: &Journal, to: &Journal) {
    to.merge_changes(&text_for(from, &to.known().unwrap())).unwrap();
}

#[test]
fn nothing_of_her_is_in_any_file() {
    let folder = tempfile::tempdir().unwrap();
    let shop = create(&folder, "shop.db");
    HISTORY.iter().for_each(|fact| accepted(&shop, fact));
    shop.backup(folder.path().join("monday.db")).unwrap();
    shop.snapshot().unwrap();
    // A fact of hers that another copy has under an id of ours lies aside.
    let elsewhere = tempfile::tempdir().unwrap();
    let till = create(&elsewhere, "till.db");
    tell(&shop, &till);
    accepted(&till, &LATE.replace("p-9", "c-1"));
    accepted(
        &shop,
        r#"{"id":"c-1","at":"2026-04-02T10:00:00+08:00","customer":"mei","purchased":{"lines":[{"id":"1","amount":"10.00"}]}}"#,
    );
    tell(&till, &shop);
    accepted(&till, LATE);
    let before = std::fs::read(folder.path().join("monday.db")).unwrap();
    assert!(TOLD.iter().all(|text| holds(&before, text.as_bytes())));
    assert!(holds(&shop.ask(Book::snapshot), &BIRTHDAY));
    let (report, account) = shop.ask(|book| (book.report(day()), book.account("online-yqj", day()).unwrap()));

    accepted(&shop, ERASED);
    all_are_clean(folder.path());
    book_is_clean(&shop);
    assert_eq!(shop.ask(|book| book.report(day())), report);
    let erased = shop.ask(|book| book.account("x-7f3a", day())).unwrap();
    assert_eq!(erased.points, account.points);
    shop.verify().unwrap();
    assert!(matches!(record(&shop, ERASED), Answer::AlreadyRecorded { .. }));
    HISTORY
        .iter()
        .for_each(|fact| assert!(matches!(record(&shop, fact), Answer::AlreadyRecorded { .. }), "{fact}"));
    let path = shop.path().to_owned();
    let json = shop.ask(|book| book.to_json(day()));
    drop(shop);
    all_are_clean(folder.path());
    let shop = parure_journal::open(&path).unwrap();
    assert_eq!(shop.ask(|book| book.to_json(day())), json);
    shop.verify().unwrap();
    let backup = parure_journal::open(folder.path().join("monday.db")).unwrap();
    backup.verify().unwrap();
    book_is_clean(&backup);
    all_are_clean(folder.path());

    // The till hears of it: what it knew of her is rewritten; its sale of before comes here without her name.
    tell(&till, &shop);
    book_is_clean(&shop);
    all_are_clean(folder.path());
    tell(&shop, &till);
    all_are_clean(elsewhere.path());
    book_is_clean(&till);
    tell(&till, &shop);
    for copy in [&shop, &till] {
        copy.verify().unwrap();
    }
    // But for the id that two gave.
    let hers = |copy: &Journal| copy.ask(|book| book.fact("p-9").map(|fact| fact.to_json(book.currency())));
    assert_eq!(hers(&shop), hers(&till));
    assert_eq!(
        shop.ask(|book| book.fact("p-9").unwrap().customer().map(str::to_owned)).as_deref(),
        Some("x-7f3a")
    );
    assert!(matches!(record(&till, LATE), Answer::AlreadyRecorded { .. }));
    let third = create(&elsewhere, "third.db");
    tell(&shop, &third);
    assert_eq!(hers(&shop), hers(&third));
    book_is_clean(&third);
    third.verify().unwrap();
    assert_eq!(text_for(&third, &shop.known().unwrap()).lines().count(), 2);
}

#[test]
fn behind_a_seal_too() {
    forgotten_behind_a_seal(false);
}

#[test]
fn behind_a_seal_that_was_compacted_too() {
    forgotten_behind_a_seal(true);
}

fn forgotten_behind_a_seal(compacted: bool) {
    let folder = tempfile::tempdir().unwrap();
    let shop = create(&folder, "shop.db");
    HISTORY.iter().for_each(|fact| accepted(&shop, fact));
    shop.seal(Day::parse("2026-06-01").unwrap()).unwrap();
    if compacted {
        shop.compact().unwrap();
    }
    let report = shop.ask(|book| book.report(day()));
    accepted(&shop, ERASED);
    all_are_clean(folder.path());
    let bytes = shop.ask(Book::snapshot);
    is_clean("the snapshot", &bytes);
    assert!(!holds(&bytes, &BIRTHDAY), "the snapshot holds the birthday");
    assert_eq!(shop.ask(|book| book.report(day())), report);
    shop.verify().unwrap();
    HISTORY
        .iter()
        .for_each(|fact| assert!(matches!(record(&shop, fact), Answer::AlreadyRecorded { .. }), "{fact}"));
    let path = shop.path().to_owned();
    drop(shop);
    let shop = parure_journal::open(&path).unwrap();
    shop.verify().unwrap();
    assert_eq!(shop.ask(|book| book.report(day())), report);
    // Of 180 points for 900.00 that are left, a half: 90.
    let back = r#"{"id":"r-2","at":"2026-11-27T10:00:00+08:00","customer":"x-7f3a","returned":{"purchase":"p-1","lines":[{"id":"1","quantity":"0","amount":"450.00"}]}}"#;
    let Answer::Accepted { outcome } = record(&shop, back) else { panic!("refused") };
    assert_eq!(outcome.points.taken_back, 90);
    shop.verify().unwrap();
}

#[test]
fn a_backup_that_can_not_be_reached_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let stick = tempfile::tempdir().unwrap();
    let shop = create(&folder, "shop.db");
    HISTORY.iter().for_each(|fact| accepted(&shop, fact));
    let [monday, tuesday] = ["monday.db", "tuesday.db"].map(|name| stick.path().join(name));
    shop.backup(&monday).unwrap();
    shop.backup(&tuesday).unwrap();
    // Deleted: it holds nothing. Open elsewhere: it can't be written.
    std::fs::remove_file(&tuesday).unwrap();
    let open = parure_journal::open(&monday).unwrap();
    let fact = Fact::from_json(ERASED, shop.currency()).unwrap();
    let fault = shop.record(&fact).unwrap_err();
    assert_eq!(fault.code, "erasure_unfinished");
    assert!(fault.message.contains("monday.db"), "{fault}");
    // Here she is forgotten all the same.
    all_are_clean(folder.path());
    assert_eq!(shop.record(&fact).unwrap_err().code, "erasure_unfinished");
    // One that is refused has nothing to finish.
    let nobody =
        r#"{"id":"e-9","at":"2026-11-27T10:00:00+08:00","customer":"nobody","erased":{"alias":"x-9"}}"#;
    assert!(matches!(record(&shop, nobody), Answer::Refused { .. }));
    let nobody = Fact::from_json(nobody, shop.currency()).unwrap();
    assert!(matches!(shop.record_all([nobody]).unwrap()[..], [Ok(Answer::Refused { .. })]));
    drop(open);
    assert!(matches!(shop.record(&fact).unwrap(), Answer::AlreadyRecorded { .. }));
    all_are_clean(stick.path());
    parure_journal::open(&monday).unwrap().verify().unwrap();
}

/// As if the process had been killed between the commit and what comes after it.
#[test]
fn opening_finishes_what_was_begun() {
    let folder = tempfile::tempdir().unwrap();
    let shop = create(&folder, "shop.db");
    HISTORY.iter().for_each(|fact| accepted(&shop, fact));
    let path = shop.path().to_owned();
    // Whoever reads by SQL keeps the log from being emptied.
    let reader = rusqlite::Connection::open(&path).unwrap();
    reader.execute_batch("BEGIN").unwrap();
    let _: i64 = reader.query_row("SELECT count(*) FROM facts", [], |row| row.get(0)).unwrap();
    let fact = Fact::from_json(ERASED, shop.currency()).unwrap();
    let fault = shop.record(&fact).unwrap_err();
    assert_eq!(fault.code, "erasure_unfinished");
    assert!(fault.message.contains("another program is reading"), "{fault}");
    drop(shop);
    drop(reader);
    let shop = parure_journal::open(&path).unwrap();
    all_are_clean(folder.path());
    assert!(matches!(record(&shop, ERASED), Answer::AlreadyRecorded { .. }));
    shop.verify().unwrap();
}

const JOURNAL: &str = "PARURE_TEST_ERASING";

/// Not a test by itself: the child that is killed.
#[test]
fn child() {
    let Ok(path) = std::env::var(JOURNAL) else { return };
    let shop = parure_journal::open(path).unwrap();
    record(&shop, ERASED);
}

#[test]
fn killed_at_any_moment_it_is_finished_or_not_begun() {
    let folder = tempfile::tempdir().unwrap();
    let shop = create(&folder, "whole.db");
    HISTORY.iter().for_each(|fact| accepted(&shop, fact));
    // Enough for the file to take a while to be written anew.
    let many = (0..4_000).map(|number| {
        format!(
            r#"{{"id":"m-{number:05}","at":"2026-05-01T10:00:00+08:00","customer":"mei","purchased":{{"lines":[{{"id":"1","amount":"10.00"}}]}}}}"#
        )
    });
    let many: Vec<String> = many.collect();
    let facts: Vec<Fact<'_>> =
        many.iter().map(|text| Fact::from_json(text, shop.currency()).unwrap()).collect();
    shop.merge(&facts).unwrap();
    let whole = shop.path().to_owned();
    drop(shop);
    let mut erased = 0;
    for step in 0..16 {
        let life = tempfile::tempdir().unwrap();
        let path = life.path().join("shop.db");
        std::fs::copy(&whole, &path).unwrap();
        let mut child = std::process::Command::new(std::env::current_exe().unwrap())
            .args(["child", "--exact"])
            .env(JOURNAL, &path)
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null())
            .spawn()
            .unwrap();
        match step {
            15 => drop(child.wait().unwrap()),
            _ => {
                std::thread::sleep(std::time::Duration::from_millis(40 * step));
                child.kill().unwrap();
                child.wait().unwrap();
            }
        }
        let shop = parure_journal::open(&path).unwrap();
        if shop.ask(|book| book.fact("e-1").is_some()) {
            all_are_clean(life.path());
            erased += 1;
        } else {
            assert!(matches!(record(&shop, HISTORY[0]), Answer::AlreadyRecorded { .. }));
        }
        shop.verify().unwrap();
    }
    assert!(erased > 0);
}
