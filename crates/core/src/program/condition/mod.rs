//! Conditions: a typed subset of CEL, checked when the program is loaded, total when it runs.

use crate::calendar::{Anniversary, DatePolicy, Day};
use crate::fact::Line;
use crate::money::Money;

/// A checked condition.
#[derive(Debug, Clone)]
pub struct Condition {}

/// All that a condition can ask about: the customer as they were just before the purchase, the purchase (or what is left of it
/// after returns), and, for a rule about lines, one of its lines.
#[derive(Debug, Clone, Copy)]
pub struct Scene<'a> {
    pub(crate) day: Day,
    pub(crate) dates: DatePolicy,
    pub(crate) store: &'a str,
    pub(crate) staff: &'a str,
    pub(crate) terminal: &'a str,
    pub(crate) customer: Customer<'a>,
    /// What is to be paid for the lines that are left: their amounts less their shares of the discount on the whole.
    pub(crate) amount: Money,
    pub(crate) lines: &'a [Line<'a>],
    pub(crate) line: Option<&'a Line<'a>>,
}

/// The customer as they were just before the purchase.
#[derive(Debug, Clone, Copy)]
pub struct Customer<'a> {
    pub(crate) tier: &'a str,
    pub(crate) tags: &'a [Box<str>],
    pub(crate) birthday: Option<Anniversary>,
    pub(crate) joined: Option<Day>,
    /// Purchases not wholly given back.
    pub(crate) purchases: u32,
    /// Days with such a purchase.
    pub(crate) visits: u32,
    /// Spend that counts for tiers, ever.
    pub(crate) spend_total: Money,
    /// The balance of points.
    pub(crate) points: i64,
}

/// Stub until the parser lands.
#[derive(Debug, Clone, Copy, Default)]
pub struct Uses { pub(crate) line: bool, pub(crate) counters: bool }
impl Condition {
    pub(crate) fn uses(&self) -> Uses { Uses::default() }
    pub(crate) fn holds(&self, _scene: &Scene<'_>) -> bool { true }
}
