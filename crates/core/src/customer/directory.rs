//! Customers by what is typed at a till: a phone or its last digits, letters of a name, pinyin, characters, an e-mail address, a card, a serial.
//!
//! It follows from what is known of customers and is never kept: a book makes it when somebody is first looked for, and tells it what changes.

mod search;

use super::name::{Name, fold};
use super::runs::Runs;
use crate::Id;
use foldhash::fast::FixedState;
use hashbrown::HashMap;
use search::Search;
use smallvec::SmallVec;
use std::fmt;
use std::ops::RangeInclusive;

/// Letters, characters, digits and signs of a form that lie in its key; what is longer is kept beside it.
const LETTERS: usize = 13;
const CHARACTERS: usize = 3;
const DIGITS: usize = 15;
const SIGNS: usize = 22;

/// What is known of a customer that they can be found by.
///
/// Phones are E.164 (`+8613812345678`); all else is as it was written.
///
/// ```
/// let known = parure::customer::Known { names: vec!["张伟"], phones: vec!["+8613812345678"], ..Default::default() };
/// assert_eq!(format!("{known:?}"), "Known of 2 values"); // nothing of a person is shown
/// ```
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Known<'a> {
    /// Names, in any script; several where a person goes by several.
    pub names: Vec<&'a str>,
    /// Phone numbers in E.164.
    pub phones: Vec<&'a str>,
    /// E-mail addresses.
    pub emails: Vec<&'a str>,
    /// WeChat ids.
    pub wechats: Vec<&'a str>,
    /// Numbers of cards.
    pub cards: Vec<&'a str>,
    /// Serials of their pieces.
    pub serials: Vec<&'a str>,
}

/// In which field somebody was found.
///
/// ```
/// use parure::customer::Field;
/// assert!(Field::Name < Field::Phone); // the order of answers that fit equally well
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    /// A name.
    Name,
    /// A phone number.
    Phone,
    /// An e-mail address.
    Email,
    /// A WeChat id.
    WeChat,
    /// A card.
    Card,
    /// The serial of a piece.
    Serial,
}

/// How much of the field was typed; the better fits come first.
///
/// ```
/// use parure::customer::Extent;
/// assert!(Extent::Whole < Extent::Start && Extent::Part < Extent::Sound);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Extent {
    /// All of it: the name as written or in full pinyin, the number with or without its country, the whole address or serial.
    Whole,
    /// Its start; of a name also its first letters (`zw`), of a phone also its last digits.
    Start,
    /// The start of a later part of a name: 伟 or `wei` for 张伟.
    Part,
    /// Other characters of the same sound: 章玮 or 張偉 for 张伟.
    Sound,
}

/// Somebody who was found, and by what.
///
/// ```
/// use parure::customer::{Directory, Extent, Field, Found, Known};
/// let mut directory = Directory::default();
/// directory.add(0, "c-1", &Known { names: vec!["张伟"], ..Known::default() });
/// assert_eq!(directory.find("zw", 10), [Found { place: 0, field: Field::Name, extent: Extent::Start }]);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Found {
    /// The customer's place.
    pub place: u32,
    /// The field that fits best.
    pub field: Field,
    /// How much of it was typed.
    pub extent: Extent,
}

/// Ids of customers by place.
#[derive(Clone, Default)]
pub(super) struct Ids(Vec<Id>);

impl Ids {
    pub(super) fn of(&self, place: u32) -> &str {
        usize::try_from(place).ok().and_then(|at| self.0.get(at)).map_or("", Id::as_str)
    }

    fn set(&mut self, place: u32, id: &str) {
        let at = usize::try_from(place).unwrap_or(usize::MAX);
        if at >= self.0.len() {
            self.0.resize(at.saturating_add(1), Id::default());
        }
        if let Some(there) = self.0.get_mut(at) {
            *there = Id::new(id);
        }
    }

    /// The rank of each place in the order of ids.
    fn ranks(&self) -> (Vec<u32>, Vec<u32>) {
        let mut places: Vec<u32> = (0..=u32::MAX).zip(&self.0).map(|(place, _)| place).collect();
        places.sort_unstable_by(|a, b| self.of(*a).cmp(self.of(*b)).then(a.cmp(b)));
        let mut ranks = vec![0; places.len()];
        for (rank, place) in (0..=u32::MAX).zip(&places) {
            if let Some(there) = usize::try_from(*place).ok().and_then(|at| ranks.get_mut(at)) {
                *there = rank;
            }
        }
        (places, ranks)
    }
}

