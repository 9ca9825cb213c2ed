//! The subset against the `cel` crate: where CEL has an answer, a condition has the same one.
//!
//! Both read the same text, except that `cel` has no days with fields: for it `day.month` is written `day_month`. Money is a
//! whole number of fen there, a day its number, a quantity a double (quarters, which doubles hold exactly). Where CEL has an
//! error instead of an answer (a value that is not known), conditions go their own way: docs/conditions.md.

use parure::calendar::{Anniversary, DatePolicy, Day};
use parure::fact::{Line, Quantity};
use parure::money::{Currency, Money};
use parure::program::condition::{Condition, Customer, Scene};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use proptest::strategy::ValueTree;
use std::collections::HashMap;
use std::sync::Arc;

const TIERS: [&str; 3] = ["member", "gold", "diamond"];
const TEXTS: [&str; 8] =
    ["", "a", "ring/diamond", "ring/wedding", "gold/chain", "上海", "上海/南京西路", "it's \"x\"\\\n"];

/// A part of a condition and how tightly it binds, so that it is bracketed only where it must be.
type Part = (String, u8);

fn part(text: impl Into<String>) -> Part {
    (text.into(), 9)
}

fn within((text, strength): Part, least: u8) -> String {
    if strength < least { format!("({text})") } else { text }
}

fn infix(left: Part, sign: &str, strength: u8, right: Part) -> Part {
    (format!("{} {sign} {}", within(left, strength), within(right, strength + 1)), strength)
}

fn chosen(test: Part, yes: Part, (no, _): Part) -> Part {
    (format!("{} ? {} : {}", within(test, 1), within(yes, 1), no), 0)
}

fn literal(text: &str, style: u8) -> String {
    match style {
        0 => format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")),
        1 => format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'").replace('\n', "\\x0a")),
        _ if text.contains(['\\', '\'', '\n']) => literal(text, 0),
        _ => format!("r'{text}'"),
    }
}

fn text_literal() -> impl Strategy<Value = String> {
    (select(&TEXTS[..]), 0..3_u8).prop_map(|(text, style)| literal(text, style))
}

fn text() -> BoxedStrategy<Part> {
    let names = ["store", "staff", "terminal", "line.id", "line.item", "line.category"];
    prop_oneof![3 => select(names.to_vec()).prop_map(part), 1 => text_literal().prop_map(part)].boxed()
}

fn whole() -> BoxedStrategy<Part> {
    let names = [
        "customer.purchases",
        "customer.visits",
        "customer.points",
        "size(purchase.lines)",
        "size(customer.tags)",
        "customer.tags.size()",
        "day.year",
        "day.month",
        "day.day",
        "day.weekday",
        "customer.birthday.month",
        "customer.birthday.day",
        "customer.joined.year",
        "customer.joined.weekday",
        "size(store)",
    ];
    let leaf = prop_oneof![
        3 => select(names.to_vec()).prop_map(part),
        1 => (0..14_i64).prop_map(|count| part(count.to_string())),
        1 => select(vec![1800_i64, 2025, 2026, 2299]).prop_map(|year| part(year.to_string())),
    ];
    sums(leaf.boxed())
}

fn decimal() -> BoxedStrategy<Part> {
    let quarters =
        (0..40_u32).prop_map(|quarters| part(format!("{}.{:02}", quarters / 4, quarters % 4 * 25)));
    sums(prop_oneof![Just(part("line.quantity")), quarters].boxed())
}

fn money() -> BoxedStrategy<Part> {
    let names = [
        "line.amount",
        "purchase.amount",
        "customer.spend_total",
        "line.components.labour",
        "line.components[\"labour\"]",
        "line.components['人工']",
    ];
    let literal = (-500..500_i64).prop_map(|yuan| part(format!("money('{yuan}.50')")));
    sums(prop_oneof![2 => select(names.to_vec()).prop_map(part), 1 => literal].boxed())
}

fn sums(leaf: BoxedStrategy<Part>) -> BoxedStrategy<Part> {
    leaf.prop_recursive(2, 6, 2, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(left, right)| infix(left, "+", 4, right)),
            (inner.clone(), inner.clone()).prop_map(|(left, right)| infix(left, "-", 4, right)),
            inner.prop_map(|number| (format!("-{}", within(number, 6)), 5)),
        ]
    })
    .boxed()
}

