//! What an office answers of each customer is what the whole book answers, whatever comes in, in whatever batches, by whichever process.

use crate::server::Server;
use parure::book::{Answer, Book};
use parure::calendar::Day;
use parure::fact::Fact;
use parure::program::Program;
use parure_journal::{Office, Options};
use parure_tests::generate::{Case, cases};
use postgres::{Client, NoTls};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use std::cell::Cell;
use std::time::Duration;

/// Each customer as the two tell of them.
fn is_the_book(office: &Office, book: &Book, customers: &[String], days: &[Day]) {
    for customer in customers {
        for day in days {
            let (mine, theirs) = office
                .ask(customer, |part| (part.account(customer, *day), part.explain(customer, *day)))
                .unwrap();
            let whole = book.account(customer, *day);
            assert_eq!(mine, whole, "{customer} on {day}");
            assert_eq!(
                serde_json::to_string(&mine.ok()).unwrap(),
                serde_json::to_string(&whole.ok()).unwrap()
            );
            assert_eq!(theirs, book.explain(customer, *day), "{customer} on {day}");
        }
    }
}

/// A gift, a merge or its taking back between two of the customers, or one of them forgotten, at the instant of some other fact, put anywhere.
fn where_accounts_meet(
    case: &Case,
    texts: &[String],
    (number, (at, what, who, whom)): (usize, (usize, u8, usize, usize)),
) -> Option<(usize, String)> {
    let one = |at: usize| case.customers.get(at % case.customers.len().max(1));
    let (mut who, whom) = (one(who)?.as_str(), one(whom)?);
    let at = at % texts.len();
    let read = |text: &String| serde_json::from_str::<serde_json::Value>(text).unwrap();
    let (kind, body) = match what {
        0 if who != whom => ("given", serde_json::json!({"to": whom, "points": 20})),
        1 if who != whom => ("merged", serde_json::json!({"into": whom})),
        2 => {
            let merge = texts.iter().rev().map(read).find(|fact| fact.get("merged").is_some())?;
            // Whoever it was that went, or, now and then, anyone.
            let went = case.customers.iter().find(|customer| merge["customer"] == customer.as_str())?;
            who = if number == 3 { who } else { went };
            ("unmerged", serde_json::json!({"merge": merge["id"]}))
        }
        3 => ("erased", serde_json::json!({"alias": format!("x-{number}")})),
        _ => return None,
    };
    let instant = &read(&texts[at])["at"];
    let fact =
        serde_json::json!({"id": format!("meet-{number}"), "at": instant, "customer": who, kind: body});
    Some((at, fact.to_string()))
}

/// What people with SQL see.
fn sums_are(sql: &mut Client, book: &Book) {
    for account in book.accounts(Day::LAST) {
        let id = account.account.as_str();
        let stands = book.standing(id).unwrap();
        let mut number = |of: &str| sql.query_one(of, &[&id]).unwrap().get::<_, i64>(0);
        let posted = "SELECT coalesce(sum(points), 0)::bigint FROM parure.postings WHERE account = $1";
        assert_eq!(
            number(posted),
            stands.points.balance + stands.points.pending + stands.points.totals.lapsed,
            "{id}"
        );
        let lots = "SELECT coalesce(sum(points), 0)::bigint FROM parure.lots WHERE account = $1";
        assert_eq!(number(lots), stands.points.balance + stands.points.pending + stands.points.debt, "{id}");
        let balance = "SELECT balance FROM parure.accounts WHERE account = $1";
        assert_eq!(number(balance), stands.points.balance, "{id}");
        let members = "SELECT count(*) FROM parure.customers WHERE account = $1";
        assert_eq!(usize::try_from(number(members)).unwrap(), stands.aliases.len() + 1, "{id}");
    }
    let accounts: i64 = sql.query_one("SELECT count(*) FROM parure.accounts", &[]).unwrap().get(0);
    assert_eq!(usize::try_from(accounts).unwrap(), book.accounts(Day::LAST).count());
}

/// `PROPTEST_CASES=2000` runs more.
fn histories() -> u32 {
    std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(80)
}

