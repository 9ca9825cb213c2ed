//! benches/grocer.toml written out by hand: what a loop does that knows nothing but this program, once with whole numbers of minor
//! units and once with decimals.
//!
//! It may take every short cut that the program leaves open: points that lapse at the end of a month are kept by month and not by
//! lot, days are looked up in a table, and Shanghai's clocks are eight hours ahead of UTC.

use super::log::Rows;
use super::{BAKERY, CATEGORIES, DAY, DAYS, FRESH, START};
use parure::calendar::Day;
use rust_decimal::Decimal;
use std::ops::{AddAssign, SubAssign};

/// Money of the fixed program.
pub trait Amount: Copy + Default + PartialOrd + AddAssign + SubAssign {
    /// What an amount is multiplied by.
    type Times: Copy + Default + std::fmt::Debug;
    /// From minor units.
    fn of(minor: i64) -> Self;
    /// A multiplier in tenths.
    fn tenths(tenths: i64) -> Self::Times;
    /// What a line earns, exactly.
    fn earned(self, times: Self::Times) -> Self;
    /// Earned points, rounded down.
    fn points(self) -> i64;
    /// A payment's part that falls on this line of a purchase of `sum`, rounded down, and what the rounding left.
    fn part(self, payment: Self, sum: Self) -> (Self, Self);
    /// The smallest coin.
    const COIN: Self;
}

impl Amount for i64 {
    type Times = i64;
    const COIN: Self = 1;

    fn of(minor: i64) -> Self {
        minor
    }

    fn tenths(tenths: i64) -> i64 {
        tenths
    }

    /// In thousandths of a point.
    fn earned(self, times: i64) -> Self {
        self * times
    }

    fn points(self) -> i64 {
        self / 1_000
    }

    fn part(self, payment: Self, sum: Self) -> (Self, Self) {
        let scaled = self * payment;
        (scaled / sum, scaled % sum)
    }
}

impl Amount for Decimal {
    type Times = Decimal;
    const COIN: Self = Decimal::from_parts(1, 0, 0, false, 2);

    fn of(minor: i64) -> Self {
        Decimal::new(minor, 2)
    }

    fn tenths(tenths: i64) -> Decimal {
        Decimal::new(tenths, 1)
    }

    fn earned(self, times: Decimal) -> Self {
        self * times
    }

    fn points(self) -> i64 {
        i64::try_from(self.floor()).unwrap_or(i64::MAX)
    }

    fn part(self, payment: Self, sum: Self) -> (Self, Self) {
        let scaled = self * payment;
        let coins = (scaled / sum / Self::COIN).floor() * Self::COIN;
        (coins, scaled - coins * sum)
    }
}

/// Spend within twelve months to reach a tier, in minor units; its multiplier in tenths.
const TIERS: [(i64, i64); 3] = [(0, 10), (800_000, 12), (1_600_000, 15)];
/// The tiers' ids.
pub const TIER_IDS: [&str; 3] = ["member", "silver", "gold"];
const FRESH_TENTHS: i64 = 13;
const BAKERY_TENTHS: i64 = 20;
const BIRTHDAY_TENTHS: i64 = 18;
/// Points earned in a month can be spent through the twelfth month after it.
const MONTHS_TO_LIVE: usize = 12;
/// Months of a log.
const MONTHS: usize = 24;

/// What the program asks of days and lines, in tables.
#[derive(Debug)]
pub struct Tables<A: Amount> {
    days: Vec<Civil>,
    /// By tier and whether it is the month of the birthday, then by category.
    times: [Times<A>; 2 * TIERS.len()],
    reach: [A; TIERS.len()],
}

/// By category, with room to the next power of two.
type Times<A> = [<A as Amount>::Times; ROOM];
const ROOM: usize = CATEGORIES.len().next_power_of_two();

/// A day of the log.
#[derive(Debug, Clone, Copy)]
struct Civil {
    /// Months since the log began.
    month: usize,
    /// January 1 … December 12.
    of_year: u8,
    /// The first day of the twelve months that end with it.
    window: i32,
}

