//! The journal: the facts of a shop in one SQLite file, and the [`Book`](parure::book::Book) that follows from them.
//!
//! What [`record`](Journal::record) has answered is on the disk; what failed is nowhere, neither there nor in memory. The plug can be
//! pulled at any moment.
//!
//! ```
//! # let folder = tempfile::tempdir()?;
//! # let path = folder.path().join("shop.db");
//! use parure::{book::Answer, calendar::Day, fact::Fact, program::Program};
//!
//! let rules = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/maison.toml"));
//! let shop = parure_journal::create(&path, &Program::parse("maison.toml", rules)?)?; // once
//! let joined = r#"{"id":"j-1","at":"2026-01-01T10:00:00+08:00","customer":"mei","joined":{"birthday":"05-20"}}"#;
//! shop.record(&Fact::from_json(joined, shop.currency())?)?;
//! drop(shop);
//!
//! let shop = parure_journal::open(&path)?; // each day
//! let ring = r#"{"id":"p-1","at":"2026-05-02T15:04:05+08:00","customer":"mei","purchased":
//!     {"lines":[{"id":"1","category":"ring/wedding","amount":"12800.00"}],"tenders":[{"card":"12800.00"}]}}"#;
//! let answer = shop.record(&Fact::from_json(ring, shop.currency())?)?;
//! assert!(matches!(answer, Answer::Accepted { .. })); // it is on the disk
//! let usable = Day::parse("2026-05-09")?;
//! assert_eq!(shop.ask(|book| book.account("mei", usable))?.points.balance, 2_760);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! | Where | What it is |
//! |---|---|
//! | [`create`], [`open`], [`Options`] | making a journal and opening one |
//! | [`Journal`] | recording, merging, sealing; [`Journal::ask`] asks the book |
//! | [`Journal::known`], [`Journal::changes_since`], [`Journal::merge_changes`] | copies that come to hold the same facts |
//! | [`Shop`] | a book in memory or a journal, for what is written for both |
//! | [`Journal::verify`], [`export`] | whether the file is as it was written, and what still is |
//! | [`Journal::backup`], [`Journal::compact`] | a copy while the shop is open, a smaller file behind a seal |
//! | `Office`, of the feature `postgres` | the book in PostgreSQL, where several processes share it: a copy like any other |
//!
//! People who bring SQL read `docs/journal.md`: the views `facts`, `accounts`, `postings`, `lots`, `customers` and `programs`.
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

mod chain;
mod erasing;
mod export;
mod journal;
mod lock;
mod log;
mod moved;
#[cfg(feature = "postgres")]
mod office;
mod opening;
mod options;
mod reading;
mod row;
mod schema;
mod shop;
mod shown;
mod snapshots;
mod sync;
mod told;
mod upkeep;
mod verify;
mod writer;

pub use export::{Exported, export};
pub use journal::Journal;
#[cfg(feature = "postgres")]
pub use office::Office;
pub use opening::{create, create_with, open, open_with};
pub use options::Options;
pub use shop::Shop;
pub use sync::{Changes, Known, Received};
pub use told::is_of_the_file;
pub use verify::Verified;
