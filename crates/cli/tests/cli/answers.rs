//! `parure replay`, `explain` and `what-if` on the history of a jeweller.

use crate::shop::{Shop, example};
use serde_json::json;
use std::io::{BufRead, BufReader};
use std::process::Stdio;

#[test]
fn the_jewellers_history_has_no_flags_and_adds_up() {
    let shop = Shop::new("maison-replay");
    let ran = shop.run(&["replay", &example("maison.toml"), &example("maison.jsonl"), "--json"]);
    let json = ran.json();
    let report = &json["report"];
    assert_eq!((ran.code, &report["flags"], &report["on"]), (0, &json!([]), &json!("2026-11-11")));
    // Eleven joined, two of them are one person.
    assert_eq!(report["members"], json!(10));
    let total = |name: &str| report["totals"][name].as_i64().unwrap();
    let came_in = total("awarded") + total("adjusted") + total("received");
    let went_out = total("spent") + total("given") + total("taken_back") + total("lapsed");
    assert_eq!(report["outstanding"], json!(came_in - went_out));
    assert_eq!(report["months"].as_array().unwrap().last().unwrap()["outstanding"], report["outstanding"]);
    // 2,000 + 500 + 1,600 + 3,000 (a reward) + 5,000 + 3,000 + 1,000 + 500; the other reward was reversed, and the 500 of
    // the purchase that came back were restored.
    assert_eq!(total("spent"), 16_600 - 500);
}