impl<A: Amount> Tables<A> {
    /// For the two years of a log.
    pub fn new() -> Self {
        let first = Day::from_number(START / DAY + 1);
        let days = (0..DAYS).map(|number| {
            let day = first.add_days(number.into());
            let (year, month, _) = day.civil();
            let window = day.add_months(-12).add_days(1).number() - first.number();
            let months = (year - first.year()) * 12 + month as i32 - 1;
            Civil { month: months as usize, of_year: month as u8, window }
        });
        let mut times = [[A::Times::default(); ROOM]; 2 * TIERS.len()];
        for (row, times) in times.iter_mut().enumerate() {
            let (tier, birthday) = (TIERS[row / 2].1, row % 2 == 1);
            for (category, times) in times.iter_mut().enumerate() {
                let bonus = match category {
                    ..FRESH => FRESH_TENTHS,
                    BAKERY => BAKERY_TENTHS,
                    _ => 10,
                };
                *times = A::tenths(tier.max(bonus).max(if birthday { BIRTHDAY_TENTHS } else { 10 }));
            }
        }
        Tables { days: days.collect(), times, reach: TIERS.map(|(reach, _)| A::of(reach)) }
    }
}

impl<A: Amount> Default for Tables<A> {
    fn default() -> Self {
        Tables::new()
    }
}

/// The day of the log that an instant falls on in Shanghai.
pub fn day_of(micros: i64) -> i32 {
    ((micros - START) / DAY) as i32
}

/// A household at the end of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Standing {
    /// Points awarded.
    pub awarded: i64,
    /// Points spent.
    pub spent: i64,
    /// Points that lapsed.
    pub lapsed: i64,
    /// Points that can be spent.
    pub balance: i64,
    /// The place of the tier.
    pub tier: usize,
}

/// A purchase of one household.
#[derive(Debug, Clone, Copy)]
pub struct Basket<'a, A> {
    /// The day of the log.
    pub day: i32,
    /// Of each line.
    pub amounts: &'a [A],
    /// Of each line, by number.
    pub categories: &'a [u8],
    /// Points spent on it.
    pub points: i64,
}

/// One household under the fixed program.
#[derive(Debug, Clone, Default)]
pub struct Household<A> {
    standing: Standing,
    /// What is left of the points of each month.
    left: [i64; MONTHS],
    /// The first month whose points have not lapsed.
    first_month: usize,
    /// Spend by purchase; from `first_spend` on within twelve months.
    spends: Vec<(i32, A)>,
    first_spend: usize,
    rolling: A,
    counts: Vec<A>,
}

impl<A: Amount> Household<A> {
    /// Another household, without giving memory back.
    fn clear(&mut self) {
        self.spends.clear();
        let spends = std::mem::take(&mut self.spends);
        let counts = std::mem::take(&mut self.counts);
        *self = Household { spends, counts, ..Household::default() };
    }

    /// Lives through the days up to and including `day`.
    pub fn advance(&mut self, day: i32, tables: &Tables<A>) -> Standing {
        let Civil { month, window, .. } = tables.days[day as usize];
        while self.first_month + MONTHS_TO_LIVE < month {
            let lapsed = std::mem::take(&mut self.left[self.first_month]);
            self.standing.lapsed += lapsed;
            self.standing.balance -= lapsed;
            self.first_month += 1;
        }
        while let Some((_, spend)) = self.spends.get(self.first_spend).filter(|(bought, _)| *bought < window)
        {
            self.rolling -= *spend;
            self.first_spend += 1;
        }
        self.look(tables);
        self.standing
    }

    fn look(&mut self, tables: &Tables<A>) {
        let reached = |place: usize| usize::from(self.rolling >= tables.reach[place]);
        self.standing.tier = reached(1) + reached(2);
    }

    /// One purchase, and the points it is awarded.
    pub fn buy(&mut self, basket: Basket<'_, A>, birth_month: u8, tables: &Tables<A>) -> i64 {
        self.advance(basket.day, tables);
        let Civil { month, of_year, .. } = tables.days[basket.day as usize];
        let times = &tables.times[self.standing.tier * 2 + usize::from(birth_month == of_year)];
        let (earned, spend) = if basket.points == 0 {
            earn(basket.amounts, basket.categories, times)
        } else {
            self.pay(basket.points, basket.amounts);
            earn(&self.counts, basket.categories, times)
        };
        let awarded = earned.points();
        self.standing.awarded += awarded;
        self.standing.balance += awarded;
        self.left[month] += awarded;
        self.rolling += spend;
        self.spends.push((basket.day, spend));
        self.look(tables);
        awarded
    }

