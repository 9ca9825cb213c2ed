//! A table of customers: who joined, when, and what they told of themselves.

use crate::check::repeated;
use crate::codes::{BAD, place};
use crate::error::Error;
use crate::key::Key;
use crate::names::What;
use crate::rejects::{Misfit, Rejects};
use crate::sales::{Sales, number};
use crate::table::Held;
use crate::{text, when};
use arrow_array::cast::AsArray;
use arrow_array::types::Date32Type;
use arrow_array::{Array, ArrayRef};
use arrow_schema::DataType;
use hashbrown::HashSet;
use parure::calendar::{Anniversary, Day};
use parure::fact::{Fact, Profile, Text};
use parure::fault::Fault;
use std::ops::Range;

/// Someone joined.
#[derive(Debug)]
pub(crate) struct Join<'a> {
    /// The code among the customers of the sales.
    pub(crate) customer: u32,
    pub(crate) fact: Fact<'a>,
}

/// Reads the table. Its customers get codes behind those of the sales.
pub(crate) fn read<'a>(
    held: &Held<'a>,
    sales: &mut Sales<'a>,
    rejects: &mut Rejects,
) -> Result<Vec<Join<'a>>, Error> {
    if held.has(What::Id) {
        sales.tabulate();
    }
    let mut joins = Vec::with_capacity(held.rows());
    let mut ids: HashSet<Text<'a>, foldhash::fast::FixedState> = HashSet::default();
    let mut misfits = Vec::new();
    for row in 0..held.rows() {
        match join(held, row, sales, &mut ids) {
            Ok(join) => joins.push(join),
            Err(misfit) => misfits.push(*misfit),
        }
    }
    rejects.take(held, &mut misfits)?;
    Ok(joins)
}

fn join<'a>(
    held: &Held<'a>,
    at: usize,
    sales: &mut Sales<'a>,
    ids: &mut HashSet<Text<'a>, foldhash::fast::FixedState>,
) -> Result<Join<'a>, Box<Misfit>> {
    let row = number(at);
    let cell = |what: What| held.cell(what, at);
    let name = |what: What| cell(what).and_then(|(column, at)| text::one(column, at));
    let bad = |what: What| move |fault: Fault| Box::new(Misfit::cell(row, what, fault));
    let empty = |what: What| Box::new(Misfit::empty(row, what));
    let customer = name(What::Customer).ok_or_else(|| empty(What::Customer))?;
    let moment = cell(What::At).map_or(Ok(None), |(column, at)| when::moment(column, at, row, sales.by.zone));
    let moment = moment.map_err(bad(What::At))?.ok_or_else(|| empty(What::At))?;
    let lunar = cell(What::Lunar).is_some_and(|(column, at)| is_true(column, at));
    let mut profile = Profile::default();
    if let Some((column, at)) = cell(What::Birthday)
        && let Some(birthday) = birthday(column, at, lunar).map_err(bad(What::Birthday))?
    {
        profile = profile.with_birthday(birthday);
    }
    if let Some((column, at)) = cell(What::Tags)
        && let Some(tags) = tags(column, at)
    {
        profile = profile.with_tags(tags);
    }
    let id = name(What::Id).map_or_else(|| Text::from(format!("joined:{customer}")), Key::text);
    let fact = Fact::joined(id.clone(), moment, customer.text(), profile).map_err(|fault| {
        let what = match fault.path.as_str() {
            "id" if name(What::Id).is_some() => What::Id,
            "id" | "customer" => What::Customer,
            _ => What::Tags,
        };
        bad(what)(fault)
    })?;
    if sales.find(Key::Text(&id)).is_some() || ids.contains(&id) {
        return Err(Box::new(repeated(row, &id)));
    }
    ids.insert(id);
    let code = sales.names.customers.code_across(customer);
    if code == BAD || place(code) >= sales.names.customers.len() {
        return Err(empty(What::Customer));
    }
    Ok(Join { customer: code, fact })
}

fn is_true(column: &ArrayRef, at: usize) -> bool {
    match column.data_type() {
        DataType::Boolean => {
            let cells = column.as_boolean();
            cells.is_valid(at) && cells.value(at)
        }
        _ => false,
    }
}

fn birthday(column: &ArrayRef, at: usize, lunar: bool) -> Result<Option<Anniversary>, Fault> {
    let (year, month, day) = match column.data_type() {
        DataType::Date32 => {
            let cells = column.as_primitive::<Date32Type>();
            if cells.is_null(at) {
                return Ok(None);
            }
            let number = i64::from(cells.value(at));
            let day = Day::from_number(number);
            if i64::from(day.number()) != number {
                return Err(Fault::new("day_text", "the day is not between the years 1800 and 2299"));
            }
            let (year, month, day) = day.civil();
            (Some(year), month, day)
        }
        _ => match text::one(column, at) {
            Some(written) => year_month_day(&written.text())?,
            None => return Ok(None),
        },
    };
    let outside = || Fault::new("date_unreal", "there is no such date in the calendar");
    let year = year.map(i16::try_from).transpose().map_err(|_| outside())?;
    let month = u8::try_from(month).map_err(|_| outside())?;
    let day = u8::try_from(day).map_err(|_| outside())?;
    let date = if lunar {
        Anniversary::lunar(year, month, false, day)
    } else {
        Anniversary::solar(year, month, day)
    };
    date.map(Some)
}

/// `1990-05-20`, `05-20`.
fn year_month_day(written: &str) -> Result<(Option<i32>, u32, u32), Fault> {
    let wrong = || {
        let shown: String = written.chars().take(40).collect();
        Fault::new("date_text", format!("`{shown}` is not a date"))
            .advise("write month and day, with the year where it is known: 05-20 or 1990-05-20")
    };
    let number = |part: &str, length: usize| {
        let plain = part.len() == length && part.bytes().all(|byte| byte.is_ascii_digit());
        plain.then(|| part.parse::<u32>().ok()).flatten().ok_or_else(wrong)
    };
    let parts: Vec<&str> = written.split('-').collect();
    match parts.as_slice() {
        [month, day] => Ok((None, number(month, 2)?, number(day, 2)?)),
        [year, month, day] => {
            let year = i32::try_from(number(year, 4)?).map_err(|_| wrong())?;
            Ok((Some(year), number(month, 2)?, number(day, 2)?))
        }
        _ => Err(wrong()),
    }
}

/// The tags of a row; empty cells of the list are none.
fn tags<'a>(column: &'a ArrayRef, at: usize) -> Option<Vec<Text<'a>>> {
    let (values, range): (&'a ArrayRef, Range<usize>) = match column.data_type() {
        DataType::List(_) => {
            let lists = column.as_list::<i32>();
            if lists.is_null(at) {
                return None;
            }
            let bound = |at: usize| lists.value_offsets().get(at).and_then(|end| usize::try_from(*end).ok());
            (lists.values(), bound(at)?..bound(at.saturating_add(1))?)
        }
        DataType::LargeList(_) => {
            let lists = column.as_list::<i64>();
            if lists.is_null(at) {
                return None;
            }
            let bound = |at: usize| lists.value_offsets().get(at).and_then(|end| usize::try_from(*end).ok());
            (lists.values(), bound(at)?..bound(at.saturating_add(1))?)
        }
        _ => return None,
    };
    let mut tags = Vec::with_capacity(range.len());
    text::each(values, range, |key| tags.extend(key.map(Key::text)));
    Some(tags)
}
