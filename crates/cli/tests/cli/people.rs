//! People from the command line: found, known, due, there twice, taken along, forgotten.

use crate::shop::{Ran, Shop};
use serde_json::{Value, json};

/// A birthday is due a week before it.
const PROGRAM: &str = r#"
edition = 2026
name = "Maison"
effective = 2026-01-01
currency = "CNY"
time_zone = "Asia/Shanghai"
[customers]
region = "CN"
[[earn]]
id = "standard"
points = 1
per = "10.00"
[[trigger]]
id = "birthday"
on = { date = "birthday", before = "7 days" }
send = { message = "happy-birthday", by = ["wechat"] }
task = { what = "电话祝福" }
[messages]
quiet = { from = "21:00", to = "09:00" }
"#;

const FACTS: &str = r#"{"id":"j-1","at":"2026-01-05T10:00:00+08:00","customer":"c-1","joined":{"name":"张伟","phones":["+8613800138000"],"wechat":"zhangwei88","birthday":"1990-05-20"}}
{"id":"j-2","at":"2026-01-05T11:00:00+08:00","customer":"c-2","joined":{"name":"Zhang Wei","phones":["+8613800138000"]}}
{"id":"k-1","at":"2026-01-05T12:00:00+08:00","customer":"c-1","consented":{"channel":"wechat","purpose":"offers","given":true}}
{"id":"p-1","at":"2026-01-06T10:00:00+08:00","customer":"c-1","purchased":{"lines":[{"id":"1","item":"W-116500","piece":"7K4R1290","amount":"20000.00"}]}}
"#;

fn shop(test: &str) -> Shop {
    let shop = Shop::new(test);
    shop.file("maison.toml", PROGRAM);
    shop.file("facts.jsonl", FACTS);
    assert_eq!(shop.run(&["init", "maison.toml", "--book", "shop.db"]).code, 0);
    assert_eq!(shop.run(&["import", "--book", "shop.db", "facts.jsonl"]).code, 0);
    shop
}

/// The same question of a journal and of facts under a program, which have the same answer.
fn asked(shop: &Shop, line: &[&str]) -> Ran {
    let of_book = shop.run(&[line, &["--book", "shop.db"]].concat());
    let (verb, rest) = line.split_first().unwrap();
    let of_facts = shop.run(&[&[*verb, "maison.toml", "facts.jsonl"], rest].concat());
    assert_eq!((&of_book.out, of_book.code), (&of_facts.out, of_facts.code), "{of_book:?} {of_facts:?}");
    of_book
}

