//! `parure customer`, `timeline`, `export-person` and `export --customer`: what is known of someone, what happened with them, and all of it.

use crate::args::{PersonArgs, TimelineArgs};
use crate::failure::Failure;
use crate::history::History;
use crate::office::Office;
use crate::replay::the_day;
use parure::Id;
use parure::book::{CustomerView, Timeline, TimelineOf};
use parure::calendar::Day;
use serde_json::Value;

pub(crate) fn customer(asked: &PersonArgs, office: &mut Office) -> Result<(), Failure> {
    let history = History::open(&asked.history, &[], office)?;
    let on = history.ask(|book| the_day(asked.on, book))?;
    let view = history.ask(|book| book.customer(&asked.customer, on)).map_err(Failure::Refused)?;
    office.answer(|| serde_json::to_value(&view), || shown(&view))
}

pub(crate) fn timeline(asked: &TimelineArgs, office: &mut Office) -> Result<(), Failure> {
    let history = History::open(&asked.history, &[], office)?;
    let of = TimelineOf {
        kinds: asked.kinds.clone(),
        before: asked.before.as_deref().map(Id::new),
        limit: asked.limit,
    };
    let timeline = history.ask(|book| book.timeline(&asked.customer, &of)).map_err(Failure::Refused)?;
    office.answer(|| serde_json::to_value(&timeline), || happened(&timeline))
}

pub(crate) fn export(asked: &PersonArgs, office: &mut Office) -> Result<(), Failure> {
    held(&History::open(&asked.history, &[], office)?, &asked.customer, asked.on, office)
}

/// All that is held on one person. Always JSON: it is for them to take with them.
pub(crate) fn held(
    history: &History,
    customer: &str,
    on: Option<Day>,
    office: &mut Office,
) -> Result<(), Failure> {
    let on = history.ask(|book| the_day(on, book))?;
    let held = history.ask(|book| book.export_person(customer, on)).map_err(Failure::Refused)?;
    let value = || serde_json::to_value(&held);
    office.answer(value, || {
        let text = value().and_then(|held| serde_json::to_string_pretty(&held)).unwrap_or_default();
        text + "\n"
    })
}

fn shown(view: &CustomerView) -> String {
    let mut text =
        format!("`{}` on {}, {} % of what is asked for is known\n", view.account, view.on, view.complete);
    for alias in &view.aliases {
        text.push_str(&format!("  also `{alias}`\n"));
    }
    for (field, held) in &view.profile {
        text.push_str(&format!("  {field:<14} {}\n", plain(held)));
    }
    if !view.ask.is_empty() {
        let ask: Vec<&str> = view.ask.iter().map(|ask| ask.name.as_deref().unwrap_or(&ask.field)).collect();
        text.push_str(&format!("  ask next for   {}\n", ask.join(", ")));
    }
    for consent in &view.consent {
        let until = consent.until.map_or_else(String::new, |until| format!(" until {until}"));
        text.push_str(&format!(
            "  {} for {}: {} since {}{until}, by `{}`\n",
            consent.channel, consent.purpose, consent.state, consent.since, consent.fact
        ));
    }
    if let Some(last) = view.heard.last {
        let until = view.heard.until.map_or_else(String::new, |until| format!(", to be asked by {until}"));
        text.push_str(&format!("  heard of on {last}{until}\n"));
    }
    for flag in &view.flags {
        let facts: Vec<String> = flag.facts.iter().map(|fact| format!("`{fact}`")).collect();
        text.push_str(&format!("  flag {}: {}\n", flag.code, facts.join(", ")));
    }
    text
}

/// A value as people read it: texts without quotes, lists and tables on the line.
fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(all) => all.iter().map(plain).collect::<Vec<_>>().join(", "),
        Value::Object(keys) => {
            keys.iter().map(|(key, value)| format!("{key} {}", plain(value))).collect::<Vec<_>>().join(", ")
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => value.to_string(),
    }
}

fn happened(timeline: &Timeline) -> String {
    let mut text = String::new();
    for entry in &timeline.entries {
        let place = entry.store.as_ref().map_or_else(String::new, |store| format!(" at {store}"));
        text.push_str(&format!("{}  {} `{}`{place}", entry.day, entry.kind, entry.fact));
        let told = plain(&entry.told);
        text.push_str(&if told.is_empty() { "\n".to_owned() } else { format!(": {told}\n") });
    }
    if let Some(next) = &timeline.next {
        text.push_str(&format!("more: --before {next}\n"));
    }
    if text.is_empty() { "nothing\n".to_owned() } else { text }
}
