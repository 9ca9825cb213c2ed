//! Copies of one book that come to hold the same facts: a file tells what it holds, another answers with what that lacks, as bytes that the
//! host moves by any means. Nothing is lost by sending twice, late, in another order, or by way of others.

mod changes;
mod copies;
mod file;
mod heard;
mod held;
mod incoming;
mod known;
mod merging;
mod sorting;

pub use changes::Changes;
#[cfg(feature = "postgres")]
pub(crate) use changes::{ByNumber, Each, Opened};
#[cfg(feature = "postgres")]
pub(crate) use copies::Copies;
pub(crate) use file::{begin_noting, end_noting, is_held, name_copy};
pub(crate) use heard::Heard;
pub(crate) use held::Sum;
#[cfg(feature = "postgres")]
pub(crate) use held::{Held, Numbers};
pub(crate) use incoming::Incoming;
#[cfg(feature = "postgres")]
pub(crate) use incoming::{Aside, Noting, Waited};
pub use known::Known;
pub use merging::Received;
#[cfg(feature = "postgres")]
pub(crate) use sorting::{Came, Origin, sort};