/// Where entries lie: forms of names, and phones from both ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shelf {
    Written,
    WrittenLater,
    Spelt,
    SpeltLater,
    PhoneStart,
    PhoneEnd,
    Codes(Field),
}

const SHELVES: usize = 6;

/// The index of all customers.
///
/// ```
/// use parure::customer::{Directory, Extent, Field, Known};
/// let zhang = Known { names: vec!["张伟"], phones: vec!["+8613812345678"], ..Known::default() };
/// let anna = Known { names: vec!["Anna Schmidt"], emails: vec!["Anna@Example.com"], cards: vec!["VIP 0042"], ..Known::default() };
/// let mut directory = Directory::build([(0, "c-1", zhang.clone()), (1, "c-2", anna)]);
/// for typed in ["zhangwei", "zw", "zwei", "zhang w", "Wei Zhang", "张伟", "張偉", "伟", "138 1234 5678", "+86 138-1234-5678", "5678"] {
///     assert_eq!(directory.find(typed, 10)[0].place, 0, "{typed}");
/// }
/// for typed in ["schmidt", "as", "anna@example.com", "vip-0042", "VIP00"] {
///     assert_eq!(directory.find(typed, 10)[0].place, 1, "{typed}");
/// }
/// directory.remove(0, &zhang);
/// assert!(directory.find("zw", 10).is_empty());
/// ```
#[derive(Clone, Default)]
pub struct Directory {
    ids: Ids,
    names_and_phones: [Runs<u64>; SHELVES],
    codes: Runs<u128>,
    /// Forms that are longer than their keys, by place.
    long: HashMap<u32, SmallVec<[(u8, Id); 1]>, FixedState>,
}

