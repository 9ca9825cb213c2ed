//! The points an account holds: lots with their days, debt, and what became of all that ever came in (semantics 4.7, 5, 6.3, 6.4).

use crate::calendar::Day;
use serde::{Deserialize, Serialize};

/// Stands for "no last day": later than any day.
pub(crate) const NEVER: i32 = i32::MAX;

/// Marks the place of what others of a household lent, where it comes back: behind all of that instant, and told apart from what the fact
/// itself was awarded. An account has far fewer facts.
pub(crate) const DRAWN: u32 = 1 << 31;

/// The number of a fact in its book.
pub(crate) type FactNo = u32;

/// Points of one origin with the same days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Lot {
    pub(crate) left: i64,
    pub(crate) tag: LotTag,
}

/// What tells a lot from another, in the order of consumption: last day, instant earned, place among the account's facts (5.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct LotTag {
    /// The last day's number, or [`NEVER`].
    last: i32,
    earned_micros: i64,
    order: u32,
    first: Day,
    pub(crate) fact: FactNo,
}

impl LotTag {
    pub(crate) fn new(origin: Origin, first: Day, last: Option<Day>) -> Self {
        LotTag {
            last: last.map_or(NEVER, Day::number),
            earned_micros: origin.micros,
            order: origin.order,
            first,
            fact: origin.fact,
        }
    }

    pub(crate) fn first(&self) -> Day {
        self.first
    }

    pub(crate) fn last(&self) -> Option<Day> {
        (self.last != NEVER).then(|| Day::from_number(i64::from(self.last)))
    }

    fn is_drawn(&self) -> bool {
        self.order & DRAWN != 0
    }

    fn lapsed_on(&self, day: Day) -> bool {
        self.last < day.number()
    }

    /// The same lot, living on through `last`.
    pub(crate) fn living_on(self, last: Day) -> Self {
        LotTag { last: last.number(), ..self }
    }

    /// The same lot, with another last day.
    pub(crate) fn lasting_through(self, last: Option<Day>) -> Self {
        LotTag { last: last.map_or(NEVER, Day::number), ..self }
    }

    /// The same lot, usable from `first` on.
    pub(crate) fn usable_from(self, first: Day) -> Self {
        LotTag { first, ..self }
    }
}

/// The fact that a lot comes from: its number, instant, and place in the order of the account's facts.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Origin {
    pub(crate) fact: FactNo,
    pub(crate) micros: i64,
    pub(crate) order: u32,
}

/// Points that were taken out of a lot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Taken {
    pub(crate) points: i64,
    pub(crate) tag: LotTag,
}

/// Everything that ever came in and went out. `awarded + adjusted + received = spent + given + taken_back + lapsed + outstanding`,
/// where outstanding is what the lots hold less the debt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct Totals {
    pub(crate) awarded: i64,
    /// By hand, up less down.
    pub(crate) adjusted: i64,
    pub(crate) received: i64,
    /// Less what came back.
    pub(crate) spent: i64,
    pub(crate) given: i64,
    /// With what became debt.
    pub(crate) taken_back: i64,
    pub(crate) lapsed: i64,
}

/// Lots by order of consumption, and debt.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct Purse {
    /// Only lots that hold something and had not lapsed when last looked at.
    lots: Vec<Lot>,
    /// What lapsed of each fact's lots, by fact: a return of that purchase counts it as taken back (6.3).
    lapsed: Vec<(FactNo, i64)>,
    pub(crate) debt: i64,
    pub(crate) totals: Totals,
}

impl Purse {
    pub(crate) fn lots(&self) -> &[Lot] {
        &self.lots
    }

    /// Nothing, in the room that the lists have.
    pub(crate) fn renewed(mut self) -> Purse {
        self.lots.clear();
        self.lapsed.clear();
        Purse { lots: self.lots, lapsed: self.lapsed, ..Purse::default() }
    }

    pub(crate) fn usable(&self, day: Day) -> i64 {
        self.sum(|tag| tag.first <= day && !tag.lapsed_on(day))
    }

    pub(crate) fn pending(&self, day: Day) -> i64 {
        self.sum(|tag| tag.first > day)
    }

    /// Usable points less debt (5.3).
    pub(crate) fn balance(&self, day: Day) -> i64 {
        self.usable(day).saturating_sub(self.debt)
    }

