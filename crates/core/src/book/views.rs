//! What a book answers about an account, as of any day (semantics 5.3, 7.6).

use super::people::Place;
use super::{
    BenefitView, Book, ClaimedView, CouponView, FlagView, HouseholdView, OrderView, StoredValueView,
};
use crate::Id;
use crate::calendar::Day;
use crate::json::canonical;
use crate::loyalty::account::Account;
use crate::loyalty::tiers::{Looking, Why, keep_goals, tier_of};
use crate::outcome::{Nobody, Refusal, RefusalCode};
use crate::program::versions::Versions;
use crate::program::{Goal, Measure, Program, Term, Window};
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Serialize, Serializer};
use std::borrow::Cow;

/// One account as of the end of a day.
///
/// ```
/// # let book = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/maison.rs"));
/// # let on = parure::calendar::Day::parse("2026-11-21")?;
/// // Who bought online was merged into who came to the shop.
/// let account = book.account("liu-online", on)?;
/// assert_eq!((account.account.as_str(), account.aliases.as_slice()), ("liu-xin", &["liu-online".into()][..]));
/// assert!(account.flags.is_empty());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct AccountView {
    /// The id the account goes by.
    pub account: Id,
    /// The ids of customers merged into it.
    pub aliases: Vec<Id>,
    /// The day asked about.
    #[serde(serialize_with = "day_as_text")]
    pub on: Day,
    /// Since when a member; none: has not joined.
    #[serde(serialize_with = "super::answer::as_text")]
    pub joined: Option<Day>,
    /// Points.
    pub points: PointsView,
    /// The tier; none without a member.
    pub tier: Option<TierView>,
    /// The growth value, where the program keeps one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub growth: Option<i64>,
    /// Whom the account shares points with, where it does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub household: Option<HouseholdView>,
    /// Coupons that can be used on the day or later: what lapses first before the rest.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub coupons: Vec<CouponView>,
    /// What the shop does for them that day: by the tier, given, by pieces.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub benefits: Vec<BenefitView>,
    /// What was paid in beforehand and can be spent, where anything was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stored_value: Option<StoredValueView>,
    /// Rewards that were redeemed and wait to be handed over, in the order in which they were.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub claimed: Vec<ClaimedView>,
    /// Pieces that are made to order and not delivered yet, or of whose deposits something is left.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub orders: Vec<OrderView>,
    /// Everything that `record` would have refused.
    pub flags: Vec<FlagView>,
}

/// The points of an account.
///
/// ```
/// # let book = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/maison.rs"));
/// # let on = parure::calendar::Day::parse("2026-11-21")?;
/// let points = book.account("wang-fang", on)?.points;
/// assert_eq!((points.balance, points.usable, points.pending, points.debt), (4_077, 4_077, 0, 0));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PointsView {
    /// Usable points less debt.
    pub balance: i64,
    /// Points in lots that may be spent on the day.
    pub usable: i64,
    /// Points that will be usable later.
    pub pending: i64,
    /// Points owed.
    pub debt: i64,
    /// In the order in which they are spent, pending ones too.
    pub lots: Vec<LotView>,
    /// Everything that ever came in and went out.
    pub totals: Totals,
}

/// Points with the same origin and days.
///
/// ```
/// # let book = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/maison.rs"));
/// # let on = parure::calendar::Day::parse("2026-11-21")?;
/// let lots = book.account("wang-fang", on)?.points.lots;
/// assert_eq!((lots[0].fact.as_str(), lots[0].points), ("p-05", 220));
/// assert_eq!(lots[0].last_day.unwrap().to_string(), "2028-02-29"); // the end of the month, 24 months on (semantics 4.7)
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct LotView {
    /// The fact they come from.
    pub fact: Id,
    /// How many are left.
    pub points: i64,
    /// First usable day.
    #[serde(serialize_with = "day_as_text")]
    pub first_day: Day,
    /// Last usable day.
    #[serde(serialize_with = "super::answer::as_text")]
    pub last_day: Option<Day>,
}