impl Directory {
    /// A directory of many at once, which is faster than adding them one by one.
    ///
    /// ```
    /// use parure::customer::{Directory, Known};
    /// let directory = Directory::build([(7, "c-7", Known { names: vec!["王芳"], ..Known::default() })]);
    /// assert_eq!(directory.find("wf", 1)[0].place, 7);
    /// ```
    #[must_use]
    pub fn build<'a>(customers: impl IntoIterator<Item = (u32, &'a str, Known<'a>)>) -> Directory {
        let mut directory = Directory::default();
        for (place, id, known) in customers {
            directory.ids.set(place, id);
            let forms = Forms::of(&known);
            for (shelf, key) in forms.short {
                if let Some(runs) = directory.names_and_phones.get_mut(usize::from(shelf)) {
                    runs.push(key, place);
                }
            }
            forms.codes.iter().for_each(|key| directory.codes.push(*key, place));
            directory.keep(place, forms.long);
        }
        let (places, ranks) = directory.ids.ranks();
        let by = |table: &[u32], at: u32| {
            usize::try_from(at).ok().and_then(|at| table.get(at)).copied().unwrap_or(at)
        };
        for runs in &mut directory.names_and_phones {
            runs.settle(
                |tail| sort_by_rank(tail, |place| by(&ranks, place), |rank| by(&places, rank)),
                &directory.ids,
            );
        }
        directory.codes.settle(
            |tail| sort_by_rank(tail, |place| by(&ranks, place), |rank| by(&places, rank)),
            &directory.ids,
        );
        directory
    }

    /// Adds a customer, who is not there; places are below 2^31.
    ///
    /// ```
    /// use parure::customer::{Directory, Known};
    /// let mut directory = Directory::default();
    /// directory.add(3, "c-3", &Known { serials: vec!["RX-7781"], ..Known::default() });
    /// assert_eq!(directory.find("rx7781", 1)[0].place, 3);
    /// ```
    pub fn add(&mut self, place: u32, id: &str, known: &Known<'_>) {
        self.ids.set(place, id);
        let forms = Forms::of(known);
        for (shelf, key) in forms.short {
            if let Some(runs) = self.names_and_phones.get_mut(usize::from(shelf)) {
                runs.add(key, place, &self.ids);
            }
        }
        forms.codes.iter().for_each(|key| self.codes.add(*key, place, &self.ids));
        self.keep(place, forms.long);
    }

    /// Takes a customer out who was added with exactly this.
    ///
    /// ```
    /// use parure::customer::{Directory, Known};
    /// let before = Known { names: vec!["王芳"], ..Known::default() };
    /// let mut directory = Directory::build([(0, "c-1", before.clone())]);
    /// directory.remove(0, &before); // she marries, and wants to be called otherwise
    /// directory.add(0, "c-1", &Known { names: vec!["王芳", "Fanny Wang"], ..before });
    /// assert_eq!(directory.find("fanny", 1).len(), 1);
    /// ```
    pub fn remove(&mut self, place: u32, known: &Known<'_>) {
        let forms = Forms::of(known);
        for (shelf, key) in forms.short {
            if let Some(runs) = self.names_and_phones.get_mut(usize::from(shelf)) {
                runs.remove(key, place, &self.ids);
            }
        }
        forms.codes.iter().for_each(|key| self.codes.remove(*key, place, &self.ids));
        self.long.remove(&place);
    }

    /// Takes a customer out of whom nothing is known any more, and leaves no trace: it looks through all entries.
    ///
    /// ```
    /// use parure::customer::{Directory, Known};
    /// let mut directory = Directory::build([(0, "c-1", Known { names: vec!["王芳"], ..Known::default() })]);
    /// directory.forget(0);
    /// assert!(directory.find("wf", 1).is_empty());
    /// ```
    pub fn forget(&mut self, place: u32) {
        self.names_and_phones.iter_mut().for_each(|runs| runs.forget(place));
        self.codes.forget(place);
        self.long.remove(&place);
    }

    /// Who fits what was typed, at most `limit` of them: first those of whom more was typed ([`Extent`]), then by [`Field`], then by what fits in
    /// the order of the alphabet (of its first 13 letters, 3 characters or 22 signs), then by id. The same on every machine, whatever order customers came in.
    ///
    /// Case, width, accents, spaces and signs don't matter. What has four digits and no letter is a phone, too: with or without its
    /// country, or its end. Characters find what is written so, also from a later character on, then what sounds the same. `zh`, `ch` and
    /// `sh` may stand for `z`, `c` and `s` as first letters.
    ///
    /// ```
    /// use parure::customer::{Directory, Known};
    /// let named = |name| Known { names: vec![name], ..Known::default() };
    /// let directory = Directory::build([(0, "c-1", named("张小伟")), (1, "c-2", named("伟忠")), (2, "c-3", named("章晓薇"))]);
    /// let places = |typed| directory.find(typed, 10).iter().map(|found| found.place).collect::<Vec<_>>();
    /// assert_eq!(places("伟"), [1, 0]); // at the start before inside
    /// assert_eq!(places("张小伟"), [0, 2]); // as written before as it sounds
    /// assert_eq!(places("zhxw"), [0, 2]);
    /// assert!(places("").is_empty());
    /// ```
    #[must_use]
    pub fn find(&self, typed: &str, limit: usize) -> Vec<Found> {
        let mut search = Search { directory: self, limit, hits: Vec::new() };
        if limit > 0 {
            search.names(typed);
            search.phones(typed);
            search.codes(typed);
        }
        search.answer()
    }

    /// Entries, and bytes that they take.
    ///
    /// ```
    /// use parure::customer::{Directory, Known};
    /// let directory = Directory::build([(0, "c-1", Known { phones: vec!["+8613812345678"], ..Known::default() })]);
    /// assert_eq!(directory.size().0, 2); // from the front and from the end
    /// ```
    #[must_use]
    pub fn size(&self) -> (usize, usize) {
        let parts = self.names_and_phones.iter().map(Runs::size).chain([self.codes.size()]);
        let (entries, bytes) = parts.fold((0_usize, 0_usize), |(entries, bytes), part| {
            (entries.saturating_add(part.0), bytes.saturating_add(part.1))
        });
        let ids = self.ids.0.capacity().saturating_mul(size_of::<Id>());
        let each = size_of::<(u32, SmallVec<[(u8, Id); 1]>)>();
        let long = self.long.capacity().saturating_mul(each);
        (entries, bytes.saturating_add(ids).saturating_add(long))
    }

    fn keep(&mut self, place: u32, long: SmallVec<[(u8, Id); 1]>) {
        if !long.is_empty() {
            self.long.insert(place, long);
        }
    }

    /// Whether a customer has a long form that begins with the text, and whether one is the text.
    fn has_long(&self, place: u32, shelf: Shelf, text: &str) -> Option<bool> {
        let forms = self.long.get(&place)?.iter().filter(|(number, _)| *number == shelf.number());
        let mut fits =
            forms.filter(|(_, form)| form.starts_with(text)).map(|(_, form)| form.len() == text.len());
        let first = fits.next()?;
        Some(first || fits.any(|whole| whole))
    }
}

