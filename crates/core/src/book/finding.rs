//! Finding people by what is typed at a till, and who is likely there twice (semantics 12.7, 12.8).

use super::Book;
use super::naming::profile_of;
use super::people::Place;
use crate::Id;
use crate::customer::field::Field;
use crate::customer::profile::Person;
use crate::customer::said::{Entry, Said};
use crate::customer::{Directory, Extent, Field as FoundBy, Known, Options, Person as Compared, duplicates};
use crate::fact::{Body, Fact, Line};
use crate::loyalty::lots::FactNo;
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// Someone who was found.
///
/// ```
/// # let mut book = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/maison.rs"));
/// let told = r#"{"id":"t-9","at":"2026-11-20T10:00:00+08:00","customer":"wang-fang","profile_changed":{"name":"王芳","phones":["+8613800138000"]}}"#;
/// book.record(&parure::fact::Fact::from_json(told, book.currency())?)?;
/// let found = |typed: &str| book.find(typed, 10).first().map(|found| (found.customer.to_string(), found.by, found.how));
/// assert_eq!(found("wf"), Some(("wang-fang".to_owned(), "name", "start")));
/// assert_eq!(found("138 0013 8000"), Some(("wang-fang".to_owned(), "phone", "whole")));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct FoundCustomer {
    /// The id the account goes by.
    pub account: Id,
    /// The id of whom it was told.
    pub customer: Id,
    /// Their name, where it is known.
    pub name: Option<String>,
    /// By what: `name`, `phone`, `email`, `wechat`, `card`, `serial`.
    pub by: &'static str,
    /// How much of it was typed: `whole`; its `start`, of a name also its first letters, of a phone also its last digits; a later `part` of a name; `sound` where
    /// a name of the same sound is written in other characters.
    pub how: &'static str,
}

/// Two accounts that are likely one person's.
///
/// ```
/// # let mut book = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/maison.rs"));
/// for (id, customer, name) in [("t-8", "wang-fang", "王芳"), ("t-9", "sun-hao", "wang fang")] {
///     let told = format!(r#"{{"id":"{id}","at":"2026-11-20T10:00:00+08:00","customer":"{customer}","profile_changed":{{"name":"{name}","phones":["+8613800138000"]}}}}"#);
///     book.record(&parure::fact::Fact::from_json(&told, book.currency())?)?;
/// }
/// let likely = book.duplicates();
/// assert_eq!((likely[0].accounts[0].as_str(), likely[0].accounts[1].as_str()), ("sun-hao", "wang-fang"));
/// assert_eq!(likely[0].reasons[0].text, "names that sound the same");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct LikelyTwice {
    /// The two, by id.
    pub accounts: [Id; 2],
    /// How likely they are one person, in thousandths.
    pub score: u16,
    /// What speaks for it and against, the heaviest first.
    pub reasons: Vec<ReasonView>,
}

/// What speaks for two accounts being one person's, or against it.
///
/// ```
/// # let book = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/maison.rs"));
/// assert!(book.duplicates().iter().flat_map(|likely| &likely.reasons).all(|reason| !reason.code.is_empty()));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ReasonView {
    /// A stable code: `same_phone`, `name_slip`, …
    pub code: &'static str,
    /// For people.
    pub text: String,
    /// In tenths of bits; below zero: against.
    pub weight: i16,
}

/// Who is found is whose to know.
impl std::fmt::Debug for FoundCustomer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "FoundCustomer by {}", self.by)
    }
}

/// What someone is found and compared by.
#[derive(Default)]
struct Texts {
    names: Vec<String>,
    phones: Vec<String>,
    emails: Vec<String>,
    wechats: Vec<String>,
    cards: Vec<String>,
    serials: Vec<String>,
}

