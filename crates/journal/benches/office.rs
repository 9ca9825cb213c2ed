//! How long an office takes to answer about one customer and to record, by how many facts their account has; and to tell 40,000 facts to a file
//! and hear of them. `cargo bench -p parure-journal --features postgres --bench office`; it starts a PostgreSQL of its own.

// The same as for the tests, which use more of it.
#[allow(dead_code)]
#[path = "../tests/office/server.rs"]
mod server;

use parure::book::{Answer, Book};
use parure::calendar::Day;
use parure::fact::Fact;
use parure::program::Program;
use parure_journal::Office;
use server::Server;
use std::time::{Duration, Instant};

const ASKED: usize = 50;
const OTHERS: usize = 40_000;

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

/// How long this thread has computed, where the system says it: on a machine that does other things a clock says little.
fn computed() -> Duration {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    Duration::from_nanos(told.split(' ').next().and_then(|nanos| nanos.parse().ok()).unwrap_or(0))
}

fn sale(number: usize, customer: &str) -> String {
    let (day, month) = (number / 12 % 28 + 1, number / 336 % 12 + 1);
    let (hour, year) = (number % 12 + 8, 2020 + number / 4_032 % 6);
    let (ring, all) = (1_000 + number % 900, 1_200 + number % 900);
    format!(
        r#"{{"id":"p-{number}","at":"{year}-{month:02}-{day:02}T{hour:02}:00:00+08:00","customer":"{customer}","store":"sh-01","purchased":{{"lines":[{{"id":"1","item":"R-2201","category":"ring/gold","amount":"{ring}.00"}},{{"id":"2","category":"care","amount":"200.00"}}],"tenders":[{{"card":"{all}.00"}}]}}}}"#
    )
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let Some(server) = Server::start(true) else { return Ok(()) };
    let program = Program::parse("maison.toml", include_str!("../../../examples/maison.toml"))?;
    let office = Office::create(&server.address(), &program)?;
    let yuan = office.currency();
    let mut number = 0;
    let mut sell = |customers: &mut dyn Iterator<Item = String>| -> Result<(), parure::fault::Fault> {
        let mut next = || {
            let customer = customers.next()?;
            number += 1;
            Some(sale(number, &customer))
        };
        let told: Vec<String> = std::iter::from_fn(&mut next).collect();
        let facts: Result<Vec<_>, _> = told.iter().map(|text| Fact::from_json(text, yuan)).collect();
        office.merge(facts?).map(drop)
    };
    sell(&mut std::iter::repeat_n("few".to_owned(), 20))?;
    sell(&mut std::iter::repeat_n("many".to_owned(), 2_000))?;
    for chunk in 0..OTHERS / 1_000 {
        sell(&mut (0..1_000).map(|at| format!("other-{}", (chunk * 1_000 + at) / 10)))?;
    }
    server.sql().batch_execute("ANALYZE")?;
    let day = Day::parse("2026-11-21")?;
    for customer in ["few", "many"] {
        let ask = |office: &Office| -> Result<Duration, Box<dyn std::error::Error>> {
            let begun = Instant::now();
            office.ask(customer, |book| book.account(customer, day))??;
            Ok(begun.elapsed())
        };
        let before = computed();
        let asked = median((0..ASKED).map(|_| ask(&office)).collect::<Result<_, _>>()?);
        let own = (computed() - before) / u32::try_from(ASKED)?;
        let first = ask(&Office::open(&server.address())?)?;
        let record = |at: usize| -> Result<Duration, parure::fault::Fault> {
            let text = format!(
                r#"{{"id":"r-{customer}-{at}","at":"2026-11-20T10:00:{at:02}+08:00","customer":"{customer}","purchased":{{"lines":[{{"id":"1","amount":"100.00"}}]}}}}"#
            );
            let fact = Fact::from_json(&text, yuan)?;
            let begun = Instant::now();
            assert!(matches!(office.record(&fact)?, Answer::Accepted { .. }));
            Ok(begun.elapsed())
        };
        let recorded = median((0..ASKED).map(record).collect::<Result<_, _>>()?);
        println!(
            "{customer:5} account {asked:>10.2?} ({own:.2?} of its own computing; the first of a process {first:>10.2?})   record {recorded:>10.2?}"
        );
    }
    let folder = tempfile::tempdir()?;
    let till = parure_journal::create(folder.path().join("till.db"), &program)?;
    let other = Office::create(&server.database("other"), &program)?;
    let mut known = till.known()?;
    let (mut told, mut file, mut heard) = (Duration::ZERO, Duration::ZERO, Duration::ZERO);
    loop {
        let begun = Instant::now();
        let changes = office.changes_since(&known, 10_000)?;
        told += begun.elapsed();
        let begun = Instant::now();
        till.merge_changes(&changes.text)?;
        file += begun.elapsed();
        let begun = Instant::now();
        other.merge_changes(&changes.text)?;
        heard += begun.elapsed();
        known = changes.then;
        if !changes.more {
            break;
        }
    }
    let facts = till.ask(Book::facts);
    println!(
        "{facts} facts: told by an office in {told:.2?}; taken in by a file in {file:.2?}, by an office in {heard:.2?}"
    );
    Ok(())
}