#[cfg(test)]
impl Directory {
    /// All that was found, before it is put in order.
    fn hits_of_one(&self, typed: &str) -> Vec<(Extent, Field, u8, u128)> {
        let mut search = Search { directory: self, limit: usize::MAX, hits: Vec::new() };
        search.names(typed);
        search.phones(typed);
        search.codes(typed);
        search.hits.iter().map(|hit| (hit.extent, hit.field, hit.shelf, hit.key)).collect()
    }
}

/// Nothing of a person is shown.
impl fmt::Debug for Known<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let all = [&self.names, &self.phones, &self.emails, &self.wechats, &self.cards, &self.serials];
        write!(f, "Known of {} values", all.map(Vec::len).iter().sum::<usize>())
    }
}

/// Nothing of a person is shown.
impl fmt::Debug for Directory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Directory of {} entries", self.size().0)
    }
}

fn sort_by_rank<K: Ord>(tail: &mut [(K, u32)], rank: impl Fn(u32) -> u32, place: impl Fn(u32) -> u32) {
    tail.iter_mut().for_each(|entry| entry.1 = rank(entry.1));
    tail.sort_unstable();
    tail.iter_mut().for_each(|entry| entry.1 = place(entry.1));
}

// ── Keys ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────

impl Shelf {
    fn number(self) -> u8 {
        match self {
            Shelf::Written => 0,
            Shelf::WrittenLater => 1,
            Shelf::Spelt => 2,
            Shelf::SpeltLater => 3,
            Shelf::PhoneStart => 4,
            Shelf::PhoneEnd => 5,
            Shelf::Codes(Field::Email) => 6,
            Shelf::Codes(Field::WeChat) => 7,
            Shelf::Codes(Field::Card) => 8,
            Shelf::Codes(Field::Serial | Field::Name | Field::Phone) => 9,
        }
    }

    fn field(self) -> Field {
        match self {
            Shelf::Written | Shelf::WrittenLater | Shelf::Spelt | Shelf::SpeltLater => Field::Name,
            Shelf::PhoneStart | Shelf::PhoneEnd => Field::Phone,
            Shelf::Codes(field) => field,
        }
    }

    /// How many signs lie in a key, and how many kinds of them there are.
    fn room(self) -> (usize, u128) {
        match self {
            Shelf::Written | Shelf::WrittenLater => (CHARACTERS, 1 << 21),
            Shelf::Spelt | Shelf::SpeltLater => (LETTERS, 27),
            Shelf::PhoneStart | Shelf::PhoneEnd => (DIGITS, 11),
            Shelf::Codes(_) => (SIGNS, 42),
        }
    }

    /// The number of a sign in a key; 0 is for none. The last number of a code's signs is shared by all that have none of their own.
    fn sign(self, sign: char) -> u128 {
        let from = |first: char, start: u128| {
            u128::from(u32::from(sign).saturating_sub(u32::from(first))).saturating_add(start)
        };
        match (self, sign) {
            (Shelf::Written | Shelf::WrittenLater, _) => u128::from(u32::from(sign)),
            (Shelf::Spelt | Shelf::SpeltLater | Shelf::Codes(_), 'a'..='z') => from('a', 1),
            (Shelf::PhoneStart | Shelf::PhoneEnd, '0'..='9') => from('0', 1),
            (Shelf::Codes(_), '0'..='9') => from('0', 27),
            (Shelf::Codes(_), '@') => 37,
            (Shelf::Codes(_), '.') => 38,
            (Shelf::Codes(_), '-') => 39,
            (Shelf::Codes(_), '_') => 40,
            (Shelf::Codes(_), _) => SHARED,
            (Shelf::Spelt | Shelf::SpeltLater | Shelf::PhoneStart | Shelf::PhoneEnd, _) => 0,
        }
    }

    /// How many signs a key tells.
    fn length(self, key: u128) -> usize {
        let (room, kinds) = self.room();
        let (mut rest, mut none) = (key >> 1, 0_usize);
        while none < room && rest.checked_rem(kinds) == Some(0) {
            (rest, none) = (rest.checked_div(kinds).unwrap_or(0), none.saturating_add(1));
        }
        room.saturating_sub(none)
    }