fn date() -> BoxedStrategy<Part> {
    let names = ["day", "customer.birthday", "customer.joined"];
    let literal =
        select(vec!["2025-12-31", "2026-05-01", "2026-05-20"]).prop_map(|day| part(format!("date('{day}')")));
    prop_oneof![2 => select(names.to_vec()).prop_map(part), 1 => literal].boxed()
}

fn comparison(left: BoxedStrategy<Part>, right: BoxedStrategy<Part>) -> BoxedStrategy<Part> {
    let signs = select(vec!["==", "!=", "<", "<=", ">", ">="]);
    (left, signs, right).prop_map(|(left, sign, right)| infix(left, sign, 3, right)).boxed()
}

fn listed(value: BoxedStrategy<Part>) -> BoxedStrategy<Part> {
    (value.clone(), prop::collection::vec(value, 1..4))
        .prop_map(|(value, list)| {
            let list: Vec<String> = list.into_iter().map(|one| one.0).collect();
            infix(value, "in", 3, part(format!("[{}]", list.join(", "))))
        })
        .boxed()
}

fn test_leaf() -> BoxedStrategy<Part> {
    let method = select(vec!["startsWith", "endsWith", "contains"]);
    let plain = select(vec![
        "has(customer.birthday)",
        "has(customer.joined)",
        "has(line.components.labour)",
        "true",
        "false",
    ]);
    prop_oneof![
        4 => comparison(text(), text()),
        4 => comparison(whole(), whole()),
        2 => comparison(whole(), decimal()),
        2 => comparison(decimal(), decimal()),
        4 => comparison(money(), money()),
        4 => comparison(date(), date()),
        2 => listed(text()),
        2 => listed(whole()),
        1 => listed(date()),
        3 => (text(), method, text()).prop_map(|(text, method, of)| part(format!("{}.{method}({})", text.0, of.0))),
        1 => (select(TIERS.to_vec()), select(vec!["==", "!="]))
            .prop_map(|(tier, sign)| infix(part("customer.tier"), sign, 3, part(literal(tier, 1)))),
        1 => subsequence(TIERS.to_vec(), 1..3)
            .prop_map(|tiers| infix(part("customer.tier"), "in", 3, part(format!("{tiers:?}")))),
        1 => text().prop_map(|text| infix(text, "in", 3, part("customer.tags"))),
        1 => Just(infix(part("'人工'"), "in", 3, part("line.components"))),
        1 => plain.prop_map(part),
    ]
    .boxed()
}

fn condition() -> BoxedStrategy<Part> {
    let test = test_leaf().prop_recursive(4, 24, 3, |inner| {
        prop_oneof![
            3 => (inner.clone(), inner.clone()).prop_map(|(left, right)| infix(left, "&&", 2, right)),
            3 => (inner.clone(), inner.clone()).prop_map(|(left, right)| infix(left, "||", 1, right)),
            2 => inner.clone().prop_map(|test| (format!("!{}", within(test, 6)), 5)),
            1 => (inner.clone(), inner.clone(), inner.clone()).prop_map(|(test, yes, no)| chosen(test, yes, no)),
            1 => (inner.clone(), inner.clone()).prop_map(|(left, right)| infix(left, "==", 3, right)),
            1 => (inner.clone(), money(), money(), money())
                .prop_map(|(test, yes, no, other)| infix(chosen(test, yes, no), "<", 3, other)),
            1 => (inner, text(), text(), text())
                .prop_map(|(test, yes, no, other)| infix(chosen(test, yes, no), "!=", 3, other)),
        ]
    });
    let loops = (select(vec!["exists", "all"]), test.clone()).prop_map(|(name, body)| {
        part(format!("purchase.lines.{name}(l, {})", body.0.replace("line.", "l.")))
    });
    prop_oneof![
        4 => test.clone(),
        1 => loops.clone(),
        1 => (loops, test).prop_map(|(one, other)| infix(one, "&&", 2, other)),
    ]
    .boxed()
}

