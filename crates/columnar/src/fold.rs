//! Account by account: the purchases of one are put in order, laid side by side and told to the core, without a fact for each.

use crate::check::unexpected;
use crate::codes::{NONE, place};
use crate::error::Error;
use crate::grouped::Grouped;
use crate::key::Key;
use crate::rejects::{Misfit, Reject};
use crate::sales::{Sales, number};
use crate::stretch::Terms;
use crate::tables::Tables;
use parure::calendar::Day;
use parure::fact::Fact;
use parure::fault::Fault;
use parure::replay::{Award, ColumnBasket, Kind, Place, Replay, Standing};
use std::cmp::Ordering;
use std::ops::Range;

/// Purchases of an account that are laid side by side at once: so many stay in the processor's cache, and what is fetched for one
/// does not wait for another.
const SIDE_BY_SIDE: usize = 256;

/// What a replay gave.
pub(crate) struct Folded {
    /// Of each purchase that had happened by the day; none of returns and of what was set aside.
    pub(crate) awards: Vec<Option<(Award, Day)>>,
    /// By the code of the customer; none of those who have nothing but bad rows.
    pub(crate) accounts: Vec<Option<Standing>>,
    pub(crate) replay: Replay,
}

/// Folds all accounts up to the end of a day.
pub(crate) fn fold(
    tables: &mut Tables<'_>,
    mut replay: Replay,
    on: Day,
    purchases: bool,
) -> Result<Folded, Error> {
    let kinds = kinds(&mut tables.sales, &mut replay).map_err(unexpected)?;
    let tables = &*tables;
    let sales = &tables.sales;
    let places = places(sales, &mut replay).map_err(unexpected)?;
    let count = sales.names.customers.len();
    let grouped = Grouped::new(&sales.customers, count);
    let joins = joins(tables);
    let mut folding = Folding {
        tables,
        on,
        by_columns: replay.reads_columns(),
        replay,
        kinds,
        places,
        any_aside: sales.any_aside(),
        together: grouped.stand_together(),
        ordered: Vec::new(),
        side: Side::default(),
        awards: if purchases { vec![None; sales.len()] } else { Vec::new() },
    };
    let mut accounts = Vec::with_capacity(count);
    let mut next_join = 0_usize;
    for customer in 0..count {
        folding.put_in_order(grouped.of(customer));
        let start = next_join;
        let is_own = |join: &u32| joined(tables, *join).is_some_and(|code| place(code) == customer);
        while joins.get(next_join).is_some_and(is_own) {
            next_join = next_join.saturating_add(1);
        }
        let own_joins = joins.get(start..next_join).unwrap_or_default();
        if folding.ordered.is_empty() && own_joins.is_empty() {
            accounts.push(None);
            continue;
        }
        accounts.push(Some(folding.account(own_joins)?));
    }
    Ok(Folded { awards: folding.awards, accounts, replay: folding.replay })
}

/// The kind of each heap.
fn kinds(sales: &mut Sales<'_>, replay: &mut Replay) -> Result<Vec<Kind>, Fault> {
    let by_number = sales.heaps.kinds.iter().map(|kind| {
        let [item, category] = sales.names.kind(*kind);
        replay.kind(&item, &category)
    });
    let by_number: Vec<Kind> = by_number.collect::<Result<_, _>>()?;
    let untold = replay.kind("", "")?;
    let kind = |number: u32| by_number.get(place(number)).copied().unwrap_or(untold);
    Ok(sales.heaps.take_numbers().into_iter().map(kind).collect())
}

fn places(sales: &Sales<'_>, replay: &mut Replay) -> Result<Vec<Place>, Fault> {
    let text = |key: Option<Key<'_>>| key.map(|key| key.text().to_string());
    let places = sales.names.places.all().iter().map(|[store, staff, terminal]| {
        let store = text(sales.names.stores.key(*store));
        let staff = text(sales.names.staff.key(*staff));
        let terminal = text(sales.names.terminals.key(*terminal));
        replay.place(store.as_deref(), staff.as_deref(), terminal.as_deref())
    });
    places.collect()
}

