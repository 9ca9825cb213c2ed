//! What conditions say yes and no to, and what they say of a mistake.

use super::{Condition, Customer, Scene};
use crate::calendar::{Anniversary, Day};
use crate::fact::{Line, Quantity};
use crate::money::{Currency, Money};

fn yuan() -> Currency {
    Currency::parse("CNY").unwrap()
}

const TIERS: [&str; 3] = ["member", "gold", "diamond"];

/// "message; advice" of each fault, after the column it stands in.
fn faults(source: &str) -> Vec<String> {
    let faults = Condition::compile(source, yuan(), &TIERS).map(|_| ()).expect_err(source);
    faults.iter().map(|fault| format!("{}: {fault}", fault.place.unwrap().column)).collect()
}

fn codes(source: &str) -> Vec<&'static str> {
    Condition::compile(source, yuan(), &TIERS)
        .map(|_| ())
        .expect_err(source)
        .iter()
        .map(|fault| fault.code)
        .collect()
}

fn lines() -> [Line<'static>; 2] {
    let quantity = |text| Quantity::parse(text).unwrap();
    [
        Line::new("1", "R-2201", "ring/diamond", quantity("1"), Money::from_minor(2_000_000)),
        Line::new("2", "G-18", "gold/chain", quantity("12.35"), Money::from_minor(980_000))
            .with_component("labour", Money::from_minor(80_000))
            .with_component("人工", Money::from_minor(80_000)),
    ]
}

/// Friday 1 May 2026 in Shanghai; a gold member born on 20 May; the second line.
fn ask(source: &str) -> bool {
    let lines = lines();
    let tags = ["couple".into(), "collector".into()];
    let customer = Customer::default()
        .with_tier("gold")
        .with_tags(&tags)
        .with_birthday(Anniversary::solar(Some(1990), 5, 20).unwrap())
        .with_counters(3, 2, Money::from_minor(3_280_000), -70);
    let scene = Scene::on(Day::parse("2026-05-01").unwrap())
        .with_place("上海", "", "till-1")
        .with_customer(customer)
        .with_purchase(Money::from_minor(2_900_000), &lines)
        .with_line(&lines[1]);
    let condition =
        Condition::compile(source, yuan(), &TIERS).unwrap_or_else(|faults| panic!("{source}: {faults:?}"));
    let again = Condition::compile(&condition.to_string(), yuan(), &TIERS).unwrap();
    assert_eq!(again.to_string(), condition.to_string());
    let holds = condition.holds(&scene);
    assert_eq!(again.holds(&scene), holds, "{source}");
    assert_eq!(condition.why_not(&scene).is_empty(), holds, "{source}");
    holds
}

#[test]
fn what_holds() {
    for source in [
        "customer.birthday.month == day.month",
        "day == date('2026-05-01') && day.weekday == 5 && day.year == 2026 && day.day < 2",
        "store == '上海' && staff == \"\" && terminal != 'till-2'",
        "line.category.startsWith('gold/') && !line.item.endsWith('19') && line.id.contains('')",
        "line.quantity == 12.35 && line.quantity > 12 && line.quantity in [1, 12.35]",
        "line.components['labour'] == money('800') && line.components.labour < money(\"800.01\")",
        "has(line.components.labour) && '人工' in line.components && !('metal' in line.components)",
        "line.amount - line.components.labour == money('9000') && -line.amount < money('0')",
        "purchase.lines.exists(l, l.category == 'ring/diamond' && l.id != line.id)",
        "purchase.lines.all(l, l.amount >= money('9800')) && size(purchase.lines) == 2",
        "'couple' in customer.tags && customer.tags.size() == 2 && customer.tier in ['gold', 'diamond',]",
        "customer.points < 0 && customer.purchases + customer.visits == 5 && customer.spend_total > purchase.amount",
        "has(customer.birthday) && !has(customer.joined)",
        "customer.tier == 'gold' ? day.month == 5 : day.month == 6",
        "purchase.amount >= (customer.tier == 'gold' ? money('29000') : money('50000'))",
        "(customer.points > 0) == (customer.visits > 9) && (customer.points > 0) != has(customer.birthday)",
        "size(store) == 2 && store.size() < 3 // two characters, six bytes",
        "r'a\\n' == 'a\\\\n' && '\\u4e0a\\x41\\101' == \"上AA\"",
        "store < '北' && store >= '上'",
        "1 + 2 == 3 && 2.5 - 0.5 == 2 && -1 < 0",
        "false || true && !false",
    ] {
        assert!(ask(source), "{source}");
    }
}

