//! A program as it is written: every key, what it is for, and how it is read. The texts here are what an editor shows.

use super::coupons::{CouponOrder, Returned};
use super::stored_value::SpendOrder;
use super::triggers::{Happening, Wait, Who};
use super::values::{
    Amount, Clock, ConsentWord, Edition, Factor, FieldOf, HoldsWord, Join, Label, LapseFrom, LapseWord,
    MOST_MEMBERS, MOST_POINTS, Millionths, Missing, MonthDay, Name, OnReturn, Percent, RoundEach,
    SinceWindow, SomeOf, TierWord, When, Whole,
};
use super::written::{As, Field, KeySchema, List, Written, not_yet, schema, table, table_schema};
use super::{LadderOver, LapseTo, PeriodEnd, Rounding, Stacking, Term, Window};
use crate::calendar::{Day, Festival, Leap29, LeapMonth, Span};
use crate::document::Spot;
use crate::fault::Fault;
use crate::money::{Currency, shorten};
use chrono_tz::Tz;
use schemars::{Schema, SchemaGenerator};
use serde_json::json;

/// Bytes in a program.
pub(crate) const PROGRAM_BYTES: usize = 1_048_576;

type Points = Whole<1, MOST_POINTS>;
type AnyPoints = Whole<0, MOST_POINTS>;

table! {
    /// The rules of a loyalty program.
    ProgramSpec {
        /// The rules of computing that the program is written for. What an edition computes never changes again.
        need edition: Edition,
        /// What the program is called, for people.
        need name: Label,
        /// The first day that these rules count for.
        need effective: Day,
        /// The currency of all amounts, as an ISO 4217 code.
        need currency: Currency,
        /// The IANA time zone whose days count.
        need time_zone: Tz,
        /// Whether a person must have joined first to be a member, or becomes one with the first purchase.
        may join: Join = "first",
        /// Birthdays and other dates that a year does not have.
        may dates: DatesSpec,
        /// How points are rounded, combined, held back, capped, and when they lapse.
        may points: PointsSpec,
        /// How purchases earn points. The first rule that matches a line counts.
        may earn: List<EarnSpec, 100>,
        /// What multiplies the points of a line, or adds points to a purchase.
        may bonus: List<BonusSpec, 100>,
        /// The tiers, low to high. The first is the one that every member has.
        may tier: List<TierSpec, 32>,
        /// Which spend counts for tiers.
        may qualifying: QualifyingSpec,
        /// A growth value that decides the tier, instead of goals to reach.
        may growth: GrowthSpec,
        /// What is asked of people, and how long consent lasts.
        may customers: CustomersSpec,
        /// Fields of the program's own, in profiles and of pieces.
        may field: List<FieldSpec, 100>,
        /// Moments to remember someone. Those that stand first go before others of the same day.
        may trigger: List<TriggerSpec, 200>,
        /// What holds for all that is sent.
        may messages: MessagesSpec,
        /// What introducing someone is worth.
        may introduction: IntroductionSpec,
        /// Whether members may pool their points with others of a household.
        may household: HouseholdSpec,
        /// What members may be given to pay with.
        may coupon: List<CouponSpec, 200>,
        /// How several coupons are used on one basket.
        may coupons: CouponsSpec,
        /// What the shop does for members.
        may benefit: List<BenefitSpec, 100>,
        /// What points can be redeemed for.
        may reward: List<RewardSpec, 1_000>,
        /// Money that is paid in beforehand and spent later.
        may stored_value: StoredValueSpec,
        later "campaign",
    }
}

table! {
    /// Birthdays and other dates that a year does not have.
    DatesSpec {
        /// Where 29 February falls in common years.
        may leap_day: Leap29 = "28 February",
        /// Where a date in a lunar leap month falls, in a year that has both that month and its leap month.
        may leap_month: LeapMonth = "ordinary",
    }
}

