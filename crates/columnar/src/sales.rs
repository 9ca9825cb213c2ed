//! A table of sales as purchases: who, when and where of each, and its lines side by side.

use crate::ahead::Ahead;
use crate::codes::{BAD, NONE, place};
use crate::error::Error;
use crate::heaps::{Heaps, between, owners};
use crate::ids::Firsts;
use crate::key::Key;
use crate::names::What;
use crate::rejects::{Misfit, Rejects};
use crate::stretch::{Names, ROWS, Reading, Stretch};
use crate::table::Held;
use crate::terms::{AllTerms, Terms};
use crate::when::{self, When};
use parure::fact::{MOST_LINES, Text};
use parure::fault::Fault;
use parure::money::MAJOR_LIMIT;
use parure::replay::Alike;
use prefetch_index::prefetch_index;
use std::ops::Range;

/// The purchases and returns of a table, in the order of their first rows. What belongs to rows stands in the order of positions: those of
/// a purchase stand together.
#[derive(Debug)]
pub(crate) struct Sales<'a> {
    pub(crate) held: Held<'a>,
    pub(crate) by: Reading,
    pub(crate) names: Names<'a>,
    /// Purchases come to less.
    limit: i64,
    has_ids: bool,
    has_days: bool,
    has_places: bool,
    has_terms: bool,
    has_returns: bool,
    /// The first position of each; one more, which is the end of the last.
    starts: Vec<u32>,
    pub(crate) customers: Vec<u32>,
    /// One more, which has the end of the last one's heaps.
    told: Vec<Told>,
    /// The code of where; empty where no column tells any.
    places: Vec<u32>,
    /// Empty where no column tells any.
    terms: AllTerms,
    /// The code of the purchase that is given back; empty where no column tells any.
    returned: Vec<u32>,
    marks: Vec<Mark>,
    pub(crate) heaps: Heaps,
    /// The row of each position, where purchases don't stand together in the table.
    rows: Option<Vec<u32>>,
}

/// What a fold asks of every purchase, side by side: in the order of time those of one customer lie far apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Told {
    /// As bytes: it takes no more room than it needs.
    micros: [u8; 8],
    /// Its first heap.
    heaps: u32,
}

impl Told {
    fn new(micros: i64, heaps: u32) -> Told {
        Told { micros: micros.to_le_bytes(), heaps }
    }

    fn micros(self) -> i64 {
        i64::from_le_bytes(self.micros)
    }
}

/// What was found about a purchase.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Mark {
    Plain,
    /// It is to be looked at as a fact.
    Doubtful,
    /// It has a bad row.
    Aside,
}

/// Rows of a purchase that was not there before belong to none.
pub(crate) const NOBODY: u32 = NONE;