/// The numbers of those who joined, by customer, then in order.
fn joins(tables: &Tables<'_>) -> Vec<u32> {
    let mut joins: Vec<u32> = (0..number(tables.joins.len())).collect();
    let key = |join: &u32| {
        tables.joins.get(place(*join)).map(|join| (join.customer, join.fact.at().micros(), join.fact.id()))
    };
    joins.sort_unstable_by(|one, other| key(one).cmp(&key(other)));
    joins
}

fn joined(tables: &Tables<'_>, join: u32) -> Option<u32> {
    tables.joins.get(place(join)).map(|join| join.customer)
}

struct Folding<'t, 'a> {
    tables: &'t Tables<'a>,
    on: Day,
    by_columns: bool,
    replay: Replay,
    /// Of all heaps.
    kinds: Vec<Kind>,
    places: Vec<Place>,
    any_aside: bool,
    /// The table has the purchases by customer, so that what is told of them lies side by side already.
    together: bool,
    /// The account's purchases with their instants, as they happened.
    ordered: Vec<(i64, u32)>,
    side: Side,
    awards: Vec<Option<(Award, Day)>>,
}

/// Lines of some purchases, side by side.
#[derive(Default)]
struct Side {
    kinds: Vec<Kind>,
    amounts: Vec<i64>,
    baskets: Vec<Range<usize>>,
}

impl Side {
    /// The kinds and the amounts of a purchase: where it is one of those side by side, from here; where it stands with the others of its customer,
    /// from the table.
    #[inline]
    fn lines<'s>(
        &'s self,
        sales: &'s Sales<'_>,
        kinds: &'s [Kind],
        at: Option<usize>,
        basket: u32,
    ) -> (&'s [Kind], &'s [i64]) {
        match at {
            Some(at) => {
                let lines = self.baskets.get(at).cloned().unwrap_or_default();
                (
                    self.kinds.get(lines.clone()).unwrap_or_default(),
                    self.amounts.get(lines).unwrap_or_default(),
                )
            }
            None => {
                let places = sales.heaps.places(place(basket));
                (kinds.get(places.clone()).unwrap_or_default(), sales.heaps.amounts(places))
            }
        }
    }
}

