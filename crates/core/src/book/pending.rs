//! Facts that are decided but not yet kept: a host that writes them down first can still take all of it back.

use super::Book;
use super::answer::{Answer, Merged};
use super::naming;
use super::people::{Customer, Groups, Place};
use super::postings::{Moving, Posting};
use super::unions::Against;
use crate::Id;
use crate::fact::{Body, Fact};
use crate::fault::Fault;
use crate::loyalty::lots::FactNo;
use crate::program::versions::Versions;
use std::borrow::Borrow;
use std::collections::{BTreeMap, BTreeSet};

/// Facts that a book has decided on and whose keeping is still open. While it is open nobody else sees the book; dropped without
/// [`keep`](Pending::keep), the book is as before.
///
/// It is what a journal needs: decide, write to the disk, and only then keep. What could not be written is nowhere.
///
/// ```
/// # use parure::{book::Book, fact::Fact, program::Program};
/// # let text = "edition = 2026\nname = 'M'\neffective = 2026-01-01\ncurrency = 'CNY'\ntime_zone = 'Asia/Shanghai'";
/// # let mut book = Book::new(Program::parse("m.toml", text)?);
/// let joined = r#"{"id":"j-1","at":"2026-01-01T10:00:00+08:00","customer":"c-1","joined":{}}"#;
/// let joined = Fact::from_json(joined, book.currency())?;
///
/// let mut pending = book.pend();
/// pending.record(&joined)?;
/// drop(pending); // the disk was full
/// assert_eq!(book.facts(), 0);
///
/// let mut pending = book.pend();
/// pending.record(&joined)?;
/// pending.keep(); // it is on the disk
/// assert_eq!(book.facts(), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Pending<'b> {
    book: &'b mut Book,
    before: Before,
    kept: bool,
}

/// An account that pending facts concern.
///
/// ```
/// # let mut book = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/maison.rs"));
/// let json = r#"{"id":"x-9","at":"2026-11-21T10:00:00+08:00","customer":"wang-fang","redeemed":{"points":500,"reward":"tote-bag"}}"#;
/// let tote = parure::fact::Fact::from_json(json, book.currency())?;
/// let mut pending = book.pend();
/// pending.record(&tote)?;
/// let touched = pending.touched();
/// assert_eq!((touched[0].account.as_str(), touched[0].appended), ("wang-fang", true));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Touched {
    /// The id the account goes by.
    pub account: Id,
    /// The new facts stand behind all older ones of the account: what those did is as it was.
    pub appended: bool,
}

/// What a book was like, as far as pending facts change it.
#[derive(Debug, Default)]
struct Before {
    facts: usize,
    people: usize,
    adopted: usize,
    unions: usize,
    /// Customers as they were, of those who are concerned.
    customers: BTreeMap<Place, Customer>,
    /// The accounts of several and what speaks against them, where that may change.
    formed: Option<(Groups, Against)>,
    versions: Option<Versions>,
    /// All customers may be concerned: a program was adopted.
    everyone: bool,
    /// All of it, where someone is forgotten: facts that are kept are then rewritten.
    whole: Option<Box<Book>>,
}

impl Book {
    /// Begins to decide on facts that may yet be taken back.
    ///
    /// ```
    /// # let mut book = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/maison.rs"));
    /// let facts = book.facts();
    /// assert!(book.pend().touched().is_empty());
    /// assert_eq!(book.facts(), facts);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn pend(&mut self) -> Pending<'_> {
        let before = Before {
            facts: self.log.len(),
            people: self.people.len(),
            adopted: self.adopted.len(),
            unions: self.unions.len(),
            customers: BTreeMap::new(),
            formed: None,
            versions: None,
            everyone: false,
            whole: None,
        };
        self.moving = Some(Moving::from(self.next_no()));
        Pending { book: self, before, kept: false }
    }
}