impl<'a> Sales<'a> {
    /// Reads a table, row by row. Bad cells and rows of one purchase that differ are rejects. `alike`: which lines may be added up.
    pub(crate) fn read(
        held: Held<'a>,
        by: Reading,
        alike: Option<Alike>,
        rejects: &mut Rejects,
    ) -> Result<Sales<'a>, Error> {
        let rows = held.rows();
        let limit = MAJOR_LIMIT.saturating_mul(10_i64.saturating_pow(by.currency.digits()));
        let mut sales = Sales {
            limit,
            has_ids: held.has(What::Id),
            has_days: held.batch(0).and_then(|batch| batch.column(What::At)).is_some_and(when::tells_days),
            has_places: [What::Store, What::Staff, What::Terminal].iter().any(|what| held.has(*what)),
            has_terms: [What::Discount, What::Points, What::PointsAmount].iter().any(|what| held.has(*what)),
            has_returns: held.has(What::Returns),
            held,
            by,
            names: Names::default(),
            starts: Vec::new(),
            customers: Vec::new(),
            told: Vec::new(),
            places: Vec::new(),
            terms: AllTerms::default(),
            returned: Vec::new(),
            marks: Vec::new(),
            heaps: Heaps::new(alike, limit),
            rows: None,
        };
        let mut joining = Joining::default();
        let mut stretch = Stretch::default();
        let mut at = 0_usize;
        let mut ahead = Ahead::default();
        while let Some((first, count)) = sales.held.batch(at).map(|batch| (batch.first, batch.rows())) {
            for start in (0..count).step_by(ROWS) {
                let end = count.min(start.saturating_add(ROWS));
                let Some(batch) = sales.held.batch(at) else { continue };
                if start == 0 {
                    ahead.turn_to(batch);
                }
                let firsts = Firsts { held: &sales.held, rows: &sales.starts };
                stretch.read(batch, start..end, &mut sales.names, firsts, by);
                joining.first = number(first.saturating_add(start));
                ahead.begin(end..count.min(end.saturating_add(ROWS)));
                sales.join(&mut stretch, &mut joining, &mut ahead);
                rejects.take(&sales.held, &mut stretch.misfits)?;
                if joining.first == 0 {
                    sales.expect(stretch.amounts.len(), rows);
                }
            }
            at = at.saturating_add(1);
        }
        sales.starts.push(number(rows));
        sales.told.push(Told::new(0, sales.heaps.count()));
        if let Some(starts) = sales.heaps.end(sales.customers.len()) {
            sales.told.iter_mut().zip(starts).for_each(|(told, start)| told.heaps = start);
        }
        if let Some(owners) = joining.owners.take() {
            let (starts, rows) = gathered(&owners, sales.len());
            (sales.starts, sales.rows) = (starts, Some(rows));
        }
        sales.look_over();
        Ok(sales)
    }

    /// Makes room for what is to come, where the first rows are as the others: lists that grow by half or twice are copied each time.
    fn expect(&mut self, read: usize, rows: usize) {
        let rest = rows.saturating_sub(read);
        let expected = |count: usize| {
            let more = count.saturating_mul(rest).checked_div(read).unwrap_or(0);
            more.saturating_add(more.div_euclid(16))
        };
        let purchases = expected(self.len());
        self.starts.reserve(purchases);
        self.customers.reserve(purchases);
        self.told.reserve(purchases);
        if self.has_places {
            self.places.reserve(purchases);
        }
        self.marks.reserve(purchases);
        if self.has_terms {
            self.terms.expect(purchases);
        }
        if self.has_returns {
            self.returned.reserve(purchases);
        }
        self.names.customers.expect(expected);
        self.heaps.expect(expected);
    }

    pub(crate) fn len(&self) -> usize {
        self.customers.len()
    }

    /// The positions of a purchase's lines.
    #[inline]
    pub(crate) fn lines(&self, basket: usize) -> Range<usize> {
        between(&self.starts, basket)
    }

    /// The row at a position.
    pub(crate) fn row(&self, position: usize) -> u32 {
        match &self.rows {
            Some(rows) => rows.get(position).copied().unwrap_or(NOBODY),
            None => number(position),
        }
    }

    pub(crate) fn first_row(&self, basket: usize) -> u32 {
        self.row(self.lines(basket).start)
    }

    /// When, in microseconds since 1970 in UTC.
    #[inline]
    pub(crate) fn micros(&self, basket: usize) -> i64 {
        self.told.get(basket).map_or(0, |told| told.micros())
    }

    /// The code of where.
    #[inline]
    pub(crate) fn place(&self, basket: usize) -> u32 {
        self.places.get(basket).copied().unwrap_or(NONE)
    }

    /// The places of a purchase's heaps among all.
    #[inline]
    pub(crate) fn heaps_of(&self, basket: usize) -> Range<usize> {
        let start = self.told.get(basket).map_or(0, |told| place(told.heaps));
        start..self.told.get(basket.saturating_add(1)).map_or(start, |next| place(next.heaps))
    }

    /// The instants of each purchase and the next.
    pub(crate) fn pairs(&self) -> impl Iterator<Item = (i64, i64)> {
        let told = self.told.get(..self.len()).unwrap_or_default();
        told.iter().zip(told.iter().skip(1)).map(|(before, after)| (before.micros(), after.micros()))
    }

    /// Has the machine fetch what is told of a purchase.
    #[inline]
    pub(crate) fn fetch(&self, basket: usize) {
        prefetch_index(&*self.told, basket);
    }

    /// The same of the first of its heaps.
    #[inline]
    pub(crate) fn fetch_heaps(&self, basket: usize) {
        if let Some(told) = self.told.get(basket) {
            self.heaps.fetch(place(told.heaps));
        }
    }

    /// What a purchase comes to.
    fn sum(&self, basket: usize) -> i64 {
        let heaps = self.heaps.at(self.heaps_of(basket)).iter();
        heaps.fold(0_i64, |sum, heap| sum.saturating_add(heap.amount()))
    }

    #[inline]
    pub(crate) fn has_terms(&self, basket: usize) -> bool {
        self.terms.has(basket)
    }

    pub(crate) fn terms(&self, basket: usize) -> Terms {
        self.terms.of(basket)
    }

    /// The id of the purchase that a return gives back.
    pub(crate) fn gives_back(&self, basket: usize) -> Option<Key<'a>> {
        let code = self.returned.get(basket).copied().filter(|code| *code != NONE)?;
        self.names.returned.key(code)
    }

    pub(crate) fn has_returns(&self) -> bool {
        self.has_returns
    }

    pub(crate) fn is_aside(&self, basket: usize) -> bool {
        self.marks.get(basket) == Some(&Mark::Aside)
    }

    pub(crate) fn any_aside(&self) -> bool {
        self.marks.contains(&Mark::Aside)
    }

    /// All rows are there: what seems not to make one purchase is to be looked at as a fact, and so is each return.
    fn look_over(&mut self) {
        let marks = self.marks.iter_mut();
        for (mark, start) in marks.zip(self.starts.windows(2)) {
            if let [start, end] = start
                && place(end.saturating_sub(*start)) > MOST_LINES
            {
                *mark = Mark::Doubtful.max(*mark);
            }
        }
        for (mark, _) in self.marks.iter_mut().zip(&self.returned).filter(|(_, code)| **code != NONE) {
            *mark = Mark::Doubtful.max(*mark);
        }
        let unfit = self.terms.all().filter(|(basket, terms)| !fit(*terms, self.sum(place(*basket))));
        let unfit: Vec<u32> = unfit.map(|(basket, _)| basket).collect();
        unfit.into_iter().for_each(|basket| self.mark(basket, Mark::Doubtful));
    }

    /// The purchases against which something speaks, but for those that are set aside.
    pub(crate) fn doubtful(&self) -> Vec<usize> {
        let marks = self.marks.iter().enumerate();
        marks.filter(|(_, mark)| **mark == Mark::Doubtful).map(|(basket, _)| basket).collect()
    }

    pub(crate) fn set_aside(&mut self, basket: usize) {
        if let Some(mark) = self.marks.get_mut(basket) {
            *mark = Mark::Aside;
        }
    }

    /// The id of a purchase: of one that has none, its row's number.
    pub(crate) fn id(&self, basket: usize) -> Text<'a> {
        if self.has_ids {
            return self.key(number(basket)).map_or(Text::from(""), Key::text);
        }
        Text::from(format!("row:{basket}"))
    }

    /// Where ids are told.
    fn key(&self, basket: u32) -> Option<Key<'a>> {
        self.names.ids.key(self.firsts(), basket)
    }

    /// Of purchases that stand together.
    fn firsts(&self) -> Firsts<'_, 'a> {
        Firsts { held: &self.held, rows: self.starts.get(..self.len()).unwrap_or_default() }
    }

    /// Shows the ids of some purchases, which ascend.
    pub(crate) fn show_ids(&self, baskets: impl Iterator<Item = usize>, mut to: impl FnMut(&[u8])) {
        if self.has_ids && !self.names.ids.are_kept() {
            let rows = baskets.filter_map(|basket| self.starts.get(basket)).copied();
            return self.firsts().each_id(rows, |key| match key {
                Some(key) => key.show(&mut to),
                None => to(b""),
            });
        }
        for basket in baskets {
            match self.key(number(basket)) {
                Some(key) => key.show(&mut to),
                None => to(self.id(basket).as_bytes()),
            }
        }
    }

    /// Ids will be asked for in any order.
    pub(crate) fn tabulate(&mut self) {
        let Sales { names, held, starts, .. } = self;
        names.ids.tabulate(Firsts { held, rows: starts.get(..self.customers.len()).unwrap_or_default() });
    }

    /// The order of two purchases of one instant: by their ids.
    pub(crate) fn by_id(&self, one: u32, other: u32) -> std::cmp::Ordering {
        match (self.key(one), self.key(other)) {
            (Some(one), Some(other)) => one.by_text(other),
            _ => (*self.id(place(one))).cmp(&*self.id(place(other))),
        }
    }

    /// The purchase or return with an id.
    pub(crate) fn find(&self, id: Key<'_>) -> Option<u32> {
        if self.has_ids {
            return self.names.ids.find(self.firsts(), id);
        }
        let Key::Text(text) = id else { return None };
        let row: u32 = text.strip_prefix("row:")?.parse().ok()?;
        (*self.id(place(row)) == *text && place(row) < self.len()).then_some(row)
    }

    /// Puts rows to their purchases.
    fn join(&mut self, stretch: &mut Stretch<'a>, joining: &mut Joining, ahead: &mut Ahead) {
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

    fn mark(&mut self, basket: u32, mark: Mark) {
        if basket == BAD || basket == NONE {
            return;
        }
        if let Some(known) = self.marks.get_mut(place(basket)) {
            *known = mark.max(*known);
        }
    }

    /// From this row on a row may be of any purchase.
    fn part(&mut self, joining: &mut Joining, row: u32) {
        if joining.owners.is_none() {
            joining.owners = Some(owners(self.starts.iter().copied(), place(row)));
        }
        self.heaps.part(self.told.iter().map(|told| told.heaps));
    }
}