#[test]
fn what_is_unknown_makes_its_comparison_false() {
    for source in [
        "customer.joined == day",
        "customer.joined != day",
        "customer.joined.year > 1800",
        "customer.joined in [day]",
        "line.components.metal > money('0')",
        "line.amount - line.components.metal > money('0')",
    ] {
        assert!(!ask(source), "{source}");
        assert!(ask(&format!("!({source})")), "{source}");
    }
}

#[test]
fn a_fault_says_where_and_what_to_write() {
    for (source, said) in [
        ("custmer.tier == 'gold'", "1: unknown name `custmer`; did you mean `customer`?"),
        (
            "store == '上海' && customer.teir == 'gold'",
            "27: `customer` has no field `teir`; did you mean `tier`?",
        ),
        (
            "store == '上海' && line.amount > 5000",
            "18: an amount of money can't be compared with a whole number; write `money(\"5000\")`",
        ),
        (
            "line.amount > 12.5",
            "1: an amount of money can't be compared with a decimal; write `money(\"12.5\")`",
        ),
        ("line.quantity > \"3\"", "1: a decimal can't be compared with a text; write 3 without quotes"),
        ("line.item == 3", "1: a text can't be compared with a whole number; write \"3\" in quotes"),
        ("day > '2026-05-01'", "1: a day can't be compared with a text; write `date(\"2026-05-01\")`"),
        ("customer.tier == 'glod'", "18: unknown tier `glod`; did you mean `gold`?"),
        ("customer.tier in ['gold', 'platinum']", "27: unknown tier `platinum`"),
        ("customer.birthday.mnth == 5", "19: a day has no field `mnth`; did you mean `month`?"),
        ("line.category.startWith('a')", "15: unknown function `startWith`; did you mean `startsWith`?"),
        ("line.category.matches('a+')", "15: `matches` is left out of conditions"),
        ("line.amount > money('1.234')", "21: `1.234` has 3 digits after the point, CNY has 2"),
        (
            "day > date('2026-02-30')",
            "12: `2026-02-30` is not a day; write year, month and day, such as 2026-03-01",
        ),
        (
            "line.amount > money(5)",
            "21: money is written as a text, so that it is exact; write the amount in quotes, such as `money(\"5000\")`",
        ),
        (
            "line.amount",
            "1: a condition is true or false, this is an amount of money; compare it with something",
        ),
        ("customer == 'x'", "1: `customer` is not a value; write one of its fields, such as `customer.tier`"),
        ("store = '上海'", "7: `=` is not a sign of conditions; write `==`"),
        ("store == “上海”", "10: `“` is not a sign of conditions; write `\"`"),
        ("store == 'a' and staff == 'b'", "14: expected the end, found `and`; write `&&`"),
        ("store == 'a", "10: the text has no end; close it with '"),
        (r"store == 'a\q'", "12: `\\q` is not an escape of CEL; write `\\\\` for a backslash"),
        ("line.quantity * 2 > 4", "15: `*` is left out of conditions"),
        (
            "line.quantity > 1e3",
            "17: `1e3` is not a number; write digits with at most one point, such as 5 or 3.25",
        ),
        ("line.quantity > 1.1234567", "17: `1.1234567` has more than 6 digits after the point"),
        ("customer.points > 99999999999999999999", "19: `99999999999999999999` is too large"),
        (
            "store == null",
            "10: `null` is left out of conditions; write `has(customer.birthday)` to ask whether it is known",
        ),
        ("(store == 'a'", "14: expected `)`, found the end"),
        ("", "1: expected a value, found the end"),
        (
            "store + staff == 'ab'",
            "1: `+` can't take a text and a text; texts can be compared but not joined",
        ),
        (
            "line.quantity + 1 > 2",
            "1: `+` can't take a decimal and a whole number; write the whole number with a point, such as 2.0",
        ),
        (
            "purchase.lines.exists(line, true)",
            "23: `line` can't be the name of a line; take another name, such as `l`",
        ),
        (
            "customer.tier >= 'gold'",
            "1: `>=` would compare tiers by the letters of their ids; name the tiers, such as `customer.tier in [\"gold\", \"diamond\"]`",
        ),
        (
            "has(customer.tier)",
            "5: this is always known; leave `has` out, or compare a text that may be missing with \"\"",
        ),
    ] {
        assert_eq!(faults(source), [said], "{source}");
    }
}