impl Pending<'_> {
    /// As [`Book::record`].
    ///
    /// ```
    /// # let mut book = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/maison.rs"));
    /// let json = r#"{"id":"x-9","at":"2026-11-21T10:00:00+08:00","customer":"tang-wei","redeemed":{"points":5000,"reward":"tote-bag"}}"#;
    /// let tote = parure::fact::Fact::from_json(json, book.currency())?;
    /// assert!(matches!(book.pend().record(&tote)?, parure::book::Answer::Refused { .. })); // she has 246 points
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// As [`Book::record`]; what was pending before is still so.
    pub fn record(&mut self, fact: &Fact<'_>) -> Result<Answer, Fault> {
        self.before.remember(self.book, fact);
        self.book.record(fact)
    }

    /// As [`Book::record_offline`].
    ///
    /// ```
    /// # let mut book = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/maison.rs"));
    /// let json = r#"{"id":"x-9","at":"2026-11-21T10:00:00+08:00","customer":"wang-fang","redeemed":{"points":500,"reward":"tote-bag"}}"#;
    /// let tote = parure::fact::Fact::from_json(json, book.currency())?;
    /// let heard = book.facts();
    /// let answer = book.pend().record_offline(&tote, heard)?;
    /// assert!(matches!(answer, parure::book::Answer::Accepted { .. })); // this program sets no bound
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// As [`Book::record`]; what was pending before is still so.
    pub fn record_offline(&mut self, fact: &Fact<'_>, heard: usize) -> Result<Answer, Fault> {
        self.before.remember(self.book, fact);
        self.book.record_offline(fact, heard)
    }

    /// As [`Book::merge`].
    ///
    /// ```
    /// # let mut book = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/maison.rs"));
    /// let json = r#"{"id":"x-9","at":"2026-11-21T10:00:00+08:00","customer":"tang-wei","redeemed":{"points":5000,"reward":"tote-bag"}}"#;
    /// let tote = parure::fact::Fact::from_json(json, book.currency())?;
    /// assert_eq!(book.pend().merge([tote])?.new, 1);
    /// assert!(book.fact("x-9").is_none()); // it was not kept
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// As [`Book::merge`]: the facts before the faulty one are then pending.
    pub fn merge<'f, F: Borrow<Fact<'f>>>(
        &mut self,
        facts: impl IntoIterator<Item = F>,
    ) -> Result<Merged, Fault> {
        let Pending { book, before, .. } = self;
        let facts: Vec<F> = facts.into_iter().collect();
        for fact in &facts {
            before.remember(book, fact.borrow());
        }
        book.merge(facts)
    }

    /// The book with all that is pending.
    ///
    /// ```
    /// # let mut book = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/maison.rs"));
    /// assert_eq!(book.pend().book().facts(), 54);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn book(&self) -> &Book {
        self.book
    }

    /// The facts that are pending, in the order in which they came, as the book keeps them: a gift with its lots.
    ///
    /// ```
    /// # let mut book = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/maison.rs"));
    /// let json = r#"{"id":"g-9","at":"2026-11-21T10:00:00+08:00","customer":"wang-fang","given":{"to":"tang-wei","points":100}}"#;
    /// let gift = parure::fact::Fact::from_json(json, book.currency())?;
    /// let yuan = book.currency();
    /// let mut pending = book.pend();
    /// pending.record(&gift)?;
    /// assert!(pending.facts().next().unwrap().to_json(yuan).contains("first_day"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn facts(&self) -> impl Iterator<Item = Fact<'_>> {
        let first = FactNo::try_from(self.before.facts).unwrap_or(FactNo::MAX);
        self.book.log.numbers().skip_while(move |no| *no < first).filter_map(|no| self.book.log.fact(no))
    }

    /// Whether someone is forgotten by what is pending.
    ///
    /// ```
    /// # let mut book = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/maison.rs"));
    /// assert!(!book.pend().forgets());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn forgets(&self) -> bool {
        self.before.whole.is_some()
    }

    /// The facts of before that are kept otherwise now, by their place in the order of arrival: they named someone who is forgotten.
    ///
    /// ```
    /// # let mut book = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/maison.rs"));
    /// let json = r#"{"id":"e-1","at":"2026-11-26T10:00:00+08:00","customer":"tang-wei","erased":{"alias":"x-7f3a"}}"#;
    /// let erased = parure::fact::Fact::from_json(json, book.currency())?;
    /// let mut pending = book.pend();
    /// pending.record(&erased)?;
    /// assert!(pending.rewritten().all(|(_, fact)| fact.customer() == Some("x-7f3a")));
    /// assert_eq!(pending.rewritten().count(), 2);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn rewritten(&self) -> impl Iterator<Item = (u32, Fact<'_>)> {
        let now = &self.book.log;
        let whole = self.before.whole.iter();
        let facts = whole
            .flat_map(move |before| before.log.numbers().filter(move |no| !now.keeps_as(&before.log, *no)));
        facts.filter_map(|no| Some((no, self.book.log.fact(no)?)))
    }

    /// The ids of customers that were known before and that someone who is forgotten went by: of some of them someone new may be known.
    ///
    /// ```
    /// # let mut book = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/maison.rs"));
    /// let at = parure::calendar::Moment::parse("2026-11-26T10:00:00+08:00")?;
    /// let mut pending = book.pend();
    /// pending.record(&parure::fact::Fact::erased("e-1", at, "liu-xin", "x-7f3a")?)?;
    /// assert_eq!(pending.forgotten(), ["liu-online", "liu-xin"]); // they were one
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn forgotten(&self) -> Vec<Id> {
        let erasures = &self.book.erasures;
        let people = self.before.whole.iter().map(|before| &before.people);
        let ids = people.flat_map(|people| people.places().map(|place| people.id(place)));
        let mut ids: Vec<Id> = ids.filter(|id| erasures.name(id, i64::MIN).is_some()).cloned().collect();
        ids.sort_unstable();
        ids
    }

    /// The ids of customers that were known before and are nobody's any more: of those who are forgotten, and of those whom only they named.
    ///
    /// ```
    /// # let mut book = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/maison.rs"));
    /// let at = parure::calendar::Moment::parse("2026-11-26T10:00:00+08:00")?;
    /// let mut pending = book.pend();
    /// assert!(pending.gone().is_empty());
    /// pending.record(&parure::fact::Fact::erased("e-1", at, "liu-xin", "x-7f3a")?)?;
    /// assert_eq!(pending.gone(), ["liu-online", "liu-xin"]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn gone(&self) -> Vec<Id> {
        let people = self.before.whole.iter().map(|before| &before.people);
        let ids = people.flat_map(|people| people.places().map(|place| people.id(place)));
        let mut ids: Vec<Id> = ids.filter(|id| self.book.people.place(id).is_none()).cloned().collect();
        ids.sort_unstable();
        ids
    }

    /// The accounts that what is pending concerns, by id. Where merges of customers or a program are pending, those whose
    /// results may differ are among them.
    ///
    /// ```
    /// # let mut book = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/maison.rs"));
    /// assert!(book.pend().touched().is_empty());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn touched(&self) -> Vec<Touched> {
        let book = &*self.book;
        if book.log.len() == self.before.facts {
            return Vec::new();
        }
        if let Some(before) = &self.before.whole {
            return book.accounts_unlike(before);
        }
        let known = Place::try_from(self.before.people).unwrap_or(Place::MAX);
        let places = book.people.places();
        let new = known..places.end;
        let roots: BTreeSet<Place> = match self.before.everyone {
            true => places.map(|place| book.people.root(place)).collect(),
            false => {
                let concerned = self.before.customers.keys().copied().chain(new);
                concerned.map(|place| book.people.root(place)).collect()
            }
        };
        let as_they_were = self.before.formed.is_none() && !self.before.everyone;
        let mut touched: Vec<Touched> = roots
            .into_iter()
            .map(|root| Touched {
                account: book.people.id(root).clone(),
                appended: as_they_were && self.appended(root),
            })
            .collect();
        touched.sort_unstable_by(|a, b| a.account.cmp(&b.account));
        touched
    }

    /// Whether an account's new facts stand behind its older ones.
    fn appended(&self, root: Place) -> bool {
        let first = FactNo::try_from(self.before.facts).unwrap_or(FactNo::MAX);
        let in_order = |facts: &[FactNo]| facts.is_sorted_by_key(|no| *no >= first);
        // Who was introduced may have another first purchase than before.
        let newcomers = || self.book.newcomers_of(root).into_iter();
        // Who shares a household with whom may be told late: what others had bought then counts otherwise.
        in_order(&self.book.facts_of(root))
            && (!self.book.shares_spend(root) || in_order(&self.book.facts_beside(root)))
            && (!self.book.is_given_for(root)
                || newcomers().all(|newcomer| in_order(&self.book.own_facts_of(newcomer))))
    }

    /// What the pending facts move, as [`Book::postings`] tells it of an account. Where they came late, what they change of older
    /// facts is not among it.
    ///
    /// ```
    /// # let mut book = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/maison.rs"));
    /// let json = r#"{"id":"g-9","at":"2026-11-21T10:00:00+08:00","customer":"wang-fang","given":{"to":"tang-wei","points":100}}"#;
    /// let gift = parure::fact::Fact::from_json(json, book.currency())?;
    /// let mut pending = book.pend();
    /// pending.record(&gift)?;
    /// let moved: Vec<_> = pending.postings().iter().map(|posting| (posting.customer.to_string(), posting.points)).collect();
    /// assert_eq!(moved, [("wang-fang".to_owned(), -100), ("tang-wei".to_owned(), 100)]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn postings(&self) -> Vec<Posting> {
        let moved = self.book.moving.iter().flat_map(|moving| &moving.moved);
        moved.flat_map(|(of, moved)| self.book.postings_of(*of, moved)).collect()
    }

    /// Keeps what is pending.
    ///
    /// ```
    /// # let mut book = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/maison.rs"));
    /// book.pend().keep();
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn keep(mut self) {
        self.kept = true;
        self.book.moving = None;
        self.book.file_reports(self.before.facts);
    }
}