table! {
    /// How points are rounded, combined, held back, capped, and when they lapse.
    PointsSpec {
        /// What becomes of a fraction of a point.
        may rounding: Rounding = "down",
        /// Whether a purchase is rounded once, or each of its lines.
        may round: RoundEach = "purchase",
        /// How long points wait until they can be spent.
        may pending: Span,
        /// When points lapse. Without it they never do.
        may expires: ExpiresSpec,
        /// How the multipliers that match combine: the largest, the sum of what each adds, or the product.
        may stacking: Stacking = "best",
        /// The most points that are awarded.
        may cap: CapSpec,
        /// What a return does to points.
        may returns: ReturnsSpec,
        /// The tenders that earn nothing.
        may not_earning: List<Name, 32> = ["points", "coupon", "trade_in"],
        /// What points are worth when they are spent. Without it they can't be.
        may spend: SpendSpec,
        /// The most points that may be taken from an account at a copy of the book that is out of touch with the others. Without it there is
        /// no such bound.
        may offline: SomeOf<MOST_POINTS>,
    }
}

table! {
    /// When points lapse.
    ExpiresSpec {
        /// How long points can be spent.
        need after: Span,
        /// Lets them live on to the end of the month, quarter or year in which that span ends.
        may at: PeriodEnd,
        /// The day that the span counts from: the day earned, or the first day that they can be spent.
        may from: LapseFrom = "earned",
    }
}

table! {
    /// The most points that a member is awarded.
    CapSpec {
        /// For one purchase.
        may purchase: SomeOf<MOST_POINTS>,
        /// On one day.
        may day: SomeOf<MOST_POINTS>,
        /// In a calendar month.
        may month: SomeOf<MOST_POINTS>,
        /// In a calendar year.
        may year: SomeOf<MOST_POINTS>,
    }
}

table! {
    /// What a return does to points.
    ReturnsSpec {
        /// What becomes of points that must be taken back but have been spent: the next awards pay them, or they are forgiven.
        may missing: Missing = "owe",
        /// How long points live on that a return gives back after their last day.
        may restored: Span = "30 days",
    }
}

table! {
    /// What points are worth when they are spent.
    SpendSpec {
        /// So many points are worth so much.
        need worth: WorthSpec,
        /// The least that can be spent at once. It is the step unless written.
        may least: Points,
        /// Points are spent in multiples of this. It is the points of `worth` unless written.
        may step: Points,
        /// The largest share of what is to be paid that points may pay.
        may share: Percent = "100%",
    }
}

table! {
    /// So many points are worth so much.
    WorthSpec {
        /// So many points …
        need points: SomeOf<MOST_POINTS>,
        /// … pay this amount.
        need amount: Amount,
    }
}

table! {
    /// How lines earn points: so many points per amount, or a ladder of such rates.
    EarnSpec {
        /// The rule's own id, which explanations name.
        need id: Name,
        /// Which lines it matches. Without it, all.
        may when: When,
        /// The components of a line's amount that count. Without it, the whole line.
        may basis: List<Name, 16>,
        /// So many points …
        may points: Millionths,
        /// … for each of this amount.
        may per: Amount,
        /// Rates that change with the amount: each slice of it earns at its own rate.
        may ladder: List<RungSpec, 32>,
        /// What the ladder climbs over: the purchase, or the spend that counts for tiers within a window.
        may over: LadderOver = "purchase",
        either points per,
        either ladder,
    }
}

table! {
    /// One rung of a ladder.
    RungSpec {
        /// The amount from which on this rate counts; "0" for the first.
        need from: Amount,
        /// So many points …
        need points: Millionths,
        /// … for each of this amount.
        need per: Amount,
    }
}

table! {
    /// What multiplies the points of a line, or adds points to a purchase.
    BonusSpec {
        /// The bonus's own id, which explanations name.
        need id: Name,
        /// When it counts. Without it, always.
        may when: When,
        /// Multiplies the points of the lines that match.
        may multiply: Factor,
        /// Adds so many points once for the purchase.
        may add: Whole<1, 1_000_000_000>,
        either multiply,
        either add,
    }
}

