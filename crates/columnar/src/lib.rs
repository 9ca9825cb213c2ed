//! Tables of sales as Arrow record batches: replayed under a program without a fact for each row, or merged into a book.
//!
//! Whatever offers Arrow's arrays can be read as it lies: [`replay`] says what each purchase earned, where each account stands and
//! what each month gave, exactly as a [`Book`](parure::book::Book) would; [`merge_table`] takes the rows into a book.
//!
//! # What a table of sales says
//!
//! Each row is a line of a purchase. Columns are found by these names, or by those that [`Columns`] gives for them; others are not
//! looked at. "Text" is utf8, large_utf8, utf8_view, a dictionary of these, or whole numbers, which stand for their digits.
//!
//! | Column | Cells | |
//! |---|---|---|
//! | `customer` | text | needed |
//! | `at` | timestamps with a time zone, days, or both written as text | needed. A day stands for its start by the program's clocks and as many microseconds as there are rows before: rows stay in their order |
//! | `amount` | decimals, whole units of the currency, or text | needed; of the line, after its own discount, tax included |
//! | `id` | text | rows of one id are the lines of one purchase, wherever they stand. Without the column each row is a purchase of its own, `row:0`, `row:1`, … |
//! | `line` | text | the line's id; empty: `1`, `2`, … in the order of the purchase's rows |
//! | `item`, `category` | text | |
//! | `quantity` | decimals, whole numbers or text | empty: 1 |
//! | `store`, `staff`, `terminal` | text | of the purchase: all its rows say the same |
//! | `discount` | as `amount` | of the purchase: all its rows say the same |
//! | `points`, `points_amount` | whole numbers; as `amount` | of the purchase: so many points were spent on it and were worth so much; what is left was paid by a tender `other` |
//! | `returns` | text | the row gives back what it tells of the line `line` of that purchase; `id` is the return's own |
//!
//! A table of customers says who joined: `customer` and `at`, and where there are such columns `birthday` (days, or text such as `1990-05-20`
//! and `05-20`), `lunar` (booleans: whether the birthday is one of the Chinese calendar), `tags` (lists of text) and `id` (empty: `joined:` and the customer).
//!
//! What a book answers of people is a table too: [`agenda_table`], [`found_table`].
//!
//! # What always holds
//!
//! - The same facts as a book would be told: [`told as facts`](merge_table) or replayed, the numbers are the same.
//! - Whatever the batches and whichever of its types a column has, the answer is the same.
//! - A bad cell says its row and its column. The first stops everything and nothing has changed, or its purchase is set aside
//!   with all its rows ([`OnBad`]).
//! - No input makes it panic; arrays are taken to be what their type says.
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

mod ahead;
mod awards;
mod check;
mod codes;
mod combos;
mod error;
mod fixed;
mod fold;
mod grouped;
mod heaps;
mod ids;
mod key;
mod members;
mod merge;
mod money;
mod names;
mod options;
mod out;
mod people;
mod quantity;
mod rejects;
mod replay;
mod sales;
mod stretch;
mod table;
mod tables;
mod terms;
mod text;
mod told;
mod turns;
mod when;
mod whole;

pub use error::{Error, Which};
pub use merge::{MergedTable, merge_table};
pub use names::Columns;
pub use options::Options;
pub use people::{agenda_table, found_table};
pub use rejects::OnBad;
pub use replay::{Replayed, replay};
pub use table::{MOST_ROWS, Table};
