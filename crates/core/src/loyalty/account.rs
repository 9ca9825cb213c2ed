//! One account, fact by fact: the fold that everything else is asked of (semantics 1.2, 4.8).

use super::activity::{Activity, Bought, Counts, Sums};
use super::basket::{Basket, BasketView};
use super::benefits::{Benefits, Named};
use super::bought_tiers::BoughtTier;
use super::caps::CapUse;
use super::carried::Carried;
use super::coupons::Coupon;
use super::earning::{Asking, Setting, Wanted, scene, wanted};
use super::introductions::{Claim, Reward};
use super::lots::{DRAWN, FactNo, LotTag, Origin, Purse, Taken, grow_rarely, grow_tightly};
use super::orders::Order;
use super::profiles::Profiles;
use super::returns::Returns;
use super::rewards::Claimed;
use super::stored_value::{self, StoredValue};
use super::tiers::{Headroom, Looking, Moved, Standing, tier_of};
use crate::calendar::Day;
use crate::customer::encounter::Encounter;
use crate::exact::share_down;
use crate::fact::{
    Body, CouponAct, Fact, GivenLot, OrderAct, PaidWith, Profile, Purchase, ReturnedLine, Settlement,
    ValueAct, points_of,
};
use crate::lifecycle::{key, settles};
use crate::money::Money;
use crate::outcome::{Entry, Flag, RefusalCode, Witness};
use crate::program::condition::{Customer, Scene};
use crate::program::versions::{InForce, Versions};
use crate::program::{LadderOver, Program, Ratio};
use prefetch_index::prefetch_index;
use serde::{Deserialize, Serialize};
use std::slice::from_ref;
use xxhash_rust::xxh3::xxh3_64;

/// The state of one account after its facts so far. Equal facts under equal programs give equal accounts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Account {
    /// Lived through, from its first instant.
    pub(crate) day: Day,
    /// Facts applied so far.
    pub(super) order: u32,
    /// The latest fact that took points out: the other side of an overdraft.
    pub(super) last_taking: Option<FactNo>,
    pub(crate) member: Option<Membership>,
    pub(crate) purse: Purse,
    pub(crate) activity: Activity,
    /// As it was just before each purchase; only where a program's conditions ask for it.
    pub(super) so_far: Vec<SoFar>,
    pub(super) caps: CapUse,
    pub(super) profiles: Profiles,
    /// What few accounts have.
    pub(crate) rare: Option<Box<Rare>>,
}

/// Since when someone is a member, and the tier they have earned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Membership {
    pub(crate) joined: Day,
    pub(crate) standing: Standing,
}

/// What a customer has spent in all, and their points.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(super) struct SoFar {
    spend: i64,
    points: i64,
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct Rare {
    /// Points spent on purchases and redemptions, by fact as they came.
    pub(crate) paid: Vec<Paid>,
    pub(crate) returns: Vec<Returns>,
    /// What points taken by hand and given away left as debt, by fact.
    pub(crate) owed: Vec<(FactNo, i64)>,
    pub(crate) grants: Vec<Grant>,
    pub(crate) flags: Vec<Flag>,
    /// Occasions that were settled, by a hash of each, and the facts that settled them.
    pub(super) reported: Vec<(u64, FactNo)>,
    /// Where each windowed ladder began, by place of the purchase.
    pub(super) ladders: Vec<(u32, Vec<i64>)>,
    /// First purchases of theirs for which whoever introduced them is given something.
    pub(crate) introduction_claims: Vec<Claim>,
    /// What was given for the first purchases of those whom they introduced.
    pub(crate) introduction_rewards: Vec<Reward>,
    /// What was given on occasions, by the fact that settled each.
    pub(crate) gifts: Vec<(FactNo, i64)>,
    /// Coupons of the program's, in the order of their issue.
    pub(crate) coupons: Vec<Coupon>,
    pub(super) benefits: Option<Box<Benefits>>,
    pub(super) value: Option<Box<StoredValue>>,
    /// In the order of purchases.
    pub(super) bought_tiers: Vec<BoughtTier>,
    pub(super) claimed: Vec<Claimed>,
    /// Pieces that are made to order, in the order of the facts.
    pub(super) orders: Vec<Order>,
}

/// Points that paid for something, and where they came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Paid {
    pub(crate) fact: FactNo,
    pub(crate) points: i64,
    pub(crate) given_back: i64,
    /// What was not there and became debt.
    pub(crate) short: i64,
    /// What of it has not come back.
    owed: i64,
    taken: Vec<Taken>,
    /// The lot in which comes back what was debt and has been paid since.
    own: LotTag,
    /// A redemption, not a purchase.
    pub(crate) redemption: bool,
    /// The fact that reversed the redemption.
    pub(crate) reversed_by: Option<FactNo>,
}

/// A tier by hand (7.5).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Grant {
    pub(crate) tier: Box<str>,
    pub(crate) first: Day,
    pub(crate) last: Day,
    pub(crate) fact: FactNo,
}

/// A fact as an account sees it. Everything is borrowed: a fact may as well be a row of columns.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Event<'a> {
    pub(crate) no: FactNo,
    /// The instant it is applied at.
    pub(crate) micros: i64,
    pub(crate) day: Day,
    /// Its id; none of a row of columns, or of what is only asked about.
    pub(crate) id: &'a str,
    /// The customer that it names.
    pub(crate) customer: &'a str,
    pub(crate) store: &'a str,
    pub(crate) staff: &'a str,
    pub(crate) terminal: &'a str,
    pub(crate) what: What<'a>,
    /// Its own instant lies before the seal.
    pub(crate) late_after_seal: bool,
    /// It names someone who had been forgotten by then.
    pub(crate) erased: bool,
    /// Whoever it happened to has been forgotten: what was told of them and of their pieces is gone.
    pub(crate) forgotten: bool,
    /// What an erasure says of the purchase that it is, or of which something comes back.
    pub(crate) carried: Option<&'a Carried>,
    /// The coupon and the benefit that it says an occasion gave.
    pub(crate) carried_gifts: [Option<&'a str>; 2],
    /// The fact that tells who introduced the customer, of a purchase.
    pub(crate) introduced: Option<FactNo>,
    /// Points of others of the household that it is paid with.
    pub(crate) drawn: &'a [GivenLot],
    /// What speaks against a report, as far as the account itself can't say.
    pub(crate) unfit: Option<RefusalCode>,
    /// The facts that issued the coupons that it is paid with, in the order of its tenders.
    pub(crate) coupons: &'a [Option<FactNo>],
    /// The facts that ordered what its deposits are for, in the order of its tenders.
    pub(crate) orders: &'a [Option<FactNo>],
}