#[test]
fn a_part_of_the_book_answers_as_the_whole() {
    let Some(server) = Server::start(false) else { return };
    let address = server.address();
    let mut sql = Client::connect(&address, NoTls).unwrap();
    let options = Options::default().with_ahead(Duration::MAX);
    // What came in, of those kinds where accounts meet: a property that never sees them would prove little.
    let (gifts, merges, refused, changed) = (Cell::new(0), Cell::new(0), Cell::new(0), Cell::new(0));
    let (erased, rewritten) = (Cell::new(0), Cell::new(0));
    let meetings = prop::collection::vec((0..40_usize, 0..4_u8, 0..4_usize, 0..4_usize), 4..16);
    let batches = prop::collection::vec((1..6_usize, 0..5_u8, any::<bool>()), 40);
    let cases = (cases(40).prop_map(Case::without_introductions), meetings, batches, 0..40_usize);
    let mut runner =
        TestRunner::new(Config { cases: histories(), failure_persistence: None, ..Config::default() });
    let sql = std::cell::RefCell::new(&mut sql);
    runner
        .run(&cases, |(case, meetings, batches, shift)| {
            sql.borrow_mut()
                .batch_execute("SET client_min_messages TO warning; DROP SCHEMA IF EXISTS parure CASCADE")
                .unwrap();
            let program = Program::parse("p", &case.program).unwrap();
            let offices = [
                Office::create_with(&address, &program, options).unwrap(),
                Office::open_with(&address, options).unwrap(),
            ];
            let mut book = Book::new(program);
            let yuan = book.currency();
            let mut texts: Vec<String> = case.facts.iter().map(ToString::to_string).collect();
            for meeting in meetings.into_iter().enumerate() {
                if let Some((at, text)) = where_accounts_meet(&case, &texts, meeting) {
                    texts.insert(at, text);
                }
            }
            let mut facts: Vec<Fact<'_>> =
                texts.iter().map(|text| Fact::from_json(text, yuan).unwrap()).collect();
            let aliases = (0..16).flat_map(|number| [format!("x-{number}"), format!("x-{number}-1")]);
            let customers: Vec<String> = case.customers.iter().cloned().chain(aliases).collect();
            let turn = shift % facts.len().max(1);
            facts.rotate_left(turn);
            let days: Vec<Day> =
                case.days.iter().take(2).map(|day| Day::parse(day).unwrap()).chain([Day::LAST]).collect();
            let mut left = &facts[..];
            for (count, how, first) in batches {
                let office = &offices[usize::from(!first)];
                let (batch, rest) = left.split_at(count.min(left.len()));
                if batch.is_empty() {
                    break;
                }
                // Some are told again.
                left = if how == 4 { left } else { rest };
                match how {
                    0 | 1 => {
                        for fact in batch {
                            let answer = office.record(fact);
                            if let Ok(Answer::Refused { .. }) = answer {
                                refused.set(refused.get() + 1);
                            }
                            prop_assert_eq!(answer, book.record(fact));
                        }
                    }
                    2 => {
                        let answers: Vec<_> = batch.iter().map(|fact| book.record(fact)).collect();
                        prop_assert_eq!(office.record_all(batch).unwrap(), answers);
                    }
                    _ => {
                        let merged = office.merge(batch).unwrap();
                        changed.set(changed.get() + merged.changes.len());
                        prop_assert_eq!(merged, book.merge(batch).unwrap());
                    }
                }
                is_the_book(office, &book, &customers, &days[days.len() - 1..]);
            }
            let count = |kind: &str| {
                facts.iter().filter(|fact| fact.kind() == kind && book.fact(fact.id()).is_some()).count()
            };
            gifts.set(gifts.get() + count("given"));
            merges.set(merges.get() + count("merged"));
            erased.set(erased.get() + count("erased"));
            let others = "SELECT count(*) FROM parure.kept WHERE rewritten IS NOT NULL";
            let others: i64 = sql.borrow_mut().query_one(others, &[]).unwrap().get(0);
            rewritten.set(rewritten.get() + others);
            is_the_book(&offices[0], &book, &customers, &days);
            sums_are(&mut sql.borrow_mut(), &book);
            let verified = offices[1].verify().unwrap();
            prop_assert_eq!(verified.facts, book.facts());
            prop_assert_eq!(verified.accounts, book.accounts(Day::LAST).count());
            let mut lines = Vec::new();
            prop_assert_eq!(offices[0].export(&mut lines).unwrap().facts, book.facts());
            for line in String::from_utf8(lines).unwrap().lines() {
                let fact = Fact::from_json(line, yuan).unwrap();
                prop_assert_eq!(book.fact(fact.id()).map(|fact| fact.to_json(yuan)), Some(line.to_owned()));
                prop_assert_eq!(offices[0].fact(fact.id()).unwrap(), Some(line.to_owned()));
            }
            Ok(())
        })
        .unwrap();
    let seen = [gifts.get(), merges.get(), refused.get(), changed.get(), erased.get()];
    println!("{seen:?} {}", rewritten.get());
    assert!(seen.iter().all(|seen| *seen > 10) && rewritten.get() > 10, "{seen:?} {}", rewritten.get());
}
