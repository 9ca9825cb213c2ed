//! How often all customers together have used a coupon (semantics 16.10). No account's state depends on it: it is asked when something is
//! recorded, for a quote, and for flags.

use super::Book;
use super::people::Place;
use super::record::Arriving;
use crate::Id;
use crate::calendar::Day;
use crate::fact::Body;
use crate::loyalty::account::Account;
use crate::loyalty::coupons::{Coupon, coupon_tenders};
use crate::loyalty::lots::FactNo;
use crate::outcome::{Flag, RefusalCode};
use crate::program::coupons::{CouponRule, InAll};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;

/// The uses of coupons that have not come back, of all accounts.
#[derive(Default)]
pub(super) struct Uses {
    /// How many of each of the program's coupons, by the day.
    by_day: BTreeMap<Id, BTreeMap<Day, usize>>,
    /// The same by account: the coupon, the day, the purchase.
    of: BTreeMap<Place, Vec<(Id, Day, FactNo)>>,
}

impl Uses {
    /// An account has used these, whatever it had used before.
    fn put(&mut self, root: Place, uses: Vec<(Id, Day, FactNo)>) {
        let before = if uses.is_empty() { self.of.remove(&root) } else { self.of.insert(root, uses) };
        for (of, day, _) in before.into_iter().flatten() {
            if let Some(count) = self.by_day.get_mut(&of).and_then(|days| days.get_mut(&day)) {
                *count = count.saturating_sub(1);
            }
        }
        for (of, day, _) in self.of.get(&root).into_iter().flatten() {
            let count = self.by_day.entry(of.clone()).or_default().entry(*day).or_default();
            *count = count.saturating_add(1);
        }
    }

    /// How many there are within a limit's span that ends with a day.
    fn within(&self, of: &str, limit: InAll, day: Day) -> usize {
        let Some(days) = self.by_day.get(of) else { return 0 };
        let after = limit.within.map_or(Bound::Unbounded, |within| Bound::Excluded(within.before(day)));
        let last = limit.within.map_or(Day::LAST, |_| day);
        days.range((after, Bound::Included(last))).fold(0, |sum, (_, count)| sum.saturating_add(*count))
    }

    /// The most that there are within any such span that a day lies in: one more there is one more in each.
    fn around(&self, of: &str, limit: InAll, day: Day) -> usize {
        let Some(within) = limit.within else { return self.within(of, limit, day) };
        let later =
            self.by_day.get(of).into_iter().flat_map(|days| days.range(day..)).map(|(later, _)| *later);
        let ends = later.take_while(|later| within.before(*later) < day);
        ends.chain([day]).map(|end| self.within(of, limit, end)).max().unwrap_or(0)
    }
}

impl Book {
    /// Whether any version of the program limits how often all customers together use a coupon.
    ///
    /// ```
    /// # let book = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/maison.rs"));
    /// assert!(!book.limits_coupons_in_all());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn limits_coupons_in_all(&self) -> bool {
        self.versions.limits_coupons_in_all()
    }

    fn ask_uses<A>(&self, ask: impl FnOnce(&Uses) -> A) -> A {
        let bring = |kept: Option<(usize, Uses)>| {
            let Some((facts, mut uses)) = kept else { return self.uses_anew() };
            let mut again: BTreeSet<Place> = BTreeSet::new();
            for (_, fact) in self.log.since(facts) {
                if matches!(
                    fact.body,
                    Body::Adopted { .. } | Body::Merged { .. } | Body::Unmerged { .. } | Body::Erased { .. }
                ) {
                    return self.uses_anew();
                }
                let concerned = fact.customer().into_iter().chain(fact.others());
                again.extend(concerned.filter_map(|id| self.people.root_of(id)));
            }
            // What occasions gave may depend on a tier or on points that others' purchases gave.
            if self.rewards_introductions() {
                again.extend(again.clone().into_iter().flat_map(|root| self.introducers_of(root)));
            }
            again.extend(self.sharers(&again.iter().copied().collect::<Vec<_>>()));
            for root in again {
                uses.put(root, self.uses_of(root));
            }
            uses
        };
        self.uses_in_all.ask(self.log.len(), bring, |uses| ask(uses))
    }

    fn uses_anew(&self) -> Uses {
        let mut uses = Uses::default();
        for root in self.people.places() {
            uses.put(root, self.uses_of(root));
        }
        uses
    }

    fn uses_of(&self, root: Place) -> Vec<(Id, Day, FactNo)> {
        let coupons = self.people.get(root).map_or(&[][..], |customer| customer.account.coupons());
        let uses = coupons
            .iter()
            .flat_map(|coupon| coupon.uses.iter().map(|used| (Id::new(&coupon.of), used.day, used.purchase)));
        uses.collect()
    }

    /// How many of a coupon's kind all customers together can still use on a day.
    pub(super) fn room_in_all(&self, rule: &CouponRule, day: Day) -> usize {
        let Some(limit) = rule.in_all else { return usize::MAX };
        limit.count.saturating_sub(self.ask_uses(|uses| uses.around(&rule.id, limit, day)))
    }

    /// Whether more is paid with a coupon than all customers together may use of its kind.
    pub(super) fn against_uses_in_all(&self, arriving: &Arriving<'_, '_>) -> Option<RefusalCode> {
        let Body::Purchased { purchase, .. } = &arriving.fact.body else { return None };
        if !self.versions.limits_coupons_in_all() {
            return None;
        }
        let root = self.people.root(arriving.place?);
        let account = &self.people.get(root)?.account;
        let view = purchase.view();
        let named = coupon_tenders(&view).filter_map(|tender| self.log.find(tender.coupon_id()?));
        let held: Vec<&Coupon> = named.filter_map(|coupon| account.coupon(coupon)).collect();
        let is_over = held.iter().any(|coupon| {
            let alike = held.iter().filter(|other| other.of == coupon.of).count();
            let rule = coupon.rule(&self.versions);
            rule.is_some_and(|rule| alike > self.room_in_all(rule, arriving.when.day))
        });
        is_over.then_some(RefusalCode::CouponsGone)
    }

    /// The flags of an account's purchases, through a day, that were paid with more of a coupon than there are: of all uses known now that have not
    /// come back, those of the purchases that came first are within the limit.
    pub(super) fn flags_in_all(&self, account: &Account, on: Day) -> Vec<Flag> {
        if !self.versions.limits_coupons_in_all() {
            return Vec::new();
        }
        let ground = self.ground();
        let mut flags: Vec<Flag> = Vec::new();
        for coupon in account.coupons() {
            let Some(limit) = coupon.rule(&self.versions).and_then(|rule| rule.in_all) else { continue };
            for used in coupon.uses.iter().filter(|used| used.day <= on) {
                let after = limit.within.map(|within| within.before(used.day));
                let is_over = self.ask_uses(|uses| {
                    if uses.within(&coupon.of, limit, used.day) <= limit.count {
                        return false;
                    }
                    let own = ground.key(used.purchase);
                    let all = uses.of.values().flatten().filter(|(of, ..)| **of == *coupon.of);
                    let through = all.filter(|(_, day, purchase)| {
                        after.is_none_or(|after| after < *day) && ground.key(*purchase) <= own
                    });
                    through.count() > limit.count
                });
                if is_over && flags.iter().all(|flag| flag.fact != used.purchase) {
                    flags.push(Flag { code: RefusalCode::CouponsGone, fact: used.purchase, other: None });
                }
            }
        }
        flags.sort_unstable_by(|a, b| ground.key(a.fact).cmp(&ground.key(b.fact)));
        flags
    }
}
