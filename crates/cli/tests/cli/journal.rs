//! A journal from the command line: made, filled, looked after.

use crate::shop::{Shop, example};
use serde_json::json;

#[test]
fn a_shop_from_its_first_day_to_its_backup() {
    let shop = Shop::new("a_shop_from_its_first_day_to_its_backup");
    let program = example("maison.toml");
    let history = example("maison.jsonl");
    assert_eq!(shop.run(&["init", &program, "--book", "shop.db"]).code, 0);
    let again = shop.run(&["--json", "init", &program, "--book", "shop.db"]);
    assert_eq!((again.code, &again.json()["faults"][0]["code"]), (1, &json!("journal_exists")));

    let imported = shop.run(&["--json", "import", "--book", "shop.db", &history]);
    assert_eq!(
        imported.json()["read"],
        json!({ "rows": 54, "new": 54, "known": 0, "bad": 0 }),
        "{imported:?}"
    );
    let imported = shop.run(&["--json", "import", "--book", "shop.db", &history]);
    assert_eq!(imported.json()["read"]["known"], 54);

    let today = concat!(
        r#"{"id":"x-9","at":"2026-11-21T10:00:00+08:00","customer":"wang-fang","redeemed":{"points":500,"reward":"tote-bag"}}"#,
        "\n",
        r#"{"id":"x-10","at":"2026-11-21T11:00:00+08:00","customer":"tang-wei","redeemed":{"points":5000,"reward":"tote-bag"}}"#,
    );
    shop.file("today.jsonl", today);
    let recorded = shop.run(&["record", "--book", "shop.db", "today.jsonl"]);
    assert_eq!(recorded.code, 0, "{recorded:?}");
    // 4,077 less 500.
    assert!(
        recorded
            .out
            .starts_with("x-9: recorded, -500 points, balance 3577\nx-10: refused[not_enough_points]: ")
    );
    assert_eq!(recorded.err.trim_end(), "1 fact was refused");

    let verified = shop.run(&["--json", "verify", "shop.db"]);
    assert_eq!(verified.json()["facts"], 55, "{verified:?}");
    assert_eq!(shop.run(&["backup", "shop.db", "copy.db"]).code, 0);
    assert_eq!(shop.run(&["--json", "verify", "copy.db"]).json(), verified.json());
    assert_eq!(shop.run(&["--json", "verify", "today.jsonl"]).json()["faults"][0]["code"], "journal_foreign");
}

#[test]
fn two_copies_come_to_hold_the_same_facts() {
    let shop = year("journal-sync");
    assert_eq!(shop.run(&["init", &example("maison.toml"), "--book", "till.db"]).code, 0);
    let joined = r#"{"id":"j-99","at":"2026-11-21T10:00:00+08:00","customer":"mei","joined":{}}"#;
    shop.file("today.jsonl", joined);
    assert_eq!(shop.run(&["record", "--book", "till.db", "today.jsonl"]).code, 0);
    let synced = shop.run(&["sync", "shop.db", "till.db"]);
    assert_eq!(
        (synced.code, synced.out.as_str()),
        (0, "54 facts are new in till.db.\n1 fact is new in shop.db.\n")
    );
    // One id, two facts: each keeps its own, and says so.
    for (book, points) in [("shop.db", 5), ("till.db", 7)] {
        let fact = format!(
            r#"{{"id":"a-9","at":"2026-11-21T12:00:00+08:00","customer":"mei","adjusted":{{"points":{points},"reason":"welcome"}}}}"#
        );
        shop.file("today.jsonl", &fact);
        assert_eq!(shop.run(&["record", "--book", book, "today.jsonl"]).code, 0);
    }
    let synced = shop.run(&["--json", "sync", "shop.db", "till.db"]).json();
    assert_eq!(
        synced["sync"][0]["conflicts"],
        json!([{ "id": "a-9", "field": "adjusted.points" }]),
        "{synced}"
    );
    let again = shop.run(&["sync", "shop.db", "till.db"]);
    assert_eq!(again.out, "0 facts are new in till.db.\n0 facts are new in shop.db.\n");
    shop.file("dollar.jsonl", "");
    assert_eq!(shop.run(&["init", "dollar.toml", "--book", "other.db"]).code, 0);
    let other = shop.run(&["--json", "sync", "shop.db", "other.db"]);
    assert_eq!((other.code, &other.json()["faults"][0]["code"]), (1, &json!("sync_other_book")));
}

/// A journal of a jeweller's year.
fn year(test: &str) -> Shop {
    let shop = Shop::new(test);
    let (program, history) = (example("maison.toml"), example("maison.jsonl"));
    assert_eq!(shop.run(&["init", &program, "--book", "shop.db"]).code, 0);
    assert_eq!(shop.run(&["import", "--book", "shop.db", &history]).code, 0);
    shop
}

