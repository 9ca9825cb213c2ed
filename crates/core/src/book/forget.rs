//! Forgetting a person: facts that are kept and people are rewritten, what purchases were awarded stays (semantics 9).

use super::Book;
use super::answer::{Answer, Change};
use super::changes::Did;
use super::fold::{Ground, Until};
use super::index::Half;
use super::log::{Encoded, Kept, Log};
use super::pending::Touched;
use super::people::{People, Place};
use super::record::Arriving;
use crate::Id;
use crate::calendar::{Day, Moment};
use crate::fact::{
    Award, AwardLeft, Body, Erasure, Fact, Introduced, MOST_ERASED_AWARDS, Text, Trace, trace_of,
};
use crate::fault::Fault;
use crate::loyalty::account::{Account, Linked};
use crate::loyalty::lots::FactNo;
use crate::money::Money;
use crate::outcome::{Entry, Refusal, RefusalCode, Witness};
use std::collections::{BTreeMap, BTreeSet};

impl Book {
    /// Under which alias a fact that names this customer is kept: of someone who has been forgotten, where the fact did not happen after that.
    ///
    /// ```
    /// # let mut book = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/maison.rs"));
    /// use parure::calendar::Moment;
    /// use parure::fact::Fact;
    /// let at = Moment::parse("2026-11-26T10:00:00+08:00")?;
    /// book.record(&Fact::erased("e-1", at, "tang-wei", "x-7f3a")?)?;
    /// assert_eq!(book.alias_of("tang-wei", at).as_deref(), Some("x-7f3a"));
    /// let later = Moment::parse("2026-11-27T10:00:00+08:00")?;
    /// assert_eq!(book.alias_of("tang-wei", later), None); // someone new
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn alias_of(&self, customer: &str, at: Moment) -> Option<Id> {
        if self.erasures.is_empty() { None } else { self.erasures.name(customer, at.micros()).cloned() }
    }