#[derive(Debug, Clone)]
struct BoughtLine {
    names: [&'static str; 3],
    quarters: u32,
    amount: i64,
    labour: Option<i64>,
}

#[derive(Debug, Clone)]
struct Basket {
    day: Day,
    place: [&'static str; 3],
    tier: &'static str,
    tags: Vec<Box<str>>,
    birthday: Option<Anniversary>,
    joined: Option<Day>,
    counters: (u32, u32, i64, i64),
    amount: i64,
    lines: Vec<BoughtLine>,
}

fn basket() -> impl Strategy<Value = Basket> {
    let text = || select(TEXTS.to_vec());
    let day = || (-3..400_i64).prop_map(|days| Day::parse("2026-01-01").unwrap().add_days(days));
    let birthday = (any::<bool>(), 1..13_u8, 1..29_u8).prop_map(|(lunar, month, day)| {
        if lunar { Anniversary::lunar(None, month, false, day) } else { Anniversary::solar(None, month, day) }
            .unwrap()
    });
    let line = ([text(), text(), text()], 0..40_u32, -50_000..50_000_i64, prop::option::of(0..50_000_i64))
        .prop_map(|(names, quarters, amount, labour)| BoughtLine { names, quarters, amount, labour });
    (
        day(),
        [text(), text(), text()],
        select(TIERS.to_vec()),
        subsequence(TEXTS.to_vec(), 0..3),
        prop::option::weighted(0.8, birthday),
        prop::option::weighted(0.8, day()),
        (0..4_u32, 0..4_u32, -50_000..50_000_i64, -5..15_i64),
        -50_000..50_000_i64,
        prop::collection::vec(line, 1..4),
    )
        .prop_map(|(day, place, tier, tags, birthday, joined, counters, amount, lines)| {
            let tags = tags.into_iter().map(Into::into).collect();
            Basket { day, place, tier, tags, birthday, joined, counters, amount, lines }
        })
}

impl Basket {
    fn lines(&self) -> Vec<Line<'_>> {
        let line = |bought: &BoughtLine| {
            let [id, item, category] = bought.names;
            let quantity = format!("{}.{:02}", bought.quarters / 4, bought.quarters % 4 * 25);
            let quantity = Quantity::parse(&quantity).unwrap();
            let line = Line::new(id, item, category, quantity, Money::from_minor(bought.amount));
            match bought.labour.map(Money::from_minor) {
                Some(labour) => line.with_component("labour", labour).with_component("人工", labour),
                None => line,
            }
        };
        self.lines.iter().map(line).collect()
    }

    fn scene<'a>(&'a self, lines: &'a [Line<'a>]) -> Scene<'a> {
        let (purchases, visits, spend, points) = self.counters;
        let mut customer = Customer::default().with_tier(self.tier).with_tags(&self.tags).with_counters(
            purchases,
            visits,
            Money::from_minor(spend),
            points,
        );
        customer = self.birthday.map_or(customer, |birthday| customer.with_birthday(birthday));
        customer = self.joined.map_or(customer, |joined| customer.with_joined(joined));
        Scene::on(self.day)
            .with_place(self.place[0], self.place[1], self.place[2])
            .with_customer(customer)
            .with_purchase(Money::from_minor(self.amount), lines)
            .with_line(&lines[0])
    }

    fn cel(&self) -> cel::Context<'static, 'static> {
        let mut context = cel::Context::default();
        context
            .add_function("money", |text: Arc<String>| -> i64 {
                Currency::parse("CNY").unwrap().money(&text).unwrap().minor()
            })
            .unwrap();
        context
            .add_function("date", |text: Arc<String>| -> i64 { Day::parse(&text).unwrap().number().into() })
            .unwrap();
        let mut today = HashMap::new();
        put_day(&mut today, "day", self.day);
        for (name, value) in today {
            context.add_variable_from_value(name, value);
        }
        for (name, text) in ["store", "staff", "terminal"].into_iter().zip(self.place) {
            context.add_variable_from_value(name, text);
        }
        let (purchases, visits, spend, points) = self.counters;
        let tags: Vec<cel::Value> = self.tags.iter().map(|tag| (&**tag).into()).collect();
        let mut customer: HashMap<String, cel::Value> = HashMap::from([
            ("tier".into(), self.tier.into()),
            ("tags".into(), tags.into()),
            ("purchases".into(), i64::from(purchases).into()),
            ("visits".into(), i64::from(visits).into()),
            ("spend_total".into(), spend.into()),
            ("points".into(), points.into()),
        ]);
        if let Some(day) =
            self.birthday.and_then(|birthday| birthday.nearest(self.day, DatePolicy::default()))
        {
            put_day(&mut customer, "birthday", day);
        }
        if let Some(day) = self.joined {
            put_day(&mut customer, "joined", day);
        }
        context.add_variable_from_value("customer", customer);
        let lines: Vec<cel::Value> = self.lines.iter().map(cel_line).collect();
        context.add_variable_from_value("line", lines[0].clone());
        let purchase: HashMap<&str, cel::Value> =
            HashMap::from([("amount", self.amount.into()), ("lines", lines.into())]);
        context.add_variable_from_value("purchase", purchase);
        context
    }
}

