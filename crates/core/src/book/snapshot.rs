//! A book as bytes, and back. The facts are what counts, and behind a seal the sealed state. The states that follow from them are
//! kept beside them, so that a big book is back at once; another version of the library folds them anew instead.

use super::log::Log;
use super::people::{Customer, Place};
use super::{Book, Seal};
use crate::fault::Fault;
use crate::loyalty::account::Account;
use crate::loyalty::lots::FactNo;
use crate::loyalty::older::{
    Older, Uncouponed, Ungifted, Unheld, Unordered, Unreported, Unrewarded, Unvalued,
};
use crate::program::Program;
use postcard::ser_flavors::Flavor;
use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_128;

const MAGIC: [u8; 8] = *b"parure\x1a\n";
/// The layout of the bytes, the sealed states among them; a reader refuses one it does not know. Whoever changes it keeps a reader
/// for the old one: behind a seal there is nothing to fold anew from.
const FORMAT: u16 = 13;
/// The same without what accounts know of coupons that were passed on or held, before any could be.
const BEFORE_HOLDS: u16 = 12;
/// The same without what accounts know of tiers that were sold, rewards and orders, before there were any.
const BEFORE_ORDERS: u16 = 11;
/// The same without the stored value of accounts, before there was any.
const BEFORE_VALUE: u16 = 10;
/// The same without the coupons of accounts, before there were any.
const BEFORE_COUPONS: u16 = 9;
/// The same without a list of what facts tell of households, and without what occasions gave by fact, before there were any.
const BEFORE_HOUSEHOLDS: u16 = 8;
/// The same without what introductions are worth, before they were rewarded.
const BEFORE_REWARDS: u16 = 7;
/// And without what accounts know of reported occasions, before there were any.
const BEFORE_REPORTS: u16 = 6;
/// And without lists of what facts tell of people, before they told more than a birthday and tags.
const BEFORE_PROFILES: u16 = 5;
/// And without erasures, before there were any.
const BEFORE_ERASURES: u16 = 4;
/// Lengths of the runs of facts, places and rest, checksum, format, magic.
const FOOTER: usize = 8 + 8 + 8 + 16 + 2 + 8;

/// The version of the library whose states can be taken as they are.
const LIBRARY: &str = env!("CARGO_PKG_VERSION");

/// All but facts and people.
#[derive(Serialize, Deserialize)]
struct Head<'a> {
    library: &'a str,
    program: &'a str,
    adopted: Vec<FactNo>,
    unions: Vec<FactNo>,
    seals: Vec<Seal>,
    people: u32,
}

/// Facts from before a seal that tell of people, and facts that name others than their customers.
type Lists = (Vec<(Place, FactNo)>, Vec<(Place, FactNo)>);

/// One customer as written; they follow the head one by one, each with their folded state behind them: its length, its bytes.
#[derive(Serialize)]
struct PersonRef<'a> {
    id: &'a str,
    facts: &'a [FactNo],
    base: Option<&'a Account>,
    last: Option<FactNo>,
    joined: Option<FactNo>,
    settled: bool,
}

/// One customer as read.
#[derive(Deserialize)]
struct Person<'a, Base> {
    id: &'a str,
    facts: Vec<FactNo>,
    base: Option<Box<Base>>,
    last: Option<FactNo>,
    joined: Option<FactNo>,
    settled: bool,
}

impl<'a> Person<'a, Account> {
    fn read(bytes: &'a [u8], format: u16) -> postcard::Result<(Person<'a, Account>, &'a [u8])> {
        if format > BEFORE_HOLDS {
            return postcard::take_from_bytes(bytes);
        }
        if format > BEFORE_ORDERS {
            return Person::read_older::<Older<Unheld>>(bytes);
        }
        if format > BEFORE_VALUE {
            return Person::read_older::<Older<Unordered>>(bytes);
        }
        if format > BEFORE_COUPONS {
            return Person::read_older::<Older<Unvalued>>(bytes);
        }
        if format > BEFORE_HOUSEHOLDS {
            return Person::read_older::<Older<Uncouponed>>(bytes);
        }
        if format > BEFORE_REWARDS {
            return Person::read_older::<Older<Ungifted>>(bytes);
        }
        if format > BEFORE_REPORTS {
            return Person::read_older::<Older<Unrewarded>>(bytes);
        }
        Person::read_older::<Older<Unreported>>(bytes)
    }

