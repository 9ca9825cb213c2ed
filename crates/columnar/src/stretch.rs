//! Some rows that are read together: few enough that what they say stays in the processor's cache.

use crate::codes::{BAD, Codes, NONE, name_fault, place};
use crate::combos::Combos;
use crate::ids::{Firsts, Ids};
use crate::names::What;
use crate::rejects::Misfit;
use crate::sales::joining::Head;
use crate::table::Batch;
use crate::terms::Terms;
use crate::text::{self, Dictionary};
use crate::turns::Turns;
use crate::when::{self, When};
use crate::{key::Key, money, quantity, whole};
use arrow_array::ArrayRef;
use chrono_tz::Tz;
use parure::fact::Quantity;
use parure::fault::Fault;
use parure::money::Currency;
use parure::program::Program;
use std::ops::{Range, RangeInclusive};

/// Rows that are read together.
pub(crate) const ROWS: usize = 8_192;

/// What the codes of kinds stand for. [`NONE`] is the kind of which nothing is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum KindsOf {
    #[default]
    Nothing,
    Items,
    Categories,
    Both,
}

/// The names that a table of sales tells, over all its rows.
#[derive(Debug, Default)]
pub(crate) struct Names<'a> {
    pub(crate) ids: Ids<'a>,
    pub(crate) customers: Codes<'a>,
    items: Codes<'a>,
    categories: Codes<'a>,
    pub(crate) stores: Codes<'a>,
    pub(crate) staff: Codes<'a>,
    pub(crate) terminals: Codes<'a>,
    pub(crate) returned: Codes<'a>,
    /// Item and category, where rules ask for both and columns tell both.
    kinds: Combos<2>,
    /// What the codes of kinds stand for.
    kinds_of: KindsOf,
    /// Store, staff and terminal.
    pub(crate) places: Combos<3>,
    dictionaries: [Dictionary; 8],
}

impl Names<'_> {
    /// The item and the category that the code of a kind stands for; empty where not told.
    pub(crate) fn kind(&self, code: u32) -> [String; 2] {
        let text = |key: Option<Key<'_>>| key.map(|key| key.text().to_string()).unwrap_or_default();
        let (item, category) = match self.kinds_of {
            KindsOf::Nothing => (NONE, NONE),
            KindsOf::Items => (code, NONE),
            KindsOf::Categories => (NONE, code),
            KindsOf::Both => {
                self.kinds.all().get(place(code)).map_or((NONE, NONE), |[item, category]| (*item, *category))
            }
        };
        [text(self.items.key(item)), text(self.categories.key(category))]
    }
}

/// What some rows say, side by side: of lines each, of purchases as a whole those at which they turn.
#[derive(Debug, Default)]
pub(crate) struct Stretch<'a> {
    pub(crate) turns: Turns,
    /// By turn. Without a column of ids each row is a purchase of its own: empty then.
    pub(crate) ids: Vec<u32>,
    /// By turn.
    pub(crate) customers: Vec<u32>,
    /// By turn.
    pub(crate) whens: Vec<When>,
    /// By turn; empty where no column tells any.
    pub(crate) places: Vec<u32>,
    /// By turn; empty where no column tells any.
    pub(crate) terms: Vec<Terms>,
    /// By turn; empty where no column tells any.
    pub(crate) returned: Vec<u32>,
    /// By row.
    pub(crate) amounts: Vec<i64>,
    /// By row.
    pub(crate) kinds: Vec<u32>,
    pub(crate) misfits: Vec<Misfit>,
    /// Rows whose purchase is to be looked at as a fact: what they say may not fit together.
    pub(crate) doubts: Vec<u32>,
    codes: [Vec<u32>; 3],
    plain: Vec<i64>,
    line: Option<Key<'a>>,
    line_of: u32,
}

/// What is told of a purchase as a whole, besides its id.
const OF_PURCHASES: [What; 9] = [
    What::Customer,
    What::At,
    What::Store,
    What::Staff,
    What::Terminal,
    What::Discount,
    What::Points,
    What::PointsAmount,
    What::Returns,
];

/// What reading asks of the program.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reading {
    pub(crate) currency: Currency,
    pub(crate) zone: Tz,
    /// Whether any rule asks for items and for categories: otherwise lines need not be told apart by them.
    pub(crate) items: bool,
    pub(crate) categories: bool,
}

impl Reading {
    pub(crate) fn of(program: &Program) -> Reading {
        Reading {
            currency: program.currency(),
            zone: program.time_zone(),
            items: program.asks_for_items(),
            categories: program.asks_for_categories(),
        }
    }
}

