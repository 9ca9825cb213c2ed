//! A journal is a book that is also on the disk, whatever comes in, in whatever batches, and wherever it is closed or fails.

use parure::book::Book;
use parure::calendar::Day;
use parure::fact::Fact;
use parure::program::Program;
use parure_journal::{Journal, Options};
use parure_tests::generate::cases;
use proptest::prelude::*;
use proptest::test_runner::Config;
use std::time::Duration;

fn sums_are_the_book(shop: &Journal) {
    let file = rusqlite::Connection::open(shop.path()).unwrap();
    shop.ask(|book| sums_are(&file, book));
}

fn sums_are(file: &rusqlite::Connection, book: &Book) {
    for account in book.accounts(Day::LAST) {
        let stands = book.standing(&account.account).unwrap().points;
        let posted: i64 = file
            .query_row(
                "SELECT coalesce(sum(points), 0) FROM postings WHERE account = ?1",
                [&*account.account],
                |row| row.get(0),
            )
            .unwrap();
        assert_eq!(posted, stands.balance + stands.pending + stands.totals.lapsed, "{}", account.account);
        let lots: i64 = file
            .query_row(
                "SELECT coalesce(sum(points), 0) FROM lots WHERE account = ?1",
                [&*account.account],
                |row| row.get(0),
            )
            .unwrap();
        assert_eq!(lots, stands.balance + stands.pending + stands.debt, "{}", account.account);
    }
    let rows: i64 = file.query_row("SELECT count(*) FROM accounts", [], |row| row.get(0)).unwrap();
    assert_eq!(usize::try_from(rows).unwrap(), book.accounts(Day::LAST).count());
}

proptest! {
    #![proptest_config(Config { cases: 48, failure_persistence: None, ..Config::default() })]

    #[test]
    fn a_journal_reopened_at_any_moment_is_the_book_that_saw_the_same_facts(
        case in cases(24),
        batches in proptest::collection::vec((1..6_usize, 0..6_u8), 40),
        shift in 0..24_usize,
    ) {
        let program = Program::parse("p", &case.program).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("shop.db");
        let options = Options::default().with_ahead(Duration::MAX);
        let mut shop = parure_journal::create_with(&path, &program, options).unwrap();
        let mut book = Book::new(program);
        let yuan = book.currency();
        let texts: Vec<String> = case.facts.iter().map(ToString::to_string).collect();
        let mut facts: Vec<Fact<'_>> = texts.iter().map(|text| Fact::from_json(text, yuan).unwrap()).collect();
        let turn = shift % facts.len().max(1);
        facts.rotate_left(turn);
        let mut left = &facts[..];
        for (count, how) in batches {
            let (batch, rest) = left.split_at(count.min(left.len()));
            left = rest;
            match how {
                0 | 1 => {
                    for fact in batch {
                        prop_assert_eq!(shop.record(fact), book.record(fact));
                    }
                }
                2 => {
                    let answers: Vec<_> = batch.iter().map(|fact| book.record(fact)).collect();
                    prop_assert_eq!(shop.record_all(batch).unwrap(), answers);
                }
                3 => shop.snapshot().unwrap(),
                _ => prop_assert_eq!(shop.merge(batch).unwrap(), book.merge(batch).unwrap()),
            }
            if how != 1 {
                drop(shop);
                shop = parure_journal::open_with(&path, options).unwrap();
            }
            prop_assert_eq!(shop.ask(|book| book.to_json(Day::LAST)), book.to_json(Day::LAST));
        }
        sums_are_the_book(&shop);
        shop.verify().unwrap();
    }

    #[test]
    fn what_is_not_kept_leaves_no_trace(
        case in cases(24),
        batches in proptest::collection::vec((1..6_usize, any::<bool>(), any::<bool>()), 30),
        shift in 0..24_usize,
    ) {
        let mut book = Book::new(Program::parse("p", &case.program).unwrap());
        let yuan = book.currency();
        let texts: Vec<String> = case.facts.iter().map(ToString::to_string).collect();
        let mut facts: Vec<Fact<'_>> = texts.iter().map(|text| Fact::from_json(text, yuan).unwrap()).collect();
        let turn = shift % facts.len().max(1);
        facts.rotate_left(turn);
        let mut left = &facts[..];
        for (count, records, keeps) in batches {
            let (batch, rest) = left.split_at(count.min(left.len()));
            let before = book.snapshot();
            let mut pending = book.pend();
            if records {
                for fact in batch {
                    let _ = pending.record(fact);
                }
            } else {
                pending.merge(batch).unwrap();
            }
            if keeps {
                pending.keep();
                left = rest;
            } else {
                drop(pending);
                prop_assert_eq!(book.snapshot(), before);
            }
            prop_assert!(book.verify().is_empty());
        }
    }
}
