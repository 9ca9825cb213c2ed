//! A grocer's log of any size, as columns: two years in the order of time, with a row for each line.
//!
//! The same size and seed give the same log on every machine. Baskets are paid with points only where the hard-coded program says
//! that the balance allows it: a till would have accepted every one.

use super::reference::{Basket, Household, Tables, day_of};
use super::{CATEGORIES, DAY, DAYS, START};
use crate::generate::Dice;
use std::ops::Range;

/// How large a log is.
#[derive(Debug, Clone, Copy)]
pub struct Size {
    /// Everyone joins before they buy.
    pub households: u32,
    /// Each of 1 to 19 lines, 10 on average.
    pub purchases: u32,
}

/// Rows with amounts of one kind.
#[derive(Debug, Clone, Default)]
pub struct Log<A> {
    /// By number.
    pub customer: Vec<u32>,
    /// By number, in the order of time; its rows stand together.
    pub purchase: Vec<u32>,
    /// Microseconds since 1970 in UTC, the same for all rows of a purchase.
    pub micros: Vec<i64>,
    /// By number.
    pub item: Vec<u16>,
    /// By number.
    pub category: Vec<u8>,
    /// What the line costs.
    pub amount: Vec<A>,
    /// Points spent on the purchase, the same for all its rows; one is worth one of the smallest coin.
    pub points: Vec<u32>,
}

/// The same, borrowed.
#[derive(Debug, Clone, Copy)]
pub struct Rows<'a, A> {
    /// By number.
    pub customer: &'a [u32],
    /// By number.
    pub purchase: &'a [u32],
    /// Microseconds since 1970 in UTC.
    pub micros: &'a [i64],
    /// By number.
    pub item: &'a [u16],
    /// By number.
    pub category: &'a [u8],
    /// What the line costs.
    pub amount: &'a [A],
    /// Points spent on the purchase.
    pub points: &'a [u32],
}

/// Someone who buys there.
#[derive(Debug, Clone, Copy)]
pub struct Person {
    /// Microseconds since 1970 in UTC.
    pub joined: i64,
    /// Month and day; seven in ten have told it.
    pub birthday: Option<(u8, u8)>,
}

/// A log and those it is of.
#[derive(Debug, Clone)]
pub struct Grocer {
    /// In the order of time, in minor units.
    pub log: Log<i64>,
    /// By number.
    pub people: Vec<Person>,
}

/// Different things that the shop sells; the categories take turns.
pub const ITEMS: u64 = 6_000;

impl Grocer {
    /// The log of a seed.
    pub fn new(size: Size, seed: u64) -> Self {
        let mut dice = Dice::new(seed);
        let prices: Vec<i64> =
            (0..ITEMS).map(|_| 150 + (50 << dice.below(6)) + dice.below(800) as i64).collect();
        let people: Vec<Person> =
            (0..size.households).map(|number| person(number, size, &mut dice)).collect();
        let mut grocer = Grocer { log: Log::default(), people };
        let tables = Tables::new();
        let mut households = vec![Household::default(); size.households as usize];
        for purchase in 0..size.purchases {
            let micros = opening(purchase.into(), size.purchases.into());
            let customer = grocer.buyer(micros, &mut dice);
            let start = grocer.log.amount.len();
            for _ in 0..=dice.below(19) {
                let item = dice.below(ITEMS);
                grocer.log.item.push(item as u16);
                grocer.log.category.push((item % CATEGORIES.len() as u64) as u8);
                grocer.log.amount.push(prices[item as usize] * (1 + (dice.below(8) == 0) as i64));
            }
            let (amounts, categories) = (&grocer.log.amount[start..], &grocer.log.category[start..]);
            let day = day_of(micros);
            let household = &mut households[customer as usize];
            // A third of the households never spend points, a third do so often, a third let some lapse before they do.
            let spends = match customer % 3 {
                0 => false,
                1 => dice.below(8) == 0,
                _ => dice.below(150) == 0,
            };
            let usable = if spends { household.advance(day, &tables).balance } else { 0 };
            let points = most(usable, amounts.iter().sum());
            let birth_month = grocer.people[customer as usize].birthday.map_or(0, |(month, _)| month);
            household.buy(Basket { day, amounts, categories, points }, birth_month, &tables);
            let end = grocer.log.amount.len();
            grocer.log.customer.resize(end, customer);
            grocer.log.purchase.resize(end, purchase);
            grocer.log.micros.resize(end, micros);
            grocer.log.points.resize(end, points as u32);
        }
        grocer
    }

