//! When each account is to be looked at, so that what is due on a day costs by what is due and not by how many customers there are.

use super::Book;
use super::agenda::Due;
use super::judging::is_report;
use super::naming::profile_of;
use super::occasions::Looked;
use super::people::Place;
use crate::calendar::Day;
use crate::fact::{Body, Fact};
use crate::loyalty::lots::FactNo;
use std::collections::{BTreeMap, BTreeSet};

/// For each account a day before which nothing is due for it, as long as nothing is told of it.
#[derive(Default)]
pub(super) struct Diary {
    /// The first day on which something may be due.
    next: Dated,
    /// The day as of which that was found: of days before it nothing is said.
    found: Dated,
    /// Who names a customer, and may be due for a date that they have told themselves.
    named_by: BTreeMap<Place, BTreeSet<Place>>,
    /// Those who were one account with others.
    grouped: BTreeSet<Place>,
}

/// A day for each account, found by account and by day.
#[derive(Default)]
struct Dated {
    of: Vec<Option<Day>>,
    /// Who was put on a day; who has been moved since is still there.
    on: BTreeMap<Day, Vec<Place>>,
    entries: usize,
}

impl Dated {
    fn put(&mut self, place: Place, day: Option<Day>) {
        let at = usize::try_from(place).unwrap_or(usize::MAX);
        if self.of.len() <= at {
            self.of.resize(at.saturating_add(1), None);
        }
        let Some(kept) = self.of.get_mut(at).filter(|kept| **kept != day) else { return };
        *kept = day;
        if let Some(day) = day {
            self.on.entry(day).or_default().push(place);
            self.entries = self.entries.saturating_add(1);
        }
        // Most of what is there has been moved.
        if self.entries > self.of.len().saturating_mul(4).saturating_add(1_024) {
            self.tidy();
        }
    }

    fn tidy(&mut self) {
        self.on.clear();
        self.entries = 0;
        for (place, day) in self.of.iter().enumerate() {
            if let (Some(day), Ok(place)) = (*day, Place::try_from(place)) {
                self.on.entry(day).or_default().push(place);
                self.entries = self.entries.saturating_add(1);
            }
        }
    }

    /// Those of some days, once or several times.
    fn within(&mut self, days: impl std::ops::RangeBounds<Day>, into: &mut Vec<Place>) {
        let Dated { of, on, entries } = self;
        for (day, places) in on.range_mut(days) {
            let before = places.len();
            places.retain(|place| {
                usize::try_from(*place)
                    .is_ok_and(|place| of.get(place).is_some_and(|kept| *kept == Some(*day)))
            });
            *entries = entries.saturating_sub(before.saturating_sub(places.len()));
            into.extend_from_slice(places);
        }
    }
}

impl Diary {
    /// Has an account looked at the next time that anything is asked.
    fn look_at(&mut self, place: Place) {
        self.next.put(place, Some(Day::FIRST));
    }

    /// For whom something may be due on a day.
    fn of(&mut self, on: Day) -> Vec<Place> {
        let mut places = Vec::new();
        self.next.within(..=on, &mut places);
        self.found.within((std::ops::Bound::Excluded(on), std::ops::Bound::Unbounded), &mut places);
        places.sort_unstable();
        places.dedup();
        places
    }
}

/// How many accounts ahead are fetched, and of how many their facts.
const FAR_AHEAD: usize = 12;
const AHEAD: usize = 4;
const FACTS_AHEAD: usize = 16;
/// Facts that others told and that the diary takes in for each report that comes: so no report waits for thousands.
const CAUGHT_UP: usize = 64;

impl Book {
    /// What is due on a day for those for whom anything is, in the order in which they became known.
    pub(super) fn look(&self, on: Day) -> Vec<Due> {
        let bring = |kept| match kept {
            Some((facts, diary)) => self.diary_since(facts, self.log.len(), diary),
            None => self.diary_anew(),
        };
        let look = |diary: &mut Diary| {
            let mut all = Vec::new();
            let places = diary.of(on);
            for (at, place) in places.iter().copied().enumerate() {
                self.fetch_ahead(&places, at);
                all.extend(self.look_through(diary, place, on));
            }
            all
        };
        self.diary.ask(self.log.len(), bring, look)
    }

    /// What is due for one of them; where nothing is, when to look again.
    fn look_through(&self, diary: &mut Diary, place: Place, on: Day) -> Vec<Due> {
        let is_root = self.people.root(place) == place;
        let looked = if is_root { self.looked_at(place, on) } else { None };
        let due = looked.as_ref().map_or_else(Vec::new, |looked| self.due_of(place, on, looked));
        if due.is_empty() {
            self.put_ahead(diary, place, on, looked);
        }
        due
    }

