//! Whatever is written as a condition, there is an answer: the condition or its faults, and then yes or no.

use parure::calendar::Day;
use parure::fact::{Line, Quantity};
use parure::money::{Currency, Money};
use parure::program::condition::{Condition, Scene};
use proptest::prelude::*;
use proptest::sample::select;

fn whatever_it_says(source: &str) {
    let compiled = Condition::compile(source, Currency::parse("CNY").unwrap(), &["gold"]);
    match compiled {
        Ok(condition) => {
            let line = [Line::new("1", "R-2201", "ring/diamond", Quantity::ONE, Money::from_minor(i64::MIN))];
            for scene in [
                Scene::on(Day::FIRST),
                Scene::on(Day::LAST).with_purchase(Money::from_minor(i64::MAX), &line).with_line(&line[0]),
            ] {
                let holds = condition.holds(&scene);
                assert_eq!(condition.why_not(&scene).is_empty(), holds);
            }
            assert_eq!(condition.source(), source);
        }
        Err(faults) => {
            assert!(!faults.is_empty());
            for fault in faults {
                let place = fault.place.unwrap();
                assert!(source.get(place.start..place.end).is_some(), "{source}: {place:?}");
                assert!(!fault.message.is_empty() && !fault.message.ends_with('.'), "{fault}");
            }
        }
    }
}

fn soup() -> impl Strategy<Value = String> {
    let words = vec![
        "line",
        "customer",
        "purchase",
        "day",
        "store",
        ".",
        "category",
        "amount",
        "quantity",
        "lines",
        "tier",
        "tags",
        "components",
        "birthday",
        "joined",
        "month",
        "points",
        "exists",
        "all",
        "size",
        "has",
        "startsWith",
        "money",
        "date",
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        ",",
        "?",
        ":",
        "+",
        "-",
        "*",
        "/",
        "%",
        "!",
        "==",
        "!=",
        "<",
        "<=",
        ">",
        ">=",
        "&&",
        "||",
        "in",
        "true",
        "false",
        "null",
        "\"gold\"",
        "'a",
        "'2026-05-01'",
        "\"5000\"",
        "r'\\'",
        "'\\x4'",
        "b'x'",
        "1",
        "1.5",
        "9223372036854775807",
        "1e9",
        "0x1",
        "金",
        "“",
        "=",
        "//",
        "\n",
        "l",
        "as",
    ];
    (prop::collection::vec(select(words), 0..40), select(vec!["", " "]))
        .prop_map(|(words, between)| words.join(between))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text(source in ".{0,200}") {
        whatever_it_says(&source);
    }

    #[test]
    fn any_soup_of_words(source in soup()) {
        whatever_it_says(&source);
    }

    /// A right condition with something taken out, put in or put twice.
    #[test]
    fn any_slip(at in 0..140_usize, length in 0..6_usize, put in ".{0,3}") {
        let source = "line.category == 'ring/上海' && (customer.birthday.month == day.month || purchase.lines.exists(l, \
                      l.amount - l.components['labour'] >= money('5000.00')))";
        let kept = |place: usize| place < at || place >= at + length;
        let mut slipped: String =
            source.chars().enumerate().filter(|(place, _)| kept(*place)).map(|(_, next)| next).collect();
        let byte = slipped.char_indices().nth(at).map_or(slipped.len(), |(byte, _)| byte);
        slipped.insert_str(byte, &put);
        whatever_it_says(&slipped);
    }
}

#[test]
fn the_largest_and_the_deepest() {
    for source in [
        "!".repeat(4_096),
        "-".repeat(4_096),
        "(".repeat(4_096),
        "[".repeat(4_096),
        "day.".repeat(1_024),
        "day[".repeat(1_024),
        "1+".repeat(2_000) + "1 > 0",
        "1-".repeat(120) + "9223372036854775807 < 0",
        "day.month == 1 ? true : ".repeat(150),
        "a.a(".repeat(1_000),
        "\\".repeat(4_096),
        "'".repeat(4_095),
        "\u{0}".repeat(4_096),
        "金".repeat(1_365),
    ] {
        whatever_it_says(&source);
    }
}