table! {
    /// A tier. The first is the one that every member has.
    TierSpec {
        /// The tier's own id, which conditions and explanations name.
        need id: Name,
        /// What the tier is called, for people. It is the id unless written.
        may name: Label,
        /// What must be reached to get in: a goal, any of several, or "invitation".
        may reach: ReachSpec,
        /// What must be reached within the term to stay in. It is what `reach` asks unless written.
        may keep: GoalsSpec,
        /// How long the tier is held: a span, "calendar year", "lifelong", or "rolling" for as long as `reach` holds.
        may term: Term = "lifelong",
        /// What becomes of a member who has not kept the tier.
        may lapse: LapseSpec,
        /// Multiplies the points that members of this tier earn.
        may multiply: Factor = "1",
        /// The growth value from which the tier is held.
        may growth: Points,
        /// What is taken from the growth value of a member of this tier each year.
        may deduction: AnyPoints = 0,
        /// What the shop does for members of this tier, by the ids of benefits.
        may benefits: List<Name, 100>,
        /// How it is bought.
        may sold: SoldSpec,
        /// The process by which the shop serves its members: a name of the shop's own, which their account tells.
        may process: Name,
    }
}

table! {
    /// How a tier is bought: whoever buys one of these lines holds it for a term.
    SoldSpec {
        /// The lines of a purchase that are such a membership; it asks neither of the buyer nor of the very piece.
        need lines: When,
        /// How long it is held. What is bought while it runs begins when it is over.
        need term: Span,
    }
}

table! {
    /// So much of one measure within a window.
    GoalSpec {
        /// Spend that counts for tiers.
        may spend: Amount,
        /// Days with a purchase.
        may visits: SomeOf<1_000_000>,
        /// Points earned.
        may points: SomeOf<MOST_POINTS>,
        /// The time in which it must come together.
        need within: Window,
        either spend,
        either visits,
        either points,
    }
}

table! {
    /// Any of several goals.
    AnySpec {
        /// One of these is enough.
        need any: List<GoalSpec, 16>,
    }
}

table! {
    /// What becomes of a member who has not kept the tier.
    LapseSpec {
        /// One tier down, or to the tier that they reach on that day.
        may to: LapseTo = "one down",
        /// How long the tier is held after its last day, and can still be kept.
        may grace: Span,
    }
}

table! {
    /// Which spend counts for tiers.
    QualifyingSpec {
        /// The lines that count. Without it, all.
        may when: When,
        /// What a return does to a tier already held: it is kept until the end of its term, or looked at again.
        may on_return: OnReturn = "keep",
    }
}

table! {
    /// A growth value that decides the tier, instead of goals to reach.
    GrowthSpec {
        /// So much growth value …
        need value: Millionths,
        /// … for each of this amount of spend that counts for tiers.
        need per: Amount,
        /// The day of each year on which the tier's deduction is taken.
        may lowered_on: MonthDay = "01-01",
    }
}

table! {
    /// What is asked of people, and how long consent lasts.
    CustomersSpec {
        /// The region, by two letters, whose phone numbers staff write without their country. Facts hold numbers with their country; who makes
        /// them asks for this.
        may region: Name,
        /// All tags that there are. Without it, any.
        may tags: List<Name, 1_000>,
        /// What makes a profile complete, in the order in which it is asked for.
        may ask: List<AskSpec, 100>,
        /// How long consent lasts before it must be asked for again. Without it, until it is withdrawn.
        may consent_lasts: Span,
        /// After how long without a word a person must be asked, or forgotten.
        may silence: Span,
    }
}

table! {
    /// Something to ask people for.
    AskSpec {
        /// A key of profiles, or the id of a field of the program's own.
        need field: Name,
        /// How much it counts towards completeness.
        may weight: Whole<1, 1_000> = 1,
    }
}

table! {
    /// A field of the program's own, of customers or of pieces.
    FieldSpec {
        /// The key it stands under in `custom`.
        need id: Name,
        /// What it is called, for people. It is the id unless written.
        may name: Label,
        /// Whose it is: told in profiles, or with the lines of purchases.
        may of: FieldOf = "customer",
        /// What it holds.
        need holds: HoldsWord,
        /// The least number or amount.
        may least: Amount,
        /// The largest number or amount.
        may most: Amount,
        /// The most bytes of a text.
        may bytes: Whole<1, 4_096> = 4_096,
        /// What may be chosen.
        may choices: List<Name, 100>,
        /// Of customers, whether it is asked for before all else. Of pieces, whether every line must tell it that tells anything of a piece.
        may required: bool = false,
    }
}

