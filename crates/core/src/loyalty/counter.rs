//! A basket on the counter: what is to be paid for each line, and what coupons take off it one after another (semantics 16.3).

use super::basket::BasketView;
use crate::exact::{share_down, split};
use crate::fact::Line;
use crate::money::Money;
use crate::outcome::RefusalCode;
use crate::program::condition::Scene;
use crate::program::coupons::{CouponRule, Off};
use smallvec::SmallVec;
use std::cmp::Ordering;

/// An amount for each line, in minor units.
pub(crate) type ByLine = SmallVec<[i64; 12]>;

/// The lines of a basket, and what is to be paid for each before any coupon.
pub(crate) struct Counter<'a> {
    pub(crate) lines: &'a [Line<'a>],
    pub(crate) to_pay: ByLine,
}

/// A coupon as it is laid beside a basket.
#[derive(Debug, Clone)]
pub(crate) struct Laid<'p> {
    pub(crate) rule: &'p CouponRule,
    /// The lines that it is for.
    on: SmallVec<[bool; 12]>,
    /// What is to be paid for these before any coupon.
    pub(crate) base: i64,
    /// What it takes off pieces, of those that count them.
    pieces: i64,
}

impl<'a> Counter<'a> {
    pub(crate) fn of(view: BasketView<'a>) -> Self {
        let amounts = view.lines.iter().map(|line| line.amount.minor());
        let discounts: ByLine = split(view.discount.minor(), amounts.clone());
        let to_pay = amounts.zip(discounts).map(|(amount, off)| amount.saturating_sub(off)).collect();
        Counter { lines: view.lines, to_pay }
    }

    /// A coupon beside this basket.
    pub(crate) fn lay<'p>(&self, rule: &'p CouponRule) -> Laid<'p> {
        let day = crate::calendar::Day::FIRST;
        let is_for = |line: &'a Line<'a>| match &rule.on {
            Some(on) => on.holds(&Scene::on(day).with_line(line)),
            None => true,
        };
        let on: SmallVec<[bool; 12]> = self.lines.iter().map(is_for).collect();
        let base = sum(&self.to_pay, &on);
        let pieces = match rule.off {
            Off::Free { buy, get } => self.free(&on, buy, get),
            Off::Price(price) => self.over(&on, price.minor()),
            Off::Amount(_) | Off::Percent(_) | Off::Each { .. } => 0,
        };
        Laid { rule, on, base, pieces }
    }

    /// Whole pieces of the lines that a coupon is for, the cheapest first: what is to be paid for a line and how many there are.
    fn pieces(&self, on: &[bool]) -> Vec<(i64, i64)> {
        let lines = self.lines.iter().zip(&self.to_pay).zip(on).filter(|(_, on)| **on);
        let whole = lines.map(|((line, to_pay), _)| (*to_pay, line.quantity.micros()));
        let mut pieces: Vec<(i64, i64)> = whole.filter(|(_, micros)| *micros >= PIECE).collect();
        // By what one costs, the earlier line first among equals.
        pieces.sort_by(|a, b| times(a.0, b.1).cmp(&times(b.0, a.1)));
        pieces
    }

    /// What the cheapest pieces cost that are free, rounded down for each line.
    fn free(&self, on: &[bool], buy: i64, get: i64) -> i64 {
        let pieces = self.pieces(on);
        let all = pieces.iter().fold(0_i64, |all, (_, micros)| all.saturating_add(count(*micros)));
        let mut left = match buy {
            0 => get.min(all),
            _ => share_down(all, 1, buy.saturating_add(get)).saturating_mul(get),
        };
        let mut off = 0_i64;
        for (to_pay, micros) in pieces {
            let free = left.min(count(micros));
            left = left.saturating_sub(free);
            off = off.saturating_add(share_down(to_pay, free.saturating_mul(PIECE), micros));
        }
        off
    }

    /// What the dearest piece costs over a price, rounded down.
    fn over(&self, on: &[bool], price: i64) -> i64 {
        let dearest =
            self.pieces(on).last().map_or(0, |(to_pay, micros)| share_down(*to_pay, PIECE, *micros));
        dearest.saturating_sub(price).max(0)
    }
}

/// One piece, in millionths.
const PIECE: i64 = 1_000_000;

fn count(micros: i64) -> i64 {
    share_down(micros, 1, PIECE)
}

fn times(amount: i64, micros: i64) -> i128 {
    i128::from(amount).saturating_mul(i128::from(micros))
}

fn sum(amounts: &[i64], on: &[bool]) -> i64 {
    let of = amounts.iter().zip(on).filter(|(_, on)| **on);
    of.fold(0_i64, |sum, (amount, _)| sum.saturating_add(*amount))
}

impl Laid<'_> {
    /// Why the basket has nothing for it, and how much more would have to be bought.
    pub(crate) fn objection(&self) -> Option<(RefusalCode, Option<Money>)> {
        if self.base == 0 {
            return Some((RefusalCode::CouponForNothing, None));
        }
        let least = match self.rule.off {
            Off::Each { full, .. } => self.rule.least.max(full),
            _ => self.rule.least,
        };
        let missing = least.minor().saturating_sub(self.base);
        if missing > 0 {
            return Some((RefusalCode::CouponLeast, Some(Money::from_minor(missing))));
        }
        (self.takes(|_| self.base) == 0).then_some((RefusalCode::CouponForNothing, None))
    }

    /// What it takes off, where so much is left to pay for each line.
    pub(crate) fn off(&self, left: &[i64]) -> i64 {
        self.takes(|on| sum(left, on))
    }

    /// What it takes off by itself.
    pub(crate) fn off_alone(&self) -> i64 {
        self.takes(|_| self.base)
    }

    fn takes(&self, left: impl FnOnce(&[bool]) -> i64) -> i64 {
        let left = left(&self.on);
        let off = match self.rule.off {
            Off::Amount(off) => off.minor(),
            Off::Percent(share) => share_down(left, share.num, share.den),
            Off::Each { full, off } => share_down(self.base, 1, full.minor()).saturating_mul(off.minor()),
            Off::Free { .. } | Off::Price(_) => self.pieces,
        };
        self.rule.most.map_or(off, |most| off.min(most.minor())).min(left)
    }

    /// Takes so much off what is left to pay for its lines, pro rata (3.3).
    pub(crate) fn take(&self, off: i64, left: &mut ByLine) {
        let weights = left.iter().zip(&self.on).map(|(left, on)| if *on { *left } else { 0 });
        let parts: ByLine = split(off, weights);
        for (left, part) in left.iter_mut().zip(parts) {
            *left = left.saturating_sub(part);
        }
    }

    /// Whether two may be used on one basket.
    pub(crate) fn goes_with(&self, other: &Laid<'_>) -> bool {
        let same_group = self.rule.group.is_some() && self.rule.group == other.rule.group;
        self.rule.stacks && other.rule.stacks && !same_group
    }
}

/// Which of two is used before the other, as far as the program says.
pub(crate) fn before(a: &CouponRule, b: &CouponRule, percent_first: bool) -> Ordering {
    let later = |rule: &CouponRule| rule.off.is_a_share() != percent_first;
    later(a).cmp(&later(b))
}
