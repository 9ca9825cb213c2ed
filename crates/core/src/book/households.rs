//! Points that are pooled: who is in a household with whom, and what somebody may spend of what the others have (semantics 15).
//!
//! An account still follows from its own facts alone: what is paid with points of others carries these, as a gift does, and is a fact of
//! theirs too. Who was in a household when is asked when something is recorded, and for flags.

use super::Book;
use super::fold::{Key, Until};
use super::index::Half;
use super::people::Place;
use super::record::Arriving;
use super::seats::Crowd;
use crate::Id;
use crate::calendar::Day;
use crate::fact::{Body, Drawn, Fact, GivenLot, Text};
use crate::loyalty::account::Account;
use crate::loyalty::lots::{FactNo, LotTag};
use crate::outcome::{Flag, Nobody, RefusalCode};
use crate::program::versions::Versions;
use schemars::JsonSchema;
use serde::Serialize;
use smallvec::SmallVec;
use std::collections::{BTreeMap, BTreeSet};

/// The facts by which people joined and left households, and those that are paid with points of others.
#[derive(Debug, Clone, Default)]
pub(super) struct Households {
    facts: Vec<FactNo>,
    /// Who came and went when, by customer, in order.
    pub(super) moves: BTreeMap<Id, SmallVec<[FactNo; 2]>>,
    /// Everybody of whom a fact tells that they joined a household.
    pub(super) told: BTreeMap<Id, BTreeSet<Id>>,
    /// Where more were told than there is room: who ever got in, and the facts by which nobody did.
    pub(super) crowded: BTreeMap<Id, Crowd>,
    /// Whose facts have not been looked at since they came.
    pub(super) unsure: BTreeSet<Id>,
    /// Households of which a fact was taken back since who got in was counted.
    pub(super) uncounted: BTreeSet<Id>,
    /// What was paid with points of others, by who paid.
    paid: BTreeMap<Id, Vec<FactNo>>,
}

impl Households {
    pub(super) fn is_empty(&self) -> bool {
        self.facts.is_empty()
    }

    /// All of them, in the order in which they came.
    pub(super) fn facts(&self) -> &[FactNo] {
        &self.facts
    }

    /// Remembers a fact, where it is one.
    pub(super) fn add(&mut self, no: FactNo, fact: &Fact<'_>) {
        match &fact.body {
            Body::HouseholdJoined { customer, household, .. } => {
                self.moves.entry(Id::new(&**customer)).or_default().push(no);
                self.told.entry(Id::new(&**household)).or_default().insert(Id::new(&**customer));
                self.unsure.insert(Id::new(&**customer));
            }
            Body::HouseholdLeft { customer } => {
                self.moves.entry(Id::new(&**customer)).or_default().push(no);
                self.unsure.insert(Id::new(&**customer));
            }
            _ if fact.drawn().is_empty() => return,
            _ => self.paid.entry(Id::new(fact.customer().unwrap_or_default())).or_default().push(no),
        }
        self.facts.push(no);
    }

    /// Forgets a fact that is among the latest.
    pub(super) fn take_back(&mut self, no: FactNo, fact: &Fact<'_>) {
        self.facts.truncate(self.facts.partition_point(|known| *known < no));
        let id = fact.customer().unwrap_or_default();
        if let Some(moves) = self.moves.get_mut(id) {
            moves.retain(|known| *known != no);
            self.unsure.insert(Id::new(id));
        }
        if let Body::HouseholdJoined { household, .. } = &fact.body {
            self.uncounted.insert(Id::new(&**household));
        }
        if let Some(paid) = self.paid.get_mut(id) {
            paid.retain(|known| *known != no);
        }
    }

    pub(super) fn moves_of(&self, id: &str) -> &[FactNo] {
        self.moves.get(id).map_or(&[], |facts| facts)
    }

    /// What was paid with points of others.
    pub(super) fn paid(&self) -> impl Iterator<Item = FactNo> {
        self.paid.values().flatten().copied()
    }

    /// Everybody who ever was in a household.
    fn ever(&self, household: &str) -> impl Iterator<Item = &Id> {
        let crowd = self.crowded.get(household).map(|crowd| &crowd.ever);
        crowd.or_else(|| self.told.get(household)).into_iter().flatten()
    }

