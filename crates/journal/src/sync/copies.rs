//! The copies that a file or an office knows, and what it holds of each.

use super::held::Held;
use crate::chain::Hash;
use std::collections::BTreeMap;

/// What is held of the facts of each copy, by its name.
#[derive(Debug, Default)]
pub(crate) struct Copies(BTreeMap<String, Copy>);

#[derive(Debug)]
struct Copy {
    no: i64,
    held: Held,
    changed: bool,
}

impl Copies {
    /// A copy, with its number here.
    pub(crate) fn add(&mut self, name: String, no: i64, held: Held) {
        self.0.insert(name, Copy { no, held, changed: false });
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, i64, &Held)> {
        self.0.iter().map(|(name, copy)| (name.as_str(), copy.no, &copy.held))
    }

    /// What is held of each otherwise than before, by the copy's number here.
    pub(crate) fn changed(&self) -> impl Iterator<Item = (i64, &Held)> {
        self.0.values().filter(|copy| copy.changed).map(|copy| (copy.no, &copy.held))
    }

    /// The number of a copy here; none for one that is new.
    pub(crate) fn number(&self, name: &str) -> Option<i64> {
        self.0.get(name).map(|copy| copy.no)
    }

    /// A fact of a copy is held from now on.
    pub(crate) fn hold(&mut self, name: &str, seq: i64, content: &Hash) {
        if let Some(copy) = self.0.get_mut(name) {
            copy.changed = true;
            copy.held.add(seq, content);
        }
    }

    /// A fact of a copy goes; its number stays held, since another takes its place.
    pub(crate) fn let_go(&mut self, name: &str, content: &Hash) {
        if let Some(copy) = self.0.get_mut(name) {
            copy.changed = true;
            copy.held.sum.take_off(content);
        }
    }

    /// Whether this is what the facts are that are there, by the number of their copy. `own`: of the copy itself, which no row says.
    pub(crate) fn are_held(&self, own: (i64, &Held), all: &BTreeMap<i64, Held>) -> bool {
        let said = self.iter().map(|(_, no, held)| (no, if no == own.0 { own.1 } else { held }));
        let said: BTreeMap<i64, &Held> = said.filter(|(_, held)| held.numbers.count() > 0).collect();
        said.len() == all.len() && said.iter().all(|(no, held)| all.get(no) == Some(held))
    }
}