impl Texts {
    fn known(&self) -> Known<'_> {
        fn all(texts: &[String]) -> Vec<&str> {
            texts.iter().map(String::as_str).collect()
        }
        Known {
            names: all(&self.names),
            phones: all(&self.phones),
            emails: all(&self.emails),
            wechats: all(&self.wechats),
            cards: all(&self.cards),
            serials: all(&self.serials),
        }
    }

    fn of(person: &Person, serials: Vec<String>) -> Texts {
        let all = |field: Field| match person.get(field) {
            Some(Said::Text(text)) => vec![text.to_string()],
            Some(Said::Set(set)) => set.add.iter().map(|text| (**text).to_owned()).collect(),
            _ => Vec::new(),
        };
        let mut names = all(Field::NAME);
        if let (Some(family), Some(given)) = (all(Field::FAMILY).first(), all(Field::GIVEN).first()) {
            // Chinese characters stand without a space between them.
            let space = if family.is_ascii() || given.is_ascii() { " " } else { "" };
            names.push(format!("{family}{space}{given}"));
        }
        names.extend(all(Field::OTHER_NAMES));
        names.extend(all(Field::FORMER_NAMES));
        names.dedup();
        Texts {
            names,
            phones: all(Field::PHONES),
            emails: all(Field::EMAILS),
            wechats: all(Field::WECHAT),
            cards: all(Field::CARDS),
            serials,
        }
    }
}

