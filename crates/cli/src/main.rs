//! `parure` on the command line: check a program, replay a history under it, ask "what if?", explain a balance.

mod args;
mod batches;
mod cells;
mod check;
mod columns;
mod explain;
mod failure;
mod figures;
mod input;
mod lines;
mod office;
mod rejects;
mod replay;
mod report;
mod table;
mod table_rows;
mod what_if;

use args::{Cli, Command};
use clap::Parser;
use office::Office;
use std::process::ExitCode;

fn main() -> ExitCode {
    let Cli { json, command } = Cli::parse();
    let mut office = Office::open(json);
    let done = match &command {
        Command::Check(asked) => check::check(asked, &mut office),
        Command::Replay(asked) => replay::replay(asked, &mut office),
        Command::Explain(asked) => explain::explain(asked, &mut office),
        Command::WhatIf(asked) => what_if::what_if(asked, &mut office),
    };
    let closed = done.and_then(|()| office.flush());
    closed.map_or_else(|failure| office.tell(&failure), |()| ExitCode::SUCCESS)
}
