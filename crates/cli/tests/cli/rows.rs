//! Facts as they come: JSON lines and tables, with bad rows among them.

use crate::shop::{Shop, example};
use serde_json::{Value, json};

const JOIN: &str = r#"{"id":"j-1","at":"1997-01-01T10:00:00-05:00","customer":"c-1","joined":{}}"#;

fn purchase(id: &str, amount: &str) -> String {
    format!(
        r#"{{"id":"{id}","at":"1997-01-02T10:00:00-05:00","customer":"c-1","purchased":{{"lines":[{{"id":"1","amount":"{amount}"}}]}}}}"#
    )
}

fn awarded(json: &Value) -> i64 {
    json["report"]["totals"]["awarded"].as_i64().unwrap()
}

#[test]
fn a_bad_line_stops_the_run_and_is_told() {
    let shop = Shop::new("rows-stop");
    shop.file("facts.jsonl", [JOIN, "", &purchase("p-1", "12.345"), &purchase("p-2", "7.00")].join("\n"));
    let ran = shop.run(&["replay", "dollar.toml", "facts.jsonl"]);
    assert_eq!((ran.code, ran.out.as_str()), (1, ""));
    let said = "error[money_digits]: facts.jsonl:3:";
    assert!(ran.err.starts_with(said), "{}", ran.err);
    assert!(
        ran.err.contains("purchased.lines[0].amount: `12.345` has 3 digits after the point, USD has 2"),
        "{}",
        ran.err
    );

    let ran = shop.run(&["replay", "dollar.toml", "facts.jsonl", "--json"]);
    let fault = &ran.json()["faults"][0];
    assert_eq!((ran.code, &fault["line"], &fault["code"]), (1, &json!(3), &json!("money_digits")));
    assert_eq!(fault["row"], json!(purchase("p-1", "12.345")));
}

