//! One JSON door: a request in, the canonical answer out. What a host can ask of a [`Book`](parure::book::Book) in Rust it can ask
//! here in text; the bindings for other languages use it for everything that they have no typed function for.
//!
//! A request is an object with one key, the verb. [`ask`] answers questions; [`tell`] takes in what happened as well.
//!
//! ```
//! use parure::{book::Book, program::Program};
//!
//! let rules = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/maison.toml"));
//! let mut book = Book::new(Program::parse("maison.toml", rules)?);
//! let joined = r#"{"record":{"fact":{"id":"j-1","at":"2026-01-01T10:00:00+08:00","customer":"mei","joined":{}}}}"#;
//! let answer = parure_json::tell(&mut book, joined)?;
//! assert!(answer.ends_with(r#""status":"accepted"}"#));
//!
//! let basket = r#"{"quote":{"customer":"mei","at":"2026-05-02T15:00:00+08:00",
//!     "purchase":{"lines":[{"id":"1","category":"ring/wedding","amount":"12800.00"}]}}}"#;
//! let quote = parure_json::ask(&book, basket)?;
//! // 1,280 by the standard rule, half as much again in the bridal week, and 200 to welcome her.
//! assert!(quote.starts_with(r#"{"earns":{"awarded":2120,"#), "{quote}");
//!
//! let wrong = parure_json::ask(&book, r#"{"account":{"customer":"mei","on":"20 May"}}"#).unwrap_err();
//! assert_eq!((wrong.first().code, wrong.first().path.as_str()), ("day_text", "account.on"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Answers are written [canonically](parure::json::canonical): keys sorted, no white space, amounts of money as texts. A shop's "no"
//! is an answer: `{"refusal":{"code":…,"message":…},"status":"refused"}`. What can't be read is an [`Error`].
//!
//! | Where | What it is |
//! |---|---|
//! | [`Request`] | every verb, with what it takes |
//! | [`answer`] | the answers that the core has no type for; the others are [`parure::book`]'s |
//! | [`json_schema`] | the schema of both, committed as `docs/json.schema.json` |
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

pub mod answer;
mod door;
mod error;
mod request;
mod schema;
mod spot;
mod written;

pub use door::{ask, tell};
pub use error::Error;
pub use request::{MOST_FACTS, REQUEST_BYTES, Request, TEXT_BYTES};
pub use schema::json_schema;