/// `awarded + adjusted + received = spent + given + taken_back + lapsed + outstanding`; outstanding: usable and pending less debt.
///
/// ```
/// # let book = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/maison.rs"));
/// # let on = parure::calendar::Day::parse("2026-11-21")?;
/// let totals = book.account("wang-fang", on)?.points.totals;
/// let came_in = totals.awarded + totals.adjusted + totals.received;
/// assert_eq!(came_in - totals.spent - totals.given - totals.taken_back - totals.lapsed, 4_077);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, JsonSchema)]
pub struct Totals {
    /// Awarded for purchases.
    pub awarded: i64,
    /// By hand, up less down.
    pub adjusted: i64,
    /// Received from others.
    pub received: i64,
    /// Spent, less what came back.
    pub spent: i64,
    /// Given to others.
    pub given: i64,
    /// Taken back for returns, with what became debt.
    pub taken_back: i64,
    /// Lapsed.
    pub lapsed: i64,
}

/// A tier: since when, until when, why, and what is missing.
///
/// ```
/// # let book = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/maison.rs"));
/// # let on = parure::calendar::Day::parse("2026-11-21")?;
/// let tier = book.account("sun-hao", on)?.tier.unwrap();
/// assert_eq!((tier.id.as_str(), tier.by.as_str()), ("diamond", "p-08"));
/// assert_eq!((tier.since.to_string().as_str(), tier.until.unwrap().to_string().as_str()), ("2026-03-02", "2027-03-01"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct TierView {
    /// Its id.
    pub id: Id,
    /// Its name.
    pub name: String,
    /// First day.
    #[serde(serialize_with = "day_as_text")]
    pub since: Day,
    /// Last day, with the grace where it is running; none: no end.
    #[serde(serialize_with = "super::answer::as_text")]
    pub until: Option<Day>,
    /// The fact it was reached or granted by, or `renewed`, `lapse`, `start`, `deduction`, `adoption`, `merge`.
    pub by: String,
    /// What is missing for the next tier; none at the top.
    pub next: Option<NextTier>,
    /// What is missing to keep this one, and by when; none where nothing has to be kept.
    pub keep: Option<KeepView>,
    /// By which process the shop serves its members, where the program says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub process: Option<Id>,
}

/// The next tier and every way to it.
///
/// ```
/// # let book = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/maison.rs"));
/// # let on = parure::calendar::Day::parse("2026-11-21")?;
/// let next = book.account("wang-fang", on)?.tier.unwrap().next.unwrap();
/// // 5,425.00 more, or three more visits (semantics 7.6).
/// assert_eq!((next.id.as_str(), next.missing.len()), ("gold", 2));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct NextTier {
    /// Its id.
    pub id: Id,
    /// What is missing, one entry for each way; any one is enough.
    pub missing: Vec<GoalView>,
}

/// What is missing to keep a tier.
///
/// ```
/// # let book = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/maison.rs"));
/// # let on = parure::calendar::Day::parse("2026-11-21")?;
/// let keep = book.account("sun-hao", on)?.tier.unwrap().keep.unwrap();
/// assert_eq!(keep.by.to_string(), "2027-03-01");
/// assert_eq!(keep.missing[0].spend.unwrap().to_string(), "20450.00");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct KeepView {
    /// The last day on which it can be met.
    #[serde(serialize_with = "day_as_text")]
    pub by: Day,
    /// One entry for each way; any one is enough. Empty: it is kept.
    pub missing: Vec<GoalView>,
}

/// What is missing of one goal.
///
/// ```
/// # let book = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/maison.rs"));
/// # let on = parure::calendar::Day::parse("2026-11-21")?;
/// let next = book.account("wang-fang", on)?.tier.unwrap().next.unwrap();
/// assert_eq!(next.missing[0].to_string(), "5425.00 more spend within 12 months");
/// assert_eq!(next.missing[1].to_string(), "3 more visits within 12 months");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, JsonSchema)]
pub struct GoalView {
    /// Money.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub spend: Option<Decimal>,
    /// Days with a purchase.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub visits: Option<u32>,
    /// Points earned.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub points: Option<i64>,
    /// Growth value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub growth: Option<i64>,
    /// The window.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub within: String,
}

pub(crate) fn day_as_text<S: Serializer>(day: &Day, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(day)
}

impl Book {
    /// A customer's account as of the end of a day.
    ///
    /// ```
    /// # let book = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/maison.rs"));
    /// # let on = parure::calendar::Day::parse("2026-11-21")?;
    /// assert_eq!(book.account("wang-fang", on)?.points.balance, 4_077);
    /// assert_eq!(book.account("nobody", on).unwrap_err().code.code(), "unknown_customer");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// Refused with `unknown_customer` for someone nobody knows, with `sealed` for a day before the seal.
    pub fn account(&self, customer: &str, on: Day) -> Result<AccountView, Refusal> {
        let root = self.asked(customer, on)?;
        Ok(self.view(root, &self.state_on(root, on), on))
    }

