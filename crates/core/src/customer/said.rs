//! What a fact says of one field of a profile, and how one after another of such sayings add up.
//!
//! A text, a date, a budget: the latest counts. A set: a list stands instead of all that was told before; `add` and `remove` leave the rest
//! alone, so that two tills which each add something undo nothing of each other. Entries by name (dates, sizes, relations): each by itself, the
//! latest counts. `forget` takes back.

use super::size::Size;
use crate::calendar::Anniversary;
use crate::fact::Text;
use crate::money::Money;
use std::ops::Deref;

/// What is said of a field.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Said<'a> {
    /// It is taken back.
    Nothing,
    Text(Text<'a>),
    Date(Anniversary),
    Range(Range),
    Set(Changes<'a>),
    Entries(Vec<Named<'a>>),
}

/// A change of a set.
#[derive(Clone, PartialEq, Eq, Default)]
pub(crate) struct Changes<'a> {
    /// `add` stands instead of all that was told before.
    pub(crate) instead: bool,
    pub(crate) add: Vec<Text<'a>>,
    /// Goes out before what is added comes in.
    pub(crate) remove: Vec<Text<'a>>,
}

/// A named entry; without a value it is taken back. Of one fact they are sorted by name.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Named<'a> {
    pub(crate) name: Text<'a>,
    pub(crate) value: Option<Entry<'a>>,
}

#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Entry<'a> {
    Text(Text<'a>),
    Whole(i64),
    Flag(bool),
    Date(Anniversary),
    Size(Size),
    Relation(Box<Relation<'a>>),
}

/// From how much, up to how much: at least one of both.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Range {
    pub(crate) least: Option<Money>,
    pub(crate) most: Option<Money>,
}

/// Someone a customer is related to: another customer, or someone of whom no more is known than this.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Relation<'a> {
    /// `spouse`, `child`, `mother`: a name of the shop's own.
    pub(crate) kind: Text<'a>,
    pub(crate) customer: Option<Text<'a>>,
    pub(crate) name: Option<Text<'a>>,
    pub(crate) birthday: Option<Anniversary>,
    /// Sorted by name.
    pub(crate) dates: Vec<(Text<'a>, Anniversary)>,
}

impl<'a> Changes<'a> {
    /// What is in a set after this.
    pub(crate) fn apply<T: Deref<Target = str>>(&self, set: &mut Vec<T>, make: impl Fn(&Text<'a>) -> T) {
        if self.instead {
            set.clear();
        }
        set.retain(|one| !self.remove.iter().any(|gone| **gone == **one));
        for new in &self.add {
            if !set.iter().any(|one| **one == **new) {
                set.push(make(new));
            }
        }
    }
}

impl<'a> Said<'a> {
    /// The same, owned.
    pub(crate) fn into_owned(self) -> Said<'static> {
        let all = |texts: Vec<Text<'a>>| texts.into_iter().map(Text::into_owned).collect();
        match self {
            Said::Nothing => Said::Nothing,
            Said::Text(text) => Said::Text(text.into_owned()),
            Said::Date(date) => Said::Date(date),
            Said::Range(range) => Said::Range(range),
            Said::Set(Changes { instead, add, remove }) => {
                Said::Set(Changes { instead, add: all(add), remove: all(remove) })
            }
            Said::Entries(entries) => Said::Entries(entries.into_iter().map(Named::into_owned).collect()),
        }
    }

    /// What is held of a field after this, given what was held before. What is held is told as if it were said for the first time.
    pub(crate) fn after(self, before: Option<Said<'a>>) -> Option<Said<'a>> {
        match self {
            Said::Nothing => None,
            said @ (Said::Text(_) | Said::Date(_) | Said::Range(_)) => Some(said),
            Said::Set(changes) => {
                let mut held = match before {
                    Some(Said::Set(held)) => held.add,
                    _ => Vec::new(),
                };
                changes.apply(&mut held, Text::clone);
                let held = Changes { instead: true, add: held, remove: Vec::new() };
                (!held.add.is_empty()).then_some(Said::Set(held))
            }
            Said::Entries(told) => {
                let mut held = match before {
                    Some(Said::Entries(held)) => held,
                    _ => Vec::new(),
                };
                for new in told {
                    held.retain(|one| one.name != new.name);
                    held.extend(Some(new).filter(|new| new.value.is_some()));
                }
                held.sort_unstable_by(|a, b| a.name.cmp(&b.name));
                (!held.is_empty()).then_some(Said::Entries(held))
            }
        }
    }
}

impl Named<'_> {
    pub(crate) fn into_owned(self) -> Named<'static> {
        let value = self.value.map(|value| match value {
            Entry::Text(text) => Entry::Text(text.into_owned()),
            Entry::Whole(number) => Entry::Whole(number),
            Entry::Flag(flag) => Entry::Flag(flag),
            Entry::Date(date) => Entry::Date(date),
            Entry::Size(size) => Entry::Size(size),
            Entry::Relation(relation) => Entry::Relation(Box::new(relation.into_owned())),
        });
        Named { name: self.name.into_owned(), value }
    }
}

impl Relation<'_> {
    fn into_owned(self) -> Relation<'static> {
        Relation {
            kind: self.kind.into_owned(),
            customer: self.customer.map(Text::into_owned),
            name: self.name.map(Text::into_owned),
            birthday: self.birthday,
            dates: self.dates.into_iter().map(|(name, date)| (name.into_owned(), date)).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(instead: bool, add: &[&'static str], remove: &[&'static str]) -> Said<'static> {
        let texts = |of: &[&'static str]| of.iter().map(|text| Text::from(*text)).collect();
        Said::Set(Changes { instead, add: texts(add), remove: texts(remove) })
    }

    fn held(all: Vec<Said<'static>>) -> Option<Vec<String>> {
        match all.into_iter().fold(None, |before, said| said.after(before)) {
            Some(Said::Set(set)) => Some(set.add.iter().map(|text| text.to_string()).collect()),
            _ => None,
        }
    }

    #[test]
    fn two_tills_that_add_undo_nothing_of_each_other() {
        let added = vec![
            set(true, &["jade"], &[]),
            set(false, &["gold"], &[]),
            set(false, &["pearl", "jade"], &["gold"]),
        ];
        assert_eq!(held(added).unwrap(), ["jade", "pearl"]);
        assert_eq!(
            held(vec![set(false, &["jade"], &[]), set(true, &["gold", "gold"], &[])]).unwrap(),
            ["gold"]
        );
        // What goes out goes before what comes in.
        assert_eq!(
            held(vec![set(true, &["jade"], &[]), set(false, &["jade"], &["jade"])]).unwrap(),
            ["jade"]
        );
        assert_eq!(held(vec![set(true, &["jade"], &[]), set(false, &[], &["jade"])]), None);
        assert_eq!(held(vec![set(true, &["jade"], &[]), Said::Nothing]), None);
    }

    #[test]
    fn entries_are_told_one_by_one() {
        let date = |month, day| Entry::Date(Anniversary::solar(None, month, day).unwrap());
        let told = |name: &'static str, value| Said::Entries(vec![Named { name: Text::from(name), value }]);
        let all = [
            told("wedding", Some(date(10, 1))),
            told("engagement", Some(date(5, 20))),
            told("wedding", Some(date(10, 2))),
            told("first_date", None),
            told("engagement", None),
        ];
        let held = all.into_iter().fold(None, |before, said| said.after(before));
        assert!(held == Some(told("wedding", Some(date(10, 2)))));
    }
}
