//! Several threads record, tell another copy and ask at once: each answer is of a book that some order of theirs gives, and the file is whole.

use parure::book::{Answer, Book};
use parure::calendar::Day;
use parure::fact::Fact;
use parure::program::Program;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

const WRITERS: usize = 4;
const EACH: usize = 40;

#[test]
fn threads_record_sync_and_ask_at_once() {
    let folder = tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap();
    let program = Program::parse("maison.toml", include_str!("../../../examples/maison.toml")).unwrap();
    let yuan = program.currency();
    let shop = parure_journal::create(folder.path().join("shop.db"), &program).unwrap();
    let till = parure_journal::create(folder.path().join("till.db"), &program).unwrap();
    let joined = r#"{"id":"j-1","at":"2026-01-01T10:00:00+08:00","customer":"mei","joined":{}}"#;
    shop.record(&Fact::from_json(joined, yuan).unwrap()).unwrap();
    // 1,000 points, and four who would each spend 500 as often as they can, all at one instant: exactly two of them do, whatever their
    // ids (semantics 11.19).
    let given = r#"{"id":"a-1","at":"2026-01-02T10:00:00+08:00","customer":"mei","adjusted":{"points":1000,"reason":"welcome"}}"#;
    shop.record(&Fact::from_json(given, yuan).unwrap()).unwrap();
    let done = AtomicBool::new(false);
    let spent: usize = thread::scope(|scope| {
        let writers: Vec<_> = (0..WRITERS)
            .map(|writer| {
                let shop = &shop;
                scope.spawn(move || {
                    let redeem = |number: usize| {
                        let fact = format!(
                            r#"{{"id":"x-{writer}-{number}","at":"2026-02-01T10:00:00+08:00","customer":"mei","redeemed":{{"points":500,"reward":"tote-bag"}}}}"#
                        );
                        matches!(shop.record(&Fact::from_json(&fact, yuan).unwrap()).unwrap(), Answer::Accepted { .. })
                    };
                    (0..EACH).filter(|number| redeem(*number)).count()
                })
            })
            .collect();
        scope.spawn(|| {
            while !done.load(Ordering::Relaxed) {
                let changes = shop.changes_since(&till.known().unwrap(), 3).unwrap();
                till.merge_changes(&changes.text).unwrap();
            }
        });
        scope.spawn(|| {
            let on = Day::parse("2026-02-01").unwrap();
            while !done.load(Ordering::Relaxed) {
                let points = shop.ask(|book| book.account("mei", on).unwrap().points.balance);
                assert!(points % 500 == 0 && (0..=1_000).contains(&points), "{points}");
                shop.known().unwrap();
            }
        });
        let spent = writers.into_iter().map(|writer| writer.join().unwrap()).sum();
        done.store(true, Ordering::Relaxed);
        spent
    });
    assert_eq!(spent, 2);
    let on = Day::parse("2026-02-01").unwrap();
    let left = shop.ask(|book| book.account("mei", on).unwrap().points.balance);
    assert_eq!(left, 0);
    let changes = shop.changes_since(&till.known().unwrap(), 100).unwrap();
    till.merge_changes(&changes.text).unwrap();
    assert_eq!(shop.ask(|book| book.to_json(Day::LAST)), till.ask(|book| book.to_json(Day::LAST)));
    let facts = spent + 2;
    assert_eq!((shop.ask(Book::facts), shop.verify().unwrap().facts), (facts, facts));
    assert_eq!(till.verify().unwrap().facts, facts);
}

/// Programs that are started inherit what is open until they run: a journal that has been closed is free all the same.
#[cfg(unix)]
#[test]
fn a_journal_is_free_once_closed_while_programs_are_started() {
    let folder = tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap();
    let program = Program::parse("maison.toml", include_str!("../../../examples/maison.toml")).unwrap();
    let path = folder.path().join("shop.db");
    drop(parure_journal::create(&path, &program).unwrap());
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            while !done.load(Ordering::Relaxed) {
                std::process::Command::new("true").status().unwrap();
            }
        });
        let opened = (0..300).try_for_each(|_| parure_journal::open(&path).map(drop));
        done.store(true, Ordering::Relaxed);
        opened.unwrap();
    });
}
