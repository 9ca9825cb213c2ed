//! The core of parure: `Book = fold(Program, Facts)`.
#![forbid(unsafe_code)]
#![cfg_attr(
    not(test),
    deny(
        clippy::arithmetic_side_effects,
        clippy::as_conversions,
        clippy::expect_used,
        clippy::float_arithmetic,
        clippy::indexing_slicing,
        clippy::panic,
        clippy::string_slice,
        clippy::unwrap_used
    )
)]

pub mod book;
pub mod calendar;
mod document;
mod exact;
pub mod fact;
pub mod fault;
mod json;
mod loyalty;
pub mod money;
pub mod outcome;
pub mod points;
pub mod program;

/// What the README shows runs.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
struct Readme;

/// And what its Chinese sister shows.
#[cfg(doctest)]
#[doc = include_str!("../../../README.zh-CN.md")]
struct ReadmeInChinese;
