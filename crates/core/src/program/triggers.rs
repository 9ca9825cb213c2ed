//! What a program says of moments: when a customer is to be remembered, what is done then, and how often they may be written to.

use super::condition::Condition;
use crate::Id;
use crate::calendar::{Anniversary, Day, Festival, Span};
use crate::money::Money;

/// `[[trigger]]`: a moment, and what to do.
#[derive(Debug, Clone)]
pub(crate) struct Trigger {
    pub(crate) id: Id,
    pub(crate) on: Occasion,
    /// Of the customer as they are on the day that is asked about.
    pub(crate) when: Option<Condition>,
    pub(crate) send: Option<Send>,
    pub(crate) task: Option<Duty>,
    /// Points that are given when it is done.
    pub(crate) gives: i64,
    /// A coupon of the program that is given too.
    pub(crate) gives_coupon: Option<Id>,
    /// The same of a benefit.
    pub(crate) gives_benefit: Option<Id>,
    /// How long it stays due; none: through the day that it comes before, or [`MEANT_OPEN`].
    pub(crate) open: Option<Span>,
    /// Of so many customers in ten thousand nothing is done, to compare with.
    pub(crate) holdout: u32,
    /// So many of its occasions are sent or done within a span.
    pub(crate) at_most: Option<(u32, Span)>,
}

/// How long something stays due that comes before no day.
pub(crate) const MEANT_OPEN: Span = Span::Days(30);

/// What a moment is.
#[derive(Debug, Clone)]
pub(crate) enum Occasion {
    /// A date of the person's own, or, with `of`, of a relation of that kind.
    Date {
        date: DateOf,
        of: Option<Box<str>>,
        offset: Offset,
    },
    Festival {
        festival: Festival,
        offset: Offset,
    },
    /// The day on which they joined, each year after.
    Membership(Offset),
    /// One day, once: a campaign.
    Once {
        day: Day,
        offset: Offset,
    },
    /// A day of each year.
    Yearly {
        date: Anniversary,
        offset: Offset,
    },
    /// Something happened so long ago, and none of `unless` has since.
    After {
        what: Happening,
        wait: Wait,
        unless: Vec<Happening>,
    },
    /// Nothing was heard of them for so long.
    Silence(Span),
    /// Points will have lapsed so soon.
    PointsLapse(Span),
    /// A coupon will have lapsed so soon.
    CouponLapse(Span),
    /// Bonus of stored value will have lapsed so soon.
    ValueLapse(Span),
    /// A tier will be lost so soon.
    TierLapse(Span),
    TierReached,
    /// No more than this spend is missing for the next tier.
    TierNear(Money),
    /// Spend that counts for tiers came to so much, ever.
    Spend(Money),
}

impl Trigger {
    /// Whether it gives anything.
    pub(crate) fn gives_something(&self) -> bool {
        self.gives > 0 || self.gives_coupon.is_some() || self.gives_benefit.is_some()
    }
}

impl Occasion {
    /// Whether it follows from tiers, which may move as days go by.
    pub(crate) fn is_of_tiers(&self) -> bool {
        matches!(self, Occasion::TierLapse(_) | Occasion::TierReached | Occasion::TierNear(_))
    }
}

/// Which date of a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum DateOf {
    Birthday,
    /// One of the profile's `dates`.
    Named(Box<str>),
}

/// From when on a day is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Offset {
    On,
    Before(Span),
    After(Span),
}

/// How long is waited after something happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wait {
    Span(Span),
    Hours(u16),
}

/// What can have happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Happening {
    Joining,
    FirstPurchase,
    Purchase,
    Return,
    Visit,
    Talk,
    /// A piece was handed over after a service.
    Service,
    Wish,
    Complaint,
    Review,
}

/// A message, by the first of some channels that is agreed to and can be reached.
#[derive(Debug, Clone)]
pub(crate) struct Send {
    pub(crate) message: Id,
    pub(crate) by: Vec<Id>,
}

/// Something for people to do.
#[derive(Debug, Clone)]
pub(crate) struct Duty {
    pub(crate) what: Box<str>,
    pub(crate) who: Who,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Who {
    Owner,
    Manager,
    Store,
}

/// `[messages]`: what holds for all that is sent.
#[derive(Debug, Clone)]
pub(crate) struct Messages {
    /// So many within so long.
    pub(crate) at_most: Option<(u32, Span)>,
    /// From, to: minutes of the day.
    pub(crate) quiet: Option<(u16, u16)>,
    /// For which purpose consent is needed; none: nobody is asked.
    pub(crate) purpose: Option<Id>,
    /// What failed is tried again after so long, so often.
    pub(crate) again: (Span, u32),
}

impl Default for Messages {
    fn default() -> Self {
        Messages { at_most: None, quiet: None, purpose: Some(Id::new_static(PURPOSE)), again: MEANT_AGAIN }
    }
}

/// What messages are for, unless written.
pub(crate) const PURPOSE: &str = "offers";
pub(crate) const MEANT_AGAIN: (Span, u32) = (Span::Days(1), 3);

impl Who {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Who::Owner => "owner",
            Who::Manager => "manager",
            Who::Store => "store",
        }
    }
}