/// What an account is told. Which accounts a fact concerns, and what it refers to, has been looked up before.
#[derive(Debug, Clone, Copy)]
pub(crate) enum What<'a> {
    /// `before`: the fact by which this very customer joined before.
    Joined {
        profile: &'a Profile<'a>,
        before: Option<FactNo>,
    },
    ProfileChanged(&'a Profile<'a>),
    Purchased(BasketView<'a>),
    /// A purchase that has been worked out already, of someone as they are.
    WorkedOut(Worth),
    Returned {
        purchase: Option<Linked<'a>>,
        lines: &'a [ReturnedLine<'a>],
    },
    Adjusted {
        points: i64,
        last_day: Option<Day>,
    },
    /// `out`: this account gives; `into`: it receives; both where they are one.
    Given {
        points: i64,
        lots: &'a [GivenLot],
        out: bool,
        into: bool,
    },
    Redeemed {
        points: i64,
        amount: Money,
        reward: &'a str,
    },
    RedemptionSettled {
        redemption: Option<FactNo>,
        how: Settlement,
    },
    TierGranted {
        tier: &'a str,
        last_day: Day,
    },
    /// A coupon of the program's.
    Issued {
        of: &'a str,
        last_day: Option<Day>,
        card: bool,
    },
    Voided {
        coupon: Option<FactNo>,
    },
    /// `out` and `into` as of a giving, of a transfer; of all else `out`. `coupon`: the fact that it goes by.
    Couponed {
        act: &'a CouponAct<'a>,
        out: bool,
        into: bool,
        coupon: Option<FactNo>,
    },
    BenefitGranted {
        benefit: &'a str,
        times: u32,
        last_day: Option<Day>,
    },
    /// `of`: the purchase and the line that brought it along.
    BenefitUsed {
        benefit: &'a str,
        of: Option<Named<'a>>,
    },
    BenefitReversed {
        used: Option<FactNo>,
    },
    /// `out` and `into` as of a giving, of a transfer; of all else `out`. `top_up`: the one that a refund names.
    Valued {
        act: &'a ValueAct<'a>,
        out: bool,
        into: bool,
        top_up: Option<FactNo>,
    },
    /// `order`: the one that it names.
    Ordered {
        act: &'a OrderAct<'a>,
        order: Option<FactNo>,
    },
    /// A visit, a talk, a consent: it moves nothing.
    Encountered,
    /// An occasion was settled.
    Reported(Settled<'a>),
    /// Someone else's first purchase, whom this account introduced.
    IntroducedBought,
    /// Too little is left of it.
    IntroducedReturned {
        purchase: FactNo,
    },
    /// Somebody else of the household bought, and what counts for tiers is pooled.
    SharedBought(BasketView<'a>),
    SharedReturned {
        purchase: Option<Linked<'a>>,
        lines: &'a [ReturnedLine<'a>],
    },
}

/// How an occasion was settled.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Settled<'a> {
    pub(crate) trigger: &'a str,
    /// The trigger and what tells the occasion from others, hashed.
    pub(crate) occasion: u64,
    /// It was done: what the trigger gives is given.
    pub(crate) done: bool,
}

/// What a purchase is worth before caps: points, spend that counts for tiers, and what is to be paid and spent for it.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Worth {
    pub(crate) wanted: Wanted,
    pub(crate) spend: i64,
    pub(crate) to_pay: Money,
    /// Points spent on it, and what the till took them for.
    pub(crate) tendered: (i64, Money),
}

/// A purchase that has been worked out, under rules without caps, a growth value and totals, which nothing is spent on and whose customer
/// is a member.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Plain {
    pub(crate) no: FactNo,
    pub(crate) micros: i64,
    pub(crate) day: Day,
    /// The tier held just before.
    pub(crate) tier: u8,
    pub(crate) points: i64,
    pub(crate) spend: i64,
    /// The days of the [own lot](lot_days).
    pub(crate) lot_days: (Day, Option<Day>),
}

/// What a fact asks of people: which sides of a giving an account is on, by which fact the customer joined before.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Sides {
    pub(crate) out: bool,
    pub(crate) into: bool,
    pub(crate) joined_before: Option<FactNo>,
    /// What is told of a person is told of someone else, who names them.
    pub(crate) of_another: bool,
    /// It is of someone whom the account introduced.
    pub(crate) of_introduced: bool,
    /// The fact that tells who introduced the customer.
    pub(crate) introduced: Option<FactNo>,
    /// Points of this account with which someone else pays.
    pub(crate) lends: i64,
    /// It is of somebody else of the household, with whom what counts for tiers is pooled.
    pub(crate) shared: bool,
    /// Who lends points for it and is this very account, by place: these are its own.
    pub(crate) own_drawn: u64,
    /// What speaks against a report.
    pub(crate) unfit: Option<RefusalCode>,
}

impl Sides {
    /// What else a fact of someone else is to the same account: a purchase that is paid with its points, by someone whom it introduced, and
    /// that counts for its tier.
    pub(crate) fn also(self) -> Option<Sides> {
        let rest = match self {
            Sides { lends: 0, of_introduced: false, .. } => return None,
            Sides { lends: 0, .. } => Sides { of_introduced: false, ..self },
            _ => Sides { lends: 0, ..self },
        };
        (rest.of_introduced || rest.shared).then_some(rest)
    }
}

/// The purchase that a return names.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Linked<'a> {
    pub(crate) fact: FactNo,
    pub(crate) day: Day,
    pub(crate) basket: BasketView<'a>,
    pub(crate) store: &'a str,
    pub(crate) staff: &'a str,
    pub(crate) terminal: &'a str,
}

impl<'a> Linked<'a> {
    /// A purchase and its local day; nothing else can be given back.
    pub(crate) fn of(no: FactNo, day: Day, fact: &'a Fact<'_>) -> Option<Linked<'a>> {
        let Body::Purchased { purchase, .. } = &fact.body else { return None };
        let [store, staff, terminal] = fact.places();
        Some(Linked { fact: no, day, basket: purchase.view(), store, staff, terminal })
    }
}

impl<'a> What<'a> {
    /// What a fact tells one account; `None` for what tells none. `referred`: the fact that it names, `linked`: where that is a purchase.
    pub(crate) fn of(
        body: &'a Body<'_>,
        referred: Option<FactNo>,
        linked: Option<Linked<'a>>,
        sides: Sides,
    ) -> Option<What<'a>> {
        if sides.of_another {
            return None;
        }
        if sides.lends > 0 {
            return Some(What::Given { points: sides.lends, lots: &[], out: true, into: false });
        }
        if sides.of_introduced {
            return match body {
                Body::Purchased { .. } => Some(What::IntroducedBought),
                Body::Returned { .. } => referred.map(|purchase| What::IntroducedReturned { purchase }),
                _ => None,
            };
        }
        if sides.shared {
            return match body {
                Body::Purchased { purchase, .. } => Some(What::SharedBought(purchase.view())),
                Body::Returned { lines, .. } => Some(What::SharedReturned { purchase: linked, lines }),
                _ => None,
            };
        }
        Some(match body {
            Body::Joined { profile, .. } => What::Joined { profile, before: sides.joined_before },
            Body::ProfileChanged { profile, .. } => What::ProfileChanged(profile),
            Body::Purchased { purchase, .. } => What::Purchased(purchase.view()),
            Body::Returned { lines, .. } => What::Returned { purchase: linked, lines },
            Body::Adjusted { points, last_day, .. } => {
                What::Adjusted { points: *points, last_day: *last_day }
            }
            Body::Given { points, lots, .. } => {
                What::Given { points: *points, lots, out: sides.out, into: sides.into }
            }
            Body::Redeemed { points, amount, reward, .. } => {
                What::Redeemed { points: *points, amount: *amount, reward }
            }
            Body::RedemptionSettled { how, .. } => {
                What::RedemptionSettled { redemption: referred, how: *how }
            }
            Body::TierGranted { tier, last_day, .. } => What::TierGranted { tier, last_day: *last_day },
            Body::Issued { coupon, last_day, card, .. } => {
                What::Issued { of: coupon, last_day: *last_day, card: *card }
            }
            Body::Couponed { act, .. } => {
                What::Couponed { act, out: sides.out, into: sides.into, coupon: referred }
            }
            Body::Voided { .. } => What::Voided { coupon: referred },
            Body::BenefitGranted { grant, .. } => {
                What::BenefitGranted { benefit: &grant.benefit, times: grant.times, last_day: grant.last_day }
            }
            Body::BenefitUsed { benefit, of, .. } => {
                What::BenefitUsed { benefit, of: of.as_ref().map(|of| (referred, &*of.1)) }
            }
            Body::BenefitReversed { .. } => What::BenefitReversed { used: referred },
            Body::Valued { act, .. } => {
                What::Valued { act, out: sides.out, into: sides.into, top_up: referred }
            }
            Body::Ordered { act, .. } => What::Ordered { act, order: referred },
            Body::Met { encounter, .. } => match settled(encounter) {
                Some(settled) => What::Reported(settled),
                None => What::Encountered,
            },
            Body::Consented { .. } | Body::HouseholdJoined { .. } | Body::HouseholdLeft { .. } => {
                What::Encountered
            }
            Body::Merged { .. } | Body::Unmerged { .. } | Body::Erased { .. } | Body::Adopted { .. } => {
                return None;
            }
        })
    }
}

