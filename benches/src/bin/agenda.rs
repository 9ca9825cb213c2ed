//! Prints how long a day's agenda takes: the first one after a book was opened, that of the next day, and the same asked again.
//!
//! ```sh
//! cargo run --release -p parure-bench --bin agenda -- --customers 10000000
//! ```
//!
//! Each customer has a birthday, every third bought something half a year ago. Of each day's agenda all is reported as done.

use parure::book::Book;
use parure::calendar::{Anniversary, Day, Moment};
use parure::fact::{Fact, Line, Profile, Purchase, Quantity};
use parure::money::Money;
use parure::program::Program;
use std::error::Error;
use std::process::ExitCode;
use std::time::Instant;

const PROGRAM: &str = r#"
edition   = 2026
name      = "Maison"
effective = 2026-01-01
currency  = "CNY"
time_zone = "Asia/Shanghai"

[[earn]]
id     = "standard"
points = 1
per    = "10.00"

[[trigger]]
id   = "birthday"
on   = { date = "birthday" }
task = { what = "call" }

[[trigger]]
id   = "dormant"
on   = { silence = "180 days" }
when = 'customer.spend_total >= money("20000")'
task = { what = "call" }
"#;
const ROUNDS: usize = 5;
/// Facts that are made at once.
const BATCH: u32 = 100_000;

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().collect();
    let at = arguments.iter().position(|argument| argument == "--customers");
    let customers: u32 =
        match at.and_then(|at| arguments.get(at + 1)).map_or(Ok(100_000), |text| text.parse()) {
            Ok(customers) => customers,
            Err(wrong) => {
                eprintln!("--customers takes a number: {wrong}");
                return Ok(ExitCode::from(2));
            }
        };
    let mut book = Book::new(Program::parse("agenda.toml", PROGRAM)?);
    for first in (0..customers).step_by(BATCH as usize) {
        let facts: Result<Vec<_>, Box<dyn Error>> =
            (first..customers.min(first + BATCH)).map(|no| facts_of(no, &book)).collect();
        book.merge(facts?.concat())?;
    }
    let mut on = Day::parse("2026-06-15")?;
    let first = asked(&book, on);
    println!("{customers} customers, {} due on {on}", first.due);
    println!("{:>10.1} ms  the first agenda, which looks at everyone", first.ms);
    for _ in 0..ROUNDS {
        let reported = report(&mut book, on)?;
        on = on.add_days(1);
        let day = asked(&book, on);
        let again = asked(&book, on);
        println!(
            "{:>10.1} ms  {} due on {on}, after {} were reported ({:.2} µs each); {:.1} ms asked again, {:.2} µs each",
            day.ms,
            day.due,
            reported.due,
            reported.ms * 1e3 / f64::from(u32::try_from(reported.due)?),
            again.ms,
            again.ms * 1e3 / f64::from(u32::try_from(again.due)?)
        );
    }
    Ok(ExitCode::SUCCESS)
}

struct Asked {
    due: usize,
    ms: f64,
}

fn asked(book: &Book, on: Day) -> Asked {
    let start = Instant::now();
    let due = book.agenda(on).due.len();
    Asked { due, ms: start.elapsed().as_secs_f64() * 1e3 }
}

/// Records each of a day's agenda as done, one after another.
fn report(book: &mut Book, on: Day) -> Result<Asked, Box<dyn Error>> {
    let texts: Vec<String> = book
        .agenda(on)
        .due
        .into_iter()
        .map(|due| {
            format!(
                r#"{{"id":"r-{}","at":"{on}T12:00:00+08:00","customer":"{}","reported":{{"trigger":"{}","occasion":"{}","as":"done"}}}}"#,
                due.key, due.customer, due.trigger, due.occasion
            )
        })
        .collect();
    let reports: Result<Vec<Fact<'_>>, _> =
        texts.iter().map(|text| Fact::from_json(text, book.currency())).collect();
    let reports = reports?;
    let start = Instant::now();
    for report in &reports {
        book.record(report)?;
    }
    Ok(Asked { due: reports.len(), ms: start.elapsed().as_secs_f64() * 1e3 })
}

fn facts_of(no: u32, book: &Book) -> Result<Vec<Fact<'static>>, Box<dyn Error>> {
    let id = format!("c-{no}");
    let born = Anniversary::solar(None, u8::try_from(no % 12 + 1)?, u8::try_from(no / 12 % 28 + 1)?)?;
    let profile = Profile::default().with_birthday(born);
    let mut facts = vec![Fact::joined(
        format!("j-{no}"),
        Moment::parse("2026-01-01T10:00:00+08:00")?,
        id.clone(),
        profile,
    )?];
    if no.is_multiple_of(3) {
        let amount = Money::from_minor(i64::from(no % 40) * 100_000);
        let line = Line::new("1", "R-1", "ring", Quantity::ONE, amount);
        let basket = Purchase::new(vec![line], Money::ZERO, vec![], book.currency())?;
        let at = Moment::parse("2026-02-01T10:00:00+08:00")?;
        facts.push(Fact::purchased(format!("p-{no}"), at, id, basket)?);
    }
    Ok(facts)
}