    /// The numbers of all households.
    pub fn everyone(&self) -> Vec<u32> {
        (0..self.people.len() as u32).collect()
    }

    /// The month of each household's birthday, 0 where it is not known.
    pub fn birth_months(&self) -> Vec<u8> {
        self.people.iter().map(|person| person.birthday.map_or(0, |(month, _)| month)).collect()
    }

    /// One of those who have joined by then; some buy much more often than others.
    fn buyer(&self, micros: i64, dice: &mut Dice) -> u32 {
        let joined = self.people.partition_point(|person| person.joined < micros) as u64;
        let buyer = dice.below(joined);
        (if dice.below(2) == 0 { buyer.min(dice.below(joined)) } else { buyer }) as u32
    }
}

/// Half of them join before the shop opens on the first day, the others through the first year.
fn person(number: u32, size: Size, dice: &mut Dice) -> Person {
    let (number, half) = (i64::from(number), i64::from(size.households.div_ceil(2)));
    let joined = if number < half {
        START + 7 * DAY / 24 + number
    } else {
        START + DAY + (number - half) * (364 * DAY / half)
    };
    let (month, day) = (dice.below(12) as u8 + 1, dice.below(28) as u8 + 1);
    Person { joined, birthday: (dice.below(10) < 7).then_some((month, day)) }
}

/// The instant of a purchase: evenly through the days, from eight in the morning to ten in the evening.
fn opening(purchase: i128, purchases: i128) -> i64 {
    let even = (i128::from(DAY) * i128::from(DAYS) * purchase / purchases) as i64;
    START + even / DAY * DAY + 8 * DAY / 24 + even % DAY * 14 / 24
}

/// The most points that may be spent on an amount: half of it, by the hundred, at least 500.
fn most(usable: i64, amount: i64) -> i64 {
    let most = usable.min(amount / 2) / 100 * 100;
    if most < 500 { 0 } else { most }
}

impl<A: Copy> Log<A> {
    /// All rows.
    pub fn rows(&self) -> Rows<'_, A> {
        Rows {
            customer: &self.customer,
            purchase: &self.purchase,
            micros: &self.micros,
            item: &self.item,
            category: &self.category,
            amount: &self.amount,
            points: &self.points,
        }
    }

    /// The rows at these places.
    pub fn taken(rows: Rows<'_, A>, places: &[u32]) -> Self {
        fn take<T: Copy>(column: &[T], places: &[u32]) -> Vec<T> {
            places.iter().map(|place| column[*place as usize]).collect()
        }
        Log {
            customer: take(rows.customer, places),
            purchase: take(rows.purchase, places),
            micros: take(rows.micros, places),
            item: take(rows.item, places),
            category: take(rows.category, places),
            amount: take(rows.amount, places),
            points: take(rows.points, places),
        }
    }
}

impl<'a, A> Rows<'a, A> {
    /// The same rows with amounts of another kind.
    pub fn with_amounts<B>(self, amount: &'a [B]) -> Rows<'a, B> {
        let Rows { customer, purchase, micros, item, category, points, .. } = self;
        Rows { customer, purchase, micros, item, category, amount, points }
    }

    /// The same rows with these points spent.
    pub fn with_points(self, points: &'a [u32]) -> Self {
        Rows { points, ..self }
    }

    /// The purchase that stands in these rows.
    pub fn basket(&self, lines: Range<usize>) -> Basket<'a, A> {
        Basket {
            day: day_of(self.micros[lines.start]),
            amounts: &self.amount[lines.clone()],
            points: self.points[lines.start].into(),
            categories: &self.category[lines],
        }
    }
}