impl<'a> Stretch<'a> {
    /// Reads rows of a batch. `firsts`: of all purchases up to these.
    pub(crate) fn read(
        &mut self,
        batch: Batch<'a, '_>,
        rows: Range<usize>,
        names: &mut Names<'a>,
        firsts: Firsts<'_, 'a>,
        by: Reading,
    ) {
        let others = OF_PURCHASES.iter().filter_map(|what| batch.column(*what));
        if batch.column(What::Id).is_some_and(|id| self.turns.find(id, others, &rows)) {
            let line = (self.line, self.line_of);
            self.read_turns(batch, rows.clone(), names, firsts, by);
            if self.misfits.is_empty() {
                return;
            }
            // Which rows are bad is told row by row. Their ids have been seen by now: whether they are new can't be asked again.
            (self.line, self.line_of) = line;
            names.ids.keep(firsts);
        }
        self.turns.all(rows.len());
        self.read_turns(batch, rows, names, firsts, by);
    }

    fn read_turns(
        &mut self,
        batch: Batch<'a, '_>,
        rows: Range<usize>,
        names: &mut Names<'a>,
        firsts: Firsts<'_, 'a>,
        by: Reading,
    ) {
        self.misfits.clear();
        self.doubts.clear();
        let first = u32::try_from(batch.first.saturating_add(rows.start)).unwrap_or(NONE);
        let Names {
            ids, customers, items, categories, stores, staff, terminals, returned, dictionaries, ..
        } = names;
        let [of_id, of_customer, of_item, of_category, of_store, of_staff, of_terminal, of_returned] =
            dictionaries;
        let Stretch { turns, misfits, codes: [one, two, three], .. } = self;
        let turning = turns.places().len();
        let mut named = Naming { batch, rows: rows.clone(), first, turns, misfits };
        named.read_ids(ids, firsts, of_id, &mut self.ids);
        named.all_there(What::Id, &self.ids);
        named.read(What::Customer, customers, of_customer, &mut self.customers);
        named.all_there(What::Customer, &self.customers);
        let has_item = named.read_or_check(by.items, What::Item, items, of_item, one);
        let has_category = named.read_or_check(by.categories, What::Category, categories, of_category, two);
        self.kinds.clear();
        let kinds = &mut names.kinds;
        match (has_item, has_category) {
            (true, true) => {
                names.kinds_of = KindsOf::Both;
                let both = one.iter().zip(&*two);
                self.kinds.extend(both.map(|(item, category)| kinds.code([*item, *category])));
            }
            (true, false) => {
                names.kinds_of = KindsOf::Items;
                self.kinds.extend_from_slice(one);
            }
            (false, true) => {
                names.kinds_of = KindsOf::Categories;
                self.kinds.extend_from_slice(two);
            }
            (false, false) => self.kinds.resize(rows.len(), NONE),
        }
        let has_store = named.read(What::Store, stores, of_store, one);
        let has_staff = named.read(What::Staff, staff, of_staff, two);
        let has_terminal = named.read(What::Terminal, terminals, of_terminal, three);
        self.places.clear();
        if has_store || has_staff || has_terminal {
            for codes in [&mut *one, two, three] {
                fill(codes, turning);
            }
            let places = one.iter().zip(&*two).zip(&*three);
            let combos = &mut names.places;
            let mut last = ([NONE; 3], combos.code([NONE; 3]));
            self.places.extend(places.map(|((store, staff), terminal)| {
                let place = [*store, *staff, *terminal];
                if place != last.0 {
                    last = (place, combos.code(place));
                }
                last.1
            }));
        }
        named.read(What::Returns, returned, of_returned, &mut self.returned);
        self.whens(batch, rows.clone(), first, by.zone);
        self.amounts(batch, rows.clone(), first, by.currency);
        self.terms(batch, rows.clone(), first, by.currency);
        self.quantities(batch, rows.clone(), first);
        self.lines(batch, rows, first);
    }

    /// What is told at a turn: who, when and where, the terms, and what is given back.
    #[inline]
    pub(crate) fn told(&self, at: usize) -> (Head, Terms, u32) {
        let code = |codes: &[u32]| codes.get(at).copied().unwrap_or(NONE);
        let head = Head {
            id: code(&self.ids),
            customer: code(&self.customers),
            when: self.whens.get(at).copied().unwrap_or(When::NOTHING),
            place: code(&self.places),
        };
        (head, self.terms.get(at).copied().unwrap_or_default(), code(&self.returned))
    }

