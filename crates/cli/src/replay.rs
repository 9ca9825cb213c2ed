//! `parure replay`: a history is folded under a program, and what came of it is reported.

use crate::args::ReplayArgs;
use crate::batches::Read;
use crate::failure::Failure;
use crate::figures::counted;
use crate::history::History;
use crate::input::at_work;
use crate::office::{Office, ProgramHead};
use crate::report;
use parure::book::Book;
use parure::calendar::Day;
use serde_json::json;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

pub(crate) fn replay(asked: &ReplayArgs, office: &mut Office) -> Result<(), Failure> {
    let outputs: Vec<&Path> = asked.accounts.iter().map(AsRef::as_ref).collect();
    let history = History::open(&asked.history, &outputs, office)?;
    history.ask(|book| reported(asked, book, history.read(), office))
}

fn reported(asked: &ReplayArgs, book: &Book, read: Read, office: &mut Office) -> Result<(), Failure> {
    let on = the_day(asked.as_of, book)?;
    let bar = at_work("adding up");
    let report = book.report(on);
    bar.finish_and_clear();
    if let Some(path) = &asked.accounts {
        let count = write_accounts(book, on, path)?;
        let told = counted(count, "account", "accounts");
        office.note(&format!("{told} written to {}", path.display()));
    }
    let program = book.program_on(on);
    office.answer(
        || {
            let program = serde_json::to_value(ProgramHead::of(program))?;
            Ok(json!({ "program": program, "read": read, "report": serde_json::to_value(&report)? }))
        },
        || report::replayed(program, &read, &report, asked.all_months),
    )?;
    let not_joined: u64 =
        report.flags.iter().filter(|flag| flag.code == "not_joined").map(|flag| flag.count).sum();
    if not_joined > 0 && not_joined >= report.members {
        office.note(&nobody_joined(&read));
    }
    Ok(())
}

/// The day asked about, or that of the latest fact.
pub(crate) fn the_day(asked: Option<Day>, book: &Book) -> Result<Day, Failure> {
    let none =
        || Failure::misuse("no_facts", "there are no facts, so there is no day to report on; name one");
    asked.or_else(|| book.last_day()).ok_or_else(none)
}

fn nobody_joined(read: &Read) -> String {
    let tables = if read.tables { ": a table tells of purchases only" } else { "" };
    format!(
        "note: nobody had joined before they bought{tables}; give the facts of joining too, or write `join = \"at purchase\"` \
         in the program where whoever buys is a member"
    )
}

fn write_accounts(book: &Book, on: Day, path: &Path) -> Result<u64, Failure> {
    let failed = |why: std::io::Error| Failure::file("write", path, &why);
    let mut out = BufWriter::new(File::create(path).map_err(failed)?);
    let mut count = 0;
    for account in book.accounts(on) {
        serde_json::to_writer(&mut out, &account).map_err(|why| failed(why.into()))?;
        out.write_all(b"\n").map_err(failed)?;
        count += 1;
    }
    out.flush().map_err(failed)?;
    Ok(count)
}