#[test]
fn a_report_for_people_lines_up_in_chinese_too() {
    let shop = Shop::new("maison-text");
    let ran =
        shop.run(&["replay", &example("maison.toml"), &example("maison.jsonl"), "--as-of", "2026-06-30"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    assert!(
        ran.out
            .starts_with("Maison Lumière 会员俱乐部, as of 2026-06-30\n54 facts, amounts in CNY\n\nMembers "),
        "{}",
        ran.out
    );
    let months: Vec<&str> = ran.out.lines().filter(|line| line.starts_with("  2026-")).collect();
    assert_eq!(months.len(), 6, "{}", ran.out);
}

/// What was paid beside points, beforehand and for a club card stands in the explanation, as it does in a till's outcome.
#[test]
fn a_bought_tier_a_reward_and_a_deposit_are_explained() {
    let shop = Shop::new("club-explain");
    let head =
        "edition = 2026\nname = 'M'\neffective = 2026-01-01\ncurrency = 'CNY'\ntime_zone = 'Asia/Shanghai'\n";
    let rules = "[[tier]]\nid = 'member'\n[[tier]]\nid = 'club'\nsold = { lines = 'line.item == \"card\"', term = '12 months' }\n";
    shop.file("club.toml", format!("{head}{rules}"));
    let facts = [
        r#"{"id":"j-1","at":"2026-01-01T10:00:00+08:00","customer":"mei","joined":{}}"#,
        r#"{"id":"p-1","at":"2026-01-02T10:00:00+08:00","customer":"mei","purchased":{"lines":[{"id":"1","item":"card","amount":"299.00"}]}}"#,
        r#"{"id":"o-1","at":"2026-01-03T10:00:00+08:00","customer":"mei","ordered":{"amount":"900.00","deposit":"300.00"}}"#,
        r#"{"id":"oc-1","at":"2026-01-04T10:00:00+08:00","customer":"mei","order_cancelled":{"order":"o-1","kept":"100.00","reason":"moved"}}"#,
        r#"{"id":"a-1","at":"2026-01-05T10:00:00+08:00","customer":"mei","adjusted":{"points":300,"reason":"moved"}}"#,
        r#"{"id":"x-1","at":"2026-01-06T10:00:00+08:00","customer":"mei","redeemed":{"points":300,"amount":"50.00","reward":"tote"}}"#,
    ];
    shop.file("facts.jsonl", facts.join("\n"));
    let ran = shop.run(&["explain", "club.toml", "facts.jsonl", "--customer", "mei"]);
    for told in [
        "tier `club` bought, from 2026-01-02 through 2027-01-01",
        "300.00 paid beforehand for order `o-1`",
        "200.00 of the deposit of order `o-1` go back",
        "100.00 of the deposit of order `o-1` are kept",
        "50.00 paid beside them",
    ] {
        assert!(ran.out.contains(told), "{told}: {}", ran.out);
    }
    let ran =
        shop.run(&["ledger", "club.toml", "facts.jsonl", "--first", "2026-01-01", "--last", "2026-01-31"]);
    assert_eq!(ran.err, "", "{}", ran.out);
    assert!(ran.out.contains("deposits"), "{}", ran.out);
}

#[test]
fn explaining_a_customer() {
    let shop = Shop::new("maison-explain");
    let (program, facts) = (example("maison.toml"), example("maison.jsonl"));
    let explain = ["explain", &program, &facts, "--customer", "lin-yue"];
    let ran = shop.run(&explain);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    // Gold by weight earns on the work: 1,800.00 of labour is 3,600 points, and 200 welcome.
    assert!(
        ran.out.contains("3600 points by `gold-by-labour`") && ran.out.contains("3800 points"),
        "{}",
        ran.out
    );
    assert!(ran.out.contains("`lin-yue` on 2026-11-11"), "{}", ran.out);

    let ran = shop.run(&[&explain[..], &["--on", "2026-01-31", "--json"]].concat());
    let json = ran.json();
    assert_eq!(
        (&json["account"]["points"]["balance"], json["facts"].as_array().map(Vec::len)),
        (&json!(3_800), Some(2))
    );

    let ran = shop.run(&[&explain[..], &["--fact", "p-01"]].concat());
    assert!(ran.code == 0 && ran.out.starts_with("2026-01-01  purchased `p-01`"), "{ran:?}");
    let ran = shop.run(&[&explain[..], &["--fact", "p-02"]].concat());
    assert!(
        ran.code == 1 && ran.err.starts_with("error[unknown_fact]: `lin-yue` has no fact `p-02`"),
        "{ran:?}"
    );
    let ran = shop.run(&["explain", &program, &facts, "--customer", "nobody"]);
    assert!(ran.code == 1 && ran.err.starts_with("refused[unknown_customer]: "), "{ran:?}");
    let ran = shop.run(&["explain", &program, &facts, "--customer", "nobody", "--json"]);
    assert_eq!((ran.code, &ran.json()["refusal"]["code"]), (1, &json!("unknown_customer")));
}

#[test]
fn a_person_their_timeline_and_all_that_is_held() {
    let shop = Shop::new("maison-person");
    let (program, facts) = (example("maison.toml"), example("maison.jsonl"));
    let asked = |verb: &str, more: &[&str]| {
        shop.run(&[&[verb, program.as_str(), facts.as_str(), "--customer", "wang-fang"], more].concat())
    };
    let ran = asked("customer", &[]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    assert!(ran.out.contains("birthday       leap true, lunar 2001-04-11"), "{}", ran.out);
    let ran = asked("customer", &["--json", "--on", "2026-11-21"]);
    assert_eq!(
        (&ran.json()["profile"]["birthday"], &ran.json()["complete"]),
        (&json!({ "lunar": "2001-04-11", "leap": true }), &json!(100))
    );

    let ran = asked("timeline", &["--kinds", "purchased,returned", "--limit", "1"]);
    assert!(
        ran.code == 0 && ran.out.contains("purchased `p-") && ran.out.contains("more: --before p-"),
        "{ran:?}"
    );
    assert_eq!(ran.out.lines().count(), 2, "{}", ran.out);
    let ran = asked("timeline", &["--kinds", "bought"]);
    assert!(ran.code == 2 && ran.err.contains("purchased"), "{ran:?}");

    let ran = asked("export-person", &[]);
    let held: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(held["facts"][0]["id"], "j-05");
    let ran = shop.run(&["customer", &program, &facts, "--customer", "nobody"]);
    assert!(ran.code == 1 && ran.err.starts_with("refused[unknown_customer]: "), "{ran:?}");
}

#[test]
fn what_if_points_were_doubled() {
    let shop = Shop::new("what-if");
    let twice =
        crate::shop::POINT_A_DOLLAR.replace("points = 1", "points = 2").replace("A point a dollar", "Two");
    shop.file("two.toml", twice.clone());
    shop.file("sales.csv", "customer,at,amount\nc-1,1997-01-02,1000.99\nc-2,1997-01-02,3.50\n");
    let ran = shop.run(&["what-if", "dollar.toml", "two.toml", "sales.csv"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    assert!(ran.out.starts_with("A point a dollar → Two, as of 1997-01-02\n"), "{}", ran.out);
    // 1,000 + 3 against 2,001 + 7.
    let line = ran.out.lines().find(|line| line.trim_start().starts_with("awarded")).unwrap();
    assert_eq!(line.split_whitespace().collect::<Vec<_>>(), ["awarded", "1,003", "2,008", "+1,005"]);
    assert!(ran.out.contains("Nobody would hold another tier."));

    let ran = shop.run(&["what-if", "dollar.toml", "two.toml", "sales.csv", "--json"]);
    let compared = &ran.json()["what_if"];
    assert_eq!(
        (&compared["now"]["totals"]["awarded"], &compared["then"]["totals"]["awarded"]),
        (&json!(1_003), &json!(2_008))
    );

    shop.file("euro.toml", twice.replace("USD", "EUR"));
    let ran = shop.run(&["what-if", "dollar.toml", "euro.toml", "sales.csv"]);
    assert!(ran.code == 1 && ran.err.starts_with("error[other_currency_or_zone]: "), "{ran:?}");
}

#[test]
fn what_if_gold_were_nearer() {
    let shop = Shop::new("what-if-tiers");
    let program = std::fs::read_to_string(example("maison.toml")).unwrap();
    shop.file("nearer.toml", program.replace("spend = \"100000\"", "spend = \"60000\""));
    let ran = shop.run(&["what-if", &example("maison.toml"), "nearer.toml", &example("maison.jsonl")]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.out.contains("Who would hold another tier\n  gold  →  diamond  "), "{}", ran.out);
}

#[test]
fn nobody_panics_when_the_reader_leaves() {
    let shop = Shop::new("broken-pipe");
    let mut command = shop.command(&[
        "explain",
        &example("maison.toml"),
        &example("maison.jsonl"),
        "--customer",
        "lin-yue",
    ]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), String::from_utf8_lossy(&output.stderr).as_ref()), (Some(0), ""));
}

#[test]
fn a_reader_may_take_the_first_line_only() {
    let shop = Shop::new("head");
    let mut command = shop.command(&[
        "explain",
        &example("maison.toml"),
        &example("maison.jsonl"),
        "--customer",
        "lin-yue",
    ]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut first = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut first).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(first.starts_with("2026-01-01") && output.status.success());
}
