//! Prints how long a day's agenda takes.
//!
//! ```sh
//! cargo run --release -p parure-bench --bin agenda -- --customers 100000
//! ```
//!
//! Each customer has a birthday and two purchases; a twelfth of a year's birthdays is due on any day.

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
on   = { date = "birthday", before = "1 day" }
task = { what = "call" }

[[trigger]]
id   = "dormant"
on   = { silence = "180 days" }
when = 'customer.spend_total >= money("20000")'
task = { what = "call" }
"#;
const ROUNDS: usize = 5;

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
    let yuan = book.currency();
    let facts = (0..customers).flat_map(|no| {
        let (id, at) =
            (format!("c-{no}"), |day: u32| Moment::parse(&format!("2026-0{day}-01T10:00:00+08:00")));
        let born = Anniversary::solar(
            None,
            u8::try_from(no % 12 + 1).unwrap_or(1),
            u8::try_from(no / 12 % 28 + 1).unwrap_or(1),
        );
        let profile = born.map(|born| Profile::default().with_birthday(born));
        let sale = |month: u32| {
            let line =
                Line::new("1", "R-1", "ring", Quantity::ONE, Money::from_minor(i64::from(no % 40) * 100_000));
            let basket = Purchase::new(vec![line], Money::ZERO, vec![], yuan)?;
            Fact::purchased(format!("p-{no}-{month}"), at(month)?, id.clone(), basket)
        };
        [
            profile.and_then(|profile| Fact::joined(format!("j-{no}"), at(1)?, id.clone(), profile)),
            sale(2),
            sale(3),
        ]
    });
    book.merge(facts.collect::<Result<Vec<_>, _>>()?)?;
    let day = Day::parse("2026-06-15")?;
    let mut best = f64::INFINITY;
    let mut due = 0;
    for _ in 0..ROUNDS {
        let start = Instant::now();
        due = book.agenda(day).due.len();
        best = best.min(start.elapsed().as_secs_f64());
    }
    println!(
        "{customers} customers, {due} due on {day}: {:.0} ms, {:.1} µs a customer",
        best * 1e3,
        best * 1e6 / f64::from(customers)
    );
    Ok(ExitCode::SUCCESS)
}
