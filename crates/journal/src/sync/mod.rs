//! Copies of one book that come to hold the same facts: a file tells what it holds, another answers with what that lacks, as bytes that the
//! host moves by any means. Nothing is lost by sending twice, late, in another order, or by way of others.

mod changes;
mod copies;
mod heard;
mod held;
mod incoming;
mod known;
mod merging;

pub use changes::Changes;
pub(crate) use copies::{is_held, name_copy};
pub(crate) use heard::Heard;
pub(crate) use held::Sum;
pub(crate) use incoming::{Incoming, Noting};
pub use known::Known;
pub use merging::Received;
