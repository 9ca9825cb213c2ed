//! Pull the plug: a process that records is killed at any moment; what it had answered is there. `PARURE_TEST_KILLS=1000` kills so many
//! times instead of 50, best in a release build.

use parure::calendar::Day;
use parure::fact::Fact;
use parure::program::Program;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

const JOURNAL: &str = "PARURE_TEST_JOURNAL";
const FIRST: &str = "PARURE_TEST_FIRST";
const KILLS: &str = "PARURE_TEST_KILLS";

fn program() -> Program {
    let rules = include_str!("../../../examples/maison.toml");
    Program::parse("maison.toml", rules).unwrap()
}

/// Every third fact comes late, so that what is written is more than rows at the end.
fn fact(number: u64) -> String {
    let customer = number % 7;
    let day = number % 28 + 1;
    let month = if number.is_multiple_of(3) { 3 } else { 6 + number % 5 };
    format!(
        r#"{{"id":"p-{number}","at":"2026-{month:02}-{day:02}T10:00:00+08:00","customer":"c-{customer}","purchased":{{"lines":[{{"id":"1","amount":"{}.00"}}]}}}}"#,
        100 + number % 900
    )
}

/// Not a test by itself: the child that is killed.
#[test]
fn child() {
    let (Ok(path), Ok(first)) = (std::env::var(JOURNAL), std::env::var(FIRST)) else { return };
    let shop = parure_journal::open(path).unwrap();
    let yuan = shop.currency();
    let mut out = std::io::stdout().lock();
    for number in first.parse().unwrap().. {
        shop.record(&Fact::from_json(&fact(number), yuan).unwrap()).unwrap();
        writeln!(out, "answered p-{number}").unwrap();
        out.flush().unwrap();
        if number % 20 == 19 {
            shop.snapshot().unwrap();
        }
    }
}

/// When a child is killed.
#[derive(Debug, Clone, Copy)]
enum Moment {
    /// So long after it was started: before it opens the file, or while it does.
    AfterStart(Duration),
    /// So long after its first answer.
    AfterAnswer(Duration),
}

/// Runs the child, kills it at that moment, and tells what it had answered.
fn killed(path: &Path, first: u64, moment: Moment) -> Vec<String> {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["child", "--exact", "--nocapture"])
        .env(JOURNAL, path)
        .env(FIRST, first.to_string())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let out = BufReader::new(child.stdout.take().unwrap());
    let (answers, answered) = mpsc::channel();
    let reader = std::thread::spawn(move || {
        for line in out.lines().map_while(Result::ok) {
            // The name of the test may stand before the first.
            if let Some((_, id)) = line.split_once("answered ") {
                answers.send(id.to_owned()).unwrap();
            }
        }
    });
    let mut ids = Vec::new();
    match moment {
        Moment::AfterStart(pause) => std::thread::sleep(pause),
        Moment::AfterAnswer(pause) => {
            ids.push(answered.recv().expect("a first answer"));
            std::thread::sleep(pause);
        }
    }
    child.kill().unwrap();
    child.wait().unwrap();
    ids.extend(answered.iter());
    reader.join().unwrap();
    ids
}

fn shop_of_seven(path: &Path) {
    let shop = parure_journal::create(path, &program()).unwrap();
    let yuan = shop.currency();
    for customer in 0..7 {
        let joined = format!(
            r#"{{"id":"j-{customer}","at":"2026-01-01T10:00:00+08:00","customer":"c-{customer}","joined":{{}}}}"#
        );
        shop.record(&Fact::from_json(&joined, yuan).unwrap()).unwrap();
    }
}

/// Lives that write to one file, one after another.
const OF_ONE_FILE: u64 = 50;

#[test]
fn what_was_answered_is_there_whenever_the_process_is_killed() {
    // A kill is no loss of power: where there is a disk in memory it does as well, and more is answered in each life.
    let folder = tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap();
    let kills = std::env::var(KILLS).map_or(50, |kills| kills.parse().unwrap());
    let mut all = 0;
    for time in 0..kills {
        let path = folder.path().join(format!("shop-{}.db", time / OF_ONE_FILE));
        if time % OF_ONE_FILE == 0 {
            shop_of_seven(&path);
        }
        // A different moment each time.
        let pause = Duration::from_micros(time * 7_919 % 60_000);
        let moment = if time % 4 == 0 { Moment::AfterStart(pause) } else { Moment::AfterAnswer(pause / 2) };
        let answered = killed(&path, time * 100_000, moment);
        let shop = parure_journal::open(&path).unwrap();
        for id in &answered {
            assert!(
                shop.ask(|book| book.fact(id).is_some()),
                "kill {time}: {id} was answered and is not there"
            );
        }
        all += answered.len();
        shop.verify().unwrap_or_else(|fault| panic!("kill {time}: {fault}"));
        let mut lines = Vec::new();
        parure_journal::export(&path, &mut lines).unwrap();
        let lines = String::from_utf8(lines).unwrap();
        let mut fresh = parure::book::Book::new(program());
        let yuan = fresh.currency();
        fresh.merge(lines.lines().map(|line| Fact::from_json(line, yuan).unwrap())).unwrap();
        assert_eq!(fresh.to_json(Day::LAST), shop.ask(|book| book.to_json(Day::LAST)), "kill {time}");
    }
    println!("{all} facts were answered in {kills} lives");
    assert!(all > 100, "only {all} facts were answered in {kills} lives");
}
