//! How long it takes to answer about one customer, and to record: shown, never asserted. `-- figures --nocapture --ignored`.

use crate::program;
use crate::server::Server;
use parure::book::Answer;
use parure::calendar::Day;
use parure::fact::Fact;
use parure_journal::Office;
use std::time::{Duration, Instant};

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

/// How long this thread has computed, where the system says it: on a machine that does other things a clock says little.
fn computed() -> Duration {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    Duration::from_nanos(told.split(' ').next().and_then(|nanos| nanos.parse().ok()).unwrap_or(0))
}

#[test]
#[ignore = "it measures, and proves nothing"]
fn figures() {
    let Some(server) = Server::start(true) else { return };
    let office = Office::create(&server.address(), &program()).unwrap();
    let yuan = office.currency();
    let mut number = 0_usize;
    let mut sale = |customer: &str| {
        number += 1;
        let (day, month) = (number / 12 % 28 + 1, number / 336 % 12 + 1);
        let (hour, year) = (number % 12 + 8, 2020 + number / 4_032 % 6);
        format!(
            r#"{{"id":"p-{number}","at":"{year}-{month:02}-{day:02}T{hour:02}:00:00+08:00","customer":"{customer}","store":"sh-01","purchased":{{"lines":[{{"id":"1","item":"R-2201","category":"ring/gold","amount":"{}.00"}},{{"id":"2","category":"care","amount":"200.00"}}],"tenders":[{{"card":"{}.00"}}]}}}}"#,
            1_000 + number % 900,
            1_200 + number % 900
        )
    };
    for (customer, facts) in [("few", 20), ("many", 2_000)].into_iter().chain([("crowd", 0); 1]) {
        if facts == 0 {
            // Others, so that the tables are not small.
            for chunk in 0..40 {
                let told: Vec<String> =
                    (0..1_000).map(|at| sale(&format!("other-{}", (chunk * 1_000 + at) / 10))).collect();
                office.merge(told.iter().map(|text| Fact::from_json(text, yuan).unwrap())).unwrap();
            }
            continue;
        }
        let told: Vec<String> = (0..facts).map(|_| sale(customer)).collect();
        office.merge(told.iter().map(|text| Fact::from_json(text, yuan).unwrap())).unwrap();
    }
    server.sql().batch_execute("ANALYZE").unwrap();
    for customer in ["few", "many"] {
        let day = Day::parse("2026-11-21").unwrap();
        let ask = |_| {
            let begun = Instant::now();
            office.ask(customer, |book| book.account(customer, day)).unwrap().unwrap();
            begun.elapsed()
        };
        let before = computed();
        let asked = median((0..50).map(ask).collect());
        let own = (computed() - before) / 50;
        let first = Office::open(&server.address()).unwrap();
        let begun = Instant::now();
        first.ask(customer, |book| book.account(customer, day)).unwrap().unwrap();
        let first = begun.elapsed();
        let record = |at: usize| {
            let text = format!(
                r#"{{"id":"r-{customer}-{at}","at":"2026-11-20T10:00:{at:02}+08:00","customer":"{customer}","purchased":{{"lines":[{{"id":"1","amount":"100.00"}}]}}}}"#
            );
            let fact = Fact::from_json(&text, yuan).unwrap();
            let begun = Instant::now();
            assert!(matches!(office.record(&fact).unwrap(), Answer::Accepted { .. }));
            begun.elapsed()
        };
        let recorded = median((0..50).map(record).collect());
        println!(
            "{customer:5} account {asked:>10.2?} ({own:.2?} of its own computing; the first of a process {first:>10.2?})   record {recorded:>10.2?}"
        );
    }
}
