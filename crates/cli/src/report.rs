//! The report that a person sees.

use crate::batches::Read;
use crate::figures::{bar, percent, thousands};
use crate::table::{Side, aligned};
use anstyle::Style;
use parure::book::{MonthReport, Report};
use parure::program::Program;

/// Months that are shown unless all are asked for.
const MONTHS: usize = 24;
/// Characters of the widest bar.
const BAR: u64 = 28;

const LEFT: Side = Side::Left;
const RIGHT: Side = Side::Right;

/// What a replay came to.
pub(crate) fn replayed(program: &Program, read: &Read, report: &Report, all_months: bool) -> String {
    let mut text = format!(
        "{}, as of {}\n{}\n",
        heading(program.name()),
        report.on,
        faint(&read_as_text(read, &format!("amounts in {}", program.currency()))),
    );
    text.push_str(&members(report));
    text.push_str(&points(program, report));
    text.push_str(&months(&report.months, all_months));
    text.push_str(&flags(report));
    text
}

pub(crate) fn heading(text: &str) -> String {
    let bold = Style::new().bold();
    format!("{bold}{text}{bold:#}")
}

pub(crate) fn faint(text: &str) -> String {
    let dimmed = Style::new().dimmed();
    format!("{dimmed}{text}{dimmed:#}")
}

pub(crate) fn read_as_text(read: &Read, more: &str) -> String {
    let mut parts = vec![format!("{} facts", thousands(read.new))];
    if read.known > 0 {
        parts.push(format!("{} read again", thousands(read.known)));
    }
    if read.bad > 0 {
        parts.push(format!("{} bad rows set aside", thousands(read.bad)));
    }
    parts.push(more.to_owned());
    parts.join(", ")
}

fn members(report: &Report) -> String {
    let signed = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
    let rows = report.tiers.iter().rev().map(|tier| {
        vec![
            tier.name.clone(),
            thousands(tier.members),
            percent(signed(tier.members), signed(report.members)),
            bar(tier.members, report.members, BAR),
        ]
    });
    let title = format!("{} {}", heading("Members"), thousands(report.members));
    format!("\n{title}\n{}", aligned(&[], &[LEFT, RIGHT, RIGHT, LEFT], &rows.collect::<Vec<_>>()))
}

fn points(program: &Program, report: &Report) -> String {
    let totals = &report.totals;
    let came_in = [("awarded", totals.awarded), ("by hand", totals.adjusted), ("received", totals.received)];
    let went_out = [
        ("spent", totals.spent),
        ("given away", totals.given),
        ("taken back for returns", totals.taken_back),
        ("lapsed", totals.lapsed),
    ];
    let always = ["awarded", "spent", "taken back for returns", "lapsed"];
    let row = |name: &str, points: i64| {
        vec![name.to_owned(), thousands(points), percent(points, totals.awarded), String::new()]
    };
    let shown = |(name, points): &(&str, i64)| *points != 0 || always.contains(name);
    let moved = came_in.iter().chain(&went_out).filter(|figure| shown(figure));
    let mut rows: Vec<Vec<String>> = moved.map(|(name, points)| row(name, *points)).collect();
    let mut outstanding = row("outstanding", report.outstanding);
    if let (Some(last), Some(cost)) = (outstanding.last_mut(), report.cost) {
        *last = format!("worth {} {}", thousands(cost), program.currency());
    }
    rows.push(outstanding);
    for (name, points) in
        [("  of it not usable yet", report.pending), ("  less owed by members", report.debt)]
    {
        if points != 0 {
            rows.push(row(name, points));
        }
    }
    format!("\n{}\n{}", heading("Points"), aligned(&[], &[LEFT, RIGHT, RIGHT, LEFT], &rows))
}

fn months(months: &[MonthReport], all: bool) -> String {
    if months.is_empty() {
        return String::new();
    }
    let skipped = if all { 0 } else { months.len().saturating_sub(MONTHS) };
    let header = ["Month", "Purchases", "To pay", "Awarded", "Spent", "Taken back", "Lapsed", "Outstanding", "Worth"];
    let rows = months.iter().skip(skipped).map(|month| {
        vec![
            month.month.clone(),
            thousands(month.purchases),
            thousands(month.spend),
            thousands(month.awarded),
            thousands(month.spent),
            thousands(month.taken_back),
            thousands(month.lapsed),
            thousands(month.outstanding),
            month.cost.map_or_else(String::new, thousands),
        ]
    });
    let mut sides = [RIGHT; 9];
    sides[0] = LEFT;
    let mut text = aligned(&header, &sides, &rows.collect::<Vec<_>>());
    if let Some((first, rest)) = text.split_once('\n') {
        text = format!("{}\n{rest}", heading(first));
    }
    if skipped > 0 {
        text.push_str(&format!(
            "  {}\n",
            faint(&format!("{skipped} months before these are left out: --all-months"))
        ));
    }
    format!("\n{text}")
}

fn flags(report: &Report) -> String {
    if report.flags.is_empty() {
        return String::new();
    }
    let rows = report.flags.iter().map(|flag| vec![flag.code.to_owned(), thousands(flag.count)]);
    let title = heading("Flags: what would have been refused at the till");
    format!("\n{title}\n{}", aligned(&[], &[LEFT, RIGHT], &rows.collect::<Vec<_>>()))
}
