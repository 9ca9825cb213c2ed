//! Who is likely the same person twice: pairs that share something, weighed by what they share and what speaks against it.
//!
//! The weights are those of Fellegi and Sunter (A Theory for Record Linkage, JASA 64, 1969): for each thing compared, the binary logarithm of how much
//! likelier this is for one person than for two. How likely two people share a value is counted in the data (张伟 says less than 宇文拓); how likely one
//! person shows it is stated at [`Reason`], in the orders of magnitude that Winkler (Overview of Record Linkage, 2006) reports for lists of persons. A
//! pair starts with the odds of any two customers: one in ten is taken to be there twice.
//!
//! Everything is in whole tenths of bits, and nothing depends on the machine.

mod blocks;
mod compare;
mod traits;

use super::directory::Known;
use super::likeness::thousandths;
use crate::calendar::Anniversary;
use smallvec::SmallVec;
use std::collections::BTreeSet;
use std::fmt;
use traits::{Counts, Traits};

/// A customer as they are compared.
///
/// ```
/// use parure::customer::{Known, Person};
/// let person = Person { place: 0, known: Known { names: vec!["张伟"], ..Known::default() }, birthday: None, address: None };
/// assert_eq!(format!("{person:?}"), "Person at 0"); // nothing of them is shown
/// ```
#[derive(Clone)]
pub struct Person<'a> {
    /// The customer's place.
    pub place: u32,
    /// Names, phones and the like.
    pub known: Known<'a>,
    /// Solar or lunar, with or without the year.
    pub birthday: Option<Anniversary>,
    /// As it was written.
    pub address: Option<&'a str>,
}

/// Nothing of a person is shown.
impl fmt::Debug for Person<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Person at {}", self.place)
    }
}

/// What is looked for.
///
/// ```
/// use parure::customer::Options;
/// assert_eq!(Options::default().least, 500); // likelier than not
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// The least score that is told, in thousandths.
    pub least: u16,
    /// So many who share something (a surname and a birthday, say) are compared each with each. Of more, each is compared with the `window` that are
    /// next in the order of name, phone and birthday.
    pub largest_block: usize,
    /// See there.
    pub window: usize,
    /// Pairs of places, the smaller first, of whom the shop has said that they are two.
    pub apart: BTreeSet<(u32, u32)>,
}

impl Default for Options {
    fn default() -> Self {
        Options { least: 500, largest_block: 40, window: 6, apart: BTreeSet::new() }
    }
}

/// Two customers who are likely one person.
///
/// ```
/// use parure::customer::{Known, Options, Person, Reason, duplicates};
/// let person = |place, name, phone| {
///     let known = Known { names: vec![name], phones: vec![phone], ..Known::default() };
///     Person { place, known, birthday: None, address: None }
/// };
/// let pairs = duplicates([person(4, "张晓薇", "+8613812345678"), person(7, "zhang xiaowei", "+8613812345678")], &Options::default());
/// assert_eq!((pairs[0].a, pairs[0].b), (4, 7));
/// assert!(pairs[0].score > 900);
/// assert_eq!(pairs[0].reasons.iter().map(|(reason, _)| reason.to_string()).collect::<Vec<_>>(),
///     ["names that sound the same", "the same phone"]);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair {
    /// The customer told first.
    pub a: u32,
    /// The other.
    pub b: u32,
    /// How likely they are one person, in thousandths.
    pub score: u16,
    /// What speaks for it and against, with its weight in tenths of bits; the heaviest first.
    pub reasons: SmallVec<[(Reason, i16); 4]>,
}

/// What two customers share, or what tells them apart. With each stands how likely it is of one person's
/// two entries; of slips, of which it can't be counted how often they happen by chance, what they weigh.
///
/// ```
/// use parure::customer::Reason;
/// assert_eq!(Reason::SamePhone.to_string(), "the same phone");
/// assert_eq!(Reason::SamePhone.code(), "same_phone");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// Written the same: three in four.
    SameName,
    /// Other characters, or another script: one in eight.
    SameSound,
    /// Family and given name changed about: one in four, since in Latin letters either order is usual.
    SwappedName,
    /// One letter or one character's sound off: one in twenty.
    NameSlip,
    /// A part of the name is missing or only its first letter is there: one in fifteen.
    NamePart,
    /// Nothing alike is known of the names: a nickname in Latin letters beside a Chinese name.
    OtherScript,
    /// The same surname, another given name: one in sixty.
    OtherGiven,
    /// Another name altogether: one in two hundred and fifty.
    OtherName,
    /// Two in three.
    SamePhone,
    /// One digit off, or two changed about: nine bits.
    PhoneSlip,
    /// Three in ten: people change their numbers.
    OtherPhone,
    /// Two in three.
    SameEmail,
    /// One letter off: nine bits.
    EmailSlip,
    /// One in three.
    OtherEmail,
    /// Four in five.
    SameWeChat,
    /// One in three.
    OtherWeChat,
    /// One in two.
    SameCard,
    /// A piece of one is a piece of the other.
    SameSerial,
    /// Four in five.
    SameBirthday,
    /// The same day, and the year is missing in one: one in three.
    SameDay,
    /// One digit off, month and day changed about, a lunar date kept as a solar one, or another year: three and a half to five bits.
    BirthdaySlip,
    /// One in fifty.
    OtherBirthday,
    /// One in two.
    SameAddress,
    /// One letter off, or a part of it missing: four and a half bits.
    LikeAddress,
    /// What they share a household shares, too: taken back.
    Household,
}

