//! One fixed program, written out by hand: what examples/maison.toml says, without an engine. It is what the engine is measured
//! against, once with whole numbers of minor units and once with decimals.
//!
//! It knows purchases only: no returns, no points as payment, no lunar birthdays, no explanations, no facts that come late, and it
//! reads days from a table. Sums that leave the month's cap are cut as in the program; a tier is renewed or lost a step at the end
//! of its term and grace.

use crate::generate::{GOLD_CATEGORIES, WEDDING_RING, labour};
use parure::calendar::Day;
use rust_decimal::Decimal;
use std::collections::HashMap;
use std::ops::{Add, Sub};

/// Money of the fixed program.
pub trait Amount: Copy + Default + PartialOrd + Add<Output = Self> + Sub<Output = Self> {
    /// From minor units.
    fn of(minor: i64) -> Self;
    /// What a line earns, exactly; a multiplier is in tenths.
    fn earned(self, gold: bool, tenths: i64) -> Self;
    /// Earned points, rounded down.
    fn points(self) -> i64;
}

impl Amount for i64 {
    fn of(minor: i64) -> Self {
        minor
    }

    /// In ten-thousandths of a point.
    fn earned(self, gold: bool, tenths: i64) -> Self {
        if gold { labour(self) * 20 * tenths } else { self * tenths }
    }

    fn points(self) -> i64 {
        self / 10_000
    }
}

impl Amount for Decimal {
    fn of(minor: i64) -> Self {
        Decimal::new(minor, 2)
    }

    fn earned(self, gold: bool, tenths: i64) -> Self {
        let basis = if gold { self / Decimal::from(8) * Decimal::from(2) } else { self / Decimal::from(10) };
        basis * Decimal::new(tenths, 1)
    }

    fn points(self) -> i64 {
        i64::try_from(self.floor()).unwrap_or(i64::MAX)
    }
}

/// One line of a purchase; rows come sorted by customer and time.
#[derive(Debug, Clone, Copy)]
pub struct Row<A> {
    /// By number.
    pub customer: u32,
    /// Lines of one purchase stand together.
    pub purchase: u32,
    /// Days since 1 January 2026.
    pub day: i32,
    /// The number of the category.
    pub category: u8,
    /// After discounts.
    pub amount: A,
}

/// What the program needs to know of days, in a table.
#[derive(Debug)]
pub struct Days {
    months: Vec<(i32, u8, i32)>,
    bridal: std::ops::RangeInclusive<i32>,
}

impl Days {
    /// Of three years from 1 January 2026.
    pub fn new() -> Self {
        let first = Day::of(2026, 1, 1).expect("a day");
        let months = (0..1_200).map(|number| {
            let day = first.add_days(number);
            let (year, month, _) = day.civil();
            let lapses = day.add_months(24).month_end().number() - first.number();
            (year * 12 + month as i32, month as u8, lapses)
        });
        Days { months: months.collect(), bridal: 120..=126 }
    }

    fn on(&self, day: i32) -> (i32, u8, i32) {
        self.months[day as usize]
    }
}

impl Default for Days {
    fn default() -> Self {
        Days::new()
    }
}

#[derive(Debug, Clone, Copy)]
struct Lot {
    first: i32,
    last: i32,
    left: i64,
}

/// One customer under the fixed program.
#[derive(Debug, Clone, Default)]
pub struct State<A> {
    tier: u8,
    until: i32,
    purchases: u32,
    /// Spend by day within twelve months, from `first_day` on.
    days: Vec<(i32, A)>,
    first_day: usize,
    rolling: A,
    term: A,
    lots: Vec<Lot>,
    first_lot: usize,
    month: i32,
    month_used: i64,
    /// Points awarded.
    pub awarded: i64,
    /// Points that lapsed.
    pub lapsed: i64,
}

/// Spend to reach a tier, and to keep it, in minor units; the multiplier in tenths.
const TIERS: [(i64, i64, i64); 3] = [(0, 0, 10), (3_000_000, 1_500_000, 12), (10_000_000, 6_000_000, 15)];

