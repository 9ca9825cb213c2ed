//! Revenue of points, deferred when they are awarded and recognised as they are redeemed (semantics 19.4, IFRS 15 B39 to B46).

use super::Book;
use super::fold::Until;
use super::people::Place;
use crate::calendar::Day;
use crate::fact::Body;
use crate::loyalty::lots::FactNo;
use crate::money::Money;
use crate::outcome::{Entry, Refusal, RefusalCode, Witness};
use crate::program::SpendRules;
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::{BTreeMap, HashMap};

/// The revenue of points by period.
///
/// ```
/// # let book = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/maison.rs"));
/// # use parure::{book::Every, calendar::Day};
/// let revenue = book.revenue(Day::parse("2026-11-21")?, Every::Quarter)?;
/// assert_eq!(revenue.periods.len(), 4);
/// assert!(revenue.periods.iter().all(|of| of.opening + of.allocated - of.recognised == of.closing));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Revenue {
    /// From that of the first entry to that of the day asked about.
    pub periods: Vec<RevenuePeriod>,
}

/// One period: `opening + allocated - recognised = closing`.
///
/// ```
/// # let period: Option<parure::book::RevenuePeriod> = None;
/// let deferred = period.map(|period| period.closing);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct RevenuePeriod {
    /// Its first day.
    #[serde(serialize_with = "super::views::day_as_text")]
    pub first: Day,
    /// Its last day, or the day asked about.
    #[serde(serialize_with = "super::views::day_as_text")]
    pub last: Day,
    /// Deferred before it.
    #[schemars(with = "String")]
    pub opening: Decimal,
    /// What of the period's purchases was allocated to points, less what was of returns.
    #[schemars(with = "String")]
    pub allocated: Decimal,
    /// Revenue of the period.
    #[schemars(with = "String")]
    pub recognised: Decimal,
    /// Deferred after it.
    #[schemars(with = "String")]
    pub closing: Decimal,
    /// Points redeemed since the beginning, less what came back.
    pub redeemed: i64,
    /// Points lapsed since the beginning.
    pub lapsed: i64,
    /// Points outstanding at its end.
    pub outstanding: i64,
    /// All that are expected to be redeemed in the end: the redeemed, and of the outstanding the share that was redeemed of those that were redeemed or
    /// lapsed; rounded down.
    pub expected: i64,
}

/// How long a period is.
///
/// ```
/// assert_eq!(parure::book::Every::parse("quarter"), Some(parure::book::Every::Quarter));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, JsonSchema)]
#[schemars(rename_all = "snake_case")]
pub enum Every {
    /// A calendar month.
    Month,
    /// A quarter of a calendar year.
    Quarter,
    /// A calendar year.
    Year,
}

impl Every {
    /// `month`, `quarter` or `year`.
    ///
    /// ```
    /// assert_eq!(parure::book::Every::parse("week"), None);
    /// ```
    #[must_use]
    pub fn parse(text: &str) -> Option<Every> {
        match text {
            "month" => Some(Every::Month),
            "quarter" => Some(Every::Quarter),
            "year" => Some(Every::Year),
            _ => None,
        }
    }

    fn end(self, day: Day) -> Day {
        match self {
            Every::Month => day.month_end(),
            Every::Quarter => day.quarter_end(),
            Every::Year => day.year_end(),
        }
    }
}

/// What has been recognised, in all, of an amount that was allocated to points, when so many have been redeemed of so many that are expected to be. A period's
/// revenue is the difference to the one before: so a new estimate is caught up with at once.
///
/// ```
/// use parure::{book::recognised, money::Money};
/// // KPMG, Revenue for the consumer industries, example 10: 9,000 allocated.
/// let allocated = Money::from_minor(900_000);
/// let first = recognised(allocated, 4_500, 9_700);
/// assert_eq!(first, Money::from_minor(417_526)); // 4,175
/// assert_eq!(recognised(allocated, 8_500, 9_900).minus(first), Money::from_minor(355_201)); // 3,552 more
/// assert_eq!(recognised(allocated, 8_500, 9_200).minus(first), Money::from_minor(413_996)); // 4,140
/// ```
#[must_use]
pub fn recognised(allocated: Money, redeemed: i64, expected: i64) -> Money {
    Money::from_minor(nearest(allocated.minor(), redeemed.into(), expected.into()))
}

/// A share of an amount, to the nearest whole.
fn nearest(amount: i64, part: i128, whole: i128) -> i64 {
    if part >= whole {
        return amount;
    }
    let twice = i128::from(amount).saturating_mul(part).saturating_mul(2).saturating_add(whole);
    i64::try_from(twice.div_euclid(whole.saturating_mul(2).max(1))).unwrap_or(i64::MAX)
}