impl<'a> Event<'a> {
    /// A fact that is applied at an instant of a day.
    pub(crate) fn of(no: FactNo, fact: &'a Fact<'_>, (micros, day): (i64, Day), what: What<'a>) -> Event<'a> {
        Event {
            id: &fact.id,
            customer: fact.customer().unwrap_or_default(),
            ..Event::at(no, (micros, day), fact.places(), what)
        }
    }

    /// What happens at an instant of a day: the store, the staff and the terminal of where.
    pub(crate) fn at(
        no: FactNo,
        (micros, day): (i64, Day),
        [store, staff, terminal]: [&'a str; 3],
        what: What<'a>,
    ) -> Event<'a> {
        Event {
            no,
            micros,
            day,
            id: "",
            customer: "",
            store,
            staff,
            terminal,
            what,
            late_after_seal: false,
            erased: false,
            forgotten: false,
            carried: None,
            carried_gifts: [None; 2],
            introduced: None,
            drawn: &[],
            unfit: None,
            coupons: &[],
            orders: &[],
        }
    }
}

impl Fact<'_> {
    /// Store, staff and terminal; empty where not told.
    pub(crate) fn places(&self) -> [&str; 3] {
        [&self.store, &self.staff, &self.terminal].map(|text| text.as_deref().unwrap_or_default())
    }
}

impl Purchase<'_> {
    pub(crate) fn view(&self) -> BasketView<'_> {
        BasketView { lines: &self.lines, discount: self.discount, tenders: &self.tenders }
    }
}

impl BasketView<'_> {
    /// Points spent on it, and what the till took them for.
    pub(crate) fn points_tendered(&self) -> (i64, Money) {
        let points = self.tenders.iter().filter(|tender| &*tender.kind == "points");
        points.fold((0, Money::ZERO), |(points, amount), tender| {
            (points.saturating_add(tender.points), amount.plus(tender.amount))
        })
    }

    /// Whether it is paid with something besides points that the account holds: stored value, a coupon, a deposit.
    pub(crate) fn takes_what_is_held(&self) -> bool {
        self.tenders.iter().any(|tender| match tender.with.as_deref() {
            None | Some(PaidWith::Metal(_)) => {
                &*tender.kind == stored_value::TENDER && tender.amount > Money::ZERO
            }
            Some(PaidWith::Coupon(_) | PaidWith::Order(_)) => true,
        })
    }

    /// What is to be paid.
    pub(crate) fn payable(&self) -> Money {
        self.lines.iter().fold(Money::ZERO, |sum, line| sum.plus(line.amount)).minus(self.discount)
    }
}

impl Body<'_> {
    /// Whether `record` can have no reason to refuse it once the customer has joined.
    pub(crate) fn is_plain(&self) -> bool {
        match self {
            Body::Purchased { purchase, .. } => {
                purchase.tenders.iter().all(|tender| tender.points == 0)
                    && !purchase.view().takes_what_is_held()
                    && purchase.lines.iter().all(|line| line.custom().is_empty())
            }
            Body::ProfileChanged { profile, .. } => !profile.asks_program(),
            Body::Met { encounter, .. } => key(encounter).is_none(),
            Body::Consented { .. } => true,
            Body::Joined { .. }
            | Body::Returned { .. }
            | Body::Adjusted { .. }
            | Body::Given { .. }
            | Body::Redeemed { .. }
            | Body::RedemptionSettled { .. }
            | Body::TierGranted { .. }
            | Body::HouseholdJoined { .. }
            | Body::HouseholdLeft { .. }
            | Body::Issued { .. }
            | Body::Voided { .. }
            | Body::Couponed { .. }
            | Body::BenefitGranted { .. }
            | Body::BenefitUsed { .. }
            | Body::BenefitReversed { .. }
            | Body::Valued { .. }
            | Body::Ordered { .. }
            | Body::Merged { .. }
            | Body::Unmerged { .. }
            | Body::Erased { .. }
            | Body::Adopted { .. } => false,
        }
    }

    /// Whether it takes something that another fact may have taken: a coupon, to pay with it or back, a benefit, what an occasion gives, or a reward
    /// that waits.
    pub(crate) fn takes_what_is_counted(&self) -> bool {
        match self {
            Body::Purchased { purchase, .. } => purchase.view().takes_what_is_held(),
            Body::Valued { act, .. } => act.takes(),
            Body::Ordered { act, .. } => act.takes(),
            Body::Couponed { act, .. } => act.takes(),
            Body::Voided { .. } | Body::BenefitUsed { .. } | Body::RedemptionSettled { .. } => true,
            Body::Met { encounter, .. } => settled(encounter).is_some(),
            _ => false,
        }
    }

    /// Stored value that it takes by choice: as payment, as a refund, to somebody else.
    pub(crate) fn value_taken(&self) -> i64 {
        match self {
            Body::Purchased { purchase, .. } => stored_value::tendered(&purchase.view()),
            Body::Valued { act, .. } => match &**act {
                ValueAct::Refunded { amount, .. } | ValueAct::Transferred { amount, .. } => amount.minor(),
                ValueAct::ToppedUp(_) | ValueAct::Frozen { .. } | ValueAct::Released { .. } => 0,
            },
            _ => 0,
        }
    }

    /// Points that something is paid with.
    pub(crate) fn points_paid(&self) -> i64 {
        match self {
            Body::Purchased { purchase, .. } => purchase.view().points_tendered().0,
            Body::Redeemed { points, .. } => *points,
            _ => 0,
        }
    }

    /// Points that it takes by choice: as payment, for a reward, as a gift, as a correction downwards.
    pub(crate) fn points_taken(&self) -> i64 {
        match self {
            Body::Purchased { purchase, .. } => purchase.view().points_tendered().0,
            Body::Adjusted { points, .. } => points.saturating_neg().max(0),
            Body::Given { points, .. } | Body::Redeemed { points, .. } => *points,
            Body::Joined { .. }
            | Body::ProfileChanged { .. }
            | Body::Returned { .. }
            | Body::RedemptionSettled { .. }
            | Body::TierGranted { .. }
            | Body::HouseholdJoined { .. }
            | Body::HouseholdLeft { .. }
            | Body::Issued { .. }
            | Body::Voided { .. }
            | Body::Couponed { .. }
            | Body::BenefitGranted { .. }
            | Body::BenefitUsed { .. }
            | Body::BenefitReversed { .. }
            | Body::Valued { .. }
            | Body::Ordered { .. }
            | Body::Consented { .. }
            | Body::Met { .. }
            | Body::Merged { .. }
            | Body::Unmerged { .. }
            | Body::Erased { .. }
            | Body::Adopted { .. } => 0,
        }
    }
}

/// The occasion that a report settles, by a hash that is the same everywhere.
fn settled<'e>(encounter: &'e Encounter<'_>) -> Option<Settled<'e>> {
    let (trigger, occasion) = key(encounter).filter(|_| settles(encounter))?;
    let hash = hash_of(trigger, occasion);
    Some(Settled { trigger, occasion: hash, done: encounter.text("as") != Some("declined") })
}

fn hash_of(trigger: &str, occasion: &str) -> u64 {
    xxh3_64(format!("{trigger}\n{occasion}").as_bytes())
}

