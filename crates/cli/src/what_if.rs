//! `parure what-if`: the same history under two programs, side by side.

use crate::args::{Facts, WhatIfArgs};
use crate::batches::Read;
use crate::failure::Failure;
use crate::figures::{signed, thousands};
use crate::history::History;
use crate::input::at_work;
use crate::office::{Office, ProgramHead};
use crate::replay::the_day;
use crate::report::{faint, heading, read_as_text};
use crate::table::{Side, aligned};
use parure::book::{Book, Report, WhatIf};
use parure::program::Program;
use serde_json::json;
use std::path::Path;

/// Members who move that are named to people; JSON names a thousand.
const NAMED: usize = 10;

const SIDES: [Side; 4] = [Side::Left, Side::Right, Side::Right, Side::Right];

pub(crate) fn what_if(asked: &WhatIfArgs, office: &mut Office) -> Result<(), Failure> {
    // What is not there has been told by whoever reads the arguments.
    let (now, then) = match &asked.second {
        Some(then) => (Some(&asked.first), then),
        None => (None, &asked.first),
    };
    let now = now.map(|path| office.program(path)).transpose()?;
    let then = office.program(then)?;
    let facts = Facts { files: &asked.files, rows: &asked.rows };
    let history = match (&now, &asked.book) {
        (Some(now), _) => History::fold(now, facts, &[], office),
        (None, book) => History::kept(book.as_deref().unwrap_or(Path::new("")), &[]),
    }?;
    history.ask(|book| compared(asked, book, history.read(), &then, office))
}

fn compared(
    asked: &WhatIfArgs,
    book: &Book,
    read: Read,
    then: &Program,
    office: &mut Office,
) -> Result<(), Failure> {
    let on = the_day(asked.as_of, book)?;
    let bar = at_work("folding the history under both programs");
    let compared = book.what_if(then, on).map_err(Failure::Unknown);
    bar.finish_and_clear();
    let compared = compared?;
    let now = book.program_on(on);
    office.answer(
        || {
            let programs = json!({ "now": serde_json::to_value(ProgramHead::of(now))?, "then": serde_json::to_value(ProgramHead::of(then))? });
            Ok(json!({ "programs": programs, "read": read, "what_if": serde_json::to_value(&compared)? }))
        },
        || text(now, then, &read, &compared),
    )
}

fn text(now: &Program, then: &Program, read: &Read, compared: &WhatIf) -> String {
    let mut text = format!(
        "{} → {}, as of {}\n{}\n",
        heading(now.name()),
        heading(then.name()),
        compared.now.on,
        faint(&read_as_text(read, &format!("amounts in {}", now.currency()))),
    );
    text.push_str(&section("Points", &points(&compared.now, &compared.then)));
    text.push_str(&section("Members", &tiers(&compared.now, &compared.then)));
    text.push_str(&moved(compared));
    text
}

fn section(title: &str, rows: &[Vec<String>]) -> String {
    let table = aligned(&[title, "now", "then", "difference"], &SIDES, rows);
    let (first, rest) = table.split_once('\n').unwrap_or((&table, ""));
    format!("\n{}\n{rest}", heading(first))
}

fn figure(name: &str, now: i64, then: i64) -> Vec<String> {
    let difference = i128::from(then) - i128::from(now);
    vec![name.to_owned(), thousands(now), thousands(then), signed(difference)]
}

fn points(now: &Report, then: &Report) -> Vec<Vec<String>> {
    type Of = fn(&Report) -> i64;
    let figures: [(&str, Of); 9] = [
        ("awarded", |report| report.totals.awarded),
        ("by hand", |report| report.totals.adjusted),
        ("spent", |report| report.totals.spent),
        ("taken back for returns", |report| report.totals.taken_back),
        ("lapsed", |report| report.totals.lapsed),
        ("outstanding", |report| report.outstanding),
        ("  of it not usable yet", |report| report.pending),
        ("  less owed by members", |report| report.debt),
        ("flags", |report| {
            report.flags.iter().map(|flag| i64::try_from(flag.count).unwrap_or(i64::MAX)).sum()
        }),
    ];
    let optional = ["by hand", "  of it not usable yet", "  less owed by members", "flags"];
    let mut rows = Vec::new();
    for (name, of) in figures {
        let (before, after) = (of(now), of(then));
        if (before, after) != (0, 0) || !optional.contains(&name) {
            rows.push(figure(name, before, after));
        }
        if name == "outstanding" && (now.cost.is_some() || then.cost.is_some()) {
            rows.push(worth(now, then));
        }
    }
    rows
}

/// What the outstanding points are worth, where the programs say so.
fn worth(now: &Report, then: &Report) -> Vec<String> {
    let shown = |report: &Report| report.cost.map_or_else(|| "–".to_owned(), thousands);
    let difference = match (now.cost, then.cost) {
        (Some(now), Some(then)) if then > now => format!("+{}", thousands(then - now)),
        (Some(now), Some(then)) => thousands(then - now),
        _ => String::new(),
    };
    vec!["  worth".to_owned(), shown(now), shown(then), difference]
}

/// Members by tier, high to low, those of the programs together by id.
fn tiers(now: &Report, then: &Report) -> Vec<Vec<String>> {
    let count = |report: &Report, id: &str| {
        let tier = report.tiers.iter().find(|tier| tier.id == id);
        tier.map_or(0, |tier| i64::try_from(tier.members).unwrap_or(i64::MAX))
    };
    let gone = now.tiers.iter().filter(|tier| !then.tiers.iter().any(|other| other.id == tier.id));
    let all = then.tiers.iter().rev().chain(gone);
    let rows = all.map(|tier| figure(&tier.name, count(now, &tier.id), count(then, &tier.id)));
    let total = |report: &Report| i64::try_from(report.members).unwrap_or(i64::MAX);
    rows.chain([figure("all", total(now), total(then))]).collect()
}

fn moved(compared: &WhatIf) -> String {
    if compared.moved.is_empty() {
        return "\nNobody would hold another tier.\n".to_owned();
    }
    let rows = compared
        .moved
        .iter()
        .map(|way| vec![way.from.to_string(), "→".to_owned(), way.to.to_string(), thousands(way.members)]);
    let sides = [Side::Left, Side::Left, Side::Left, Side::Right];
    let table = aligned(&[], &sides, &rows.collect::<Vec<_>>());
    let named = compared.members.iter().take(NAMED);
    let named: Vec<String> =
        named.map(|who| format!("{} ({} → {})", who.account, who.from, who.to)).collect();
    let total: u64 = compared.moved.iter().map(|way| way.members).sum();
    let more = if total > NAMED as u64 { ", …" } else { "" };
    format!(
        "\n{}\n{table}  {}\n",
        heading("Who would hold another tier"),
        faint(&format!("{}{more}", named.join(", ")))
    )
}