impl<'a> Folding<'_, 'a> {
    fn account(&mut self, joins: &[u32]) -> Result<Standing, Error> {
        let ordered = std::mem::take(&mut self.ordered);
        let mut joins = joins.iter().copied().peekable();
        for some in ordered.chunks(SIDE_BY_SIDE) {
            if self.by_columns && !self.together {
                self.lay(some);
            }
            for (at, (micros, basket)) in some.iter().enumerate() {
                while let Some(join) = joins.next_if(|join| self.is_before(*join, *micros, *basket)) {
                    self.join(join)?;
                }
                self.basket(at, *micros, *basket)?;
            }
        }
        for join in joins {
            self.join(join)?;
        }
        self.ordered = ordered;
        Ok(self.replay.end())
    }

    /// By instant, then by id; most accounts are.
    fn put_in_order(&mut self, own: impl Iterator<Item = u32>) {
        let sales = &self.tables.sales;
        self.ordered.clear();
        let own = own.filter(|basket| !self.any_aside || !sales.is_aside(place(*basket)));
        let micros = |basket: u32| sales.micros.get(place(basket)).copied().unwrap_or_default();
        self.ordered.extend(own.map(|basket| (micros(basket), basket)));
        let order = |one: &(i64, u32), other: &(i64, u32)| {
            one.0.cmp(&other.0).then_with(|| sales.by_id(one.1, other.1))
        };
        if !self.ordered.is_sorted_by(|one, other| order(one, other) == Ordering::Less) {
            self.ordered.sort_unstable_by(order);
        }
    }

    fn lay(&mut self, some: &[(i64, u32)]) {
        let sales = &self.tables.sales;
        let Side { kinds, amounts, baskets } = &mut self.side;
        kinds.clear();
        amounts.clear();
        baskets.clear();
        for (_, basket) in some {
            let start = amounts.len();
            let places = sales.heaps.places(place(*basket));
            amounts.extend_from_slice(sales.heaps.amounts(places.clone()));
            kinds.extend_from_slice(self.kinds.get(places).unwrap_or_default());
            baskets.push(start..amounts.len());
        }
    }

    fn is_before(&self, join: u32, micros: i64, basket: u32) -> bool {
        self.tables.joins.get(place(join)).is_some_and(|join| {
            let id = || self.tables.sales.id(place(basket));
            join.fact.at().micros().cmp(&micros).then_with(|| join.fact.id().cmp(&id())) == Ordering::Less
        })
    }

    fn join(&mut self, join: u32) -> Result<(), Error> {
        let Some(own) = self.tables.joins.get(place(join)) else { return Ok(()) };
        if self.replay.day(own.fact.at().micros()) > self.on {
            return Ok(());
        }
        // Behind the numbers of the purchases.
        let no = number(self.tables.sales.len()).saturating_add(join);
        self.replay.told(no, &own.fact, None).map(|_| ()).map_err(unexpected)
    }

    fn basket(&mut self, at: usize, micros: i64, basket: u32) -> Result<(), Error> {
        let sales = &self.tables.sales;
        let day = self.replay.day(micros);
        if day > self.on {
            return Ok(());
        }
        let fact = |basket: u32| sales.fact(place(basket)).map_err(|misfit| self::error(sales, misfit));
        if let Some(purchase) = sales.gives_back(place(basket)) {
            let own = fact(basket)?;
            let linked = sales.find(purchase).filter(|purchase| !sales.is_aside(place(*purchase)));
            let bought: Option<(u32, Fact<'a>)> =
                linked.map(|purchase| Ok::<_, Error>((purchase, fact(purchase)?))).transpose()?;
            let linked = bought.as_ref().map(|(no, fact)| (*no, fact));
            return self.replay.told(basket, &own, linked).map(|_| ()).map_err(unexpected);
        }
        let mut award = None;
        if self.by_columns {
            let at = if self.together { None } else { Some(at) };
            let (kinds, amounts) = self.side.lines(sales, &self.kinds, at, basket);
            let mut told = ColumnBasket::new(kinds, amounts, sales.by.currency).map_err(unexpected)?;
            let terms = sales.terms(place(basket));
            if terms != Terms::default() {
                told = with_terms(told, terms).map_err(unexpected)?;
            }
            let seen = sales.places.get(place(basket)).and_then(|code| self.places.get(place(*code)));
            let seen = seen.copied().unwrap_or_default();
            award = self.replay.purchased(basket, micros, seen, &told).map_err(unexpected)?;
        }
        let award = match award {
            Some(award) => Some(award),
            None => self.replay.told(basket, &fact(basket)?, None).map_err(unexpected)?,
        };
        if let Some(slot) = self.awards.get_mut(place(basket)) {
            *slot = award.map(|award| (award, day));
        }
        Ok(())
    }
}

fn with_terms(mut basket: ColumnBasket<'_>, terms: Terms) -> Result<ColumnBasket<'_>, Fault> {
    let Terms { discount, points, points_amount } = terms;
    if discount != 0 {
        basket = basket.with_discount(discount)?;
    }
    if (points, points_amount) != (0, 0) {
        basket = basket.with_points(points, points_amount)?;
    }
    Ok(basket)
}

fn error(sales: &Sales<'_>, misfit: Misfit) -> Error {
    Reject::of(&sales.held, misfit).into()
}

/// The numbers of purchases and of those who joined stay below the core's.
pub(crate) fn fits(tables: &Tables<'_>) -> bool {
    tables.sales.len().saturating_add(tables.joins.len()) < place(NONE)
}
