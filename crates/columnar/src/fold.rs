//! Account by account: the purchases of one are put in order, laid side by side and told to the core, without a fact for each.

use crate::check::unexpected;
use crate::codes::{NONE, place};
use crate::error::Error;
use crate::grouped::Grouped;
use crate::key::Key;
use crate::rejects::{Misfit, Reject};
use crate::sales::{Sales, number};
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
    tables: &Tables<'_>,
    mut replay: Replay,
    on: Day,
    purchases: bool,
) -> Result<Folded, Error> {
    let sales = &tables.sales;
    let kinds = kinds(sales, &mut replay).map_err(unexpected)?;
    let untold = replay.kind("", "").map_err(unexpected)?;
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
        untold,
        places,
        own: Vec::new(),
        ordered: Vec::new(),
        side: Side::default(),
        awards: if purchases { vec![None; sales.len()] } else { Vec::new() },
    };
    let any_aside = sales.any_aside();
    let mut accounts = Vec::with_capacity(count);
    let mut next_join = 0_usize;
    for customer in 0..count {
        grouped.of(customer, &mut folding.own);
        if any_aside {
            folding.own.retain(|basket| !sales.is_aside(place(*basket)));
        }
        let start = next_join;
        let is_own = |join: &u32| joined(tables, *join).is_some_and(|code| place(code) == customer);
        while joins.get(next_join).is_some_and(is_own) {
            next_join = next_join.saturating_add(1);
        }
        let own_joins = joins.get(start..next_join).unwrap_or_default();
        if folding.own.is_empty() && own_joins.is_empty() {
            accounts.push(None);
            continue;
        }
        accounts.push(Some(folding.account(own_joins)?));
    }
    Ok(Folded { awards: folding.awards, accounts, replay: folding.replay })
}

/// The kinds by the numbers of heaps.
fn kinds(sales: &Sales<'_>, replay: &mut Replay) -> Result<Vec<Kind>, Fault> {
    let kinds = sales.heaps.kinds.iter().map(|kind| {
        let [item, category] = sales.names.kind(*kind);
        replay.kind(&item, &category)
    });
    kinds.collect()
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
    kinds: Vec<Kind>,
    /// The kind of a line of which nothing is told.
    untold: Kind,
    places: Vec<Place>,
    /// The account's purchases as the table has them, and with their instants as they happened.
    own: Vec<u32>,
    ordered: Vec<(i64, u32)>,
    side: Side,
    awards: Vec<Option<(Award, Day)>>,
}

/// Lines of some purchases, side by side.
#[derive(Default)]
struct Side {
    kinds: Vec<Kind>,
    amounts: Vec<i64>,
    baskets: Vec<(Place, Range<usize>)>,
}

impl<'a> Folding<'_, 'a> {
    fn account(&mut self, joins: &[u32]) -> Result<Standing, Error> {
        self.put_in_order();
        let ordered = std::mem::take(&mut self.ordered);
        let mut joins = joins.iter().copied().peekable();
        for some in ordered.chunks(SIDE_BY_SIDE) {
            if self.by_columns {
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
    fn put_in_order(&mut self) {
        let sales = &self.tables.sales;
        self.ordered.clear();
        let micros = |basket: &u32| sales.micros.get(place(*basket)).copied().unwrap_or_default();
        self.ordered.extend(self.own.iter().map(|basket| (micros(basket), *basket)));
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
            let (own, of) = sales.heaps.of(place(*basket));
            amounts.extend_from_slice(of);
            kinds.extend(
                own.iter().map(|number| self.kinds.get(place(*number)).copied().unwrap_or(self.untold)),
            );
            let at = sales.places.get(place(*basket)).and_then(|code| self.places.get(place(*code)));
            baskets.push((at.copied().unwrap_or_default(), start..amounts.len()));
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
        if self.by_columns
            && let Some((place, lines)) = self.side.baskets.get(at)
        {
            let kinds = self.side.kinds.get(lines.clone()).unwrap_or_default();
            let amounts = self.side.amounts.get(lines.clone()).unwrap_or_default();
            let told = ColumnBasket::new(kinds, amounts, sales.by.currency);
            let terms = sales.terms(self::place(basket));
            let told = told.and_then(|told| match terms.discount {
                0 => Ok(told),
                discount => told.with_discount(discount),
            });
            let told = told.and_then(|told| match (terms.points, terms.points_amount) {
                (0, 0) => Ok(told),
                (points, amount) => told.with_points(points, amount),
            });
            let told = told.map_err(unexpected)?;
            award = self.replay.purchased(basket, micros, *place, &told).map_err(unexpected)?;
        }
        let award = match award {
            Some(award) => Some(award),
            None => self.replay.told(basket, &fact(basket)?, None).map_err(unexpected)?,
        };
        if let Some(slot) = self.awards.get_mut(self::place(basket)) {
            *slot = award.map(|award| (award, day));
        }
        Ok(())
    }
}

fn error(sales: &Sales<'_>, misfit: Misfit) -> Error {
    Reject::of(&sales.held, misfit).into()
}

/// The numbers of purchases and of those who joined stay below the core's.
pub(crate) fn fits(tables: &Tables<'_>) -> bool {
    tables.sales.len().saturating_add(tables.joins.len()) < place(NONE)
}