impl Drop for Pending<'_> {
    fn drop(&mut self) {
        if !self.kept {
            self.before.bring_back(self.book);
        }
        // Last: a book that is brought back whole watches as it did.
        self.book.moving = None;
    }
}

impl Before {
    /// Remembers whom a fact concerns, as they are.
    fn remember(&mut self, book: &Book, fact: &Fact<'_>) {
        if self.whole.is_some() {
            return;
        }
        let rewritten = book.erasures.rewritten(fact);
        let fact = rewritten.as_ref().unwrap_or(fact);
        let customer = fact.customer();
        match &fact.body {
            Body::Merged { customer, into } => {
                self.remember_all_merged(book);
                self.remember_beside(book, customer, None);
                self.remember_beside(book, into, None);
                self.remember_account(book, into);
            }
            Body::Unmerged { .. } => self.remember_all_merged(book),
            Body::Given { to, .. } => self.remember_account(book, to),
            Body::Adopted { .. } => {
                self.everyone = true;
                self.versions.get_or_insert_with(|| book.versions.clone());
                for place in book.people.places() {
                    self.remember_customer(book, place);
                }
            }
            Body::Erased { .. } => {
                if book.log.find(fact.id()).is_none() {
                    // As it was before all that is pending.
                    let mut before = book.clone();
                    std::mem::take(self).bring_back(&mut before);
                    let (facts, people) = (before.log.len(), before.people.len());
                    let (adopted, unions) = (before.adopted.len(), before.unions.len());
                    *self = Before {
                        facts,
                        people,
                        adopted,
                        unions,
                        whole: Some(Box::new(before)),
                        ..Before::default()
                    };
                }
            }
            Body::Joined { .. }
            | Body::ProfileChanged { .. }
            | Body::Valued { .. }
            | Body::Couponed { .. } => {
                if let Some(other) = fact.other_customer() {
                    self.remember_account(book, other);
                }
            }
            Body::Consented { .. }
            | Body::Met { .. }
            | Body::Purchased { .. }
            | Body::Returned { .. }
            | Body::Adjusted { .. }
            | Body::Redeemed { .. }
            | Body::RedemptionSettled { .. }
            | Body::Issued { .. }
            | Body::Voided { .. }
            | Body::BenefitGranted { .. }
            | Body::BenefitUsed { .. }
            | Body::BenefitReversed { .. }
            | Body::Ordered { .. }
            | Body::TierGranted { .. } => {}
            Body::HouseholdJoined { customer, household, .. } => {
                self.remember_beside(book, customer, Some(household));
            }
            Body::HouseholdLeft { customer } => {
                self.remember_beside(book, customer, None);
            }
        }
        if fact.body.points_paid() > 0 {
            // The points of others are filled in when it is recorded.
            for lender in book.ever_lenders(customer.unwrap_or_default()) {
                self.remember_account(book, book.people.id(lender));
            }
            for drawn in fact.drawn() {
                self.remember_account(book, &drawn.customer);
            }
        }
        if let Some(customer) = customer {
            self.remember_account(book, customer);
        }
    }