#[test]
fn all_faults_of_names_and_types_are_told_at_once() {
    assert_eq!(
        codes(
            "custmer.tier == 'gold' && line.amout > 5 || day.weekday == 'x' || purchase.lines.exists(l, l.itm == 'x')"
        ),
        ["unknown_name", "unknown_field", "condition_type", "unknown_field"]
    );
}

#[test]
fn what_can_never_hold_is_a_fault() {
    for (source, said) in [
        (
            "line.amount < money('5') && line.amount > money('10')",
            "1: `line.amount < money('5')` and `line.amount > money('10')` can never both hold",
        ),
        (
            "store == 'a' && staff == 'c' && store == 'b'",
            "1: `store == 'a'` and `store == 'b'` can never both hold",
        ),
        ("day.month == 13", "1: `day.month == 13` can never hold"),
        ("store == 'a' || day.weekday < 1", "17: `day.weekday < 1` can never hold"),
        ("customer.birthday.month in [0, 13]", "1: `customer.birthday.month in [0, 13]` can never hold"),
        ("customer.purchases < 0", "1: `customer.purchases < 0` can never hold"),
        ("customer.purchases == 1.5", "1: `customer.purchases == 1.5` can never hold"),
        (
            "customer.visits > 1 && customer.visits < 2",
            "1: `customer.visits > 1` and `customer.visits < 2` can never both hold",
        ),
        (
            "store.startsWith('a') && store == 'b'",
            "1: `store.startsWith('a')` and `store == 'b'` can never both hold",
        ),
        (
            "store in ['a', 'b'] && store in ['c']",
            "1: `store in ['a', 'b']` and `store in ['c']` can never both hold",
        ),
        ("store == 'a' && !(store == 'a')", "1: `store == 'a'` and `!(store == 'a')` can never both hold"),
        ("store == 'a' && store != 'a'", "1: `store == 'a'` and `store != 'a'` can never both hold"),
        (
            "day < date('2026-01-01') && day >= date('2026-01-01')",
            "1: `day < date('2026-01-01')` and `day >= date('2026-01-01')` can never both hold",
        ),
        (
            "day == date('2026-01-01') && date('2026-01-01') < day",
            "1: `day == date('2026-01-01')` and `date('2026-01-01') < day` can never both hold",
        ),
        ("store in []", "1: `store in []` can never hold"),
        ("day < day", "1: `day < day` can never hold"),
        ("false", "1: `false` can never hold"),
        ("1 > 2 && store == 'a'", "1: `1 > 2` can never hold"),
        (
            "purchase.lines.exists(l, l.id == '1' && l.id == '2')",
            "26: `l.id == '1'` and `l.id == '2'` can never both hold",
        ),
    ] {
        assert_eq!(faults(source), [said], "{source}");
    }
}

#[test]
fn the_bounds_are_faults() {
    let long = format!("store == '{}'", "x".repeat(4_096));
    assert_eq!(codes(&long), ["condition_length"]);
    let deep = |depth: usize| format!("{}true{}", "(".repeat(depth), ")".repeat(depth));
    assert_eq!(codes(&deep(32)), ["condition_nesting"]);
    assert!(ask(&deep(31)));
    assert_eq!(codes(&format!("{}true", "!".repeat(200))), ["condition_nesting"]);
    let wide = |parts: usize| vec!["store=='a'"; parts].join("||");
    assert_eq!(codes(&wide(65)), ["condition_size"]);
    assert!(!ask(&wide(64)));
    let list = |elements: usize| format!("store in [{}]", vec!["'a'"; elements].join(","));
    assert_eq!(codes(&list(257)), ["condition_list"]);
    assert!(!ask(&list(256)));
}

#[test]
fn a_line_is_only_where_there_is_one() {
    let known = super::Known { currency: yuan(), tiers: &[], fields: &[], pieces: &[], lines: false };
    let faults = Condition::parse("store == 'a' || line.id == '1'", &known).map(|_| ()).unwrap_err();
    assert_eq!((faults[0].code, faults[0].at.clone()), ("condition_no_line", 16..23));
    let uses = |source| Condition::parse(source, &known).unwrap().uses();
    let every =
        uses("purchase.lines.exists(l, l.id == '1') && customer.points > 1 && customer.birthday == day");
    let none = super::Uses::default();
    assert_eq!(every, super::Uses { purchase: true, customer: true, totals: true, birthday: true, ..none });
    assert!(uses("purchase.lines.exists(l, l.item == 'R-1' || l.category == 'ring')").item);
    assert_eq!(uses("store == 'a'"), super::Uses::default());
}

