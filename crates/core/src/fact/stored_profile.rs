//! What is told of people as stored bytes: each field behind its own number, so that what is not told takes no room.

use super::Text;
use super::profile::Profile;
use super::stored::{Reader, Writer};
use crate::calendar::Anniversary;
use crate::customer::Size;
use crate::customer::consent::Consent;
use crate::customer::encounter::{Encounter, Kind, TEXTS};
use crate::customer::field::Field;
use crate::customer::said::{Changes, Entry, Named, Range, Relation, Said};

impl Profile<'_> {
    /// What facts told of people before they could tell more: a birthday, and tags instead of those before. Most still say no more.
    pub(super) fn is_short(&self) -> bool {
        self.told.iter().all(|(field, said)| match said {
            Said::Date(_) => *field == Field::BIRTHDAY,
            Said::Set(changes) => *field == Field::TAGS && changes.instead && changes.remove.is_empty(),
            _ => false,
        })
    }
}

impl Writer<'_> {
    pub(super) fn short_profile(&mut self, profile: &Profile<'_>) {
        let birthday = match profile.get(Field::BIRTHDAY) {
            Some(Said::Date(date)) => Some(*date),
            _ => None,
        };
        let tags = match profile.get(Field::TAGS) {
            Some(Said::Set(changes)) => Some(changes.add.as_slice()),
            _ => None,
        };
        self.maybe(birthday, Self::anniversary);
        self.maybe(tags, Self::texts);
    }

    pub(super) fn profile(&mut self, profile: &Profile<'_>) {
        self.list(&profile.told, |to, (field, said)| {
            to.byte(field.code());
            to.said(said);
        });
    }

    fn said(&mut self, said: &Said<'_>) {
        match said {
            Said::Nothing => self.byte(0),
            Said::Text(text) => {
                self.byte(1);
                self.text(text);
            }
            Said::Date(date) => {
                self.byte(2);
                self.anniversary(*date);
            }
            Said::Range(range) => {
                self.byte(3);
                self.range(*range);
            }
            Said::Set(Changes { instead: true, add, .. }) => {
                self.byte(4);
                self.texts(add);
            }
            Said::Set(Changes { instead: false, add, remove }) => {
                self.byte(5);
                self.texts(add);
                self.texts(remove);
            }
            Said::Entries(entries) => {
                self.byte(6);
                self.entries(entries);
            }
        }
    }

    pub(super) fn entries(&mut self, entries: &[Named<'_>]) {
        self.list(entries, |to, entry| {
            to.text(&entry.name);
            to.maybe(entry.value.as_ref(), Self::entry);
        });
    }

    fn entry(&mut self, entry: &Entry<'_>) {
        match entry {
            Entry::Text(text) => {
                self.byte(0);
                self.text(text);
            }
            Entry::Whole(number) => {
                self.byte(1);
                self.signed(*number);
            }
            Entry::Flag(flag) => {
                self.byte(2);
                self.byte(u8::from(*flag));
            }
            Entry::Date(date) => {
                self.byte(3);
                self.anniversary(*date);
            }
            Entry::Size(size) => {
                self.byte(4);
                self.byte(size.code());
                self.unsigned(size.hundredths.into());
            }
            Entry::Relation(relation) => {
                let Relation { kind, customer, name, birthday, dates } = &**relation;
                self.byte(5);
                self.text(kind);
                self.maybe(customer.as_deref(), Self::text);
                self.maybe(name.as_deref(), Self::text);
                self.maybe(*birthday, Self::anniversary);
                self.list(dates, |to, (name, date)| {
                    to.text(name);
                    to.anniversary(*date);
                });
            }
        }
    }

    fn texts(&mut self, texts: &[Text<'_>]) {
        self.list(texts, |to, text| to.text(text));
    }

    fn range(&mut self, range: Range) {
        self.maybe(range.least, |to, amount| to.signed(amount.minor()));
        self.maybe(range.most, |to, amount| to.signed(amount.minor()));
    }

    fn anniversary(&mut self, date: Anniversary) {
        let (year, month, leap, day) = date.parts();
        self.byte(u8::from(date.is_lunar()));
        self.byte(u8::from(leap));
        self.maybe(year, |to, year| to.signed(i64::from(year)));
        self.byte(month);
        self.byte(day);
    }

    pub(super) fn consent(&mut self, consent: &Consent<'_>) {
        self.text(&consent.channel);
        self.text(&consent.purpose);
        self.byte(u8::from(consent.given));
        self.maybe(consent.text.as_deref(), Self::text);
    }

    pub(super) fn encounter(&mut self, encounter: &Encounter<'_>) {
        self.byte(encounter.kind.code());
        self.list(&encounter.texts, |to, (key, text)| {
            let place =
                TEXTS.iter().position(|known| known == key).and_then(|place| u8::try_from(place).ok());
            to.byte(place.unwrap_or(u8::MAX));
            to.text(text);
        });
        self.maybe(encounter.budget, Self::range);
        self.maybe(encounter.score, Self::byte);
        self.byte(u8::from(encounter.resolved));
    }
}

impl<'a> Reader<'a> {
    pub(super) fn short_profile(&mut self) -> Option<Profile<'a>> {
        let birthday = self.maybe(Self::anniversary)?;
        let tags = self.maybe(Self::texts)?;
        let birthday = birthday.map(|date| (Field::BIRTHDAY, Said::Date(date)));
        let tags =
            tags.map(|add| (Field::TAGS, Said::Set(Changes { instead: true, add, remove: Vec::new() })));
        Some(Profile { told: birthday.into_iter().chain(tags).collect() })
    }

    pub(super) fn profile(&mut self) -> Option<Profile<'a>> {
        let told = self.list(|from| Some((Field::from_code(from.byte()?)?, from.said()?)))?;
        Some(Profile { told })
    }

    fn said(&mut self) -> Option<Said<'a>> {
        Some(match self.byte()? {
            0 => Said::Nothing,
            1 => Said::Text(self.text()?),
            2 => Said::Date(self.anniversary()?),
            3 => Said::Range(self.range()?),
            4 => Said::Set(Changes { instead: true, add: self.texts()?, remove: Vec::new() }),
            5 => Said::Set(Changes { instead: false, add: self.texts()?, remove: self.texts()? }),
            6 => Said::Entries(self.entries()?),
            _ => return None,
        })
    }

    pub(super) fn entries(&mut self) -> Option<Vec<Named<'a>>> {
        self.list(|from| Some(Named { name: from.text()?, value: from.maybe(Self::entry)? }))
    }

    fn entry(&mut self) -> Option<Entry<'a>> {
        Some(match self.byte()? {
            0 => Entry::Text(self.text()?),
            1 => Entry::Whole(self.signed()?),
            2 => Entry::Flag(self.flag()?),
            3 => Entry::Date(self.anniversary()?),
            4 => {
                let code = self.byte()?;
                Entry::Size(Size::from_code(code, u32::try_from(self.unsigned()?).ok()?)?)
            }
            5 => Entry::Relation(Box::new(Relation {
                kind: self.text()?,
                customer: self.maybe(Self::text)?,
                name: self.maybe(Self::text)?,
                birthday: self.maybe(Self::anniversary)?,
                dates: self.list(|from| Some((from.text()?, from.anniversary()?)))?,
            })),
            _ => return None,
        })
    }

    fn texts(&mut self) -> Option<Vec<Text<'a>>> {
        self.list(Self::text)
    }

    fn range(&mut self) -> Option<Range> {
        Some(Range { least: self.maybe(Self::money)?, most: self.maybe(Self::money)? })
    }

    fn anniversary(&mut self) -> Option<Anniversary> {
        let (lunar, leap) = (self.flag()?, self.flag()?);
        let year = self.maybe(Self::narrow)?;
        Some(Anniversary::from_parts(lunar, (year, self.byte()?, leap, self.byte()?)))
    }

    pub(super) fn consent(&mut self) -> Option<Box<Consent<'a>>> {
        Some(Box::new(Consent {
            channel: self.text()?,
            purpose: self.text()?,
            given: self.flag()?,
            text: self.maybe(Self::text)?,
        }))
    }

    pub(super) fn encounter(&mut self) -> Option<Box<Encounter<'a>>> {
        Some(Box::new(Encounter {
            kind: Kind::from_code(self.byte()?)?,
            texts: self.list(|from| Some((*TEXTS.get(usize::from(from.byte()?))?, from.text()?)))?,
            budget: self.maybe(Self::range)?,
            score: self.maybe(Self::byte)?,
            resolved: self.flag()?,
        }))
    }
}
