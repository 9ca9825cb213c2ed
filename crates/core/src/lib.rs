//! A loyalty engine that lives inside other software: exact, explained, without I/O.
//!
//! There is one idea: a **book** is a pure function of a **program** (the rules of a shop) and a set of **facts** (what happened in
//! it). Points, tiers and what they are worth are never stored, they follow. So a fact may come late, twice, or from a till that was
//! offline, and the book is the same, byte for byte, as if it had come in time.
//!
//! ```
//! use parure::{book::Book, calendar::Day, fact::Fact, program::Program};
//!
//! let rules = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/maison.toml"));
//! let mut book = Book::new(Program::parse("maison.toml", rules)?);
//! let joined = r#"{"id":"j-1","at":"2026-01-01T10:00:00+08:00","customer":"mei","joined":{"birthday":"05-20"}}"#;
//! let ring = r#"{"id":"p-1","at":"2026-05-02T15:04:05+08:00","customer":"mei","purchased":
//!     {"lines":[{"id":"1","category":"ring/wedding","amount":"12800.00"}],"tenders":[{"card":"12800.00"}]}}"#;
//! for fact in [joined, ring] {
//!     book.record(&Fact::from_json(fact, book.currency())?)?;
//! }
//! let mei = book.account("mei", Day::parse("2026-05-09")?)?;
//! // 1,280 by the standard rule, doubled in the birthday month, and 200 to welcome her; usable after a week.
//! assert_eq!(mei.points.balance, 2_760);
//! print!("{}", book.explain("mei", mei.on)?);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Where to look
//!
//! | | |
//! |---|---|
//! | [`program`] | The rules as a shop writes them, read strictly: a [`Program`](program::Program) that exists can be computed with. |
//! | [`program::condition`] | The conditions in them: a typed subset of CEL that always has an answer. |
//! | [`fact`] | What can happen: a [`Fact`](fact::Fact) that exists is well formed. |
//! | [`book`] | The [`Book`](book::Book): take facts in, ask about accounts, explain, report, seal, keep as bytes. |
//! | [`outcome`] | A shop's "no", with a stable code. |
//! | [`customer`] | What a shop knows of a person: phones. |
//! | [`calendar`], [`money`], [`points`] | Days and the dates people keep, amounts in minor units, whole points. |
//! | [`fault`] | Bad input: what is wrong, where, and what to write instead. |
//! | [`json`](mod@json) | The canonical way in which all doors write JSON. |
//!
//! The examples of [`book`] ask a jeweller's year: `examples/maison.jsonl` under `examples/maison.toml`.
//!
//! # What always holds
//!
//! - The same program and facts give the same answers, whatever order and batches the facts came in (semantics 1.2). There is no
//!   clock, no random number, no locale and no binary float in it.
//! - What is refused or faulty has changed nothing. [`record`](book::Book::record) may refuse what happens now;
//!   [`merge`](book::Book::merge) never refuses what has happened, it leaves a flag (1.3).
//! - Arithmetic is exact until points are rounded, once, by name (3.2); parts always add up to the whole (3.3).
//! - Points that came in are points that went out and points that are there: see [`Totals`](book::Totals).
//! - However a return is split, it takes the same in total (6.2).
//! - No input makes it panic.
//!
//! The numbers are defined in `docs/semantics.md`; "semantics 6.2" in these pages is section 6.2 there.
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
pub mod customer;
mod document;
mod exact;
pub mod fact;
pub mod fault;
pub mod json;
mod lifecycle;
mod loyalty;
pub mod money;
pub mod outcome;
pub mod points;
pub mod probe;
pub mod program;
pub mod replay;

/// An id in an answer: of a fact, an account, a tier, a rule. One of at most 23 bytes lies in the answer itself.
///
/// ```
/// let id = parure::Id::new("p-1");
/// assert_eq!(id, "p-1");
/// let text: &str = &id;
/// ```
pub type Id = smol_str::SmolStr;

/// What the README shows runs.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
struct Readme;

/// And what its Chinese sister shows.
#[cfg(doctest)]
#[doc = include_str!("../../../README.zh-CN.md")]
struct ReadmeInChinese;
