//! The CDNOW history, from end to end. What is expected is computed here from the file itself, in whole cents.

use crate::shop::{Shop, example};
use std::collections::{BTreeMap, BTreeSet};

const COLUMNS: &str = "customer=customer_id,at=date,quantity=number_of_cds,amount=dollar_value";

/// A purchase: customer, `yyyymmdd`, cents.
fn purchases() -> Vec<(String, String, i64)> {
    let text = std::fs::read_to_string(example("cdnow.txt")).unwrap();
    let row = |line: &str| {
        let cells: Vec<&str> = line.split_whitespace().collect();
        let (dollars, cents) = cells[3].split_once('.').unwrap();
        let cents = dollars.parse::<i64>().unwrap() * 100 + cents.parse::<i64>().unwrap();
        (cells[0].to_owned(), cells[1].to_owned(), cents)
    };
    text.lines().skip(1).map(row).collect()
}

#[test]
fn one_point_a_dollar() {
    let purchases = purchases();
    // Fader and Hardie: 69,659 purchases of 23,570 customers.
    let customers: BTreeSet<&str> = purchases.iter().map(|(customer, ..)| customer.as_str()).collect();
    assert_eq!((purchases.len(), customers.len()), (69_659, 23_570));

    let shop = Shop::new("cdnow-dollar");
    let accounts = ["--accounts", "accounts.jsonl", "--json"];
    let file = example("cdnow.txt");
    let table = ["replay", "dollar.toml", &file, "--delimiter", "space", "--columns", COLUMNS];
    let ran = shop.run(&[&table[..], &accounts].concat());
    assert_eq!(ran.code, 0, "{}", ran.err);
    let json = ran.json();
    assert_eq!(
        (&json["read"]["rows"], &json["read"]["new"], &json["read"]["bad"]),
        (&69_659.into(), &69_659.into(), &0.into())
    );

    let report = &json["report"];
    let points: i64 = purchases.iter().map(|(_, _, cents)| cents / 100).sum();
    assert_eq!((&report["members"], &report["on"]), (&23_570.into(), &"1998-06-30".into()));
    assert_eq!((&report["totals"]["awarded"], &report["outstanding"]), (&points.into(), &points.into()));

    let mut months: BTreeMap<String, (i64, i64, i64)> = BTreeMap::new();
    for (_, day, cents) in &purchases {
        let month = months.entry(format!("{}-{}", &day[..4], &day[4..6])).or_default();
        *month = (month.0 + 1, month.1 + cents, month.2 + cents / 100);
    }
    let told = report["months"].as_array().unwrap();
    assert_eq!(told.len(), months.len());
    let mut outstanding = 0;
    for (told, (month, (count, cents, points))) in told.iter().zip(&months) {
        let spend = format!("{}.{:02}", cents / 100, cents % 100);
        assert_eq!((&told["month"], &told["purchases"]), (&month.as_str().into(), &(*count).into()));
        assert_eq!((&told["spend"], &told["awarded"]), (&spend.into(), &(*points).into()));
        // Nothing lapses, so what is outstanding is all that was ever awarded.
        outstanding += points;
        assert_eq!(told["outstanding"], outstanding);
    }

    let mut balances: BTreeMap<&str, i64> = BTreeMap::new();
    for (customer, _, cents) in &purchases {
        *balances.entry(customer).or_default() += cents / 100;
    }
    let written = shop.read("accounts.jsonl");
    assert_eq!(written.lines().count(), 23_570);
    for (line, (customer, points)) in written.lines().zip(&balances) {
        let account: serde_json::Value = serde_json::from_str(line).unwrap();
        assert_eq!(
            (&account["account"], &account["points"]["balance"]),
            (&(*customer).into(), &(*points).into())
        );
    }
}

#[test]
fn the_main_job_of_the_readme() {
    let shop = Shop::new("cdnow-encore");
    let (program, file) = (example("cdnow.toml"), example("cdnow.txt"));
    let ran = shop.run(&["replay", &program, &file, "--delimiter", "space", "--columns", COLUMNS]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    let mut lines = ran.out.lines();
    assert_eq!(lines.next(), Some("CDNOW Encore, as of 1998-06-30"));
    assert_eq!(lines.next(), Some("69,659 facts, amounts in USD"));
    assert!(ran.out.contains("\nMembers 23,570\n"), "{}", ran.out);
    // No terminal, no colours.
    assert!(!ran.out.contains('\u{1b}'));
    let january: i64 =
        purchases().iter().filter(|(_, day, _)| day.starts_with("199701")).map(|(_, _, cents)| cents).sum();
    let (dollars, cents) = (january / 100, january % 100);
    let spend = format!("{},{:03}.{cents:02}", dollars / 1000, dollars % 1000);
    assert!(ran.out.contains(&format!("  1997-01      8,928  {spend}  ")), "{spend} in {}", ran.out);
}