    /// New facts stand from a number on. Those of whom something is reported among them are looked through at once, so that a morning's agenda
    /// need not look at all of whom the day before told something. What may be taken back yet waits.
    pub(super) fn file_reports(&mut self, from: usize) {
        if self.moving.is_some() {
            return;
        }
        let Some((known, diary)) = self.diary.take() else { return };
        let mut reported: BTreeMap<Place, Day> = BTreeMap::new();
        for (no, fact) in self.log.since(from).filter(|(_, fact)| is_report(fact)) {
            let day = self.ground().when(no, &fact).day;
            if let Some(root) = fact.customer().and_then(|customer| self.people.root_of(customer)) {
                reported.entry(root).and_modify(|latest| *latest = day.max(*latest)).or_insert(day);
            }
        }
        let all = self.log.len();
        let upto = all.min(known.saturating_add(reported.len().saturating_mul(CAUGHT_UP)));
        let mut diary = self.diary_since(known, upto, diary);
        if upto == all {
            let places: Vec<Place> = reported.keys().copied().collect();
            for (at, (place, on)) in reported.into_iter().enumerate() {
                self.fetch_ahead(&places, at);
                self.look_through(&mut diary, place, on);
            }
        }
        self.diary.put(upto, diary);
    }

    /// Has the machine fetch those who are looked at soon, who lie far apart: first themselves, then their facts.
    fn fetch_ahead(&self, places: &[Place], at: usize) {
        if let Some(place) = places.get(at.saturating_add(FAR_AHEAD)) {
            self.people.fetch_at(*place);
        }
        let soon = places.get(at.saturating_add(AHEAD)).and_then(|place| self.people.get(*place));
        if let Some(customer) = soon {
            customer.fetch_lists();
            self.log.fetch(customer.facts.get(..FACTS_AHEAD).unwrap_or(&customer.facts));
        }
    }

    /// Nothing is due for an account on a day: the day on which something may be. Nothing ever is for who is none or was forgotten.
    fn put_ahead(&self, diary: &mut Diary, place: Place, on: Day, looked: Option<Looked<'_>>) {
        let as_known = match looked {
            Some(looked) if !self.is_all_of(&looked) => {
                let from = on.max(self.latest_day(place));
                self.looked_at(place, from).map(|looked| (from, looked))
            }
            looked => looked.map(|looked| (on, looked)),
        };
        let next = as_known.as_ref().and_then(|(from, looked)| self.next_look(place, *from, looked));
        diary.next.put(place, next);
        diary.found.put(place, as_known.map(|(from, _)| from));
    }

    fn diary_anew(&self) -> Diary {
        let mut diary = Diary::default();
        for place in self.people.places() {
            diary.look_at(place);
        }
        for (_, no) in self.namings.entries() {
            if let Some(fact) = self.log.fact(no) {
                self.note_names(&mut diary, &fact);
            }
        }
        diary.grouped = self.grouped().collect();
        diary
    }

    /// A diary of what so many facts had told, with what others up to a number have told since.
    fn diary_since(&self, facts: usize, upto: usize, mut diary: Diary) -> Diary {
        let mut again: BTreeSet<Place> = BTreeSet::new();
        let mut regrouped = false;
        let upto = FactNo::try_from(upto).unwrap_or(FactNo::MAX);
        for (_, fact) in self.log.since(facts).take_while(|(no, _)| *no < upto) {
            if matches!(fact.body, Body::Adopted { .. }) {
                return self.diary_anew();
            }
            regrouped |=
                matches!(fact.body, Body::Merged { .. } | Body::Unmerged { .. } | Body::Erased { .. });
            self.note_names(&mut diary, &fact);
            let concerned = fact.customer().into_iter().chain(fact.others());
            again.extend(concerned.filter_map(|id| self.people.place(id)));
        }
        if regrouped {
            again.append(&mut diary.grouped);
            diary.grouped = self.grouped().collect();
            again.extend(&diary.grouped);
        }
        if self.rewards_introductions() {
            // First purchases are facts of those who introduced someone too.
            let roots: BTreeSet<Place> = again.iter().map(|place| self.people.root(*place)).collect();
            again.extend(roots.into_iter().flat_map(|root| self.introducers_of(root)));
        }
        let roots: Vec<Place> = again.iter().map(|place| self.people.root(*place)).collect();
        again.extend(self.sharers(&roots));
        self.look_at_all(&mut diary, again);
        diary
    }

    /// Customers are otherwise than they were, though no fact has told it.
    pub(super) fn look_again(&mut self, places: &[Place]) {
        if self.rewards_introductions() || self.versions.pools_spend() {
            self.diary.look_anew();
        }
        let Some((known, mut diary)) = self.diary.take() else { return };
        self.look_at_all(&mut diary, places.iter().copied());
        self.diary.put(known, diary);
    }

    /// Has the accounts of customers looked at, and those who name one of theirs.
    fn look_at_all(&self, diary: &mut Diary, places: impl IntoIterator<Item = Place>) {
        for place in places {
            let root = self.people.root(place);
            let members = self.people.members(root).iter().copied();
            for member in members.chain([root, place]) {
                diary.look_at(member);
                for name in diary.named_by.get(&member).cloned().unwrap_or_default() {
                    diary.look_at(self.people.root(name));
                }
            }
        }
    }

    fn note_names(&self, diary: &mut Diary, fact: &Fact<'_>) {
        let place = |id: Option<&str>| id.and_then(|id| self.people.place(id));
        if profile_of(fact).is_some()
            && let (Some(own), Some(named)) = (place(fact.customer()), place(fact.other_customer()))
        {
            diary.named_by.entry(named).or_default().insert(own);
        }
    }

    /// All who are one account with others.
    fn grouped(&self) -> impl Iterator<Item = Place> {
        self.people.groups().values().flatten().copied()
    }
}