    /// What all lots hold, less the debt.
    pub(crate) fn outstanding(&self) -> i64 {
        self.sum(|_| true).saturating_sub(self.debt)
    }

    fn sum(&self, counts: impl Fn(&LotTag) -> bool) -> i64 {
        self.lots.iter().filter(|lot| counts(&lot.tag)).fold(0, |sum, lot| sum.saturating_add(lot.left))
    }

    /// Points come in: debt is paid first, the rest becomes a lot (6.3). Answers how much paid debt.
    #[inline]
    pub(crate) fn put(&mut self, points: i64, tag: LotTag) -> i64 {
        let paid = points.min(self.debt);
        self.debt = self.debt.saturating_sub(paid);
        self.insert(points.saturating_sub(paid), tag);
        paid
    }

    #[inline]
    fn insert(&mut self, points: i64, tag: LotTag) {
        if points <= 0 {
            return;
        }
        if self.lots.last().is_some_and(|last| last.tag >= tag) {
            return self.insert_before(points, tag);
        }
        grow_tightly(&mut self.lots);
        self.lots.push(Lot { left: points, tag });
    }

    /// The same of a lot that does not come after all others.
    #[inline(never)]
    fn insert_before(&mut self, points: i64, tag: LotTag) {
        let at = self.lots.partition_point(|lot| lot.tag <= tag);
        if let Some(lot) =
            at.checked_sub(1).and_then(|before| self.lots.get_mut(before)).filter(|lot| lot.tag == tag)
        {
            lot.left = lot.left.saturating_add(points);
            return;
        }
        grow_tightly(&mut self.lots);
        self.lots.insert(at, Lot { left: points, tag });
    }

    /// Whether anything has no day left on `day`.
    #[inline]
    pub(crate) fn lapses(&self, day: Day) -> bool {
        self.lots.first().is_some_and(|lot| lot.tag.lapsed_on(day))
    }

    /// What has no day left on `day` lapses; tells each lot.
    pub(crate) fn lapse(&mut self, day: Day, mut tell: impl FnMut(&Lot)) {
        if !self.lapses(day) {
            return;
        }
        let gone = self.lots.partition_point(|lot| lot.tag.lapsed_on(day));
        for lot in self.lots.drain(..gone) {
            self.totals.lapsed = self.totals.lapsed.saturating_add(lot.left);
            tell(&lot);
            if lot.tag.is_drawn() {
                continue;
            }
            match self.lapsed.binary_search_by_key(&lot.tag.fact, |entry| entry.0) {
                Ok(at) => {
                    if let Some(entry) = self.lapsed.get_mut(at) {
                        entry.1 = entry.1.saturating_add(lot.left);
                    }
                }
                Err(at) => {
                    grow_tightly(&mut self.lapsed);
                    self.lapsed.insert(at, (lot.tag.fact, lot.left));
                }
            }
        }
    }

    /// Takes usable points in the order of 5.1; answers what was missing.
    pub(crate) fn take_usable(&mut self, day: Day, points: i64, taken: &mut Vec<Taken>) -> i64 {
        self.take(points, taken, |lot| lot.tag.first <= day && !lot.tag.lapsed_on(day))
    }

    /// Takes back what an award should not have been (6.3): what lapsed of the fact's own lots counts, then come its own lots, then
    /// the others, pending before usable. Answers what was missing.
    pub(crate) fn take_back(
        &mut self,
        day: Day,
        fact: FactNo,
        points: i64,
        taken: &mut Vec<Taken>,
    ) -> Shortfall {
        let mut counted = 0;
        if let Ok(at) = self.lapsed.binary_search_by_key(&fact, |entry| entry.0)
            && let Some(entry) = self.lapsed.get_mut(at)
        {
            counted = entry.1.min(points);
            entry.1 = entry.1.saturating_sub(counted);
        }
        let mut missing = points.saturating_sub(counted);
        missing = self.take(missing, taken, |lot| lot.tag.fact == fact && !lot.tag.is_drawn());
        missing = self.take(missing, taken, |lot| lot.tag.first > day);
        missing = self.take(missing, taken, |_| true);
        Shortfall { missing, lapsed: counted }
    }

    /// What had lapsed of a fact's lots and was counted as taken back counts no more.
    pub(crate) fn uncount_lapsed(&mut self, fact: FactNo, points: i64) {
        if let Ok(at) = self.lapsed.binary_search_by_key(&fact, |entry| entry.0)
            && let Some(entry) = self.lapsed.get_mut(at)
        {
            entry.1 = entry.1.saturating_add(points);
        }
    }

