//! A basket as columns hold it.

use super::Kind;
use crate::exact::split;
use crate::fact::MOST_LINES;
use crate::fault::Fault;
use crate::money::{Currency, MAJOR_LIMIT, Money};
use crate::points::POINTS_LIMIT;
use crate::program::Program;

/// The most lines that there can be, each below this, can't overflow: their sum is worked out without looking for it.
const SMALL: i64 = 1 << 52;

/// The lines of a purchase side by side: of what kind each is, and its amount in minor units. Nothing is copied.
///
/// ```
/// use parure::money::Currency;
/// use parure::program::Program;
/// use parure::replay::{ColumnBasket, Replay};
/// # let text = "edition = 2026\nname = 'M'\neffective = 2026-01-01\ncurrency = 'CNY'\ntime_zone = 'Asia/Shanghai'";
/// let program = Program::parse("m.toml", text)?;
/// let mut replay = Replay::new(&program, parure::calendar::Day::LAST);
/// let kinds = [replay.kind("R-2201", "ring/wedding")?, replay.kind("", "care/cloth")?];
/// let basket = ColumnBasket::new(&kinds, &[1_280_000, 4_000], program.currency())?; // 12,800.00 and 40.00
/// assert_eq!(basket.to_pay(), 1_284_000);
/// assert_eq!(basket.with_discount(4_000)?.to_pay(), 1_280_000);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy)]
pub struct ColumnBasket<'a> {
    kinds: &'a [Kind],
    amounts: &'a [i64],
    sum: i64,
    discount: i64,
    points: i64,
    points_amount: i64,
}

impl<'a> ColumnBasket<'a> {
    /// Lines without a discount on the whole, not paid with points.
    ///
    /// # Errors
    /// `no_lines`, `too_many`, `lines_differ` for columns of different lengths, `negative_amount`, `money_range`.
    #[inline]
    pub fn new(kinds: &'a [Kind], amounts: &'a [i64], currency: Currency) -> Result<Self, Fault> {
        let (mut bits, mut sum) = (0_i64, 0_i64);
        for amount in amounts {
            bits |= amount;
            sum = sum.wrapping_add(*amount);
        }
        // No currency's limit is lower than that of the sum here.
        let is_common = (1..=MOST_LINES).contains(&amounts.len())
            && kinds.len() == amounts.len()
            && (0..SMALL).contains(&bits)
            && sum < MAJOR_LIMIT;
        if !is_common {
            sum = checked_sum(kinds, amounts, currency)?;
        }
        Ok(ColumnBasket { kinds, amounts, sum, discount: 0, points: 0, points_amount: 0 })
    }

    /// The same with so much off the whole.
    ///
    /// # Errors
    /// `discount_exceeds`.
    pub fn with_discount(self, discount: i64) -> Result<Self, Fault> {
        if (0..=self.sum).contains(&discount) {
            return Ok(ColumnBasket { discount, ..self });
        }
        Err(Fault::new("discount_exceeds", "the discount is not from 0 to the sum of the lines")
            .at("discount"))
    }

    /// The same, paid with so many points that are worth this much, and with `other` for the rest, where there is one.
    ///
    /// # Errors
    /// `points_tender` for what is no tender of points, `tenders_differ` for points worth more than is to be paid.
    pub fn with_points(self, points: i64, worth: i64) -> Result<Self, Fault> {
        if !(1..=POINTS_LIMIT).contains(&points) || worth < 0 {
            let message = "a tender of points says how many points and what they are worth";
            return Err(Fault::new("points_tender", message).at("points"));
        }
        if worth > self.to_pay() {
            return Err(
                Fault::new("tenders_differ", "the points are worth more than is to be paid").at("points")
            );
        }
        Ok(ColumnBasket { points, points_amount: worth, ..self })
    }

    /// What is to be paid, in minor units.
    #[must_use]
    pub fn to_pay(&self) -> i64 {
        self.sum.saturating_sub(self.discount)
    }

    pub(super) fn tendered(&self) -> (i64, Money) {
        (self.points, Money::from_minor(self.points_amount))
    }

    pub(super) fn lines(&self) -> (&'a [Kind], &'a [i64]) {
        (self.kinds, self.amounts)
    }

    /// Whether it has no discount on the whole and nothing is paid with points: all of its lines counts.
    pub(super) fn is_plain(&self) -> bool {
        (self.discount | self.points | self.points_amount) == 0
    }

    /// Of each line what counts: its amount less its parts of the discount and of tenders that don't earn. `None`: all of it.
    pub(super) fn counting(&self, program: &Program) -> Option<Vec<i64>> {
        let unearning = |kind: &str| program.points.not_earning.iter().any(|known| **known == *kind);
        let rest = self.to_pay().saturating_sub(self.points_amount);
        let parts = [
            (self.discount, true),
            (self.points_amount, self.points > 0 && unearning("points")),
            (rest, self.points > 0 && unearning("other")),
        ];
        if parts.iter().all(|(amount, counts)| *amount == 0 || !counts) {
            return None;
        }
        let mut counting = self.amounts.to_vec();
        for (amount, _) in parts.iter().filter(|(_, counts)| *counts) {
            let parts = split::<[i64; 16]>(*amount, self.amounts.iter().copied());
            for (line, part) in counting.iter_mut().zip(parts) {
                *line = line.saturating_sub(part).max(0);
            }
        }
        Some(counting)
    }
}

/// What lines come to, if they can make a basket.
#[cold]
fn checked_sum(kinds: &[Kind], amounts: &[i64], currency: Currency) -> Result<i64, Fault> {
    if amounts.is_empty() {
        return Err(Fault::new("no_lines", "a purchase has at least one line").at("lines"));
    }
    if amounts.len() > MOST_LINES {
        let message = format!("{} are listed, at most {MOST_LINES} are read", amounts.len());
        return Err(Fault::new("too_many", message).at("lines"));
    }
    if kinds.len() != amounts.len() {
        let message = format!("there are {} kinds for {} amounts", kinds.len(), amounts.len());
        return Err(Fault::new("lines_differ", message).at("lines"));
    }
    if let Some(at) = amounts.iter().position(|amount| *amount < 0) {
        let path = format!("lines[{at}].amount");
        return Err(Fault::new("negative_amount", "the amount is below 0").at(path));
    }
    let sum = amounts.iter().fold(0_i64, |sum, amount| sum.saturating_add(*amount));
    if sum >= currency.limit().minor() {
        return Err(Fault::new("money_range", "the lines add up to 10^15 or more").at("lines"));
    }
    Ok(sum)
}