    /// The day itself, or the seal's where it lies before it: the views then say that day.
    pub(super) fn answerable(&self, on: Day) -> Day {
        self.sealed_until().map_or(on, |sealed| on.max(sealed))
    }

    /// The account that a question about a customer and a day is about.
    pub(super) fn asked(&self, customer: &str, on: Day) -> Result<Place, Refusal> {
        if let Some(day) = self.sealed_until().filter(|day| on < *day) {
            let message = format!("the book is sealed: it answers from {day} on");
            return Err(Refusal { code: RefusalCode::Sealed, message });
        }
        let unknown =
            || Refusal { code: RefusalCode::UnknownCustomer, message: format!("`{customer}` is not known") };
        self.people.root_of(customer).ok_or_else(unknown)
    }

    /// All accounts as of the end of a day, by id; of a day before the seal, as of the seal's (`on` says so).
    ///
    /// ```
    /// # let book = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/maison.rs"));
    /// # let on = parure::calendar::Day::parse("2026-11-21")?;
    /// let gold = book.accounts(on).filter(|account| account.tier.as_ref().is_some_and(|tier| tier.id == "gold"));
    /// assert_eq!(gold.count(), 6);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn accounts(&self, on: Day) -> impl Iterator<Item = AccountView> + '_ {
        let on = self.answerable(on);
        let roots = self.people.roots_by_id();
        roots.into_iter().map(move |root| self.view(root, &self.state_on(root, on), on))
    }

    /// All accounts as of the end of a day as canonical JSON: equal books are equal bytes.
    ///
    /// ```
    /// # let book = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/maison.rs"));
    /// # let on = parure::calendar::Day::parse("2026-11-21")?;
    /// let json = book.to_json(on);
    /// assert!(json.starts_with(r#"[{"account":"chen-jie""#));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn to_json(&self, on: Day) -> String {
        let accounts = self.accounts(on).map(|account| serde_json::to_value(account).unwrap_or_default());
        canonical(&serde_json::Value::Array(accounts.collect()))
    }

    /// The state as of the end of a day, from where it stands if nothing came after.
    pub(super) fn state_on(&self, root: Place, on: Day) -> Cow<'_, Account> {
        let customer = self.people.get(root);
        let ready = customer.filter(|customer| customer.account.day <= on && customer.last.is_some());
        match ready {
            Some(customer) if customer.account.day == on => Cow::Borrowed(&customer.account),
            Some(customer) => {
                let mut account = customer.account.clone();
                account.advance(on, &self.versions, &mut Nobody);
                Cow::Owned(account)
            }
            None => Cow::Owned(self.account_on(root, on, &mut Nobody)),
        }
    }

    pub(super) fn view(&self, root: Place, account: &Account, on: Day) -> AccountView {
        let aliases = self.people.members(root).iter().filter(|member| **member != root);
        let fact = |no| -> Id { self.log.id(no).into() };
        let purse = &account.purse;
        let totals = purse.totals;
        let lots = purse.lots().iter().map(|lot| LotView {
            fact: fact(lot.tag.fact),
            points: lot.left,
            first_day: lot.tag.first(),
            last_day: lot.tag.last(),
        });
        let mut lots: Vec<LotView> = lots.collect();
        // What was drawn of others for a purchase and came back is of that purchase, too.
        lots.dedup_by(|next, lot| {
            let same =
                (&next.fact, next.first_day, next.last_day) == (&lot.fact, lot.first_day, lot.last_day);
            if same {
                lot.points = lot.points.saturating_add(next.points);
            }
            same
        });
        let flags = account.rare.iter().flat_map(|rare| &rare.flags);
        let program = self.versions.on(on).program;
        AccountView {
            account: self.people.id(root).to_owned(),
            aliases: aliases.map(|place| self.people.id(*place).clone()).collect(),
            on,
            joined: account.member.map(|member| member.joined),
            points: PointsView {
                balance: purse.balance(on),
                usable: purse.usable(on),
                pending: purse.pending(on),
                debt: purse.debt,
                lots,
                totals: Totals {
                    awarded: totals.awarded,
                    adjusted: totals.adjusted,
                    received: totals.received,
                    spent: totals.spent,
                    given: totals.given,
                    taken_back: totals.taken_back,
                    lapsed: totals.lapsed,
                },
            },
            tier: self.tier_view(account, on, &self.versions),
            growth: program.growth.and(account.member).map(|member| member.standing.growth),
            household: self.household_view(root, account, on),
            coupons: self.coupons_of(account, on),
            benefits: self.benefits_of(account, on),
            stored_value: self.stored_value_of(account, on),
            claimed: self.claimed_of(account),
            orders: self.orders_of(account),
            flags: flags.chain(&self.flags_apart(root, on)).map(|flag| self.flag_view(flag)).collect(),
        }
    }

    pub(super) fn tier_view(&self, account: &Account, on: Day, versions: &Versions) -> Option<TierView> {
        let member = account.member?;
        let standing = &member.standing;
        let program = versions.on(on).program;
        let looking = Looking { versions, activity: &account.activity, joined: member.joined };
        let place = account.tier_on(on, program);
        let tier = tier_of(program, place)?;
        let missing = |goals: &[Goal], day: Day| -> Vec<GoalView> {
            let all: Vec<_> = goals.iter().map(|goal| standing.missing(*goal, day, looking)).collect();
            if all.iter().any(Option::is_none) {
                return Vec::new();
            }
            all.into_iter().flatten().map(|missing| self.goal(missing.measure, missing.within)).collect()
        };
        let next = program.tiers.iter().skip(usize::from(place).saturating_add(1)).find(|tier| {
            if program.growth.is_some() { tier.growth.is_some() } else { !tier.reach.is_empty() }
        });
        let next = next.map(|tier| NextTier {
            id: tier.id.clone(),
            missing: match program.growth {
                None => missing(&tier.reach, on),
                Some(_) => {
                    let short = tier.growth.unwrap_or(0).saturating_sub(standing.growth);
                    vec![GoalView { growth: Some(short), ..GoalView::default() }]
                }
            },
        });
        let lifted = account.lifted_by(on, program);
        let (since, until, by) = match lifted {
            Some(grant) => (grant.first, Some(grant.last), self.log.id(grant.fact).to_owned()),
            None => (standing.since, standing.last_day(), self.why(standing.why)),
        };
        // A term of it may have been bought, too.
        let earned = lifted.is_none().then_some((since, until));
        let (since, through) = account.held_through(&tier.id, on, earned).unwrap_or((since, until));
        let keep = match (tier.term, until) {
            _ if lifted.is_some() || through != until => None,
            (Term::Rolling, _) if place > 0 && program.growth.is_none() => {
                Some(KeepView { by: on, missing: missing(&tier.reach, on) })
            }
            // As of the last day: what was spent before can still leave a rolling window until then.
            (_, Some(by)) => Some(KeepView { by, missing: missing(keep_goals(tier), by.max(on)) }),
            _ => None,
        };
        Some(TierView {
            id: tier.id.clone(),
            name: tier.name.to_string(),
            since,
            until: through,
            by,
            next,
            keep,
            process: tier.process.clone(),
        })
    }

    pub(super) fn why(&self, why: Why) -> String {
        match why {
            Why::Start(_) => "start".to_owned(),
            Why::Reached(fact) | Why::Returned(fact) => self.log.id(fact).to_owned(),
            Why::Renewed => "renewed".to_owned(),
            Why::Lapsed => "lapse".to_owned(),
            Why::Deducted => "deduction".to_owned(),
            Why::Adopted => "adoption".to_owned(),
            Why::Merged => "merge".to_owned(),
        }
    }

    fn goal(&self, measure: Measure, within: Window) -> GoalView {
        let mut view = GoalView { within: within.to_string(), ..GoalView::default() };
        match measure {
            Measure::Spend(money) => view.spend = Some(self.currency().decimal(money)),
            Measure::Visits(visits) => view.visits = Some(visits),
            Measure::Points(points) => view.points = Some(points),
        }
        view
    }

    /// The program in force on a day.
    ///
    /// ```
    /// # let book = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/maison.rs"));
    /// # let on = parure::calendar::Day::parse("2026-11-21")?;
    /// assert_eq!(book.program_on(on).name(), "Maison Lumière 会员俱乐部");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn program_on(&self, day: Day) -> &Program {
        self.versions.on(day).program
    }
}

impl std::fmt::Display for Window {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Window::Rolling(span) => span.fmt(f),
            Window::CalendarYear => f.write_str("calendar year"),
            Window::MembershipYear => f.write_str("membership year"),
            Window::Term => f.write_str("term"),
            Window::Ever => f.write_str("ever"),
        }
    }
}