    /// A fact as it is kept where it names someone who has been forgotten; none for all others, which are kept as they come.
    ///
    /// ```
    /// # let mut book = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/maison.rs"));
    /// use parure::calendar::Moment;
    /// use parure::fact::{Fact, Profile};
    /// let at = Moment::parse("2026-11-26T10:00:00+08:00")?;
    /// book.record(&Fact::erased("e-1", at, "tang-wei", "x-7f3a")?)?;
    /// let told = Fact::profile_changed("t-9", at, "tang-wei", Profile::default().with_tags(["watches"]))?;
    /// assert_eq!(book.anonymous(&told), Some(Fact::profile_changed("t-9", at, "x-7f3a", Profile::default())?));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn anonymous<'f>(&self, fact: &Fact<'f>) -> Option<Fact<'f>> {
        self.erasures.rewritten(fact)
    }

    /// Whether the book has this very fact: as it comes, or as it is kept of someone who has been forgotten.
    ///
    /// ```
    /// # let mut book = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/maison.rs"));
    /// let fact = book.fact("j-01").unwrap();
    /// assert!(book.has(&fact));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn has(&self, fact: &Fact<'_>) -> bool {
        let Some(no) = self.log.find(fact.id()) else { return false };
        let rewritten = self.erasures.rewritten(fact);
        let kept = self.as_kept(no, rewritten.as_ref().unwrap_or(fact));
        self.log.same(no, &Log::encode(&kept, Half::of(fact.id()), None)) || self.was_sealed(no, fact)
    }

    pub(super) fn record_erasure(&mut self, fact: &Fact<'_>) -> Result<Answer, Fault> {
        let arriving = self.arriving(fact, fact.customer().map(Half::of));
        if let Some(code) = self.refused_at_once(&arriving) {
            return Ok(Answer::Refused { refusal: Refusal::of(fact, code) });
        }
        let (no, changes) = self.erase(fact)?;
        let Some(kept) = self.log.fact(no) else {
            return Err(Fault::new("unreadable", "the erasure can't be read"));
        };
        let mut outcome = self.outcome_of(no, &kept);
        outcome.changed = changes;
        Ok(Answer::Accepted { outcome: Box::new(outcome) })
    }

    /// Why nobody can be forgotten by this fact.
    pub(super) fn against_erasing(&self, arriving: &Arriving<'_, '_>) -> Option<RefusalCode> {
        let fact = arriving.fact;
        let Body::Erased { customer, erasure } = &fact.body else { return None };
        let (alias, traces) = match erasure {
            Erasure::Asked { alias } => {
                if self.erasures.is_alias(customer) {
                    return Some(RefusalCode::Erased);
                }
                (alias, self.whom(customer).len())
            }
            Erasure::Done { of, .. } => (customer, of.len()),
        };
        let taken = |alias: &str| self.people.place(alias).is_some() || self.erasures.is_alias(alias);
        if (0..traces).any(|place| taken(&Erasure::alias(alias, place))) {
            return Some(RefusalCode::AliasTaken);
        }
        let Erasure::Asked { .. } = erasure else { return None };
        let Some(root) = arriving.place.map(|place| self.people.root(place)) else {
            return Some(RefusalCode::UnknownCustomer);
        };
        let last = self.own_facts_of(root).last().map(|no| self.log.micros(*no));
        last.filter(|last| fact.at.micros() < *last).map(|_| RefusalCode::FactsAfter)
    }

    /// The traces of all who are one account with a customer, theirs first; without those who have been forgotten before.
    fn whom(&self, customer: &str) -> Vec<Trace> {
        let root = self.people.root_of(customer);
        let members = root.map_or(&[][..], |root| self.people.members(root));
        let members = members.iter().map(|member| self.people.id(*member));
        let others = members.filter(|member| **member != *customer && !self.erasures.is_alias(member));
        let mut of: Vec<Trace> = others.map(|member| trace_of(member)).collect();
        of.sort_unstable();
        of.insert(0, trace_of(customer));
        of
    }

    /// An erasure with whom it forgets, and what their purchases were awarded.
    fn filled_in<'f>(&self, fact: &Fact<'f>) -> Fact<'f> {
        let Body::Erased { customer, erasure: Erasure::Asked { alias } } = &fact.body else {
            return fact.clone();
        };
        let awards = self.people.root_of(customer).map_or_else(Vec::new, |root| self.awards_of(root));
        let introduced =
            self.people.root_of(customer).map_or_else(Vec::new, |root| self.introductions_of(root));
        let erasure = Erasure::Done { of: self.whom(customer), awards, introduced };
        Fact { body: Body::Erased { customer: alias.clone(), erasure }, ..fact.clone() }
    }

    /// Takes in an erasure: nothing else may wait to be folded. Answers how the results of facts changed: not at all where the book knew all
    /// that the erasure carries.
    ///
    /// # Errors
    /// `too_many` purchases for one fact; `book_full`.
    pub(super) fn erase(&mut self, fact: &Fact<'_>) -> Result<(FactNo, Vec<Change>), Fault> {
        let fact = self.filled_in(fact);
        let Body::Erased { erasure: Erasure::Done { of, awards, .. }, .. } = &fact.body else {
            return Err(Fault::new("unreadable", "the erasure can't be read"));
        };
        let returns = awards.iter().fold(0_usize, |sum, award| sum.saturating_add(award.returns.len()));
        if of.len().max(awards.len()).max(returns) > MOST_ERASED_AWARDS {
            let message = format!("an erasure carries at most {MOST_ERASED_AWARDS} purchases and returns");
            return Err(Fault::new("too_many", message)
                .at("erased")
                .advise("seal the book, and have it compacted"));
        }
        let of = of.clone();
        let no = self.take_in(&fact, &Log::encode(&fact, Half::of(fact.id()), None))?;
        // Nothing of it is left for the next fact, nor for the one who looks for what is new.
        (self.spare, self.incoming) = (None, super::merge::Incoming::default());
        Ok((no, self.forget(&of, fact.at.micros(), no)))
    }

    /// Rewrites what is kept of those whom an erasure concerns.
    fn forget(&mut self, of: &[Trace], micros: i64, no: FactNo) -> Vec<Change> {
        let places = self.erasures.concerned(of, &self.people);
        if places.is_empty() {
            // Another erasure may tell that they introduced someone, before anything else is known of them.
            self.rewrite_facts(&places);
            self.read_introducers();
            return Vec::new();
        }
        self.finder.look_anew();
        self.uses_in_all.look_anew();
        let before = self.effects_of_all(places.iter().copied());
        let named = self.named_by_facts_of(&places);
        self.rewrite_facts(&places);
        let unnamed = self.names_no_more(named);
        // Someone of whom no more is left than that they were named is no one.
        let vanishes = |place: &Place| {
            let customer = self.people.get(*place);
            customer.is_some_and(|one| one.facts.is_empty() && !one.settled && one.base.is_none())
        };
        let someone_vanishes = unnamed.iter().any(vanishes);
        let names = self.new_names(&places, micros).filter(|_| !someone_vanishes);
        let after = if let Some(names) = names {
            for (place, name) in &names {
                self.erasures.renamed(&self.people.id(*place).clone(), name, *place);
                self.people.rename(*place, name);
            }
            self.forget_profiles(&places);
            self.read_introducers();
            let unions;
            (unions, self.against) = self.judge_unions();
            let mut again = self.people.regroup(&unions);
            again.extend(self.households_anew());
            again.extend(&places);
            again.extend(&unnamed);
            self.look_again(&again);
            let roots: BTreeSet<Place> = again.iter().map(|place| self.people.root(*place)).collect();
            self.fold_each_again(&roots.into_iter().collect::<Vec<_>>());
            self.effects_of_all(places.into_iter())
        } else {
            // Facts of one customer go to several, or those of several to one.
            self.diary.look_anew();
            self.read_people(&places, micros);
            self.effects_of_all(self.people.places())
        };
        let known: BTreeSet<_> = before.iter().map(|(doing, ..)| *doing).collect();
        let after: Vec<_> = after.into_iter().filter(|(doing, ..)| known.contains(doing)).collect();
        self.changes(&before, &after, no, &self.versions)
    }

    /// Whom facts of these customers name, and by which of them.
    fn named_by_facts_of(&self, places: &[Place]) -> Vec<(Place, FactNo)> {
        let facts = places.iter().flat_map(|place| self.namings.of(*place));
        let named = |no: &FactNo| Some((self.people.place(self.log.fact(*no)?.other_customer()?)?, *no));
        facts.filter_map(named).collect()
    }

    /// Takes facts out of the lists of those whom they named, where they say nothing any more. Answers who these are.
    fn names_no_more(&mut self, named: Vec<(Place, FactNo)>) -> Vec<Place> {
        let mut unnamed = Vec::new();
        for (place, no) in named {
            let still = self.log.fact(no).is_some_and(|fact| fact.other_customer().is_some());
            if let Some(customer) = self.people.get_mut(place).filter(|_| !still) {
                customer.facts.retain(|fact| *fact != no);
                unnamed.push(place);
            }
        }
        unnamed
    }

    /// What the facts of these customers' accounts do, by fact.
    fn effects_of_all(&self, places: impl Iterator<Item = Place>) -> Vec<Did> {
        let roots: BTreeSet<Place> = places.map(|place| self.people.root(place)).collect();
        let mut effects: Vec<_> = roots.into_iter().flat_map(|root| self.effects(root)).collect();
        effects.sort_unstable_by_key(|(doing, ..)| *doing);
        effects.dedup_by_key(|(doing, ..)| *doing);
        effects
    }

    fn rewrite_facts(&mut self, places: &[Place]) {
        let own =
            places.iter().filter_map(|place| self.people.get(*place)).flat_map(|customer| &customer.facts);
        let mut candidates: BTreeSet<FactNo> = own.chain(&self.unions).chain(&self.erased).copied().collect();
        if !self.seals.is_empty() {
            // A seal keeps facts that stand in nobody's list: purchases that may come back, gifts.
            candidates.extend(self.log.numbers());
        }
        let rewritten = |no: &FactNo| -> Option<Encoded> {
            let fact = self.log.fact(*no)?;
            Some(Log::encode(&self.erasures.rewritten(&fact)?, Half::of(fact.id()), None))
        };
        let others = candidates.iter().filter_map(|no| Some((*no, rewritten(no)?))).collect();
        self.log.rewrite(&others);
    }

    /// The new names of those who go by another one from now on; none where a name alone does not do: facts after the erasure go on naming
    /// them, facts before an earlier one name someone else, or the name is known.
    fn new_names(&self, places: &[Place], micros: i64) -> Option<Vec<(Place, String)>> {
        let mut names: Vec<(Place, String)> = Vec::new();
        for place in places {
            let id = self.people.id(*place);
            let name = self.erasures.name(id, micros);
            if !self.all_name(*place, name.unwrap_or(id)) {
                return None;
            }
            let Some(name) = name else { continue };
            let taken = self.people.place(name).is_some() || names.iter().any(|(_, other)| *other == **name);
            if taken || self.is_named_still(*place) {
                return None;
            }
            names.push((*place, name.to_string()));
        }
        Some(names)
    }

    /// Whether all facts of a customer, as they are written now, name them so.
    fn all_name(&self, place: Place, name: &str) -> bool {
        let Some(customer) = self.people.get(place) else { return true };
        let mut facts = customer.facts.iter().filter_map(|no| self.log.fact(*no));
        facts.all(|fact| named(&fact).contains(&name))
    }

    fn is_named_still(&self, place: Place) -> bool {
        let Some(customer) = self.people.get(place) else { return false };
        let mut facts = customer.facts.iter().chain(&self.unions).filter_map(|no| self.log.fact(*no));
        facts.any(|fact| named(&fact).contains(&&*customer.id))
    }

    /// What was told of people whose past is sealed.
    fn forget_profiles(&mut self, places: &[Place]) {
        for place in places {
            for place in [*place, self.people.root(*place)] {
                let Book { people, erasures, log, .. } = self;
                if let Some(base) = people.get_mut(place).and_then(|customer| customer.base.as_mut()) {
                    base.forget_profile();
                    base.rename_frozen(|id, no| {
                        erasures.name(id, log.micros(no)).map(|name| (&**name).into())
                    });
                }
            }
        }
    }

    /// People read anew from the facts, as these name them now.
    fn read_people(&mut self, concerned: &[Place], micros: i64) {
        self.forget_profiles(concerned);
        let old = std::mem::take(&mut self.people);
        self.erasures.look_anew();
        let customers = || old.places().filter_map(|place| Some((place, old.get(place)?)));
        let listed: BTreeSet<FactNo> =
            customers().flat_map(|(_, customer)| &customer.facts).copied().collect();
        let mut people = People::default();
        let mut joins: Vec<(Place, FactNo)> = Vec::new();
        for (no, fact) in self.log.numbers().filter_map(|no| Some((no, self.log.fact(no)?))) {
            if matches!(fact.body, Body::Erased { .. }) {
                continue;
            }
            let is_union = matches!(fact.body, Body::Merged { .. } | Body::Unmerged { .. });
            if !is_union && !listed.contains(&no) {
                continue;
            }
            for name in named(&fact) {
                let place = people.place_or_new(name);
                if !is_union && let Some(customer) = people.get_mut(place) {
                    customer.facts.push(no);
                }
                // Who introduced them has not joined by it.
                if matches!(fact.body, Body::Joined { .. }) && fact.customer() == Some(name) {
                    joins.push((place, no));
                }
            }
        }
        for (place, customer) in customers() {
            let settled_join = customer.joined.filter(|no| !listed.contains(no));
            if customer.base.is_none() && !customer.settled && settled_join.is_none() {
                continue;
            }
            // What is sealed goes with the alias as a whole.
            let name = self.erasures.name(&customer.id, micros).filter(|_| concerned.contains(&place));
            let place = people.place_or_new(name.unwrap_or(&customer.id));
            joins.extend(settled_join.map(|no| (place, no)));
            if let Some(now) = people.get_mut(place) {
                now.settled |= customer.settled;
                match (&mut now.base, &customer.base) {
                    (Some(base), Some(other)) => base.join((**other).clone()),
                    (base @ None, other) => base.clone_from(other),
                    (Some(_), None) => {}
                }
            }
        }
        let Book { log, seals, versions, erasures, .. } = self;
        let ground = Ground { log, seals, versions, erasures };
        for place in people.places() {
            if let Some(customer) = people.get_mut(place) {
                customer.facts.sort_by(|a, b| ground.key(*a).cmp(&ground.key(*b)));
            }
        }
        self.people = people;
        self.name_anew();
        for (place, no) in joins {
            self.joins(place, no);
        }
        let unions;
        (unions, self.against) = self.judge_unions();
        self.people.regroup(&unions);
        self.households_anew();
        self.fold_all();
    }

    /// Whose the facts are that tell of people, as they name them now.
    fn name_anew(&mut self) {
        let whose = |no: FactNo, log: &Log, people: &mut People| {
            log.fact(no).and_then(|fact| fact.customer().map(|customer| people.place_or_new(customer)))
        };
        let told = std::mem::take(&mut self.told);
        self.told = told
            .into_iter()
            .filter_map(|(_, no)| Some((whose(no, &self.log, &mut self.people)?, no)))
            .collect();
        self.told.sort_by_key(|(place, _)| *place);
        let namings = std::mem::take(&mut self.namings);
        for no in namings.all() {
            if let Some(place) = whose(no, &self.log, &mut self.people) {
                self.namings.put(place, no);
            }
        }
        self.read_introducers();
    }

    /// The first purchases of an account for which whoever introduced it is given something.
    fn introductions_of(&self, root: Place) -> Vec<Introduced<'static>> {
        let claims = self.people.get(root).map_or(&[][..], |customer| customer.account.claims());
        let told = claims.iter().filter_map(|claim| {
            let by = Text::from(self.introducer_told(claim)?.to_string());
            let [purchase, told] =
                [claim.purchase, claim.by].map(|no| Text::from(self.log.id(no).to_owned()));
            Some(Introduced { purchase, by, told })
        });
        told.collect()
    }

    /// What the purchases of an account were awarded, and what their returns took of it. Purchases of those who have been forgotten before
    /// are told by that erasure.
    fn awards_of(&self, root: Place) -> Vec<Award<'static>> {
        let mut awards =
            Awards { book: self, all: Vec::new(), places: BTreeMap::new(), spend: 0, awarded: 0 };
        let base = self.base(root);
        for bought in base.activity.bought().iter().filter(|bought| !bought.is_shared()) {
            awards.sealed(&base, bought.fact, bought.day);
        }
        awards.spend = base.activity.spend_total();
        awards.awarded = base.purse.totals.awarded;
        let mut wanted = Wants::default();
        let ground = self.ground();
        self.fold_and_look(root, Until::All, &self.versions, &mut wanted, |no, fact, account| {
            let moved = awards.moved(account);
            // First purchases of those whom they introduced are told of these.
            if fact.customer().and_then(|customer| self.people.root_of(customer)) == Some(root) {
                awards.look(no, ground.when(no, fact).day, fact, account, moved);
            }
        });
        let mut all = awards.all;
        for (no, place) in awards.places {
            if let Some((award, wanted)) = all.get_mut(place).zip(wanted.0.get(&no)) {
                award.award.wanted = *wanted;
            }
        }
        all.into_iter().map(|award| award.award).collect()
    }

    /// Whether a fact that a seal has reduced to its hash comes again. One of someone who was forgotten after that seal came with the id that
    /// is gone: as it comes now it can't be told from what it was.
    pub(super) fn was_sealed(&self, no: FactNo, arrived: &Fact<'_>) -> bool {
        if self.erasures.is_empty() || !matches!(self.log.kept(no), Some(Kept::Sealed(_))) {
            return false;
        }
        let known = |fact: &Fact<'_>| named(fact).iter().any(|id| self.erasures.is_alias(id));
        self.log.same(no, &Log::encode(arrived, Half::of(arrived.id()), None)) || known(arrived)
    }

    /// The accounts that are not as in another book, which had fewer facts.
    pub(super) fn accounts_unlike(&self, before: &Book) -> Vec<Touched> {
        let members = |book: &Book, root: Place| -> Vec<Id> {
            book.people.members(root).iter().map(|member| book.people.id(*member).clone()).collect()
        };
        let same = |root: Place| {
            let old =
                before.people.place(self.people.id(root)).filter(|old| before.people.root(*old) == *old);
            old.is_some_and(|old| {
                let states = before.people.get(old).zip(self.people.get(root));
                states.is_some_and(|(old, new)| old.account == new.account && old.facts == new.facts)
                    && members(before, old) == members(self, root)
            })
        };
        let roots = self.people.roots_by_id().into_iter().filter(|root| !same(*root));
        roots.map(|root| Touched { account: self.people.id(root).clone(), appended: false }).collect()
    }
}