#[test]
fn who_is_typed_is_found() {
    let shop = shop("people-find");
    let ran = asked(&shop, &["find", "--typed", "138 0013 8000"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    assert_eq!(ran.out, "`c-1`  张伟  by phone (whole)\n`c-2`  Zhang Wei  by phone (whole)\n");
    assert_eq!(
        asked(&shop, &["find", "--typed", "zw", "--limit", "1"]).out,
        "`c-1`  张伟  by name (start)\n"
    );
    let ran = asked(&shop, &["find", "--typed", "7K4R1290", "--json"]);
    let found =
        json!([{ "account": "c-1", "customer": "c-1", "name": "张伟", "by": "serial", "how": "whole" }]);
    assert_eq!(ran.json(), found);
    // Nobody is an answer too.
    let ran = asked(&shop, &["find", "--typed", "nobody of that name"]);
    assert_eq!((ran.code, ran.out.as_str()), (0, "nobody\n"));
    assert_eq!(asked(&shop, &["find", "--typed", "nobody of that name", "--json"]).json(), json!([]));
    let ran = shop.run(&["find", "--book", "shop.db"]);
    assert!(ran.code == 2 && ran.err.contains("--typed"), "{ran:?}");
    let ran = shop.run(&["find", "--typed", "zw", "--limit", "-1", "--book", "shop.db"]);
    assert_eq!(ran.code, 2, "{ran:?}");
    let ran = shop.run(&["find", "--typed", "zw", "--book", "none.db"]);
    assert!(ran.code == 2 && ran.err.starts_with("error[journal_missing]"), "{ran:?}");
}

#[test]
fn who_is_there_twice() {
    let shop = shop("people-duplicates");
    let ran = asked(&shop, &["duplicates"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.out.contains("`c-1` and `c-2`: ") && ran.out.lines().count() == 1, "{}", ran.out);
    let likely = asked(&shop, &["duplicates", "--json"]).json();
    assert_eq!(likely[0]["accounts"], json!(["c-1", "c-2"]));
    assert!(likely[0]["score"].as_u64().unwrap() > 500 && likely[0]["reasons"][0]["code"].is_string());
    shop.file(
        "merged.jsonl",
        r#"{"id":"m-1","at":"2026-01-07T10:00:00+08:00","customer":"c-2","merged":{"into":"c-1"}}"#,
    );
    assert_eq!(shop.run(&["import", "--book", "shop.db", "merged.jsonl"]).code, 0);
    let ran = shop.run(&["duplicates", "--book", "shop.db"]);
    assert_eq!((ran.code, ran.out.as_str()), (0, "nobody is there twice, as far as can be told\n"));
}

#[test]
fn what_is_due_on_a_day() {
    let shop = shop("people-agenda");
    let ran = asked(&shop, &["agenda", "--on", "2026-05-13"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    assert_eq!(
        ran.out,
        "2026-05-13 to 2026-05-20  birthday/c-1/2026  owner: 电话祝福  send `happy-birthday` by wechat  (2026-05-20)\n"
    );
    let due = asked(&shop, &["agenda", "--on", "2026-05-13", "--json"]).json();
    assert_eq!(
        due["due"][0]["send"],
        json!({ "message": "happy-birthday", "by": "wechat", "from": "2026-05-13T09:00:00+08:00", "to": "2026-05-13T21:00:00+08:00" })
    );
    assert_eq!(asked(&shop, &["agenda", "--on", "2026-05-13", "--customer", "c-1", "--json"]).json(), due);
    // The day of the latest fact, where none is named.
    assert_eq!(asked(&shop, &["agenda"]).out, "nothing is due on 2026-01-06\n");
    let ran = asked(&shop, &["agenda", "--customer", "nobody"]);
    assert!(ran.code == 1 && ran.err.starts_with("refused[unknown_customer]: "), "{ran:?}");
    for day in ["2026-02-30", "tomorrow"] {
        let ran = shop.run(&["agenda", "--on", day, "--book", "shop.db"]);
        assert!(ran.code == 2 && ran.err.contains("--on"), "{ran:?}");
    }
}

#[test]
fn what_is_known_of_a_customer_and_all_that_is_held() {
    let shop = shop("people-customer");
    let ran = asked(&shop, &["customer", "--customer", "c-1"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    for line in
        ["name           张伟", "phones         +8613800138000", "wechat for offers: given since 2026-01-05"]
    {
        assert!(ran.out.contains(line), "{line}: {}", ran.out);
    }
    let held = asked(&shop, &["export-person", "--customer", "c-1"]);
    // `export` gives the same of a journal.
    let exported = shop.run(&["export", "shop.db", "--customer", "c-1"]);
    assert_eq!((exported.code, &exported.out), (0, &held.out));
    let ids: Vec<Value> =
        held.json()["facts"].as_array().unwrap().iter().map(|fact| fact["id"].clone()).collect();
    assert_eq!(ids, ["j-1", "k-1", "p-1"]);
    // Without a customer it is the facts, a line each.
    assert_eq!(shop.run(&["export", "shop.db"]).out.lines().count(), 4);
    for line in [
        &["export", "shop.db", "--customer", "nobody"][..],
        &["customer", "--customer", "nobody", "--book", "shop.db"],
    ] {
        let ran = shop.run(line);
        assert!(ran.code == 1 && ran.err.starts_with("refused[unknown_customer]: "), "{ran:?}");
    }
    let ran = shop.run(&["export", "shop.db", "--on", "2026-05-13"]);
    assert!(ran.code == 2 && ran.err.contains("--customer"), "{ran:?}");
}

/// What names the person.
const WORDS: [&str; 4] = ["张伟", "13800138000", "zhangwei88", "1990-05-20"];

fn holds(bytes: &[u8]) -> Vec<&'static str> {
    let found =
        WORDS.into_iter().filter(|word| bytes.windows(word.len()).any(|part| part == word.as_bytes()));
    found.collect()
}

#[test]
fn a_person_is_forgotten_in_the_file_and_its_backups() {
    let shop = shop("people-erase");
    // Another customer of the same phone would still have it.
    let erase = |more: &[&str]| {
        shop.run(&[&["erase", "shop.db", "c-1", "--at", "2026-01-08T10:00:00+08:00"], more].concat())
    };
    let second = shop.run(&["erase", "shop.db", "c-2", "--yes", "--at", "2026-01-08T09:00:00+08:00"]);
    assert_eq!(second.code, 0, "{second:?}");
    assert_eq!(shop.run(&["backup", "shop.db", "copy.db"]).code, 0);
    assert_eq!(holds(&std::fs::read(shop.path("copy.db")).unwrap()), WORDS);

    // It is only told what would be done, as long as nobody says yes.
    let before = shop.run(&["export", "shop.db"]).out;
    let ran = erase(&[]);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
    assert!(
        ran.err.starts_with("error[not_confirmed]: nothing was done: 1 customer with 3 facts"),
        "{ran:?}"
    );
    assert_eq!(shop.run(&["export", "shop.db"]).out, before);

    let ran = erase(&["--yes", "--alias", "x-7f3a", "--json"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let told = json!({ "erased": { "book": "shop.db", "alias": "x-7f3a", "fact": "erased:x-7f3a", "already_recorded": false,
                                   "customers": 1, "facts": 3 } });
    assert_eq!(ran.json(), told);
    for file in ["shop.db", "copy.db"] {
        assert_eq!(holds(&std::fs::read(shop.path(file)).unwrap()), Vec::<&str>::new(), "{file}");
    }
    assert_eq!(shop.run(&["--json", "verify", "shop.db"]).code, 0);
    let nobody = "nobody\n";
    assert_eq!(shop.run(&["find", "--typed", "138 0013 8000", "--book", "shop.db"]).out, nobody);
    // 20,000.00 at a point for each 10.00.
    let account = shop.run(&["explain", "--customer", "x-7f3a", "--book", "shop.db", "--json"]).json();
    assert_eq!(account["account"]["points"]["balance"], 2_000, "{account}");

    // Again it is nobody's; the alias goes on with what could not be finished.
    let ran = erase(&["--yes"]);
    assert!(ran.code == 1 && ran.err.starts_with("refused[unknown_customer]: "), "{ran:?}");
    let again = shop.run(&["erase", "shop.db", "x-7f3a", "--yes"]);
    assert_eq!(again.code, 0, "{again:?}");
    assert!(
        again.out.starts_with("shop.db had forgotten them before: the account goes by `x-7f3a`"),
        "{again:?}"
    );
}

#[test]
fn what_an_erasure_says_names_nobody_and_tells_what_is_left() {
    let shop = shop("people-erase-told");
    let ran = shop.run(&["erase", "shop.db", "c-1", "--yes", "--at", "2026-01-08T10:00:00+08:00"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{ran:?}");
    assert!(
        ran.out.starts_with("shop.db has forgotten 1 customer with 3 facts: the account goes by `x-"),
        "{}",
        ran.out
    );
    assert!(ran.out.contains("parure sync shop.db OTHER.db") && ran.out.contains("exports"), "{}", ran.out);
    assert_eq!(holds(ran.out.as_bytes()), Vec::<&str>::new());
    assert!(!ran.out.contains("c-1"), "{}", ran.out);
    // Sixteen digits of chance.
    let alias = ran.out.split('`').nth(1).unwrap();
    assert!(alias.len() == 18 && alias[2..].bytes().all(|digit| digit.is_ascii_hexdigit()), "{alias}");
}

#[test]
fn an_erasure_that_can_not_be_finished_says_how_to_go_on() {
    let shop = shop("people-erase-unfinished");
    std::fs::create_dir(shop.path("stick")).unwrap();
    assert_eq!(shop.run(&["backup", "shop.db", "stick/copy.db"]).code, 0);
    // The stick is pulled.
    std::fs::rename(shop.path("stick"), shop.path("away")).unwrap();
    let ran = shop.run(&[
        "erase",
        "shop.db",
        "c-1",
        "--yes",
        "--alias",
        "x-1",
        "--at",
        "2026-01-08T10:00:00+08:00",
    ]);
    assert!(ran.code == 1 && ran.err.starts_with("error[erasure_unfinished]: "), "{ran:?}");
    assert!(ran.err.contains("parure erase shop.db x-1 --yes"), "{ran:?}");
    assert_eq!(shop.run(&["erase", "shop.db", "x-1", "--yes"]).code, 1);
    std::fs::rename(shop.path("away"), shop.path("stick")).unwrap();
    let ran = shop.run(&["erase", "shop.db", "x-1", "--yes"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    // The other customer has the same phone.
    assert_eq!(holds(&std::fs::read(shop.path("stick/copy.db")).unwrap()), ["13800138000"]);
}

#[test]
fn what_can_be_wrong_with_an_erasure() {
    let shop = shop("people-erase-wrong");
    for (line, code, starts) in [
        (&["shop.db", "nobody", "--yes"][..], 1, "refused[unknown_customer]: "),
        (&["shop.db", "c-1", "--yes", "--alias", "c-1"], 1, "error[same_customer]: "),
        (&["shop.db", "c-1", "--yes", "--alias", ""], 1, "error["),
        // Before their latest fact.
        (&["shop.db", "c-1", "--yes", "--at", "2026-01-05T10:30:00+08:00"], 1, "refused[facts_after]: "),
        (&["shop.db", "c-1", "--yes", "--at", "2026-01-08"], 2, "error: invalid value"),
        (&["none.db", "c-1", "--yes"], 2, "error[journal_missing]"),
        (&["facts.jsonl", "c-1", "--yes"], 1, "error[journal_foreign]"),
        (&["shop.db"], 2, "error: the following required"),
    ] {
        let ran = shop.run(&[&["erase"], line].concat());
        assert!(ran.code == code && ran.err.starts_with(starts), "{line:?}: {ran:?}");
    }
    assert_eq!(shop.run(&["export", "shop.db"]).out.lines().count(), 4);
}
