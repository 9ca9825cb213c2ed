//! What the benches share: a generator of histories of any size, and the hard-coded program that the engine is measured against.
//!
//! `cargo run --release -p parure-bench --bin figures` prints the figures that the README quotes; `cargo bench -p parure-bench`
//! runs the small ones.

pub mod generate;
pub mod grocer;
pub mod reference;