/// What happened in a period.
#[derive(Debug, Default)]
struct Happened {
    bought: Vec<Bought>,
    /// Purchases of which points were taken back, and how many.
    returned: Vec<(FactNo, i64)>,
    redeemed: i64,
    lapsed: i64,
    /// Of these two and all else, what was outstanding then.
    net: i64,
}

#[derive(Debug, Clone, Copy)]
struct Bought {
    fact: FactNo,
    to_pay: Money,
    points: i64,
    worth: SpendRules,
}

/// Sees what happened, period by period.
struct Seeing<'b> {
    book: &'b Book,
    every: Every,
    periods: BTreeMap<Day, Happened>,
    /// The account at hand.
    root: Place,
    to_pay: Money,
}

impl Seeing<'_> {
    fn period(&mut self, day: Day) -> &mut Happened {
        self.periods.entry(self.every.end(day)).or_default()
    }

    /// The purchase of the account's own of which a fact gives something back.
    fn purchase_of(&self, fact: Option<FactNo>) -> Option<FactNo> {
        match &self.book.log.fact(fact?)?.body {
            Body::Returned { customer, purchase, .. }
                if self.book.people.root_of(customer) == Some(self.root) =>
            {
                self.book.log.find(purchase)
            }
            _ => None,
        }
    }

    fn took_back(&mut self, day: Day, fact: Option<FactNo>, points: i64) {
        if let Some(purchase) = self.purchase_of(fact) {
            self.period(day).returned.push((purchase, points));
        }
    }
}

impl Witness for Seeing<'_> {
    fn see(&mut self, day: Day, fact: Option<FactNo>, entry: Entry) {
        let add = |sum: &mut i64, points: i64| *sum = sum.saturating_add(points);
        match entry {
            Entry::Bought(to_pay) => self.to_pay = to_pay,
            Entry::Awarded { points, .. } => {
                let (to_pay, worth) = (self.to_pay, self.book.versions.on(day).program.spend);
                let period = self.period(day);
                add(&mut period.net, points);
                if let (Some(fact), Some(worth)) = (fact, worth) {
                    period.bought.push(Bought { fact, to_pay, points, worth });
                }
            }
            Entry::Spent(points) => {
                let period = self.period(day);
                add(&mut period.redeemed, points);
                add(&mut period.net, points.saturating_neg());
            }
            Entry::Restored(points) => {
                let period = self.period(day);
                add(&mut period.redeemed, points.saturating_neg());
                add(&mut period.net, points);
            }
            Entry::Lapsed { points, .. } => {
                let period = self.period(day);
                add(&mut period.lapsed, points);
                add(&mut period.net, points.saturating_neg());
            }
            Entry::TakenBack(points) => {
                add(&mut self.period(day).net, points.saturating_neg());
                self.took_back(day, fact, points);
            }
            Entry::LapsedCounted(points) => self.took_back(day, fact, points),
            Entry::Occasion { points, .. }
            | Entry::Introduced { points, .. }
            | Entry::Received(points)
            | Entry::Adjusted(points) => add(&mut self.period(day).net, points),
            Entry::Given(points) => add(&mut self.period(day).net, points.saturating_neg()),
            Entry::DebtPaid(_)
            | Entry::Owed(_)
            | Entry::Forgiven(_)
            | Entry::Shared(_)
            | Entry::Tier { .. }
            | Entry::Coupon { .. }
            | Entry::Value(..)
            | Entry::RefundedTo { .. }
            | Entry::Deposit { .. }
            | Entry::TierBought { .. }
            | Entry::PaidBeside(_)
            | Entry::Flagged(_) => {}
        }
    }
}

/// The sums since the beginning.
#[derive(Debug, Clone, Copy, Default)]
struct Sums {
    allocated: i64,
    recognised: i64,
    redeemed: i64,
    lapsed: i64,
    outstanding: i64,
}

impl Sums {
    /// Of the points that went one way or the other, how many were redeemed, of how many; all, as long as none went.
    fn rate(self) -> (i128, i128) {
        let (redeemed, lapsed) = (i128::from(self.redeemed.max(0)), i128::from(self.lapsed.max(0)));
        let went = redeemed.saturating_add(lapsed);
        if went == 0 { (1, 1) } else { (redeemed, went) }
    }

    /// The redeemed, and of the outstanding as large a share: whole points of `den`.
    fn expected(self) -> (i128, i128) {
        let (num, den) = self.rate();
        let outstanding = i128::from(self.outstanding.max(0)).saturating_mul(num);
        (i128::from(self.redeemed.max(0)).saturating_mul(den).saturating_add(outstanding), den)
    }
}