table! {
    /// A moment to remember someone, and what to do then.
    TriggerSpec {
        /// The trigger's own id, with which the keys of its occasions begin.
        need id: Name,
        /// The moment.
        need on: OccasionSpec,
        /// Whom it is for, as they are on the day that is asked about. Without it, everyone.
        may when: When,
        /// A message.
        may send: SendSpec,
        /// Something for people to do.
        may task: DutySpec,
        /// How long it stays due. Unless written through the day that it comes before, or 30 days.
        may open: Span,
        /// The share of customers of whom nothing is done, to compare with: always the same ones.
        may holdout: Percent,
        /// What the customer is given when it is done.
        may give: GiveSpec,
        /// No more of its occasions than so many, of one customer, are sent or done.
        may at_most: AtMostSpec,
    }
}

table! {
    /// What a trigger gives, once for each of its occasions.
    GiveSpec {
        /// Points, that last as an award of that day would.
        may points: Points,
        /// A coupon of the program, by its id.
        may coupon: Name,
        /// A benefit of the program, by its id, once.
        may benefit: Name,
    }
}

table! {
    /// A moment: one of these, and how long before or after.
    OccasionSpec {
        /// A date of the person: `birthday`, `joined` for each year since they did, or one of the profile's `dates` by its name.
        may date: Name,
        /// Of a relation of this kind, such as `spouse`, instead of the person's own.
        may of: Name,
        /// A festival.
        may festival: Festival,
        /// A day of each year.
        may yearly: MonthDay,
        /// One day, once.
        may day: Day,
        /// Something that happened.
        may after: Happening,
        /// Nothing was heard of the person for so long.
        may silence: Span,
        /// What is about to lapse.
        may lapse: LapseWord,
        /// What happens to the tier.
        may tier: TierWord,
        /// Spend that counts for tiers came to so much, ever.
        may spend: Amount,
        /// So long before the day.
        may before: Span,
        /// So long after it.
        may wait: Wait,
        /// Not where one of these has happened since.
        may unless: List<Happening, 10>,
        /// No more than this spend is missing for the next tier.
        may missing: Amount,
        either date,
        either festival,
        either yearly,
        either day,
        either after wait,
        either silence,
        either lapse before,
        either tier,
        either spend,
    }
}

table! {
    /// A message, by the first channel that the person agreed to and can be reached by.
    SendSpec {
        /// What the host calls it.
        need message: Name,
        /// Channels, the first that can be had. `wechat`, `sms`, `phone` and `email` are had where the profile knows one; of others only consent is asked.
        need by: List<Name, 16>,
    }
}

table! {
    /// Something for people to do.
    DutySpec {
        /// What, in the shop's words.
        need what: Label,
        /// Who: whoever looks after the person, the manager, or anyone in the store.
        may who: Who = "owner",
    }
}

table! {
    /// What holds for all that is sent.
    MessagesSpec {
        /// No more than so many messages to one person.
        may at_most: AtMostSpec,
        /// When nobody is written to, by the clocks of the customer's time zone, else the program's.
        may quiet: QuietSpec,
        /// Whether people are written to only where they agreed.
        may consent: ConsentWord = "required",
        /// What they must have agreed to.
        may purpose: Name = "offers",
        /// What becomes of a message that failed.
        may again: AgainSpec,
    }
}

table! {
    /// So many within so long.
    AtMostSpec {
        /// So many …
        need count: Whole<1, 1_000>,
        /// … within so long.
        need within: Span,
    }
}

table! {
    /// From one time of the day to another.
    QuietSpec {
        /// From this time on …
        need from: Clock,
        /// … to this one, of the next day where it is earlier.
        need to: Clock,
    }
}

table! {
    /// How often a message that failed is tried again.
    AgainSpec {
        /// After so long …
        may after: Span = "1 day",
        /// … so often.
        may times: Whole<0, 100> = 3,
    }
}

table! {
    /// What introducing someone is worth, once they buy.
    IntroductionSpec {
        /// What whoever introduced them is given.
        need give: GivenSpec,
        /// What they are given themselves.
        may welcome: GivenSpec,
        /// How long their first purchase may still come back: the points can be spent after that.
        need after: Span,
        /// The least that is to be paid for it. Unless written, any purchase does.
        may least: Amount,
        /// So many are given for within a window, to one account. Unless written, any number.
        may at_most: IntroducedSpec,
    }
}