    /// A merge, or what takes it back, may bring others into force: all whom such facts name are concerned.
    fn remember_all_merged(&mut self, book: &Book) {
        if self.formed.is_some() {
            return;
        }
        self.formed = Some((book.people.groups().clone(), book.against.clone()));
        for fact in book.unions.iter().filter_map(|no| book.log.fact(*no)) {
            if let Body::Merged { customer, into } = &fact.body {
                self.remember_beside(book, customer, None);
                self.remember_beside(book, into, None);
                self.remember_account(book, into);
            }
            self.remember_account(book, fact.customer().unwrap_or_default());
        }
    }

    /// All whose seats in a household may be others when someone comes or goes.
    fn remember_beside(&mut self, book: &Book, customer: &str, household: Option<&str>) {
        for member in book.told_beside(customer, household) {
            self.remember_account(book, &member);
        }
    }

    fn remember_account(&mut self, book: &Book, customer: &str) {
        let Some(place) = book.people.place(customer) else { return };
        let root = book.people.root(place);
        let introducers = match book.versions.rewards_introductions() {
            true => book.introducers_of(root),
            false => BTreeSet::new(),
        };
        let sharers = book.sharers(&[root]);
        for root in introducers.into_iter().chain(sharers).chain([root]) {
            for member in [place, root].iter().chain(book.people.members(root)) {
                self.remember_customer(book, *member);
            }
        }
    }

