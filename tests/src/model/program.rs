//! A program as the model reads it: only what the numbers need, and no checks.

use super::benefits::{Benefit, benefit};
use super::calendar::{Day, Span, day};
use super::coupons::{Kind, kind};
use super::occasions::{Gift, gift};
use super::rewards::{Reward, reward};
use super::stored_value::{Rules, rules};
use num_rational::BigRational;
use toml::{Table, Value};

/// An exact fraction.
pub(crate) type Exact = BigRational;

pub(crate) fn whole(number: i64) -> Exact {
    Exact::from_integer(number.into())
}

/// Reads `12800.00` exactly.
pub(crate) fn exact(text: &str) -> Exact {
    let (digits, places) = match text.split_once('.') {
        Some((whole, fraction)) => (format!("{whole}{fraction}"), fraction.len() as u32),
        None => (text.to_owned(), 0),
    };
    let number: i64 = digits.parse().unwrap_or_else(|_| panic!("`{text}` is not an amount"));
    Exact::new(number.into(), 10_i64.pow(places).into())
}

#[derive(Clone, Debug)]
pub(crate) struct Program {
    pub(crate) effective: Day,
    pub(crate) zone: chrono_tz::Tz,
    /// Digits after the point of the currency.
    pub(crate) digits: u32,
    pub(crate) joins_at_purchase: bool,
    pub(crate) leap_day: String,
    pub(crate) leap_month: String,
    pub(crate) rounding: String,
    pub(crate) per_line: bool,
    pub(crate) pending: Option<Span>,
    pub(crate) expires: Option<(Span, String, bool)>,
    pub(crate) stacking: String,
    /// Purchase, day, month, year.
    pub(crate) caps: [Option<i64>; 4],
    pub(crate) forgive: bool,
    pub(crate) restored: Span,
    pub(crate) not_earning: Vec<String>,
    pub(crate) earn: Vec<Earn>,
    pub(crate) bonuses: Vec<Bonus>,
    pub(crate) tiers: Vec<Tier>,
    pub(crate) qualifying: Option<String>,
    pub(crate) reassess_on_return: bool,
    pub(crate) growth: Option<Growth>,
    pub(crate) introduction: Option<Introduction>,
    /// How many a household has room for.
    pub(crate) seats: usize,
    pub(crate) pools_spend: bool,
    /// What triggers give.
    pub(crate) gives: Vec<Gift>,
    pub(crate) coupons: Vec<Kind>,
    pub(crate) benefits: Vec<Benefit>,
    pub(crate) rewards: Vec<Reward>,
    pub(crate) stored_value: Option<Rules>,
}

#[derive(Clone, Debug)]
pub(crate) struct Earn {
    pub(crate) id: String,
    pub(crate) when: Option<String>,
    pub(crate) basis: Vec<String>,
    /// From which amount on, and points for each unit of money.
    pub(crate) ladder: Vec<(Exact, Exact)>,
    pub(crate) over: Option<Window>,
}

#[derive(Clone, Debug)]
pub(crate) struct Bonus {
    pub(crate) id: String,
    pub(crate) when: Option<String>,
    pub(crate) multiply: Option<Exact>,
    pub(crate) add: i64,
}

#[derive(Clone, Debug)]
pub(crate) struct Tier {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) reach: Vec<Goal>,
    pub(crate) keep: Vec<Goal>,
    pub(crate) term: Term,
    pub(crate) one_down: bool,
    pub(crate) grace: Option<Span>,
    pub(crate) multiply: Exact,
    /// None: no growth value reaches it.
    pub(crate) growth: Option<i64>,
    pub(crate) deduction: i64,
    pub(crate) benefits: Vec<String>,
    /// The lines with which it is bought, and for how long.
    pub(crate) sold: Option<(String, Span)>,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Goal {
    pub(crate) measure: Measure,
    pub(crate) within: Window,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Measure {
    Spend(Exact),
    Visits(i64),
    Points(i64),
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Window {
    Rolling(Span),
    CalendarYear,
    MembershipYear,
    Term,
    Ever,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Term {
    Span(Span),
    CalendarYear,
    Lifelong,
    Rolling,
}

#[derive(Clone, Debug)]
pub(crate) struct Growth {
    /// Value for each unit of money.
    pub(crate) rate: Exact,
    /// Month and day, `"01-01"`.
    pub(crate) lowered_on: String,
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Integer(number) => number.to_string(),
        Value::Datetime(date) => date.to_string(),
        other => panic!("`{other:?}` is not a text"),
    }
}

pub(crate) fn get<'a>(table: &'a Table, key: &str) -> Option<&'a Value> {
    table.get(key)
}