    fn whens(&mut self, batch: Batch<'a, '_>, rows: Range<usize>, first: u32, zone: Tz) {
        let Some(column) = batch.column(What::At) else { return };
        self.whens.clear();
        if self.turns.are_all() && when::plain(column, rows.clone(), &mut self.whens) {
            return;
        }
        if !self.turns.are_all() {
            if when::plain_at(column, (rows.start, self.turns.places()), &mut self.whens) {
                return;
            }
            self.whens.clear();
        }
        when::each(column, rows, zone, |cell| {
            let when =
                cell.transpose().unwrap_or_else(|| Err(Fault::new("missing_key", "the cell is empty")));
            self.whens.push(when.unwrap_or_else(|fault| {
                self.misfits.push(Misfit::cell(row(first, self.whens.len()), What::At, fault));
                When::NOTHING
            }));
        });
        self.turns.pick(&mut self.whens);
    }

    fn amounts(&mut self, batch: Batch<'a, '_>, rows: Range<usize>, first: u32, currency: Currency) {
        let Some(column) = batch.column(What::Amount) else { return };
        self.amounts.clear();
        if money::plain(column, rows.clone(), currency, &mut self.amounts) {
            return;
        }
        money::each(column, rows, currency, |cell| {
            let amount = match cell {
                Ok(Some(amount)) => amount,
                Ok(None) => {
                    self.misfits.push(Misfit::empty(row(first, self.amounts.len()), What::Amount));
                    0
                }
                Err(fault) => {
                    self.misfits.push(Misfit::cell(row(first, self.amounts.len()), What::Amount, fault));
                    0
                }
            };
            self.amounts.push(amount);
        });
    }

    fn terms(&mut self, batch: Batch<'a, '_>, rows: Range<usize>, first: u32, currency: Currency) {
        self.terms.clear();
        let columns =
            [What::Discount, What::Points, What::PointsAmount].map(|what| (what, batch.column(what)));
        if columns.iter().all(|(_, column)| column.is_none()) {
            return;
        }
        let turns = &self.turns;
        self.terms.resize(turns.places().len(), Terms::default());
        let here = (rows.start, turns.places());
        for (what, column) in columns {
            let Some(column) = column else { continue };
            let field = |terms: &mut Terms, value: i64| {
                *match what {
                    What::Discount => &mut terms.discount,
                    What::Points => &mut terms.points,
                    _ => &mut terms.points_amount,
                } = value;
            };
            self.plain.clear();
            let is_plain = match (what, turns.are_all()) {
                (What::Points, true) => whole::plain(column, rows.clone(), POINTS, &mut self.plain),
                (What::Points, false) => whole::plain_at(column, here, POINTS, &mut self.plain),
                (_, true) => money::plain(column, rows.clone(), currency, &mut self.plain),
                (_, false) => money::plain_at(column, here, currency, &mut self.plain),
            };
            if !is_plain {
                self.plain.clear();
                let (all, misfits) = (&mut self.plain, &mut self.misfits);
                let mut put = |cell: Result<Option<i64>, Fault>| {
                    let value = cell.map(Option::unwrap_or_default).unwrap_or_else(|fault| {
                        misfits.push(Misfit::cell(row(first, all.len()), what, fault));
                        0
                    });
                    all.push(value);
                };
                if what == What::Points {
                    whole::each(column, rows.clone(), |cell| put(cell.map(points).transpose()));
                } else {
                    money::each(column, rows.clone(), currency, put);
                }
                turns.pick(&mut self.plain);
            }
            self.terms.iter_mut().zip(&self.plain).for_each(|(terms, value)| field(terms, *value));
        }
    }

    fn quantities(&mut self, batch: Batch<'a, '_>, rows: Range<usize>, first: u32) {
        let Some(column) = batch.column(What::Quantity) else { return };
        let mut at = 0_usize;
        quantity::each(column, rows, |cell| {
            match cell {
                Ok(Some(Quantity::NONE)) => self.doubts.push(row(first, at)),
                Ok(_) => {}
                Err(fault) => self.misfits.push(Misfit::cell(row(first, at), What::Quantity, fault)),
            }
            at = at.saturating_add(1);
        });
    }

    /// Lines of a purchase are told apart by their ids: where these don't ascend, a second look is needed.
    fn lines(&mut self, batch: Batch<'a, '_>, rows: Range<usize>, first: u32) {
        let Some(column) = batch.column(What::Line) else { return };
        let runs = self.ids.iter().zip(self.turns.runs());
        let mut ids = runs.flat_map(|(id, (_, rows))| std::iter::repeat_n(*id, rows));
        let mut at = 0_usize;
        let mut bad = Vec::new();
        text::each(column, rows, |key| {
            let of = ids.next().unwrap_or(BAD);
            let before = self.line.filter(|_| of == self.line_of && of != BAD);
            match key {
                Some(key) => {
                    if !crate::codes::is_name(key) {
                        bad.push((at, key));
                    } else if before.is_some_and(|before| !key.is_beyond(before)) {
                        self.doubts.push(row(first, at));
                    }
                }
                // It is named after its place among the lines, which another may be called.
                None => self.doubts.push(row(first, at)),
            }
            (self.line, self.line_of) = (key, of);
            at = at.saturating_add(1);
        });
        for (at, key) in bad {
            self.misfits.extend(name_misfit(row(first, at), What::Line, key));
        }
    }
}