table! {
    /// Points pooled with others of a household: whoever may spends what all of them have.
    HouseholdSpec {
        /// The most customers of one household.
        may members: Whole<2, MOST_MEMBERS> = 64,
        /// Whether what one of them buys counts for the tiers of all.
        may pool_spend: bool = false,
    }
}

table! {
    /// Something that the shop does for members: by their tier, by a piece that they bought, or given to them.
    BenefitSpec {
        /// The benefit's own id, which facts and explanations name.
        need id: Name,
        /// What it is called, for people. It is the id unless written.
        may name: Label,
        /// How often. Without it, as often as wished.
        may times: TimesSpec,
        /// The lines of a purchase that bring it along, each for itself, as long as they are not given back.
        may lines: When,
        /// How long one lasts that was given. Without it, for ever.
        may valid: Span,
    }
}

table! {
    /// Something that points can be redeemed for.
    RewardSpec {
        /// The reward's own id, which facts name.
        need id: Name,
        /// What it is called, for people. It is the id unless written.
        may name: Label,
        /// What it costs: any of these.
        need price: List<RewardPriceSpec, 10>,
        /// For whom, where and when it is. Without it, always.
        may when: When,
        /// No more than so many by one customer.
        may at_most: TimesSpec,
    }
}

table! {
    /// What a reward costs.
    RewardPriceSpec {
        /// So many points …
        need points: Whole<1, MOST_POINTS>,
        /// … and so much money beside them.
        may amount: Amount,
    }
}

table! {
    /// So many times within a window.
    TimesSpec {
        /// So many …
        need count: Whole<1, 1_000>,
        /// … within a window.
        need within: SinceWindow,
    }
}

table! {
    /// Money that is paid in beforehand and spent later (储值), and gift cards.
    StoredValueSpec {
        /// What topping up brings beside what is paid. The highest step that is reached counts.
        may top_up: List<TopUpSpec, 50>,
        /// What pays first.
        may spend: SpendOrder = "bonus first",
        /// How long a bonus lasts, and what it may pay for.
        may bonus: BonusValueSpec,
        /// The most that may be held. Without it there is no such bound.
        may most: MostValueSpec,
        /// The most that may be taken from an account at a store that is out of reach of the others. Without it there is no such bound.
        may offline: Amount,
    }
}

table! {
    /// A step of topping up.
    TopUpSpec {
        /// Who pays so much at once.
        need from: Amount,
        /// Is given so much more.
        need bonus: Amount,
        /// Whether for each full amount, or once.
        may each: bool = false,
    }
}

table! {
    /// How long a bonus lasts, and what it may pay for.
    BonusValueSpec {
        /// How long it can be spent. Without it, for ever.
        may valid: Span,
        /// The lines that it may pay for. Without it, all.
        may on: When,
        /// How long it can be spent when it comes back after its last day.
        may restored: Span = "30 days",
    }
}

table! {
    /// The most stored value that may be held, bonus included.
    MostValueSpec {
        /// By a customer.
        may customer: Amount,
        /// By a card that belongs to whoever holds it.
        may card: Amount,
    }
}