    /// Takes the points that lapse first, and lays what they pay over the lines: by largest remainder, ties to the earlier line.
    fn pay(&mut self, points: i64, amounts: &[A]) {
        self.standing.spent += points;
        self.standing.balance -= points;
        let mut missing = points;
        for left in &mut self.left[self.first_month..] {
            let taken = missing.min(*left);
            *left -= taken;
            missing -= taken;
            if missing == 0 {
                break;
            }
        }
        let (mut sum, mut rest) = (A::default(), A::of(points));
        for amount in amounts {
            sum += *amount;
        }
        let payment = rest;
        let mut remainders: Vec<(A, usize)> = Vec::with_capacity(amounts.len());
        self.counts.clear();
        for (at, amount) in amounts.iter().enumerate() {
            let (part, remainder) = amount.part(payment, sum);
            let mut counts = *amount;
            counts -= part;
            rest -= part;
            self.counts.push(counts);
            remainders.push((remainder, at));
        }
        remainders.sort_by(|a, b| b.0.partial_cmp(&a.0).expect("amounts of money"));
        for (_, at) in remainders {
            if rest < A::COIN {
                break;
            }
            self.counts[at] -= A::COIN;
            rest -= A::COIN;
        }
    }
}

/// What lines earn, exactly, and their sum.
fn earn<A: Amount>(amounts: &[A], categories: &[u8], times: &Times<A>) -> (A, A) {
    let (mut earned, mut spend) = (A::default(), A::default());
    for (amount, category) in amounts.iter().zip(categories) {
        earned += amount.earned(times[usize::from(*category) % ROOM]);
        spend += *amount;
    }
    (earned, spend)
}

/// Who the rows are of, and the last day to look at.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// By household: January 1 … December 12; 0: not known.
    pub birth_months: &'a [u8],
    /// The day of the log at whose end the households are looked at.
    pub on: i32,
}

/// The loop over rows sorted by customer and time.
pub fn replay_sorted<A: Amount>(rows: Rows<'_, A>, asked: Asked<'_>, tables: &Tables<A>) -> Vec<Standing> {
    let mut standings = vec![Standing::default(); asked.birth_months.len()];
    let mut household = Household::default();
    let mut at = 0;
    while let Some(customer) = rows.customer.get(at).copied() {
        household.clear();
        let birth_month = asked.birth_months[customer as usize];
        while rows.customer.get(at) == Some(&customer) {
            let lines = lines_from(rows.purchase, at);
            household.buy(rows.basket(lines.clone()), birth_month, tables);
            at = lines.end;
        }
        standings[customer as usize] = household.advance(asked.on, tables);
    }
    standings
}

/// The same over rows in the order of time, where the rows of a purchase stand together: a counting sort puts each household's
/// purchases in a row, and no line is moved.
pub fn replay_in_time_order<A: Amount>(
    rows: Rows<'_, A>,
    asked: Asked<'_>,
    tables: &Tables<A>,
) -> Vec<Standing> {
    let mut baskets = Vec::with_capacity(rows.purchase.len() / 8);
    let mut at = 0;
    while let Some(customer) = rows.customer.get(at) {
        let lines = lines_from(rows.purchase, at);
        at = lines.end;
        baskets.push((*customer, rows.basket(lines)));
    }
    let order = counting_sort(baskets.iter().map(|(customer, _)| *customer), asked.birth_months.len());
    let sorted: Vec<_> = order.into_iter().map(|place| baskets[place as usize]).collect();
    let mut standings = vec![Standing::default(); asked.birth_months.len()];
    let mut household = Household::default();
    for own in sorted.chunk_by(|(a, _), (b, _)| a == b) {
        let customer = own[0].0 as usize;
        household.clear();
        for (_, basket) in own {
            household.buy(*basket, asked.birth_months[customer], tables);
        }
        standings[customer] = household.advance(asked.on, tables);
    }
    standings
}

/// The rows of the purchase that begins at one.
pub(super) fn lines_from(purchases: &[u32], start: usize) -> std::ops::Range<usize> {
    let own = purchases[start];
    let lines = purchases[start..].iter().take_while(|purchase| **purchase == own).count();
    start..start + lines
}

/// The places of customers' entries, by customer; those of one customer stay in their order.
pub fn counting_sort(customers: impl Iterator<Item = u32> + Clone, count: usize) -> Vec<u32> {
    let mut ends = vec![0_u32; count + 1];
    let mut entries = 0;
    for customer in customers.clone() {
        ends[customer as usize + 1] += 1;
        entries += 1;
    }
    for at in 0..count {
        ends[at + 1] += ends[at];
    }
    let mut order = vec![0_u32; entries];
    for (place, customer) in customers.enumerate() {
        let end = &mut ends[customer as usize];
        order[*end as usize] = place as u32;
        *end += 1;
    }
    order
}
