//! Every example of docs/conditions.md is a condition, and the words it lists are the words there are.

use parure::money::Currency;
use parure::program::condition::Condition;

const DOCS: &str = include_str!("../../../docs/conditions.md");

fn compile(source: &str) -> Result<Condition, String> {
    Condition::compile(source, Currency::parse("CNY").unwrap(), &["gold", "platinum"])
        .map_err(|faults| format!("{source}: {}", faults[0]))
}

#[test]
fn every_example_is_a_condition() {
    let blocks: Vec<&str> =
        DOCS.split("```cel\n").skip(1).map(|rest| rest.split("\n```").next().unwrap()).collect();
    assert!(blocks.len() >= 10);
    for block in blocks {
        compile(block).unwrap();
    }
}

#[test]
fn every_word_of_the_vocabulary_is_known() {
    let table = DOCS.split("## What a condition can ask about").nth(1).unwrap().split("\n\n").nth(1).unwrap();
    let mut words = 0;
    for row in table.lines().skip(2) {
        let columns: Vec<&str> = row.split('|').map(str::trim).collect();
        for word in columns[1].split(", ").map(|word| word.trim_matches('`')) {
            let test = match columns[3].split(',').next().unwrap() {
                "text" if word == "customer.tier" => "customer.tier == 'gold'".to_owned(),
                "text" => format!("{word} == 'a'"),
                "day" => format!("{word}.year == 2026 && {word} > date('2026-01-01')"),
                "list of texts" => format!("'a' in {word}"),
                "whole number" => format!("{word} > 5"),
                "decimal" => format!("{word} > 5.5"),
                "money" => format!("{word} > money('5')"),
                "lines" => format!("{word}.exists(l, l.id == '1')"),
                other => panic!("{other}"),
            };
            compile(&test).unwrap();
            words += 1;
        }
    }
    assert_eq!(words, 22);
}

#[test]
fn what_is_left_out_is_said_to_be() {
    for source in [
        "line.quantity * 2.0 > 1.0",
        "line.quantity / 2.0 > 1.0",
        "customer.points % 2 == 0",
        "store.matches('a')",
        "purchase.lines.map(l, l.id) == ['a']",
        "purchase.lines.filter(l, true) == []",
        "purchase.lines.exists_one(l, l.id == 'a')",
        "store == null",
        "{'a': 1} == {}",
        "['a'] == customer.tags",
        "int(store) == 1",
        "string(day) == 'a'",
        "b'a' == b'a'",
        "\"\"\"a\"\"\" == store",
        "purchase.lines.exists(l, purchase.lines.exists(m, l.id == m.id))",
        "timestamp('2026-01-01T00:00:00Z') == day",
    ] {
        let faults =
            Condition::compile(source, Currency::parse("CNY").unwrap(), &[]).map(|_| ()).unwrap_err();
        assert_eq!(faults[0].code, "condition_left_out", "{source}: {}", faults[0]);
    }
}