/// What looks at one fact: the fact, the rules of its day, who watches.
pub(super) struct Step<'a, 'w, W: Witness> {
    pub(super) event: &'a Event<'a>,
    pub(super) in_force: InForce<'a>,
    pub(super) versions: &'a Versions,
    pub(super) witness: &'w mut W,
}

impl<W: Witness> Step<'_, '_, W> {
    pub(super) fn see(&mut self, entry: Entry) {
        self.witness.see(self.event.day, Some(self.event.no), entry);
    }
}

impl Default for Account {
    fn default() -> Self {
        Account {
            day: Day::FIRST,
            order: 0,
            last_taking: None,
            member: None,
            purse: Purse::default(),
            activity: Activity::default(),
            so_far: Vec::new(),
            caps: CapUse::default(),
            profiles: Profiles::default(),
            rare: None,
        }
    }
}

/// Lots and purchases that are read ahead: as many as most accounts have.
const FETCHED: usize = 16;

impl Account {
    /// Begins anew as if nothing had been, in the room that the lists have.
    pub(crate) fn renew(&mut self) {
        let mut spare = std::mem::take(self);
        self.purse = spare.purse.renewed();
        self.activity = spare.activity.renewed();
        spare.so_far.clear();
        self.so_far = spare.so_far;
    }

    /// Has the machine fetch what a purchase will need of the account itself.
    pub(crate) fn fetch(&self) {
        prefetch_index(from_ref(&self.day), 0);
        prefetch_index(from_ref(&self.member), 0);
        prefetch_index(from_ref(&self.purse), 0);
        prefetch_index(from_ref(&self.purse.totals), 0);
        prefetch_index(from_ref(&self.activity), 0);
        prefetch_index(from_ref(&self.caps), 0);
        prefetch_index(from_ref(&self.profiles), 0);
    }

    /// The same of the ends of its lists: side by side, before they are needed one after another.
    pub(crate) fn fetch_lists(&self) {
        let lots = self.purse.lots();
        (0..=lots.len()).rev().take(FETCHED).step_by(2).for_each(|at| prefetch_index(lots, at));
        let bought = self.activity.bought();
        (0..=bought.len()).rev().take(FETCHED).for_each(|at| prefetch_index(bought, at));
    }

    /// Lives through the days up to and including `day` where nothing comes of them; whether nothing does.
    #[inline]
    pub(crate) fn passes(&mut self, day: Day) -> bool {
        let is_due = self.member.as_ref().is_some_and(|member| member.standing.is_due(day));
        if is_due || self.purse.lapses(day) || self.value_lapses(day) {
            return false;
        }
        self.pass(day);
        true
    }

    /// A day has come up to which nothing comes of the days.
    #[inline]
    pub(crate) fn pass(&mut self, day: Day) {
        self.day = self.day.max(day);
    }

    /// The last day through which nothing comes of the days and the tier that counts is the one that was earned.
    pub(crate) fn quiet_through(&self) -> Option<Day> {
        if self.grants().next().is_some() {
            return None;
        }
        let due = self.member.and_then(|member| member.standing.due());
        let quiet = due.map_or(Day::LAST, |due| due.add_days(-1));
        let value = self.stored_value().and_then(|value| value.bonus.lots().first());
        let first = [self.purse.lots().first(), value].into_iter().flatten();
        Some(first.filter_map(|lot| lot.tag.last()).fold(quiet, Day::min))
    }

    /// The next day after one on which the tier that counts may be another without a fact.
    pub(crate) fn tier_may_move_after(&self, day: Day) -> Option<Day> {
        let due = self.member.and_then(|member| member.standing.due());
        let granted = self.grants().flat_map(|grant| [grant.first, grant.last.add_days(1)]);
        granted.chain(due).filter(|next| *next > day).min()
    }

    /// Lives through the days up to and including `day`: lots lapse, terms end.
    pub(crate) fn advance<W: Witness>(&mut self, day: Day, versions: &Versions, witness: &mut W) {
        if day <= self.day {
            return;
        }
        self.day = day;
        self.purse.lapse(day, |lot| {
            let lapsed_on = lot.tag.last().map_or(day, |last| last.add_days(1));
            witness.see(lapsed_on, None, Entry::Lapsed { points: lot.left, lot: lot.tag });
        });
        if self.rare.is_some() {
            self.lapse_value(day, witness);
        }
        if let Some(member) = &mut self.member {
            let looking = Looking { versions, activity: &self.activity, joined: member.joined };
            member.standing.advance(day, looking, |moved| witness.see(moved.day, None, moved.into()));
        }
    }

    /// Applies the next fact in order. What `record` would have refused leaves a flag.
    pub(crate) fn apply<W: Witness>(&mut self, event: &Event<'_>, versions: &Versions, witness: &mut W) {
        self.advance(event.day, versions, witness);
        let in_force = versions.on(event.day);
        let step = &mut Step { event, in_force, versions, witness };
        if event.is_of_another() {
            match event.what {
                What::IntroducedReturned { purchase } => self.lose_buyer(step, purchase),
                What::SharedBought(view) => self.share(step, view),
                What::SharedReturned { purchase, lines } => self.share_less(step, purchase, lines),
                _ => self.introduced_buyer(step),
            }
            self.order = self.order.saturating_add(1);
            return;
        }
        if event.late_after_seal {
            self.flag(step, RefusalCode::Sealed);
        }
        if event.erased {
            self.flag(step, RefusalCode::Erased);
        }
        if !self.is_someones(step) {
            self.flag(step, RefusalCode::NotJoined);
        }
        for code in self.objections(event, versions) {
            self.flag(step, code);
        }
        match event.what {
            What::Joined { profile, .. } | What::ProfileChanged(profile) => self.profiles.tell(profile),
            What::Purchased(view) => {
                let earned = self.earned_before(step);
                self.purchase(step, view);
                if view.takes_what_is_held() {
                    self.pay_with_value(step, view);
                    self.pay_with_deposits(step, view);
                    self.use_coupons(step);
                }
                if versions.lines_bring() {
                    self.bring_benefits(step, view);
                    self.buy_tiers(step, view, earned);
                }
            }
            What::WorkedOut(worth) => self.bought(step, worth),
            What::Returned { purchase, lines } => self.return_lines(step, purchase, lines),
            What::Adjusted { points, last_day } => self.adjust(step, points, last_day),
            What::Given { points, lots, out, into } => self.give(step, points, lots, (out, into)),
            What::Redeemed { points, amount, reward } => {
                self.pay(step, points, true);
                self.claim_reward(step, (points, amount), reward);
            }
            What::RedemptionSettled { redemption, how: Settlement::HandedOver } => {
                self.hand_over(redemption, event.no);
            }
            What::RedemptionSettled { redemption, how: Settlement::Reversed { .. } } => {
                self.reverse(step, redemption);
            }
            What::TierGranted { tier, last_day } => {
                let grant = Grant { tier: tier.into(), first: event.day, last: last_day, fact: event.no };
                self.rare().grants.push(grant);
            }
            What::Issued { of, last_day, card } => self.issue(step, of, last_day, card),
            What::Couponed { .. } => self.coupon_moves(step),
            What::Voided { coupon } => self.void(step, coupon),
            What::BenefitGranted { benefit, times, last_day } => {
                self.give_benefit(step, (benefit, times), last_day);
            }
            What::BenefitUsed { benefit, of } => self.use_benefit(step, benefit, of),
            What::BenefitReversed { used } => self.benefit_back(used),
            What::Valued { .. } => self.value_moves(step),
            What::Ordered { .. } => self.order_moves(step),
            What::IntroducedBought
            | What::IntroducedReturned { .. }
            | What::SharedBought(_)
            | What::SharedReturned { .. } => {}
            // What the occasion of someone forgotten gave is carried, that it was one is not known any more.
            What::Encountered => {
                if let Some(carried) = event.carried {
                    self.give_on_occasion(step, carried.points, None);
                    self.give_things(step, event.carried_gifts);
                }
            }
            What::Reported(settled) => self.report(step, settled),
        }
        self.order = self.order.saturating_add(1);
    }

