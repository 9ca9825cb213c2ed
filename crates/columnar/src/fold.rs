//! Account by account: the purchases of one are put in order, laid side by side and told to the core, without a fact for each.

use crate::awards::Awards;
use crate::check::unexpected;
use crate::codes::{NONE, place};
use crate::error::Error;
use crate::grouped::Grouped;
use crate::key::Key;
use crate::rejects::Reject;
use crate::sales::{Sales, number};
use crate::tables::Tables;
use crate::terms::Terms;
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
        reads_columns: replay.reads_columns(),
        replay,
        grouped,
        kinds,
        places,
        any_aside: sales.any_aside(),
        own: Vec::new(),
        lines: (Vec::new(), Vec::new()),
        awards: purchases.then(|| Awards::new(sales.len(), together)),
    };
    let mut accounts = Vec::with_capacity(count);
    let mut next_join = 0_usize;
    for customer in 0..count {
        let at = folding.list(customer);
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
        accounts.push(Some(folding.account(at, own_joins)?));
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
    reads_columns: bool,
    replay: Replay,
    grouped: Grouped,
    kinds: Vec<Kind>,
    places: Vec<Place>,
    any_aside: bool,
    /// The numbers of the account's purchases as they happened.
    own: Vec<u32>,
    /// The kinds and amounts of the purchase at hand.
    lines: (Vec<Kind>, Vec<i64>),
    /// None where they are not wanted.
    awards: Option<Awards>,
}

impl<'a> Folding<'_, 'a> {
    /// `at`: where its purchases stand among all.
    fn account(&mut self, at: usize, mut joins: &[u32]) -> Result<Standing, Error> {
        let sales = &self.tables.sales;
        let mut own = std::mem::take(&mut self.own);
        let mut rest = own.as_mut_slice();
        // The latest instant of several purchases: its own are in order.
        let mut sorted = None;
        for at in at.. {
            let [first, others @ ..] = rest else { break };
            self.grouped.fetch_ahead(sales, at);
            let micros = sales.micros(place(*first));
            let is_alone = others.first().is_none_or(|next| sales.micros(place(*next)) != micros);
            if !is_alone && sorted != Some(micros) {
                sort_by_id(sales, rest, micros);
                sorted = Some(micros);
            }
            let [basket, others @ ..] = rest else { break };
            while let Some((join, later)) = joins.split_first()
                && self.is_before(*join, micros, *basket)
            {
                self.join(*join)?;
                joins = later;
            }
            self.basket(*basket, micros)?;
            rest = others;
        }
        for join in joins {
            self.join(*join)?;
        }
        self.own = own;
        Ok(self.replay.end())
    }

    /// Lists the purchases of a customer by instant; answers where they stand among all.
    fn list(&mut self, customer: usize) -> usize {
        let sales = &self.tables.sales;
        let places = self.grouped.places(customer);
        let at = places.start;
        self.grouped.list(places, &mut self.own);
        if self.any_aside {
            self.own.retain(|basket| !sales.is_aside(place(*basket)));
        }
        if !self.grouped.are_in_time() {
            self.own.sort_by_key(|basket| sales.micros(place(*basket)));
        }
        at
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

    #[inline]
    fn basket(&mut self, basket: u32, micros: i64) -> Result<(), Error> {
        let sales = &self.tables.sales;
        let day = self.replay.day(micros);
        if day > self.on {
            return Ok(());
        }
        if let Some(purchase) = sales.gives_back(place(basket)) {
            return self.give_back(basket, purchase);
        }
        let told = if self.reads_columns { self.by_columns(basket, micros)? } else { None };
        let award = match told {
            Some(award) => Some(award),
            None => self.replay.told(basket, &self.fact(basket)?, None).map_err(unexpected)?,
        };
        if let (Some(awards), Some(award)) = (&mut self.awards, award) {
            awards.put(basket, award, day);
        }
        Ok(())
    }

    /// `None` where columns can't tell it.
    #[inline]
    fn by_columns(&mut self, basket: u32, micros: i64) -> Result<Option<Award>, Error> {
        let sales = &self.tables.sales;
        let (kinds, amounts) = &mut self.lines;
        kinds.clear();
        amounts.clear();
        for heap in sales.heaps.at(sales.heaps_of(place(basket))) {
            // There are as many kinds as numbers.
            let Some(kind) = self.kinds.get(place(heap.number)) else { continue };
            kinds.push(*kind);
            amounts.push(heap.amount());
        }
        let mut told = match ColumnBasket::new(kinds, amounts, sales.by.currency) {
            Ok(told) => told,
            Err(fault) => return Err(unexpected(fault)),
        };
        if sales.has_terms(place(basket)) {
            told = with_terms(told, sales.terms(place(basket))).map_err(unexpected)?;
        }
        let seen = self.places.get(place(sales.place(place(basket)))).copied().unwrap_or_default();
        match self.replay.purchased(basket, micros, seen, &told) {
            Ok(award) => Ok(award),
            Err(fault) => Err(unexpected(fault)),
        }
    }

    fn fact(&self, basket: u32) -> Result<Fact<'a>, Error> {
        let sales = &self.tables.sales;
        sales.fact(place(basket)).map_err(|misfit| Reject::of(&sales.held, misfit).into())
    }

    fn give_back(&mut self, basket: u32, purchase: Key<'_>) -> Result<(), Error> {
        let sales = &self.tables.sales;
        let own = self.fact(basket)?;
        let linked = sales.find(purchase).filter(|purchase| !sales.is_aside(place(*purchase)));
        let bought: Option<(u32, Fact<'a>)> =
            linked.map(|purchase| Ok::<_, Error>((purchase, self.fact(purchase)?))).transpose()?;
        let linked = bought.as_ref().map(|(no, fact)| (*no, fact));
        self.replay.told(basket, &own, linked).map(|_| ()).map_err(unexpected)
    }
}

/// Those of one instant happened by their ids: puts the first ones so.
#[cold]
fn sort_by_id(sales: &Sales<'_>, baskets: &mut [u32], micros: i64) {
    let others = |basket: &u32| sales.micros(place(*basket)) != micros;
    let end = baskets.iter().position(others).unwrap_or(baskets.len());
    if let Some(of_one_instant) = baskets.get_mut(..end) {
        of_one_instant.sort_by(|one, other| sales.by_id(*one, *other));
    }
}

#[cold]
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

/// The numbers of purchases and of those who joined stay below the core's.
pub(crate) fn fits(tables: &Tables<'_>) -> bool {
    tables.sales.len().saturating_add(tables.joins.len()) < place(NONE)
}
