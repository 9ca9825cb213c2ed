//! What a basket would do, without recording it.

use super::telling::rule_ids;
use super::views::{NextTier, day_as_text};
use super::{Book, CouponQuoted, TierChange, ValueQuoted};
use crate::Id;
use crate::calendar::{Day, Moment};
use crate::fact::Purchase;
use crate::loyalty::account::{Account, Event, What};
use crate::loyalty::tiers::tier_id;
use crate::money::Money;
use crate::outcome::{Entry, Nobody, Seen};
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::Serialize;

/// What a basket would do, without recording it.
///
/// ```
/// # let book = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/maison.rs"));
/// # let on = parure::calendar::Day::parse("2026-11-21")?;
/// use parure::calendar::Moment;
/// use parure::fact::{Line, Purchase, Quantity};
/// use parure::money::Money;
/// let ring = Line::new("1", "R-1700", "ring/diamond", Quantity::ONE, book.currency().money("8000")?);
/// let basket = Purchase::new(vec![ring], Money::ZERO, vec![], book.currency())?;
/// let quote = book.quote("wang-fang", Moment::parse("2026-11-21T15:00:00+08:00")?, Some("nanjing-road"), &basket);
/// assert_eq!(quote.to_pay.to_string(), "8000.00");
/// assert_eq!(quote.tier.unwrap().after, "gold");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Quote {
    /// The day it is asked for.
    #[serde(serialize_with = "day_as_text")]
    pub on: Day,
    /// What is to be paid, after coupons.
    #[schemars(with = "String")]
    pub to_pay: Decimal,
    /// What it would earn, paid so.
    pub earns: Earns,
    /// The most points that may be spent on it, and what they are worth.
    pub spendable: Spendable,
    /// The tier before and after it.
    pub tier: Option<TierChange>,
    /// What would then be missing for the next tier.
    pub next: Option<NextTier>,
    /// The customer's coupons: those to be used, in the order of their tenders, then the others and why not.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub coupons: Vec<CouponQuoted>,
    /// What of it could be paid with the customer's stored value, where there is any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stored_value: Option<ValueQuoted>,
    /// With many coupons, how much less another set of them might leave to pay; none: this is the least.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub may_be_less: Option<Decimal>,
}

/// Points a basket would earn.
///
/// ```
/// # let book = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/maison.rs"));
/// # let on = parure::calendar::Day::parse("2026-11-21")?;
/// use parure::calendar::Moment;
/// use parure::fact::{Line, Purchase, Quantity};
/// use parure::money::Money;
/// let ring = Line::new("1", "R-1700", "ring/diamond", Quantity::ONE, book.currency().money("8000")?);
/// let basket = Purchase::new(vec![ring], Money::ZERO, vec![], book.currency())?;
/// let quote = book.quote("wang-fang", Moment::parse("2026-11-21T15:00:00+08:00")?, Some("nanjing-road"), &basket);
/// assert_eq!((quote.earns.awarded, quote.earns.rules[0].as_str()), (800, "standard"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, JsonSchema)]
pub struct Earns {
    /// Before caps.
    pub wanted: i64,
    /// After caps.
    pub awarded: i64,
    /// The rules that would apply.
    pub rules: Vec<Id>,
}

/// Points that may be spent.
///
/// ```
/// # let book = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/maison.rs"));
/// # let on = parure::calendar::Day::parse("2026-11-21")?;
/// use parure::calendar::Moment;
/// use parure::fact::{Line, Purchase, Quantity};
/// use parure::money::Money;
/// let ring = Line::new("1", "R-1700", "ring/diamond", Quantity::ONE, book.currency().money("8000")?);
/// let basket = Purchase::new(vec![ring], Money::ZERO, vec![], book.currency())?;
/// let quote = book.quote("wang-fang", Moment::parse("2026-11-21T15:00:00+08:00")?, Some("nanjing-road"), &basket);
/// // In steps of 100, of the 4,077 she has; 30% of the ring would be 48,000 points (semantics 5.2).
/// assert_eq!((quote.spendable.points, quote.spendable.amount.to_string().as_str()), (4_000, "200.00"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Spendable {
    /// How many.
    pub points: i64,
    /// What they are worth.
    #[schemars(with = "String")]
    pub amount: Decimal,
}

