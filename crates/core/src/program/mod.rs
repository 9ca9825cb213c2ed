//! A merchant's rules: the spec as written, and the [`Program`] as checked.

use crate::Id;
use crate::calendar::{DatePolicy, Day, Span};
use crate::money::{Currency, Money};

pub(crate) mod benefits;
mod check;
pub mod condition;
pub(crate) mod coupons;
pub(crate) mod customers;
mod faults;
mod ratio;
mod read;
pub(crate) mod rewards;
mod schema;
mod spec;
pub(crate) mod stored_value;
pub(crate) mod triggers;
mod values;
pub(crate) mod versions;
mod written;

use condition::Condition;
pub use faults::Faults;
pub(crate) use ratio::Ratio;
pub use schema::json_schema;

/// The rules of one shop, checked: a `Program` that exists can be computed with.
///
/// ```
/// use parure::program::Program;
/// let text = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/maison.toml"));
/// let program = Program::parse("maison.toml", text).unwrap();
/// assert_eq!((program.currency().code(), program.effective().to_string().as_str()), ("CNY", "2026-01-01"));
/// # Ok::<(), parure::fault::Fault>(())
/// ```
#[derive(Debug, Clone)]
pub struct Program {
    pub(crate) name: Box<str>,
    pub(crate) effective: Day,
    pub(crate) currency: Currency,
    pub(crate) zone: chrono_tz::Tz,
    /// Whether a first purchase makes a member of someone who has not joined.
    pub(crate) joins_at_purchase: bool,
    pub(crate) dates: DatePolicy,
    pub(crate) points: PointRules,
    pub(crate) spend: Option<SpendRules>,
    pub(crate) earn: Vec<EarnRule>,
    pub(crate) bonuses: Vec<Bonus>,
    /// Low to high; never empty: a program without tiers has one, `member`.
    pub(crate) tiers: Vec<Tier>,
    pub(crate) qualifying: Qualifying,
    pub(crate) growth: Option<Growth>,
    pub(crate) customers: customers::Customers,
    /// In the order of their importance.
    pub(crate) triggers: Vec<triggers::Trigger>,
    pub(crate) messages: triggers::Messages,
    pub(crate) introduction: Option<Introduction>,
    pub(crate) household: Option<Household>,
    pub(crate) benefits: Vec<benefits::BenefitRule>,
    pub(crate) rewards: Vec<rewards::RewardRule>,
    pub(crate) coupons: Vec<coupons::CouponRule>,
    pub(crate) coupon_order: coupons::CouponOrder,
    pub(crate) stored_value: Option<stored_value::StoredValueRules>,
    /// `None`: they don't fit.
    pub(crate) denominators: Option<Denominators>,
    /// The program as it was written, for the fact that adopts it and for snapshots.
    pub(crate) source: Box<str>,
}

impl Program {
    pub(crate) fn conditions(&self) -> impl Iterator<Item = &Condition> {
        let earn = self.earn.iter().filter_map(|rule| rule.when.as_ref());
        let bonuses = self.bonuses.iter().filter_map(|bonus| bonus.when.as_ref());
        earn.chain(bonuses).chain(&self.qualifying.when)
    }

    /// Whether a line of a purchase may bring a tier along.
    pub(crate) fn sells_tiers(&self) -> bool {
        self.tiers.iter().any(|tier| tier.sold.is_some())
    }

    /// Whether a line of a purchase may bring a tier or a benefit along.
    pub(crate) fn lines_bring(&self) -> bool {
        self.sells_tiers() || self.benefits.iter().any(|benefit| benefit.lines.is_some())
    }

    /// What a benefit of this id is.
    pub(crate) fn benefit(&self, id: &str) -> Option<&benefits::BenefitRule> {
        self.benefits.iter().find(|benefit| *benefit.id == *id)
    }

    /// What a reward of this id is.
    pub(crate) fn reward(&self, id: &str) -> Option<&rewards::RewardRule> {
        self.rewards.iter().find(|reward| *reward.id == *id)
    }

