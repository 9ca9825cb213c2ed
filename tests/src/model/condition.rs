//! Conditions, in the handful of forms that the scenarios and the generator write: comparisons joined by `&&`.

use super::calendar::{Birthday, Day, date, day};
use super::program::{Exact, exact};
use chrono::Datelike;
use serde_json::Value;

/// What a condition may ask about.
pub(crate) struct Asked<'a> {
    pub(crate) day: Day,
    pub(crate) store: &'a str,
    pub(crate) tier: &'a str,
    pub(crate) tags: &'a [String],
    pub(crate) birthday: Option<Birthday>,
    pub(crate) leap_day: &'a str,
    pub(crate) leap_month: &'a str,
    pub(crate) purchases: i64,
    pub(crate) visits: i64,
    pub(crate) points: i64,
    pub(crate) spend_total: Exact,
    pub(crate) amount: Exact,
    /// The categories of the lines that are left.
    pub(crate) categories: Vec<&'a str>,
    pub(crate) category: Option<&'a str>,
    pub(crate) item: Option<&'a str>,
    /// The program's own fields, of the lines that are left and of the one that is asked about.
    pub(crate) customs: Vec<&'a Value>,
    pub(crate) custom: Option<&'a Value>,
}

pub(crate) fn asks_of_a_line(condition: Option<&String>) -> bool {
    condition.is_some_and(|condition| condition.contains("line."))
}

pub(crate) fn holds(condition: Option<&String>, asked: &Asked<'_>) -> bool {
    condition.is_none_or(|condition| condition.split(" && ").all(|part| term(part.trim(), asked)))
}

fn quoted(text: &str) -> &str {
    text.split('"').nth(1).unwrap_or_else(|| panic!("no text in `{text}`"))
}

fn compare<T: PartialOrd>(left: &T, operator: &str, right: &T) -> bool {
    match operator {
        "==" => left == right,
        "!=" => left != right,
        ">=" => left >= right,
        "<=" => left <= right,
        ">" => left > right,
        "<" => left < right,
        _ => panic!("`{operator}` is no comparison"),
    }
}

/// `hallmark == "999"`, `weight >= 10.0`, or a flag.
fn custom(part: &str, told: &Value) -> bool {
    let mut words = part.splitn(3, ' ');
    let (field, operator, right) =
        (words.next().unwrap_or(""), words.next().unwrap_or(""), words.next().unwrap_or(""));
    let told = &told[field];
    if operator.is_empty() {
        return *told == Value::Bool(true);
    }
    if right.starts_with('"') {
        return compare(&told.as_str().unwrap_or(""), operator, &quoted(right));
    }
    let number = told.as_str().map_or_else(|| told.to_string(), str::to_owned);
    number.starts_with(|sign: char| sign.is_ascii_digit())
        && compare(&exact(&number), operator, &exact(right))
}

fn term(part: &str, asked: &Asked<'_>) -> bool {
    if let Some(prefix) = part.strip_prefix("line.category.startsWith(") {
        return asked.category.is_some_and(|category| category.starts_with(quoted(prefix)));
    }
    if let Some(some) = part.strip_prefix("purchase.lines.exists(l, l.category == ") {
        return asked.categories.contains(&quoted(some));
    }
    if let Some(field) = part.strip_prefix("purchase.lines.exists(l, l.custom.") {
        return asked.customs.iter().any(|told| custom(field.trim_end_matches(')'), told));
    }
    if let Some(field) = part.strip_prefix("line.custom.") {
        return asked.custom.is_some_and(|told| custom(field, told));
    }
    if part.ends_with(" in customer.tags") {
        return asked.tags.iter().any(|tag| tag == quoted(part));
    }
    if let Some(list) = part.strip_prefix("customer.tier in [") {
        return list.split('"').skip(1).step_by(2).any(|tier| tier == asked.tier);
    }
    let mut words = part.splitn(3, ' ');
    let (left, operator, right) =
        (words.next().unwrap_or(""), words.next().unwrap_or(""), words.next().unwrap_or(""));
    let number = || right.parse::<i64>().unwrap_or_else(|_| panic!("`{right}` is no number"));
    match left {
        "line.category" => {
            asked.category.is_some_and(|category| compare(&category, operator, &quoted(right)))
        }
        "line.item" => asked.item.is_some_and(|item| compare(&item, operator, &quoted(right))),
        "customer.tier" => compare(&asked.tier, operator, &quoted(right)),
        "store" => compare(&asked.store, operator, &quoted(right)),
        "customer.purchases" => compare(&asked.purchases, operator, &number()),
        "customer.visits" => compare(&asked.visits, operator, &number()),
        "customer.points" => compare(&asked.points, operator, &number()),
        "customer.spend_total" => compare(&asked.spend_total, operator, &exact(quoted(right))),
        "purchase.amount" => compare(&asked.amount, operator, &exact(quoted(right))),
        "day" => compare(&asked.day, operator, &day(quoted(right))),
        "day.month" => compare(&i64::from(date(asked.day).month()), operator, &number()),
        "customer.birthday.month" => {
            let nearest =
                asked.birthday.and_then(|kept| kept.nearest(asked.day, asked.leap_day, asked.leap_month));
            nearest.is_some_and(|birthday| date(birthday).month() == date(asked.day).month())
        }
        _ => panic!("the model does not read `{part}`"),
    }
}
