//! `parure check`, and what the command line says to programs and arguments that are wrong.

use crate::shop::{POINT_A_DOLLAR, Shop, example};

#[test]
fn a_program_without_faults() {
    let ran = Shop::new("check-fine").run(&["check", &example("maison.toml")]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    let said = "no faults. “Maison Lumière 会员俱乐部” counts from 2026-01-01, in CNY, by the days of Asia/Shanghai.\n";
    assert!(ran.out.ends_with(said), "{}", ran.out);
}

#[test]
fn every_program_of_the_examples_is_fine() {
    let shop = Shop::new("check-examples");
    for entry in std::fs::read_dir(example("")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "toml") {
            let ran = shop.run(&["check", path.to_str().unwrap(), "--json"]);
            assert_eq!((ran.code, ran.json()["faults"].as_array().map(Vec::len)), (0, Some(0)), "{path:?}");
        }
    }
}

#[test]
fn all_faults_are_told_with_their_places() {
    let shop = Shop::new("check-faults");
    shop.file("club.toml", POINT_A_DOLLAR.replace("USD", "USX").replace("points = 1", "pionts = 1"));
    let ran = shop.run(&["check", "club.toml"]);
    assert_eq!((ran.code, ran.out.as_str()), (1, ""));
    assert!(ran.err.contains("unknown_currency") && ran.err.contains("club.toml:5:"), "{}", ran.err);
    assert!(ran.err.contains("`pionts`") && ran.err.contains("`points`"), "{}", ran.err);

    let ran = shop.run(&["--json", "check", "club.toml"]);
    assert_eq!((ran.code, ran.err.as_str()), (1, ""));
    let json = ran.json();
    let faults = json["faults"].as_array().unwrap();
    assert!(
        faults.iter().any(|fault| fault["code"] == "unknown_currency" && fault["line"] == 5),
        "{faults:?}"
    );
    assert!(faults.iter().all(|fault| fault["file"] == "club.toml"));
}

#[test]
fn a_program_may_come_from_the_standard_input() {
    let ran = Shop::new("check-stdin").run_with(&["check", "-"], POINT_A_DOLLAR);
    assert_eq!(ran.code, 0, "{ran:?}");
}

#[test]
fn a_faulty_program_is_not_replayed() {
    let shop = Shop::new("replay-faulty-program");
    shop.file("club.toml", "edition = 2026");
    shop.file("facts.jsonl", "");
    assert_eq!(shop.run(&["replay", "club.toml", "facts.jsonl"]).code, 1);
}

#[test]
fn misuse_has_an_exit_code_of_its_own() {
    let shop = Shop::new("misuse");
    shop.file("sales.txt", "");
    shop.file("empty.jsonl", "");
    let misuses: [&[&str]; 10] = [
        &[],
        &["chekc", "dollar.toml"],
        &["check", "nowhere.toml"],
        &["replay", "dollar.toml"],
        &["replay", "dollar.toml", "nowhere.jsonl"],
        &["replay", "dollar.toml", "."],
        &["replay", "dollar.toml", "sales.txt"],
        &["replay", "dollar.toml", "empty.jsonl"],
        &["replay", "dollar.toml", "empty.jsonl", "--as-of", "yesterday"],
        &["replay", "dollar.toml", "-", "-"],
    ];
    for args in misuses {
        let ran = shop.run(args);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{args:?}: {ran:?}");
        assert!(!ran.err.is_empty(), "{args:?}");
    }
    let ran = shop.run(&["replay", "dollar.toml", "nowhere.jsonl", "--json"]);
    assert_eq!((ran.code, ran.json()["faults"][0]["code"].as_str()), (2, Some("file")));
}

#[test]
fn help_is_no_misuse() {
    let shop = Shop::new("help");
    for args in [&["--help"][..], &["replay", "--help"], &["--version"]] {
        assert_eq!(shop.run(args).code, 0);
    }
}
