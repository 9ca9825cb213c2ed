//! Whether an occasion that is reported had come. It is judged by what stands before the report, so that whoever records it and whoever hears of it
//! later say the same, and the account gives the same (semantics 13.4).

use super::Book;
use super::agenda::is_held_out;
use super::fold::{Key, When};
use super::occasions::Known;
use super::people::Place;
use crate::calendar::Day;
use crate::customer::field::Field;
use crate::customer::profile::Person;
use crate::customer::said::{Entry, Said};
use crate::fact::{Body, Fact};
use crate::lifecycle::{About, Moment, key};
use crate::loyalty::account::Account;
use crate::loyalty::lots::FactNo;
use crate::outcome::{Nobody, RefusalCode};
use crate::program::triggers::{Occasion, Trigger};
use crate::program::versions::Versions;
use std::borrow::Cow;

/// What is known of a person while reports of theirs are judged one after another.
#[derive(Default)]
pub(super) struct Judging {
    known: Known,
    /// Their facts, and how many of them have been told.
    listed: Vec<FactNo>,
    told: usize,
    sees_others: bool,
}

impl Judging {
    /// For a fact that is recorded: what others told of themselves is looked at too.
    pub(super) fn here() -> Judging {
        Judging { sees_others: true, ..Judging::default() }
    }

    /// Goes on to what stands before a place.
    fn go_on(&mut self, book: &Book, root: Place, before: Key<'_>) {
        let ground = book.ground();
        if self.told == self.listed.len() {
            // Facts that are applied one by one are listed one by one.
            self.listed = book.listed_facts_of(root);
        }
        while let Some(no) = self.listed.get(self.told).copied().filter(|no| ground.key(*no) < before) {
            self.told = self.told.saturating_add(1);
            if let Some(fact) = book.log.fact(no).filter(|fact| book.is_told_of(root, fact)) {
                self.known.tell(no, &fact, fact.at.day_in(book.versions.zone()));
            }
        }
    }
}

/// Whether a fact says what became of an occasion.
pub(super) fn is_report(fact: &Fact<'_>) -> bool {
    matches!(&fact.body, Body::Met { encounter, .. } if key(encounter).is_some())
}

impl Book {
    /// What speaks against a report: it is of no trigger, or of an occasion that has not come. `account`: as it is before the report. That another
    /// has settled the occasion, the account says.
    pub(super) fn against_report(
        &self,
        fact: &Fact<'_>,
        when: When,
        (root, account): (Place, &Account),
        versions: &Versions,
        judging: &mut Judging,
    ) -> Option<RefusalCode> {
        let Body::Met { encounter, .. } = &fact.body else { return None };
        let (trigger, occasion) = key(encounter)?;
        let (day, program) = (when.day, versions.on(when.day).program);
        let Some(trigger) = program.triggers.iter().find(|known| *known.id == *trigger) else {
            return Some(RefusalCode::UnknownTrigger);
        };
        // What was settled has been offered, whatever has become of it since.
        if account.has_settled(&trigger.id, occasion) {
            return None;
        }
        let mut account = Cow::Borrowed(account);
        if account.day < day {
            account.to_mut().advance(day, versions, &mut Nobody);
        }
        judging.go_on(self, root, when.key(fact));
        if !judging.sees_others && self.is_after_sealed(trigger, occasion) {
            return None;
        }
        let moment = self.moment_of(trigger, occasion, day, &account, versions, judging);
        let has_come = moment.is_some_and(|moment| {
            // What is given is given to those only whom the program means.
            !trigger.gives_something()
                || !is_held_out(trigger, self.people.id(root))
                    && self.is_for(trigger, &moment, day, &account, program)
        });
        (!has_come).then_some(RefusalCode::NeverOffered)
    }

    /// An occasion that has come by a day. What only a relation has told of themselves is no fact of the account: it is believed, but where it can be
    /// looked at.
    fn moment_of(
        &self,
        trigger: &Trigger,
        occasion: &str,
        day: Day,
        account: &Account,
        versions: &Versions,
        judging: &Judging,
    ) -> Option<Moment> {
        let mut known = judging.known.clone();
        if judging.sees_others {
            known.relations = self.relations_of(&known.person, day);
        } else if may_be_told_by_relation(&known.person, trigger, occasion) {
            return Some(Moment {
                occasion: occasion.to_owned(),
                first: day,
                last: day,
                about: About::Day(day),
            });
        }
        self.tell_purchases(&mut known, account);
        let moments = self.moments_of(trigger, day, (Day::FIRST, day), account, &known, versions);
        moments.into_iter().find(|moment| moment.occasion == *occasion)
    }

    /// Whether an occasion comes after a fact that a seal has settled: what became of it is not known any more.
    fn is_after_sealed(&self, trigger: &Trigger, occasion: &str) -> bool {
        let is_after = matches!(trigger.on, Occasion::After { .. });
        is_after && self.log.find(occasion).is_some_and(|no| self.log.fact(no).is_none())
    }
}

/// Whether an occasion is a date that a relation may have told themselves.
fn may_be_told_by_relation(person: &Person, trigger: &Trigger, occasion: &str) -> bool {
    let (Occasion::Date { date, of: Some(kind), .. }, Some((name, _)), Some(Said::Entries(entries))) =
        (&trigger.on, occasion.rsplit_once('/'), person.get(Field::RELATIONS))
    else {
        return false;
    };
    entries.iter().any(|entry| match &entry.value {
        Some(Entry::Relation(relation)) => {
            *entry.name == *name
                && *relation.kind == **kind
                && relation.customer.is_some()
                && relation.date(date).is_none()
        }
        _ => false,
    })
}