    /// What a coupon of this id is.
    pub(crate) fn coupon(&self, id: &str) -> Option<&coupons::CouponRule> {
        self.coupons.iter().find(|coupon| *coupon.id == *id)
    }

    /// Whether what a purchase is awarded, and what it counts for, is told by its lines, its setting and the tier: no caps, no growth value,
    /// no condition about points and spend so far.
    pub(crate) fn is_plain(&self) -> bool {
        let Caps { purchase, day, month, year } = self.points.caps;
        let capped = [purchase, day, month, year].iter().any(Option::is_some);
        !capped && self.growth.is_none() && !self.asks_for_totals()
    }

    pub(crate) fn asks_for_totals(&self) -> bool {
        self.conditions().any(|condition| condition.uses().totals)
    }
}

/// `[points]`
#[derive(Debug, Clone)]
pub(crate) struct PointRules {
    pub(crate) rounding: Rounding,
    /// Round each line instead of the purchase (4.4).
    pub(crate) per_line: bool,
    pub(crate) pending: Option<Span>,
    pub(crate) expires: Option<Expiry>,
    pub(crate) stacking: Stacking,
    pub(crate) caps: Caps,
    /// What a return leaves missing is forgiven instead of owed (6.3).
    pub(crate) forgive_missing: bool,
    /// How long points live on that a return gives back after their last day (6.4).
    pub(crate) restored: Span,
    /// Tenders whose part of a line earns nothing (4.2).
    pub(crate) not_earning: Vec<Box<str>>,
    /// The most that is taken from an account at a copy that is out of touch (11.20).
    pub(crate) offline: Option<i64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rounding {
    Down,
    HalfUp,
    Up,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stacking {
    Best,
    Sum,
    Product,
}

/// When a lot lapses (4.7).
#[derive(Debug, Clone, Copy)]
pub(crate) struct Expiry {
    pub(crate) after: Span,
    pub(crate) at: Option<PeriodEnd>,
    /// Count from the first usable day instead of the day earned.
    pub(crate) from_usable: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PeriodEnd {
    Month,
    Quarter,
    Year,
}

/// Most points awarded per purchase, day, calendar month and calendar year (4.6).
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Caps {
    pub(crate) purchase: Option<i64>,
    pub(crate) day: Option<i64>,
    pub(crate) month: Option<i64>,
    pub(crate) year: Option<i64>,
}

/// `[points.spend]`: what points are worth as a tender (5.2). `step × worth` is whole minor units.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SpendRules {
    pub(crate) worth_points: i64,
    pub(crate) worth_amount: Money,
    pub(crate) least: i64,
    pub(crate) step: i64,
    pub(crate) share: Ratio,
}

/// `[[earn]]`: the first that matches a line counts (4.3).
#[derive(Debug, Clone)]
pub(crate) struct EarnRule {
    pub(crate) id: Id,
    pub(crate) when: Option<Condition>,
    /// Components that count; empty: the whole line.
    pub(crate) basis: Vec<Box<str>>,
    /// At least one slice; the first starts at zero, the others rise.
    pub(crate) slices: Vec<Slice>,
    /// What the slices run over (4.5); meaningless for a single slice.
    pub(crate) over: LadderOver,
}

/// From this amount on, each minor unit of basis earns `rate` points.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Slice {
    pub(crate) from: Money,
    /// Points per minor unit.
    pub(crate) rate: Ratio,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LadderOver {
    Purchase,
    /// The spend that counts for tiers within the window before the purchase comes first.
    Window(Window),
}

/// `[[bonus]]`
#[derive(Debug, Clone)]
pub(crate) struct Bonus {
    pub(crate) id: Id,
    pub(crate) when: Option<Condition>,
    pub(crate) effect: BonusEffect,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BonusEffect {
    Multiply(Ratio),
    /// So many points once for the purchase; where the condition asks of a line, once if any line meets it.
    Add(i64),
}

/// `[[tier]]` (section 7).
#[derive(Debug, Clone)]
pub(crate) struct Tier {
    pub(crate) id: Id,
    pub(crate) name: Box<str>,
    /// Any of these; empty: the base tier, or one that is by invitation, by growth value or bought only.
    pub(crate) reach: Vec<Goal>,
    /// Any of these; empty with a span or calendar-year term: what `reach` asks.
    pub(crate) keep: Vec<Goal>,
    pub(crate) term: Term,
    pub(crate) lapse_to: LapseTo,
    /// Days after the last day in which the tier is still held.
    pub(crate) grace: Option<Span>,
    pub(crate) multiply: Ratio,
    /// The growth value from which the tier is held (7.4); none: no value reaches it.
    pub(crate) growth: Option<i64>,
    /// What the yearly deduction takes from a member of this tier (7.4).
    pub(crate) deduction: i64,
    /// By id.
    pub(crate) benefits: Vec<Id>,
    pub(crate) sold: Option<Sold>,
    /// By which process the shop serves its members.
    pub(crate) process: Option<Id>,
}

/// How a tier is bought: with a line of a purchase, for a term (7.7).
#[derive(Debug, Clone)]
pub(crate) struct Sold {
    /// It asks of the line alone, and not of the very piece.
    pub(crate) lines: Condition,
    pub(crate) term: Span,
}

/// One way to reach or keep a tier: so much of a measure within a window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Goal {
    pub(crate) measure: Measure,
    pub(crate) within: Window,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Measure {
    Spend(Money),
    Visits(u32),
    Points(i64),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Window {
    Rolling(Span),
    CalendarYear,
    MembershipYear,
    /// The tier's own term; only in `keep`.
    Term,
    /// All that ever was.
    Ever,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Term {
    Span(Span),
    CalendarYear,
    Lifelong,
    Rolling,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LapseTo {
    OneDown,
    Reassess,
}

/// `[qualifying]`: which spend counts for tiers, and what a return does to a tier already held (6.5, 7.0).
#[derive(Debug, Clone, Default)]
pub(crate) struct Qualifying {
    pub(crate) when: Option<Condition>,
    pub(crate) reassess_on_return: bool,
}

/// `[growth]`: a growth value instead of `reach` (7.4).
#[derive(Debug, Clone, Copy)]
pub(crate) struct Growth {
    /// Growth value per minor unit of spend that counts, rounded down for each purchase.
    pub(crate) rate: Ratio,
    /// Month and day on which the deduction of the tier held is taken, each year.
    pub(crate) lowered_on: (u8, u8),
}

/// `[introduction]`: what it is worth to introduce someone who then buys (14).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Introduction {
    /// Points for whoever introduced them.
    pub(crate) give: i64,
    /// Points for themselves.
    pub(crate) welcome: i64,
    /// How long the first purchase may still come back.
    pub(crate) after: Span,
    /// The least that is to be paid for it.
    pub(crate) least: Money,
    /// So many are given for within a window.
    pub(crate) at_most: Option<(u32, Window)>,
}

/// `[household]`: points may be pooled with others (15).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Household {
    /// The most customers of one.
    pub(crate) members: usize,
    /// What one of them buys counts for the tiers of all.
    pub(crate) pool_spend: bool,
}

/// What all rates, and all multipliers, of a program can be told in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Denominators {
    pub(crate) rates: i64,
    pub(crate) multipliers: i64,
}

impl Denominators {
    fn of(earn: &[EarnRule], bonuses: &[Bonus], tiers: &[Tier]) -> Option<Denominators> {
        let rates = earn.iter().flat_map(|rule| &rule.slices).map(|slice| slice.rate);
        let of_bonuses = bonuses.iter().filter_map(|bonus| match bonus.effect {
            BonusEffect::Multiply(times) => Some(times),
            BonusEffect::Add(_) => None,
        });
        let multipliers = of_bonuses.chain(tiers.iter().map(|tier| tier.multiply));
        Some(Denominators {
            rates: Ratio::common_denominator(rates)?,
            multipliers: Ratio::common_denominator(multipliers)?,
        })
    }
}