impl Book {
    /// What a basket would earn, how many points may be spent on it, and what is then missing for the next tier. A customer who is
    /// not known yet is quoted as one who has just joined. An instant before the seal is answered as of the seal (`on` says so).
    ///
    /// ```
    /// # let book = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/maison.rs"));
    /// # let on = parure::calendar::Day::parse("2026-11-21")?;
    /// use parure::calendar::Moment;
    /// use parure::fact::{Line, Purchase, Quantity};
    /// use parure::money::Money;
    /// let ring = Line::new("1", "R-1700", "ring/diamond", Quantity::ONE, book.currency().money("8000")?);
    /// let basket = Purchase::new(vec![ring], Money::ZERO, vec![], book.currency())?;
    /// let quote = book.quote("wang-fang", Moment::parse("2026-11-21T15:00:00+08:00")?, Some("nanjing-road"), &basket);
    /// assert_eq!(quote.next.unwrap().id, "diamond");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn quote(&self, customer: &str, at: Moment, store: Option<&str>, purchase: &Purchase<'_>) -> Quote {
        self.quote_of("", customer, at, store, purchase)
    }

    /// The same, of a purchase whose fact will have this id: coupons that are held for it can be used (semantics 16.9).
    ///
    /// ```
    /// # let book = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/maison.rs"));
    /// use parure::calendar::Moment;
    /// use parure::fact::{Line, Purchase, Quantity};
    /// use parure::money::Money;
    /// let ring = Line::new("1", "R-1700", "ring/diamond", Quantity::ONE, book.currency().money("8000")?);
    /// let basket = Purchase::new(vec![ring], Money::ZERO, vec![], book.currency())?;
    /// let quote = book.quote_of("p-77", "wang-fang", Moment::parse("2026-11-21T15:00:00+08:00")?, None, &basket);
    /// assert_eq!(quote.to_pay.to_string(), "8000.00");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn quote_of(
        &self,
        id: &str,
        customer: &str,
        at: Moment,
        store: Option<&str>,
        purchase: &Purchase<'_>,
    ) -> Quote {
        let day = self.answerable(self.day_of(at));
        let program = self.versions.on(day).program;
        let root = self.people.root_of(customer);
        let mut account = root.map_or_else(Account::default, |root| self.state_on(root, day).into_owned());
        let event = |what| Event {
            introduced: root.and_then(|root| self.introduced_before(root, at.micros())),
            id,
            customer,
            ..Event::at(self.next_no(), (at.micros(), day), [store.unwrap_or_default(), "", ""], what)
        };
        let is_card = account.is_card();
        let nothing = crate::fact::Profile::default();
        if account.member.is_none() {
            account.apply(
                &event(What::Joined { profile: &nothing, before: None }),
                &self.versions,
                &mut Nobody,
            );
        }
        let coupons = self.ground().issued_by(purchase.view());
        let mut offered = None;
        // Whoever tells a code has what lies on it passed on to them first.
        if !account.coupons().is_empty() && !is_card {
            let event = Event { coupons: &coupons, ..event(What::Purchased(purchase.view())) };
            offered = Some(self.offer_coupons(&account, &event, purchase));
        }
        let own = account.purse.balance(day).max(0);
        let usable = own.saturating_add(root.map_or(0, |root| self.lendable(root, at.micros(), day)));
        let before = account.tier_on(day, program);
        let mut seen = Seen::default();
        let mut view = purchase.view();
        if let Some(offered) = offered.as_ref().filter(|offered| !offered.tenders.is_empty()) {
            view.tenders = &offered.tenders;
        }
        let payable = view.payable();
        let off = offered.as_ref().map_or(Money::ZERO, |offered| offered.off);
        let buying = event(What::Purchased(view));
        // Whoever holds a card gives what is on it to their account first.
        let with_value = offered.as_ref().is_none_or(|offered| offered.with_value);
        let stored_value = match is_card {
            true => None,
            false => {
                let most = if with_value { payable.minus(off) } else { Money::ZERO };
                self.value_quoted(&account, &buying, (purchase, most), program)
            }
        };
        account.apply(&buying, &self.versions, &mut seen);
        let with_points = offered.as_ref().is_none_or(|offered| offered.with_points);
        let rules = program.spend.filter(|_| with_points);
        let most = rules.map_or(0, |rules| rules.most_of(payable, payable.minus(off), usable));
        let view = self.tier_view(&account, day, &self.versions);
        let worth = program.spend.and_then(|rules| rules.worth(most)).unwrap_or_default();
        let mut earns = Earns::default();
        for (_, _, entry) in &seen.entries {
            let (more, points) = match entry {
                Entry::Awarded { wanted, points, rules } => {
                    earns.rules = rule_ids(program, *rules).cloned().collect();
                    (*wanted, *points)
                }
                Entry::Introduced { wanted, points, .. } => (*wanted, *points),
                _ => continue,
            };
            earns.wanted = earns.wanted.saturating_add(more);
            earns.awarded = earns.awarded.saturating_add(points);
        }
        let currency = self.currency();
        Quote {
            on: day,
            to_pay: currency.decimal(payable.minus(off)),
            earns,
            spendable: Spendable { points: most, amount: currency.decimal(worth) },
            tier: Some(TierChange {
                before: tier_id(program, before),
                after: tier_id(program, account.tier_on(day, program)),
            }),
            next: view.and_then(|view| view.next),
            may_be_less: offered
                .as_ref()
                .map(|offered| offered.may_be_less)
                .filter(|less| *less > Money::ZERO)
                .map(|less| currency.decimal(less)),
            coupons: offered.map_or_else(Vec::new, |offered| offered.coupons),
            stored_value,
        }
    }
}
