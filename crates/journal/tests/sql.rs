//! What docs/journal.md shows to people who bring SQL runs, and says what the book says.

use parure::calendar::Day;
use parure::fact::Fact;
use parure::program::Program;
use rusqlite::Connection;

fn shown() -> Vec<String> {
    let page = include_str!("../../../docs/journal.md");
    page.split("```sql\n").skip(1).map(|rest| rest.split("```").next().unwrap().to_owned()).collect()
}

#[test]
fn the_examples_of_the_page_run_while_the_shop_is_open_and_are_right() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("shop.db");
    let program = Program::parse("maison.toml", include_str!("../../../examples/maison.toml")).unwrap();
    let shop = parure_journal::create(&path, &program).unwrap();
    let yuan = shop.currency();
    for line in include_str!("../../../examples/maison.jsonl").lines().rev() {
        shop.merge([Fact::from_json(line, yuan).unwrap()]).unwrap();
    }
    let file = Connection::open(&path).unwrap();
    let shown = shown();
    let [balance, by_month] = &shown[..] else { panic!("{} examples", shown.len()) };
    let balance: i64 = file.query_row(balance, [], |row| row.get(0)).unwrap();
    let on = Day::parse("2026-11-21").unwrap();
    // 4,077 as in the book's own pages.
    assert_eq!(balance, 4_077);
    assert_eq!(balance, shop.ask(|book| book.account("wang-fang", on)).unwrap().points.balance);

    let report = shop.ask(|book| book.report(on));
    let mut rows = file.prepare(by_month).unwrap();
    let rows = rows.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).unwrap();
    let rows: Vec<(String, String, i64)> = rows.map(Result::unwrap).collect();
    let awarded: i64 = rows.iter().filter(|(_, kind, _)| kind == "awarded").map(|(.., points)| points).sum();
    let totals: i64 = shop.ask(|book| book.accounts(on).map(|account| account.points.totals.awarded).sum());
    assert_eq!(awarded, totals);
    assert!(!report.months.is_empty() && rows.len() > 12);
}

#[test]
fn a_late_fact_appends_postings_and_changes_none() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("shop.db");
    let program = Program::parse("maison.toml", include_str!("../../../examples/maison.toml")).unwrap();
    let shop = parure_journal::create(&path, &program).unwrap();
    let yuan = shop.currency();
    let facts = include_str!("../../../examples/maison.jsonl").lines();
    shop.merge(facts.map(|line| Fact::from_json(line, yuan).unwrap())).unwrap();
    let file = Connection::open(&path).unwrap();
    let rows = |upto: i64| -> Vec<(i64, String, String, i64)> {
        let mut rows = file
            .prepare("SELECT cause, fact, kind, points FROM postings WHERE cause <= ?1 ORDER BY cause, kind")
            .unwrap();
        let rows = rows.query_map([upto], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)));
        rows.unwrap().map(Result::unwrap).collect()
    };
    let before = rows(i64::MAX);
    let last = before.last().unwrap().0;
    // Gold since May: the necklace of 30 October (p-31) earns more than it did.
    let ring = r#"{"id":"p-40","at":"2026-05-02T10:00:00+08:00","customer":"wang-fang","purchased":{"lines":[{"id":"1","amount":"25000.00"}]}}"#;
    shop.record(&Fact::from_json(ring, yuan).unwrap()).unwrap();
    assert_eq!(rows(last), before);
    let (points, cause): (i64, i64) = file
        .query_row(
            "SELECT points, cause FROM postings WHERE fact = 'p-31' AND kind = 'awarded' AND cause > ?1",
            [last],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .unwrap();
    assert!(points > 0);
    assert_eq!(cause, 55);
    shop.verify().unwrap();
}
