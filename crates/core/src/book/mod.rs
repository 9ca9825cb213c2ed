//! A book: what follows from the facts under the program.
//!
//! [`Book::record`] takes what happens now and may say no; [`Book::merge`] takes what has already happened elsewhere and never
//! does. Everything else asks.

mod agenda;
mod answer;
mod benefits;
mod bookkeeper;
mod changes;
mod coupons;
mod derived;
mod diary;
mod erasures;
mod explain;
mod finding;
mod fold;
mod forget;
mod households;
mod in_all;
mod index;
mod introductions;
mod judging;
mod ledger;
mod log;
mod merge;
mod naming;
mod occasions;
mod offline;
mod orders;
mod pending;
mod people;
mod person;
mod postings;
mod quote;
mod record;
pub(crate) mod report;
mod revenue;
mod rewards;
mod seal;
mod seats;
mod snapshot;
mod standing;
mod stored_value;
mod tasks;
pub(crate) mod telling;
mod unions;
mod verify;
mod views;
mod what_if;

use crate::calendar::{Day, Moment, Today};
use crate::customer::Directory;
use crate::fact::{Body, Fact, within};
use crate::fault::Fault;
use crate::loyalty::lots::FactNo;
use crate::money::Currency;
use crate::program::Program;
use crate::program::versions::{Adoption, Versions};
pub use agenda::{Agenda, Due, Duty, Giving, Sending, Why as DueWhy};
pub use answer::{Answer, Change, Conflict, FlagView, Merged, Outcome, PointsMoved, TierChange};
pub use benefits::BenefitView;
pub use bookkeeper::Bookkeeper;
pub use coupons::{CouponMoved, CouponQuoted, CouponView};
pub use explain::{Explanation, FactExplanation, LineExplanation, NotApplied, Step};
pub use finding::{FoundCustomer, LikelyTwice, ReasonView};
pub use households::HouseholdView;
pub use ledger::{Ledger, LedgerBalance, LedgerEntry};
use log::Log;
pub use orders::{DepositMoved, OrderView};
pub use pending::{Pending, Touched};
use people::People;
pub use person::{
    AskView, ConsentView, CustomerView, Heard, MOST_ENTRIES, NamedBy, PersonExport, Timeline, TimelineEntry,
    TimelineOf,
};
pub use postings::Posting;
pub use quote::{Earns, Quote, Spendable};
pub use record::MOST_FACTS_OF_AN_ACCOUNT;
pub use report::{FlagCount, MonthReport, Report, TierCount, ValueHeld};
pub use revenue::{Every, Revenue, RevenuePeriod, recognised};
pub use rewards::{ClaimedView, RewardPrice, RewardView};
use serde::{Deserialize, Serialize};
use std::fmt;
pub use stored_value::{LapsingBonus, RefundedTo, StoredValueView, ValueMoved, ValueQuoted};
pub use tasks::Task;
pub use views::{AccountView, GoalView, KeepView, LotView, NextTier, PointsView, TierView, Totals};
pub use what_if::{MovedMember, Movement, WhatIf};

/// What follows from a program and a set of facts: accounts, their points and tiers, and why.
///
/// The same program and the same facts give the same book, byte for byte in its [canonical JSON](Book::to_json), in whatever
/// order and batches the facts arrived (semantics 1.2).
///
/// ```
/// use parure::book::{Answer, Book};
/// use parure::calendar::Day;
/// use parure::fact::Fact;
/// use parure::program::Program;
///
/// let program = Program::parse("house.toml", r#"
///     edition = 2026
///     name = "Maison"
///     effective = 2026-01-01
///     currency = "CNY"
///     time_zone = "Asia/Shanghai"
///     [[earn]]
///     id = "standard"
///     points = 1
///     per = "10.00"
/// "#)?;
/// let yuan = program.currency();
/// let mut book = Book::new(program);
/// let facts = [
///     r#"{"id":"j-1","at":"2026-01-01T10:00:00+08:00","customer":"c-1","joined":{}}"#,
///     r#"{"id":"p-1","at":"2026-03-01T15:04:05+08:00","customer":"c-1","purchased":{"lines":[{"id":"1","amount":"12800.00"}]}}"#,
/// ];
/// for fact in facts {
///     let answer = book.record(&Fact::from_json(fact, yuan)?)?;
///     assert!(matches!(answer, Answer::Accepted { .. }));
/// }
/// let account = book.account("c-1", Day::parse("2026-03-02")?)?;
/// assert_eq!(account.points.balance, 1_280);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Book {
    opened_with: Program,
    versions: Versions,
    log: Log,
    people: People,
    /// Facts that adopt a version of the program.
    adopted: Vec<FactNo>,
    /// Facts that merge customers or take that back.
    unions: Vec<FactNo>,
    /// What speaks against these.
    against: unions::Against,
    /// Facts that name others than their customers.
    namings: naming::Namings,
    /// Facts that tell whom somebody introduced.
    introducers: introductions::Introducers,
    /// Who shares points with whom.
    households: households::Households,
    /// Facts from before a seal that tell of people: by customer, in order.
    told: Vec<(people::Place, FactNo)>,
    /// Facts that forget a person, and what follows from them for all others.
    erased: Vec<FactNo>,
    erasures: erasures::Erasures,
    seals: Vec<Seal>,
    incoming: merge::Incoming,
    /// What facts move that are pending.
    moving: Option<postings::Moving>,
    /// The day on which facts are being recorded.
    today: Today,
    /// By what customers are found.
    finder: derived::Derived<Directory>,
    /// When each account is to be looked at.
    diary: derived::Derived<diary::Diary>,
    /// How often all customers together have used coupons.
    uses_in_all: derived::Derived<in_all::Uses>,
    /// A buffer to make the next fact's bytes in.
    spare: Option<log::Encoded>,
}

