//! libparure: what a C program links. Its functions are those of the crate `parure-c`, its header is `include/parure.h`.

pub use parure_c::*;
