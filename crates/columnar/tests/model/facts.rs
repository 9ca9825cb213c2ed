//! The rows as facts, one after another, by the core's own constructors.

use super::{Case, Join, Row};
use parure::calendar::{Anniversary, Day, Moment};
use parure::fact::{Fact, Line, Profile, Purchase, Quantity, ReturnedLine, Tender};
use parure::fault::Fault;
use parure::money::{Currency, Money};
use parure::program::Program;
use std::collections::BTreeSet;

/// Midnight of 1 January 2026 in Shanghai.
pub(crate) const START: i64 = 1_767_196_800_000_000;
const MINUTE: i64 = 60_000_000;

/// What a table tells.
pub(crate) struct Told {
    /// Who joined, then purchases and returns in the order of their first rows.
    pub(crate) facts: Vec<Fact<'static>>,
    /// The rows that are set aside.
    pub(crate) rejects: Vec<i64>,
}

impl Told {
    pub(crate) fn by(case: &Case, program: &Program) -> Told {
        let mut facts = Vec::new();
        let mut rejects = BTreeSet::new();
        let mut joined = BTreeSet::new();
        let mut bad_joins = Vec::new();
        for (row, join) in case.joins.iter().flatten().enumerate() {
            if joined.insert(join.customer) {
                facts.push(join_fact(case, join));
            } else {
                bad_joins.push(i64::try_from(row).unwrap());
            }
        }
        let mut groups: Vec<Vec<usize>> = Vec::new();
        for (at, row) in case.rows.iter().enumerate() {
            if case.has_ids && row.id.is_none() {
                rejects.insert(at);
                continue;
            }
            let same = |group: &&mut Vec<usize>| case.has_ids && case.rows[group[0]].id == row.id;
            match groups.iter_mut().find(same) {
                Some(group) => group.push(at),
                None => groups.push(vec![at]),
            }
        }
        for group in groups {
            match fact(case, &group, program.currency()) {
                Some(fact) => facts.push(fact),
                None => rejects.extend(group),
            }
        }
        let sales = rejects.into_iter().map(|row| i64::try_from(row).unwrap());
        Told { facts, rejects: bad_joins.into_iter().chain(sales).collect() }
    }
}

fn join_fact(case: &Case, join: &Join) -> Fact<'static> {
    let at = Moment::from_micros(START + join.at * MINUTE, 0).unwrap();
    let mut profile = Profile::default();
    if let Some((month, day)) = join.birthday {
        let date = Anniversary::solar(None, month.try_into().unwrap(), day.try_into().unwrap());
        profile = profile.with_birthday(date.unwrap());
    }
    if let Some(tags) = &join.tags {
        profile = profile.with_tags(tags.iter().map(|tag| format!("tag-{tag}")));
    }
    let customer = case.name(join.customer);
    Fact::joined(format!("joined:{customer}"), at, customer, profile).unwrap()
}

/// None where a row is bad, the rows differ, or they make no fact.
fn fact(case: &Case, group: &[usize], currency: Currency) -> Option<Fact<'static>> {
    let rows: Vec<&Row> = group.iter().map(|at| &case.rows[*at]).collect();
    let head = rows[0];
    let own = |row: &Row| {
        let day = if case.tells_days() { row.at.div_euclid(1_440) } else { row.at };
        (row.customer, day, row.store, row.staff, row.discount.unwrap_or(0), row.points.unwrap_or(0))
    };
    let worth = |row: &Row| (row.points_amount.unwrap_or(0), row.returns);
    if rows.iter().any(|row| own(row) != own(head) || worth(row) != worth(head)) {
        return None;
    }
    if rows.iter().any(|row| row.amount.is_none_or(|amount| amount < 0)) {
        return None;
    }
    made(case, group[0], &rows, currency).ok()
}

fn made(case: &Case, first: usize, rows: &[&Row], currency: Currency) -> Result<Fact<'static>, Fault> {
    let head = rows[0];
    let none = || Fault::new("missing_key", "");
    let customer = case.name(head.customer.ok_or_else(none)?);
    let id = if case.has_ids { case.name(head.id.unwrap()) } else { format!("row:{first}") };
    let quantity = |row: &Row| {
        row.quantity.map_or(Ok(Quantity::ONE), |parts| {
            Quantity::parse(&format!("{}.{:03}", parts / 1_000, parts % 1_000))
        })
    };
    let amount = |row: &Row| Money::from_minor(row.amount.unwrap());
    let line = |row: &Row| row.line.filter(|_| case.has_lines).map(|line| line.to_string());
    let mut fact = match head.returns {
        Some(purchase) => {
            let lines = rows
                .iter()
                .map(|row| Ok(ReturnedLine::new(line(row).ok_or_else(none)?, quantity(row)?, amount(row))));
            let lines = lines.collect::<Result<Vec<_>, Fault>>()?;
            Fact::returned(id, at(case, first), customer, case.name(purchase), lines, currency)?
        }
        None => {
            let mut lines = Vec::new();
            for (row, count) in rows.iter().zip(1_usize..) {
                let item = row.item.map_or(String::new(), |item| format!("item-{item}"));
                let category = row.category.map_or(String::new(), |category| format!("category-{category}"));
                let id = line(row).unwrap_or_else(|| count.to_string());
                lines.push(Line::new(id, item, category, quantity(row)?, amount(row)));
            }
            let (points, worth) = (head.points.unwrap_or(0), head.points_amount.unwrap_or(0));
            let discount = head.discount.unwrap_or(0);
            let mut tenders = Vec::new();
            if (points, worth) != (0, 0) {
                tenders.push(Tender::points(points, Money::from_minor(worth)));
                let sum: i64 = rows.iter().map(|row| row.amount.unwrap()).sum();
                if sum - discount - worth > 0 {
                    tenders.push(Tender::new("other", Money::from_minor(sum - discount - worth)));
                }
            }
            let purchase = Purchase::new(lines, Money::from_minor(discount), tenders, currency)?;
            Fact::purchased(id, at(case, first), customer, purchase)?
        }
    };
    if let Some(store) = head.store {
        fact = fact.at_store(format!("store-{store}"))?;
    }
    if let Some(staff) = head.staff {
        fact = fact.by_staff(format!("staff-{staff}"))?;
    }
    Ok(fact)
}

fn at(case: &Case, first: usize) -> Moment {
    let row = &case.rows[first];
    let micros = START + row.at * MINUTE;
    let offset = [0, 480, 480, -300, 0, 480][usize::from(case.types.at).min(5)];
    if case.tells_days() {
        let day = Day::from_number(20_454 + row.at.div_euclid(1_440));
        let start = START + i64::from(day.number() - 20_454) * 1_440 * MINUTE;
        return Moment::from_micros(start + i64::try_from(first).unwrap(), 480).unwrap();
    }
    Moment::from_micros(micros, offset).unwrap()
}
