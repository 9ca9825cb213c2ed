//! A table of sales as purchases: who, when and where of each, and its lines side by side.

pub(crate) mod joining;

use crate::ahead::Ahead;
use crate::codes::{BAD, NONE, place};
use crate::error::Error;
use crate::heaps::{Heaps, between};
use crate::ids::Firsts;
use crate::key::Key;
use crate::names::What;
use crate::rejects::Rejects;
use crate::stretch::{Names, ROWS, Reading, Stretch};
use crate::table::Held;
use crate::terms::{AllTerms, Terms};
use crate::when;
use joining::Joining;
use parure::fact::{MOST_LINES, Text};
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

    fn mark(&mut self, basket: u32, mark: Mark) {
        if basket == BAD || basket == NONE {
            return;
        }
        if let Some(known) = self.marks.get_mut(place(basket)) {
            *known = mark.max(*known);
        }
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

/// A count as a number; the bound of rows keeps it within.
pub(crate) fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(NONE)
}
