//! What a shop knows of a person, beyond points.

pub mod phone;

pub use phone::Phone;
