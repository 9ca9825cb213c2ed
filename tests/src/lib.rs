//! What proves the engine: scenarios written by hand, a slow plain model, and generated histories.
//!
//! The [`door`] is the engine; nothing else here shares code with it: the [`model`] is written from the semantics alone, and everything goes in
//! and out as plain data, so that the same scenarios run through every door.

pub mod door;
pub mod drive;
pub mod generate;
pub mod model;
pub mod scenario;
pub mod told;
