//! A purchase laid out for computing: for each line what is left of it and which part of it counts (semantics 3.3, 4.2, 7.0).

use crate::exact::{Parts, split, what_is_left};
use crate::fact::{Line, Quantity};
use crate::money::Money;
use crate::program::Program;
use smallvec::SmallVec;

/// The lines, discount and tenders of a purchase, borrowed from wherever they are kept.
#[derive(Debug, Clone, Copy)]
pub(crate) struct BasketView<'a> {
    pub(crate) lines: &'a [Line<'a>],
    pub(crate) discount: Money,
    pub(crate) tenders: &'a [crate::fact::Tender<'a>],
}

/// What came back of a line so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
pub(crate) struct LineReturns {
    pub(crate) amount: i64,
    pub(crate) quantity: i64,
}

/// One line, or what is left of it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Share<'a> {
    pub(crate) line: &'a Line<'a>,
    /// The amount bought, in minor units.
    pub(crate) bought: i64,
    /// The part of it that has not come back.
    pub(crate) left: i64,
    /// Of the amount bought: less the line's parts of the discount and of tenders that don't earn.
    pub(crate) counts: i64,
    /// Of the amount bought: less the line's part of the discount.
    pub(crate) payable: i64,
}

impl Share<'_> {
    /// Spend that counts for tiers, of what is left.
    pub(crate) fn spend_left(&self) -> i64 {
        what_is_left(self.counts, self.bought.saturating_sub(self.left), self.bought)
    }

    fn payable_left(&self) -> i64 {
        what_is_left(self.payable, self.bought.saturating_sub(self.left), self.bought)
    }
}

/// The lines that are left of a purchase, with their shares. `left_lines` are as conditions see them.
pub(crate) struct Basket<'a> {
    pub(crate) shares: SmallVec<[Share<'a>; 4]>,
    left_lines: Option<Vec<Line<'a>>>,
    whole: &'a [Line<'a>],
    /// What is to be paid for what is left.
    pub(crate) amount: Money,
}

impl<'a> Basket<'a> {
    /// The whole purchase.
    pub(crate) fn whole(view: BasketView<'a>, program: &Program) -> Self {
        Basket::left(view, program, &[])
    }

    /// What is left of a purchase after returns; `returns` are by line, none: nothing came back.
    pub(crate) fn left(view: BasketView<'a>, program: &Program, returns: &[LineReturns]) -> Self {
        let amounts = view.lines.iter().map(|line| line.amount.minor());
        // Without a discount there is nothing to take off.
        let discounts = match view.discount {
            Money::ZERO => Parts::new(),
            discount => split(discount.minor(), amounts.clone()),
        };
        let unearning: SmallVec<[Parts; 1]> = view
            .tenders
            .iter()
            .filter(|tender| program.points.not_earning.iter().any(|kind| **kind == *tender.kind))
            .map(|tender| split(tender.amount.minor(), amounts.clone()))
            .collect();
        let mut shares = SmallVec::new();
        if returns.is_empty() && discounts.is_empty() && unearning.is_empty() {
            let whole = |line: &'a Line<'a>| {
                let bought = line.amount.minor();
                Share { line, bought, left: bought, counts: bought, payable: bought }
            };
            let amount = view.payable();
            return Basket {
                shares: view.lines.iter().map(whole).collect(),
                left_lines: None,
                whole: view.lines,
                amount,
            };
        }
        let mut left_lines = (!returns.is_empty()).then(Vec::new);
        for (at, line) in view.lines.iter().enumerate() {
            let came_back = returns.get(at).copied().unwrap_or_default();
            let bought = line.amount.minor();
            let left = bought.saturating_sub(came_back.amount);
            let quantity = line.quantity.micros().saturating_sub(came_back.quantity);
            if came_back != LineReturns::default() && is_gone(line, came_back) {
                continue;
            }
            let payable = bought.saturating_sub(discounts.get(at).copied().unwrap_or(0));
            let unearning = unearning.iter().filter_map(|parts| parts.get(at));
            let counts = unearning.fold(payable, |counts, part| counts.saturating_sub(*part)).max(0);
            shares.push(Share { line, bought, left, counts, payable });
            if let Some(lines) = &mut left_lines {
                lines.push(Line {
                    amount: Money::from_minor(left),
                    quantity: Quantity::from_micros(quantity),
                    ..line.clone()
                });
            }
        }
        let amount =
            shares.iter().fold(0_i64, |sum, share: &Share<'_>| sum.saturating_add(share.payable_left()));
        Basket { shares, left_lines, whole: view.lines, amount: Money::from_minor(amount) }
    }

    /// The lines as conditions see them: with the amounts and quantities that are left, in step with `shares`.
    pub(crate) fn lines(&self) -> &[Line<'a>] {
        self.left_lines.as_deref().unwrap_or(self.whole)
    }
}

/// Whether a line came back wholly: its amount, or its quantity where it cost nothing.
pub(super) fn is_gone(line: &Line<'_>, came_back: LineReturns) -> bool {
    came_back.amount >= line.amount.minor()
        && (line.amount != Money::ZERO || came_back.quantity >= line.quantity.micros())
}
