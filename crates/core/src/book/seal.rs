//! Settling the past: facts before a day are never folded again (semantics 1.6).

use super::fold::Until;
use super::people::Place;
use super::{Book, Seal};
use crate::calendar::{Day, Moment};
use crate::fact::{Body, Fact};
use crate::fault::Fault;
use crate::loyalty::account::Account;
use crate::loyalty::lots::FactNo;
use crate::outcome::Nobody;
use std::collections::BTreeSet;

impl Book {
    /// Seals the book up to a day: what happened before it is settled. The book keeps what later facts can still ask of it (lots,
    /// spend by day, purchases that are not wholly given back, ids for retries), what was told of people, and forgets the rest. What arrives later with an
    /// instant before the seal is applied at the seal and flagged `late_after_seal`.
    ///
    /// ```
    /// # let mut book = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/maison.rs"));
    /// # let on = parure::calendar::Day::parse("2026-11-21")?;
    /// let before = book.account("wang-fang", on)?;
    /// book.seal(parure::calendar::Day::parse("2026-07-01")?)?;
    /// assert_eq!(book.account("wang-fang", on)?, before);
    /// let june = parure::calendar::Day::parse("2026-06-30")?;
    /// assert_eq!(book.account("wang-fang", june).unwrap_err().code.code(), "sealed");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// `sealed_further` where the book is sealed up to that day or a later one.
    pub fn seal(&mut self, day: Day) -> Result<(), Fault> {
        if let Some(seal) = self.seals.last().filter(|seal| seal.day >= day) {
            return Err(Fault::new("sealed_further", format!("the book is sealed up to {}", seal.day)));
        }
        let micros = Moment::start_of(day, self.versions.zone());
        let roots = self.people.roots_by_id();
        let bases: Vec<(Place, Account)> =
            roots.into_iter().map(|root| (root, self.settled(root, day))).collect();
        let mut still_asked: BTreeSet<FactNo> =
            self.unions.iter().chain(&self.adopted).chain(&self.erased).copied().collect();
        for (_, base) in &bases {
            still_asked.extend(self.returnable(base));
        }
        let later: Vec<Vec<FactNo>> = self.people.places().map(|place| self.facts_from(place, day)).collect();
        for (place, facts) in self.people.places().zip(&later) {
            let own = self.people.get(place).map_or(&[][..], |customer| &customer.facts);
            let later: BTreeSet<FactNo> = facts.iter().copied().collect();
            let told = own.iter().filter(|no| !later.contains(no) && self.tells(place, **no));
            let told: Vec<(Place, FactNo)> = told.map(|no| (place, *no)).collect();
            self.told.extend(told);
        }
        self.finder.look_anew();
        self.diary.look_anew();
        self.uses_in_all.look_anew();
        // Of one customer they stay in their order.
        self.told.sort_by_key(|(place, _)| *place);
        still_asked.extend(self.told.iter().map(|(_, no)| *no));
        still_asked.extend(self.namings.all());
        for (place, facts) in self.people.places().zip(later) {
            still_asked.extend(&facts);
            let own = self.people.get(place).map_or(&[][..], |customer| &customer.facts);
            let id = self.people.id(place);
            let later: BTreeSet<FactNo> = facts.iter().copied().collect();
            let settles = own.iter().any(|no| !later.contains(no) && !self.only_names(*no, id));
            if let Some(customer) = self.people.get_mut(place) {
                customer.settled |= settles;
                customer.facts = facts.into();
                customer.base = None;
            }
        }
        for (root, base) in bases {
            if let Some(customer) = self.people.get_mut(root)
                && base != Account::default()
            {
                customer.base = Some(Box::new(base));
            }
        }
        // A gift comes again without the lots that were filled in, a transfer without its parts or its terms, a cancellation without what went back:
        // only the whole of it can tell that it is the same.
        let is_filled_in =
            |fact: Fact<'_>| fact.body.passes_to().is_some() || fact.kind() == "order_cancelled";
        still_asked.extend(self.log.numbers().filter(|no| self.log.fact(*no).is_some_and(is_filled_in)));
        still_asked.extend(self.households.facts());
        self.log.forget_contents(|no| !still_asked.contains(&no));
        self.seals.push(Seal { day, micros, arrived: self.next_no() });
        self.fold_all();
        Ok(())
    }

    /// The last seal: facts before this day are settled.
    ///
    /// ```
    /// # let book = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/maison.rs"));
    /// # let on = parure::calendar::Day::parse("2026-11-21")?;
    /// assert_eq!(book.sealed_until(), None);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn sealed_until(&self) -> Option<Day> {
        self.seals.last().map(|seal| seal.day)
    }

    /// The account as it is when the day before `day` ends. The day itself is lived anew: a version adopted later may take effect
    /// on it.
    fn settled(&self, root: Place, day: Day) -> Account {
        let before = day.add_days(-1);
        let (mut account, last) = self.fold(root, Until::Day(before), &self.versions, &mut Nobody);
        if last.is_some() || account != Account::default() {
            account.advance(before, &self.versions, &mut Nobody);
        }
        account
    }

    fn facts_from(&self, place: Place, day: Day) -> Vec<FactNo> {
        let ground = self.ground();
        let facts = self.people.get(place).map_or(&[][..], |customer| &customer.facts);
        facts
            .iter()
            .copied()
            .filter(|no| self.log.fact(*no).is_some_and(|fact| ground.when(*no, &fact).day >= day))
            .collect()
    }

    /// Whether a fact of a customer's tells something of them: a seal settles what they bought, not who they are.
    fn tells(&self, place: Place, no: FactNo) -> bool {
        self.log.fact(no).is_some_and(|fact| {
            let told = match &fact.body {
                Body::Joined { profile, .. } | Body::ProfileChanged { profile, .. } => !profile.is_empty(),
                Body::Consented { .. } | Body::Met { .. } => true,
                _ => false,
            };
            told && fact.customer().is_some_and(|customer| *customer == **self.people.id(place))
        })
    }

    /// Purchases of which something may still come back.
    fn returnable(&self, account: &Account) -> Vec<FactNo> {
        let left = |(place, bought): (usize, &crate::loyalty::activity::Bought)| {
            let gone = self.log.fact(bought.fact).is_some_and(|fact| match &fact.body {
                Body::Purchased { purchase, .. } => account.returns(place).is_some_and(|returns| {
                    purchase.lines.iter().zip(&returns.lines).all(|(line, back)| {
                        back.amount >= line.amount.minor() && back.quantity >= line.quantity.micros()
                    })
                }),
                _ => true,
            });
            (!gone).then_some(bought.fact)
        };
        account.activity.bought().iter().enumerate().filter_map(left).collect()
    }
}
