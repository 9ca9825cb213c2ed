//! What the benches share: generators of histories and logs of any size, and the hard-coded programs that the engine is measured
//! against.
//!
//! `cargo run --release -p parure-bench --bin figures` prints the figures that the README quotes, `--bin tables` those of tables;
//! `cargo bench -p parure-bench` runs the small ones.

pub mod generate;
pub mod grocer;
pub mod people;
pub mod reference;
