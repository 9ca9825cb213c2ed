//! What a shop knows of a person, beyond points: what was told of them, what they are searched by, and who may be the same person.

pub(crate) mod consent;
mod directory;
mod duplicates;
pub(crate) mod encounter;
pub(crate) mod field;
mod likeness;
mod name;
pub mod phone;
pub(crate) mod profile;
mod runs;
pub(crate) mod said;
mod size;
mod surnames;

pub use directory::{Directory, Extent, Field, Found, Known};
pub use duplicates::{Options, Pair, Person, Reason, duplicates};
pub use field::{LINE_BYTES, MOST_TOLD, NOTE_BYTES};
pub use likeness::{jaro_winkler, one_slip};
pub use name::Name;
pub use phone::Phone;
pub(crate) use size::Size;