    fn read_older<Base>(bytes: &'a [u8]) -> postcard::Result<(Person<'a, Account>, &'a [u8])>
    where
        Base: Deserialize<'a>,
        Account: From<Base>,
    {
        let (Person { id, facts, base, last, joined, settled }, rest) =
            postcard::take_from_bytes::<Person<'a, Base>>(bytes)?;
        let base = base.map(|base| Box::new(Account::from(*base)));
        Ok((Person { id, facts, base, last, joined, settled }, rest))
    }
}

/// Writes to the end of a buffer that is used again and again.
struct Onto<'b>(&'b mut Vec<u8>);

impl Flavor for Onto<'_> {
    type Output = ();

    fn try_push(&mut self, byte: u8) -> postcard::Result<()> {
        self.0.push(byte);
        Ok(())
    }

    fn try_extend(&mut self, bytes: &[u8]) -> postcard::Result<()> {
        self.0.extend_from_slice(bytes);
        Ok(())
    }

    fn finalize(self) -> postcard::Result<()> {
        Ok(())
    }
}

impl Book {
    /// The book as bytes. The layout has a version; a newer library reads what an older one wrote.
    ///
    /// ```
    /// # use parure::{book::Book, calendar::Day, fact::Fact, program::Program};
    /// # let text = "edition = 2026\nname = 'M'\neffective = 2026-01-01\ncurrency = 'CNY'\ntime_zone = 'Asia/Shanghai'";
    /// # let program = Program::parse("m.toml", text)?;
    /// # let yuan = program.currency();
    /// # let mut book = Book::new(program);
    /// let joined = r#"{"id":"j-1","at":"2026-01-01T10:00:00+08:00","customer":"c-1","joined":{}}"#;
    /// book.record(&Fact::from_json(joined, yuan)?)?;
    /// let restored = Book::restore(book.snapshot())?;
    /// let day = Day::parse("2026-02-01")?;
    /// assert_eq!(restored.to_json(day), book.to_json(day));
    /// assert_eq!(Book::restore(b"something else".to_vec()).unwrap_err().code, "snapshot_foreign");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn snapshot(&self) -> Vec<u8> {
        self.written_by(LIBRARY, |account, states| postcard::serialize_with_flavor(account, Onto(states)))
    }

    /// The bytes that a version of the library writes, given how it writes states.
    fn written_by(
        &self,
        library: &str,
        write: impl Fn(&Account, &mut Vec<u8>) -> postcard::Result<()>,
    ) -> Vec<u8> {
        let places = self.people.places();
        let head = Head {
            library,
            program: self.opened_with.source(),
            adopted: self.adopted.clone(),
            unions: self.unions.clone(),
            seals: self.seals.clone(),
            people: places.end,
        };
        let namings: Vec<(Place, FactNo)> = self.namings.entries().collect();
        // Writing to memory can't fail, and every type here can be written.
        let mut rest = {
            let rest = (&head, &self.erased, &self.told, namings, self.households.facts());
            postcard::to_allocvec(&rest).unwrap_or_default()
        };
        let mut state = Vec::new();
        for (place, customer) in places.filter_map(|place| Some((place, self.people.get(place)?))) {
            let person = PersonRef {
                id: self.people.id(place),
                facts: &customer.facts,
                base: customer.base.as_deref(),
                last: customer.last,
                joined: customer.joined,
                settled: customer.settled,
            };
            state.clear();
            let written = postcard::serialize_with_flavor(&person, Onto(&mut rest));
            written.and_then(|()| write(&customer.account, &mut state)).unwrap_or_default();
            rest.extend_from_slice(&u32::try_from(state.len()).unwrap_or(u32::MAX).to_le_bytes());
            rest.extend_from_slice(&state);
        }
        let (facts, places) = self.log.parts();
        let room = facts.len().saturating_add(places.len()).saturating_add(rest.len()).saturating_add(FOOTER);
        let mut bytes = Vec::with_capacity(room);
        bytes.extend_from_slice(facts);
        bytes.extend_from_slice(&places);
        bytes.extend_from_slice(&rest);
        for length in [facts.len(), places.len(), rest.len()] {
            bytes.extend_from_slice(&u64::try_from(length).unwrap_or(u64::MAX).to_le_bytes());
        }
        let checksum = xxh3_128(&bytes);
        bytes.extend_from_slice(&checksum.to_le_bytes());
        bytes.extend_from_slice(&FORMAT.to_le_bytes());
        bytes.extend_from_slice(&MAGIC);
        bytes
    }

    /// The book that a snapshot holds. The bytes are taken over: they become the book's own.
    ///
    /// ```
    /// # let book = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/maison.rs"));
    /// # let on = parure::calendar::Day::parse("2026-11-21")?;
    /// let mut bytes = book.snapshot();
    /// assert_eq!(parure::book::Book::restore(bytes.clone())?.facts(), book.facts());
    /// bytes[0] ^= 1;
    /// assert_eq!(parure::book::Book::restore(bytes).unwrap_err().code, "snapshot_damaged");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// `snapshot_foreign` for bytes that are no snapshot, `snapshot_newer` for a layout this library does not know,
    /// `snapshot_damaged` for a snapshot that was cut short or changed.
    pub fn restore(mut bytes: Vec<u8>) -> Result<Book, Fault> {
        let (format, [facts, places, rest]) = check(&bytes)?;
        let after_places = facts.saturating_add(places);
        let heads = bytes.get(facts..after_places).unwrap_or_default().to_vec();
        let rest = bytes.get(after_places..after_places.saturating_add(rest)).unwrap_or_default();
        let (head, mut rest) = postcard::take_from_bytes::<Head<'_>>(rest).map_err(|_| damaged())?;
        let mut erased = Vec::new();
        if format > BEFORE_ERASURES {
            (erased, rest) = postcard::take_from_bytes(rest).map_err(|_| damaged())?;
        }
        let mut people: Lists = (Vec::new(), Vec::new());
        if format > BEFORE_PROFILES {
            (people, rest) = postcard::take_from_bytes(rest).map_err(|_| damaged())?;
        }
        let mut households: Vec<FactNo> = Vec::new();
        if format > BEFORE_HOUSEHOLDS {
            (households, rest) = postcard::take_from_bytes(rest).map_err(|_| damaged())?;
        }
        let program = Program::parse("snapshot", head.program).map_err(|faults| {
            let first = faults.iter().next().map_or_else(String::new, ToString::to_string);
            let message = format!("the snapshot's program can't be read by this library: {first}");
            Fault::new("snapshot_newer", message)
        })?;
        let same_library = format == FORMAT && head.library == LIBRARY;
        let mut book = Book::new(program);
        (book.adopted, book.unions, book.seals) = (head.adopted, head.unions, head.seals);
        book.erased = erased;
        book.told = people.0;
        for (place, no) in people.1 {
            book.namings.put(place, no);
        }
        for _ in 0..head.people {
            let (person, others) = Person::read(rest, format).map_err(|_| damaged())?;
            let (length, others) = others.split_first_chunk().ok_or_else(damaged)?;
            let length = usize::try_from(u32::from_le_bytes(*length)).map_err(|_| damaged())?;
            let (state, others) = others.split_at_checked(length).ok_or_else(damaged)?;
            let account = match same_library {
                true => postcard::from_bytes(state).map_err(|_| damaged())?,
                false => Account::default(),
            };
            let Person { id, facts, base, last, joined, settled } = person;
            let root = book.people.place_or_new(id);
            if let Some(customer) = book.people.get_mut(root) {
                let facts = facts.into();
                *customer = Customer { id: id.into(), facts, root, account, last, base, joined, settled };
            }
            rest = others;
        }
        bytes.truncate(facts);
        bytes.shrink_to_fit();
        book.log = Log::from_parts(bytes, &heads)?.ok_or_else(damaged)?;
        book.read_versions();
        for fact in book.erased.iter().filter_map(|no| book.log.fact(*no)) {
            book.erasures.add(&fact);
        }
        book.read_introducers();
        let unions;
        (unions, book.against) = book.judge_unions();
        book.people.regroup(&unions);
        book.read_households(&households);
        if !same_library {
            book.fold_all();
        }
        Ok(book)
    }

    /// Folds every account from its base.
    pub(super) fn fold_all(&mut self) {
        let roots = self.people.places().filter(|place| self.people.root(*place) == *place);
        self.fold_each_again(&roots.collect::<Vec<_>>());
    }
}