#[test]
fn what_is_told_of_a_journal_is_what_is_told_of_its_facts() {
    let shop = year("journal-questions");
    let (program, facts) = (&example("maison.toml")[..], &example("maison.jsonl")[..]);
    let then = std::fs::read_to_string(program).unwrap().replace("spend = \"100000\"", "spend = \"60000\"");
    shop.file("nearer.toml", then);
    let (book, files) = (&["--book", "shop.db"][..], &[program, facts][..]);
    for (before, more) in [
        (&["explain"][..], &["--customer", "lin-yue"][..]),
        (&["explain"], &["--customer", "lin-yue", "--on", "2026-01-31"]),
        (&["explain"], &["--customer", "lin-yue", "--fact", "p-01"]),
        (&["explain"], &["--customer", "lin-yue", "--fact", "p-02"]),
        (&["explain"], &["--customer", "nobody"]),
        (&["replay"], &[]),
        (&["replay"], &["--as-of", "2026-06-30", "--all-months"]),
    ] {
        for json in [&[][..], &["--json"]] {
            let of_facts = shop.run(&[before, files, more, json].concat());
            let of_book = shop.run(&[before, book, more, json].concat());
            let told = |ran: &crate::shop::Ran| (ran.code, ran.out.clone(), ran.err.clone());
            assert_eq!(told(&of_book), told(&of_facts), "{before:?} {more:?} {json:?}");
        }
    }
    for json in [&[][..], &["--json"]] {
        let of_facts = shop.run(&[&["what-if", program, "nearer.toml", facts][..], json].concat());
        let of_book = shop.run(&[&["what-if", "nearer.toml", "--book", "shop.db"][..], json].concat());
        assert_eq!((of_book.code, of_book.out, of_book.err), (0, of_facts.out, of_facts.err));
    }
    let ran = shop.run(&["replay", "--book", "shop.db", "--accounts", "accounts.jsonl"]);
    // Ten members: eleven joined, two of them are one person.
    assert_eq!((ran.code, ran.err.as_str()), (0, "10 accounts written to accounts.jsonl\n"));
    assert_eq!(shop.read("accounts.jsonl").lines().count(), 10);
}

#[test]
fn a_journal_stands_in_place_of_program_and_facts_not_beside_them() {
    let shop = year("journal-misuse");
    let (program, facts) = (&example("maison.toml")[..], &example("maison.jsonl")[..]);
    let before = std::fs::read(shop.path("shop.db")).unwrap();
    let misuses: [&[&str]; 9] = [
        &["explain", program, facts, "--customer", "lin-yue", "--book", "shop.db"],
        &["explain", program, "--customer", "lin-yue", "--book", "shop.db"],
        &["explain", "--customer", "lin-yue"],
        &["explain", "--customer", "lin-yue", "--book", "shop.db", "--columns", "customer=c,at=a,amount=m"],
        &["replay", "--book", "shop.db", "--rejects", "bad.jsonl"],
        &["replay", "--book", "shop.db", "--accounts", "shop.db"],
        &["what-if", program, program, "--book", "shop.db"],
        &["what-if", program],
        &["what-if", "--book", "shop.db"],
    ];
    for args in misuses {
        let ran = shop.run(args);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{args:?}: {ran:?}");
        assert!(!ran.err.is_empty(), "{args:?}");
    }
    assert_eq!(std::fs::read(shop.path("shop.db")).unwrap(), before);
}

#[test]
fn what_is_wrong_with_a_file_is_told_by_code_and_exit_code() {
    let shop = year("journal-bad-files");
    shop.file("notes.txt", "call Wang Fang about the ring ".repeat(100));
    std::fs::create_dir(shop.path("folder.db")).unwrap();
    let told = |args: &[&str]| {
        let ran = shop.run(&[args, &["--json"]].concat());
        let code = ran.json()["faults"][0]["code"].as_str().unwrap().to_owned();
        let text = shop.run(args);
        assert_eq!((text.code, text.out.as_str()), (ran.code, ""), "{args:?}");
        assert!(text.err.starts_with(&format!("error[{code}]: ")), "{text:?}");
        (ran.code, code)
    };
    let of = |code: i32, name: &str| (code, name.to_owned());
    for command in [&["explain", "--customer", "lin-yue", "--book"][..], &["replay", "--book"], &["verify"]] {
        let told = |book| told(&[command, &[book]].concat());
        assert_eq!(told("nowhere.db"), of(2, "journal_missing"));
        assert_eq!(told("folder.db"), of(2, "journal_path"));
        assert_eq!(told("notes.txt"), of(1, "journal_foreign"));
    }
    let program = &example("maison.toml")[..];
    assert_eq!(told(&["init", program, "--book", "no/such/folder/shop.db"]), of(2, "journal_path"));
    assert_eq!(told(&["init", program, "--book", "shop.db"]), of(1, "journal_exists"));
    assert_eq!(told(&["backup", "shop.db", "notes.txt"]), of(1, "backup_exists"));
    assert_eq!(told(&["backup", "shop.db", "no/such/folder/copy.db"]), of(2, "journal_path"));
    let held = parure_journal::open(shop.path("shop.db")).unwrap();
    assert_eq!(told(&["replay", "--book", "shop.db"]), of(2, "journal_locked"));
    assert_eq!(told(&["record", "--book", "shop.db", &example("maison.jsonl")]), of(2, "journal_locked"));
    drop(held);
    assert_eq!(shop.run(&["verify", "shop.db"]).code, 0);
}

#[test]
fn what_is_intact_is_exported() {
    let shop = year("journal-export");
    let ran = shop.run(&["export", "shop.db"]);
    assert_eq!((ran.code, ran.err.as_str(), ran.out.lines().count()), (0, "", 54));
    shop.file("facts.jsonl", ran.out);
    let of_facts = shop.run(&["replay", &example("maison.toml"), "facts.jsonl"]);
    assert_eq!(shop.run(&["replay", "--book", "shop.db"]).out, of_facts.out);

    let mut bytes = std::fs::read(shop.path("shop.db")).unwrap();
    let at = bytes.windows(9).rposition(|window| window == b"12800.00\"").unwrap();
    bytes[at] = b'9';
    std::fs::write(shop.path("shop.db"), bytes).unwrap();
    assert_eq!(shop.run(&["verify", "shop.db"]).code, 1);
    let ran = shop.run(&["export", "shop.db"]);
    assert_eq!((ran.code, ran.out.lines().count()), (1, 53));
    assert!(ran.err.starts_with("error[journal_damaged]: facts["), "{}", ran.err);
}
