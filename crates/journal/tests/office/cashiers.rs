//! Several who spend, adopt and merge at once: each answer is one that some order of theirs gives.

use crate::program;
use crate::server::Server;
use parure::book::Answer;
use parure::calendar::Day;
use parure::fact::Fact;
use parure_journal::Office;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::Barrier;
use std::thread;

const OFFICE: &str = "PARURE_TEST_CASHIER";
const ROUNDS: usize = 12;

fn tell(office: &Office, text: &str) -> Answer {
    office.record(&Fact::from_json(text, office.currency()).unwrap()).unwrap()
}

/// In each round a customer has 500 points, and each cashier spends them. Odd rounds are all at one instant; in even ones a cashier's
/// instant is their own.
fn spend(office: &Office, round: usize, cashier: usize) -> bool {
    let micros = if round.is_multiple_of(2) { cashier } else { 0 };
    let fact = format!(
        r#"{{"id":"x-{round}-{cashier}","at":"2026-02-01T10:00:00.{micros:06}+08:00","customer":"c-{round}","redeemed":{{"points":500,"reward":"tote-bag"}}}}"#
    );
    match tell(office, &fact) {
        Answer::Accepted { .. } => true,
        Answer::Refused { refusal } => {
            assert_eq!(refusal.code.code(), "not_enough_points");
            false
        }
        Answer::AlreadyRecorded { .. } => panic!("{fact} was recorded before"),
    }
}

fn open_rounds(office: &Office) {
    for round in 0..ROUNDS {
        tell(
            office,
            &format!(
                r#"{{"id":"j-{round}","at":"2026-01-01T10:00:00+08:00","customer":"c-{round}","joined":{{}}}}"#
            ),
        );
        tell(
            office,
            &format!(
                r#"{{"id":"a-{round}","at":"2026-01-02T10:00:00+08:00","customer":"c-{round}","adjusted":{{"points":500,"reason":"welcome"}}}}"#
            ),
        );
    }
}

/// Whoever is answered first has the points, whatever the others' instants and ids (semantics 11.19).
fn only_one_has_them(server: &Server, office: &Office, round: usize, accepted: usize) {
    let select = "SELECT id FROM facts WHERE customer = $1 AND kind = 'redeemed' ORDER BY seq";
    let ids: Vec<String> =
        server.sql().query(select, &[&format!("c-{round}")]).unwrap().iter().map(|row| row.get(0)).collect();
    assert_eq!((ids.len(), accepted), (1, 1), "{ids:?}");
    let customer = format!("c-{round}");
    let balance =
        office.ask(&customer, |book| book.account(&customer, Day::LAST)).unwrap().unwrap().points.balance;
    assert_eq!(balance, 0);
    let shown = "SELECT balance FROM accounts WHERE account = $1";
    assert_eq!(server.sql().query_one(shown, &[&customer]).unwrap().get::<_, i64>(0), balance);
}

#[test]
fn threads_that_spend_the_same_points() {
    let Some(server) = Server::start(false) else { return };
    let office = Office::create(&server.address(), &program()).unwrap();
    open_rounds(&office);
    const CASHIERS: usize = 6;
    let barrier = Barrier::new(CASHIERS);
    let accepted = thread::scope(|scope| {
        let cashiers: Vec<_> = (0..CASHIERS)
            .map(|cashier| {
                let (office, barrier) = (&office, &barrier);
                scope.spawn(move || {
                    let round = |round| {
                        barrier.wait();
                        usize::from(spend(office, round, cashier))
                    };
                    (0..ROUNDS).map(round).collect::<Vec<usize>>()
                })
            })
            .collect();
        let all: Vec<Vec<usize>> = cashiers.into_iter().map(|cashier| cashier.join().unwrap()).collect();
        (0..ROUNDS).map(|round| all.iter().map(|cashier| cashier[round]).sum()).collect::<Vec<usize>>()
    });
    for (round, accepted) in accepted.into_iter().enumerate() {
        only_one_has_them(&server, &office, round, accepted);
    }
    office.verify().unwrap();
}

/// Not a test by itself: a cashier in a process of their own, who spends in each round that is called.
#[test]
fn cashier() {
    let Ok(told) = std::env::var(OFFICE) else { return };
    let (cashier, address) = told.split_once(' ').unwrap();
    let office = Office::open(address).unwrap();
    let mut out = std::io::stdout().lock();
    writeln!(out, "answered ready").unwrap();
    for line in std::io::stdin().lock().lines() {
        let round = line.unwrap().parse().unwrap();
        writeln!(out, "answered {}", usize::from(spend(&office, round, cashier.parse().unwrap()))).unwrap();
        out.flush().unwrap();
    }
}

fn answer_of(out: &mut BufReader<ChildStdout>) -> String {
    loop {
        let mut line = String::new();
        assert!(out.read_line(&mut line).unwrap() > 0, "the cashier is gone");
        // The name of the test may stand before the first.
        if let Some((_, answer)) = line.split_once("answered ") {
            return answer.trim().to_owned();
        }
    }
}

