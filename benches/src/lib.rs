//! Benches only; `cargo bench -p parure-bench` runs them.
