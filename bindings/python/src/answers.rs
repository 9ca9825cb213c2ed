//! What is answered: frozen classes with the fields of the core's answers, of the core's JSON, and of nothing else.

use crate::html;
use crate::shown::{Amount, Date, Instant, Many, Of, Plain, Text, fields_shown, grouped};
use parure::book;
use parure::json::canonical;
use pyo3::IntoPyObjectExt;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString, PyTuple};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// An answer as JSON and back.
pub(crate) trait Json: Sized {
    fn written(&self) -> serde_json::Result<Value>;
    fn read(value: Value) -> serde_json::Result<Self>;
}

/// From the core's answer of the same fields, where there is one.
macro_rules! of_core {
    ([] $name:ident { $($field:ident)* }) => {};
    ([$core:ty] $name:ident { $($field:ident)* }) => {
        impl Of<$core> for $name {
            fn of(core: $core) -> Self {
                $name { $($field: Of::of(core.$field),)* }
            }
        }
    };
}

macro_rules! json_of {
    (own $name:ident) => {};
    (plain $name:ident) => {
        impl Json for $name {
            fn written(&self) -> serde_json::Result<Value> {
                serde_json::to_value(self)
            }

            fn read(value: Value) -> serde_json::Result<Self> {
                serde_json::from_value(value)
            }
        }
    };
}

/// How an answer shows itself: by its fields, or in a line of its own.
macro_rules! shown_of {
    (fields $name:ident { $($field:ident)* }) => {
        impl $name {
            fn line(&self, py: Python<'_>) -> PyResult<String> {
                let fields = [$((stringify!($field), self.$field.clone().into_bound_py_any(py)?),)*];
                fields_shown(py, stringify!($name), fields)
            }
        }
    };
    (own $name:ident { $($field:ident)* }) => {};
}