impl Book {
    /// Who may be meant by what is typed: a phone with or without its country or its last digits, a name as it is written or sounds (张伟, zhangwei, zw), the
    /// start of an e-mail address, a card, a serial number of a piece. The likeliest first, in an order that is the same everywhere; at most `limit`
    /// accounts.
    ///
    /// The first question after a book was opened reads all profiles once.
    ///
    /// ```
    /// # let book = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/maison.rs"));
    /// assert!(book.find("nobody of that name", 10).is_empty());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn find(&self, typed: &str, limit: usize) -> Vec<FoundCustomer> {
        // Several customers of one account may fit.
        let found = self.directory(|directory| directory.find(typed, limit.saturating_mul(2)));
        let mut accounts = BTreeSet::new();
        let mut told = Vec::new();
        for one in found {
            let root = self.people.root(one.place);
            if told.len() < limit && accounts.insert(root) {
                told.push(FoundCustomer {
                    account: self.people.id(root).clone(),
                    customer: self.people.id(one.place).clone(),
                    name: self.texts_of(&self.whole_facts_of(root)).names.into_iter().next(),
                    by: word_of(one.field),
                    how: how(one.extent),
                });
            }
        }
        told
    }

    /// Accounts that are likely one person's twice, the likeliest first: by names, phones, dates and the like, with reasons. Those of whom a merge was taken
    /// back are two.
    ///
    /// ```
    /// # let book = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/maison.rs"));
    /// assert!(book.duplicates().is_empty());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn duplicates(&self) -> Vec<LikelyTwice> {
        let people: Vec<(Place, Person, Texts)> = self
            .people
            .roots_by_id()
            .into_iter()
            .map(|root| {
                let person = self.person_of(self.whole_facts_of(root));
                let texts = Texts::of(&person, Vec::new());
                (root, person, texts)
            })
            .collect();
        let compared = people.iter().map(|(place, person, texts)| Compared {
            place: *place,
            known: texts.known(),
            birthday: match person.get(Field::BIRTHDAY) {
                Some(Said::Date(date)) => Some(*date),
                _ => None,
            },
            address: match person.get(Field::ADDRESSES) {
                Some(Said::Entries(entries)) => entries.iter().find_map(|entry| match &entry.value {
                    Some(Entry::Text(text)) => Some(&**text),
                    _ => None,
                }),
                _ => None,
            },
        });
        let apart = self.told_apart();
        let pairs = duplicates(compared, &Options { apart, ..Options::default() });
        let view = |pair: crate::customer::Pair| LikelyTwice {
            accounts: [pair.a, pair.b].map(|place| self.people.id(place).clone()),
            score: pair.score,
            reasons: pair
                .reasons
                .iter()
                .map(|(reason, weight)| ReasonView {
                    code: reason.code(),
                    text: reason.to_string(),
                    weight: *weight,
                })
                .collect(),
        };
        pairs.into_iter().map(view).collect()
    }

    /// Those of whom someone has said that they are two.
    fn told_apart(&self) -> BTreeSet<(Place, Place)> {
        let pairs = self.unions.iter().filter_map(|no| {
            let Body::Unmerged { customer, merge } = self.log.fact(*no)?.body else { return None };
            let merge = self.log.fact(self.log.find(&merge)?)?;
            let (a, b) = (self.people.root_of(&customer)?, self.people.root_of(merge.other_customer()?)?);
            Some((a.min(b), a.max(b)))
        });
        pairs.collect()
    }

    /// Asks the directory, which is first told what has become known since it was asked last.
    fn directory<T>(&self, ask: impl FnOnce(&Directory) -> T) -> T {
        let bring = |seen| match seen {
            Some((facts, directory)) => self.told_since(facts, directory),
            None => self.made_anew(),
        };
        self.finder.ask(self.log.len(), bring, |directory| ask(directory))
    }

    fn made_anew(&self) -> Directory {
        let mut texts: BTreeMap<Place, Texts> = BTreeMap::new();
        for place in self.people.places() {
            let known = self.texts_of(&self.told_by(place));
            texts.insert(place, known);
        }
        let known =
            texts.iter().map(|(place, texts)| (*place, self.people.id(*place).as_str(), texts.known()));
        Directory::build(known)
    }

    /// A directory of what so many facts had told, with what others have told since.
    fn told_since(&self, facts: usize, mut directory: Directory) -> Directory {
        let first = FactNo::try_from(facts).unwrap_or(FactNo::MAX);
        let mut told: BTreeSet<Place> = BTreeSet::new();
        for (_, fact) in self.log.since(facts) {
            if is_looked_for(&fact) {
                told.extend(fact.customer().and_then(|customer| self.people.place(customer)));
            }
        }
        for place in told {
            let own = self.told_by(place);
            let before: Vec<FactNo> = own.iter().copied().filter(|no| *no < first).collect();
            directory.remove(place, &self.texts_of(&before).known());
            directory.add(place, self.people.id(place), &self.texts_of(&own).known());
        }
        directory
    }

    /// The facts of one customer that the book holds whole, in order.
    fn told_by(&self, place: Place) -> Vec<FactNo> {
        let id = self.people.id(place);
        let mut facts = self.whole_facts_of(self.people.root(place));
        facts.retain(|no| self.log.fact(*no).is_some_and(|fact| fact.customer() == Some(id)));
        facts
    }

    fn texts_of(&self, facts: &[FactNo]) -> Texts {
        let mut serials = Vec::new();
        for fact in facts.iter().filter_map(|no| self.log.fact(*no)) {
            serials.extend(pieces(&fact).map(str::to_owned));
        }
        serials.sort_unstable();
        serials.dedup();
        Texts::of(&self.person_of(facts.iter().copied()), serials)
    }
}

/// Serial numbers of pieces that a fact names.
fn pieces<'f>(fact: &'f Fact<'_>) -> impl Iterator<Item = &'f str> {
    let lines = match &fact.body {
        Body::Purchased { purchase, .. } => purchase.lines.as_slice(),
        _ => &[],
    };
    let met = match &fact.body {
        Body::Met { encounter, .. } => encounter.text("piece"),
        _ => None,
    };
    lines.iter().filter_map(Line::serial).chain(met)
}

/// Whether a fact changes by what its customer is found.
fn is_looked_for(fact: &Fact<'_>) -> bool {
    profile_of(fact).is_some() || pieces(fact).next().is_some()
}

fn word_of(field: FoundBy) -> &'static str {
    match field {
        FoundBy::Name => "name",
        FoundBy::Phone => "phone",
        FoundBy::Email => "email",
        FoundBy::WeChat => "wechat",
        FoundBy::Card => "card",
        FoundBy::Serial => "serial",
    }
}

fn how(extent: Extent) -> &'static str {
    match extent {
        Extent::Whole => "whole",
        Extent::Start => "start",
        Extent::Part => "part",
        Extent::Sound => "sound",
    }
}