impl Reason {
    /// A stable name.
    ///
    /// ```
    /// assert_eq!(parure::customer::Reason::Household.code(), "household");
    /// ```
    #[must_use]
    pub fn code(self) -> &'static str {
        self.told().0
    }

    fn told(self) -> (&'static str, &'static str) {
        match self {
            Reason::SameName => ("same_name", "the same name"),
            Reason::SameSound => ("same_sound", "names that sound the same"),
            Reason::SwappedName => ("swapped_name", "family and given name changed about"),
            Reason::NameSlip => ("name_slip", "names that differ in one letter"),
            Reason::NamePart => ("name_part", "one name is a part of the other"),
            Reason::OtherScript => ("other_script", "names that can't be compared"),
            Reason::OtherGiven => ("other_given", "another given name"),
            Reason::OtherName => ("other_name", "another name"),
            Reason::SamePhone => ("same_phone", "the same phone"),
            Reason::PhoneSlip => ("phone_slip", "phones that differ in one digit"),
            Reason::OtherPhone => ("other_phone", "another phone"),
            Reason::SameEmail => ("same_email", "the same e-mail address"),
            Reason::EmailSlip => ("email_slip", "e-mail addresses that differ in one letter"),
            Reason::OtherEmail => ("other_email", "another e-mail address"),
            Reason::SameWeChat => ("same_wechat", "the same WeChat id"),
            Reason::OtherWeChat => ("other_wechat", "another WeChat id"),
            Reason::SameCard => ("same_card", "the same card"),
            Reason::SameSerial => ("same_serial", "the same piece"),
            Reason::SameBirthday => ("same_birthday", "the same birthday"),
            Reason::SameDay => ("same_day", "the same birthday, as far as is known"),
            Reason::BirthdaySlip => ("birthday_slip", "birthdays that are nearly the same"),
            Reason::OtherBirthday => ("other_birthday", "another birthday"),
            Reason::SameAddress => ("same_address", "the same address"),
            Reason::LikeAddress => ("like_address", "addresses that are nearly the same"),
            Reason::Household => ("household", "what is shared may be the household's"),
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.told().1)
    }
}

/// Pairs of customers who are likely one person, the likeliest first; of equal ones in the order in which customers were told. Tell them in the order
/// of their ids, and the answer is the same on every machine.
///
/// Only who shares something is compared: a phone, e-mail address, WeChat id, card, piece or address, a name with a birthday or with parts of a phone,
/// a birthday with a surname. No step takes the square of the number of customers ([`Options::largest_block`]).
///
/// A family that shares a phone is not one person, nor are twins:
///
/// ```
/// use parure::calendar::Anniversary;
/// use parure::customer::{Known, Options, Person, duplicates};
/// let born = Anniversary::solar(Some(1990), 5, 20)?;
/// let person = |place, name| {
///     let known = Known { names: vec![name], phones: vec!["+8613812345678"], ..Known::default() };
///     Person { place, known, birthday: Some(born), address: Some("上海市南京西路1号") }
/// };
/// assert!(duplicates([person(0, "王晓龙"), person(1, "王晓凤")], &Options::default()).is_empty());
/// assert_eq!(duplicates([person(0, "王晓龙"), person(1, "王曉龍")], &Options::default()).len(), 1);
/// # Ok::<(), parure::fault::Fault>(())
/// ```
#[must_use]
pub fn duplicates<'a>(customers: impl IntoIterator<Item = Person<'a>>, options: &Options) -> Vec<Pair> {
    let all: Vec<Traits> = customers.into_iter().map(|person| Traits::of(&person)).collect();
    let counts = Counts::of(&all);
    let mut pairs = Vec::new();
    for (one, other) in blocks::pairs(&all, options) {
        let (Some(a), Some(b)) = (all.get(one), all.get(other)) else { continue };
        if a.place == b.place || options.apart.contains(&(a.place.min(b.place), a.place.max(b.place))) {
            continue;
        }
        let weighed = compare::weigh(a, b, &counts);
        let score = thousandths(weighed.tenths);
        if score >= options.least {
            pairs.push((one, other, Pair { a: a.place, b: b.place, score, reasons: weighed.reasons }));
        }
    }
    pairs.sort_by_key(|(one, other, pair)| (std::cmp::Reverse(pair.score), *one, *other));
    pairs.into_iter().map(|(_, _, pair)| pair).collect()
}

#[cfg(test)]
mod tests;