/// How large it is: what it holds is people's.
impl fmt::Debug for Book {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Book")
            .field("facts", &self.log.len())
            .field("customers", &self.people.len())
            .field("sealed_until", &self.sealed_until())
            .finish_non_exhaustive()
    }
}

/// Everything before the first instant of a day is settled (semantics 1.6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Seal {
    day: Day,
    micros: i64,
    /// Facts that had arrived when it was made: later ones are applied at the seal at the earliest.
    arrived: FactNo,
}

impl Book {
    /// A book without facts.
    ///
    /// ```
    /// use parure::{book::Book, program::Program};
    /// # let text = "edition = 2026\nname = 'M'\neffective = 2026-01-01\ncurrency = 'CNY'\ntime_zone = 'Asia/Shanghai'";
    /// let book = Book::new(Program::parse("maison.toml", text).unwrap());
    /// assert_eq!(book.facts(), 0);
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    #[must_use]
    pub fn new(program: Program) -> Self {
        Book {
            today: Today::none(),
            versions: Versions::new(program.clone(), Vec::new()),
            opened_with: program,
            log: Log::default(),
            people: People::default(),
            adopted: Vec::new(),
            unions: Vec::new(),
            against: unions::Against::new(),
            namings: naming::Namings::default(),
            introducers: introductions::Introducers::default(),
            households: households::Households::default(),
            told: Vec::new(),
            erased: Vec::new(),
            erasures: erasures::Erasures::default(),
            seals: Vec::new(),
            incoming: merge::Incoming::default(),
            moving: None,
            finder: derived::Derived::default(),
            diary: derived::Derived::default(),
            uses_in_all: derived::Derived::default(),
            spare: None,
        }
    }

    /// The currency of all its amounts.
    ///
    /// ```
    /// # let book = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/maison.rs"));
    /// # let on = parure::calendar::Day::parse("2026-11-21")?;
    /// assert_eq!(book.currency().code(), "CNY");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn currency(&self) -> Currency {
        self.versions.currency()
    }

    /// How many facts have arrived.
    ///
    /// ```
    /// # let book = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/maison.rs"));
    /// # let on = parure::calendar::Day::parse("2026-11-21")?;
    /// assert_eq!(book.facts(), 54);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn facts(&self) -> usize {
        self.log.len()
    }

    /// A fact as the book keeps it: of a gift, with the lots that were filled in. None for one it does not know, or that a seal
    /// has reduced to its id.
    ///
    /// ```
    /// # use parure::{book::Book, fact::Fact, program::Program};
    /// # let text = "edition = 2026\nname = 'M'\neffective = 2026-01-01\ncurrency = 'CNY'\ntime_zone = 'Asia/Shanghai'";
    /// # let mut book = Book::new(Program::parse("m.toml", text)?);
    /// let joined = r#"{"id":"j-1","at":"2026-01-01T10:00:00+08:00","customer":"c-1","joined":{}}"#;
    /// book.record(&Fact::from_json(joined, book.currency())?)?;
    /// assert_eq!(book.fact("j-1").map(|fact| fact.kind()), Some("joined"));
    /// assert!(book.fact("j-2").is_none());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn fact(&self, id: &str) -> Option<Fact<'_>> {
        self.log.fact(self.log.find(id)?)
    }

    /// The local day of an instant, by the program's time zone (semantics 2.1).
    ///
    /// ```
    /// # let book = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/maison.rs"));
    /// # let on = parure::calendar::Day::parse("2026-11-21")?;
    /// let at = parure::calendar::Moment::parse("2026-06-30T18:00:00Z")?;
    /// assert_eq!(book.day_of(at).to_string(), "2026-07-01"); // 2 in the morning in Shanghai
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn day_of(&self, at: Moment) -> Day {
        at.day_in(self.versions.zone())
    }

    /// Reads the versions of the program anew from the facts that adopted them.
    fn read_versions(&mut self) {
        let adopted = self.adopted.iter().filter_map(|no| {
            let fact = self.log.fact(*no)?;
            let Body::Adopted { program } = &fact.body else { return None };
            let program = Program::parse("program", program).ok()?;
            // What is sealed was computed under the versions of then.
            let seal = self.seals.iter().rev().find(|seal| seal.arrived <= *no);
            let from = seal.map_or(program.effective, |seal| program.effective.max(seal.day));
            Some(Adoption { at: fact.at, id: fact.id.to_string(), from, program })
        });
        self.versions = Versions::new(self.opened_with.clone(), adopted.collect());
    }

    /// Whether a program can be adopted: money and days must mean what they meant.
    fn check_adoption(&self, fact: &Fact<'_>) -> Result<(), Fault> {
        let Body::Adopted { program } = &fact.body else { return Ok(()) };
        // The reader has checked it; one made in Rust may be anything.
        let adopted = Program::parse("program", program).map_err(|faults| match faults.iter().next() {
            Some(fault) => within("adopted.program", fault.clone()),
            None => Fault::new("unreadable", "the program can't be read").at("adopted.program"),
        })?;
        if adopted.currency != self.versions.currency() || adopted.zone != self.versions.zone() {
            let (currency, zone) = (self.versions.currency(), self.versions.zone());
            let message =
                format!("the adopted program counts in other money or days than {currency} and {zone}");
            return Err(Fault::new("other_currency_or_zone", message).at("adopted.program"));
        }
        Ok(())
    }
}