pub(crate) fn text_or(table: &Table, key: &str, default: &str) -> String {
    get(table, key).map_or_else(|| default.to_owned(), text)
}

pub(crate) fn number(table: &Table, key: &str) -> Option<i64> {
    get(table, key).and_then(Value::as_integer)
}

fn tables<'a>(table: &'a Table, key: &str) -> Vec<&'a Table> {
    get(table, key)
        .and_then(Value::as_array)
        .map_or_else(Vec::new, |all| all.iter().filter_map(Value::as_table).collect())
}

fn texts(table: &Table, key: &str) -> Option<Vec<String>> {
    Some(get(table, key)?.as_array()?.iter().map(text).collect())
}

/// Points for each unit of money.
fn rate(table: &Table, key: &str) -> Exact {
    exact(&text_or(table, key, "1")) / exact(&text_or(table, "per", "1"))
}

fn window(text: &str) -> Window {
    match text {
        "calendar year" => Window::CalendarYear,
        "membership year" => Window::MembershipYear,
        "term" => Window::Term,
        "ever" => Window::Ever,
        span => Window::Rolling(Span::parse(span)),
    }
}

fn goal(table: &Table) -> Goal {
    let measure = if let Some(spend) = get(table, "spend") {
        Measure::Spend(exact(&text(spend)))
    } else if let Some(visits) = number(table, "visits") {
        Measure::Visits(visits)
    } else {
        Measure::Points(number(table, "points").expect("a goal"))
    };
    Goal { measure, within: window(&text_or(table, "within", "ever")) }
}

fn goals(value: Option<&Value>) -> Vec<Goal> {
    // A text is `"invitation"`: no way in.
    let Some(table) = value.and_then(Value::as_table) else { return Vec::new() };
    match table.get("any").and_then(Value::as_array) {
        Some(any) => any.iter().filter_map(Value::as_table).map(goal).collect(),
        None => vec![goal(table)],
    }
}

/// What introducing someone is worth.
#[derive(Clone, Debug)]
pub(crate) struct Introduction {
    pub(crate) give: i64,
    pub(crate) welcome: i64,
    pub(crate) after: Span,
    pub(crate) least: Exact,
    pub(crate) count: Option<i64>,
    pub(crate) within: Window,
}

fn introduction(table: &Table) -> Introduction {
    let within = |key: &str| get(table, key).and_then(Value::as_table);
    let at_most = within("at_most");
    Introduction {
        give: within("give").and_then(|give| number(give, "points")).expect("points"),
        welcome: within("welcome").and_then(|welcome| number(welcome, "points")).unwrap_or(0),
        after: Span::parse(&text_or(table, "after", "")),
        least: exact(&text_or(table, "least", "0")),
        count: at_most.and_then(|most| number(most, "count")),
        within: window(&at_most.map_or_else(|| "ever".to_owned(), |most| text_or(most, "within", "ever"))),
    }
}

impl Program {
    pub(crate) fn parse(source: &str) -> Program {
        Program::read(&source.parse::<Table>().expect("a program"))
    }