    /// Takes out of one lot.
    pub(crate) fn take_of(&mut self, tag: &LotTag, points: i64) {
        self.take(points, &mut Vec::new(), |lot| lot.tag == *tag);
    }

    /// What can be used on a day through a last day.
    pub(crate) fn left_through(&self, day: Day, last: Option<Day>) -> i64 {
        self.sum(|tag| tag.first <= day && !tag.lapsed_on(day) && tag.last() == last)
    }

    /// Takes what can be used through a last day; answers what was missing.
    pub(crate) fn take_through(&mut self, day: Day, last: Option<Day>, points: i64) -> i64 {
        let usable = |tag: &LotTag| tag.first <= day && !tag.lapsed_on(day);
        self.take(points, &mut Vec::new(), |lot| usable(&lot.tag) && lot.tag.last() == last)
    }

    fn take(&mut self, points: i64, taken: &mut Vec<Taken>, from: impl Fn(&Lot) -> bool) -> i64 {
        let mut missing = points;
        let mut emptied = 0_usize;
        for lot in self.lots.iter_mut().filter(|lot| from(lot)) {
            if missing == 0 {
                break;
            }
            let part = lot.left.min(missing);
            lot.left = lot.left.saturating_sub(part);
            missing = missing.saturating_sub(part);
            emptied = emptied.saturating_add(usize::from(lot.left == 0));
            taken.push(Taken { points: part, tag: lot.tag });
        }
        // Mostly the first ones.
        let first = self.lots.iter().take_while(|lot| lot.left == 0).count();
        self.lots.drain(..first);
        if emptied > first {
            self.lots.retain(|lot| lot.left > 0);
        }
        missing
    }

    /// Gives points back to the lots they came from, the last taken first, with their last days; where that day has passed they
    /// live on through `last_if_lapsed` (6.4). What was taken is shortened by it.
    pub(crate) fn give_back(&mut self, day: Day, points: i64, taken: &mut Vec<Taken>, last_if_lapsed: Day) {
        let mut rest = points;
        while rest > 0 {
            let Some(last) = taken.last_mut() else { break };
            let part = last.points.min(rest);
            rest = rest.saturating_sub(part);
            last.points = last.points.saturating_sub(part);
            let tag = if last.tag.lapsed_on(day) { last.tag.living_on(last_if_lapsed) } else { last.tag };
            if last.points == 0 {
                taken.pop();
            }
            self.insert(part, tag);
        }
    }

    /// Two purses side by side (1.6).
    pub(crate) fn join(&mut self, other: &Purse) {
        for lot in &other.lots {
            self.insert(lot.left, lot.tag);
        }
        self.lapsed.extend_from_slice(&other.lapsed);
        self.lapsed.sort_unstable();
        self.debt = self.debt.saturating_add(other.debt);
        let (mine, theirs) = (&mut self.totals, &other.totals);
        mine.awarded = mine.awarded.saturating_add(theirs.awarded);
        mine.adjusted = mine.adjusted.saturating_add(theirs.adjusted);
        mine.received = mine.received.saturating_add(theirs.received);
        mine.spent = mine.spent.saturating_add(theirs.spent);
        mine.given = mine.given.saturating_add(theirs.given);
        mine.taken_back = mine.taken_back.saturating_add(theirs.taken_back);
        mine.lapsed = mine.lapsed.saturating_add(theirs.lapsed);
    }
}

/// What a taking back did not find in lots.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Shortfall {
    pub(crate) missing: i64,
    /// What had lapsed of the award's own lots and counts as taken back.
    pub(crate) lapsed: i64,
}

/// Room for one more: short lists double, since each move of one costs more than the room; long ones grow by half. A book holds
/// millions of these.
pub(crate) fn grow_tightly<T>(list: &mut Vec<T>) {
    if list.len() == list.capacity() {
        let more = if list.len() < 32 { list.len().max(4) } else { list.len().div_euclid(2) };
        list.reserve_exact(more);
    }
}

/// Room for one more in a list that has one entry in most accounts.
pub(crate) fn grow_rarely<T>(list: &mut Vec<T>) {
    if list.len() == list.capacity() {
        list.reserve_exact(list.len().max(1));
    }
}
