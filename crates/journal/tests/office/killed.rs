//! A process that records is killed at any moment: what it had answered is there, and nothing by halves.

use crate::program;
use crate::server::Server;
use parure::fact::Fact;
use parure_journal::Office;
use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};
use std::time::Duration;

const OFFICE: &str = "PARURE_TEST_KILLED";
const TIMES: u64 = 20;

/// Every third fact comes late, so that what is written is more than rows at the end.
fn fact(number: u64) -> String {
    let (customer, day) = (number % 7, number % 28 + 1);
    let month = if number.is_multiple_of(3) { 3 } else { 6 + number % 5 };
    format!(
        r#"{{"id":"p-{number}","at":"2026-{month:02}-{day:02}T10:00:00+08:00","customer":"c-{customer}","purchased":{{"lines":[{{"id":"1","amount":"{}.00"}}]}}}}"#,
        100 + number % 900
    )
}

/// Not a test by itself: the child that is killed.
#[test]
fn child() {
    let Ok(told) = std::env::var(OFFICE) else { return };
    let (first, address) = told.split_once(' ').unwrap();
    let office = Office::open(address).unwrap();
    let mut out = std::io::stdout().lock();
    for number in first.parse().unwrap().. {
        office.merge([Fact::from_json(&fact(number), office.currency()).unwrap()]).unwrap();
        writeln!(out, "answered p-{number}").unwrap();
        out.flush().unwrap();
    }
}

#[test]
fn what_was_answered_is_there_whenever_a_process_is_killed() {
    let Some(server) = Server::start(false) else { return };
    let office = Office::create(&server.address(), &program()).unwrap();
    for customer in 0..7 {
        let joined = format!(
            r#"{{"id":"j-{customer}","at":"2026-01-01T10:00:00+08:00","customer":"c-{customer}","joined":{{}}}}"#
        );
        office.record(&Fact::from_json(&joined, office.currency()).unwrap()).unwrap();
    }
    let mut answered = Vec::new();
    for life in 0..TIMES {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["killed::child", "--exact", "--nocapture"])
            .env(OFFICE, format!("{} {}", life * 100_000, server.address()))
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
        let id = |line: String| Some(line.split_once("answered ")?.1.to_owned());
        answered.push(out.by_ref().find_map(id).unwrap());
        std::thread::sleep(Duration::from_micros(life * 1_337));
        child.kill().unwrap();
        child.wait().unwrap();
        answered.extend(out.filter_map(id));
        // Whoever else records does not wait for the dead.
        let late = format!(
            r#"{{"id":"k-{life}","at":"2026-02-01T10:00:00+08:00","customer":"c-1","purchased":{{"lines":[{{"id":"1","amount":"100.00"}}]}}}}"#
        );
        office.record(&Fact::from_json(&late, office.currency()).unwrap()).unwrap();
    }
    for id in &answered {
        assert!(office.fact(id).unwrap().is_some(), "{id} was answered and is not there");
    }
    assert!(office.verify().unwrap().facts >= answered.len() + 7);
}