    pub(super) fn rare(&mut self) -> &mut Rare {
        self.rare.get_or_insert_with(Box::default)
    }

    /// The fact that settled an occasion.
    pub(super) fn reported(&self, occasion: u64) -> Option<FactNo> {
        let reported = self.rare.iter().flat_map(|rare| &rare.reported);
        reported.into_iter().find(|(known, _)| *known == occasion).map(|(_, fact)| *fact)
    }

    /// Whether an occasion has been settled.
    pub(crate) fn has_settled(&self, trigger: &str, occasion: &str) -> bool {
        self.rare.is_some() && self.reported(hash_of(trigger, occasion)).is_some()
    }

    /// Whether a report that was applied is of an occasion that had not come.
    pub(crate) fn is_unfit(&self, report: FactNo) -> bool {
        let unfit = |flag: &Flag| {
            flag.fact == report
                && matches!(flag.code, RefusalCode::NeverOffered | RefusalCode::UnknownTrigger)
        };
        self.rare.iter().flat_map(|rare| &rare.flags).any(unfit)
    }

    fn flag<W: Witness>(&mut self, step: &mut Step<'_, '_, W>, code: RefusalCode) {
        let other = match (code, step.event.what) {
            (RefusalCode::NotEnoughPoints, _) => self.last_taking,
            (RefusalCode::ReturnedTooMuch | RefusalCode::UnknownLine, What::Returned { purchase, .. }) => {
                purchase.map(|linked| linked.fact)
            }
            (RefusalCode::AlreadyReversed, What::RedemptionSettled { redemption, .. }) => redemption,
            (RefusalCode::AlreadyHandedOver, What::RedemptionSettled { redemption, .. }) => {
                self.handed_over_by(redemption)
            }
            (RefusalCode::AlreadyJoined, What::Joined { before, .. }) => before,
            (RefusalCode::AlreadyReported, What::Reported(settled)) => self.reported(settled.occasion),
            (code @ (RefusalCode::NotEnoughValue | RefusalCode::ValueFrozen), _) => {
                self.value_taken_or_frozen_by(step.event, code)
            }
            (code @ (RefusalCode::NotEnoughDeposit | RefusalCode::OrderClosed), _) => {
                self.deposit_taken_by(step.event, code)
            }
            (code, _) if code.is_of_used_coupons() => self.coupon_taken_by(step.event),
            _ => None,
        };
        let flag = Flag { code, fact: step.event.no, other };
        self.rare().flags.push(flag);
        step.see(Entry::Flagged(flag));
    }

    /// Whether it is a member's, or becomes one's by this fact. Stored value makes nobody a member: it may be a card's.
    fn is_someones<W: Witness>(&mut self, step: &mut Step<'_, '_, W>) -> bool {
        match step.event.what {
            What::Valued { .. } | What::Couponed { .. } | What::Issued { card: true, .. } => {
                self.open_card(step.event);
                self.member.is_some() || self.is_card()
            }
            What::Issued { .. } | What::Voided { .. } if self.is_card() => true,
            _ => self.member.is_some() || self.join_by(step),
        }
    }

    /// Becomes a member by this fact; answers whether it is one that makes members. What has happened has happened: a purchase
    /// that came from elsewhere earns even where nobody has told yet that its customer joined.
    fn join_by<W: Witness>(&mut self, step: &mut Step<'_, '_, W>) -> bool {
        let (day, was_a_card) = (step.event.day, self.is_card());
        let looking = Looking { versions: step.versions, activity: &self.activity, joined: day };
        self.member =
            Some(Membership { joined: day, standing: Standing::start(day, step.event.no, looking) });
        match step.event.what {
            What::Joined { .. } => true,
            What::Purchased(_) | What::WorkedOut(_) => step.in_force.program.joins_at_purchase && !was_a_card,
            What::ProfileChanged(_)
            | What::Returned { .. }
            | What::Adjusted { .. }
            | What::Given { .. }
            | What::Redeemed { .. }
            | What::RedemptionSettled { .. }
            | What::TierGranted { .. }
            | What::Issued { .. }
            | What::Voided { .. }
            | What::Couponed { .. }
            | What::BenefitGranted { .. }
            | What::BenefitUsed { .. }
            | What::BenefitReversed { .. }
            | What::Valued { .. }
            | What::Ordered { .. }
            | What::Encountered
            | What::Reported(_)
            | What::IntroducedBought
            | What::IntroducedReturned { .. }
            | What::SharedBought(_)
            | What::SharedReturned { .. } => false,
        }
    }

    /// The tier that counts on `day`: the earned one, or one given by hand or bought where that is higher (7.5, 7.7).
    #[inline]
    pub(crate) fn tier_on(&self, day: Day, program: &Program) -> u8 {
        let earned = self.member.as_ref().map_or(0, |member| member.standing.tier);
        if self.rare.is_none() {
            return earned;
        }
        self.grant_on(day, program).map_or(earned, |(granted, _)| granted.max(earned))
    }

    /// Tiers by hand, and terms that were bought.
    fn grants(&self) -> impl Iterator<Item = &Grant> {
        let rare = self.rare.iter();
        rare.flat_map(|rare| rare.grants.iter().chain(rare.bought_tiers.iter().map(|term| &term.grant)))
    }

    /// The highest tier by hand, or that was bought, on `day`.
    pub(crate) fn grant_on(&self, day: Day, program: &Program) -> Option<(u8, &Grant)> {
        let rare = self.rare.as_ref()?;
        if rare.grants.is_empty() && rare.bought_tiers.is_empty() {
            return None;
        }
        let running = self.grants().filter(|grant| grant.first <= day && day <= grant.last);
        let places = running.filter_map(|grant| {
            let place = program.tiers.iter().position(|tier| *tier.id == *grant.tier)?;
            Some((u8::try_from(place).ok()?, grant))
        });
        places.max_by_key(|(place, grant)| (*place, grant.last))
    }

    /// What makes the tier on `day` higher than the earned one.
    pub(crate) fn lifted_by(&self, day: Day, program: &Program) -> Option<&Grant> {
        let earned = self.member.as_ref().map_or(0, |member| member.standing.tier);
        self.grant_on(day, program).filter(|(granted, _)| *granted > earned).map(|(_, grant)| grant)
    }

    /// The customer as they are, of a tier. What no condition asks for is not counted up.
    pub(crate) fn customer_now<'a>(&'a self, day: Day, tier: u8, versions: &'a Versions) -> Customer<'a> {
        let so_far = if versions.asks_for_totals() { self.so_far_now(day) } else { SoFar::default() };
        let counts = (self.activity.purchases, self.activity.visits);
        self.customer_with(counts, so_far, tier, self.profiles.count(), versions.on(day).program)
    }

    /// The customer at the end of a day, whatever the program's rules ask of them.
    pub(crate) fn customer_on<'a>(&'a self, day: Day, program: &'a Program) -> Customer<'a> {
        let counts = (self.activity.purchases, self.activity.visits);
        let tier = self.tier_on(day, program);
        self.customer_with(counts, self.so_far_now(day), tier, self.profiles.count(), program)
    }

    fn so_far_now(&self, day: Day) -> SoFar {
        SoFar { spend: self.activity.spend_total(), points: self.purse.balance(day) }
    }