/// The customers that a fact names.
fn named<'a>(fact: &'a Fact<'_>) -> Vec<&'a str> {
    fact.customer().into_iter().chain(fact.others()).collect()
}

/// An erasure that comes again as it was asked for: with what was filled in, where it is the same.
pub(super) fn as_filled<'f>(fact: &Fact<'f>, customer: &str, alias: &Text<'f>, kept: &Fact<'_>) -> Fact<'f> {
    let Body::Erased { customer: kept_as, erasure: Erasure::Done { of, awards, introduced } } = &kept.body
    else {
        return fact.clone();
    };
    if **kept_as != **alias || of.first() != Some(&trace_of(customer)) {
        return fact.clone();
    }
    let awards = awards.iter().map(Award::owned).collect();
    let introduced = introduced.iter().map(Introduced::owned).collect();
    let erasure = Erasure::Done { of: of.clone(), awards, introduced };
    Fact { body: Body::Erased { customer: alias.clone(), erasure }, ..fact.clone() }
}

/// Awards as an account is folded.
struct Awards<'b> {
    book: &'b Book,
    all: Vec<Awarded>,
    /// Where the award of a purchase stands.
    places: BTreeMap<FactNo, usize>,
    /// What had counted towards tiers before the fact that is looked at, and what had been awarded.
    spend: i64,
    awarded: i64,
}