/// The layout and the lengths of the three runs, of a snapshot that is whole.
fn check(bytes: &[u8]) -> Result<(u16, [usize; 3]), Fault> {
    let foreign = || Fault::new("snapshot_foreign", "these bytes are not a snapshot of a book");
    let footer =
        bytes.len().checked_sub(FOOTER).and_then(|at| bytes.split_at_checked(at)).ok_or_else(foreign)?.1;
    if !footer.ends_with(&MAGIC) {
        return Err(foreign());
    }
    let number = |at: usize| {
        let end = at.saturating_add(8);
        footer.get(at..end).and_then(|bytes| bytes.try_into().ok()).map_or(u64::MAX, u64::from_le_bytes)
    };
    let format = footer.get(40..42).and_then(|bytes| bytes.try_into().ok()).map_or(0, u16::from_le_bytes);
    if !(BEFORE_ERASURES..=FORMAT).contains(&format) {
        let message = format!("the snapshot has layout {format}, this library reads layouts up to {FORMAT}");
        return Err(Fault::new("snapshot_newer", message));
    }
    let checksum = footer.get(24..40).and_then(|bytes| bytes.try_into().ok()).map_or(0, u128::from_le_bytes);
    let checked = bytes.len().saturating_sub(FOOTER.saturating_sub(24));
    if xxh3_128(bytes.get(..checked).unwrap_or_default()) != checksum {
        return Err(damaged());
    }
    let length = |at: usize| usize::try_from(number(at)).map_err(|_| damaged());
    let lengths = [length(0)?, length(8)?, length(16)?];
    let sum = lengths.iter().try_fold(0_usize, |sum, length| sum.checked_add(*length));
    if sum != bytes.len().checked_sub(FOOTER) {
        return Err(damaged());
    }
    Ok((format, lengths))
}

fn damaged() -> Fault {
    Fault::new("snapshot_damaged", "the snapshot was cut short or changed")
        .advise("restore an older one and merge the facts since")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::Day;

    #[test]
    fn states_of_another_version_are_folded_anew() {
        let program = include_str!("../../../../examples/maison.toml");
        let program = Program::parse("maison.toml", program).unwrap();
        let mut book = Book::new(program);
        let facts = include_str!("../../../../examples/maison.jsonl").lines();
        let facts: Vec<_> =
            facts.map(|line| crate::fact::Fact::from_json(line, book.currency()).unwrap()).collect();
        book.merge(&facts).unwrap();
        let other = book.written_by("another", |_, states| {
            states.extend_from_slice(b"laid out otherwise");
            Ok(())
        });
        let restored = Book::restore(other).unwrap();
        let day = Day::parse("2026-11-21").unwrap();
        assert_eq!(restored.to_json(day), book.to_json(day));
        assert_eq!(restored.snapshot(), book.snapshot());
    }
}
