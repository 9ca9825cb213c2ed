//! Account by account: the purchases of one are put in order, laid side by side and told to the core, without a fact for each.

use crate::awards::Awards;
use crate::check::unexpected;
use crate::codes::{NONE, place};
use crate::error::Error;
use crate::grouped::{Grouped, Own, Sold};
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
    let grouped = Grouped::new(sales);
    let together = grouped.stand_together();
    let places = places(sales, &mut replay).map_err(unexpected)?;
    let count = sales.names.customers.len();
    let joins = joins(tables);
    let mut folding = Folding {
        tables,
        on,
        by_columns: replay.reads_columns(),
        replay,
        grouped,
        kinds,
        places,
        any_aside: sales.any_aside(),
        own: Own::default(),
        awards: purchases.then(|| Awards::new(sales.len(), together)),
    };
    let mut accounts = Vec::with_capacity(count);
    let mut next_join = 0_usize;
    for customer in 0..count {
        folding.put_in_order(customer);
        let start = next_join;
        let is_own = |join: &u32| joined(tables, *join).is_some_and(|code| place(code) == customer);
        while joins.get(next_join).is_some_and(is_own) {
            next_join = next_join.saturating_add(1);
        }
        let own_joins = joins.get(start..next_join).unwrap_or_default();
        if folding.own.sold.is_empty() && own_joins.is_empty() {
            accounts.push(None);
            continue;
        }
        accounts.push(Some(folding.account(own_joins)?));
    }
    let awards = folding.awards.map(|awards| awards.done(sales.len())).unwrap_or_default();
    Ok(Folded { awards, accounts, replay: folding.replay })
}

/// The kind of heaps, by number.
fn kinds(sales: &Sales<'_>, replay: &mut Replay) -> Result<Vec<Kind>, Fault> {
    let by_number = sales.heaps.kinds.iter().map(|kind| {
        let [item, category] = sales.names.kind(*kind);
        replay.kind(&item, &category)
    });
    by_number.collect()
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
    grouped: Grouped,
    kinds: Vec<Kind>,
    places: Vec<Place>,
    any_aside: bool,
    /// The account's purchases as they happened.
    own: Own,
    /// None where they are not wanted.
    awards: Option<Awards>,
}

impl<'a> Folding<'_, 'a> {
    fn account(&mut self, joins: &[u32]) -> Result<Standing, Error> {
        let own = std::mem::take(&mut self.own);
        let mut joins = joins.iter().copied().peekable();
        for sold in &own.sold {
            while let Some(join) = joins.next_if(|join| self.is_before(*join, sold.micros, sold.basket)) {
                self.join(join)?;
            }
            self.basket(sold, own.heaps(sold))?;
        }
        for join in joins {
            self.join(join)?;
        }
        self.own = own;
        Ok(self.replay.end())
    }

    /// By instant, then by id; most accounts are.
    fn put_in_order(&mut self, customer: usize) {
        let sales = &self.tables.sales;
        self.grouped.of(sales, customer, &self.kinds, &mut self.own);
        let own = &mut self.own.sold;
        if self.any_aside {
            own.retain(|sold| !sales.is_aside(place(sold.basket)));
        }
        let order = |one: &Sold, other: &Sold| {
            one.micros.cmp(&other.micros).then_with(|| sales.by_id(one.basket, other.basket))
        };
        if !own.is_sorted_by(|one, other| order(one, other) == Ordering::Less) {
            own.sort_unstable_by(order);
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

    fn basket(&mut self, sold: &Sold, (kinds, amounts): (&[Kind], &[i64])) -> Result<(), Error> {
        let Sold { micros, basket, .. } = *sold;
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
            let mut told = ColumnBasket::new(kinds, amounts, sales.by.currency).map_err(unexpected)?;
            if sold.has_terms {
                told = with_terms(told, sales.terms(place(basket))).map_err(unexpected)?;
            }
            let seen = self.places.get(place(sold.place)).copied().unwrap_or_default();
            award = self.replay.purchased(basket, micros, seen, &told).map_err(unexpected)?;
        }
        let award = match award {
            Some(award) => Some(award),
            None => self.replay.told(basket, &fact(basket)?, None).map_err(unexpected)?,
        };
        if let (Some(awards), Some(award)) = (&mut self.awards, award) {
            awards.put(basket, award, day);
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