/// What counts towards tiers, and what was awarded.
#[derive(Clone, Copy)]
struct Moved {
    spend: i64,
    awarded: i64,
}

struct Awarded {
    award: Award<'static>,
    /// Asked back and come back so far.
    asked: i64,
    amount: i64,
}

impl Awards<'_> {
    fn add(&mut self, no: FactNo, points: i64, spend: i64) -> Option<&mut Awarded> {
        let award = Award {
            purchase: Text::from(self.book.log.id(no).to_owned()),
            wanted: points,
            points,
            spend: Money::from_minor(spend.max(0)),
            coupon: None,
            benefit: None,
            returns: Vec::new(),
        };
        self.places.insert(no, self.all.len());
        self.all.push(Awarded { award, asked: 0, amount: 0 });
        self.all.last_mut()
    }

    /// A purchase from before a seal, as far as it may still come back. Which of its returns took what is not known any more: the last is told
    /// to have taken all of it.
    fn sealed(&mut self, base: &Account, no: FactNo, day: Day) {
        let book = self.book;
        let Some(fact) = book.log.fact(no) else { return };
        let Some(linked) = Linked::of(no, day, &fact) else { return };
        if book.erasures.carries(fact.customer().unwrap_or_default(), fact.id()) {
            return;
        }
        let Some(place) = base.activity.place(no, day) else { return };
        let [whole, left] = base.spend_of(&linked, &book.versions);
        let points = base.activity.bought().get(place).map_or(0, |bought| bought.awarded);
        let returns = base.returns(place);
        let Some(awarded) = self.add(no, points, whole) else { return };
        let Some(returns) = returns else { return };
        let (asked, amount) = (returns.asked, returns.amount());
        for done in &returns.done {
            let fact = Text::from(book.log.id(done.fact).to_owned());
            awarded.award.returns.push(AwardLeft {
                fact,
                points: 0,
                spend: Money::ZERO,
                amount: Money::ZERO,
            });
        }
        if let Some(last) = awarded.award.returns.last_mut() {
            last.points = asked;
            last.spend = Money::from_minor(whole.saturating_sub(left).max(0));
            last.amount = Money::from_minor(amount);
        }
        (awarded.asked, awarded.amount) = (asked, amount);
    }

    /// What the fact that was applied last moved.
    fn moved(&mut self, account: &Account) -> Moved {
        let (spend, awarded) = (account.activity.spend_total(), account.purse.totals.awarded);
        Moved {
            spend: spend.saturating_sub(std::mem::replace(&mut self.spend, spend)),
            awarded: awarded.saturating_sub(std::mem::replace(&mut self.awarded, awarded)),
        }
    }

    fn look(&mut self, no: FactNo, day: Day, fact: &Fact<'_>, account: &Account, moved: Moved) {
        let Moved { spend: moved, awarded: given } = moved;
        let book = self.book;
        match &fact.body {
            Body::Met { customer, .. } if !book.erasures.carries(customer, fact.id()) => {
                let coupon = account.coupon(no).map(|coupon| Text::from(coupon.of.to_string()));
                let benefit = account.benefit_given(no).map(|benefit| Text::from(benefit.to_owned()));
                if (given > 0 || coupon.is_some() || benefit.is_some())
                    && let Some(awarded) = self.add(no, given, 0)
                {
                    (awarded.award.coupon, awarded.award.benefit) = (coupon, benefit);
                }
            }
            Body::Purchased { customer, .. } if !book.erasures.carries(customer, fact.id()) => {
                let place = account.activity.place(no, day);
                let bought = place.and_then(|place| account.activity.bought().get(place));
                self.add(no, bought.map_or(0, |bought| bought.awarded), moved);
            }
            Body::Returned { purchase, .. } => {
                let Some(bought) = book.log.find(purchase) else { return };
                let Some(awarded) = self.places.get(&bought).and_then(|place| self.all.get_mut(*place))
                else {
                    return;
                };
                let day = book.log.fact(bought).map(|fact| book.ground().when(bought, &fact).day);
                let place = day.and_then(|day| account.activity.place(bought, day));
                let Some(returns) = place.and_then(|place| account.returns(place)) else { return };
                let (asked, amount) = (returns.asked, returns.amount());
                awarded.award.returns.push(AwardLeft {
                    fact: Text::from(fact.id().to_owned()),
                    points: asked.saturating_sub(std::mem::replace(&mut awarded.asked, asked)),
                    spend: Money::from_minor(moved.saturating_neg().max(0)),
                    amount: Money::from_minor(
                        amount.saturating_sub(std::mem::replace(&mut awarded.amount, amount)),
                    ),
                });
            }
            _ => {}
        }
    }
}

/// What purchases were to be awarded before caps.
#[derive(Default)]
struct Wants(BTreeMap<FactNo, i64>);

impl Witness for Wants {
    fn see(&mut self, _: Day, fact: Option<FactNo>, entry: Entry) {
        if let (Some(no), Entry::Awarded { wanted, .. }) = (fact, entry) {
            self.0.insert(no, wanted);
        }
    }
}
