use super::*;
use crate::money::Currency;
use proptest::prelude::*;

/// The faults of a JSON text, read with no expectation but that it is a table with the key `a`.
fn faults_of(text: &str) -> Vec<String> {
    let read = |document: Document<'_>| document.read(|root| root.table(&["a"]).map(drop));
    let faults = Document::json(text, 1_000).and_then(read).unwrap_err();
    faults
        .iter()
        .map(|fault| format!("{} {}:{}", fault, fault.place.unwrap().line, fault.place.unwrap().column))
        .collect()
}

#[test]
fn broken_json_is_told_with_its_place() {
    for (text, fault) in [
        ("", "expected a value, found the end 1:1"),
        ("{\"金\": 1,\n \"a\": tru}", "expected a value, found `t` 2:7"),
        ("{\"a\": 1,}", "expected a key in double quotes, found `}` 1:9"),
        ("{\"a\" 1}", "expected `:`, found `1` 1:6"),
        ("{\"a\": 1 \"b\": 2}", "expected `,` or `}`, found `\"` 1:9"),
        ("{\"a\": 01}", "a number does not begin with 0 1:7"),
        ("{\"a\": 1.}", "expected a digit, found `}` 1:9"),
        ("{\"a\": +1}", "expected a value, found `+` 1:7"),
        ("{\"a\": \"x}", "a text is not closed 1:7"),
        ("{\"a\": \"\\ud800\"}", "half of a surrogate pair is not a character 1:8"),
        ("{\"a\": \"\\x\"}", "an escape is one of \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\u 1:8"),
        ("{\"a\": 1} 2", "expected nothing more, found `2` 1:10"),
    ] {
        assert_eq!(faults_of(text), [fault], "{text}");
    }
}

#[test]
fn all_faults_are_told_in_the_order_of_the_text() {
    assert_eq!(
        faults_of("{\"b\": 1,\n\"a\": 1,\n\"a\": 2, \"aa\": 3}"),
        [
            "b: unknown key `b`; write `a` 1:2",
            "the key `a` is written twice 3:1",
            "aa: unknown key `aa`; write `a` 3:9",
        ]
    );
}

#[test]
fn values_keep_what_was_written_and_where() {
    let text = "{\"a\": [12.50, \"é\\u00e9\\n\\ud83d\\udc8d\", null, true]}";
    let document = Document::json(text, 1_000).unwrap();
    let Value::Map(entries) = &document.root.value else { panic!() };
    let Value::List(nodes) = &entries[0].node.value else { panic!() };
    assert_eq!(nodes[0], Node { value: Value::Number("12.50".into()), span: 7..12 });
    assert_eq!(nodes[1].value, Value::Text("éé\n💍".into()));
    assert_eq!(&text[nodes[2].span.clone()], "null");
}

#[test]
fn getters_say_what_to_write() {
    let yuan = Currency::parse("CNY").unwrap();
    let faults = |value: &str, read: &dyn Fn(Spot<'_, '_>)| {
        let text = format!("{{\"a\": {{\"b\": [{value}]}}}}");
        let document = Document::json(&text, 1_000_000).unwrap();
        let result = document.read(|root| {
            root.table(&["a"])?.need("a", |a| {
                a.table(&["b"])?.need("b", |b| {
                    b.list(2, |spot| {
                        read(spot);
                        Some(())
                    })
                })
            })
        });
        result.unwrap_err().iter().map(ToString::to_string).collect::<Vec<_>>().join(" / ")
    };
    let told = |value, read: &dyn Fn(Spot<'_, '_>)| faults(value, read).replace("a.b[0]: ", "");
    assert_eq!(
        faults("1.5", &|spot| {
            spot.money(yuan);
        }),
        "a.b[0]: `1.5` is a binary fraction, an amount is exact; write it in quotes: \"1.5\""
    );
    assert_eq!(
        told("1e3", &|spot| {
            spot.quantity();
        }),
        "`1e3` is a binary fraction, a quantity is exact; write it in quotes: \"1e3\""
    );
    assert_eq!(
        told("null", &|spot| {
            spot.text(9);
        }),
        "expected text, found null; leave the key out where there is nothing to say"
    );
    assert_eq!(
        told("\"1\"", &|spot| {
            spot.whole(0..=9);
        }),
        "expected a whole number, found text"
    );
    assert_eq!(
        told("1.0", &|spot| {
            spot.whole(0..=9);
        }),
        "`1.0` is not a whole number"
    );
    assert_eq!(
        told("99999999999999999999", &|spot| {
            spot.whole(0..=9);
        }),
        "`99999999999999999999` is not from 0 to 9"
    );
    assert_eq!(
        told("\"\"", &|spot| {
            spot.name();
        }),
        "a name can't be empty"
    );
    assert_eq!(
        told("\" a\"", &|spot| {
            spot.name();
        }),
        "` a` has space around it"
    );
    assert_eq!(
        told("\"金金金\"", &|spot| {
            spot.text(8);
        }),
        "the text has 9 bytes, at most 8 are read"
    );
    assert_eq!(
        told("\"\\u0000\"", &|spot| {
            spot.text(8);
        }),
        "the text holds a control character"
    );
    assert_eq!(
        told("\"bets\"", &|spot| {
            spot.one_of(&[("best", 1), ("sum", 2)]);
        }),
        "unknown value `bets`; did you mean `best`?"
    );
    assert_eq!(
        told("\"max\"", &|spot| {
            spot.one_of(&[("best", 1), ("sum", 2)]);
        }),
        "unknown value `max`; write one of `best`, `sum`"
    );
    assert_eq!(faults("1,2,3", &|_| ()), "a.b: 3 are listed, at most 2 are read");
}