impl<A: Amount> State<A> {
    fn forget(&mut self) {
        let (days, lots) = (std::mem::take(&mut self.days), std::mem::take(&mut self.lots));
        *self = State { days, lots, ..State::default() };
        self.days.clear();
        self.lots.clear();
    }

    fn advance(&mut self, day: i32) {
        while let Some(lot) = self.lots.get(self.first_lot).filter(|lot| lot.last < day) {
            self.lapsed += lot.left;
            self.first_lot += 1;
        }
        while let Some((_, spend)) = self.days.get(self.first_day).filter(|(bought, _)| bought + 365 <= day) {
            self.rolling = self.rolling - *spend;
            self.first_day += 1;
        }
        while self.tier > 0 && self.until < day {
            let kept = self.term >= A::of(TIERS[usize::from(self.tier)].1);
            if !kept && self.until + 30 >= day {
                break;
            }
            self.tier -= u8::from(!kept);
            self.until += if kept { 365 } else { 395 };
            self.term = A::default();
        }
    }

    /// One purchase: what it earns, and what is usable after it.
    pub fn buy(&mut self, lines: &[Row<A>], birth_month: u8, days: &Days) -> (i64, i64) {
        let Some(day) = lines.first().map(|line| line.day) else { return (0, 0) };
        self.advance(day);
        let (month, month_of_year, lapses) = days.on(day);
        let tier = TIERS[usize::from(self.tier)].2;
        let (mut earned, mut spend) = (A::default(), A::default());
        for line in lines {
            let mut tenths = tier;
            if usize::from(line.category) == WEDDING_RING && days.bridal.contains(&day) {
                tenths = tenths.max(15);
            }
            if birth_month == month_of_year {
                tenths = 20;
            }
            earned = earned + line.amount.earned(usize::from(line.category) < GOLD_CATEGORIES, tenths);
            spend = spend + line.amount;
        }
        let mut points = earned.points() + if self.purchases == 0 { 200 } else { 0 };
        if self.month != month {
            (self.month, self.month_used) = (month, 0);
        }
        points = points.min(50_000 - self.month_used);
        self.month_used += points;
        self.awarded += points;
        self.purchases += 1;
        self.lots.push(Lot { first: day + 7, last: lapses, left: points });
        (self.rolling, self.term) = (self.rolling + spend, self.term + spend);
        match self.days.last_mut().filter(|(last, _)| *last == day) {
            Some((_, sum)) => *sum = *sum + spend,
            None => self.days.push((day, spend)),
        }
        let visits = self.days.len() - self.first_day;
        let reached = if self.rolling >= A::of(TIERS[2].0) {
            2
        } else {
            u8::from(self.rolling >= A::of(TIERS[1].0) || visits >= 6)
        };
        if reached > self.tier {
            (self.tier, self.until, self.term) = (reached, day + 364, A::default());
        }
        let usable =
            self.lots.get(self.first_lot..).unwrap_or_default().iter().filter(|lot| lot.first <= day);
        (points, usable.map(|lot| lot.left).sum())
    }
}

/// Everything that all customers were awarded and that lapsed: the loop over rows sorted by customer and time.
pub fn replay<A: Amount>(rows: &[Row<A>], birth_months: &[u8], days: &Days) -> (i64, i64) {
    let mut state = State::<A>::default();
    let (mut awarded, mut lapsed) = (0, 0);
    for own in rows.chunk_by(|a, b| a.customer == b.customer) {
        let birth_month = own.first().map_or(0, |row| birth_months[row.customer as usize]);
        for lines in own.chunk_by(|a, b| a.purchase == b.purchase) {
            state.buy(lines, birth_month, days);
        }
        awarded += state.awarded;
        lapsed += state.lapsed;
        state.forget();
    }
    (awarded, lapsed)
}

/// The hard-coded basket decision: customers by id, in decimals, as a till's back end would have it.
pub type Till = HashMap<String, (u8, State<Decimal>)>;

/// Decides one basket of a customer: what it earns and what is usable after it.
pub fn decide(till: &mut Till, customer: &str, lines: &[Row<Decimal>], days: &Days) -> Option<(i64, i64)> {
    let (birth_month, state) = till.get_mut(customer)?;
    Some(state.buy(lines, *birth_month, days))
}
