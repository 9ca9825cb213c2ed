//! `parure init|record|import|sync|verify|backup|export`: a journal made, written to and looked after.

use crate::args::{BackupArgs, BookArgs, ExportArgs, InitArgs, SyncArgs, VerifyArgs};
use crate::batches::{Placed, read};
use crate::failure::Failure;
use crate::figures::counted;
use crate::history::History;
use crate::input::{Input, bar};
use crate::office::Office;
use crate::person;
use parure::book::{Answer, Outcome};
use parure::calendar::Day;
use parure::fault::Fault;
use parure::program::Program;
use parure_journal::{Journal, Received, is_of_the_file};
use serde_json::json;
use std::path::Path;

/// Facts that are recorded before more are read.
const AT_ONCE: usize = 1_000;

pub(crate) fn init(asked: &InitArgs, office: &mut Office) -> Result<(), Failure> {
    let program = office.program(&asked.program)?;
    parure_journal::create(&asked.book, &program).map_err(Failure::Unknown)?;
    let path = asked.book.display().to_string();
    office.answer(
        || Ok(json!({ "book": path, "program": program.name() })),
        || format!("{path} keeps the facts of \u{201c}{}\u{201d}.\n", program.name()),
    )
}

/// Each fact in the order of the files; a bad row or a fault stops it, a refusal is an answer.
pub(crate) fn record(asked: &BookArgs, office: &mut Office) -> Result<(), Failure> {
    let (shop, program) = open(&asked.book)?;
    let facts = asked.facts.facts();
    let bar = bar(facts);
    let mut refused = 0_u64;
    for path in facts.files {
        let mut input = Input::open(path, facts, &program, &bar)?;
        loop {
            let rows = input.fill(AT_ONCE)?;
            if rows == 0 {
                break;
            }
            for at in 0..rows {
                let bad = |fault: Fault| match is_of_the_file(fault.code) {
                    true => Failure::Unknown(fault),
                    false => Failure::Row(Box::new(input.bad(at, fault))),
                };
                let fact = input.fact(at).map_err(bad)?;
                let answer = shop.record(&fact).map_err(bad)?;
                refused += u64::from(matches!(answer, Answer::Refused { .. }));
                office.answer(|| serde_json::to_value(&answer), || told(fact.id(), &answer))?;
            }
        }
    }
    if refused > 0 {
        office.note(&format!("{} refused", counted(refused, "fact was", "facts were")));
    }
    Ok(())
}

fn told(id: &str, answer: &Answer) -> String {
    let outcome = |what: &str, outcome: &Outcome| {
        let moved: i64 = outcome.points.postings().map(|(_, points)| points).sum();
        format!("{id}: {what}, {moved:+} points, balance {}\n", outcome.balance)
    };
    match answer {
        Answer::Accepted { outcome: of } => outcome("recorded", of),
        Answer::AlreadyRecorded { outcome: of } => outcome("recorded before", of),
        Answer::Refused { refusal } => {
            format!("{id}: refused[{}]: {}\n", refusal.code.code(), refusal.message)
        }
    }
}

pub(crate) fn import(asked: &BookArgs, office: &mut Office) -> Result<(), Failure> {
    let (shop, program) = open(&asked.book)?;
    let mut merge = |group: &[Placed<'_>]| match shop.merge(group.iter().map(|(_, fact)| fact)) {
        // A program that can't be adopted is its row's fault; a full disk is no row's.
        Err(fault) if is_of_the_file(fault.code) => Err(Failure::Unknown(fault)),
        merged => Ok(merged),
    };
    let read = read(&program, asked.facts.facts(), &[&asked.book], office, &mut merge)?;
    office.answer(
        || Ok(json!({ "read": read })),
        || {
            let new = counted(read.new, "fact is", "facts are");
            format!("{new} new in {}, {} were known, {} bad.\n", asked.book.display(), read.known, read.bad)
        },
    )
}

pub(crate) fn verify(asked: &VerifyArgs, office: &mut Office) -> Result<(), Failure> {
    let (shop, _) = open(&asked.book)?;
    let verified = shop.verify().map_err(Failure::Unknown)?;
    let (facts, accounts) = (verified.facts as u64, verified.accounts as u64);
    office.answer(
        || Ok(json!({ "facts": facts, "accounts": accounts })),
        || {
            let (facts, accounts) =
                (counted(facts, "fact", "facts"), counted(accounts, "account", "accounts"));
            format!("{}: as it was written, {facts}, {accounts}.\n", asked.book.display())
        },
    )
}

