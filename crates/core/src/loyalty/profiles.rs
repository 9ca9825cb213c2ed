//! What was told of a person: a return asks for what was known when the purchase was made (semantics 6.2).

use crate::calendar::Anniversary;
use crate::customer::field::Field;
use crate::customer::said::{Entry, Said};
use crate::fact::Profile;
use crate::program::condition::CustomValue;
use crate::program::condition::custom::SET;
use serde::{Deserialize, Serialize};
use std::fmt;

/// One after another, each with all that was told before. Of most people something is told once, so that one lies in the account itself.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct Profiles {
    latest: Option<Told>,
    earlier: Vec<Told>,
}

/// What conditions can ask of it.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(from = "Stored", into = "Stored")]
pub(crate) struct Told {
    pub(crate) birthday: Option<Anniversary>,
    pub(crate) tags: Box<[Box<str>]>,
    pub(crate) gender: Box<str>,
    /// By id.
    pub(crate) custom: Box<[CustomValue]>,
}

/// The same as sealed states hold it since there are any: what else is told stands among the tags, behind a sign that no tag begins with.
#[derive(Serialize, Deserialize)]
struct Stored {
    birthday: Option<Anniversary>,
    tags: Vec<Box<str>>,
}

const GENDER: char = '\u{1}';
/// Before and behind the id of a field.
const CUSTOM: char = '\u{2}';

impl From<Told> for Stored {
    fn from(told: Told) -> Stored {
        let mut tags = told.tags.into_vec();
        if !told.gender.is_empty() {
            tags.push(format!("{GENDER}{}", told.gender).into());
        }
        tags.extend(
            told.custom.iter().map(|told| format!("{CUSTOM}{}{CUSTOM}{}", told.id, told.value).into()),
        );
        Stored { birthday: told.birthday, tags }
    }
}

impl From<Stored> for Told {
    fn from(stored: Stored) -> Told {
        let mut told = Told { birthday: stored.birthday, ..Told::default() };
        let (mut tags, mut custom) = (stored.tags, Vec::new());
        tags.retain(|tag| {
            let field = tag.strip_prefix(CUSTOM).and_then(|told| told.split_once(CUSTOM));
            custom.extend(field.map(|(id, value)| CustomValue::new(id, value)));
            let gender = tag.strip_prefix(GENDER);
            if let Some(gender) = gender {
                told.gender = gender.into();
            }
            field.is_none() && gender.is_none()
        });
        (told.tags, told.custom) = (tags.into(), custom.into());
        told
    }
}

/// It is somebody's.
impl fmt::Debug for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Told(…)")
    }
}

impl Profiles {
    /// How many there are.
    pub(crate) fn count(&self) -> u16 {
        let earlier = u16::try_from(self.earlier.len()).unwrap_or(u16::MAX);
        earlier.saturating_add(u16::from(self.latest.is_some()))
    }

    /// What had been told when there were so many.
    pub(crate) fn at(&self, count: u16) -> Option<&Told> {
        let at = usize::from(count).checked_sub(1)?;
        self.earlier.get(at).or(self.latest.as_ref().filter(|_| at == self.earlier.len()))
    }

    pub(crate) fn tell(&mut self, profile: &Profile<'_>) {
        let asked =
            [Field::BIRTHDAY, Field::GENDER, Field::TAGS, Field::CUSTOM].map(|field| profile.get(field));
        if asked.iter().all(Option::is_none) {
            return;
        }
        let mut told = self.latest.clone().unwrap_or_default();
        let [birthday, gender, tags, custom] = asked;
        match birthday {
            Some(Said::Date(date)) => told.birthday = Some(*date),
            Some(_) => told.birthday = None,
            None => {}
        }
        match gender {
            Some(Said::Text(gender)) => told.gender = Box::from(&**gender),
            Some(_) => told.gender = Box::default(),
            None => {}
        }
        match tags {
            Some(Said::Set(changes)) => {
                let mut tags = told.tags.into_vec();
                changes.apply(&mut tags, |tag| Box::from(&**tag));
                told.tags = tags.into();
            }
            Some(_) => told.tags = Box::default(),
            None => {}
        }
        match custom {
            Some(Said::Entries(entries)) => {
                let mut all = told.custom.into_vec();
                for entry in entries {
                    all.retain(|told| *told.id != *entry.name);
                    let value = entry.value.as_ref().and_then(text_of);
                    all.extend(value.map(|value| CustomValue::new(&entry.name, &value)));
                }
                all.sort_unstable_by(|one, other| one.id.cmp(&other.id));
                told.custom = all.into();
            }
            Some(_) => told.custom = Box::default(),
            None => {}
        }
        self.earlier.extend(self.latest.replace(told));
    }

    /// Those of another behind these (1.6).
    pub(crate) fn join(&mut self, other: Profiles) {
        if let Some(latest) = other.latest {
            self.earlier.extend(self.latest.replace(latest));
            self.earlier.extend(other.earlier);
        }
    }
}

/// The value of a field of the program's own as text.
fn text_of(value: &Entry<'_>) -> Option<String> {
    match value {
        Entry::Text(text) => Some(text.to_string()),
        Entry::Whole(number) => Some(number.to_string()),
        Entry::Flag(flag) => Some(if *flag { SET.to_owned() } else { "false".to_owned() }),
        Entry::Date(_) | Entry::Size(_) | Entry::Relation(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::Profiles;
    use crate::calendar::Anniversary;
    use crate::fact::Profile;

    #[test]
    fn what_was_known_then_is_still_told() {
        let birthday = Anniversary::solar(None, 5, 20).unwrap();
        let mut mine = Profiles::default();
        mine.tell(&Profile::default());
        assert_eq!((mine.count(), mine.at(0), mine.at(1)), (0, None, None));
        mine.tell(&Profile::default().with_tags(["vip"]));
        mine.tell(&Profile::default().with_birthday(birthday));
        mine.tell(&Profile::default().with_tags(["couple"]));
        let told = |profiles: &Profiles, count| {
            profiles.at(count).map(|told| (told.birthday.is_some(), told.tags.join(" ")))
        };
        let known =
            [(false, "vip"), (true, "vip"), (true, "couple")].map(|(date, tags)| (date, tags.to_owned()));
        assert_eq!([1, 2, 3].map(|count| told(&mine, count)), known.clone().map(Some));
        assert_eq!((mine.count(), told(&mine, 4)), (3, None));

        let mut other = Profiles::default();
        for tag in ["a", "b"] {
            other.tell(&Profile::default().with_tags([tag]));
        }
        mine.join(other.clone());
        assert_eq!([1, 2, 3].map(|count| told(&mine, count)), known.map(Some));
        // Both of the other's follow, in their order.
        assert_eq!([4, 5].map(|count| mine.at(count)), [1, 2].map(|count| other.at(count)));
        assert_eq!(mine.count(), 5);
    }
}
