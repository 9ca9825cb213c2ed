//! Generated programs and histories.