    pub(crate) fn read(top: &Table) -> Program {
        let empty = Table::new();
        let section = |key: &str| get(top, key).and_then(Value::as_table).unwrap_or(&empty);
        let points = section("points");
        let returns = get(points, "returns").and_then(Value::as_table).unwrap_or(&empty);
        let cap = get(points, "cap").and_then(Value::as_table).unwrap_or(&empty);
        let expires = get(points, "expires").and_then(Value::as_table).map(|table| {
            (
                Span::parse(&text_or(table, "after", "")),
                text_or(table, "at", ""),
                text_or(table, "from", "earned") == "usable",
            )
        });
        let default_not_earning =
            || ["points", "coupon", "coupons", "trade-in", "trade_in"].map(str::to_owned).to_vec();
        let mut tiers: Vec<Tier> = tables(top, "tier").into_iter().map(tier).collect();
        if tiers.is_empty() {
            let base: Table = "id = \"member\"\nname = \"member\"".parse().expect("a tier");
            tiers.push(tier(&base));
        }
        Program {
            effective: day(&text_or(top, "effective", "1900-01-01")),
            zone: text_or(top, "time_zone", "UTC").parse().expect("a time zone"),
            digits: if text_or(top, "currency", "CNY") == "JPY" { 0 } else { 2 },
            joins_at_purchase: text_or(top, "join", "first") == "at purchase",
            leap_day: text_or(section("dates"), "leap_day", "28 February"),
            leap_month: text_or(section("dates"), "leap_month", "ordinary"),
            rounding: text_or(points, "rounding", "down"),
            per_line: text_or(points, "round", "purchase") == "line",
            pending: get(points, "pending").map(|span| Span::parse(&text(span))),
            expires,
            stacking: text_or(points, "stacking", "best"),
            caps: ["purchase", "day", "month", "year"].map(|key| number(cap, key)),
            forgive: text_or(returns, "missing", "owe") == "forgive",
            restored: Span::parse(&text_or(returns, "restored", "30 days")),
            not_earning: texts(points, "not_earning").unwrap_or_else(default_not_earning),
            earn: tables(top, "earn").into_iter().map(earn).collect(),
            bonuses: tables(top, "bonus").into_iter().map(bonus).collect(),
            tiers,
            qualifying: get(section("qualifying"), "when").map(text),
            reassess_on_return: text_or(section("qualifying"), "on_return", "keep") == "reassess",
            seats: get(top, "household").and_then(Value::as_table).map_or(usize::MAX, |household| {
                usize::try_from(number(household, "members").unwrap_or(64)).expect("seats")
            }),
            pools_spend: get(top, "household")
                .and_then(Value::as_table)
                .and_then(|household| get(household, "pool_spend"))
                .and_then(Value::as_bool)
                .unwrap_or(false),
            introduction: get(top, "introduction").and_then(Value::as_table).map(introduction),
            benefits: tables(top, "benefit").into_iter().map(benefit).collect(),
            rewards: tables(top, "reward").into_iter().map(reward).collect(),
            stored_value: get(top, "stored_value").and_then(Value::as_table).map(rules),
            coupons: get(top, "coupon")
                .and_then(Value::as_array)
                .map_or_else(Vec::new, |all| all.iter().filter_map(kind).collect()),
            gives: get(top, "trigger")
                .and_then(Value::as_array)
                .into_iter()
                .flatten()
                .filter_map(gift)
                .collect(),
            growth: get(top, "growth").and_then(Value::as_table).map(|growth| Growth {
                rate: rate(growth, "value"),
                lowered_on: text_or(growth, "lowered_on", "01-01"),
            }),
        }
    }
}

fn earn(table: &Table) -> Earn {
    let slices = tables(table, "ladder");
    let ladder = if slices.is_empty() {
        vec![(whole(0), rate(table, "points"))]
    } else {
        slices.into_iter().map(|slice| (exact(&text_or(slice, "from", "0")), rate(slice, "points"))).collect()
    };
    let over = text_or(table, "over", "purchase");
    Earn {
        id: text_or(table, "id", ""),
        when: get(table, "when").map(text),
        basis: texts(table, "basis").unwrap_or_default(),
        ladder,
        over: (over != "purchase").then(|| window(&over)),
    }
}

fn bonus(table: &Table) -> Bonus {
    Bonus {
        id: text_or(table, "id", ""),
        when: get(table, "when").map(text),
        multiply: get(table, "multiply").map(|by| exact(&text(by))),
        add: number(table, "add").unwrap_or(0),
    }
}

fn tier(table: &Table) -> Tier {
    let lapse = get(table, "lapse").and_then(Value::as_table);
    Tier {
        id: text_or(table, "id", ""),
        name: text_or(table, "name", ""),
        reach: goals(get(table, "reach")),
        keep: goals(get(table, "keep")),
        term: match text_or(table, "term", "lifelong").as_str() {
            "calendar year" => Term::CalendarYear,
            "lifelong" => Term::Lifelong,
            "rolling" => Term::Rolling,
            span => Term::Span(Span::parse(span)),
        },
        one_down: lapse.is_none_or(|lapse| text_or(lapse, "to", "one down") == "one down"),
        grace: lapse.and_then(|lapse| get(lapse, "grace")).map(|span| Span::parse(&text(span))),
        multiply: exact(&text_or(table, "multiply", "1")),
        growth: number(table, "growth"),
        deduction: number(table, "deduction").unwrap_or(0),
        benefits: texts(table, "benefits").unwrap_or_default(),
        sold: get(table, "sold")
            .and_then(Value::as_table)
            .map(|sold| (text_or(sold, "lines", ""), Span::parse(&text_or(sold, "term", "")))),
    }
}
