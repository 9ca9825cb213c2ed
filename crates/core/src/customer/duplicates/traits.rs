//! What of a customer is compared, made ready once.

use super::Person;
use crate::calendar::{Anniversary, Day, LunarDate};
use crate::customer::likeness::tenths_of_bits;
use crate::customer::name::{Name, fold};
use foldhash::fast::FixedState;
use hashbrown::HashMap;
use smallvec::SmallVec;
use smol_str::SmolStr;
use std::hash::{BuildHasher, Hash};

const HASHER: FixedState = FixedState::with_seed(0x6475_706c);

/// The fields of a value, so that a card is not taken for a phone.
#[derive(Debug, Clone, Copy, Hash)]
pub(super) enum Tag {
    Spelt,
    Family,
    Given,
    Phone,
    Email,
    WeChat,
    Card,
    Serial,
    Birth,
    Address,
}

pub(super) fn hash(what: impl Hash) -> u64 {
    HASHER.hash_one(what)
}

pub(super) struct Traits {
    pub(super) place: u32,
    pub(super) names: SmallVec<[Called; 1]>,
    pub(super) phones: SmallVec<[SmolStr; 1]>,
    pub(super) emails: SmallVec<[SmolStr; 1]>,
    pub(super) wechats: SmallVec<[u64; 1]>,
    pub(super) cards: SmallVec<[u64; 1]>,
    pub(super) serials: SmallVec<[u64; 1]>,
    pub(super) born: Option<Born>,
    pub(super) address: Option<SmolStr>,
}

/// A name to compare.
pub(super) struct Called {
    pub(super) written: SmolStr,
    pub(super) spelt: SmolStr,
    pub(super) family: SmolStr,
    pub(super) given: SmolStr,
    /// Where it is a Chinese name, in characters or in pinyin; the family name first.
    pub(super) syllables: Option<SmallVec<[SmolStr; 3]>>,
    /// The same whichever part comes first.
    pub(super) sorted: u64,
    pub(super) chinese: bool,
}

/// A birthday in both calendars, as far as can be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Born {
    pub(super) written: Anniversary,
    /// Year, month and day.
    pub(super) solar: Option<(Option<i16>, u8, u8)>,
    pub(super) lunar: Option<(u8, u8)>,
    pub(super) day: Option<Day>,
}

impl Traits {
    pub(super) fn of(person: &Person<'_>) -> Traits {
        let known = &person.known;
        let folded = |text: &&str| -> SmolStr { fold(text).chars().filter(|c| !c.is_whitespace()).collect() };
        let plain = |text: &str| -> SmolStr { fold(text).chars().filter(|c| c.is_alphanumeric()).collect() };
        let mut traits = Traits {
            place: person.place,
            names: known
                .names
                .iter()
                .flat_map(|text| Name::all(text))
                .map(|name| Called::of(&name))
                .collect(),
            phones: known
                .phones
                .iter()
                .map(|phone| phone.chars().filter(char::is_ascii_digit).collect())
                .collect(),
            emails: known.emails.iter().map(folded).collect(),
            wechats: known.wechats.iter().map(|id| hash((Tag::WeChat, folded(id)))).collect(),
            cards: known.cards.iter().map(|card| hash((Tag::Card, plain(card)))).collect(),
            serials: known.serials.iter().map(|serial| hash((Tag::Serial, plain(serial)))).collect(),
            born: person.birthday.map(Born::of),
            address: person.address.map(plain).filter(|text| !text.is_empty()),
        };
        traits.phones.retain(|phone| !phone.is_empty());
        traits.emails.retain(|email| !email.is_empty());
        traits
    }

    /// The values of which it is counted how many share them.
    fn values(&self) -> SmallVec<[u64; 8]> {
        let mut values: SmallVec<[u64; 8]> = SmallVec::new();
        values.extend(
            self.names.iter().flat_map(|name| [name.value(), name.family_value(), name.given_value()]),
        );
        values.extend(self.phones.iter().map(|phone| hash((Tag::Phone, phone))));
        values.extend(self.emails.iter().map(|email| hash((Tag::Email, email))));
        values.extend(self.wechats.iter().chain(&self.cards).chain(&self.serials).copied());
        values.extend(self.born.and_then(|born| born.day).map(|day| hash((Tag::Birth, day))));
        values.extend(self.address.as_ref().map(|address| hash((Tag::Address, address))));
        values.sort_unstable();
        values.dedup();
        values
    }
}

