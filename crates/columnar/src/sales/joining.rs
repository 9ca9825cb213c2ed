//! Rows put to their purchases: those of one id, wherever they stand.

use super::{Mark, NOBODY, Sales, Told, number};
use crate::ahead::Ahead;
use crate::codes::{BAD, NONE, place};
use crate::heaps::owners;
use crate::names::What;
use crate::rejects::Misfit;
use crate::stretch::Stretch;
use crate::terms::Terms;
use crate::when::When;
use parure::fault::Fault;

impl<'a> Sales<'a> {
    /// Puts rows to their purchases.
    pub(super) fn join(&mut self, stretch: &mut Stretch<'a>, joining: &mut Joining, ahead: &mut Ahead) {
        if !self.has_ids {
            stretch.ids.clear();
            stretch.ids.extend((joining.first..).take(stretch.amounts.len()));
        }
        let bad: Vec<u32> = sorted_rows(&stretch.misfits);
        let names = &self.names;
        self.heaps.numbers(&stretch.kinds, &|kind| names.kind(kind), &mut joining.numbers);
        match self.going_on(stretch, joining) {
            Some(going_on) if bad.is_empty() => self.join_new(stretch, joining, going_on, ahead),
            _ => self.join_each(stretch, joining, &bad),
        }
        for (rows, mark) in [(&stretch.doubts, Mark::Doubtful), (&bad, Mark::Aside)] {
            for row in rows {
                let at = stretch.turns.of(row.saturating_sub(joining.first));
                let basket = stretch.ids.get(at).copied().unwrap_or(BAD);
                self.mark(basket, mark);
            }
        }
    }

    /// Where each turn is a new purchase, but for the first, which may go on with the one before: how many go on.
    fn going_on(&self, stretch: &Stretch<'a>, joining: &Joining) -> Option<usize> {
        let going_on = usize::from(stretch.told(0) == joining.last);
        let ids = stretch.ids.get(going_on..)?;
        let new = ids.iter().zip(number(self.customers.len())..).all(|(id, next)| *id == next);
        // Of the last two numbers one stands for none, one for bad.
        (new && ids.last().is_none_or(|last| *last < BAD)).then_some(going_on)
    }

    fn join_new(&mut self, stretch: &Stretch<'a>, joining: &mut Joining, going_on: usize, ahead: &mut Ahead) {
        let new = |codes: &[u32], into: &mut Vec<u32>| {
            into.extend_from_slice(codes.get(going_on..).unwrap_or_default());
        };
        new(&stretch.customers, &mut self.customers);
        new(&stretch.places, &mut self.places);
        let rows = stretch.turns.places().get(going_on..).unwrap_or_default();
        self.starts.extend(rows.iter().map(|row| joining.first.saturating_add(*row)));
        if self.has_days {
            joining.whens.extend_from_slice(stretch.whens.get(going_on..).unwrap_or_default());
        }
        self.marks.resize(self.customers.len(), Mark::Plain);
        if self.has_terms {
            stretch.terms.iter().skip(going_on).for_each(|terms| self.terms.push(*terms));
        }
        if self.has_returns {
            new(&stretch.returned, &mut self.returned);
        }
        let whens = stretch.ids.iter().zip(&stretch.whens);
        for (at, ((turn, rows), (id, when))) in stretch.turns.runs().zip(whens).enumerate() {
            ahead.fetch(rows);
            if at >= going_on {
                let micros = when.micros(joining.first.saturating_add(turn));
                self.told.push(Told::new(micros, self.heaps.count()));
                joining.sum = 0;
                joining.owner = *id;
            }
            self.put(stretch, joining, at, (turn, rows));
        }
        if let Some(last) = stretch.ids.len().checked_sub(1) {
            joining.last = stretch.told(last);
        }
    }

    fn join_each(&mut self, stretch: &mut Stretch<'a>, joining: &mut Joining, bad: &[u32]) {
        let runs: Vec<(u32, usize)> = stretch.turns.runs().collect();
        for (at, (turn, rows)) in runs.into_iter().enumerate() {
            let told = stretch.told(at);
            if joining.last != told {
                joining.last = told;
                let row = joining.first.saturating_add(turn);
                let is_bad = bad.binary_search(&row).is_ok();
                self.turn(joining, row, is_bad, &mut stretch.misfits);
            }
            self.put(stretch, joining, at, (turn, rows));
        }
    }

    /// Puts down the lines from a turn up to the next.
    #[inline]
    fn put(&mut self, stretch: &Stretch<'a>, joining: &mut Joining, at: usize, (turn, rows): (u32, usize)) {
        if let Some(owners) = &mut joining.owners {
            owners.extend(std::iter::repeat_n(joining.owner, rows));
        }
        let lines = place(turn)..place(turn).saturating_add(rows);
        let numbers = joining.numbers.get(lines.clone()).unwrap_or_default();
        let amounts = stretch.amounts.get(lines).unwrap_or_default();
        // A discount and points are laid over the lines one by one.
        let heap = stretch.terms.get(at).is_none_or(|terms| *terms == Terms::default());
        let sum = self.heaps.put((numbers, amounts), joining.owner, heap);
        joining.sum = joining.sum.saturating_add(sum);
        if joining.sum >= self.limit {
            self.mark(joining.owner, Mark::Doubtful);
        }
    }

