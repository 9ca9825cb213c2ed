//! Who is who: customers, and the accounts they form when they are merged (semantics 8.1).

use super::index::{Half, Index};
use crate::Id;
use crate::loyalty::account::Account;
use crate::loyalty::lots::FactNo;
use prefetch_index::prefetch_index;
use smallvec::SmallVec;
use std::collections::BTreeMap;
use std::slice::from_ref;

/// The place of a customer in a book.
pub(crate) type Place = u32;

/// Those of most customers lie in the list itself.
pub(crate) type Facts = SmallVec<[FactNo; 4]>;

/// A customer: their facts in order, and, where they stand for an account, its state.
#[derive(Debug, Clone, Default)]
pub(crate) struct Customer {
    pub(crate) id: Id,
    /// By instant and id.
    pub(crate) facts: Facts,
    /// The customer whose id the account goes by: usually themselves.
    pub(crate) root: Place,
    /// The state after all facts of the account; only at the root.
    pub(crate) account: Account,
    /// The latest fact applied.
    pub(crate) last: Option<FactNo>,
    /// The state as it was sealed, of those who were one account then; only at the root of that time.
    pub(crate) base: Option<Box<Account>>,
    /// The first fact by which they joined; also where a seal has forgotten what it said.
    pub(crate) joined: Option<FactNo>,
    /// A seal has forgotten facts of theirs.
    pub(crate) settled: bool,
}

#[derive(Debug, Clone, Default)]
pub(crate) struct People {
    all: Vec<Customer>,
    by_id: Index,
    groups: Groups,
}

/// Members of the accounts of several, by root.
pub(crate) type Groups = BTreeMap<Place, Vec<Place>>;

/// One merge that counts: who went into whom.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Union {
    pub(crate) from: Place,
    pub(crate) into: Place,
}

impl Customer {
    /// Has the machine fetch what the next fact will need of the customer, while that is made ready.
    fn fetch(&self) {
        prefetch_index(from_ref(&self.id), 0);
        prefetch_index(from_ref(&self.facts), 0);
        prefetch_index(from_ref(&self.last), 0);
        self.account.fetch();
    }

    /// The same of their lists, which lie far apart.
    pub(crate) fn fetch_lists(&self) {
        prefetch_index(&self.facts, self.facts.len());
        self.account.fetch_lists();
    }
}

impl People {
    pub(crate) fn place(&self, id: &str) -> Option<Place> {
        self.find(Half::of(id), id)
    }

    pub(crate) fn find(&self, half: Half, id: &str) -> Option<Place> {
        self.by_id.find(half, |place| self.get(place).is_some_and(|customer| customer.id == id))
    }

    /// Has the machine fetch where a customer's place lies.
    pub(crate) fn fetch_place(&self, half: Half) {
        self.by_id.fetch(half);
    }

    /// Has the machine fetch who is most likely meant.
    pub(crate) fn fetch_likely(&self, half: Half) {
        if let Some(customer) = self.by_id.likely(half).and_then(|place| self.get(place)) {
            customer.fetch();
        }
    }

    /// Has the machine fetch a customer.
    pub(crate) fn fetch_at(&self, place: Place) {
        if let Some(customer) = self.get(place) {
            customer.fetch();
        }
    }

    /// The place of a customer, who is made known where they were not.
    pub(crate) fn place_or_new(&mut self, id: &str) -> Place {
        let half = Half::of(id);
        if let Some(place) = self.find(half, id) {
            return place;
        }
        let place = Place::try_from(self.all.len()).unwrap_or(Place::MAX);
        self.all.push(Customer { id: Id::new(id), root: place, ..Customer::default() });
        self.by_id.add(half, place);
        place
    }

    /// Gives a customer another id, which nobody has.
    pub(crate) fn rename(&mut self, place: Place, id: &str) {
        let Some(customer) = self.all.get_mut(at(place)) else { return };
        let before = std::mem::replace(&mut customer.id, Id::new(id));
        self.by_id.remove(Half::of(&before), place);
        self.by_id.add(Half::of(id), place);
    }

    pub(crate) fn id(&self, place: Place) -> &Id {
        const NOBODY: &Id = &Id::new_static("");
        self.get(place).map_or(NOBODY, |customer| &customer.id)
    }

    pub(crate) fn get(&self, place: Place) -> Option<&Customer> {
        self.all.get(at(place))
    }

    pub(crate) fn get_mut(&mut self, place: Place) -> Option<&mut Customer> {
        self.all.get_mut(at(place))
    }

    pub(crate) fn root(&self, place: Place) -> Place {
        self.get(place).map_or(place, |customer| customer.root)
    }

    pub(crate) fn root_of(&self, id: &str) -> Option<Place> {
        self.place(id).map(|place| self.root(place))
    }

    pub(crate) fn len(&self) -> usize {
        self.all.len()
    }

    /// Forgets those who became known last, so that `customers` are left.
    pub(crate) fn truncate(&mut self, customers: usize) {
        for (place, customer) in self.all.iter().enumerate().skip(customers) {
            self.by_id.remove(Half::of(&customer.id), Place::try_from(place).unwrap_or(Place::MAX));
        }
        self.all.truncate(customers);
    }

    pub(crate) fn groups(&self) -> &Groups {
        &self.groups
    }

    /// Puts back accounts of several as they were; the customers are put back beside it.
    pub(crate) fn set_groups(&mut self, groups: Groups) {
        self.groups = groups;
    }

    /// All who form an account, the root with them.
    pub(crate) fn members(&self, root: Place) -> &[Place] {
        self.groups.get(&root).map_or(&[], Vec::as_slice)
    }

    pub(crate) fn places(&self) -> std::ops::Range<Place> {
        0..Place::try_from(self.all.len()).unwrap_or(Place::MAX)
    }

    /// The customers that accounts go by, in the order of their ids.
    pub(crate) fn roots_by_id(&self) -> Vec<Place> {
        let mut roots: Vec<Place> = self.places().filter(|place| self.root(*place) == *place).collect();
        roots.sort_unstable_by(|a, b| self.id(*a).cmp(self.id(*b)));
        roots
    }

    /// Forms the accounts anew from the merges that count, in order. Answers the roots, old and new, of all accounts that are
    /// formed otherwise than before.
    pub(crate) fn regroup(&mut self, unions: &[Union]) -> Vec<Place> {
        let before = std::mem::take(&mut self.groups);
        for members in before.values() {
            for member in members {
                self.set_root(*member, *member);
            }
        }
        let mut groups: BTreeMap<Place, Vec<Place>> = BTreeMap::new();
        for union in unions {
            let (from, into) = (self.root(union.from), self.root(union.into));
            if from == into {
                continue;
            }
            let moved = groups.remove(&from).unwrap_or_else(|| vec![from]);
            for member in &moved {
                self.set_root(*member, into);
            }
            groups.entry(into).or_insert_with(|| vec![into]).extend(moved);
        }
        for members in groups.values_mut() {
            members.sort_unstable_by(|a, b| self.id(*a).cmp(self.id(*b)));
        }
        let mut changed = Vec::new();
        for (root, members) in before.iter().chain(&groups) {
            if before.get(root) != groups.get(root) {
                changed.extend(members.iter().copied());
            }
        }
        self.groups = groups;
        changed.sort_unstable();
        changed.dedup();
        changed
    }

    fn set_root(&mut self, place: Place, root: Place) {
        if let Some(customer) = self.get_mut(place) {
            customer.root = root;
        }
    }
}

fn at(place: Place) -> usize {
    usize::try_from(place).unwrap_or(usize::MAX)
}
