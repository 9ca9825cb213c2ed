//! The committed schema is the one that requests and answers have, and what it says is what is read.

use jsonschema::Validator;
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

#[test]
fn the_committed_schema_is_fresh() {
    let file = root().join("docs/json.schema.json");
    let fresh = format!("{:#}\n", parure_json::json_schema());
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&file, &fresh).unwrap();
    }
    let committed = fs::read_to_string(&file).unwrap_or_default();
    assert!(
        committed == fresh,
        "docs/json.schema.json is stale: run `UPDATE=1 cargo test -p parure-json --test schema`"
    );
}

fn validator() -> Validator {
    jsonschema::options().should_validate_formats(true).build(&parure_json::json_schema()).unwrap()
}

/// The fenced examples of docs/facts.md, with the code of the fault where one is meant.
fn documented() -> Vec<(Option<String>, Value)> {
    let text = fs::read_to_string(root().join("docs/facts.md")).unwrap();
    let mut found = Vec::new();
    for block in text.split("\n```").skip(1).step_by(2) {
        let (head, body) = block.split_once('\n').unwrap();
        let code = head.strip_prefix("json fault=").map(str::to_owned);
        if head == "json" || code.is_some() {
            found.push((code, serde_json::from_str(body).unwrap()));
        }
    }
    found
}

#[test]
fn documented_facts_fit_and_what_has_wrong_keys_does_not() {
    let validator = validator();
    let (mut right, mut wrong) = (0, 0);
    for (fault, fact) in documented() {
        let request = json!({ "record": { "fact": fact } });
        match fault.as_deref() {
            None => {
                right += 1;
                let told = validator.validate(&request).err().map(|error| error.to_string());
                assert_eq!(told, None, "{fact}");
            }
            // What a schema can't know: sums, other values, which days there are.
            Some(
                "tenders_differ" | "components_exceed" | "same_customer" | "lots_differ" | "drawn_differ"
                | "no_reason" | "date_unreal" | "money_digits" | "nothing_returned" | "missing_key"
                | "until_when" | "coupon_tender" | "piece_named" | "no_amount" | "parts_differ"
                | "last_day_of_bonus" | "metal_differs" | "range_order",
            ) => {}
            Some(fault) => {
                wrong += 1;
                assert!(!validator.is_valid(&request), "{fault}: {fact}");
            }
        }
    }
    assert!(right >= 14 && wrong >= 3, "{right} right, {wrong} wrong");
}

/// A key too many, and a key too few, at any depth of a fact: the schema minds where the reader does.
#[test]
fn the_schema_minds_the_keys_that_the_reader_minds() {
    let validator = validator();
    let yuan = parure::money::Currency::parse("CNY").unwrap();
    let mut looked_at = 0;
    for (_, fact) in documented().into_iter().filter(|(fault, _)| fault.is_none()) {
        for changed in changes(&fact) {
            let text = changed.to_string();
            let read = parure::fact::Fact::from_json(&text, yuan);
            let fits = validator.is_valid(&json!({ "record": { "fact": changed } }));
            let about_keys =
                |code: &str| ["unknown_key", "missing_key", "one_kind", "wrong_kind"].contains(&code);
            match read {
                Ok(_) => assert!(fits, "the reader takes what the schema does not: {text}"),
                Err(fault) if about_keys(fault.code) && !fault.path.starts_with("adopted.program") => {
                    // That `customer` belongs to all but `adopted` is told in words.
                    let told_in_words = fault.path == "customer";
                    assert!(
                        !fits || told_in_words,
                        "the schema takes what the reader does not ({fault}): {text}"
                    );
                }
                Err(_) => {}
            }
            looked_at += 1;
        }
    }
    assert!(looked_at > 200, "{looked_at}");
}

/// The value with, somewhere in it, a key too many, a key too few, or null.
fn changes(value: &Value) -> Vec<Value> {
    let mut all = Vec::new();
    match value {
        Value::Object(keys) => {
            let mut more = keys.clone();
            more.insert("colour".to_owned(), json!({}));
            all.push(Value::Object(more));
            for key in keys.keys().filter(|key| *key != "program") {
                let mut fewer = keys.clone();
                fewer.remove(key);
                all.push(Value::Object(fewer));
                let mut nulled = keys.clone();
                nulled[key] = Value::Null;
                all.push(Value::Object(nulled));
                for changed in changes(&keys[key]) {
                    let mut other = keys.clone();
                    other[key] = changed;
                    all.push(Value::Object(other));
                }
            }
        }
        Value::Array(values) => {
            for (at, value) in values.iter().enumerate() {
                for changed in changes(value) {
                    let mut other = values.clone();
                    other[at] = changed;
                    all.push(Value::Array(other));
                }
            }
        }
        _ => {}
    }
    all
}

/// What docs/customers.md shows is read, is accepted in its order, and fits.
#[test]
fn a_day_in_a_shop_is_as_shown() {
    let validator = validator();
    let page = fs::read_to_string(root().join("docs/customers.md")).unwrap();
    let program = "edition = 2026\nname = 'M'\neffective = 2026-01-01\ncurrency = 'CNY'\ntime_zone = 'Asia/Shanghai'
        [household]
        [[trigger]]\nid = 'birthday'\non = { date = 'birthday', before = '7 days' }\ntask = { what = '电话祝福' }";
    let mut book = parure::book::Book::new(parure::program::Program::parse("m.toml", program).unwrap());
    let joined = r#"{"record":{"fact":{"id":"j-1","at":"2026-01-01T10:00:00+08:00","customer":"c-1","joined":{"name":"王芳","birthday":"1992-04-05"}}}}"#;
    parure_json::tell(&mut book, joined).unwrap();
    let mut shown = 0;
    for request in page.split("\n```json\n").skip(1).map(|rest| rest.split("\n```").next().unwrap()) {
        let value: Value = serde_json::from_str(request).unwrap();
        assert!(validator.is_valid(&value), "{request}");
        let answer: Value = serde_json::from_str(&parure_json::tell(&mut book, request).unwrap()).unwrap();
        assert_ne!(answer["status"], "refused", "{request}: {answer}");
        shown += 1;
    }
    assert!(shown >= 12, "{shown}");
}
