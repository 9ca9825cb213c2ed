//! `parure find` and `parure duplicates`: who is meant, and who is there twice.

use crate::args::{DuplicatesArgs, FindArgs};
use crate::failure::Failure;
use crate::history::History;
use crate::office::Office;
use parure::book::{Book, FoundCustomer, LikelyTwice};

pub(crate) fn find(asked: &FindArgs, office: &mut Office) -> Result<(), Failure> {
    let history = History::open(&asked.history, &[], office)?;
    let found = history.ask(|book| book.find(&asked.typed, asked.limit));
    office.answer(|| serde_json::to_value(&found), || told(&found))
}

pub(crate) fn duplicates(asked: &DuplicatesArgs, office: &mut Office) -> Result<(), Failure> {
    let history = History::open(&asked.history, &[], office)?;
    let likely = history.ask(Book::duplicates);
    office.answer(|| serde_json::to_value(&likely), || weighed(&likely))
}

fn told(found: &[FoundCustomer]) -> String {
    if found.is_empty() {
        return "nobody\n".to_owned();
    }
    let line = |found: &FoundCustomer| {
        let name = found.name.as_deref().unwrap_or("-");
        format!("`{}`  {name}  by {} ({})\n", found.account, found.by, found.how)
    };
    found.iter().map(line).collect()
}

fn weighed(likely: &[LikelyTwice]) -> String {
    if likely.is_empty() {
        return "nobody is there twice, as far as can be told\n".to_owned();
    }
    let line = |pair: &LikelyTwice| {
        let [a, b] = &pair.accounts;
        let reasons: Vec<&str> = pair.reasons.iter().map(|reason| reason.text.as_str()).collect();
        format!("{:>4}  `{a}` and `{b}`: {}\n", pair.score, reasons.join(", "))
    };
    likely.iter().map(line).collect()
}