    fn customer_with<'a>(
        &'a self,
        (purchases, visits): (u32, u32),
        so_far: SoFar,
        tier: u8,
        profiles: u16,
        program: &'a Program,
    ) -> Customer<'a> {
        let told = self.profiles.at(profiles);
        Customer {
            tier: tier_of(program, tier).map_or("", |tier| &tier.id),
            tags: told.map_or(&[], |told| &told.tags),
            gender: told.map_or("", |told| &told.gender),
            custom: told.map_or(&[], |told| &told.custom),
            birthday: told.and_then(|told| told.birthday),
            joined: self.member.map(|member| member.joined),
            purchases,
            visits,
            spend_total: Money::from_minor(so_far.spend),
            points: so_far.points,
        }
    }

    /// The customer as they were just before a purchase.
    pub(super) fn customer_then<'a>(
        &'a self,
        place: usize,
        bought: &Bought,
        program: &'a Program,
    ) -> Customer<'a> {
        let so_far = self.so_far.get(place).copied().unwrap_or_default();
        let counts = (bought.purchases_before, bought.visits_before);
        self.customer_with(counts, so_far, bought.tier, bought.profiles, program)
    }

    pub(super) fn ladder_starts(&self, place: usize) -> &[i64] {
        let place = u32::try_from(place).unwrap_or(u32::MAX);
        let ladders = self.rare.as_ref().map_or(&[][..], |rare| &rare.ladders);
        let at = ladders.binary_search_by_key(&place, |entry| entry.0).ok();
        at.and_then(|at| ladders.get(at)).map_or(&[], |entry| &entry.1)
    }

    fn purchase<W: Witness>(&mut self, step: &mut Step<'_, '_, W>, view: BasketView<'_>) {
        let (event, program) = (step.event, step.in_force.program);
        if let Some(carried) = event.carried {
            let wanted = Wanted { points: carried.wanted, ..Wanted::default() };
            let (to_pay, tendered) = (view.payable(), view.points_tendered());
            self.bought(step, Worth { wanted, spend: carried.spend, to_pay, tendered });
            return;
        }
        let starts = self.windowed_starts(step);
        let (wanted, spend) = if step.in_force.started {
            let basket = Basket::whole(view, program);
            let tier = self.tier_on(event.day, program);
            let customer = self.customer_now(event.day, tier, step.versions);
            let scene = scene(event.setting(program), customer, basket.amount, basket.lines());
            let tier = multiplier(program, tier);
            let asking = Asking { basket: &basket, scene, tier, ladder_starts: &starts };
            (wanted(program, &asking, None), qualifying_spend(program, &basket, &scene))
        } else {
            (Wanted::default(), 0)
        };
        if !starts.is_empty() {
            let place = u32::try_from(self.activity.bought().len()).unwrap_or(u32::MAX);
            self.rare().ladders.push((place, starts));
        }
        let worth = Worth { wanted, spend, to_pay: view.payable(), tendered: view.points_tendered() };
        self.bought(step, worth);
    }

    /// How the customer stands just before a purchase, where conditions ask for it.
    pub(super) fn note_so_far<W: Witness>(&mut self, step: &Step<'_, '_, W>) {
        if step.versions.asks_for_totals() {
            let so_far = self.so_far_now(step.event.day);
            // Purchases from before a seal may lack theirs, where no condition asked then.
            self.so_far.resize(self.activity.bought().len(), SoFar::default());
            grow_tightly(&mut self.so_far);
            self.so_far.push(so_far);
        }
    }

    /// What it was worth has been worked out: points are spent and awarded, and the tier is looked at.
    fn bought<W: Witness>(&mut self, step: &mut Step<'_, '_, W>, worth: Worth) {
        let (event, program) = (step.event, step.in_force.program);
        let day = event.day;
        let Worth { wanted, spend, to_pay, tendered: (points, _) } = worth;
        let tier = self.tier_on(day, program);
        self.note_so_far(step);
        step.see(Entry::Bought(to_pay));
        if points > 0 {
            self.pay(step, points, false);
        }
        let caps = self.caps.on(day);
        let awarded = match event.carried {
            Some(carried) => carried.points,
            None => wanted.points.min(caps.room(&program.points.caps)),
        };
        if step.in_force.started {
            step.see(Entry::Awarded { wanted: wanted.points, points: awarded, rules: wanted.rules });
        }
        let bought = Bought {
            fact: event.no,
            day,
            tier,
            counts: match step.in_force.started {
                false => Counts::ForNothing,
                true if awarded < wanted.points => Counts::Capped,
                true => Counts::Fully,
            },
            profiles: self.profiles.count(),
            purchases_before: self.activity.purchases,
            visits_before: self.activity.visits,
            awarded,
            earned_micros: event.micros,
            order: self.order,
            through: Sums::default(),
        };
        self.activity.purchased(bought, Sums { spend, points: awarded });
        if awarded > 0 {
            self.caps = caps.with(awarded);
            self.purse.totals.awarded = self.purse.totals.awarded.saturating_add(awarded);
            self.put(step, awarded, own_lot(program, &bought));
        }
        self.claim(step, &bought, to_pay);
        if bought.counted() {
            self.count(step, spend);
        }
    }

    /// What [`bought`](Account::bought) comes to for a plain purchase on a day that has been lived up to. The tier is looked at where
    /// `headroom` is used up; answers whether it was.
    #[inline]
    pub(crate) fn bought_plainly<W: Witness>(
        &mut self,
        plain: Plain,
        versions: &Versions,
        headroom: &mut Headroom,
        witness: &mut W,
    ) -> bool {
        let Plain { no, micros, day, tier, points, spend, lot_days: (first, last) } = plain;
        let bought = Bought {
            fact: no,
            day,
            tier,
            counts: Counts::Fully,
            profiles: self.profiles.count(),
            purchases_before: self.activity.purchases,
            visits_before: self.activity.visits,
            awarded: points,
            earned_micros: micros,
            order: self.order,
            through: Sums::default(),
        };
        let sums = Sums { spend, points };
        self.activity.purchased(bought, sums);
        if points > 0 {
            self.purse.totals.awarded = self.purse.totals.awarded.saturating_add(points);
            let paid = self.purse.put(points, LotTag::new(own_origin(&bought), first, last));
            if paid > 0 {
                witness.see(day, Some(no), Entry::DebtPaid(paid));
            }
        }
        self.order = self.order.saturating_add(1);
        if headroom.takes(sums) {
            return false;
        }
        let Some(member) = &mut self.member else { return true };
        let looking = Looking { versions, activity: &self.activity, joined: member.joined };
        member.standing.after_purchase(day, no, looking, |moved| witness.see(day, Some(no), moved.into()));
        *headroom = member.standing.headroom(day, looking);
        true
    }

    /// Looks at the tier after a purchase that counted.
    pub(super) fn count<W: Witness>(&mut self, step: &mut Step<'_, '_, W>, spend: i64) {
        let (day, program) = (step.event.day, step.in_force.program);
        let Some(member) = &mut self.member else { return };
        member.standing.growth = member.standing.growth.saturating_add(growth(program, spend));
        let looking = Looking { versions: step.versions, activity: &self.activity, joined: member.joined };
        let (no, witness) = (step.event.no, &mut *step.witness);
        member.standing.after_purchase(day, no, looking, |moved| {
            witness.see(day, Some(no), moved.into());
        });
    }

    fn windowed_starts<W: Witness>(&self, step: &Step<'_, '_, W>) -> Vec<i64> {
        let Some(member) = &self.member else { return Vec::new() };
        let looking = Looking { versions: step.versions, activity: &self.activity, joined: member.joined };
        let ladders = step.in_force.program.earn.iter().filter(|rule| rule.slices.len() > 1);
        ladders
            .filter_map(|rule| match rule.over {
                LadderOver::Window(window) => {
                    Some(member.standing.ladder_spend(window, step.event.day, looking))
                }
                LadderOver::Purchase => None,
            })
            .collect()
    }

    /// Points come in; debt is paid first.
    pub(super) fn put<W: Witness>(&mut self, step: &mut Step<'_, '_, W>, points: i64, tag: LotTag) {
        let paid = self.purse.put(points, tag);
        if paid > 0 {
            step.see(Entry::DebtPaid(paid));
        }
    }

    pub(super) fn origin<W: Witness>(&self, step: &Step<'_, '_, W>) -> Origin {
        Origin { fact: step.event.no, micros: step.event.micros, order: self.order }
    }

    /// Takes points that are spent; what is not there becomes debt (5.4).
    fn take<W: Witness>(&mut self, step: &mut Step<'_, '_, W>, points: i64) -> (Vec<Taken>, i64) {
        let mut taken = Vec::new();
        let missing = self.purse.take_usable(step.event.day, points, &mut taken);
        taken.shrink_to_fit();
        self.takes_points(step.event.no);
        self.owe(step, missing);
        (taken, missing)
    }

    /// The same, of points that nothing is paid with: what became debt is remembered.
    fn take_or_owe<W: Witness>(&mut self, step: &mut Step<'_, '_, W>, points: i64) {
        let (_, missing) = self.take(step, points);
        if missing > 0 {
            self.rare().owed.push((step.event.no, missing));
        }
    }

    /// Remembers the latest fact that took points: the other side of an overdraft.
    pub(super) fn takes_points(&mut self, fact: FactNo) {
        self.last_taking = Some(fact);
    }

    pub(super) fn owe<W: Witness>(&mut self, step: &mut Step<'_, '_, W>, points: i64) {
        if points > 0 {
            self.purse.debt = self.purse.debt.saturating_add(points);
            step.see(Entry::Owed(points));
        }
    }

    fn pay<W: Witness>(&mut self, step: &mut Step<'_, '_, W>, points: i64, redemption: bool) {
        let (drawn, drawn_points) = self.draw(step);
        step.see(Entry::Spent(points));
        let (mut taken, owed) = self.take(step, points.saturating_sub(drawn_points));
        if !drawn.is_empty() {
            // What is taken last comes back first: their own.
            taken.splice(..0, drawn);
        }
        self.purse.totals.spent = self.purse.totals.spent.saturating_add(points);
        let own = LotTag::new(self.origin(step), step.event.day, None);
        let paid = Paid {
            fact: step.event.no,
            points,
            given_back: 0,
            short: owed,
            owed,
            taken,
            own,
            redemption,
            reversed_by: None,
        };
        let all = &mut self.rare().paid;
        grow_rarely(all);
        all.push(paid);
    }

    /// Points of others of the household come in and are spent at once: they pay no debt.
    fn draw<W: Witness>(&mut self, step: &mut Step<'_, '_, W>) -> (Vec<Taken>, i64) {
        let points = points_of(step.event.drawn);
        if points > 0 {
            step.see(Entry::Received(points));
            self.purse.totals.received = self.purse.totals.received.saturating_add(points);
        }
        let origin = self.origin(step);
        let origin = Origin { order: origin.order | DRAWN, ..origin };
        let taken = step
            .event
            .drawn
            .iter()
            .map(|lot| Taken { points: lot.points, tag: LotTag::new(origin, lot.first_day, lot.last_day) });
        (taken.collect(), points)
    }

    /// Gives back points that had paid for something (6.4): first what was debt, then to the lots, the last taken first.
    pub(super) fn unpay<W: Witness>(&mut self, step: &mut Step<'_, '_, W>, fact: FactNo, points: i64) {
        let day = step.event.day;
        let last = step.in_force.program.points.restored.last_day_from(day);
        let Some(paid) =
            self.rare.as_mut().and_then(|rare| rare.paid.iter_mut().rfind(|paid| paid.fact == fact))
        else {
            return;
        };
        paid.given_back = paid.given_back.saturating_add(points);
        let owed = paid.owed.min(points);
        paid.owed = paid.owed.saturating_sub(owed);
        self.purse.put(owed, paid.own.usable_from(day).living_on(last));
        self.purse.give_back(day, points.saturating_sub(owed), &mut paid.taken, last);
        self.purse.totals.spent = self.purse.totals.spent.saturating_sub(points);
        step.see(Entry::Restored(points));
    }

    fn reverse<W: Witness>(&mut self, step: &mut Step<'_, '_, W>, redemption: Option<FactNo>) {
        let Some(fact) = redemption else { return };
        let left = self.redeemed(fact).map_or(0, |paid| paid.points.saturating_sub(paid.given_back));
        if left > 0 {
            self.unpay(step, fact, left);
            self.claim_reversed(redemption);
            if let Some(paid) = self.rare().paid.iter_mut().rfind(|paid| paid.fact == fact) {
                paid.reversed_by = Some(step.event.no);
            }
        }
    }

    pub(super) fn redeemed(&self, fact: FactNo) -> Option<&Paid> {
        self.paid(fact).filter(|paid| paid.redemption)
    }

    pub(crate) fn paid(&self, fact: FactNo) -> Option<&Paid> {
        self.rare.as_ref()?.paid.iter().rfind(|paid| paid.fact == fact)
    }

    fn adjust<W: Witness>(&mut self, step: &mut Step<'_, '_, W>, points: i64, last_day: Option<Day>) {
        step.see(Entry::Adjusted(points));
        self.purse.totals.adjusted = self.purse.totals.adjusted.saturating_add(points);
        if points < 0 {
            self.take_or_owe(step, points.saturating_neg());
        } else {
            let day = step.event.day;
            let last = last_day.or_else(|| last_day_of(step.in_force.program, day, day));
            let tag = LotTag::new(self.origin(step), day, last);
            self.put(step, points, tag);
        }
    }

    /// An occasion was settled: the first time, what its trigger gives is given (13.6). What had not come settles nothing.
    fn report<W: Witness>(&mut self, step: &mut Step<'_, '_, W>, settled: Settled<'_>) {
        if step.event.unfit.is_some() || self.reported(settled.occasion).is_some() {
            return;
        }
        self.rare().reported.push((settled.occasion, step.event.no));
        let triggers = step.in_force.program.triggers.iter().zip(0_u8..);
        let trigger = triggers.into_iter().find(|(known, _)| *known.id == *settled.trigger);
        if let Some((trigger, place)) = trigger.filter(|_| settled.done) {
            self.give_on_occasion(step, trigger.gives, Some(place));
            let things = [&trigger.gives_coupon, &trigger.gives_benefit];
            self.give_things(step, things.map(|thing| thing.as_ref().map(|id| &**id)));
        }
    }

    /// A coupon and a benefit, of which either may be none.
    fn give_things<W: Witness>(&mut self, step: &mut Step<'_, '_, W>, [coupon, benefit]: [Option<&str>; 2]) {
        if let Some(coupon) = coupon {
            self.issue(step, coupon, None, false);
        }
        if let Some(benefit) = benefit {
            self.give_benefit(step, (benefit, 1), None);
        }
    }

    fn give_on_occasion<W: Witness>(&mut self, step: &mut Step<'_, '_, W>, points: i64, trigger: Option<u8>) {
        if points == 0 {
            return;
        }
        step.see(Entry::Occasion { points, trigger });
        self.rare().gifts.push((step.event.no, points));
        self.purse.totals.awarded = self.purse.totals.awarded.saturating_add(points);
        let day = step.event.day;
        let tag = LotTag::new(self.origin(step), day, last_day_of(step.in_force.program, day, day));
        self.put(step, points, tag);
    }

    fn give<W: Witness>(
        &mut self,
        step: &mut Step<'_, '_, W>,
        points: i64,
        lots: &[GivenLot],
        (out, into): (bool, bool),
    ) {
        if out {
            step.see(Entry::Given(points));
            self.purse.totals.given = self.purse.totals.given.saturating_add(points);
            self.take_or_owe(step, points);
        }
        if into {
            step.see(Entry::Received(points));
            self.purse.totals.received = self.purse.totals.received.saturating_add(points);
            for lot in lots {
                let tag = LotTag::new(self.origin(step), lot.first_day, lot.last_day);
                self.put(step, lot.points, tag);
            }
            if lots.is_empty() {
                // A fact from elsewhere that does not carry the days: the points last like an award of this day.
                let day = step.event.day;
                let tag = LotTag::new(self.origin(step), day, last_day_of(step.in_force.program, day, day));
                self.put(step, points, tag);
            }
            // Lots that had lapsed on the way lapse here, today.
            let (day, no, witness) = (step.event.day, step.event.no, &mut *step.witness);
            self.purse.lapse(day, |lot| {
                witness.see(day, Some(no), Entry::Lapsed { points: lot.left, lot: lot.tag });
            });
        }
    }

    /// Two accounts side by side: their customers were merged after a seal (1.6).
    pub(crate) fn join(&mut self, other: Account) {
        self.day = self.day.max(other.day);
        self.order = self.order.max(other.order);
        self.last_taking = self.last_taking.max(other.last_taking);
        self.purse.join(&other.purse);
        self.caps.join(&other.caps);
        let mine = self.activity.bought().len();
        let profile_shift = self.profiles.count();
        let new_places = self.activity.join(&other.activity.told_after(profile_shift));
        let shift = u32::try_from(mine).unwrap_or(u32::MAX);
        let moved = |place: u32| {
            usize::try_from(place).ok().and_then(|place| new_places.get(place)).copied().unwrap_or(place)
        };
        self.member = match (self.member, other.member) {
            (Some(mut mine), Some(theirs)) => {
                mine.joined = mine.joined.min(theirs.joined);
                mine.standing.join(&theirs.standing.with_places(|place| place.saturating_add(shift)));
                Some(mine)
            }
            (None, Some(mut theirs)) => {
                theirs.standing = theirs.standing.with_places(|place| place.saturating_add(shift));
                Some(theirs)
            }
            (mine, None) => mine,
        };
        if let Some(member) = &mut self.member {
            member.standing = member.standing.with_places(moved);
        }
        self.so_far.resize(mine, SoFar::default());
        self.so_far.extend(other.so_far);
        self.so_far.resize(new_places.len(), SoFar::default());
        let mut so_far = vec![SoFar::default(); new_places.len()];
        for (new, own) in new_places.iter().zip(&self.so_far) {
            if let Some(place) = usize::try_from(*new).ok().and_then(|new| so_far.get_mut(new)) {
                *place = *own;
            }
        }
        self.so_far = so_far;
        self.profiles.join(other.profiles);
        if let Some(theirs) = other.rare {
            let mine = self.rare();
            mine.paid.extend(theirs.paid);
            mine.owed.extend(theirs.owed);
            mine.returns.extend(theirs.returns.into_iter().map(|returns| returns.moved_by(shift)));
            mine.grants.extend(theirs.grants);
            mine.claimed.extend(theirs.claimed);
            mine.claimed.sort_by_key(|claimed| claimed.day);
            mine.orders.extend(theirs.orders);
            mine.orders.sort_by_key(|order| order.micros);
            mine.flags.extend(theirs.flags);
            mine.reported.extend(theirs.reported);
            mine.gifts.extend(theirs.gifts);
            mine.coupons.extend(theirs.coupons);
            // The list is in the order of issue.
            mine.coupons.sort_by_key(|coupon| coupon.micros);
            if let Some(benefits) = theirs.benefits {
                mine.benefits.get_or_insert_with(Box::default).join(*benefits);
            }
            if let Some(value) = theirs.value {
                mine.value.get_or_insert_with(Box::default).join(*value);
            }
            mine.introduction_claims.extend(theirs.introduction_claims);
            mine.introduction_rewards.extend(theirs.introduction_rewards);
            mine.ladders.extend(
                theirs.ladders.into_iter().map(|(place, starts)| (place.saturating_add(shift), starts)),
            );
            self.join_bought_tiers(theirs.bought_tiers);
        }
        if let Some(rare) = &mut self.rare {
            for returns in &mut rare.returns {
                returns.place = moved(returns.place);
            }
            rare.returns.sort_by_key(|returns| returns.place);
            for ladder in &mut rare.ladders {
                ladder.0 = moved(ladder.0);
            }
            rare.ladders.sort_by_key(|ladder| ladder.0);
        }
    }

    /// Forgets what was told of a person.
    pub(crate) fn forget_profile(&mut self) {
        self.profiles = Profiles::default();
        self.activity.forget_profiles();
    }

    /// After joining: what was done side by side may reach a higher tier.
    pub(crate) fn look_again(&mut self, versions: &Versions) {
        if let Some(member) = &mut self.member {
            let looking = Looking { versions, activity: &self.activity, joined: member.joined };
            member.standing.look_again(self.day, looking);
        }
    }

    /// A sealed account under versions that may be others than when it was sealed: the day on which its tier is looked at next.
    pub(crate) fn look_ahead(&mut self, versions: &Versions) {
        if let Some(member) = &mut self.member {
            let looking = Looking { versions, activity: &self.activity, joined: member.joined };
            member.standing.look_ahead(self.day, looking);
        }
    }
}