#[test]
fn processes_that_spend_the_same_points() {
    let Some(server) = Server::start(false) else { return };
    let office = Office::create(&server.address(), &program()).unwrap();
    open_rounds(&office);
    let mut cashiers: Vec<(Child, BufReader<ChildStdout>)> = (0..2)
        .map(|cashier| {
            let mut child = Command::new(std::env::current_exe().unwrap())
                .args(["cashiers::cashier", "--exact", "--nocapture"])
                .env(OFFICE, format!("{cashier} {}", server.address()))
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .spawn()
                .unwrap();
            let out = BufReader::new(child.stdout.take().unwrap());
            (child, out)
        })
        .collect();
    for (_, out) in &mut cashiers {
        assert_eq!(answer_of(out), "ready");
    }
    for round in 0..ROUNDS {
        for (child, _) in &mut cashiers {
            writeln!(child.stdin.as_ref().unwrap(), "{round}").unwrap();
        }
        let accepted = cashiers.iter_mut().map(|(_, out)| answer_of(out).parse::<usize>().unwrap()).sum();
        only_one_has_them(&server, &office, round, accepted);
    }
    for (mut child, _) in cashiers {
        drop(child.stdin.take());
        assert!(child.wait().unwrap().success());
    }
    office.verify().unwrap();
}

#[test]
fn some_record_while_others_adopt_merge_and_give() {
    let Some(server) = Server::start(false) else { return };
    let office = Office::create(&server.address(), &program()).unwrap();
    let other = Office::open(&server.address()).unwrap();
    let yuan = office.currency();
    let at = |day: usize| format!("2026-03-{day:02}T10:00:00+08:00");
    let rules = include_str!("../../../../examples/maison.toml");
    let number = |text: &str| Fact::from_json(text, yuan).unwrap().id().to_owned();
    thread::scope(|scope| {
        // All facts of a thread are its own; customers are everybody's.
        for worker in 0..4_usize {
            let office = if worker.is_multiple_of(2) { &office } else { &other };
            let at = &at;
            scope.spawn(move || {
                for turn in 0..15_usize {
                    let id = format!("{worker}-{turn}");
                    let (who, whom) = ((worker + turn) % 5, (worker + turn * 3 + 1) % 5);
                    let day = turn + 2;
                    let mut told = vec![
                        format!(r#"{{"id":"j-{id}","at":"{}","customer":"c-{who}","joined":{{}}}}"#, at(1)),
                        format!(r#"{{"id":"p-{id}","at":"{}","customer":"c-{who}","purchased":{{"lines":[{{"id":"1","amount":"{}.00"}}]}}}}"#, at(day), 1_000 + turn),
                    ];
                    if who != whom {
                        told.push(format!(r#"{{"id":"g-{id}","at":"{}","customer":"c-{who}","given":{{"to":"c-{whom}","points":3}}}}"#, at(day)));
                        if turn % 5 == worker {
                            told.push(format!(r#"{{"id":"m-{id}","at":"{}","customer":"c-{who}","merged":{{"into":"c-{whom}"}}}}"#, at(day)));
                            told.push(format!(r#"{{"id":"u-{id}","at":"{}","customer":"c-{who}","unmerged":{{"merge":"m-{id}"}}}}"#, at(day + 1)));
                        }
                    }
                    if worker == 3 && turn % 6 == 2 {
                        let program = rules.replace("effective = 2026-01-01", &format!("effective = 2026-03-{day:02}"));
                        let program = serde_json::Value::from(program);
                        told.push(format!(r#"{{"id":"v-{id}","at":"{}","adopted":{{"program":{program}}}}}"#, at(1)));
                    }
                    let facts: Vec<Fact<'_>> = told.iter().map(|text| Fact::from_json(text, office.currency()).unwrap()).collect();
                    match turn % 3 {
                        0 => {
                            office.merge(&facts).unwrap();
                        }
                        1 => {
                            office.record_all(&facts).unwrap();
                        }
                        _ => {
                            for fact in &facts {
                                office.record(fact).unwrap();
                            }
                        }
                    }
                }
            });
        }
    });
    // What is there, told to one book in the order of arrival, gives the same of everyone.
    let mut lines = Vec::new();
    let exported = office.export(&mut lines).unwrap();
    let text = String::from_utf8(lines).unwrap();
    let facts: Vec<Fact<'_>> = text.lines().map(|line| Fact::from_json(line, yuan).unwrap()).collect();
    assert!(text.lines().map(number).any(|id| id.starts_with("v-")) && exported.facts > 100);
    let mut book = parure::book::Book::new(program());
    assert_eq!(book.merge(&facts).unwrap().new, exported.facts);
    for customer in (0..5).map(|who| format!("c-{who}")) {
        for office in [&office, &other] {
            let account = office.ask(&customer, |book| book.account(&customer, Day::LAST)).unwrap();
            assert_eq!(account, book.account(&customer, Day::LAST));
        }
    }
    assert_eq!(office.verify().unwrap().facts, exported.facts);
}