    fn remember_customer(&mut self, book: &Book, place: Place) {
        // Who became known since is forgotten as a whole.
        let known = usize::try_from(place).is_ok_and(|place| place < self.people);
        if let Some(customer) = book.people.get(place).filter(|_| known) {
            self.customers.entry(place).or_insert_with(|| customer.clone());
        }
    }

    fn bring_back(&mut self, book: &mut Book) {
        if let Some(whole) = self.whole.take() {
            *book = *whole;
            return;
        }
        for (no, fact) in book.log.since(self.facts) {
            book.introducers.take_back(no, &fact);
            book.households.take_back(no, &fact);
            let names = naming::names(&fact);
            if let Some(place) = fact.customer().filter(|_| names).and_then(|id| book.people.place(id)) {
                book.namings.take_back(place, no);
            }
        }
        book.log.truncate(self.facts);
        book.finder.shrink_to(self.facts);
        book.diary.shrink_to(self.facts);
        book.uses_in_all.shrink_to(self.facts);
        book.people.truncate(self.people);
        book.erasures.look_anew();
        book.adopted.truncate(self.adopted);
        book.unions.truncate(self.unions);
        for (place, customer) in std::mem::take(&mut self.customers) {
            if let Some(kept) = book.people.get_mut(place) {
                *kept = customer;
            }
        }
        let formed = self.formed.take();
        let counts_otherwise = formed.is_some() || self.versions.is_some();
        if let Some((groups, against)) = formed {
            book.people.set_groups(groups);
            book.against = against;
        }
        if let Some(versions) = self.versions.take() {
            book.versions = versions;
        }
        if counts_otherwise {
            book.seat_all();
        }
        book.seat();
    }
}

#[cfg(test)]
mod tests {
    use crate::book::Book;
    use crate::fact::Fact;
    use crate::program::Program;

    #[test]
    fn nothing_is_watched_once_an_erasure_was_taken_back() {
        let text = "edition = 2026\nname = 'M'\neffective = 2026-01-01\ncurrency = 'CNY'\ntime_zone = 'Asia/Shanghai'";
        let mut book = Book::new(Program::parse("m.toml", text).unwrap());
        let yuan = book.currency();
        let joined = r#"{"id":"j-1","at":"2026-01-01T10:00:00+08:00","customer":"mei","joined":{}}"#;
        book.record(&Fact::from_json(joined, yuan).unwrap()).unwrap();
        let erased =
            r#"{"id":"e-1","at":"2026-01-02T10:00:00+08:00","customer":"mei","erased":{"alias":"x-7f3a"}}"#;
        let mut pending = book.pend();
        pending.record(&Fact::from_json(erased, yuan).unwrap()).unwrap();
        drop(pending);
        assert!(book.moving.is_none() && book.fact("e-1").is_none());
    }
}
