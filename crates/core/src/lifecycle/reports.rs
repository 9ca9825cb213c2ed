//! What became of a person's occasions, as it was reported.

use crate::calendar::{Day, Span};
use crate::customer::encounter::{Encounter, Kind};
use crate::program::triggers::{Messages, Trigger};
use std::collections::BTreeMap;

/// What was reported of all occasions of a person, by trigger and occasion, in the order of the facts.
#[derive(Debug, Clone, Default)]
pub(crate) struct Reports {
    of: BTreeMap<(String, String), Report>,
    /// The days on which messages were sent.
    sent: Vec<Day>,
    /// What was sent or done on which days, by trigger.
    done: BTreeMap<String, Vec<Day>>,
}

#[derive(Debug, Clone, Default)]
struct Report {
    /// It is never due again.
    is_settled: bool,
    put_off: Option<Day>,
    failures: u32,
    failed: Option<Day>,
}

/// What becomes of an occasion that is due by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Became {
    /// Nothing was reported.
    Due,
    /// It is due from this day on, for as long as it was.
    From(Day),
    /// It is over.
    Settled,
}

impl Reports {
    /// Takes in what was reported on a day. Of an occasion that had not come, a message was sent all the same.
    pub(crate) fn tell(&mut self, encounter: &Encounter<'_>, day: Day, had_come: bool) {
        let Some((trigger, occasion)) = key(encounter) else { return };
        let what = encounter.text("as");
        if what == Some("sent") {
            self.sent.push(day);
        }
        if matches!(what, Some("sent" | "done")) {
            self.done.entry(trigger.to_owned()).or_default().push(day);
        }
        if !had_come {
            return;
        }
        let report = self.of.entry((trigger.to_owned(), occasion.to_owned())).or_default();
        match what {
            Some("failed") => {
                report.failures = report.failures.saturating_add(1);
                report.failed = Some(day);
            }
            Some("put_off") => {
                report.put_off = encounter.text("until").and_then(|until| Day::parse(until).ok());
            }
            _ => report.is_settled = true,
        }
    }

    /// Whether nothing was reported: what is over is not due again then.
    pub(crate) fn is_empty(&self) -> bool {
        self.of.is_empty()
    }

    pub(crate) fn of(&self, trigger: &str, occasion: &str, messages: &Messages) -> Became {
        if self.of.is_empty() {
            return Became::Due;
        }
        let Some(report) = self.of.get(&(trigger.to_owned(), occasion.to_owned())) else {
            return Became::Due;
        };
        let (after, times) = messages.again;
        if report.is_settled || report.failures > times {
            return Became::Settled;
        }
        let again = report.failed.map(|day| after.end_of_wait(day));
        report.put_off.max(again).map_or(Became::Due, Became::From)
    }

    /// How many more messages may be sent on a day.
    pub(crate) fn room(&self, on: Day, messages: &Messages) -> u32 {
        left(messages.at_most, &self.sent, on)
    }

    /// How many more occasions of a trigger may be sent or done on a day.
    pub(crate) fn room_of(&self, trigger: &Trigger, on: Day) -> u32 {
        left(trigger.at_most, self.done.get(&*trigger.id).map_or(&[], |days| days), on)
    }
}

/// How many are left of so many within a span.
fn left(at_most: Option<(u32, Span)>, days: &[Day], on: Day) -> u32 {
    let Some((count, within)) = at_most else { return u32::MAX };
    let window = within.window_start(on)..=on;
    let done = days.iter().filter(|day| window.contains(day)).count();
    count.saturating_sub(u32::try_from(done).unwrap_or(u32::MAX))
}

/// Which occasion of which trigger is reported.
pub(crate) fn key<'e>(encounter: &'e Encounter<'_>) -> Option<(&'e str, &'e str)> {
    if encounter.kind != Kind::Reported {
        return None;
    }
    encounter.text("trigger").zip(encounter.text("occasion"))
}

/// Whether a report settles its occasion: whoever else reports so has done it a second time.
pub(crate) fn settles(encounter: &Encounter<'_>) -> bool {
    encounter.kind == Kind::Reported && matches!(encounter.text("as"), Some("sent" | "done" | "declined"))
}
