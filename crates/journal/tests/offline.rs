//! Stores whose line is down: what they may spend, what is spent twice all the same, and that somebody is told.

use parure::book::Answer;
use parure::calendar::{Day, Moment};
use parure::fact::Fact;
use parure::fault::Fault;
use parure::program::Program;
use parure_journal::{Journal, Options};
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

const PROGRAM: &str = r#"
edition   = 2026
name      = "Maison"
effective = 2026-01-01
currency  = "CNY"
time_zone = "Asia/Shanghai"

[points]
offline = 500

[stored_value]
offline = "80.00"
"#;

/// The minute of 2 March 2026 that both stores' clocks show.
static MINUTE: AtomicI64 = AtomicI64::new(0);

fn clock() -> Result<Moment, Fault> {
    let start = Moment::parse("2026-03-02T00:00:00+08:00")?;
    Moment::from_micros(start.micros() + MINUTE.load(Ordering::Relaxed) * 60_000_000, 480)
}

fn careful() -> Options {
    Options::default().with_clock(clock).with_in_touch(Duration::from_secs(600))
}

fn spend(shop: &Journal, id: &str, points: i64) -> String {
    recorded(shop, id, &format!(r#""redeemed":{{"points":{points},"reward":"tote-bag"}}"#))
}

/// A purchase that is paid with stored value.
fn pay(shop: &Journal, id: &str, amount: &str) -> String {
    let line = format!(r#""lines":[{{"id":"1","amount":"{amount}"}}]"#);
    recorded(shop, id, &format!(r#""purchased":{{{line},"tenders":[{{"stored_value":"{amount}"}}]}}"#))
}

fn recorded(shop: &Journal, id: &str, told: &str) -> String {
    let text = format!(r#"{{"id":"{id}","at":"2026-03-02T00:00:00+08:00","customer":"mei",{told}}}"#);
    match shop.record(&Fact::from_json(&text, shop.currency()).unwrap()).unwrap() {
        Answer::Accepted { .. } => "accepted".to_owned(),
        Answer::AlreadyRecorded { .. } => "already recorded".to_owned(),
        Answer::Refused { refusal } => refusal.code.code().to_owned(),
    }
}

fn tell(from: &Journal, to: &Journal) {
    let changes = from.changes_since(&to.known().unwrap(), 1_000).unwrap();
    to.merge_changes(&changes.text).unwrap();
}

#[test]
fn what_a_store_may_spend_while_its_line_is_down() {
    let folder = tempfile::tempdir().unwrap();
    let program = Program::parse("maison.toml", PROGRAM).unwrap();
    let path = |name: &str| folder.path().join(name);
    let shop = parure_journal::create_with(path("shop.db"), &program, careful()).unwrap();
    let airport = parure_journal::create_with(path("airport.db"), &program, careful()).unwrap();
    let facts = [
        r#"{"id":"j-1","at":"2026-01-01T10:00:00+08:00","customer":"mei","joined":{}}"#,
        r#"{"id":"a-1","at":"2026-01-02T10:00:00+08:00","customer":"mei","adjusted":{"points":2000,"reason":"welcome"}}"#,
        r#"{"id":"u-1","at":"2026-01-02T11:00:00+08:00","customer":"mei","topped_up":{"amount":"1000.00"}}"#,
    ];
    shop.merge(facts.map(|fact| Fact::from_json(fact, shop.currency()).unwrap())).unwrap();
    assert_eq!(spend(&shop, "s-1", 501), "offline_limit"); // it has never heard of anyone
    assert_eq!(spend(&shop, "s-1", 500), "accepted");
    assert_eq!(pay(&shop, "v-1", "80.01"), "offline_limit");
    assert_eq!(pay(&shop, "v-1", "50.00"), "accepted");
    assert_eq!(recorded(&shop, "v-2", r#""value_refunded":{"amount":"30.01"}"#), "offline_limit");
    assert_eq!(recorded(&shop, "v-2", r#""value_refunded":{"amount":"30.00"}"#), "accepted");
    tell(&shop, &airport);
    tell(&airport, &shop);

    // In touch: only the balance counts.
    MINUTE.store(10, Ordering::Relaxed);
    assert_eq!(spend(&airport, "b-1", 600), "accepted");
    assert_eq!(pay(&airport, "v-3", "81.00"), "accepted");
    tell(&airport, &shop);
    MINUTE.store(21, Ordering::Relaxed);
    // The airport heard 21 minutes ago; what it has spent since, nobody knows but those whom it told.
    assert_eq!(spend(&airport, "b-2", 1), "offline_limit");
    assert_eq!(spend(&airport, "b-1", 600), "already recorded");
    // The shop heard 11 minutes ago.
    assert_eq!(spend(&shop, "s-2", 300), "accepted");
    assert_eq!(spend(&shop, "s-3", 201), "offline_limit");
    let batch = ["s-3", "s-4"].map(|id| {
        let text = format!(
            r#"{{"id":"{id}","at":"2026-03-02T00:21:00+08:00","customer":"mei","adjusted":{{"points":-150,"reason":"lost"}}}}"#
        );
        text
    });
    let batch = batch.iter().map(|text| Fact::from_json(text, shop.currency()).unwrap());
    let answers = shop.record_all(batch.collect::<Vec<_>>()).unwrap();
    assert!(matches!(&answers[..], [Ok(Answer::Accepted { .. }), Ok(Answer::Refused { .. })]));

    // What it heard, and when, outlives the process.
    drop(shop);
    let shop = parure_journal::open_with(path("shop.db"), careful()).unwrap();
    assert_eq!(spend(&shop, "s-4", 51), "offline_limit");
    assert_eq!(spend(&shop, "s-4", 50), "accepted"); // 300 + 150 + 50
    // An empty answer is an answer: the line is there.
    tell(&shop, &airport);
    tell(&airport, &shop);
    assert_eq!(spend(&shop, "s-5", 400), "accepted");
    drop(shop);
    let single = parure_journal::open_with(path("shop.db"), Options::default().with_clock(clock)).unwrap();
    MINUTE.store(600, Ordering::Relaxed);
    assert_eq!(spend(&single, "s-6", 1), "not_enough_points"); // 500, 600, 300, 150, 50, 400: all is spent; no bound is asked for
    single.verify().unwrap();
}

#[test]
fn stored_value_spent_twice_is_a_task_too() {
    let folder = tempfile::tempdir().unwrap();
    let program = Program::parse("maison.toml", PROGRAM).unwrap();
    let [shop, airport] = ["shop.db", "airport.db"]
        .map(|name| parure_journal::create(folder.path().join(name), &program).unwrap());
    // Of one instant, in the order of the ids.
    assert_eq!(recorded(&shop, "a-1", r#""joined":{}"#), "accepted");
    assert_eq!(recorded(&shop, "a-2", r#""topped_up":{"amount":"100.00"}"#), "accepted");
    tell(&shop, &airport);
    assert_eq!(pay(&shop, "s-1", "80.00"), "accepted");
    assert_eq!(pay(&airport, "b-1", "70.00"), "accepted");
    tell(&shop, &airport);
    tell(&airport, &shop);
    let on = Day::parse("2026-03-02").unwrap();
    for copy in [&shop, &airport] {
        let tasks = copy.ask(|book| book.tasks(on));
        let [task] = &tasks[..] else { panic!("{tasks:?}") };
        assert_eq!(
            (task.code, task.debt, &*task.facts),
            ("value_overdrawn", 0, &["b-1".into(), "s-1".into()][..])
        );
        assert_eq!(task.value_owed.map(|owed| owed.to_string()).as_deref(), Some("50.00"));
    }
    assert_eq!(recorded(&shop, "u-2", r#""topped_up":{"amount":"50.00"}"#), "accepted");
    assert!(shop.ask(|book| book.tasks(on)).is_empty());
}

#[test]
fn points_spent_twice_are_a_task_until_the_debt_is_paid() {
    let folder = tempfile::tempdir().unwrap();
    let program = Program::parse("maison.toml", PROGRAM).unwrap();
    let [shop, airport] = ["shop.db", "airport.db"]
        .map(|name| parure_journal::create(folder.path().join(name), &program).unwrap());
    let yuan = shop.currency();
    let record = |shop: &Journal, text: &str| {
        let answer = shop.record(&Fact::from_json(text, yuan).unwrap()).unwrap();
        assert!(matches!(answer, Answer::Accepted { .. }), "{text}: {answer:?}");
    };
    record(&shop, r#"{"id":"j-1","at":"2026-01-01T10:00:00+08:00","customer":"mei","joined":{}}"#);
    record(
        &shop,
        r#"{"id":"a-1","at":"2026-01-02T10:00:00+08:00","customer":"mei","adjusted":{"points":400,"reason":"welcome"}}"#,
    );
    tell(&shop, &airport);
    record(
        &shop,
        r#"{"id":"s-1","at":"2026-01-03T10:00:00+08:00","customer":"mei","redeemed":{"points":300,"reward":"tote-bag"}}"#,
    );
    record(
        &airport,
        r#"{"id":"b-1","at":"2026-01-03T10:00:00+08:00","customer":"mei","redeemed":{"points":300,"reward":"tote-bag"}}"#,
    );
    tell(&shop, &airport);
    tell(&airport, &shop);
    for copy in [&shop, &airport] {
        let tasks = copy.ask(|book| book.tasks(Day::parse("2026-01-04").unwrap()));
        assert_eq!(tasks.len(), 1);
        assert_eq!((tasks[0].code, tasks[0].account.as_str(), tasks[0].debt), ("overdrawn", "mei", 200));
        assert_eq!(tasks[0].facts, ["b-1", "s-1"]);
        assert_eq!(tasks[0].since, Day::parse("2026-01-03").unwrap());
        assert!(copy.ask(|book| book.tasks(Day::parse("2026-01-02").unwrap())).is_empty());
    }
    record(
        &shop,
        r#"{"id":"a-2","at":"2026-01-05T10:00:00+08:00","customer":"mei","adjusted":{"points":200,"reason":"written off"}}"#,
    );
    assert!(shop.ask(|book| book.tasks(Day::parse("2026-01-05").unwrap())).is_empty());
    assert_eq!(shop.ask(|book| book.tasks(Day::parse("2026-01-04").unwrap())).len(), 1);
}