#[test]
fn bad_lines_are_set_aside() {
    let shop = Shop::new("rows-skip");
    let facts = [JOIN, "not JSON", &purchase("p-1", "7.99"), "{}", &purchase("p-2", "2.00")].join("\r\n");
    shop.file("facts.jsonl", facts);
    let ran =
        shop.run(&["replay", "dollar.toml", "facts.jsonl", "--on-bad", "skip", "--rejects", "bad.jsonl"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.err.contains("set aside[syntax]: facts.jsonl:2"), "{}", ran.err);
    assert!(ran.err.ends_with("2 bad rows are set aside in bad.jsonl\n"), "{}", ran.err);
    assert!(ran.out.contains("\n3 facts, 2 bad rows set aside, amounts in USD\n"), "{}", ran.out);
    let bad: Vec<Value> =
        shop.read("bad.jsonl").lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(
        (&bad[0]["line"], &bad[0]["row"], &bad[1]["line"]),
        (&json!(2), &json!("not JSON"), &json!(4))
    );
    assert!(
        bad.iter()
            .all(|bad| bad["file"] == "facts.jsonl" && bad["code"].is_string() && bad["message"].is_string())
    );

    // A file for rejects alone asks for the same.
    let ran = shop.run(&["replay", "dollar.toml", "facts.jsonl", "--rejects", "bad.jsonl", "--json"]);
    let json = ran.json();
    assert_eq!((ran.code, &json["read"]), (0, &json!({"rows": 5, "new": 3, "known": 0, "bad": 2})));
    assert_eq!(awarded(&json), 7 + 2);
}

#[test]
fn of_many_bad_rows_only_the_first_are_shown() {
    let shop = Shop::new("rows-many-bad");
    shop.file("facts.jsonl", format!("{}{JOIN}\n", "{\n".repeat(25)));
    let ran = shop.run(&["replay", "dollar.toml", "facts.jsonl", "--on-bad", "skip"]);
    assert_eq!((ran.code, ran.err.matches("set aside[").count()), (0, 10));
    assert!(ran.err.ends_with("25 bad rows are set aside\n"), "{}", ran.err);
}

#[test]
fn the_same_fact_again_is_known_and_another_under_its_id_is_bad() {
    let shop = Shop::new("rows-again");
    shop.file(
        "facts.jsonl",
        [JOIN, &purchase("p-1", "7.00"), &purchase("p-1", "7.00"), &purchase("p-1", "8.00")].join("\n"),
    );
    let ran = shop.run(&["replay", "dollar.toml", "facts.jsonl"]);
    assert!(
        ran.code == 1 && ran.err.contains("error[same_id_other_content]: facts.jsonl:4: "),
        "{}",
        ran.err
    );
    let ran = shop.run(&["replay", "dollar.toml", "facts.jsonl", "--on-bad", "skip", "--json"]);
    let json = ran.json();
    assert_eq!(json["read"], json!({"rows": 4, "new": 2, "known": 1, "bad": 1}));
    assert_eq!(awarded(&json), 7);
}

#[test]
fn a_byte_order_mark_and_a_line_that_is_no_text() {
    let shop = Shop::new("rows-bytes");
    let mut facts = format!("\u{feff}{JOIN}\n").into_bytes();
    facts.extend(b"\xff\xfe\n");
    shop.file("facts.jsonl", facts);
    let ran = shop.run(&["replay", "dollar.toml", "facts.jsonl"]);
    assert!(ran.err.starts_with("error[not_utf8]: facts.jsonl:2: the line is not UTF-8"), "{}", ran.err);
}

#[test]
fn facts_from_the_standard_input() {
    let shop = Shop::new("rows-stdin");
    let ran = shop
        .run_with(&["replay", "dollar.toml", "-", "--json"], &[JOIN, &purchase("p-1", "7.99")].join("\n"));
    assert_eq!((ran.code, awarded(&ran.json())), (0, 7));
    let columns = ["replay", "dollar.toml", "-", "--columns", "customer=#1,at=#2,amount=#3", "--json"];
    let ran = shop.run_with(&columns, "c-1,1997-01-02,7.99\nc-2,1997-01-02,3.00\n");
    assert_eq!((ran.code, awarded(&ran.json())), (0, 10));
}

#[test]
fn a_table_with_its_own_names() {
    let shop = Shop::new("table-names");
    let table = "\u{feff}amount,customer,at,store,note\n\"7.99\",c-1,19970102,sh-01,\"two\nlines\"\n\n3.00,c-2,1997-01-02T12:00:00Z,,\n";
    shop.file("sales.csv", table);
    let ran = shop.run(&["replay", "dollar.toml", "sales.csv", "--json", "--accounts", "accounts.jsonl"]);
    assert_eq!((ran.code, awarded(&ran.json())), (0, 10), "{ran:?}");
    // Without ids, purchases are named after file and line.
    let accounts = shop.read("accounts.jsonl");
    assert!(
        accounts.contains(r#""fact":"sales.csv:2""#) && accounts.contains(r#""fact":"sales.csv:5""#),
        "{accounts}"
    );
}

#[test]
fn a_table_with_other_delimiters_and_all_columns() {
    let shop = Shop::new("table-delimiter");
    let table = "Beleg;Kunde;Datum;Summe;Filiale;Wer;Artikel;Gruppe;Stück\nB-1;c-1;1997-01-02;7.99;sh-01;li;R-1;ring;2\n";
    shop.file("sales.txt", table);
    let columns = "id=Beleg,customer=Kunde,at=Datum,amount=Summe,store=Filiale,staff=Wer,item=Artikel,category=Gruppe,quantity=Stück";
    let args = [
        "replay",
        "dollar.toml",
        "sales.txt",
        "--columns",
        columns,
        "--delimiter",
        ";",
        "--accounts",
        "a.jsonl",
    ];
    let ran = shop.run(&args);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(shop.read("a.jsonl").contains(r#""fact":"B-1""#));
    assert!(ran.err.contains("1 accounts written to a.jsonl"), "{}", ran.err);
}

#[test]
fn what_a_table_lacks_is_told() {
    let shop = Shop::new("table-lacks");
    shop.file("sales.csv", "ID,Date,Total\nc-1,1997-01-02,7.99\n");
    let with = |columns: &str| shop.run(&["replay", "dollar.toml", "sales.csv", "--columns", columns]);
    let ran = with("customer=ID,at=Day,amount=Total");
    assert_eq!(ran.code, 2);
    assert!(
        ran.err.contains("there is no column `Day` for `at`; the header names ID, Date, Total"),
        "{}",
        ran.err
    );
    let ran = with("customer=ID,at=#2,amount=#4");
    assert!(
        ran.code == 2 && ran.err.contains("there is no column #4 for `amount`; the table has 3 columns"),
        "{}",
        ran.err
    );
    let ran = with("customer=ID,at=Date");
    assert!(ran.code == 2 && ran.err.contains("`amount` has no column"), "{}", ran.err);
    let ran = shop.run(&["replay", "dollar.toml", "sales.csv"]);
    assert!(ran.code == 2 && ran.err.contains("there is no column `customer`"), "{}", ran.err);
}

#[test]
fn bad_rows_of_a_table() {
    let shop = Shop::new("table-bad");
    let rows = [
        "customer,at,amount",
        "c-1,1997-01-02,7.99",
        "c-1,02.01.1997,7.99",
        "c-1,1997-01-02,1,280.00",
        "c-1,1997-01-02,$7.99",
        "c-1,1997-01-02,-7.99",
        ",1997-01-02,7.99",
        "c-1,1997-02-30,7.99",
    ];
    shop.file("sales.csv", rows.join("\n"));
    let ran = shop.run(&["replay", "dollar.toml", "sales.csv", "--rejects", "bad.jsonl", "--json"]);
    let json = ran.json();
    assert_eq!((ran.code, awarded(&json)), (0, 7));
    let bad: Vec<Value> =
        shop.read("bad.jsonl").lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let told: Vec<_> = bad
        .iter()
        .map(|bad| {
            (bad["line"].as_u64().unwrap(), bad["code"].as_str().unwrap(), bad["path"].as_str().unwrap())
        })
        .collect();
    let expected = [
        (3, "day_text", "at"),
        (4, "row_width", ""),
        (5, "money_text", "amount"),
        (6, "negative_amount", "amount"),
        (7, "missing_key", "customer"),
        (8, "day_text", "at"),
    ];
    assert_eq!(told, expected);
    assert_eq!(bad[1]["row"], json!(["c-1", "1997-01-02", "1", "280.00"]));
    let ran = shop.run(&["replay", "dollar.toml", "sales.csv"]);
    assert!(
        ran.code == 1 && ran.err.starts_with("error[day_text]: sales.csv:3: at: `02.01.1997` is not a day"),
        "{}",
        ran.err
    );
}

#[test]
fn where_nobody_joined_it_is_told() {
    let shop = Shop::new("table-not-joined");
    shop.file("sales.csv", "customer,at,amount\nc-1,2026-03-02,7.99\n");
    let ran = shop.run(&["replay", &example("maison.toml"), "sales.csv"]);
    assert_eq!(ran.code, 0);
    assert!(
        ran.err.contains("nobody had joined") && ran.err.contains("join = \"at purchase\""),
        "{}",
        ran.err
    );
    // With the facts of joining in another file, both are read.
    shop.file("joins.jsonl", r#"{"id":"j","at":"2026-03-01T10:00:00+08:00","customer":"c-1","joined":{}}"#);
    let ran = shop.run(&["replay", &example("maison.toml"), "sales.csv", "joins.jsonl"]);
    assert!(ran.out.contains("\nMembers 1\n") && !ran.err.contains("nobody"), "{ran:?}");
}

#[test]
fn nothing_is_written_over_what_is_read() {
    let shop = Shop::new("rows-overwrite");
    shop.file("facts.jsonl", JOIN);
    for option in ["--rejects", "--accounts"] {
        let ran = shop.run(&["replay", "dollar.toml", "facts.jsonl", option, "facts.jsonl"]);
        assert!(ran.code == 2 && ran.err.contains("would_overwrite"), "{ran:?}");
    }
    assert_eq!(shop.read("facts.jsonl"), JOIN);
}
