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
    let at = "2026-03-02T00:00:00+08:00";
    let text = format!(
        r#"{{"id":"{id}","at":"{at}","customer":"mei","redeemed":{{"points":{points},"reward":"tote-bag"}}}}"#
    );
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
    ];
    shop.merge(facts.map(|fact| Fact::from_json(fact, shop.currency()).unwrap())).unwrap();
    assert_eq!(spend(&shop, "s-1", 501), "offline_limit"); // it has never heard of anyone
    assert_eq!(spend(&shop, "s-1", 500), "accepted");
    tell(&shop, &airport);
    tell(&airport, &shop);

    // In touch: only the balance counts.
    MINUTE.store(10, Ordering::Relaxed);
    assert_eq!(spend(&airport, "b-1", 600), "accepted");
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