impl Called {
    fn of(name: &Name) -> Called {
        let (family, given) = (SmolStr::new(name.family()), SmolStr::new(name.given()));
        let sorted = hash(if family <= given { (&family, &given) } else { (&given, &family) });
        Called {
            written: name.written().chars().filter(|c| c.is_alphanumeric()).collect(),
            spelt: SmolStr::new(name.spelt()),
            family,
            given,
            syllables: name.in_syllables(),
            sorted,
            chinese: name.is_chinese(),
        }
    }

    /// What names are counted by: their sound, whichever part comes first.
    fn value(&self) -> u64 {
        hash((Tag::Spelt, self.sorted))
    }

    fn family_value(&self) -> u64 {
        hash((Tag::Family, &self.family))
    }

    fn given_value(&self) -> u64 {
        hash((Tag::Given, &self.given))
    }
}

impl Born {
    fn of(written: Anniversary) -> Born {
        let (year, month, leap, day) = written.parts();
        if written.is_lunar() {
            let on = year.and_then(|year| LunarDate::new(year, month, leap, day)).map(LunarDate::day);
            return Born { written, solar: on.and_then(solar), lunar: Some((month, day)), day: on };
        }
        let on = year.and_then(|year| Day::of(i32::from(year), u32::from(month), u32::from(day)));
        let lunar = on.and_then(LunarDate::of).map(|date| (date.month(), date.day_of_month()));
        Born { written, solar: Some((year, month, day)), lunar, day: on }
    }
}

fn solar(day: Day) -> Option<(Option<i16>, u8, u8)> {
    let (year, month, day) = day.civil();
    Some((i16::try_from(year).ok(), u8::try_from(month).ok()?, u8::try_from(day).ok()?))
}

/// How many customers share a value.
pub(super) struct Counts {
    by_value: HashMap<u64, u32, FixedState>,
    /// Ten times the logarithm of how many there are, or of [`Counts::FEWEST`].
    all: i32,
}

impl Counts {
    /// What is counted in a small shop's book says little: values are taken to be as rare as in a book of so many.
    const FEWEST: u64 = 20_000;

    pub(super) fn of(all: &[Traits]) -> Counts {
        let mut by_value: HashMap<u64, u32, FixedState> = HashMap::default();
        by_value.reserve(all.len().saturating_mul(3));
        for value in all.iter().flat_map(Traits::values) {
            let count = by_value.entry(value).or_default();
            *count = count.saturating_add(1);
        }
        let people = u64::try_from(all.len()).unwrap_or(u64::MAX).max(Counts::FEWEST);
        Counts { by_value, all: tenths_of_bits(people) }
    }

    /// How much less likely than certain it is that somebody has a value, in tenths of bits.
    pub(super) fn rarity(&self, value: u64) -> i32 {
        // Both of a pair have it: of two people, the other one is one of the rest.
        self.rarity_among(value, 1)
    }

    fn rarity_among(&self, value: u64, themselves: u32) -> i32 {
        let others = self.by_value.get(&value).copied().unwrap_or(1).saturating_sub(themselves).max(1);
        self.all.saturating_sub(tenths_of_bits(others.into()))
    }

    pub(super) fn family_rarity(&self, name: &Called) -> i32 {
        self.rarity(name.family_value())
    }

    /// The same of a whole name. Where nobody but the two has it, how many have the family name, and how many the given name, tells more than that
    /// it is there twice: 谢涵思 is rarer than one in a hundred thousand.
    pub(super) fn name_rarity(&self, name: &Called) -> i32 {
        let count = self.by_value.get(&name.value()).copied().unwrap_or(1);
        let given = self.rarity(name.given_value());
        let by_parts =
            if name.family.is_empty() { given } else { self.family_rarity(name).saturating_add(given) };
        if count > 2 { self.rarity_among(name.value(), 2).min(by_parts) } else { by_parts }
    }

    /// The odds that two customers are one: of ten, one is there twice.
    pub(super) fn prior(&self) -> i32 {
        // 2 × 0.1 ÷ 2 matches for each, among all others.
        0_i32.saturating_sub(self.all).saturating_sub(33)
    }
}