impl Book {
    /// The revenue of points by period, through a day (semantics 19.4).
    ///
    /// ```
    /// # let book = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/maison.rs"));
    /// # use parure::{book::Every, calendar::Day};
    /// let year = book.revenue(Day::parse("2026-11-21")?, Every::Year)?;
    /// let of_2026 = &year.periods[0];
    /// assert_eq!((of_2026.redeemed, of_2026.lapsed, of_2026.outstanding), (16_100, 0, 85_955));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// `sealed` for a book that has been sealed: what each purchase behind the seal was paid is not kept.
    pub fn revenue(&self, through: Day, every: Every) -> Result<Revenue, Refusal> {
        if let Some(sealed) = self.sealed_until() {
            let message = format!("the book is sealed until {sealed}: what was paid before is not kept");
            return Err(Refusal { code: RefusalCode::Sealed, message });
        }
        let mut seeing = Seeing { book: self, every, periods: BTreeMap::new(), root: 0, to_pay: Money::ZERO };
        for root in self.people.roots_by_id() {
            seeing.root = root;
            let (mut account, _) = self.fold(root, Until::Day(through), &self.versions, &mut seeing);
            account.advance(through, &self.versions, &mut seeing);
        }
        let mut seen = seeing.periods;
        let Some(first) = seen.keys().next().copied() else { return Ok(Revenue { periods: Vec::new() }) };
        let (mut end, mut sums) = (first, Sums::default());
        let mut purchases = HashMap::new();
        let mut periods = Vec::new();
        let mut begins = None;
        loop {
            let happened = seen.remove(&end).unwrap_or_default();
            let before = sums;
            sums.pass(&happened, &mut purchases);
            let first = begins.unwrap_or_else(|| first_of(every, end));
            periods.push(self.period(first, end.min(through), before, sums));
            begins = Some(end.add_days(1));
            if end >= through {
                break;
            }
            end = every.end(end.add_days(1));
        }
        Ok(Revenue { periods })
    }

    fn period(&self, first: Day, last: Day, before: Sums, after: Sums) -> RevenuePeriod {
        let money = |minor: i64| self.currency().decimal(Money::from_minor(minor));
        let (expected, den) = after.expected();
        RevenuePeriod {
            first,
            last,
            opening: money(before.allocated.saturating_sub(before.recognised)),
            allocated: money(after.allocated.saturating_sub(before.allocated)),
            recognised: money(after.recognised.saturating_sub(before.recognised)),
            closing: money(after.allocated.saturating_sub(after.recognised)),
            redeemed: after.redeemed,
            lapsed: after.lapsed,
            outstanding: after.outstanding,
            expected: i64::try_from(expected.div_euclid(den.max(1))).unwrap_or(i64::MAX),
        }
    }
}

/// The first day of the period that ends on a day.
fn first_of(every: Every, end: Day) -> Day {
    match every {
        Every::Month => end.month_start(),
        Every::Quarter => end.month_start().add_days(-1).month_start().add_days(-1).month_start(),
        Every::Year => end.year_start(),
    }
}

impl Sums {
    /// What happens in a period. What is paid is allocated by what points are worth, less what of them is not expected to be redeemed as things were when the
    /// period began.
    fn pass(&mut self, happened: &Happened, purchases: &mut HashMap<FactNo, Allocated>) {
        let (num, den) = self.rate();
        for bought in &happened.bought {
            // So many minor units times `over` are what the points would sell for.
            let over = i128::from(bought.worth.worth_points.max(1)).saturating_mul(den);
            let points = i128::from(bought.points.max(0))
                .saturating_mul(i128::from(bought.worth.worth_amount.minor()))
                .saturating_mul(num);
            let goods = i128::from(bought.to_pay.minor()).saturating_mul(over);
            let amount = nearest(bought.to_pay.minor(), points, goods.saturating_add(points).max(1));
            self.allocated = self.allocated.saturating_add(amount);
            purchases.insert(bought.fact, Allocated { amount, points: bought.points, taken: 0, off: 0 });
        }
        for (purchase, points) in &happened.returned {
            let Some(of) = purchases.get_mut(purchase) else { continue };
            of.taken = of.taken.saturating_add(*points);
            let off = nearest(of.amount, of.taken.max(0).into(), of.points.into());
            self.allocated = self.allocated.saturating_sub(off.saturating_sub(of.off));
            of.off = off;
        }
        self.redeemed = self.redeemed.saturating_add(happened.redeemed);
        self.lapsed = self.lapsed.saturating_add(happened.lapsed);
        self.outstanding = self.outstanding.saturating_add(happened.net);
        let (expected, den) = self.expected();
        let redeemed = i128::from(self.redeemed.max(0)).saturating_mul(den);
        self.recognised = match (expected, self.outstanding > 0) {
            // Nothing was redeemed so far: nothing is recognised while anything may be.
            (0, true) => 0,
            _ => nearest(self.allocated, redeemed, expected),
        };
    }
}

/// What of a purchase was allocated to its points.
#[derive(Debug, Clone, Copy)]
struct Allocated {
    amount: i64,
    points: i64,
    /// Points that were taken back, and what of the amount went with them.
    taken: i64,
    off: i64,
}
