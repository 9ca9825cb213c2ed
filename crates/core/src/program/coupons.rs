//! What a program says of its coupons: what each takes off a basket, for whom, how long and with what else (semantics 16).

use super::Ratio;
use super::condition::Condition;
use crate::Id;
use crate::calendar::{Day, Span};
use crate::money::Money;

/// `[[coupon]]`: what a coupon of this id is, for as long as it lives.
#[derive(Debug, Clone)]
pub(crate) struct CouponRule {
    pub(crate) id: Id,
    pub(crate) name: Box<str>,
    pub(crate) off: Off,
    /// The most that it takes off.
    pub(crate) most: Option<Money>,
    /// The lines that it is for; it asks of the line alone.
    pub(crate) on: Option<Condition>,
    /// The least that is to be paid for these.
    pub(crate) least: Money,
    /// Whom and when it is for.
    pub(crate) when: Option<Condition>,
    pub(crate) wait: Option<Span>,
    pub(crate) valid: Option<Span>,
    pub(crate) until: Option<Day>,
    /// So often one of them can be used.
    pub(crate) uses: usize,
    /// So often one customer uses any of them within a span.
    pub(crate) at_most: Option<(u32, Span)>,
    /// So often all customers use any of them, within a span where one is told.
    pub(crate) in_all: Option<InAll>,
    /// Whether whoever holds it may pass it on.
    pub(crate) transferable: bool,
    /// Whether others may be used beside it.
    pub(crate) stacks: bool,
    /// No two of a group are used together.
    pub(crate) group: Option<Id>,
    pub(crate) with_points: bool,
    pub(crate) with_stored_value: bool,
    pub(crate) returned: Returned,
}

/// How often a coupon is used by all customers together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct InAll {
    pub(crate) count: usize,
    /// That ends with the day of a use; none: ever.
    pub(crate) within: Option<Span>,
}

/// What it takes off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Off {
    Amount(Money),
    Percent(Ratio),
    /// So much for each full amount.
    Each {
        full: Money,
        off: Money,
    },
    /// Of so many pieces and so many more, the cheapest so many more are free; without the first, so many are.
    Free {
        buy: i64,
        get: i64,
    },
    /// The dearest piece costs this.
    Price(Money),
}

impl Off {
    /// Whether it takes a part of the price, not an amount.
    pub(crate) fn is_a_share(self) -> bool {
        matches!(self, Off::Percent(_))
    }
}

/// What becomes of a coupon when all that was bought with it comes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Returned {
    /// It lives on for as many days as it had left.
    Rest,
    /// It is as new.
    Anew,
    Lost,
}

/// Which coupons are used before others on one basket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CouponOrder {
    PercentFirst,
    AmountFirst,
}

impl CouponRule {
    /// The first and the last day of one that is issued on a day.
    pub(crate) fn days(&self, issued: Day) -> (Day, Option<Day>) {
        let first = self.wait.map_or(issued, |wait| wait.end_of_wait(issued));
        let last = self.valid.map(|valid| valid.last_day_from(first));
        (first, [last, self.until].into_iter().flatten().min())
    }
}
