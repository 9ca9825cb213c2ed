//! Requests are carried out: the one place where a verb becomes a call.

use crate::answer::{About, Asked, Cheats, DayOf, Differing, Known, ProgramView, Sealed, Statement};
use crate::request::MOST_HISTORIES;
use crate::{Error, Request};
use parure::book::{Book, Bookkeeper, TimelineOf};
use parure::fact::Fact;
use parure::fault::Fault;
use parure::json::canonical;
use parure::probe::Probe;
use serde::Serialize;

/// Answers a question. Nothing changes.
///
/// ```
/// # use parure::{book::Book, program::Program};
/// # let text = "edition = 2026\nname = 'M'\neffective = 2026-01-01\ncurrency = 'CNY'\ntime_zone = 'Asia/Shanghai'";
/// let book = Book::new(Program::parse("maison.toml", text)?);
/// let answer = parure_json::ask(&book, r#"{"book":{}}"#)?;
/// assert_eq!(answer, r#"{"currency":"CNY","digits":2,"facts":0,"last_day":null,"sealed_until":null}"#);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// What is wrong with the request; `changes_book` for one that only [`tell`] may carry out.
pub fn ask(book: &Book, request: &str) -> Result<String, Error> {
    answered(book, &Request::parse(request)?)
}

/// Carries out a request, be it a question or something that happened. What keeps the book may be the [`Book`] itself, or a journal.
///
/// ```
/// # use parure::{book::Book, program::Program};
/// # let text = "edition = 2026\nname = 'M'\neffective = 2026-01-01\ncurrency = 'CNY'\ntime_zone = 'Asia/Shanghai'";
/// let mut book = Book::new(Program::parse("maison.toml", text)?);
/// let answer = parure_json::tell(&mut book, r#"{"seal":{"day":"2026-07-01"}}"#)?;
/// assert_eq!(answer, r#"{"sealed_until":"2026-07-01"}"#);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// What is wrong with the request, or with what it would do. Nothing has changed then, but for a `merge` in which a fact can't be
/// taken in as [`Book::merge`] tells: the facts before it are in the book (a journal keeps all of a merge or nothing).
pub fn tell(book: &mut impl Bookkeeper, request: &str) -> Result<String, Error> {
    match Request::parse(request)? {
        Request::Record { fact: text } => {
            let fact = text.fact(book.ask(Book::currency))?;
            let placed = |own: bool, fault| if own { Error::from(fault) } else { text.fault(fault) };
            written(&book.record(&fact).map_err(|fault| placed(book.is_own(fault.code), fault))?)
        }
        Request::Merge { facts } => {
            let facts = facts.facts(book.ask(Book::currency))?;
            written(&book.merge(facts).map_err(|fault| match book.is_own(fault.code) {
                true => fault.into(),
                false => Error::from(fault).within("merge", |place| place),
            })?)
        }
        Request::Seal { day } => {
            book.seal(day)
                .map_err(|fault| if book.is_own(fault.code) { fault } else { fault.at("seal.day") })?;
            written(&Sealed { sealed_until: day })
        }
        question => book.ask(|book| answered(book, &question)),
    }
}

fn answered(book: &Book, question: &Request<'_>) -> Result<String, Error> {
    match question {
        Request::Record { .. } | Request::Merge { .. } | Request::Seal { .. } => {
            Err(Fault::new("changes_book", "this changes the book: it is not a question").into())
        }
        Request::Quote { id, customer, at, store, purchase } => {
            let purchase = purchase.purchase(book.currency())?;
            let customer = customer.as_deref().unwrap_or_default();
            let id = id.as_deref().unwrap_or_default();
            written(&book.quote_of(id, customer, *at, store.as_deref(), &purchase))
        }
        Request::Rewards { customer, at, store } => {
            written(&Asked::from(book.rewards(customer, *at, store.as_deref())))
        }
        Request::Account { customer, on } => written(&Asked::from(book.account(customer, *on))),
        Request::Customer { customer, on } => written(&Asked::from(book.customer(customer, *on))),
        Request::Timeline { customer, kinds, before, limit } => {
            let meant = TimelineOf::default();
            let of = TimelineOf {
                kinds: kinds.as_ref().map_or_else(Vec::new, |kinds| kinds.0.clone()),
                before: before.as_deref().map(parure::Id::new),
                limit: limit.map_or(meant.limit, |limit| usize::try_from(limit).unwrap_or(meant.limit)),
            };
            written(&Asked::from(book.timeline(customer, &of)))
        }
        Request::Find { typed, limit } => {
            written(&book.find(typed, limit.map_or(FOUND, |limit| usize::try_from(limit).unwrap_or(FOUND))))
        }
        Request::Duplicates {} => written(&book.duplicates()),
        Request::Agenda { on, customer: None } => written(&book.agenda(*on)),
        Request::Agenda { on, customer: Some(customer) } => {
            written(&Asked::from(book.agenda_of(customer, *on)))
        }
        Request::ExportPerson { customer, on } => written(&Asked::from(book.export_person(customer, *on))),
        Request::Accounts { on } => Ok(book.to_json(*on)),
        Request::Explain { customer, on } => written(&Asked::from(book.explain(customer, *on))),
        Request::Statement { customer, on } => {
            let told = book.explain(customer, *on).map(|told| Statement { text: told.to_string() });
            written(&Asked::from(told))
        }
        Request::Report { on } => written(&book.report(*on)),
        Request::Ledger { first, last } => written(&book.ledger(*first, *last)),
        Request::Revenue { on, every } => written(&Asked::from(book.revenue(*on, *every))),
        Request::Tasks { on } => written(&book.tasks(*on)),
        Request::WhatIf { program, on } => {
            let other = program.program("program")?;
            written(&book.what_if(&other, *on).map_err(|fault| fault.at("what_if"))?)
        }
        Request::Fact { id } => {
            let read = |fact: Fact<'_>| serde_json::from_str(&fact.to_json(book.currency())).ok();
            written(&Known { fact: book.fact(id).and_then(read) })
        }
        Request::Book {} => written(&About {
            currency: book.currency().code().to_owned(),
            digits: book.currency().digits(),
            facts: book.facts(),
            last_day: book.last_day(),
            sealed_until: book.sealed_until(),
        }),
        Request::DayOf { at } => written(&DayOf { day: book.day_of(*at) }),
        Request::Program { on } => written(&ProgramView::from(book.program_on(*on))),
        Request::Check { program, file } => {
            written(&ProgramView::from(&program.program(file.as_deref().unwrap_or("program"))?))
        }
        Request::Cheats { program, floor, histories, seed } => {
            let usual = Probe::default();
            let probe = Probe {
                seed: seed.map_or(usual.seed, u64::from),
                histories: histories.unwrap_or(usual.histories).min(MOST_HISTORIES),
                floor: floor.map_or(usual.floor, |floor| floor.0),
            };
            written(&Cheats { cheats: program.program("program")?.cheats(probe) })
        }
        Request::Verify {} => written(&Differing { differing: book.verify() }),
    }
}

/// Accounts that are found unless more are asked for.
const FOUND: usize = 20;

fn written(answer: &impl Serialize) -> Result<String, Error> {
    let value = serde_json::to_value(answer)
        .map_err(|_| Fault::new("unwritable", "the answer can't be written as JSON"))?;
    Ok(canonical(&value))
}