/// Whether there can be these terms of a purchase that comes to `sum`.
fn fit(terms: Terms, sum: i64) -> bool {
    let Terms { discount, points, points_amount } = terms;
    let tendered =
        (points > 0 && points_amount <= sum.saturating_sub(discount)) || (points, points_amount) == (0, 0);
    discount <= sum && tendered
}

/// Puts together what belongs to one purchase each, of so many, and does not stand together: a stable counting sort by purchase. Where each begins,
/// and what stands there.
pub(crate) fn gathered(owners: &[u32], count: usize) -> (Vec<u32>, Vec<u32>) {
    let mut ends = vec![0_u32; count.saturating_add(1)];
    for owner in owners.iter().filter(|owner| **owner != NOBODY) {
        if let Some(count) = ends.get_mut(place(*owner).saturating_add(1)) {
            *count = count.saturating_add(1);
        }
    }
    let mut sum = 0_u32;
    for end in &mut ends {
        sum = sum.saturating_add(*end);
        *end = sum;
    }
    let starts = ends.clone();
    let mut order = vec![NOBODY; place(sum)];
    for (at, owner) in (0_u32..).zip(owners).filter(|(_, owner)| **owner != NOBODY) {
        let Some(next) = ends.get_mut(place(*owner)) else { continue };
        if let Some(slot) = order.get_mut(place(*next)) {
            *slot = at;
        }
        *next = next.saturating_add(1);
    }
    (starts, order)
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
struct Joining {
    /// The first row of the stretch.
    first: u32,
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
    owners: Option<Vec<u32>>,
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

/// A count as a number; the bound of rows keeps it within.
pub(crate) fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(NONE)
}