#[test]
fn toml_reads_like_json() {
    let text =
        "n = 50_000\nh = 0x10\ns = '金 b'\nd = 2026-01-01\n[t]\nx = [1.50, true]\n[[l]]\nk = +1\n[[l]]\n";
    let document = Document::toml(text, 1_000).unwrap();
    let Value::Map(entries) = &document.root.value else { panic!() };
    let values: Vec<_> = entries.iter().map(|entry| (&*entry.key, entry.node.value.clone())).collect();
    assert_eq!(values[0], ("n", Value::Number("50000".into())));
    assert_eq!(values[1], ("h", Value::Number("16".into())));
    assert_eq!(values[2], ("s", Value::Text("金 b".into())));
    assert_eq!(values[3], ("d", Value::Date("2026-01-01")));
    let Value::Map(table) = &values[4].1 else { panic!() };
    let Value::List(list) = &table[0].node.value else { panic!() };
    assert_eq!(list[0].value, Value::Number("1.50".into()));
    let Value::List(tables) = &values[5].1 else { panic!() };
    let Value::Map(first) = &tables[0].value else { panic!() };
    assert_eq!(first[0].node.value, Value::Number("1".into()));
}

#[test]
fn the_content_of_a_text_is_found_unless_escapes_moved_it() {
    let text = "a = '金 b'\nb = \"x\\ny\"\nc = \"\"\"\nz\"\"\"\n";
    let document = Document::toml(text, 1_000).unwrap();
    let start =
        |key| document.read(|root| Some(root.table(&["a", "b", "c"])?.find(key)?.content_start())).unwrap();
    assert_eq!(start("a"), text.find('金'));
    assert_eq!(start("b"), None);
    assert_eq!(start("c"), text.find('z'));
}

#[test]
fn depth_and_size_are_bounded() {
    let code = |result: Result<Document<'_>, Vec<Fault>>| result.map(drop).unwrap_err()[0].code;
    assert_eq!(code(Document::json(&"[".repeat(100_000), 1_000_000)), "too_deep");
    assert!(Document::json(&format!("{}{}", "[".repeat(DEPTH), "]".repeat(DEPTH)), 1_000).is_ok());
    assert_eq!(code(Document::toml(&format!("a = {}", "[".repeat(100_000)), 1_000_000)), "too_deep");
    assert_eq!(code(Document::toml(&format!("{}a = 1", "a.".repeat(400_000)), 1_000_000)), "too_deep");
    assert_eq!(code(Document::toml(&format!("[{}a]", "'a' . ".repeat(100_000)), 1_000_000)), "too_deep");
    assert_eq!(code(Document::json("[1, 2]", 5)), "too_large");
}

/// What serde_json makes of a tree, numbers as text: repeated keys keep the first here, so texts with them are left out.
fn plain(value: &Value<'_>) -> serde_json::Value {
    match value {
        Value::Null | Value::Broken => serde_json::Value::Null,
        Value::Bool(truth) => (*truth).into(),
        Value::Number(text) => serde_json::from_str(text).unwrap(),
        Value::Text(text) => text.to_string().into(),
        Value::Date(text) => (*text).into(),
        Value::List(nodes) => nodes.iter().map(|node| plain(&node.value)).collect(),
        Value::Map(entries) => {
            entries.iter().map(|entry| (entry.key.to_string(), plain(&entry.node.value))).collect()
        }
    }
}

/// Texts that are JSON, or nearly.
fn jsonish() -> impl Strategy<Value = String> {
    let token = prop_oneof![
        4 => proptest::sample::select(vec![
            "{", "}", "[", "]", ",", ":", "\"a\"", "\"b\"", "1", "-0", "0.5", "1e5", "-", "01", "true", "null", " ", "\n",
            "\"\\u00e9\"", "\"\\ud83d\\udc8d\"", "\"\\udc8d\"", "\"\\ud83d\\u0041\"", "\"\\\"\"", "\\", "\"", "\u{1}", "金",
        ]).prop_map(str::to_owned),
        1 => any::<String>(),
    ];
    let soup = proptest::collection::vec(token, 0..12).prop_map(|tokens| tokens.concat());
    let leaf = proptest::sample::select(vec!["1", "-0.5e+3", "\"x\\ty\"", "null", "false", "\"\\u4eac\""])
        .prop_map(str::to_owned);
    let tree = leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4)
                .prop_map(|items| format!("[{}]", items.join(", "))),
            proptest::collection::vec(inner, 0..4).prop_map(|items| {
                let entries: Vec<_> =
                    items.iter().enumerate().map(|(at, item)| format!("\"k{at}\" :{item}")).collect();
                format!("{{{}}}", entries.join(","))
            }),
        ]
    });
    prop_oneof![soup, tree]
}

proptest! {
    #[test]
    fn json_is_what_serde_json_says_it_is(text in jsonish()) {
        let ours = Document::json(&text, 10_000);
        match serde_json::from_str::<serde_json::Value>(&text) {
            Ok(theirs) => {
                let ours = ours.unwrap();
                if ours.faults.is_empty() {
                    prop_assert_eq!(plain(&ours.root.value), theirs);
                }
            }
            // A number of any size is JSON, though it may not fit what theirs is kept in.
            Err(why) => prop_assert!(ours.is_err() || why.to_string().starts_with("number out of range"), "{why}"),
        }
    }

    #[test]
    fn no_text_panics_and_every_place_is_in_it(text in any::<String>()) {
        for document in [Document::json(&text, 10_000), Document::toml(&text, 10_000)] {
            let faults = document.and_then(|document| document.read(|root| root.table(&[]).map(drop)));
            for fault in faults.err().unwrap_or_default() {
                prop_assert!(fault.place.is_some_and(|place| place.end <= text.len()));
            }
        }
    }
}