/// Facts that go from one copy to the other in one commit.
const AT_A_TIME: usize = 10_000;

pub(crate) fn sync(asked: &SyncArgs, office: &mut Office) -> Result<(), Failure> {
    let ((one, _), (other, _)) = (open(&asked.one)?, open(&asked.other)?);
    let (there, back) = (tell(&one, &other)?, tell(&other, &one)?);
    let sides = [(&asked.other, there), (&asked.one, back)];
    office.answer(
        || {
            let told = sides.iter().map(|(path, received)| {
                json!({ "book": path.display().to_string(), "new": received.merged.new, "waiting": received.waiting,
                        "conflicts": received.merged.conflicts, "ahead": received.ahead })
            });
            Ok(json!({ "sync": told.collect::<Vec<_>>() }))
        },
        || sides.iter().map(|(path, received)| heard(path, received)).collect(),
    )
}

fn heard(path: &Path, received: &Received) -> String {
    let new = counted(received.merged.new as u64, "fact is", "facts are");
    let mut text = format!("{new} new in {}.\n", path.display());
    for conflict in &received.merged.conflicts {
        text += &format!(
            "  the id `{}` is another fact's there, which stays: `{}` differs\n",
            conflict.id, conflict.field
        );
    }
    for id in &received.ahead {
        text += &format!("  `{id}` is said to happen after now: a clock is wrong\n");
    }
    if received.waiting > 0 {
        let waiting = counted(received.waiting as u64, "fact waits", "facts wait");
        text += &format!("  {waiting} for a newer parure\n");
    }
    text
}

/// What one copy lacks, from the other.
fn tell(from: &Journal, to: &Journal) -> Result<Received, Failure> {
    let mut all = Received::default();
    let mut known = to.known().map_err(Failure::Unknown)?;
    loop {
        let changes = from.changes_since(&known, AT_A_TIME).map_err(Failure::Unknown)?;
        let received = to.merge_changes(&changes.text).map_err(Failure::Unknown)?;
        all.merged.new += received.merged.new;
        all.merged.conflicts.extend(received.merged.conflicts);
        all.waiting += received.waiting;
        all.ahead.extend(received.ahead);
        if !changes.more {
            return Ok(all);
        }
        known = changes.then;
    }
}

pub(crate) fn backup(asked: &BackupArgs, office: &mut Office) -> Result<(), Failure> {
    let (shop, _) = open(&asked.book)?;
    shop.backup(&asked.to).map_err(Failure::Unknown)?;
    let to = asked.to.display().to_string();
    office.answer(|| Ok(json!({ "backup": to })), || format!("{to} is a copy of {}.\n", asked.book.display()))
}

/// What is intact, as lines; what is not, as a fault behind them. Of one person, all that is held on them.
pub(crate) fn export(asked: &ExportArgs, office: &mut Office) -> Result<(), Failure> {
    if let Some(customer) = &asked.customer {
        return person::held(&History::kept(&asked.book, &[])?, customer, asked.on, office);
    }
    let exported = match parure_journal::export(&asked.book, office.lines()) {
        // The reader has left.
        Err(fault) if fault.code == "export_write" => return office.flush(),
        exported => exported.map_err(Failure::Unknown)?,
    };
    if exported.compacted > 0 {
        let told = counted(exported.compacted as u64, "fact", "facts");
        office.note(&format!("{told} behind a seal had been compacted away"));
    }
    let Some(first) = exported.damaged.first() else { return Ok(()) };
    let told = counted(exported.damaged.len() as u64, "fact is", "facts are");
    let message = format!("{told} not as written and left out of the lines, the first is number {first}");
    Err(Failure::Unknown(
        Fault::new("journal_damaged", message)
            .at(format!("facts[{first}]"))
            .advise("restore a backup and import these lines into it"),
    ))
}

/// Opens a journal; its program has the currency and zone of every version.
pub(crate) fn open(path: &Path) -> Result<(Journal, Program), Failure> {
    let shop = parure_journal::open(path).map_err(Failure::Unknown)?;
    // Currency and zone, which reading needs, are those of every version.
    let program = shop.ask(|book| book.program_on(Day::LAST).clone());
    Ok((shop, program))
}