#[test]
fn why_not_names_the_parts_and_what_they_found() {
    let lines = lines();
    let scene =
        Scene::on(Day::parse("2026-05-08").unwrap()).with_purchase(Money::ZERO, &lines).with_line(&lines[0]);
    let why = |source| -> Vec<String> {
        let condition = Condition::compile(source, yuan(), &TIERS).unwrap();
        condition.why_not(&scene).iter().map(ToString::to_string).collect()
    };
    assert_eq!(
        why(
            "line.category == \"ring/wedding\" && day >= date(\"2026-05-01\") && day <= date(\"2026-05-07\")"
        ),
        [
            "`line.category == \"ring/wedding\"`: line.category is \"ring/diamond\"",
            "`day <= date(\"2026-05-07\")`: day is 2026-05-08",
        ]
    );
    assert_eq!(
        why("customer.birthday.month == day.month || line.amount > money('20000')"),
        [
            "`customer.birthday.month == day.month`: customer.birthday.month is unknown, day.month is 5",
            "`line.amount > money('20000')`: line.amount is 20000.00",
        ]
    );
    assert_eq!(
        why("!('ring/diamond' == line.category) || 'vip' in customer.tags"),
        [
            "`'ring/diamond' == line.category`: line.category is \"ring/diamond\"",
            "`'vip' in customer.tags`: customer.tags is []",
        ]
    );
    assert_eq!(
        why("purchase.lines.all(l, l.quantity < 2.5)"),
        ["`l.quantity < 2.5`: line.quantity is 12.35"]
    );
    assert_eq!(
        why("purchase.lines.exists(l, l.components['labour'] > money('1000'))"),
        ["`purchase.lines.exists(l, l.components['labour'] > money('1000'))`: size(purchase.lines) is 2"]
    );
    assert!(why("day.month == 5").is_empty());
}

#[test]
fn the_canonical_source() {
    for (source, canonical) in [
        (
            "(((store)=='a'))||(staff==\"b\"&&day.month in[1,2,])",
            "store == \"a\" || staff == \"b\" && day.month in [1, 2]",
        ),
        ("(store=='a'||staff=='b')&&true // why", "(store == \"a\" || staff == \"b\") && true"),
        ("1-(2-3)==1-2-(-3)-4", "1 - (2 - 3) == 1 - 2 - -3 - 4"),
        ("!(store=='it\\'s \\\"x\\\"\\n')", "!(store == \"it's \\\"x\\\"\\n\")"),
        (
            "(day.month==1?day:customer.joined).year==2026",
            "(day.month == 1 ? day : customer.joined).year == 2026",
        ),
        (
            "line.quantity>0.50&&line.components['labour']>money('1')",
            "line.quantity > 0.5 && line.components[\"labour\"] > money(\"1\")",
        ),
    ] {
        let read = Condition::compile(source, yuan(), &TIERS).map(|condition| condition.to_string());
        // `1 - (2 - 3) == …` is a constant that is false, which is a fault; its print is looked at by itself.
        let printed = super::parse::parse(source).unwrap().to_string();
        assert_eq!(printed, canonical);
        if let Ok(read) = read {
            assert_eq!(read, canonical);
        }
    }
}

#[test]
fn the_quick_reading_answers_as_the_plain_one_at_the_ends() {
    for points in [i64::MIN, -1, 0, 1, i64::MAX] {
        let scene =
            Scene::on(Day::FIRST).with_customer(Customer::default().with_counters(0, 0, Money::ZERO, points));
        for sign in ["==", "!=", "<", "<=", ">", ">="] {
            for value in [
                "9223372036854775807",
                "-9223372036854775807 - 1",
                "9223372036854775807 + 1",
                "0",
                "0.5",
                "-1.5",
                "1",
            ] {
                let Ok(condition) =
                    Condition::compile(&format!("customer.points {sign} {value}"), yuan(), &[])
                else {
                    continue;
                };
                let plain = condition.test.holds(&super::eval::View { scene: &scene, each: None });
                assert_eq!(condition.holds(&scene), plain, "{points} {sign} {value}");
            }
        }
    }
}