    /// Whether nobody got in by a fact.
    fn is_in_vain(&self, household: &str, no: FactNo) -> bool {
        self.crowded.get(household).is_some_and(|crowd| crowd.in_vain.contains(&no))
    }
}

/// Whom somebody shares points with.
///
/// ```
/// # use parure::{book::Book, calendar::Day, fact::Fact, program::Program};
/// # let text = "edition = 2026\nname = 'M'\neffective = 2026-01-01\ncurrency = 'CNY'\ntime_zone = 'Asia/Shanghai'\n[household]\n";
/// # let mut book = Book::new(Program::parse("m.toml", text)?);
/// # let yuan = book.currency();
/// for (customer, points) in [("lin", 300), ("mei", 500)] {
///     for told in [r#""joined":{}"#.to_owned(), format!(r#""adjusted":{{"points":{points},"reason":"moved"}}"#), r#""household_joined":{"household":"lin-mei"}"#.to_owned()] {
///         let id = format!("{customer}-{}", book.facts());
///         let json = format!(r#"{{"id":"{id}","at":"2026-01-01T10:00:00+08:00","customer":"{customer}",{told}}}"#);
///         book.record(&Fact::from_json(&json, yuan)?)?;
///     }
/// }
/// let shared = book.account("lin", Day::parse("2026-01-02")?)?.household.unwrap();
/// assert_eq!((shared.id.as_str(), shared.points), ("lin-mei", 800));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct HouseholdView {
    /// The household's id.
    pub id: Id,
    /// Whether the account may spend what the others have.
    pub may_spend: bool,
    /// The accounts that are in it, this one too.
    pub members: Vec<Id>,
    /// What all of them can spend: the sum of their balances, of which none counts for less than nothing.
    pub points: i64,
}

/// Where an account is.
struct Home {
    household: Id,
    may_spend: bool,
}

