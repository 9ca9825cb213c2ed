//! What a program says of its benefits: things that the shop does for a customer, so often (semantics 17).

use super::Window;
use super::condition::Condition;
use crate::Id;
use crate::calendar::Span;

/// `[[benefit]]`: by a tier that names it, by a piece that was bought, or given.
#[derive(Debug, Clone)]
pub(crate) struct BenefitRule {
    pub(crate) id: Id,
    pub(crate) name: Box<str>,
    /// So often within a window; none: as often as wished.
    pub(crate) times: Option<(usize, Window)>,
    /// The lines of a purchase that bring it along, each for itself; it asks of the line alone.
    pub(crate) lines: Option<Condition>,
    /// How long one lasts that was given.
    pub(crate) valid: Option<Span>,
}
