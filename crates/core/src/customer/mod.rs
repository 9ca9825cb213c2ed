//! What a shop knows of a person, beyond points.

pub(crate) mod consent;
pub(crate) mod encounter;
pub(crate) mod field;
pub mod phone;
pub(crate) mod profile;
pub(crate) mod said;
mod size;

pub use field::{LINE_BYTES, MOST_TOLD, NOTE_BYTES};
pub use phone::Phone;
pub(crate) use size::Size;
