//! What durability costs: a recorded sale beside a raw append and sync of the same bytes, and beside a row of the same bytes in a table of
//! SQLite (WAL, `synchronous=FULL`), turn by turn in one run on one disk; batches of 100; 100,000 facts sent to a new copy; opening from a snapshot. `cargo bench -p parure-journal`; `PARURE_BENCH_DIR` says on which disk.

use parure::fact::Fact;
use parure::program::Program;
use std::fs::OpenOptions;
use std::io::Write;
use std::time::{Duration, Instant};

const CUSTOMERS: usize = 10_000;
const SALES: usize = 2_000;
const BATCHES: usize = 880;

fn sale(number: usize) -> String {
    let (customer, second, minute) = (number * 7_919 % CUSTOMERS, number % 60, number / 60 % 60);
    let (hour, day) = (number / 3_600 % 12 + 8, number / 43_200 % 28 + 1);
    format!(
        r#"{{"at":"2026-06-{day:02}T{hour:02}:{minute:02}:{second:02}+08:00","customer":"c-{customer}","id":"p-{number}","purchased":{{"lines":[{{"id":"1","item":"R-{number}","category":"ring/gold","amount":"9800.00"}},{{"id":"2","item":"B-1","category":"box","amount":"60.00"}}]}}}}"#
    )
}

fn median(mut times: Vec<Duration>) -> f64 {
    times.sort_unstable();
    times.get(times.len() / 2).map_or(0.0, Duration::as_secs_f64) * 1e6
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = match std::env::var("PARURE_BENCH_DIR") {
        Ok(folder) => tempfile::tempdir_in(folder)?,
        Err(_) => tempfile::tempdir()?,
    };
    let path = folder.path().join("shop.db");
    let program = Program::parse("maison.toml", include_str!("../../../examples/maison.toml"))?;
    let shop = parure_journal::create(&path, &program)?;
    let yuan = shop.currency();
    let joined: Vec<String> = (0..CUSTOMERS)
        .map(|n| {
            format!(r#"{{"id":"j-{n}","at":"2026-01-01T10:00:00+08:00","customer":"c-{n}","joined":{{}}}}"#)
        })
        .collect();
    shop.merge(joined.iter().map(|text| Fact::from_json(text, yuan)).collect::<Result<Vec<_>, _>>()?)?;
    // As in the morning: what was in SQLite's log is where it belongs.
    drop(shop);
    let shop = parure_journal::open(&path)?;

    let mut raw = OpenOptions::new().create(true).append(true).open(folder.path().join("raw.log"))?;
    let plain = rusqlite::Connection::open(folder.path().join("plain.db"))?;
    plain.execute_batch(
        "PRAGMA journal_mode = wal; PRAGMA synchronous = full; CREATE TABLE kept (seq INTEGER PRIMARY KEY, fact TEXT NOT NULL)",
    )?;
    let (mut appended, mut inserted, mut recorded) = (Vec::new(), Vec::new(), Vec::new());
    for number in 0..SALES {
        let text = sale(number);
        let start = Instant::now();
        raw.write_all(text.as_bytes())?;
        raw.sync_data()?;
        appended.push(start.elapsed());
        let start = Instant::now();
        plain.prepare_cached("INSERT INTO kept (fact) VALUES (?1)")?.execute([&text])?;
        inserted.push(start.elapsed());
        let start = Instant::now();
        shop.record(&Fact::from_json(&text, yuan)?)?;
        recorded.push(start.elapsed());
    }
    let (appended, inserted, recorded) = (median(appended), median(inserted), median(recorded));
    println!("append and fdatasync, p50: {appended:.0} µs");
    println!("a row in SQLite, p50: {inserted:.0} µs, {:.2} times", inserted / appended);
    println!("durable record, p50: {recorded:.0} µs, {:.2} times", recorded / appended);

    let texts: Vec<String> = (SALES..SALES + BATCHES * 100).map(sale).collect();
    let start = Instant::now();
    for batch in texts.chunks(100) {
        let facts = batch.iter().map(|text| Fact::from_json(text, yuan)).collect::<Result<Vec<_>, _>>()?;
        shop.record_all(facts)?;
    }
    println!("batches of 100: {:.0} facts a second", texts.len() as f64 / start.elapsed().as_secs_f64());

    let till = parure_journal::create(folder.path().join("till.db"), &program)?;
    let start = Instant::now();
    let mut known = till.known()?;
    let facts = loop {
        let changes = shop.changes_since(&known, 10_000)?;
        till.merge_changes(&changes.text)?;
        if !changes.more {
            break till.ask(parure::book::Book::facts);
        }
        known = changes.then;
    };
    println!("syncing {facts} facts with a new copy: {:.2} s", start.elapsed().as_secs_f64());

    let facts = shop.ask(parure::book::Book::facts);
    shop.snapshot()?;
    drop(shop);
    let start = Instant::now();
    let shop = parure_journal::open(&path)?;
    println!("opening {facts} facts from a snapshot: {:.0} ms", start.elapsed().as_secs_f64() * 1e3);
    let start = Instant::now();
    shop.verify()?;
    println!("verifying all of it: {:.0} ms", start.elapsed().as_secs_f64() * 1e3);
    Ok(())
}