    /// A row that says something else than the one before it.
    fn turn(&mut self, joining: &mut Joining, row: u32, is_bad: bool, misfits: &mut Vec<Misfit>) {
        let (head, terms, returned) = joining.last;
        let next = number(self.customers.len());
        if head.id == BAD || head.id == NONE {
            self.part(joining, row);
            joining.owner = NOBODY;
            return;
        }
        if head.id == next {
            self.starts.push(row);
            self.told.push(Told::new(head.when.micros(row), self.heaps.count()));
            joining.sum = 0;
            self.customers.push(head.customer);
            if self.has_places {
                self.places.push(head.place);
            }
            if self.has_days {
                joining.whens.push(head.when);
            }
            self.marks.push(Mark::Plain);
            if is_bad {
                joining.bad_heads.push(head.id);
            }
            if self.has_terms {
                self.terms.push(terms);
            }
            if self.has_returns {
                self.returned.push(returned);
            }
            joining.owner = head.id;
            return;
        }
        let basket = place(head.id);
        if head.id != joining.owner {
            self.part(joining, row);
            joining.owner = head.id;
            // Its lines may have the same ids without standing one behind the other.
            self.mark(head.id, Mark::Doubtful);
        }
        // Bad rows are told for themselves, and what a bad first row says is not known.
        if is_bad || joining.bad_heads.binary_search(&head.id).is_ok() {
            return;
        }
        if let Some(what) = self.differs(basket, joining) {
            let message = format!(
                "rows {} and {row} are of one {} and differ in `{}`",
                joining.first_row(self.starts.get(basket).copied(), head.id),
                if returned == NONE { "purchase" } else { "return" },
                self.held.name(what).unwrap_or(what.name()),
            );
            misfits.push(Misfit::cell(row, what, Fault::new("rows_differ", message)));
            self.mark(head.id, Mark::Aside);
        }
    }

    /// In what a row differs from the purchase that it belongs to.
    fn differs(&self, basket: usize, joining: &Joining) -> Option<What> {
        let (head, terms, returned) = joining.last;
        if self.customers.get(basket) != Some(&head.customer) {
            return Some(What::Customer);
        }
        let instant = || self.told.get(basket).map(|told| When::instant(told.micros()));
        if joining.whens.get(basket).copied().or_else(instant) != Some(head.when) {
            return Some(What::At);
        }
        if let Some(place) = self.places.get(basket).filter(|place| **place != head.place) {
            let combos = self.names.places.all();
            let combo = |code: u32| combos.get(self::place(code)).copied().unwrap_or([NONE; 3]);
            let [(store, own_store), (staff, own_staff), _] = zip(combo(*place), combo(head.place));
            return Some(if store != own_store {
                What::Store
            } else if staff != own_staff {
                What::Staff
            } else {
                What::Terminal
            });
        }
        let own = self.terms(basket);
        if own != terms {
            return Some(if own.discount != terms.discount {
                What::Discount
            } else if own.points != terms.points {
                What::Points
            } else {
                What::PointsAmount
            });
        }
        let own = self.returned.get(basket).copied().unwrap_or(NONE);
        (own != returned).then_some(What::Returns)
    }

    /// From this row on a row may be of any purchase.
    fn part(&mut self, joining: &mut Joining, row: u32) {
        if joining.owners.is_none() {
            joining.owners = Some(owners(self.starts.iter().copied(), place(row)));
        }
        self.heaps.part(self.told.iter().map(|told| told.heaps));
    }
}

/// What rows of one purchase have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Head {
    pub(crate) id: u32,
    pub(crate) customer: u32,
    pub(crate) when: When,
    pub(crate) place: u32,
}

/// Where putting rows to their purchases stands.
#[derive(Debug)]
pub(super) struct Joining {
    /// The first row of the stretch.
    pub(super) first: u32,
    last: (Head, Terms, u32),
    /// The purchase of the row before.
    owner: u32,
    /// What its rows come to that stand together.
    sum: i64,
    /// The heap of each line of the stretch.
    numbers: Vec<u32>,
    /// What each purchase said of when, where days are told: of a day all its rows are.
    whens: Vec<When>,
    /// Purchases whose first row is bad.
    bad_heads: Vec<u32>,
    /// The purchase of each row, once rows of one do not stand together.
    pub(super) owners: Option<Vec<u32>>,
}

impl Default for Joining {
    fn default() -> Self {
        let head = Head { id: NOBODY, customer: NONE, when: When::NOTHING, place: NONE };
        // No row is like this one: its number of points can't be.
        let terms = Terms { points: -1, ..Terms::default() };
        Joining {
            first: 0,
            last: (head, terms, NONE),
            owner: NOBODY,
            sum: 0,
            numbers: Vec::new(),
            whens: Vec::new(),
            bad_heads: Vec::new(),
            owners: None,
        }
    }
}

impl Joining {
    fn first_row(&self, start: Option<u32>, basket: u32) -> u32 {
        let first = self.owners.as_ref().and_then(|owners| owners.iter().position(|owner| *owner == basket));
        first.map_or(start.unwrap_or_default(), number)
    }
}

fn zip(one: [u32; 3], other: [u32; 3]) -> [(u32, u32); 3] {
    let ([a, b, c], [d, e, f]) = (one, other);
    [(a, d), (b, e), (c, f)]
}

fn sorted_rows(misfits: &[Misfit]) -> Vec<u32> {
    let mut rows: Vec<u32> = misfits.iter().map(|misfit| misfit.row).collect();
    rows.sort_unstable();
    rows.dedup();
    rows
}
