//! Days, spans, instants and the dates people keep (semantics 2).

mod anniversary;
mod day;
mod festival;
mod lunar;
mod moment;
mod months;
mod span;
mod today;

pub use anniversary::{Anniversary, DatePolicy, Leap29, LeapMonth, Occurrence};
pub use day::Day;
pub use festival::Festival;
pub use lunar::LunarDate;
pub use moment::Moment;
pub(crate) use moment::Twice;
pub use span::Span;
pub(crate) use today::Today;
