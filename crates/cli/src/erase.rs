//! `parure erase`: a person is forgotten in a journal. What is printed names nobody: the id is one of the things that are forgotten.

use crate::args::EraseArgs;
use crate::failure::Failure;
use crate::figures::counted;
use crate::office::Office;
use crate::shop::open;
use parure::book::Answer;
use parure::fact::Fact;
use parure::fault::Fault;
use parure_journal::{Journal, Options};
use serde_json::json;
use std::hash::{BuildHasher, Hasher, RandomState};

/// Whom it concerns, as far as that may be told.
struct Extent {
    customers: u64,
    facts: u64,
}

pub(crate) fn erase(asked: &EraseArgs, office: &mut Office) -> Result<(), Failure> {
    let (shop, _) = open(&asked.book)?;
    // An erasure that could not be finished: its fact is recorded again, under the alias that it gave.
    let again = shop
        .ask(|book| Some(book.fact(&fact_id(&asked.customer))?.to_json(book.currency())))
        .filter(|_| asked.yes);
    if let Some(fact) = again {
        let fact = Fact::from_json(&fact, shop.currency()).map_err(Failure::Unknown)?;
        return record(&shop, &fact, &asked.customer, &Extent { customers: 0, facts: 0 }, asked, office);
    }
    let at = asked.at.map_or_else(Options::default().clock, Ok).map_err(Failure::Unknown)?;
    let held =
        shop.ask(|book| book.export_person(&asked.customer, book.day_of(at))).map_err(Failure::Refused)?;
    let extent = Extent { customers: held.customer.aliases.len() as u64 + 1, facts: held.facts.len() as u64 };
    if !asked.yes {
        let (customers, facts) = extent.counted();
        let message = format!(
            "nothing was done: {customers} with {facts} would be forgotten in {}, for good, and in its backups. Add --yes to do it; \
             `parure export {0} --customer …` before it gives them what is held",
            asked.book.display()
        );
        return Err(Failure::misuse("not_confirmed", message));
    }
    let alias = asked.alias.clone().unwrap_or_else(random_alias);
    let fact = Fact::erased(fact_id(&alias), at, asked.customer.as_str(), alias.as_str());
    record(&shop, &fact.map_err(Failure::Unknown)?, &alias, &extent, asked, office)
}

fn record(
    shop: &Journal,
    fact: &Fact<'_>,
    alias: &str,
    extent: &Extent,
    asked: &EraseArgs,
    office: &mut Office,
) -> Result<(), Failure> {
    let path = asked.book.display().to_string();
    let already = match shop.record(fact) {
        Ok(Answer::Refused { refusal }) => return Err(Failure::Refused(refusal)),
        Ok(Answer::Accepted { .. }) => false,
        Ok(Answer::AlreadyRecorded { .. }) => true,
        Err(fault) if fault.code == "erasure_unfinished" => {
            let advice = format!("let the file be written, then go on: parure erase {path} {alias} --yes");
            return Err(Failure::Unknown(Fault::new("erasure_unfinished", fault.message).advise(advice)));
        }
        Err(fault) => return Err(Failure::Unknown(fault)),
    };
    office.answer(
        || {
            Ok(json!({ "erased": { "book": path, "alias": alias, "fact": fact_id(alias), "already_recorded": already,
                                   "customers": extent.customers, "facts": extent.facts } }))
        },
        || told(&path, alias, already, extent),
    )
}

fn told(path: &str, alias: &str, already: bool, extent: &Extent) -> String {
    let (customers, facts) = extent.counted();
    let done = match already {
        true => format!(
            "{path} had forgotten them before: the account goes by `{alias}`. Nothing is left to be written.\n"
        ),
        false => format!(
            "{path} has forgotten {customers} with {facts}: the account goes by `{alias}` and keeps its points.\n"
        ),
    };
    format!(
        "{done}Backups that `parure backup` made have forgotten them too, where they lie where they were made.\n\
         What is left for you:\n\
         \x20 other copies of the book: parure sync {path} OTHER.db\n\
         \x20 exports, files that were copied by other means, rows that were taken over by SQL, records of other programs: delete what they hold\n"
    )
}

impl Extent {
    fn counted(&self) -> (String, String) {
        (counted(self.customers, "customer", "customers"), counted(self.facts, "fact", "facts"))
    }
}

/// The fact that made an account go by an alias.
fn fact_id(alias: &str) -> String {
    format!("erased:{alias}")
}

/// One that says nothing: 64 bits of the system's chance, which std keeps for its tables.
fn random_alias() -> String {
    format!("x-{:016x}", RandomState::new().build_hasher().finish())
}
