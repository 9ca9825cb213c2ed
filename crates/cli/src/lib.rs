//! `parure` on the command line: check a program, replay a history under it, ask "what if?", explain a balance; keep a shop's facts in a
//! journal.
//!
//! A library, so that the program of cargo and the command that comes with the Python wheel are one and the same: see [`run`].

mod agenda;
mod args;
mod batches;
mod cells;
mod check;
mod columns;
mod erase;
mod explain;
mod failure;
mod figures;
mod finding;
mod history;
mod input;
mod ledger;
mod lines;
mod office;
mod person;
mod rejects;
mod replay;
mod report;
mod shop;
mod table;
mod table_rows;
mod tasks;
mod what_if;

use args::{Cli, Command};
use clap::Parser;
use office::Office;
use std::ffi::OsString;

/// Runs one command line, the program's own name first, and tells its exit code.
///
/// Answers go to the standard output, everything else to the standard error.
pub fn run(line: impl IntoIterator<Item = OsString>) -> u8 {
    let Cli { json, command } = match Cli::try_parse_from(line) {
        Ok(asked) => asked,
        // Help and the version come this way too.
        Err(told) => {
            // What can't be told any more is told by the exit code alone.
            drop(told.print());
            return u8::try_from(told.exit_code()).unwrap_or(2);
        }
    };
    let mut office = Office::open(json);
    let done = match &command {
        Command::Check(asked) => check::check(asked, &mut office),
        Command::Replay(asked) => replay::replay(asked, &mut office),
        Command::Explain(asked) => explain::explain(asked, &mut office),
        Command::Find(asked) => finding::find(asked, &mut office),
        Command::Duplicates(asked) => finding::duplicates(asked, &mut office),
        Command::Agenda(asked) => agenda::agenda(asked, &mut office),
        Command::Customer(asked) => person::customer(asked, &mut office),
        Command::Timeline(asked) => person::timeline(asked, &mut office),
        Command::ExportPerson(asked) => person::export(asked, &mut office),
        Command::Ledger(asked) => ledger::ledger(asked, &mut office),
        Command::Revenue(asked) => ledger::revenue(asked, &mut office),
        Command::Tasks(asked) => tasks::tasks(asked, &mut office),
        Command::Init(asked) => shop::init(asked, &mut office),
        Command::Record(asked) => shop::record(asked, &mut office),
        Command::Import(asked) => shop::import(asked, &mut office),
        Command::Verify(asked) => shop::verify(asked, &mut office),
        Command::Sync(asked) => shop::sync(asked, &mut office),
        Command::Backup(asked) => shop::backup(asked, &mut office),
        Command::Export(asked) => shop::export(asked, &mut office),
        Command::Erase(asked) => erase::erase(asked, &mut office),
        Command::WhatIf(asked) => what_if::what_if(asked, &mut office),
    };
    let closed = done.and_then(|()| office.flush());
    closed.map_or_else(|failure| office.tell(&failure), |()| 0)
}
