//! What was told of a person: a return asks for what was known when the purchase was made (semantics 6.2).

use crate::calendar::Anniversary;
use crate::fact::Profile;
use serde::{Deserialize, Serialize};

/// One after another, each with all that was told before. Of most people something is told once, so that one lies in the account itself.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct Profiles {
    latest: Option<Told>,
    earlier: Vec<Told>,
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct Told {
    pub(crate) birthday: Option<Anniversary>,
    pub(crate) tags: Box<[Box<str>]>,
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
        if profile.birthday.is_none() && profile.tags.is_none() {
            return;
        }
        let mut told = self.latest.clone().unwrap_or_default();
        if profile.birthday.is_some() {
            told.birthday = profile.birthday;
        }
        if let Some(tags) = &profile.tags {
            told.tags = tags.iter().map(|tag| Box::from(&**tag)).collect();
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
