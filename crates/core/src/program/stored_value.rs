//! What a program says of stored value: what topping up brings, how it is spent, how long a bonus lasts (semantics 18).

use super::condition::Condition;
use crate::calendar::{Day, Span};
use crate::exact::share_down;
use crate::money::Money;

/// How long a bonus lives on that comes back after its last day, where the program does not say.
pub(crate) const VALUE_RESTORED: Span = Span::Days(30);

/// `[stored_value]`
#[derive(Debug, Clone)]
pub(crate) struct StoredValueRules {
    /// By what is paid, low to high.
    pub(crate) steps: Vec<Step>,
    pub(crate) order: SpendOrder,
    /// How long a bonus lasts.
    pub(crate) valid: Option<Span>,
    /// The lines that a bonus may pay for; it asks neither of the buyer nor of the very piece.
    pub(crate) on: Option<Condition>,
    /// How long a bonus lives on that comes back after its last day.
    pub(crate) restored: Span,
    /// The most that a customer's account and a card may hold.
    pub(crate) most: Most,
    /// The most that may be taken from an account at a copy that is out of reach of the others.
    pub(crate) offline: Option<Money>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Most {
    pub(crate) customer: Option<Money>,
    pub(crate) card: Option<Money>,
}

/// Who pays so much is given so much more: once, or for each full amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Step {
    pub(crate) from: Money,
    pub(crate) bonus: Money,
    pub(crate) each: bool,
}

/// What of stored value pays first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SpendOrder {
    BonusFirst,
    PrincipalFirst,
    InProportion,
}

impl Step {
    /// What it gives for an amount that reaches it.
    pub(crate) fn bonus_for(&self, paid: i64) -> i64 {
        if self.each {
            share_down(self.bonus.minor(), paid.div_euclid(self.from.minor().max(1)), 1)
        } else {
            self.bonus.minor()
        }
    }
}

impl StoredValueRules {
    /// What a top-up brings beside what is paid: by the highest step that it reaches.
    pub(crate) fn bonus_for(&self, paid: i64) -> i64 {
        let reached = self.steps.iter().rfind(|step| step.from.minor() <= paid);
        reached.map_or(0, |step| step.bonus_for(paid))
    }

    /// The last day of a bonus that is given on a day.
    pub(crate) fn last_day(&self, given: Day) -> Option<Day> {
        self.valid.map(|valid| valid.last_day_from(given))
    }

    /// The most that may be held.
    pub(crate) fn most(&self, is_card: bool) -> Option<Money> {
        if is_card { self.most.card } else { self.most.customer }
    }
}
