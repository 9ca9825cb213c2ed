//! The book in PostgreSQL, for a head office where several processes share it: no book in memory, one account at a time.
//!
//! What a call concerns is read into a small book, decided there as everywhere, and written in the same transaction. What happens to one
//! account never depends on the order of facts of another (semantics 1.2), so a part of the book answers as the whole would.

mod broken;
mod connection;
mod copies;
mod erasing;
mod export;
mod keeping;
mod opening;
mod part;
mod sync;
mod turn;
mod verify;
mod writing;

pub use keeping::Office;