    /// The keys of all that begin with a text; the first is of the text itself, where the key tells it wholly.
    fn range(self, text: &str) -> Range {
        let (room, kinds) = self.room();
        let (mut key, mut span, mut left, mut shared) = (0_u128, 1_u128, room, false);
        for sign in text.chars().take(room) {
            let sign = self.sign(sign);
            shared |= sign == SHARED && matches!(self, Shelf::Codes(_));
            key = key.saturating_mul(kinds).saturating_add(sign);
            left = left.saturating_sub(1);
        }
        for _ in 0..left {
            (key, span) = (key.saturating_mul(kinds), span.saturating_mul(kinds));
        }
        // The last bit is for what the key does not tell.
        let above = match self {
            Shelf::Codes(_) => u128::from(self.number().saturating_sub(6)) << 125,
            _ => 0,
        };
        let first = above | (key << 1);
        let last = above | (key.saturating_add(span).saturating_mul(2).saturating_sub(1));
        Range { keys: first..=last, long: shared || text.chars().nth(room).is_some() }
    }
}

/// The number of all signs of codes that have none of their own.
const SHARED: u128 = 41;

struct Range {
    keys: RangeInclusive<u128>,
    /// The text says more than the keys.
    long: bool,
}

/// The keys of a customer, and the forms that are longer than theirs.
struct Forms {
    short: SmallVec<[(u8, u64); 24]>,
    codes: SmallVec<[u128; 4]>,
    long: SmallVec<[(u8, Id); 1]>,
}

impl Forms {
    /// All of a customer, none twice.
    fn of(known: &Known<'_>) -> Forms {
        let mut forms = Forms { short: SmallVec::new(), codes: SmallVec::new(), long: SmallVec::new() };
        forms_of(known, &mut |shelf, form| {
            let range = shelf.range(form);
            let key = range.keys.start() | u128::from(range.long);
            match shelf {
                Shelf::Codes(_) => forms.codes.push(key),
                _ => forms.short.push((shelf.number(), u64::try_from(key).unwrap_or(u64::MAX))),
            }
            if range.long {
                forms.long.push((shelf.number(), Id::new(form)));
            }
        });
        forms.short.sort_unstable();
        forms.short.dedup();
        forms.codes.sort_unstable();
        forms.codes.dedup();
        forms.long.sort_unstable();
        forms.long.dedup();
        forms
    }
}

/// Shows each form that somebody is found by; some may come twice.
fn forms_of(known: &Known<'_>, show: &mut impl FnMut(Shelf, &str)) {
    for name in known.names.iter().flat_map(|text| Name::all(text)) {
        let written = letters(name.written());
        if !is_spelt(&written) {
            show(Shelf::Written, &written);
            if name.is_chinese() {
                let later = written.char_indices().skip(1);
                later.for_each(|(at, _)| show(Shelf::WrittenLater, written.get(at..).unwrap_or_default()));
            }
        }
        // A Chinese name with a character that no dictionary reads is found as it is written.
        let shown = |form: &String| is_spelt(form) || !name.is_chinese();
        for form in name.forms().into_iter().filter(shown) {
            show(if is_spelt(&form) { Shelf::Spelt } else { Shelf::Written }, &form);
        }
        for form in name.later_forms().into_iter().filter(shown) {
            show(if is_spelt(&form) { Shelf::SpeltLater } else { Shelf::WrittenLater }, &form);
        }
    }
    for phone in &known.phones {
        let digits: SmallVec<[u8; 16]> = phone.bytes().filter(u8::is_ascii_digit).collect();
        if let (Ok(start), Ok(end)) = (
            str::from_utf8(&digits),
            str::from_utf8(&digits.iter().rev().copied().collect::<SmallVec<[u8; 16]>>()),
        ) && !start.is_empty()
        {
            show(Shelf::PhoneStart, start);
            show(Shelf::PhoneEnd, end);
        }
    }
    let fields = [
        (Field::Email, &known.emails),
        (Field::WeChat, &known.wechats),
        (Field::Card, &known.cards),
        (Field::Serial, &known.serials),
    ];
    for (field, texts) in fields {
        for form in texts.iter().map(|text| code(field, text)).filter(|form| !form.is_empty()) {
            show(Shelf::Codes(field), &form);
        }
    }
}

fn is_spelt(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_lowercase())
}

/// Letters and digits of a folded text.
fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

/// An address without case and spaces; a card or serial also without signs.
fn code(field: Field, text: &str) -> String {
    let folded = fold(text);
    match field {
        Field::Card | Field::Serial => letters(&folded),
        Field::Name | Field::Phone | Field::Email | Field::WeChat => {
            folded.chars().filter(|c| !c.is_whitespace()).collect()
        }
    }
}

#[cfg(test)]
mod tests;
