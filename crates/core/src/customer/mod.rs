//! Who a customer is to a shop: what they are searched by, and who may be the same person.

mod directory;
mod duplicates;
mod likeness;
mod name;
mod runs;
mod surnames;

pub use directory::{Directory, Extent, Field, Found, Known};
pub use duplicates::{Options, Pair, Person, Reason, duplicates};
pub use likeness::{jaro_winkler, one_slip};
pub use name::Name;
