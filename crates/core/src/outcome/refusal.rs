//! Business answers: "no", with a stable code.

use crate::book::MOST_FACTS_OF_AN_ACCOUNT;
use crate::fact::Fact;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize, Serializer};

/// A shop's "no": nothing has changed.
///
/// `code` is stable; `message` is for people.
///
/// ```
/// # let book = include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/maison.rs"));
/// # let on = parure::calendar::Day::parse("2026-11-21")?;
/// let refusal = book.account("nobody", on).unwrap_err();
/// assert_eq!(refusal.code, parure::outcome::RefusalCode::UnknownCustomer);
/// assert_eq!(refusal.to_string(), "`nobody` is not known");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Refusal {
    /// The reason.
    #[serde(serialize_with = "as_code")]
    #[schemars(with = "String")]
    pub code: RefusalCode,
    /// What would help, in lower case.
    pub message: String,
}

impl Refusal {
    /// The refusal of a fact, in words.
    ///
    /// ```
    /// use parure::{calendar::Moment, fact::{Fact, Profile}, outcome::{Refusal, RefusalCode}};
    /// let at = Moment::parse("2062-01-01T10:00:00+08:00")?;
    /// let joined = Fact::joined("j-1", at, "mei", Profile::default())?;
    /// assert_eq!(Refusal::of(&joined, RefusalCode::InFuture).message, "it happens after now by more than clocks differ");
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    #[must_use]
    pub fn of(fact: &Fact<'_>, code: RefusalCode) -> Refusal {
        let who = fact.customer().unwrap_or_default();
        let message = match code {
            RefusalCode::NotJoined => format!("`{who}` has not joined"),
            RefusalCode::AlreadyJoined => format!("`{who}` has joined before"),
            RefusalCode::NotEnoughPoints => "there are not so many usable points".to_owned(),
            RefusalCode::OfflineLimit => {
                "more points or stored value than may be spent while other stores are out of reach".to_owned()
            }
            RefusalCode::SpendingNotOffered => "the program takes no points as payment".to_owned(),
            RefusalCode::BelowLeast => "fewer points than the least that may be spent".to_owned(),
            RefusalCode::NotAStep => "points are spent in whole steps".to_owned(),
            RefusalCode::OverShare => "points may not pay so large a share".to_owned(),
            RefusalCode::WorthDiffers => "the points are not worth the amount they were taken for".to_owned(),
            RefusalCode::UnknownPurchase => format!("`{who}` made no such purchase before this return"),
            RefusalCode::UnknownLine => "the purchase has no such line".to_owned(),
            RefusalCode::ReturnedTooMuch => "more is given back than is left of the purchase".to_owned(),
            RefusalCode::UnknownRedemption => format!("`{who}` redeemed nothing under that id before"),
            RefusalCode::AlreadyReversed => "it was reversed before".to_owned(),
            RefusalCode::UnknownCustomer => "a customer that this fact names is not known".to_owned(),
            RefusalCode::UnknownTier => "the program has no such tier".to_owned(),
            RefusalCode::AlreadyMerged => format!("`{who}` has been merged into another already"),
            RefusalCode::UnknownMerge => format!("no merge of `{who}` under that id is in force"),
            RefusalCode::SameAccount => "the two are one account".to_owned(),
            RefusalCode::Sealed => "the book is sealed after that instant".to_owned(),
            RefusalCode::InFuture => "it happens after now by more than clocks differ".to_owned(),
            RefusalCode::Erased => "it names the alias of someone who was forgotten".to_owned(),
            RefusalCode::AliasTaken => "the alias is known: give one that nobody goes by".to_owned(),
            RefusalCode::FactsAfter => {
                "the account has facts after that instant: forget it as of a later one".to_owned()
            }
            RefusalCode::OwnRelation => {
                format!("`{who}` is named as a relation or an introducer of their own")
            }
            RefusalCode::CircularIntroduction => {
                format!("`{who}` introduced, directly or through others, who is to have introduced them")
            }
            RefusalCode::UnknownTag => "the program lists no such tag".to_owned(),
            RefusalCode::UnknownField => "the program declares no such field".to_owned(),
            RefusalCode::WrongValue => {
                "a field holds another kind of value, or one beyond its bounds".to_owned()
            }
            RefusalCode::MissingField => {
                "a line does not tell a field that the program requires of pieces".to_owned()
            }
            RefusalCode::UnknownTrigger => "the program has no such trigger".to_owned(),
            RefusalCode::NeverOffered => format!("no such occasion of `{who}` has come by then"),
            RefusalCode::AlreadyReported => "another fact has settled this occasion".to_owned(),
            RefusalCode::HouseholdsNotOffered => "the program pools no points of households".to_owned(),
            RefusalCode::HouseholdFull => "the household has as many members as one may have".to_owned(),
            RefusalCode::NotInHousehold => format!("`{who}` is in no household"),
            RefusalCode::NotShared => {
                "it is paid with points of someone who does not share theirs with this customer".to_owned()
            }
            RefusalCode::NoSuchCoupon => "the program has no such coupon".to_owned(),
            RefusalCode::UnknownCoupon => format!("`{who}` has no such coupon"),
            RefusalCode::CouponNotYet => "the coupon can't be used yet".to_owned(),
            RefusalCode::CouponLapsed => "the coupon has lapsed".to_owned(),
            RefusalCode::CouponUsed => "the coupon has been used".to_owned(),
            RefusalCode::CouponVoided => "the coupon has been taken back".to_owned(),
            RefusalCode::CouponTransferred => "the coupon has been passed on".to_owned(),
            RefusalCode::CouponHeld => "the coupon is held for another purchase".to_owned(),
            RefusalCode::CouponNotTransferable => "the coupon can't be passed on".to_owned(),
            RefusalCode::CouponTerms => {
                "the terms that are told are not the coupon's: leave them out".to_owned()
            }
            RefusalCode::CouponWithoutValue => "stored value can't pay beside this coupon".to_owned(),
            RefusalCode::CouponsGone => "as many of these as there are have been used".to_owned(),
            RefusalCode::CouponLimit => format!("`{who}` has used as many of these as one may in that time"),
            RefusalCode::CouponForNothing => "nothing in the basket is what the coupon is for".to_owned(),
            RefusalCode::CouponLeast => "less is bought than the coupon is for".to_owned(),
            RefusalCode::CouponNotMet => "the coupon is not for this customer, store or day".to_owned(),
            RefusalCode::CouponsApart => "these coupons can't be used together".to_owned(),
            RefusalCode::CouponWithoutPoints => "points can't pay beside this coupon".to_owned(),
            RefusalCode::CouponWorth => {
                "the coupon does not take that amount off: ask for a quote".to_owned()
            }
            RefusalCode::NoSuchBenefit => "the program has no such benefit".to_owned(),
            RefusalCode::NoBenefit => format!("`{who}` does not have this benefit"),
            RefusalCode::BenefitUsedUp => "the benefit was had as often as it can be".to_owned(),
            RefusalCode::UnknownUse => format!("`{who}` had no benefit under that id before"),
            RefusalCode::NoStoredValue => "the program offers no stored value".to_owned(),
            RefusalCode::NotEnoughValue => {
                "there is not so much stored value that can be used for this".to_owned()
            }
            RefusalCode::ValueFrozen => format!("the stored value of `{who}` is frozen"),
            RefusalCode::NotFrozen => format!("the stored value of `{who}` is not frozen"),
            RefusalCode::ValueLimit => "more stored value than one account may hold".to_owned(),
            RefusalCode::UnknownTopUp => format!("`{who}` topped nothing up under that id before"),
            RefusalCode::NoSuchReward => "the program lists no such reward".to_owned(),
            RefusalCode::RewardPrice => "the reward costs something else".to_owned(),
            RefusalCode::RewardNotMet => "the reward is not for this customer, store or day".to_owned(),
            RefusalCode::RewardLimit => format!("`{who}` has as many of these as one may in that time"),
            RefusalCode::AlreadyHandedOver => "it was handed over before".to_owned(),
            RefusalCode::UnknownOrder => format!("`{who}` ordered nothing under that id before"),
            RefusalCode::OrderClosed => "the order was called off".to_owned(),
            RefusalCode::NotEnoughDeposit => "there is not so much left of the order's deposits".to_owned(),
            RefusalCode::AccountFull => {
                format!("the account holds {MOST_FACTS_OF_AN_ACCOUNT} facts; seal the book")
            }
        };
        Refusal { code, message }
    }
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Refusal {}

fn as_code<S: Serializer>(code: &RefusalCode, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(code.code())
}

macro_rules! refusals {
    ($($(#[doc = $doc:literal])+ $name:ident = $code:literal, flag $flag:literal;)+) => {
        /// Why a fact is refused by `record`, or flagged when `merge` brings it (semantics 1.3).
        ///
        /// ```
        /// let code = parure::outcome::RefusalCode::NotEnoughPoints;
        /// assert_eq!((code.code(), code.flag()), ("not_enough_points", "overdrawn"));
        /// ```
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[non_exhaustive]
        pub enum RefusalCode {
            $($(#[doc = $doc])+ $name,)+
        }

        impl RefusalCode {
            /// The stable code of the refusal.
            ///
            /// ```
            /// use parure::outcome::RefusalCode;
            /// assert_eq!(RefusalCode::NotEnoughPoints.code(), "not_enough_points");
            /// assert_eq!(RefusalCode::NotEnoughPoints.flag(), "overdrawn");
            /// ```
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(RefusalCode::$name => $code,)+ }
            }

            /// The stable code of the flag that the same leaves when it has already happened.
            ///
            /// ```
            /// assert_eq!(parure::outcome::RefusalCode::OverShare.flag(), "over_limit");
            /// ```
            #[must_use]
            pub const fn flag(self) -> &'static str {
                match self { $(RefusalCode::$name => $flag,)+ }
            }
        }
    };
}

refusals! {
    /// The customer has not joined.
    NotJoined = "not_joined", flag "not_joined";
    /// The customer has joined before.
    AlreadyJoined = "already_joined", flag "already_joined";
    /// More points than are usable.
    NotEnoughPoints = "not_enough_points", flag "overdrawn";
    /// The program takes no points as payment.
    SpendingNotOffered = "spending_not_offered", flag "over_limit";
    /// Fewer points than the least that may be spent.
    BelowLeast = "below_least", flag "over_limit";
    /// Not a multiple of the step.
    NotAStep = "not_a_step", flag "over_limit";
    /// More than the share of the payable amount that points may pay.
    OverShare = "over_share", flag "over_limit";
    /// The points are not worth the amount of their tender.
    WorthDiffers = "worth_differs", flag "over_limit";
    /// No such purchase of this customer before the return.
    UnknownPurchase = "unknown_purchase", flag "unknown_purchase";
    /// The purchase has no such line.
    UnknownLine = "unknown_line", flag "unknown_line";
    /// More is given back than was bought.
    ReturnedTooMuch = "returned_too_much", flag "returned_too_much";
    /// No such redemption of this customer before its reversal.
    UnknownRedemption = "unknown_redemption", flag "unknown_redemption";
    /// The redemption, or the use of a benefit, was reversed before.
    AlreadyReversed = "already_reversed", flag "already_reversed";
    /// Nobody of that id is known.
    UnknownCustomer = "unknown_customer", flag "unknown_customer";
    /// The program has no such tier.
    UnknownTier = "unknown_tier", flag "unknown_tier";
    /// The customer has been merged into another already.
    AlreadyMerged = "already_merged", flag "already_merged";
    /// No such merge, or it was taken back before.
    UnknownMerge = "unknown_merge", flag "unknown_merge";
    /// The two customers that the fact names are one account.
    SameAccount = "same_account", flag "same_account";
    /// It lies before the seal and can't be changed any more.
    Sealed = "sealed", flag "late_after_seal";
    /// The account holds as many facts as one account may.
    AccountFull = "account_full", flag "account_full";
    /// It happens later than clocks may differ. A book has no clock and never says so; a journal does.
    InFuture = "in_future", flag "in_future";
    /// More points or stored value than the program lets be spent where other copies are out of reach.
    OfflineLimit = "offline_limit", flag "over_limit";
    /// It names someone who has been forgotten.
    Erased = "erased", flag "erased";
    /// The alias of an erasure, or one made from it, is known.
    AliasTaken = "alias_taken", flag "alias_taken";
    /// Someone is to be forgotten as of an instant, and something happened to them after it.
    FactsAfter = "facts_after", flag "facts_after";
    /// Someone is related to themselves, or introduced themselves.
    OwnRelation = "own_relation", flag "own_relation";
    /// Someone was introduced by those whom they introduced.
    CircularIntroduction = "circular_introduction", flag "circular_introduction";
    /// The program lists the tags that there are, and this is none of them.
    UnknownTag = "unknown_tag", flag "unknown_tag";
    /// The program declares no such field.
    UnknownField = "unknown_field", flag "unknown_field";
    /// The program's field holds something else, or not so much.
    WrongValue = "wrong_value", flag "wrong_value";
    /// The program requires a field of pieces, and a line that tells of one does not tell it.
    MissingField = "missing_field", flag "missing_field";
    /// The program has no such trigger.
    UnknownTrigger = "unknown_trigger", flag "unknown_trigger";
    /// The agenda has not named this occasion.
    NeverOffered = "never_offered", flag "never_offered";
    /// Another fact has settled the occasion: two have written, or two have called.
    AlreadyReported = "already_reported", flag "reported_twice";
    /// The program pools no points.
    HouseholdsNotOffered = "households_not_offered", flag "households_not_offered";
    /// The household has as many members as one may have.
    HouseholdFull = "household_full", flag "household_full";
    /// Whoever leaves a household is in none.
    NotInHousehold = "not_in_household", flag "not_in_household";
    /// Points were drawn of someone who did not share them.
    NotShared = "not_shared", flag "not_shared";
    /// The program has no coupon of this id.
    NoSuchCoupon = "no_such_coupon", flag "no_such_coupon";
    /// No such coupon was issued to this customer before.
    UnknownCoupon = "unknown_coupon", flag "unknown_coupon";
    /// The coupon's first day has not come.
    CouponNotYet = "coupon_not_yet", flag "coupon_not_yet";
    /// The coupon's last day is over.
    CouponLapsed = "coupon_lapsed", flag "coupon_lapsed";
    /// The coupon was used as often as it can be.
    CouponUsed = "coupon_used", flag "coupon_used_twice";
    /// The coupon was taken back.
    CouponVoided = "coupon_voided", flag "coupon_voided";
    /// The customer used as many of this coupon as one may within its span.
    CouponLimit = "coupon_limit", flag "over_limit";
    /// Nothing in the basket is what the coupon is for.
    CouponForNothing = "coupon_for_nothing", flag "coupon_for_nothing";
    /// Less is bought than the least that the coupon is for.
    CouponLeast = "coupon_least", flag "coupon_least";
    /// The coupon's condition does not hold.
    CouponNotMet = "coupon_not_met", flag "coupon_not_met";
    /// Coupons are used together that may not be.
    CouponsApart = "coupons_apart", flag "coupons_apart";
    /// Points pay beside a coupon that does not let them.
    CouponWithoutPoints = "coupon_without_points", flag "coupon_without_points";
    /// The coupon takes another amount off.
    CouponWorth = "coupon_worth", flag "coupon_worth";
    /// The program has no benefit of this id.
    NoSuchBenefit = "no_such_benefit", flag "no_such_benefit";
    /// Neither the tier nor a piece nor anything that was given has the benefit.
    NoBenefit = "no_benefit", flag "no_benefit";
    /// It was had as often as it can be.
    BenefitUsedUp = "benefit_used_up", flag "over_limit";
    /// No such use of a benefit before its reversal.
    UnknownUse = "unknown_use", flag "unknown_use";
    /// The program offers no stored value.
    NoStoredValue = "no_stored_value", flag "no_stored_value";
    /// More stored value than there is, or than bonus may pay for.
    NotEnoughValue = "not_enough_value", flag "value_overdrawn";
    /// The stored value is frozen.
    ValueFrozen = "value_frozen", flag "value_frozen";
    /// What is to be released is not frozen.
    NotFrozen = "not_frozen", flag "not_frozen";
    /// More stored value than one account or card may hold.
    ValueLimit = "value_limit", flag "over_limit";
    /// No such top-up of this customer before its refund.
    UnknownTopUp = "unknown_top_up", flag "unknown_top_up";
    /// The program lists the rewards that there are, and this is none of them.
    NoSuchReward = "no_such_reward", flag "no_such_reward";
    /// The reward costs other points, or other money beside them.
    RewardPrice = "reward_price", flag "reward_price";
    /// The reward's condition does not hold.
    RewardNotMet = "reward_not_met", flag "reward_not_met";
    /// The customer has redeemed as many of it as one may within its window.
    RewardLimit = "reward_limit", flag "over_limit";
    /// The reward was handed over before: it can be reversed only where it has come back.
    AlreadyHandedOver = "already_handed_over", flag "already_handed_over";
    /// No such order of this customer before.
    UnknownOrder = "unknown_order", flag "unknown_order";
    /// The order was called off.
    OrderClosed = "order_closed", flag "order_closed";
    /// More than is left of the order's deposits.
    NotEnoughDeposit = "not_enough_deposit", flag "deposit_overdrawn";
    /// The coupon was passed on.
    CouponTransferred = "coupon_transferred", flag "coupon_transferred";
    /// The coupon is held for another purchase.
    CouponHeld = "coupon_held", flag "coupon_held";
    /// The program does not let this coupon be passed on.
    CouponNotTransferable = "coupon_not_transferable", flag "coupon_not_transferable";
    /// All customers together used as many of this coupon as there are.
    CouponsGone = "coupons_gone", flag "over_limit";
    /// What is told of a coupon that changes hands is not what it is.
    CouponTerms = "coupon_terms", flag "coupon_terms";
    /// Stored value pays beside a coupon that does not let it.
    CouponWithoutValue = "coupon_without_value", flag "coupon_without_value";
}

impl RefusalCode {
    /// Whether a coupon was there, and is used up or taken back by something else.
    pub(crate) fn is_of_used_coupons(self) -> bool {
        matches!(
            self,
            RefusalCode::CouponUsed
                | RefusalCode::CouponVoided
                | RefusalCode::CouponTransferred
                | RefusalCode::CouponHeld
                | RefusalCode::CouponLimit
        )
    }

    /// The same, or of a benefit, or of an occasion that is settled once.
    pub(crate) fn is_of_something_used(self) -> bool {
        self.is_of_used_coupons()
            || matches!(
                self,
                RefusalCode::BenefitUsedUp
                    | RefusalCode::AlreadyReported
                    | RefusalCode::ValueLimit
                    | RefusalCode::RewardLimit
                    | RefusalCode::OrderClosed
                    | RefusalCode::NotEnoughDeposit
                    | RefusalCode::AlreadyHandedOver
                    | RefusalCode::AlreadyReversed
            )
    }
}