const POINTS: RangeInclusive<i64> = 0..=parure::points::POINTS_LIMIT;

fn points(told: i128) -> Result<i64, Fault> {
    let outside = || Fault::new("number_range", format!("`{told}` is not from 0 to 10^12"));
    let points = i64::try_from(told).map_err(|_| outside())?;
    if POINTS.contains(&points) { Ok(points) } else { Err(outside()) }
}

fn fill(codes: &mut Vec<u32>, rows: usize) {
    codes.resize(rows, NONE);
}

/// A row by its place among those read together.
fn row(first: u32, at: usize) -> u32 {
    first.saturating_add(u32::try_from(at).unwrap_or(NONE))
}

fn name_misfit(row: u32, what: What, key: Key<'_>) -> Option<Misfit> {
    name_fault(&key.text()).map(|fault| Misfit::cell(row, what, fault))
}

/// Columns with names, one after another.
struct Naming<'a, 'p, 'm> {
    batch: Batch<'a, 'p>,
    rows: Range<usize>,
    first: u32,
    turns: &'m Turns,
    misfits: &'m mut Vec<Misfit>,
}

impl<'a> Naming<'a, '_, '_> {
    /// Reads the codes of a column that tells of purchases, at the turns; whether there is one.
    fn read(
        &mut self,
        what: What,
        codes: &mut Codes<'a>,
        known: &mut Dictionary,
        into: &mut Vec<u32>,
    ) -> bool {
        into.clear();
        let Some(column) = self.batch.column(what) else { return false };
        if self.turns.are_all() {
            text::code(column, self.rows.clone(), codes, known, into);
        } else {
            text::code_at(column, (self.rows.start, self.turns.places()), codes, known, into);
        }
        self.tell_bad(what, column, into, self.turns.places().iter().map(|turn| place(*turn)));
        true
    }

    fn read_ids(
        &mut self,
        ids: &mut Ids<'a>,
        firsts: Firsts<'_, 'a>,
        known: &mut Dictionary,
        into: &mut Vec<u32>,
    ) {
        into.clear();
        let Some(column) = self.batch.column(What::Id) else { return };
        ids.read(column, (self.rows.clone(), self.turns), firsts, known, into);
        self.tell_bad(What::Id, column, into, self.turns.places().iter().map(|turn| place(*turn)));
    }

    /// Reads the codes of a column that tells of lines; whether there is one.
    fn read_lines(
        &mut self,
        what: What,
        codes: &mut Codes<'a>,
        known: &mut Dictionary,
        into: &mut Vec<u32>,
    ) -> bool {
        into.clear();
        let Some(column) = self.batch.column(what) else { return false };
        text::code_all(column, self.rows.clone(), codes, known, into);
        self.tell_bad(what, column, into, 0_usize..);
        true
    }

    /// `places`: of the rows that the codes are of.
    fn tell_bad(
        &mut self,
        what: What,
        column: &ArrayRef,
        codes: &[u32],
        places: impl Iterator<Item = usize>,
    ) {
        // Nothing is above but what is empty.
        if codes.iter().fold(0, |most, code| most.max(*code)) < BAD {
            return;
        }
        for (at, _) in places.zip(codes).filter(|(_, code)| **code == BAD) {
            self.tell(what, column, at);
        }
    }

    /// Reads the codes of a column that rules ask for; of any other only looks whether the cells are names.
    fn read_or_check(
        &mut self,
        asked: bool,
        what: What,
        codes: &mut Codes<'a>,
        known: &mut Dictionary,
        into: &mut Vec<u32>,
    ) -> bool {
        if asked {
            return self.read_lines(what, codes, known, into);
        }
        let Some(column) = self.batch.column(what) else { return false };
        let mut bad = Vec::new();
        text::check(column, self.rows.clone(), known, |at| bad.push(at));
        for at in bad {
            self.tell(what, column, at);
        }
        false
    }

    #[cold]
    fn tell(&mut self, what: What, column: &ArrayRef, at: usize) {
        let key = text::one(column, self.rows.start.saturating_add(at));
        self.misfits.extend(key.and_then(|key| name_misfit(row(self.first, at), what, key)));
    }

    fn all_there(&mut self, what: What, codes: &[u32]) {
        if codes.iter().fold(0, |most, code| most.max(*code)) < NONE {
            return;
        }
        for (turn, _) in self.turns.places().iter().zip(codes).filter(|(_, code)| **code == NONE) {
            self.misfits.push(Misfit::empty(row(self.first, place(*turn)), what));
        }
    }
}