impl Event<'_> {
    pub(crate) fn setting(&self, program: &Program) -> Setting<'_> {
        Setting {
            day: self.day,
            dates: program.dates,
            store: self.store,
            staff: self.staff,
            terminal: self.terminal,
        }
    }
}

impl From<Moved> for Entry {
    fn from(moved: Moved) -> Entry {
        Entry::Tier { from: moved.from, to: moved.to, why: moved.why }
    }
}

/// The lot of a purchase's award.
pub(super) fn own_lot(program: &Program, bought: &Bought) -> LotTag {
    let (first, last) = lot_days(program, bought.day);
    LotTag::new(own_origin(bought), first, last)
}

fn own_origin(bought: &Bought) -> Origin {
    Origin { fact: bought.fact, micros: bought.earned_micros, order: bought.order }
}

/// The first and the last day of what is awarded on a day.
pub(crate) fn lot_days(program: &Program, day: Day) -> (Day, Option<Day>) {
    let first = program.points.pending.map_or(day, |pending| pending.end_of_wait(day));
    (first, last_day_of(program, day, first))
}

/// The last day of points earned on `day` and usable from `first` (4.7).
pub(super) fn last_day_of(program: &Program, day: Day, first: Day) -> Option<Day> {
    let expires = program.points.expires?;
    let from = if expires.from_usable { first } else { day };
    let after = expires.after.after(from);
    Some(match expires.at {
        None => expires.after.last_day_from(from),
        Some(crate::program::PeriodEnd::Month) => after.month_end(),
        Some(crate::program::PeriodEnd::Quarter) => after.quarter_end(),
        Some(crate::program::PeriodEnd::Year) => after.year_end(),
    })
}

pub(crate) fn multiplier(program: &Program, tier: u8) -> Ratio {
    tier_of(program, tier).map_or(Ratio::ONE, |tier| tier.multiply)
}

/// Spend that counts for tiers, of what is left of a basket (7.0).
pub(super) fn qualifying_spend(program: &Program, basket: &Basket<'_>, scene: &Scene<'_>) -> i64 {
    let when = program.qualifying.when.as_ref();
    if when.is_none() {
        return basket.shares.iter().fold(0, |sum, share| sum.saturating_add(share.spend_left()));
    }
    let counts = |line| super::earning::holds(when, &Scene { line: Some(line), ..*scene });
    let lines = basket.shares.iter().zip(basket.lines());
    lines.filter(|(_, line)| counts(*line)).fold(0, |sum, (share, _)| sum.saturating_add(share.spend_left()))
}

/// The growth value of so much spend (7.4).
pub(super) fn growth(program: &Program, spend: i64) -> i64 {
    program.growth.map_or(0, |growth| share_down(spend, growth.rate.num, growth.rate.den))
}