macro_rules! answers {
    ($(
        $(#[doc = $doc:literal])+
        $name:ident of [$($core:ty)?], json $json:ident, shown $shown:ident {
            $($(#[$meta:meta])* $field:ident: $type:ty,)*
        } with { $($more:tt)* }
    )+) => { $(
        $(#[doc = $doc])+
        #[pyclass(frozen, get_all, eq, hash, module = "parure")]
        #[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub(crate) struct $name {
            $($(#[$meta])* pub(crate) $field: $type,)*
        }

        of_core!([$($core)?] $name { $($field)* });
        json_of!($json $name);
        shown_of!($shown $name { $($field)* });

        impl Plain for $name {
            fn plain<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
                let keys = PyDict::new(py);
                $(keys.set_item(stringify!($field), self.$field.plain(py)?)?;)*
                Ok(keys.into_any())
            }
        }

        #[pymethods]
        impl $name {
            /// As canonical JSON: the same bytes through every door.
            fn to_json(&self) -> PyResult<String> {
                let written = self.written().map_err(|why| PyValueError::new_err(why.to_string()))?;
                Ok(canonical(&written))
            }

            /// As dictionaries and lists, with `Decimal` and `date`.
            fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
                self.plain(py)
            }

            #[staticmethod]
            fn _from_json(text: &str) -> PyResult<Self> {
                let value = serde_json::from_str(text).and_then($name::read);
                value.map_err(|why| PyValueError::new_err(why.to_string()))
            }

            fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
                self.line(py)
            }

            fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyTuple>> {
                let (py, json) = (slf.py(), slf.get().to_json()?);
                (slf.get_type().getattr("_from_json")?, (json,)).into_pyobject(py)
            }

            $($more)*
        }
    )+ };
}

pub(crate) use {answers, json_of, of_core, shown_of};

answers! {
    /// Something that is wrong.
    Fault of [], json plain, shown fields {
        /// Stable, for programs.
        code: Text,
        /// What is wrong.
        message: String,
        /// Which value is wrong.
        path: String,
        /// What to write instead.
        advice: Option<String>,
        /// The line in the text that was read.
        line: Option<usize>,
        /// The column in characters.
        column: Option<usize>,
    } with {}

    /// What one fact did to its account.
    Outcome of [], json own, shown own {
        /// Whether the very same fact was in the book before.
        already_recorded: bool,
        /// The fact's id.
        fact: Text,
        /// The account's id; none for a program adopted for all.
        account: Option<Text>,
        /// The day it counts on.
        day: Option<Date>,
        /// Points that moved.
        points: PointsMoved,
        /// The balance after it.
        balance: i64,
        /// The tier just before and right after it.
        tier: Option<TierChange>,
        /// The earning rules and bonuses that applied, in the program's order.
        rules: Many<Text>,
        /// What became of coupons.
        #[serde(default, skip_serializing_if = "Many::is_empty")]
        coupons: Many<CouponMoved>,
        /// What moved of stored value.
        #[serde(default, skip_serializing_if = "Many::is_empty")]
        value: Many<ValueMoved>,
        /// Of a refund, where it goes back to.
        #[serde(default, skip_serializing_if = "Many::is_empty")]
        refunded_to: Many<RefundedTo>,
        /// What moved of deposits.
        #[serde(default, skip_serializing_if = "Many::is_empty")]
        deposits: Many<DepositMoved>,
        /// What `record` would have refused.
        flags: Many<Flag>,
        /// For a fact that came late: what it changed after it.
        changed: Many<Change>,
    } with {}

    /// Points that one fact moved. None is negative but `adjusted`.
    PointsMoved of [book::PointsMoved], json plain, shown fields {
        /// What the rules gave, before caps.
        wanted: i64,
        /// What was awarded, after caps, before debt is paid.
        awarded: i64,
        /// What of it paid debt.
        debt_paid: i64,
        /// Spent on a purchase or a reward.
        spent: i64,
        /// Points that had paid for something and came back.
        restored: i64,
        /// Taken back for a return, with what became debt.
        taken_back: i64,
        /// What was not there and became debt.
        owed: i64,
        /// Given to someone.
        given: i64,
        /// Received from someone.
        received: i64,
        /// By hand.
        adjusted: i64,
    } with {}

    /// What became of a coupon by a fact.
    CouponMoved of [book::CouponMoved], json plain, shown fields {
        /// Its id.
        coupon: Text,
        /// Which of the program's coupons it is.
        of: Text,
        /// `issued`, `used`, `given_back`, `voided`.
        what: Text,
    } with {}

    /// What a fact moved of stored value.
    ValueMoved of [book::ValueMoved], json plain, shown fields {
        /// `topped_up`, `spent`, `restored`, `refunded`, `taken_back`, `transferred`, `received`, `lapsed`, `owed`, `frozen`, `released`.
        what: Text,
        /// Of what was paid in.
        principal: Amount,
        /// Of what was given on top.
        bonus: Amount,
    } with {}

    /// Where a refund goes back to.
    RefundedTo of [book::RefundedTo], json plain, shown fields {
        /// The top-up.
        top_up: Text,
        /// By which means it was paid in, where that was told.
        source: Option<String>,
        /// How much.
        amount: Amount,
    } with {}

    /// A tier before and after, by id.
    TierChange of [book::TierChange], json plain, shown fields {
        /// Before.
        before: Text,
        /// After.
        after: Text,
    } with {}

    /// Something that `record` would have refused, with the facts in conflict.
    Flag of [book::FlagView], json plain, shown fields {
        /// A stable code.
        code: Text,
        /// The other side of the conflict, where there is one, and the flagged fact.
        facts: Many<Text>,
    } with {}

    /// How a fact's own result changed when another came late: signed differences.
    Change of [book::Change], json plain, shown fields {
        /// The fact whose result changed.
        fact: Text,
        /// Its account.
        account: Text,
        /// Points awarded.
        awarded: i64,
        /// Points taken back by its returns.
        taken_back: i64,
        /// Points it had been paid with that came back.
        restored: i64,
        /// What became debt when it was paid.
        owed: i64,
        /// The tier held just before it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        tier: Option<TierChange>,
    } with {}

    /// What `merge` took in.
    Merged of [book::Merged], json plain, shown own {
        /// Facts that were new.
        new: usize,
        /// Facts that were in the book before.
        known: usize,
        /// Facts that carry the id of another fact; the book keeps the one it had.
        conflicts: Many<Conflict>,
        /// What changed of facts that were in the book before.
        changes: Many<Change>,
    } with {}

    /// What another copy lacks.
    Changes of [], json plain, shown own {
        /// Lines of JSON, for `merge_changes` there.
        text: String,
        /// How many facts they hold.
        facts: usize,
        /// There were more than asked for: ask again with `then`, or with what the other copy then says it knows.
        more: bool,
        /// What the other copy will know when it has merged these.
        then: String,
    } with {}

    /// What changes of another copy did.
    Received of [parure_journal::Received], json plain, shown fields {
        /// Facts that were new, known or in conflict, and what they changed.
        merged: Merged,
        /// Facts that a newer library wrote: kept and sent on, and taken in by a library that reads them.
        waiting: usize,
        /// New facts that happened too far ahead of the clock: some clock is wrong.
        ahead: Many<Text>,
    } with {}

    /// The same id with other content.
    Conflict of [book::Conflict], json plain, shown fields {
        /// The id.
        id: Text,
        /// The first field that differs.
        field: String,
    } with {}

    /// Points or stored value that were spent twice, at stores which did not know of each other, and that the account still owes.
    Task of [book::Task], json plain, shown fields {
        /// `overdrawn`, of points; `value_overdrawn`.
        code: Text,
        /// Whose it is.
        account: Text,
        /// The day of the spending that found too little.
        since: Date,
        /// The facts in conflict: who spent before, who found too little.
        facts: Many<Text>,
        /// Points that the account owes.
        debt: i64,
        /// Stored value that it owes.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        value_owed: Option<Amount>,
    } with {}

    /// One account as of the end of a day.
    Account of [book::AccountView], json plain, shown own {
        /// The id the account goes by.
        account: Text,
        /// The ids of customers merged into it.
        aliases: Many<Text>,
        /// The day asked about.
        on: Date,
        /// Since when a member; none: has not joined.
        joined: Option<Date>,
        /// Points.
        points: Points,
        /// The tier; none without a member.
        tier: Option<Tier>,
        /// The growth value, where the program keeps one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        growth: Option<i64>,
        /// Whom the account shares points with, where it does.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        household: Option<Household>,
        /// Coupons that can be used on the day or later: what lapses first before the rest.
        #[serde(default, skip_serializing_if = "Many::is_empty")]
        coupons: Many<Coupon>,
        /// What the shop does for them that day: by the tier, given, by pieces.
        #[serde(default, skip_serializing_if = "Many::is_empty")]
        benefits: Many<Benefit>,
        /// What was paid in beforehand and can be spent, where anything was.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        stored_value: Option<StoredValue>,
        /// Rewards that were redeemed and wait to be handed over, in the order in which they were.
        #[serde(default, skip_serializing_if = "Many::is_empty")]
        claimed: Many<Claimed>,
        /// Pieces that are made to order and not delivered yet, or of whose deposits something is left.
        #[serde(default, skip_serializing_if = "Many::is_empty")]
        orders: Many<Order>,
        /// Everything that `record` would have refused.
        flags: Many<Flag>,
    } with {
        fn _repr_html_(&self) -> String {
            html::account(self)
        }
    }

    /// A coupon that can be used, or will be.
    Coupon of [book::CouponView], json plain, shown fields {
        /// Its id: that of the fact that issued it.
        coupon: Text,
        /// Which of the program's coupons it is.
        of: Text,
        /// What that one is called.
        name: String,
        /// First usable day.
        first_day: Date,
        /// Last usable day; none: it never lapses.
        last_day: Option<Date>,
        /// How often it can still be used.
        uses: usize,
        /// The purchase or the order that it is held for on the day, or on a part of it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        held_for: Option<Text>,
        /// Until when it is.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        held_until: Option<Instant>,
    } with {}

    /// An order that waits to be delivered, or of whose deposits something is left.
    Order of [book::OrderView], json plain, shown fields {
        /// Its id: that of the fact that ordered it.
        order: Text,
        /// The day on which it was ordered.
        on: Date,
        /// What is made, where the shop has a name for it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        item: Option<String>,
        /// The price that was agreed.
        amount: Amount,
        /// All deposits that were paid.
        paid: Amount,
        /// What is left of them; below zero where tills that were apart took more than was paid.
        left: Amount,
        /// The day on which it is to be ready.
        ready: Option<Date>,
        /// It was called off.
        cancelled: bool,
    } with {}

    /// What a fact moved of the deposits of an order.
    DepositMoved of [book::DepositMoved], json plain, shown fields {
        /// The order.
        order: Text,
        /// `paid`, `used` for a purchase, `given_back` to the customer or `kept` by the shop when it is called off.
        what: Text,
        /// How much.
        amount: Amount,
    } with {}

    /// A reward that was redeemed and waits to be handed over.
    Claimed of [book::ClaimedView], json plain, shown fields {
        /// The fact that redeemed it.
        redemption: Text,
        /// Which of the program's rewards it is.
        reward: Text,
        /// What that one is called.
        name: String,
        /// The points that it cost.
        points: i64,
        /// The money that was paid beside them.
        amount: Amount,
        /// The day on which it was redeemed.
        on: Date,
    } with {}

    /// Something that points can be redeemed for, as a customer may have it.
    Reward of [book::RewardView], json plain, shown fields {
        /// Its id.
        reward: Text,
        /// What it is called.
        name: String,
        /// What it costs: any of these.
        price: Many<RewardPrice>,
        /// Why it can't be had whatever is paid: the code with which `record` would refuse it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        why: Option<Text>,
        /// How many can still be had in its window; none: any number.
        left: Option<usize>,
    } with {}

    /// Points, and money beside them.
    RewardPrice of [book::RewardPrice], json plain, shown fields {
        /// So many points.
        points: i64,
        /// So much money.
        amount: Amount,
        /// How many points the customer, or their household, lacks for it.
        missing: i64,
    } with {}

    /// Something that the shop does for a customer.
    Benefit of [book::BenefitView], json plain, shown fields {
        /// Which of the program's benefits it is.
        benefit: Text,
        /// What it is called.
        name: String,
        /// What it is had by: `tier`, `given`, `piece`.
        by: Text,
        /// The fact that gave it, or the purchase of the piece.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        fact: Option<Text>,
        /// The line of the purchase.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        line: Option<Text>,
        /// How often it can still be had; none: as often as wished.
        left: Option<usize>,
        /// Its last day, of what was given; none: it does not lapse.
        last_day: Option<Date>,
    } with {}

    /// Money that was paid in and has not been spent, and what was given on top of it.
    StoredValue of [book::StoredValueView], json plain, shown fields {
        /// What can be spent: principal and bonus, less what is owed.
        balance: Amount,
        /// What was paid in.
        principal: Amount,
        /// What was given on top.
        bonus: Amount,
        /// What was spent and was not there.
        owed: Amount,
        /// The most that could be refunded.
        refundable: Amount,
        /// It belongs to whoever holds the card.
        card: bool,
        /// Of the ids of this account, those that are frozen.
        frozen: Many<Text>,
        /// Bonus that lapses, by its last day.
        lapsing: Many<LapsingBonus>,
    } with {}

    /// Bonus that lapses.
    LapsingBonus of [book::LapsingBonus], json plain, shown fields {
        /// How much.
        amount: Amount,
        /// The last day on which it can be spent.
        last_day: Date,
    } with {}

    /// Whom an account shares points with.
    Household of [book::HouseholdView], json plain, shown fields {
        /// The household's id.
        id: Text,
        /// Whether the account may spend what the others have.
        may_spend: bool,
        /// The accounts that are in it, this one too.
        members: Many<Text>,
        /// What all of them can spend: the sum of their balances, of which none counts for less than nothing.
        points: i64,
    } with {}

    /// The points of an account.
    Points of [book::PointsView], json plain, shown fields {
        /// Usable points less debt.
        balance: i64,
        /// Points in lots that may be spent on the day.
        usable: i64,
        /// Points that will be usable later.
        pending: i64,
        /// Points owed.
        debt: i64,
        /// In the order in which they are spent, pending ones too.
        lots: Many<Lot>,
        /// Everything that ever came in and went out.
        totals: Totals,
    } with {}

    /// Points with the same origin and days.
    Lot of [book::LotView], json plain, shown fields {
        /// The fact they come from.
        fact: Text,
        /// How many are left.
        points: i64,
        /// First usable day.
        first_day: Date,
        /// Last usable day.
        last_day: Option<Date>,
    } with {}

    /// Everything that ever came in and went out.
    Totals of [book::Totals], json plain, shown fields {
        /// Awarded for purchases.
        awarded: i64,
        /// By hand, up less down.
        adjusted: i64,
        /// Received from others.
        received: i64,
        /// Spent, less what came back.
        spent: i64,
        /// Given to others.
        given: i64,
        /// Taken back for returns, with what became debt.
        taken_back: i64,
        /// Lapsed.
        lapsed: i64,
    } with {}

    /// A tier: since when, until when, why, and what is missing.
    Tier of [book::TierView], json plain, shown fields {
        /// Its id.
        id: Text,
        /// Its name.
        name: String,
        /// First day.
        since: Date,
        /// Last day, with the grace where it is running; none: no end.
        until: Option<Date>,
        /// The fact it was reached or granted by, or `renewed`, `lapse`, `start`, `deduction`, `adoption`, `merge`.
        by: String,
        /// What is missing for the next tier; none at the top.
        next: Option<NextTier>,
        /// What is missing to keep this one, and by when; none where nothing has to be kept.
        keep: Option<Keep>,
        /// By which process the shop serves its members, where the program says.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        process: Option<Text>,
    } with {}

    /// The next tier, and what is missing for it.
    NextTier of [book::NextTier], json plain, shown fields {
        /// Its id.
        id: Text,
        /// What is missing, one entry for each way; any one is enough.
        missing: Many<Goal>,
    } with {}

    /// What is missing to keep a tier.
    Keep of [book::KeepView], json plain, shown fields {
        /// The last day on which it can be met.
        by: Date,
        /// One entry for each way; any one is enough. Empty: it is kept.
        missing: Many<Goal>,
    } with {}

    /// One way to a tier: so much of one measure within a window.
    Goal of [book::GoalView], json plain, shown fields {
        /// Money.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        spend: Option<Amount>,
        /// Days with a purchase.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        visits: Option<u32>,
        /// Points earned.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        points: Option<i64>,
        /// Growth value.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        growth: Option<i64>,
        /// The window.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        within: String,
    } with {}

    /// What a basket would do.
    Quote of [book::Quote], json plain, shown own {
        /// The day it is asked for.
        on: Date,
        /// What is to be paid, after coupons.
        to_pay: Amount,
        /// What it would earn.
        earns: Earns,
        /// The most points that may be spent on it, and what they are worth.
        spendable: Spendable,
        /// The tier before and after it.
        tier: Option<TierChange>,
        /// What would then be missing for the next tier.
        next: Option<NextTier>,
        /// The customer's coupons: those to be used, in the order of their tenders, then the others and why not.
        #[serde(default, skip_serializing_if = "Many::is_empty")]
        coupons: Many<QuotedCoupon>,
        /// What of it could be paid with the customer's stored value, where there is any.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        stored_value: Option<QuotedValue>,
        /// With many coupons, how much less another set of them might leave to pay; none: this is the least.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        may_be_less: Option<Amount>,
    } with {}

    /// What a coupon would do on a basket.
    QuotedCoupon of [book::CouponQuoted], json plain, shown fields {
        /// Its id.
        coupon: Text,
        /// Which of the program's coupons it is.
        of: Text,
        /// What that one is called.
        name: String,
        /// What it takes off here: the amount of its tender. Zero where it is not used.
        amount: Amount,
        /// Why it is not used, or what speaks against a tender that names it: the code with which `record` would refuse it, or `better_without`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        why: Option<Text>,
        /// How much more would have to be bought of what it is for.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        missing: Option<Amount>,
        /// The first day on which its days and the limit on its uses let it be used, where they do not yet.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        usable_from: Option<Date>,
        /// Until when it is held for something else.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        held_until: Option<Instant>,
        /// The parts of its condition that speak against it, with what they found.
        #[serde(default, skip_serializing_if = "Many::is_empty")]
        because: Many<String>,
        /// Last usable day; none: it never lapses.
        last_day: Option<Date>,
    } with {}

    /// What of a basket could be paid with stored value.
    QuotedValue of [book::ValueQuoted], json plain, shown fields {
        /// The most that could be, after coupons.
        amount: Amount,
        /// What of it would be principal.
        principal: Amount,
        /// What of it would be bonus.
        bonus: Amount,
    } with {}

    /// What a basket would earn.
    Earns of [book::Earns], json plain, shown fields {
        /// Before caps.
        wanted: i64,
        /// After caps.
        awarded: i64,
        /// The rules that would apply.
        rules: Many<Text>,
    } with {}

    /// The most points that may be spent on a basket.
    Spendable of [book::Spendable], json plain, shown fields {
        /// How many.
        points: i64,
        /// What they are worth.
        amount: Amount,
    } with {}

    /// Members, points and cost.
    Report of [book::Report], json plain, shown own {
        /// The day asked about.
        on: Date,
        /// Members.
        members: u64,
        /// Members by tier, low to high.
        tiers: Many<TierCount>,
        /// Everything that ever came in and went out.
        totals: Totals,
        /// Usable and pending points less debt.
        outstanding: i64,
        /// Points that will be usable later.
        pending: i64,
        /// Points owed.
        debt: i64,
        /// What the outstanding points are worth; none where points are no payment.
        cost: Option<Amount>,
        /// Stored value that customers and cards hold, where there is any.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        stored_value: Option<ValueHeld>,
        /// Month by month.
        months: Many<Month>,
        /// Flags by code.
        flags: Many<FlagCount>,
    } with {}

    /// Stored value that is held: what the shop owes.
    ValueHeld of [book::ValueHeld], json plain, shown fields {
        /// What was paid in.
        principal: Amount,
        /// What was given on top.
        bonus: Amount,
        /// What was spent and was not there.
        owed: Amount,
        /// Of all this, what cards hold.
        on_cards: Amount,
    } with {}

    /// What a shop owes its customers over a period, by double entry.
    Ledger of [book::Ledger], json plain, shown own {
        /// The first day.
        first: Date,
        /// The last day.
        last: Date,
        /// What is owed: `points`, `principal` and `bonus` of stored value, `coupons`.
        balances: Many<LedgerBalance>,
        /// What moved, by kind.
        entries: Many<LedgerEntry>,
    } with {}

    /// What is owed of one kind: opening + credits - debits = closing.
    LedgerBalance of [book::LedgerBalance], json plain, shown fields {
        /// `points`, `principal`, `bonus`, `coupons`.
        account: Text,
        /// What it is counted in: `points`, a currency, `uses` of coupons.
        unit: Text,
        /// What was owed before the first day.
        opening: Amount,
        /// What came to be owed no more.
        debits: Amount,
        /// What came to be owed.
        credits: Amount,
        /// What is owed at the end of the last day.
        closing: Amount,
    } with {}

    /// All that moved in one way.
    LedgerEntry of [book::LedgerEntry], json plain, shown fields {
        /// `awarded`, `spent`, `topped_up`, `issued`, …
        what: Text,
        /// The account that is debited.
        debit: Text,
        /// The account that is credited.
        credit: Text,
        /// What it is counted in.
        unit: Text,
        /// How much.
        amount: Amount,
    } with {}

    /// The revenue of points by period.
    Revenue of [book::Revenue], json plain, shown own {
        /// From that of the first entry to that of the day asked about.
        periods: Many<RevenuePeriod>,
    } with {}

    /// One period: opening + allocated - recognised = closing.
    RevenuePeriod of [book::RevenuePeriod], json plain, shown fields {
        /// Its first day.
        first: Date,
        /// Its last day, or the day asked about.
        last: Date,
        /// Deferred before it.
        opening: Amount,
        /// What of the period's purchases was allocated to points, less what was of returns.
        allocated: Amount,
        /// Revenue of the period.
        recognised: Amount,
        /// Deferred after it.
        closing: Amount,
        /// Points redeemed since the beginning, less what came back.
        redeemed: i64,
        /// Points lapsed since the beginning.
        lapsed: i64,
        /// Points outstanding at its end.
        outstanding: i64,
        /// All that are expected to be redeemed in the end.
        expected: i64,
    } with {}

    /// How many members a tier has.
    TierCount of [book::TierCount], json plain, shown fields {
        /// Its id.
        id: Text,
        /// Its name.
        name: String,
        /// Members.
        members: u64,
    } with {}

    /// A calendar month.
    Month of [book::MonthReport], json plain, shown fields {
        /// `2026-03`
        month: String,
        /// Purchases.
        purchases: u64,
        /// What was to be paid for them.
        spend: Amount,
        /// Points awarded.
        awarded: i64,
        /// Points spent, less what came back.
        spent: i64,
        /// Points taken back for returns.
        taken_back: i64,
        /// Points lapsed.
        lapsed: i64,
        /// Points outstanding at its end.
        outstanding: i64,
        /// What they are worth.
        cost: Option<Amount>,
    } with {}

    /// How many flags of a code there are.
    FlagCount of [book::FlagCount], json plain, shown fields {
        /// The code.
        code: Text,
        /// How many.
        count: u64,
    } with {}

    /// What the same facts give under two programs.
    WhatIf of [book::WhatIf], json plain, shown own {
        /// Under the program as it is.
        now: Report,
        /// Under the other.
        then: Report,
        /// How many members change tier, from which to which.
        moved: Many<Movement>,
        /// Who: the first thousand by account.
        members: Many<MovedMember>,
    } with {}

    /// Members who change from a tier to another.
    Movement of [book::Movement], json plain, shown fields {
        /// From this tier.
        #[pyo3(name = "from_")]
        from: Text,
        /// To this one.
        to: Text,
        /// How many.
        members: u64,
    } with {}

    /// A member who changes tier.
    MovedMember of [book::MovedMember], json plain, shown fields {
        /// The account.
        account: Text,
        /// From this tier.
        #[pyo3(name = "from_")]
        from: Text,
        /// To this one.
        to: Text,
    } with {}

    /// Everything that made an account what it is.
    Explanation of [book::Explanation], json plain, shown own {
        /// The account.
        account: Account,
        /// Fact by fact.
        facts: Many<FactExplanation>,
        /// What happened by itself since the last fact.
        since: Many<Step>,
    } with {}

    /// What one fact did, and why.
    FactExplanation of [book::FactExplanation], json plain, shown fields {
        /// Its id.
        fact: Text,
        /// What it is: `purchased`, `returned`, …
        kind: Text,
        /// When it happened, RFC 3339.
        at: String,
        /// The day it counts on.
        day: Date,
        /// What happened by itself before it.
        before: Many<Step>,
        /// What it did.
        steps: Many<Step>,
        /// How its lines earned.
        lines: Many<LineExplanation>,
        /// The rules that did not apply, and why.
        not_applied: Many<NotApplied>,
        /// The balance after it.
        balance: i64,
    } with {}

    /// One thing that happened to an account.
    Step of [book::Step], json plain, shown fields {
        /// The day.
        day: Date,
        /// A stable code.
        code: Text,
        /// Points that moved.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        points: Option<i64>,
        /// For people.
        text: String,
    } with {}

    /// How a line earned.
    LineExplanation of [book::LineExplanation], json plain, shown fields {
        /// The line.
        line: String,
        /// The earning rule.
        rule: Text,
        /// What the bonuses multiplied it by.
        multiplier: String,
        /// The bonuses.
        bonuses: Many<Text>,
        /// Exact points, before rounding.
        points: String,
    } with {}

    /// A rule that did not apply, and why.
    NotApplied of [book::NotApplied], json plain, shown fields {
        /// The rule.
        rule: Text,
        /// The line, for a rule of lines.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        line: Option<String>,
        /// What of its condition does not hold.
        because: Many<String>,
    } with {}
}

impl From<&parure::fault::Fault> for Fault {
    fn from(fault: &parure::fault::Fault) -> Self {
        Fault {
            code: Of::of(fault.code),
            message: fault.message.clone(),
            path: fault.path.clone(),
            advice: fault.advice.clone(),
            line: fault.place.map(|place| place.line),
            column: fault.place.map(|place| place.column),
        }
    }
}

impl Outcome {
    pub(crate) fn new(core: book::Outcome, already_recorded: bool) -> Outcome {
        Outcome {
            already_recorded,
            fact: Of::of(core.fact),
            account: Of::of(core.account),
            day: Of::of(core.day),
            points: Of::of(core.points),
            balance: core.balance,
            tier: Of::of(core.tier),
            rules: Of::of(core.rules),
            coupons: Of::of(core.coupons),
            value: Of::of(core.value),
            refunded_to: Of::of(core.refunded_to),
            deposits: Of::of(core.deposits),
            flags: Of::of(core.flags),
            changed: Of::of(core.changed),
        }
    }

    fn line(&self, py: Python<'_>) -> PyResult<String> {
        let moved = &self.points;
        let counts = [
            ("awarded", moved.awarded),
            ("spent", moved.spent),
            ("restored", moved.restored),
            ("taken back", moved.taken_back),
            ("given", moved.given),
            ("received", moved.received),
            ("adjusted", moved.adjusted),
        ];
        let mut told = format!("<Outcome of {}", quoted(py, &self.fact.0)?);
        if self.already_recorded {
            told.push_str(", known before");
        }
        for (what, points) in counts.into_iter().filter(|(_, points)| *points != 0) {
            told.push_str(&format!(", {} {what}", grouped(points)));
        }
        told.push_str(&format!(", balance {}", grouped(self.balance)));
        if let Some(tier) = self.tier.as_ref().filter(|tier| tier.before != tier.after) {
            told.push_str(&format!(", {} → {}", tier.before.0, tier.after.0));
        }
        flags(&mut told, self.flags.0.iter());
        told.push('>');
        Ok(told)
    }
}

/// As `record` answers: with its status.
impl Json for Outcome {
    fn written(&self) -> serde_json::Result<Value> {
        let mut outcome = serde_json::to_value(self)?;
        if let Some(keys) = outcome.as_object_mut() {
            keys.remove("already_recorded");
        }
        let status = if self.already_recorded { "already_recorded" } else { "accepted" };
        Ok(json!({ "outcome": outcome, "status": status }))
    }

    fn read(mut value: Value) -> serde_json::Result<Self> {
        let already_recorded = value["status"] == "already_recorded";
        value["outcome"]["already_recorded"] = already_recorded.into();
        serde_json::from_value(value["outcome"].take())
    }
}

pub(crate) fn quoted(py: Python<'_>, text: &str) -> PyResult<String> {
    Ok(PyString::new(py, text).repr()?.to_str()?.to_owned())
}

fn flags<'a>(told: &mut String, flags: impl Iterator<Item = &'a Flag>) {
    let codes: Vec<&str> = flags.map(|flag| flag.code.0.as_str()).collect();
    if !codes.is_empty() {
        told.push_str(&format!(", flags: {}", codes.join(", ")));
    }
}

impl Changes {
    pub(crate) fn of_journal(changes: parure_journal::Changes) -> Changes {
        let parure_journal::Changes { text, facts, more, then } = changes;
        Changes { text, facts, more, then: then.to_text() }
    }

    fn line(&self, _: Python<'_>) -> PyResult<String> {
        let more = if self.more { ", and there are more" } else { "" };
        Ok(format!("<Changes: {} facts{more}>", self.facts))
    }
}

impl Merged {
    fn line(&self, _: Python<'_>) -> PyResult<String> {
        let (conflicts, changes) = (self.conflicts.0.len(), self.changes.0.len());
        Ok(format!(
            "<Merged: {} new, {} known, {conflicts} conflicts, {changes} changes>",
            self.new, self.known
        ))
    }
}

impl Account {
    fn line(&self, py: Python<'_>) -> PyResult<String> {
        let points = &self.points;
        let mut told = format!("<Account {} on {}: ", quoted(py, &self.account.0)?, self.on.0);
        told.push_str(&format!("balance {}", grouped(points.balance)));
        if points.pending != 0 {
            told.push_str(&format!(", {} pending", grouped(points.pending)));
        }
        if points.debt != 0 {
            told.push_str(&format!(", debt {}", grouped(points.debt)));
        }
        match &self.tier {
            Some(tier) => {
                told.push_str(&format!(", {}", tier.id.0));
                if let Some(until) = tier.until {
                    told.push_str(&format!(" until {}", until.0));
                }
            }
            None => told.push_str(", not joined"),
        }
        flags(&mut told, self.flags.0.iter());
        told.push('>');
        Ok(told)
    }
}

impl Quote {
    fn line(&self, _: Python<'_>) -> PyResult<String> {
        let (points, worth) = (grouped(self.spendable.points), self.spendable.amount.0);
        let (to_pay, earns) = (self.to_pay.0, grouped(self.earns.awarded));
        let mut told =
            format!("<Quote: to pay {to_pay}, earns {earns}, takes up to {points} points ({worth})");
        if let Some(tier) = self.tier.as_ref().filter(|tier| tier.before != tier.after) {
            told.push_str(&format!(", {} → {}", tier.before.0, tier.after.0));
        }
        told.push('>');
        Ok(told)
    }
}

impl Report {
    fn line(&self, _: Python<'_>) -> PyResult<String> {
        let (members, outstanding) = (self.members, grouped(self.outstanding));
        let cost = self.cost.map_or_else(String::new, |cost| format!(" worth {}", cost.0));
        Ok(format!("<Report on {}: {members} members, {outstanding} points outstanding{cost}>", self.on.0))
    }
}

impl Ledger {
    fn line(&self, _: Python<'_>) -> PyResult<String> {
        let owed = self.balances.0.iter().map(|owed| format!("{} {}", owed.closing.0, owed.account.0));
        let owed = owed.collect::<Vec<_>>().join(", ");
        Ok(format!("<Ledger from {} through {}: {owed} owed>", self.first.0, self.last.0))
    }
}

impl Revenue {
    fn line(&self, _: Python<'_>) -> PyResult<String> {
        let last = self.periods.0.last();
        let deferred = last.map_or_else(|| "nothing".to_owned(), |last| last.closing.0.to_string());
        Ok(format!("<Revenue of {} periods: {deferred} deferred>", self.periods.0.len()))
    }
}

impl WhatIf {
    fn line(&self, _: Python<'_>) -> PyResult<String> {
        let (now, then) = (grouped(self.now.outstanding), grouped(self.then.outstanding));
        let moved: u64 = self.moved.0.iter().map(|movement| movement.members).sum();
        Ok(format!(
            "<WhatIf on {}: {now} points outstanding now, {then} then, {moved} members move>",
            self.now.on.0
        ))
    }
}

impl Explanation {
    fn line(&self, py: Python<'_>) -> PyResult<String> {
        let facts = self.facts.0.len();
        Ok(format!("<Explanation of {} facts: {}>", facts, self.account.line(py)?))
    }
}