fn cel_line(bought: &BoughtLine) -> cel::Value {
    let labour = bought.labour.map(|labour| [("labour", labour), ("人工", labour)]);
    let components: HashMap<&str, cel::Value> =
        labour.into_iter().flatten().map(|(name, amount)| (name, amount.into())).collect();
    let [id, item, category] = bought.names;
    let line: HashMap<&str, cel::Value> = HashMap::from([
        ("id", id.into()),
        ("item", item.into()),
        ("category", category.into()),
        ("quantity", (f64::from(bought.quarters) / 4.0).into()),
        ("amount", bought.amount.into()),
        ("components", components.into()),
    ]);
    line.into()
}

fn put_day(into: &mut HashMap<String, cel::Value>, name: &str, day: Day) {
    let (year, month, day_of_month) = day.civil();
    into.insert(name.to_owned(), i64::from(day.number()).into());
    into.insert(format!("{name}_year"), i64::from(year).into());
    into.insert(format!("{name}_month"), i64::from(month).into());
    into.insert(format!("{name}_day"), i64::from(day_of_month).into());
    into.insert(format!("{name}_weekday"), i64::from(day.weekday()).into());
}

/// What CEL answers; `None` for an error.
fn oracle(source: &str, context: &cel::Context<'_, '_>) -> Option<bool> {
    let mut source = source.to_owned();
    for of in ["day", "joined"] {
        for field in ["year", "month", "day", "weekday"] {
            source = source.replace(&format!("{of}.{field}"), &format!("{of}_{field}"));
        }
    }
    match cel::Program::compile(&source).ok()?.execute(context) {
        Ok(cel::Value::Bool(answer)) => Some(answer),
        Ok(other) => panic!("{source}: {other:?}"),
        Err(_) => None,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_condition_answers_as_cel_does((source, _) in condition(), basket in basket()) {
        let yuan = Currency::parse("CNY").unwrap();
        let context = basket.cel();
        let lines = basket.lines();
        let scene = basket.scene(&lines);
        match Condition::compile(&source, yuan, &TIERS) {
            Ok(condition) => {
                if let Some(answer) = oracle(&source, &context) {
                    prop_assert_eq!(condition.holds(&scene), answer, "{}", source);
                }
                let canonical = condition.to_string();
                let again = Condition::compile(&canonical, yuan, &TIERS).unwrap();
                prop_assert_eq!(again.to_string(), canonical);
                prop_assert_eq!(again.holds(&scene), condition.holds(&scene));
                prop_assert_eq!(condition.why_not(&scene).is_empty(), condition.holds(&scene), "{}", source);
            }
            // A generated condition has no wrong names or types; some can never hold, and CEL must agree.
            Err(faults) => for fault in faults {
                prop_assert!(["condition_never", "condition_size"].contains(&fault.code), "{}: {}", source, fault);
                if fault.code == "condition_never" {
                    let place = fault.place.unwrap();
                    prop_assert_ne!(oracle(&source[place.start..place.end], &context), Some(true), "{}", fault);
                }
            },
        }
    }
}

#[test]
fn the_oracle_answers_most_of_the_time() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let (mut answers, mut yes, mut never) = (0, 0, 0);
    for _ in 0..500 {
        let (source, _) = condition().new_tree(&mut runner).unwrap().current();
        let basket = basket().new_tree(&mut runner).unwrap().current();
        let answer = oracle(&source, &basket.cel());
        answers += usize::from(answer.is_some());
        yes += usize::from(answer == Some(true));
        never += usize::from(Condition::compile(&source, Currency::parse("CNY").unwrap(), &TIERS).is_err());
    }
    println!("of 500: {answers} answered, {yes} held, {never} could never hold");
    assert!(answers >= 300 && yes >= 100 && never <= 150, "{answers} answered, {yes} held, {never} never");
}
