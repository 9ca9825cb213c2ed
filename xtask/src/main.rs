//! What is done with this repository, in one place.
fn main() {}
