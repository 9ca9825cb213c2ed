//! What a program says of its rewards (semantics 22).

use super::Window;
use super::condition::Condition;
use crate::Id;
use crate::money::Money;

/// `[[reward]]`: what points can be redeemed for.
#[derive(Debug, Clone)]
pub(crate) struct RewardRule {
    pub(crate) id: Id,
    pub(crate) name: Box<str>,
    /// At least one: points, and money beside them.
    pub(crate) prices: Vec<(i64, Money)>,
    /// It asks neither of lines nor of a purchase.
    pub(crate) when: Option<Condition>,
    /// So many within a window, by one customer.
    pub(crate) at_most: Option<(usize, Window)>,
}
