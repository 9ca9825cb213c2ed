//! Days, spans, instants and the dates people keep (semantics 2).

mod anniversary;
mod day;
mod moment;
mod months;
mod span;
mod today;

pub use anniversary::{Anniversary, DatePolicy, Leap29, LeapMonth};
pub use day::Day;
pub use moment::Moment;
pub use span::Span;
pub(crate) use today::Today;