impl Book {
    /// Whether any version of the program lets points be pooled.
    ///
    /// ```
    /// # let book = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/maison.rs"));
    /// assert!(!book.pools_points());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn pools_points(&self) -> bool {
        self.versions.pools_points()
    }

    /// The household of an account, as it was told before a place. Who has been forgotten by then is in none.
    fn home(&self, root: Place, before: Key<'_>) -> Option<Home> {
        if self.is_all_gone(root, before.0) {
            return None;
        }
        let ground = self.ground();
        let last_of = |id: &Id| {
            let moves = self.households.moves_of(id);
            let behind = moves.partition_point(|no| ground.key(*no) < before);
            moves.get(behind.checked_sub(1)?).copied()
        };
        let last = self.ids_of(root).into_iter().filter_map(last_of);
        let last = last.max_by(|a, b| ground.key(*a).cmp(&ground.key(*b)))?;
        match &self.log.fact(last)?.body {
            Body::HouseholdJoined { household, may_spend, .. }
                if !self.households.is_in_vain(household, last) =>
            {
                Some(Home { household: Id::new(&**household), may_spend: *may_spend })
            }
            _ => None,
        }
    }

    /// Whether all who form an account had been forgotten before an instant.
    pub(super) fn is_all_gone(&self, root: Place, micros: i64) -> bool {
        self.ids_of(root).into_iter().all(|id| self.erasures.is_gone(id, micros))
    }

    /// The accounts of a household before a place.
    fn members_of(&self, household: &str, before: Key<'_>) -> BTreeSet<Place> {
        let roots = self.households.ever(household).filter_map(|id| self.people.root_of(id));
        roots
            .filter(|root| self.home(*root, before).is_some_and(|home| home.household == household))
            .collect()
    }

    /// The accounts whose points an account may spend.
    fn lenders(&self, root: Place, before: Key<'_>) -> BTreeSet<Place> {
        if self.households.is_empty() {
            return BTreeSet::new();
        }
        let Some(home) = self.home(root, before).filter(|home| home.may_spend) else {
            return BTreeSet::new();
        };
        let mut members = self.members_of(&home.household, before);
        members.remove(&root);
        members
    }

    /// The accounts whose points what a customer spends may be paid with, whenever that is.
    pub(super) fn ever_lenders(&self, customer: &str) -> BTreeSet<Place> {
        self.people.root_of(customer).map_or_else(BTreeSet::new, |root| self.ever_in_a_household_of(root))
    }

    fn ever_in_a_household_of(&self, root: Place) -> BTreeSet<Place> {
        if self.households.is_empty() {
            return BTreeSet::new();
        }
        let households = self.households_of(root);
        let ever = households.iter().flat_map(|household| self.households.ever(household));
        ever.filter_map(|id| self.people.root_of(id)).collect()
    }

    /// Whether what a fact counts for is pooled between two accounts: of a return, what the purchase counted for.
    pub(super) fn is_shared(&self, fact: &Fact<'_>, [one, other]: [Place; 2], versions: &Versions) -> bool {
        if !versions.pools_spend() || self.households.is_empty() {
            return false;
        }
        let no = match &fact.body {
            Body::Returned { purchase, .. } => self.log.find(purchase),
            _ => self.log.find(fact.id()),
        };
        no.is_some_and(|no| self.share_spend([one, other], no, versions))
    }

    /// Whether an account pooled what counts for tiers with another just before a purchase of that one's.
    fn share_spend(&self, [one, other]: [Place; 2], purchase: FactNo, versions: &Versions) -> bool {
        let ground = self.ground();
        let Some(fact) = self.log.fact(purchase) else { return false };
        let (day, key) = (ground.when(purchase, &fact).day, ground.key(purchase));
        // What somebody else gives back takes nothing off, neither for who bought it.
        if fact.customer().and_then(|customer| self.people.root_of(customer)) != Some(other) {
            return false;
        }
        if !versions.on(day).program.household.is_some_and(|household| household.pool_spend) {
            return false;
        }
        let homes = [one, other].map(|root| self.home(root, key));
        matches!(homes, [Some(one), Some(other)] if one.household == other.household)
    }

    /// Purchases of others of the household that count for an account's tier, and their returns.
    pub(super) fn facts_shared_with(&self, root: Place, versions: &Versions) -> Vec<FactNo> {
        if !versions.pools_spend() {
            return Vec::new();
        }
        let mut facts = Vec::new();
        for other in self.ever_shared(root) {
            let own = self.own_facts_of(other);
            facts.extend(own.iter().copied().filter(|no| {
                self.log.fact(*no).is_some_and(|fact| {
                    matches!(fact.body, Body::Purchased { .. } | Body::Returned { .. })
                        && fact.customer().and_then(|customer| self.people.root_of(customer)) == Some(other)
                        && self.is_shared(&fact, [root, other], versions)
                })
            }));
        }
        facts
    }

    /// The accounts that were, at any time, in a household in which an account was at any time.
    pub(super) fn ever_shared(&self, root: Place) -> BTreeSet<Place> {
        let mut ever = self.ever_in_a_household_of(root);
        ever.remove(&root);
        ever
    }

    /// The facts of all who were told to have joined a household that an account was told to have joined, in order.
    pub(super) fn facts_beside(&self, root: Place) -> Vec<FactNo> {
        let households = self.households_of(root);
        let told = households.iter().filter_map(|household| self.households.told.get(household)).flatten();
        let roots: BTreeSet<Place> = told.filter_map(|id| self.people.root_of(id)).collect();
        let mut facts: Vec<FactNo> =
            roots.into_iter().flat_map(|root| self.own_facts_of(root).into_owned()).collect();
        let ground = self.ground();
        facts.sort_by(|a, b| ground.key(*a).cmp(&ground.key(*b)));
        facts.dedup();
        facts
    }

    /// Whether purchases of others may count for an account's tier, at any time.
    pub(super) fn shares_spend(&self, root: Place) -> bool {
        self.versions.pools_spend() && !self.ever_shared(root).is_empty()
    }

    /// The accounts whose tiers may be others when some accounts bought or gave back.
    pub(super) fn sharers(&self, roots: &[Place]) -> BTreeSet<Place> {
        if !self.versions.pools_spend() || self.households.is_empty() {
            return BTreeSet::new();
        }
        let households: BTreeSet<Id> = roots.iter().flat_map(|root| self.households_of(*root)).collect();
        let ever = households.iter().flat_map(|household| self.households.ever(household));
        let mut sharers: BTreeSet<Place> = ever.filter_map(|id| self.people.root_of(id)).collect();
        for root in roots {
            sharers.remove(root);
        }
        sharers
    }

    /// The households that an account was, at any time, told to have joined.
    pub(super) fn households_of(&self, root: Place) -> BTreeSet<Id> {
        let moves = self.ids_of(root).into_iter().flat_map(|id| self.households.moves_of(id));
        let joined = moves.filter_map(|no| match &self.log.fact(*no)?.body {
            Body::HouseholdJoined { household, .. } => Some(Id::new(&**household)),
            _ => None,
        });
        joined.collect()
    }

    fn pools_on(&self, day: Day) -> bool {
        self.versions.on(day).program.household.is_some()
    }

    /// What an account may spend of others' points.
    pub(super) fn lendable(&self, root: Place, micros: i64, day: Day) -> i64 {
        if !self.pools_on(day) {
            return 0;
        }
        let lenders = self.lenders(root, (micros, micros, ""));
        let balances = lenders.into_iter().map(|lender| self.state_on(lender, day).purse.balance(day).max(0));
        balances.fold(0, i64::saturating_add)
    }

    /// Whom an account shares points with at the end of a day.
    pub(super) fn household_view(&self, root: Place, account: &Account, on: Day) -> Option<HouseholdView> {
        if self.households.is_empty() || !self.pools_on(on) {
            return None;
        }
        let end = crate::calendar::Moment::start_of(on.add_days(1), self.versions.zone());
        let before = (end, i64::MIN, "");
        let home = self.home(root, before)?;
        let members = self.members_of(&home.household, before);
        let balance = |member: Place| match member == root {
            true => account.purse.balance(on).max(0),
            false => self.state_on(member, on).purse.balance(on).max(0),
        };
        let mut ids: Vec<Id> = members.iter().map(|member| self.people.id(*member).clone()).collect();
        ids.sort_unstable();
        Some(HouseholdView {
            points: members.iter().map(|member| balance(*member)).fold(0, i64::saturating_add),
            members: ids,
            id: home.household,
            may_spend: home.may_spend,
        })
    }

    /// A fact with the points of others that it is paid with, where its customer shares some: whoever's points lapse first are spent first.
    pub(super) fn with_drawn<'f>(&mut self, fact: &Fact<'f>) -> Option<Fact<'f>> {
        let paid = fact.body.points_paid();
        if paid == 0 || !fact.drawn().is_empty() || self.households.is_empty() {
            return None;
        }
        let arriving = self.arriving(fact, fact.customer().map(Half::of));
        let (day, key) = (arriving.when.day, arriving.key());
        self.versions.on(day).program.household?;
        let root = self.people.root(arriving.place?);
        let lenders = self.lenders(root, key);
        if lenders.is_empty() {
            return None;
        }
        // Their own stand before others' of the same days.
        let mut pool: Vec<(LotTag, bool, Place, i64)> = Vec::new();
        for member in lenders.into_iter().chain([root]) {
            let (mut account, _) = self.fold(member, Until::Before(key), &self.versions, &mut Nobody);
            account.advance(day, &self.versions, &mut Nobody);
            let mut taken = Vec::new();
            account.purse.take_usable(day, account.purse.balance(day).max(0), &mut taken);
            pool.extend(taken.iter().map(|taken| (taken.tag, member != root, member, taken.points)));
        }
        let lapses = |tag: &LotTag| tag.last().map_or((true, Day::LAST), |last| (false, last));
        pool.sort_by(|(a, a_lent, a_place, _), (b, b_lent, b_place, _)| {
            let order = lapses(a).cmp(&lapses(b)).then_with(|| a_lent.cmp(b_lent));
            order.then_with(|| self.people.id(*a_place).cmp(self.people.id(*b_place))).then_with(|| a.cmp(b))
        });
        let mut missing = paid;
        let mut drawn: BTreeMap<Id, Vec<GivenLot>> = BTreeMap::new();
        for (tag, lent, place, points) in pool {
            let points = points.min(missing);
            missing = missing.saturating_sub(points);
            if lent && points > 0 {
                let lot = GivenLot { points, first_day: tag.first(), last_day: tag.last() };
                let lots = drawn.entry(self.people.id(place).clone()).or_default();
                match lots
                    .iter_mut()
                    .find(|known| (known.first_day, known.last_day) == (lot.first_day, lot.last_day))
                {
                    Some(known) => known.points = known.points.saturating_add(points),
                    None => lots.push(lot),
                }
            }
        }
        if missing > 0 || drawn.is_empty() {
            return None;
        }
        let drawn =
            drawn.into_iter().map(|(id, lots)| Drawn::new(Text::from(id.to_string()), lots)).collect();
        fact.clone().with_drawn(drawn).ok()
    }

    /// What speaks against a fact of households.
    pub(super) fn against_pooling(&self, arriving: &Arriving<'_, '_>) -> Option<RefusalCode> {
        if arriving.fact.drawn().is_empty()
            && !matches!(arriving.fact.body, Body::HouseholdJoined { .. } | Body::HouseholdLeft { .. })
        {
            return None;
        }
        self.objection_to_pooling(arriving.fact, arriving.when.day, arriving.key())
    }

    fn objection_to_pooling(&self, fact: &Fact<'_>, day: Day, key: Key<'_>) -> Option<RefusalCode> {
        let root = self.people.root_of(fact.customer()?);
        let Some(rules) = self.versions.on(day).program.household else {
            return Some(RefusalCode::HouseholdsNotOffered);
        };
        match &fact.body {
            Body::HouseholdJoined { household, .. } => {
                let mut members = self.members_of(household, key);
                members.extend(root);
                (members.len() > rules.members).then_some(RefusalCode::HouseholdFull)
            }
            Body::HouseholdLeft { .. } => {
                let home = root.and_then(|root| self.home(root, key));
                home.is_none().then_some(RefusalCode::NotInHousehold)
            }
            _ => {
                let lenders = root.map_or_else(BTreeSet::new, |root| self.lenders(root, key));
                let shares = |drawn: &Drawn<'_>| {
                    let lender = self.people.root_of(&drawn.customer);
                    lender.is_some_and(|lender| Some(lender) == root || lenders.contains(&lender))
                };
                (!fact.drawn().iter().all(shares)).then_some(RefusalCode::NotShared)
            }
        }
    }

    /// The flags of what an account's households speak against, through a day, in order.
    pub(super) fn household_flags(&self, root: Place, on: Day) -> Vec<Flag> {
        if self.households.is_empty() {
            return Vec::new();
        }
        let ground = self.ground();
        let paid = |id: &Id| self.households.paid.get(id).map_or(&[][..], |facts| facts);
        let ids = self.ids_of(root).into_iter();
        let facts = ids.flat_map(|id| self.households.moves_of(id).iter().chain(paid(id)));
        let mut facts: Vec<FactNo> = facts.copied().collect();
        facts.sort_unstable_by(|a, b| ground.key(*a).cmp(&ground.key(*b)));
        let flag = |no: FactNo| {
            let fact = self.log.fact(no)?;
            let day = ground.when(no, &fact).day;
            let code = match &fact.body {
                Body::HouseholdJoined { household, .. } if self.pools_on(day) => {
                    self.households.is_in_vain(household, no).then_some(RefusalCode::HouseholdFull)
                }
                _ => self.objection_to_pooling(&fact, day, ground.key(no)),
            };
            let code = code.filter(|_| day <= on)?;
            Some(Flag { code, fact: no, other: None })
        };
        facts.into_iter().filter_map(flag).collect()
    }

    /// Reads anew what facts tell of households, as they name people now. Answers whose seat is another than before.
    pub(super) fn households_anew(&mut self) -> Vec<Place> {
        let facts = std::mem::take(&mut self.households.facts);
        self.read_households(&facts)
    }

    /// Reads what facts tell of households.
    pub(super) fn read_households(&mut self, facts: &[FactNo]) -> Vec<Place> {
        let crowded = std::mem::take(&mut self.households.crowded);
        let mut households = Households { crowded, ..Households::default() };
        for no in facts {
            if let Some(fact) = self.log.fact(*no) {
                households.add(*no, &fact);
            }
        }
        self.households = households;
        self.seat()
    }
}