table! {
    /// Something to pay with: it takes something off a basket, once.
    CouponSpec {
        /// The coupon's own id, which facts and explanations name.
        need id: Name,
        /// What it is called, for people. It is the id unless written.
        may name: Label,
        /// Takes an amount off.
        may off: Amount,
        /// Takes a share off.
        may percent: Percent,
        /// Takes so much off for each full amount (每满减).
        may each: EachSpec,
        /// Makes the cheapest pieces free.
        may free: FreeSpec,
        /// What the dearest piece costs with it.
        may price: Amount,
        /// The most that it takes off.
        may most: Amount,
        /// The lines that it is for. Without it, all.
        may on: When,
        /// The least that is to be paid for these lines, before any coupon.
        may least: Amount,
        /// For whom, where and when it is. Without it, always.
        may when: When,
        /// How long after its issue it can be used first.
        may wait: Span,
        /// How long it can be used from then on.
        may valid: Span,
        /// The last day on which any can be used.
        may until: Day,
        /// How often one can be used.
        may uses: Whole<1, 1_000> = 1,
        /// No more than so many uses, by one customer, of this coupon whichever of them it is.
        may at_most: AtMostSpec,
        /// No more than so many uses, by all customers together, of this coupon whichever of them it is.
        may in_all: InAllSpec,
        /// Whether whoever holds it may pass it on.
        may transferable: bool = false,
        /// Whether others may be used on the same basket.
        may stacks: bool = true,
        /// Of those that name the same group, one is used on a basket.
        may group: Name,
        /// Whether points may pay on the same basket.
        may with_points: bool = true,
        /// Whether stored value may pay on the same basket.
        may with_stored_value: bool = true,
        /// What becomes of it when all that was bought with it comes back.
        may returned: Returned = "rest",
        either off,
        either percent,
        either each,
        either free,
        either price,
    }
}

table! {
    /// So many by all customers together.
    InAllSpec {
        /// So many …
        need count: Whole<1, 1_000_000_000>,
        /// … within so long. Without it, ever.
        may within: Span,
    }
}

table! {
    /// So much off for each full amount.
    EachSpec {
        /// For each full amount of this …
        need full: Amount,
        /// … so much off.
        need off: Amount,
    }
}

table! {
    /// Pieces that are free.
    FreeSpec {
        /// For so many pieces that are paid …
        may buy: Whole<0, 1_000> = 0,
        /// … so many more are free: the cheapest of all of them. Without `buy`, so many in all.
        need get: Whole<1, 1_000>,
    }
}

table! {
    /// How several coupons are used on one basket.
    CouponsSpec {
        /// Whether those that take a share off go before the others or after them.
        may order: CouponOrder = "percent first",
    }
}

table! {
    /// Points that are given.
    GivenSpec {
        /// So many.
        need points: SomeOf<MOST_POINTS>,
    }
}

table! {
    /// So many people within so long.
    IntroducedSpec {
        /// So many …
        need count: SomeOf<1_000_000>,
        /// … within a window.
        need within: SinceWindow,
    }
}

/// One goal, or any of several.
#[derive(Debug, Clone)]
pub(crate) enum GoalsSpec {
    One(GoalSpec),
    Any(AnySpec),
}

impl Written for GoalsSpec {
    const NAME: &'static str = "Goals";

    fn read(spot: Spot<'_, '_>) -> Option<Self> {
        if ["spend", "visits", "points", "within"].iter().any(|key| spot.has(key)) {
            GoalSpec::read(spot).map(GoalsSpec::One)
        } else {
            AnySpec::read(spot).map(GoalsSpec::Any)
        }
    }

    fn schema(generator: &mut SchemaGenerator) -> Schema {
        let (one, any) =
            (generator.subschema_for::<As<GoalSpec>>(), generator.subschema_for::<As<AnySpec>>());
        schema(json!({ "anyOf": [one, any] }))
    }
}

/// Goals, or by invitation only.
#[expect(clippy::large_enum_variant, reason = "a program has few of them, for the time it is read")]
#[derive(Debug, Clone)]
pub(crate) enum ReachSpec {
    Goals(GoalsSpec),
    Invitation,
}

impl Written for ReachSpec {
    const NAME: &'static str = "";

    fn read(spot: Spot<'_, '_>) -> Option<Self> {
        if spot.is_table() {
            return GoalsSpec::read(spot).map(ReachSpec::Goals);
        }
        let text = spot.text(usize::MAX)?;
        if text == "invitation" {
            return Some(ReachSpec::Invitation);
        }
        let fault = Fault::new("unknown_value", format!("unknown value `{}`", shorten(&text)));
        spot.fault(
            fault.advise(
                "write a goal such as { spend = \"30000\", within = \"12 months\" }, or \"invitation\"",
            ),
        )
    }

    fn schema(generator: &mut SchemaGenerator) -> Schema {
        let goals = generator.subschema_for::<As<GoalsSpec>>();
        schema(json!({ "anyOf": [goals, { "const": "invitation" }] }))
    }
}
