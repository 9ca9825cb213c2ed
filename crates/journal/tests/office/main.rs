//! The book in PostgreSQL, on a real server of the machine's own: `cargo test -p parure-journal --features postgres --test office`.
//! Where there is no PostgreSQL the tests say so, loudly, and prove nothing; `PARURE_NEEDS_POSTGRES=1` makes that a failure.

mod cashiers;
mod copies;
mod damage;
mod erasure;
#[path = "../her/mod.rs"]
mod her;
mod histories;
mod killed;
mod opening;
mod page;
mod server;

use parure::program::Program;

fn program() -> Program {
    Program::parse("maison.toml", include_str!("../../../../examples/maison.toml")).unwrap()
}
