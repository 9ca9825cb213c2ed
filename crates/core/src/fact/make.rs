//! Making facts in Rust: one constructor for each kind, as strict as the reader.

use super::checks::{
    MOST_TIMES, alias as check_alias, given, points_within, profile as check_profile, reason as check_reason,
    returned, within,
};
use super::purchase::{name, not_negative};
use super::{
    BenefitGrant, Body, CouponAct, CouponTerms, Erasure, Fact, GivenLot, OrderAct, Ordered, Private, Profile,
    Purchase, ReturnedLine, Settlement, Text, TopUp, ValueAct, ValuePart,
};
use crate::calendar::{Day, Moment};
use crate::fault::Fault;
use crate::money::{Currency, Money};
use crate::points::POINTS_LIMIT;
use crate::program::Program;

impl<'a> Fact<'a> {
    fn make(id: impl Into<Text<'a>>, at: Moment, body: Body<'a>) -> Result<Fact<'a>, Fault> {
        let fact = Fact { id: id.into(), at, store: None, staff: None, terminal: None, body, drawn: None };
        name("id", &fact.id)?;
        if let Some(customer) = fact.customer() {
            name("customer", customer)?;
        }
        Ok(fact)
    }

    /// Someone joined.
    ///
    /// ```
    /// use parure::calendar::{Anniversary, Moment};
    /// use parure::fact::{Fact, Profile};
    /// let at = Moment::parse("2026-01-01T10:00:00+08:00")?;
    /// let profile = Profile::default().with_birthday(Anniversary::solar(None, 5, 20)?);
    /// let joined = Fact::joined("j-1", at, "c-1", profile)?;
    /// assert_eq!(joined.kind(), "joined");
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    ///
    /// # Errors
    /// `name_text` for an id or a tag that is no name, `too_many` for more than 100 tags.
    pub fn joined(
        id: impl Into<Text<'a>>,
        at: Moment,
        customer: impl Into<Text<'a>>,
        profile: Profile<'a>,
    ) -> Result<Fact<'a>, Fault> {
        check_profile(&profile).map_err(|fault| within("joined", fault))?;
        Fact::make(id, at, Body::Joined { customer: customer.into(), profile })
    }

    /// Something was told of a person: what the profile does not say stays as it was.
    ///
    /// ```
    /// use parure::calendar::Moment;
    /// use parure::fact::{Fact, Profile};
    /// let at = Moment::parse("2026-02-14T16:30:00+08:00")?;
    /// let told = Fact::profile_changed("t-1", at, "c-1", Profile::default().with_tags(["couple", "玉"]))?;
    /// assert_eq!(told.kind(), "profile_changed");
    /// let empty = Fact::profile_changed("t-2", at, "c-1", Profile::default().with_tags([""]));
    /// assert_eq!(empty.unwrap_err().path, "profile_changed.tags[0]");
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    ///
    /// # Errors
    /// `name_text` for an id or a tag that is no name, `too_many` for more than 100 tags.
    pub fn profile_changed(
        id: impl Into<Text<'a>>,
        at: Moment,
        customer: impl Into<Text<'a>>,
        profile: Profile<'a>,
    ) -> Result<Fact<'a>, Fault> {
        check_profile(&profile).map_err(|fault| within("profile_changed", fault))?;
        Fact::make(id, at, Body::ProfileChanged { customer: customer.into(), profile })
    }

    /// Something was bought.
    ///
    /// ```
    /// use parure::calendar::Moment;
    /// use parure::fact::{Fact, Line, Purchase, Quantity};
    /// use parure::money::{Currency, Money};
    /// let yuan = Currency::parse("CNY")?;
    /// let ring = Line::new("1", "R-100", "ring/diamond", Quantity::ONE, yuan.money("12800")?);
    /// let purchase = Purchase::new(vec![ring], Money::ZERO, vec![], yuan)?;
    /// let at = Moment::parse("2026-03-01T15:04:05+08:00")?;
    /// let fact = Fact::purchased("p-1", at, "c-1", purchase)?.at_store("sh-01")?.by_staff("li")?;
    /// assert_eq!(fact.kind(), "purchased");
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    ///
    /// # Errors
    /// `name_text` for an id that is no name.
    pub fn purchased(
        id: impl Into<Text<'a>>,
        at: Moment,
        customer: impl Into<Text<'a>>,
        purchase: Purchase<'a>,
    ) -> Result<Fact<'a>, Fault> {
        Fact::make(id, at, Body::Purchased { customer: customer.into(), purchase })
    }

    /// Something came back: which purchase, and what of its lines.
    ///
    /// ```
    /// use parure::calendar::Moment;
    /// use parure::fact::{Fact, Quantity, ReturnedLine};
    /// use parure::money::{Currency, Money};
    /// let yuan = Currency::parse("CNY")?;
    /// let at = Moment::parse("2026-03-08T11:00:00+08:00")?;
    /// let lines = vec![ReturnedLine::new("1", Quantity::ONE, Money::from_minor(1_280_000))];
    /// let fact = Fact::returned("r-1", at, "c-1", "p-1", lines, yuan)?;
    /// assert_eq!(fact.customer(), Some("c-1"));
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    ///
    /// # Errors
    /// `name_text`, `no_lines`, `too_many`, `repeated_line`, `negative_amount`, `nothing_returned`, `money_range`.
    pub fn returned(
        id: impl Into<Text<'a>>,
        at: Moment,
        customer: impl Into<Text<'a>>,
        purchase: impl Into<Text<'a>>,
        lines: Vec<ReturnedLine<'a>>,
        currency: Currency,
    ) -> Result<Fact<'a>, Fault> {
        let purchase = purchase.into();
        name("returned.purchase", &purchase)?;
        returned(&lines, currency).map_err(|fault| within("returned", fault))?;
        Fact::make(id, at, Body::Returned { customer: customer.into(), purchase, lines })
    }

    /// Points were spent outside a purchase, on a reward.
    ///
    /// ```
    /// use parure::calendar::Moment;
    /// use parure::fact::Fact;
    /// let at = Moment::parse("2026-03-08T11:00:00+08:00")?;
    /// assert_eq!(Fact::redeemed("x-1", at, "c-1", 500, "tote-bag")?.kind(), "redeemed");
    /// assert_eq!(Fact::redeemed("x-1", at, "c-1", 0, "tote-bag").unwrap_err().code, "number_range");
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    ///
    /// # Errors
    /// `name_text`; `number_range` unless the points are from 1 to 10^12.
    pub fn redeemed(
        id: impl Into<Text<'a>>,
        at: Moment,
        customer: impl Into<Text<'a>>,
        points: i64,
        reward: impl Into<Text<'a>>,
    ) -> Result<Fact<'a>, Fault> {
        let reward = reward.into();
        name("redeemed.reward", &reward)?;
        points_within(1..=POINTS_LIMIT, points).map_err(|fault| fault.at("redeemed.points"))?;
        let amount = Money::ZERO;
        Fact::make(id, at, Body::Redeemed { customer: customer.into(), points, amount, reward })
    }

    /// A piece is made to order; the fact's id is the order's.
    ///
    /// ```
    /// use parure::{calendar::Moment, fact::{Fact, Ordered}, money::Money};
    /// let at = Moment::parse("2026-03-08T11:00:00+08:00")?;
    /// let ring = Ordered::of(Money::from_minor(1_280_000)).with_deposit(Money::from_minor(300_000), Some("card"));
    /// assert_eq!(Fact::ordered("o-1", at, "c-1", ring)?.kind(), "ordered");
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    ///
    /// # Errors
    /// `no_amount`, `name_text`, `negative_amount`, `money_range`.
    pub fn ordered(
        id: impl Into<Text<'a>>,
        at: Moment,
        customer: impl Into<Text<'a>>,
        ordered: Ordered<'a>,
    ) -> Result<Fact<'a>, Fault> {
        Fact::make_order(id, at, customer, OrderAct::Ordered(ordered))
    }

    /// More is paid beforehand for an order, by this means where it is told.
    ///
    /// ```
    /// use parure::{calendar::Moment, fact::Fact, money::Money};
    /// let at = Moment::parse("2026-04-08T11:00:00+08:00")?;
    /// let more = Fact::deposit_paid("d-1", at, "c-1", "o-1", Money::from_minor(100_000), Some("card"))?;
    /// assert_eq!(more.kind(), "deposit_paid");
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    ///
    /// # Errors
    /// `no_amount`, `name_text`, `money_range`.
    pub fn deposit_paid(
        id: impl Into<Text<'a>>,
        at: Moment,
        customer: impl Into<Text<'a>>,
        order: impl Into<Text<'a>>,
        amount: Money,
        source: Option<&'a str>,
    ) -> Result<Fact<'a>, Fault> {
        let (order, source) = (order.into(), source.map(Text::from));
        Fact::make_order(id, at, customer, OrderAct::Paid { order, amount, source })
    }

    /// An order is called off: what is left of its deposits goes back, but for what the shop keeps. The book fills in how much that is.
    ///
    /// ```
    /// use parure::{calendar::Moment, fact::Fact, money::Money};
    /// let at = Moment::parse("2026-04-08T11:00:00+08:00")?;
    /// let off = Fact::order_cancelled("oc-1", at, "c-1", "o-1", Money::from_minor(50_000), "changed her mind")?;
    /// assert_eq!(off.kind(), "order_cancelled");
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    ///
    /// # Errors
    /// `no_reason`, `name_text`, `negative_amount`, `money_range`.
    pub fn order_cancelled(
        id: impl Into<Text<'a>>,
        at: Moment,
        customer: impl Into<Text<'a>>,
        order: impl Into<Text<'a>>,
        kept: Money,
        reason: impl Into<Text<'a>>,
    ) -> Result<Fact<'a>, Fault> {
        let (order, reason) = (order.into(), Private(reason.into()));
        Fact::make_order(id, at, customer, OrderAct::Cancelled { order, kept, given_back: None, reason })
    }

    fn make_order(
        id: impl Into<Text<'a>>,
        at: Moment,
        customer: impl Into<Text<'a>>,
        act: OrderAct<'a>,
    ) -> Result<Fact<'a>, Fault> {
        let kind = act.kind();
        let act = act.check().map_err(|fault| within(kind, fault))?;
        Fact::make(id, at, Body::Ordered { customer: customer.into(), act: Box::new(act) })
    }

    /// The same redemption, with so much money paid beside the points; of other facts it changes nothing.
    ///
    /// ```
    /// use parure::{calendar::Moment, fact::Fact, money::Money};
    /// let at = Moment::parse("2026-03-08T11:00:00+08:00")?;
    /// let tote = Fact::redeemed("x-1", at, "c-1", 300, "tote-bag")?.with_amount(Money::from_minor(5_000))?; // 50.00
    /// assert_eq!(tote.clone().with_amount(Money::from_minor(-1)).unwrap_err().code, "negative_amount");
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    ///
    /// # Errors
    /// `negative_amount`, `money_range`.
    pub fn with_amount(mut self, paid: Money) -> Result<Self, Fault> {
        if let Body::Redeemed { amount, .. } = &mut self.body {
            not_negative("redeemed.amount", paid)?;
            *amount = paid;
        }
        Ok(self)
    }

    /// A reward that was redeemed was handed over to the customer.
    ///
    /// ```
    /// use parure::calendar::Moment;
    /// use parure::fact::Fact;
    /// let at = Moment::parse("2026-03-12T11:00:00+08:00")?;
    /// assert_eq!(Fact::handed_over("h-1", at, "c-1", "x-1")?.kind(), "handed_over");
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    ///
    /// # Errors
    /// `name_text` for an id that is no name.
    pub fn handed_over(
        id: impl Into<Text<'a>>,
        at: Moment,
        customer: impl Into<Text<'a>>,
        redemption: impl Into<Text<'a>>,
    ) -> Result<Fact<'a>, Fault> {
        let (customer, redemption) = (customer.into(), redemption.into());
        name("handed_over.redemption", &redemption)?;
        let how = Settlement::HandedOver;
        Fact::make(id, at, Body::RedemptionSettled { customer, redemption, how })
    }

    /// Points that had paid for a reward come back to where they came from. `returned`: the reward had been handed over, and has come back too.
    ///
    /// ```
    /// use parure::calendar::Moment;
    /// use parure::fact::Fact;
    /// let at = Moment::parse("2026-03-08T11:00:00+08:00")?;
    /// let back = Fact::redemption_reversed("xr-1", at, "c-1", "x-1", false)?;
    /// assert_eq!(back.kind(), "redemption_reversed");
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    ///
    /// # Errors
    /// `name_text` for an id that is no name.
    pub fn redemption_reversed(
        id: impl Into<Text<'a>>,
        at: Moment,
        customer: impl Into<Text<'a>>,
        redemption: impl Into<Text<'a>>,
        returned: bool,
    ) -> Result<Fact<'a>, Fault> {
        let (customer, redemption) = (customer.into(), redemption.into());
        name("redemption_reversed.redemption", &redemption)?;
        let how = Settlement::Reversed { returned };
        Fact::make(id, at, Body::RedemptionSettled { customer, redemption, how })
    }

    /// Someone shares the points of a household from now on.
    ///
    /// ```
    /// use parure::{calendar::Moment, fact::Fact};
    /// let at = Moment::parse("2026-03-08T11:00:00+08:00")?;
    /// let daughter = Fact::household_joined("h-1", at, "c-3", "the-wangs", false)?; // what the others have is not hers to spend
    /// assert_eq!(daughter.kind(), "household_joined");
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    ///
    /// # Errors
    /// `name_text` for an id that is no name.
    pub fn household_joined(
        id: impl Into<Text<'a>>,
        at: Moment,
        customer: impl Into<Text<'a>>,
        household: impl Into<Text<'a>>,
        may_spend: bool,
    ) -> Result<Fact<'a>, Fault> {
        let household = household.into();
        name("household_joined.household", &household)?;
        Fact::make(id, at, Body::HouseholdJoined { customer: customer.into(), household, may_spend })
    }

    /// Someone shares points no longer: what is left of their own goes with them.
    ///
    /// ```
    /// use parure::{calendar::Moment, fact::Fact};
    /// let at = Moment::parse("2026-03-08T11:00:00+08:00")?;
    /// assert_eq!(Fact::household_left("h-2", at, "c-3")?.customer(), Some("c-3"));
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    ///
    /// # Errors
    /// `name_text` for an id that is no name.
    pub fn household_left(
        id: impl Into<Text<'a>>,
        at: Moment,
        customer: impl Into<Text<'a>>,
    ) -> Result<Fact<'a>, Fault> {
        Fact::make(id, at, Body::HouseholdLeft { customer: customer.into() })
    }

    /// One of the program's coupons was issued to a customer: the fact's id is the coupon's. `last_day` instead of the one that the program says
    /// (semantics 16.1).
    ///
    /// ```
    /// use parure::calendar::Moment;
    /// use parure::fact::Fact;
    /// let at = Moment::parse("2026-05-01T10:00:00+08:00")?;
    /// assert_eq!(Fact::issued("k-1", at, "c-1", "birthday-500", None)?.kind(), "issued");
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    ///
    /// # Errors
    /// `name_text` for an id that is no name.
    pub fn issued(
        id: impl Into<Text<'a>>,
        at: Moment,
        customer: impl Into<Text<'a>>,
        coupon: impl Into<Text<'a>>,
        last_day: Option<Day>,
    ) -> Result<Fact<'a>, Fault> {
        let coupon = coupon.into();
        name("issued.coupon", &coupon)?;
        Fact::make(id, at, Body::Issued { customer: customer.into(), coupon, last_day, card: false })
    }

    /// The same, issued to whoever knows a code: `code` is what [`coupon_code`](super::coupon_code) makes of it (semantics 16.8).
    ///
    /// ```
    /// use parure::calendar::Moment;
    /// use parure::fact::{Fact, coupon_code};
    /// let at = Moment::parse("2026-05-01T10:00:00+08:00")?;
    /// let issued = Fact::issued_by_code("k-2", at, coupon_code(b"SUMMER-7KQ2"), "summer", None)?;
    /// assert_eq!(issued.kind(), "issued");
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    ///
    /// # Errors
    /// `name_text` for an id that is no name.
    pub fn issued_by_code(
        id: impl Into<Text<'a>>,
        at: Moment,
        code: impl Into<Text<'a>>,
        coupon: impl Into<Text<'a>>,
        last_day: Option<Day>,
    ) -> Result<Fact<'a>, Fault> {
        let coupon = coupon.into();
        name("issued.coupon", &coupon)?;
        Fact::make(id, at, Body::Issued { customer: code.into(), coupon, last_day, card: true })
    }

    /// A coupon changed hands (semantics 16.7): to another customer, or with `card` to whoever knows the code that `to` stands for. The fact's id is
    /// the coupon's from then on. Recorded without terms, they are filled in.
    ///
    /// ```
    /// use parure::{calendar::Moment, fact::Fact};
    /// let at = Moment::parse("2026-05-02T10:00:00+08:00")?;
    /// let to_a_friend = Fact::coupon_transferred("k-3", at, "c-1", "k-1", "c-2", None, false)?;
    /// assert_eq!((to_a_friend.kind(), to_a_friend.other_customer()), ("coupon_transferred", Some("c-2")));
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    ///
    /// # Errors
    /// `name_text`; `range_order` for terms that end before they begin.
    pub fn coupon_transferred(
        id: impl Into<Text<'a>>,
        at: Moment,
        customer: impl Into<Text<'a>>,
        coupon: impl Into<Text<'a>>,
        to: impl Into<Text<'a>>,
        terms: Option<CouponTerms<'a>>,
        card: bool,
    ) -> Result<Fact<'a>, Fault> {
        let act = CouponAct::Transferred { coupon: coupon.into(), to: to.into(), terms, card };
        Fact::of_coupon(id.into(), at, customer.into(), act)
    }

    /// A coupon is held until an instant for one purchase, by the id that its fact will have, or for the delivery of an order (semantics 16.9).
    ///
    /// ```
    /// use parure::{calendar::Moment, fact::Fact};
    /// let at = Moment::parse("2026-05-02T10:00:00+08:00")?;
    /// let until = Moment::parse("2026-05-02T10:30:00+08:00")?;
    /// assert_eq!(Fact::coupon_held("h-1", at, "c-1", "k-1", "p-9", until)?.kind(), "coupon_held");
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    ///
    /// # Errors
    /// `name_text` for an id that is no name.
    pub fn coupon_held(
        id: impl Into<Text<'a>>,
        at: Moment,
        customer: impl Into<Text<'a>>,
        coupon: impl Into<Text<'a>>,
        held_for: impl Into<Text<'a>>,
        until: Moment,
    ) -> Result<Fact<'a>, Fault> {
        let act = CouponAct::Held { coupon: coupon.into(), held_for: held_for.into(), until };
        Fact::of_coupon(id.into(), at, customer.into(), act)
    }

    /// A coupon is let go before its hold is over.
    ///
    /// ```
    /// use parure::{calendar::Moment, fact::Fact};
    /// let at = Moment::parse("2026-05-02T10:10:00+08:00")?;
    /// assert_eq!(Fact::coupon_released("l-1", at, "c-1", "k-1", "p-9")?.kind(), "coupon_released");
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    ///
    /// # Errors
    /// `name_text` for an id that is no name.
    pub fn coupon_released(
        id: impl Into<Text<'a>>,
        at: Moment,
        customer: impl Into<Text<'a>>,
        coupon: impl Into<Text<'a>>,
        held_for: impl Into<Text<'a>>,
    ) -> Result<Fact<'a>, Fault> {
        let act = CouponAct::Released { coupon: coupon.into(), held_for: held_for.into() };
        Fact::of_coupon(id.into(), at, customer.into(), act)
    }

    fn of_coupon(
        id: Text<'a>,
        at: Moment,
        customer: Text<'a>,
        act: CouponAct<'a>,
    ) -> Result<Fact<'a>, Fault> {
        let kind = act.kind();
        let act = Box::new(act.check().map_err(|fault| within(kind, fault))?);
        act.check_at(at)?;
        Fact::make(id, at, Body::Couponed { customer, act })
    }

    /// A coupon was taken back from whoever holds it, with the reason.
    ///
    /// ```
    /// use parure::calendar::Moment;
    /// use parure::fact::Fact;
    /// let at = Moment::parse("2026-05-03T10:00:00+08:00")?;
    /// assert_eq!(Fact::voided("v-1", at, "c-1", "k-1", "issued twice")?.kind(), "voided");
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    ///
    /// # Errors
    /// `name_text`, `no_reason`, `too_long`, `control_character`.
    pub fn voided(
        id: impl Into<Text<'a>>,
        at: Moment,
        customer: impl Into<Text<'a>>,
        coupon: impl Into<Text<'a>>,
        reason: impl Into<Text<'a>>,
    ) -> Result<Fact<'a>, Fault> {
        let (coupon, reason) = (coupon.into(), reason.into());
        name("voided.coupon", &coupon)?;
        check_reason(&reason).map_err(|fault| fault.at("voided.reason"))?;
        Fact::make(id, at, Body::Voided { customer: customer.into(), coupon, reason: Private(reason) })
    }

    /// One of the program's benefits was given to a customer, so often, with the reason; `last_day` instead of the one that the program says
    /// (semantics 17.1).
    ///
    /// ```
    /// use parure::calendar::Moment;
    /// use parure::fact::Fact;
    /// let at = Moment::parse("2026-05-01T10:00:00+08:00")?;
    /// assert_eq!(Fact::benefit_granted("b-1", at, "c-1", "free-cleaning", 2, "新娘", None)?.kind(), "benefit_granted");
    /// assert_eq!(Fact::benefit_granted("b-1", at, "c-1", "free-cleaning", 0, "新娘", None).unwrap_err().code, "number_range");
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    ///
    /// # Errors
    /// `name_text`; `number_range` for none and for more than 1,000; `no_reason`, `too_long`, `control_character`.
    pub fn benefit_granted(
        id: impl Into<Text<'a>>,
        at: Moment,
        customer: impl Into<Text<'a>>,
        benefit: impl Into<Text<'a>>,
        times: u32,
        reason: impl Into<Text<'a>>,
        last_day: Option<Day>,
    ) -> Result<Fact<'a>, Fault> {
        let (benefit, reason) = (benefit.into(), reason.into());
        name("benefit_granted.benefit", &benefit)?;
        if !(1..=MOST_TIMES).contains(&i64::from(times)) {
            let message = format!("`{times}` is not from 1 to {MOST_TIMES}");
            return Err(Fault::new("number_range", message).at("benefit_granted.times"));
        }
        check_reason(&reason).map_err(|fault| fault.at("benefit_granted.reason"))?;
        let (customer, reason) = (customer.into(), Private(reason));
        let grant = Box::new(BenefitGrant { benefit, times, reason, last_day });
        Fact::make(id, at, Body::BenefitGranted { customer, grant })
    }

    /// A benefit was had; by a piece where `of` names the purchase and the line that brought it along (semantics 17.3).
    ///
    /// ```
    /// use parure::calendar::Moment;
    /// use parure::fact::Fact;
    /// let at = Moment::parse("2026-05-01T10:00:00+08:00")?;
    /// assert_eq!(Fact::benefit_used("u-1", at, "c-1", "resizing", Some(("p-1", "1")))?.kind(), "benefit_used");
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    ///
    /// # Errors
    /// `name_text` for an id that is no name.
    pub fn benefit_used(
        id: impl Into<Text<'a>>,
        at: Moment,
        customer: impl Into<Text<'a>>,
        benefit: impl Into<Text<'a>>,
        of: Option<(&'a str, &'a str)>,
    ) -> Result<Fact<'a>, Fault> {
        let benefit = benefit.into();
        name("benefit_used.benefit", &benefit)?;
        if let Some((purchase, line)) = of {
            name("benefit_used.purchase", purchase)?;
            name("benefit_used.line", line)?;
        }
        let of = of.map(|(purchase, line)| Box::new((Text::from(purchase), Text::from(line))));
        Fact::make(id, at, Body::BenefitUsed { customer: customer.into(), benefit, of })
    }

    /// A benefit that was told to have been had was not: it can be had again.
    ///
    /// ```
    /// use parure::calendar::Moment;
    /// use parure::fact::Fact;
    /// let at = Moment::parse("2026-05-02T10:00:00+08:00")?;
    /// assert_eq!(Fact::benefit_reversed("u-2", at, "c-1", "u-1")?.kind(), "benefit_reversed");
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    ///
    /// # Errors
    /// `name_text` for an id that is no name.
    pub fn benefit_reversed(
        id: impl Into<Text<'a>>,
        at: Moment,
        customer: impl Into<Text<'a>>,
        used: impl Into<Text<'a>>,
    ) -> Result<Fact<'a>, Fault> {
        let used = used.into();
        name("benefit_reversed.use", &used)?;
        Fact::make(id, at, Body::BenefitReversed { customer: customer.into(), used })
    }

    /// Money was paid in, to be spent later (semantics 18.1).
    ///
    /// ```
    /// use parure::{calendar::Moment, fact::{Fact, TopUp}, money::Money};
    /// let at = Moment::parse("2026-05-01T10:00:00+08:00")?;
    /// let thousand = TopUp::of(Money::from_minor(100_000)).from_source("wechat");
    /// assert_eq!(Fact::topped_up("t-1", at, "c-1", thousand)?.kind(), "topped_up");
    /// assert_eq!(Fact::topped_up("t-1", at, "c-1", TopUp::of(Money::ZERO)).unwrap_err().code, "no_amount");
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    ///
    /// # Errors
    /// `name_text`, `no_amount`, `negative_amount`, `money_range`, `last_day_of_bonus`.
    pub fn topped_up(
        id: impl Into<Text<'a>>,
        at: Moment,
        customer: impl Into<Text<'a>>,
        top_up: TopUp<'a>,
    ) -> Result<Fact<'a>, Fault> {
        Fact::of_value(id.into(), at, customer.into(), ValueAct::ToppedUp(top_up))
    }

    /// Stored value was paid back, of one top-up where it is named (semantics 18.5).
    ///
    /// ```
    /// use parure::{calendar::Moment, fact::Fact, money::Money};
    /// let at = Moment::parse("2026-05-02T10:00:00+08:00")?;
    /// assert_eq!(Fact::value_refunded("f-1", at, "c-1", Money::from_minor(30_000), Some("t-1"))?.kind(), "value_refunded");
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    ///
    /// # Errors
    /// `name_text`, `no_amount`, `money_range`.
    pub fn value_refunded(
        id: impl Into<Text<'a>>,
        at: Moment,
        customer: impl Into<Text<'a>>,
        amount: Money,
        top_up: Option<&'a str>,
    ) -> Result<Fact<'a>, Fault> {
        let top_up = top_up.map(Text::from);
        Fact::of_value(id.into(), at, customer.into(), ValueAct::Refunded { amount, top_up })
    }

    /// Stored value changed hands (semantics 18.6): to another customer, or to a card whose code is `to`. Recorded without parts, they are filled
    /// in.
    ///
    /// ```
    /// use parure::{calendar::Moment, fact::{Fact, ValuePart}, money::Money};
    /// let at = Moment::parse("2026-05-02T10:00:00+08:00")?;
    /// let amount = Money::from_minor(50_000);
    /// assert_eq!(Fact::value_transferred("f-2", at, "GC-7KQ2", "c-1", amount, vec![], false)?.kind(), "value_transferred");
    /// let parts = vec![ValuePart::principal(Money::from_minor(49_999))];
    /// let fault = Fact::value_transferred("f-2", at, "GC-7KQ2", "c-1", amount, parts, false).unwrap_err();
    /// assert_eq!(fault.code, "parts_differ");
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    ///
    /// # Errors
    /// `name_text`, `no_amount`, `money_range`, `too_many`, `last_day_of_bonus`, `parts_differ`.
    pub fn value_transferred(
        id: impl Into<Text<'a>>,
        at: Moment,
        customer: impl Into<Text<'a>>,
        to: impl Into<Text<'a>>,
        amount: Money,
        parts: Vec<ValuePart>,
        card: bool,
    ) -> Result<Fact<'a>, Fault> {
        let act = ValueAct::Transferred { to: to.into(), amount, parts, card };
        Fact::of_value(id.into(), at, customer.into(), act)
    }

    /// Nothing is paid, transferred or refunded in the name of this customer or card from now on, with the reason (semantics 18.7).
    ///
    /// ```
    /// use parure::{calendar::Moment, fact::Fact};
    /// let at = Moment::parse("2026-05-02T10:00:00+08:00")?;
    /// assert_eq!(Fact::value_frozen("z-1", at, "GC-7KQ2", "lost")?.kind(), "value_frozen");
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    ///
    /// # Errors
    /// `name_text`, `no_reason`, `too_long`, `control_character`.
    pub fn value_frozen(
        id: impl Into<Text<'a>>,
        at: Moment,
        customer: impl Into<Text<'a>>,
        reason: impl Into<Text<'a>>,
    ) -> Result<Fact<'a>, Fault> {
        let act = ValueAct::Frozen { reason: Private(reason.into()) };
        Fact::of_value(id.into(), at, customer.into(), act)
    }

    /// What was frozen is free again, with the reason.
    ///
    /// ```
    /// use parure::{calendar::Moment, fact::Fact};
    /// let at = Moment::parse("2026-05-03T10:00:00+08:00")?;
    /// assert_eq!(Fact::value_released("z-2", at, "GC-7KQ2", "found again")?.kind(), "value_released");
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    ///
    /// # Errors
    /// `name_text`, `no_reason`, `too_long`, `control_character`.
    pub fn value_released(
        id: impl Into<Text<'a>>,
        at: Moment,
        customer: impl Into<Text<'a>>,
        reason: impl Into<Text<'a>>,
    ) -> Result<Fact<'a>, Fault> {
        let act = ValueAct::Released { reason: Private(reason.into()) };
        Fact::of_value(id.into(), at, customer.into(), act)
    }

    fn of_value(id: Text<'a>, at: Moment, customer: Text<'a>, act: ValueAct<'a>) -> Result<Fact<'a>, Fault> {
        let kind = act.kind();
        let act = Box::new(act.check().map_err(|fault| within(kind, fault))?);
        Fact::make(id, at, Body::Valued { customer, act })
    }

    /// Points by hand, more or fewer, with the reason; `last_day` for points that lapse.
    ///
    /// ```
    /// use parure::calendar::{Day, Moment};
    /// use parure::fact::Fact;
    /// let at = Moment::parse("2026-03-08T11:00:00+08:00")?;
    /// let sorry = Fact::adjusted("a-1", at, "c-1", 200, "the clasp came back scratched", Some(Day::parse("2026-12-31")?))?;
    /// assert_eq!(sorry.kind(), "adjusted");
    /// assert_eq!(Fact::adjusted("a-2", at, "c-1", -50, " ", None).unwrap_err().code, "no_reason");
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    ///
    /// # Errors
    /// `name_text`; `number_range` for 0 points and beyond 10^12 either way; `no_reason`, `too_long`, `control_character`.
    pub fn adjusted(
        id: impl Into<Text<'a>>,
        at: Moment,
        customer: impl Into<Text<'a>>,
        points: i64,
        reason: impl Into<Text<'a>>,
        last_day: Option<Day>,
    ) -> Result<Fact<'a>, Fault> {
        let reason = reason.into();
        points_within(POINTS_LIMIT.saturating_neg()..=POINTS_LIMIT, points)
            .map_err(|fault| fault.at("adjusted.points"))?;
        check_reason(&reason).map_err(|fault| fault.at("adjusted.reason"))?;
        Fact::make(
            id,
            at,
            Body::Adjusted { customer: customer.into(), points, reason: Private(reason), last_day },
        )
    }

    /// Points were given to someone else. Without `lots` they are filled in when the fact is recorded (semantics 8.2); a fact for
    /// `merge` tells them.
    ///
    /// ```
    /// use parure::calendar::{Day, Moment};
    /// use parure::fact::{Fact, GivenLot};
    /// let at = Moment::parse("2026-03-08T11:00:00+08:00")?;
    /// let lot = GivenLot::new(300, Day::parse("2026-03-01")?, Some(Day::parse("2028-03-31")?));
    /// assert_eq!(Fact::given("g-1", at, "c-1", "c-2", 300, vec![lot])?.kind(), "given");
    /// assert_eq!(Fact::given("g-1", at, "c-1", "c-2", 500, vec![lot]).unwrap_err().code, "lots_differ");
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    ///
    /// # Errors
    /// `name_text`, `number_range`, `too_many`, `lots_differ`.
    pub fn given(
        id: impl Into<Text<'a>>,
        at: Moment,
        customer: impl Into<Text<'a>>,
        to: impl Into<Text<'a>>,
        points: i64,
        lots: Vec<GivenLot>,
    ) -> Result<Fact<'a>, Fault> {
        let to = to.into();
        given(&to, points, &lots).map_err(|fault| within("given", fault))?;
        Fact::make(id, at, Body::Given { customer: customer.into(), to, points, lots })
    }

    /// A tier was granted by hand, through its last day (semantics 7.5).
    ///
    /// ```
    /// use parure::calendar::{Day, Moment};
    /// use parure::fact::Fact;
    /// let at = Moment::parse("2026-03-08T11:00:00+08:00")?;
    /// let granted = Fact::tier_granted("t-1", at, "c-1", "gold", "新娘", Day::parse("2027-03-07")?)?;
    /// assert_eq!(granted.kind(), "tier_granted");
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    ///
    /// # Errors
    /// `name_text`, `no_reason`, `too_long`, `control_character`.
    pub fn tier_granted(
        id: impl Into<Text<'a>>,
        at: Moment,
        customer: impl Into<Text<'a>>,
        tier: impl Into<Text<'a>>,
        reason: impl Into<Text<'a>>,
        last_day: Day,
    ) -> Result<Fact<'a>, Fault> {
        let (tier, reason) = (tier.into(), reason.into());
        name("tier_granted.tier", &tier)?;
        check_reason(&reason).map_err(|fault| fault.at("tier_granted.reason"))?;
        Fact::make(
            id,
            at,
            Body::TierGranted { customer: customer.into(), tier, reason: Private(reason), last_day },
        )
    }

    /// A customer was found to be another one: their facts are one account's from the beginning (semantics 8.1).
    ///
    /// ```
    /// use parure::calendar::Moment;
    /// use parure::fact::Fact;
    /// let at = Moment::parse("2026-03-08T11:00:00+08:00")?;
    /// assert_eq!(Fact::merged("m-1", at, "c-2", "c-1")?.kind(), "merged");
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    ///
    /// # Errors
    /// `name_text` for an id that is no name.
    pub fn merged(
        id: impl Into<Text<'a>>,
        at: Moment,
        customer: impl Into<Text<'a>>,
        into: impl Into<Text<'a>>,
    ) -> Result<Fact<'a>, Fault> {
        let into = into.into();
        name("merged.into", &into)?;
        Fact::make(id, at, Body::Merged { customer: customer.into(), into })
    }

    /// A merge is taken back: `merge` is the id of the fact that merged this customer.
    ///
    /// ```
    /// use parure::calendar::Moment;
    /// use parure::fact::Fact;
    /// let at = Moment::parse("2026-03-08T11:00:00+08:00")?;
    /// assert_eq!(Fact::unmerged("u-1", at, "c-2", "m-1")?.kind(), "unmerged");
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    ///
    /// # Errors
    /// `name_text` for an id that is no name.
    pub fn unmerged(
        id: impl Into<Text<'a>>,
        at: Moment,
        customer: impl Into<Text<'a>>,
        merge: impl Into<Text<'a>>,
    ) -> Result<Fact<'a>, Fault> {
        let merge = merge.into();
        name("unmerged.merge", &merge)?;
        Fact::make(id, at, Body::Unmerged { customer: customer.into(), merge })
    }

    /// A person is forgotten: from now on their account goes by an alias that says nothing, and what was told of them is gone (semantics 9).
    /// Recorded or merged, it is filled in with whom it forgot and what their purchases had been awarded.
    ///
    /// ```
    /// use parure::calendar::Moment;
    /// use parure::fact::Fact;
    /// let at = Moment::parse("2026-11-26T11:00:00+08:00")?;
    /// assert_eq!(Fact::erased("e-1", at, "c-1", "x-7f3a")?.kind(), "erased");
    /// assert_eq!(Fact::erased("e-1", at, "c-1", "c-1").unwrap_err().code, "same_customer");
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    ///
    /// # Errors
    /// `name_text` for an id or an alias that is no name, `too_long` for an alias of more than 56 bytes, `same_customer`.
    pub fn erased(
        id: impl Into<Text<'a>>,
        at: Moment,
        customer: impl Into<Text<'a>>,
        alias: impl Into<Text<'a>>,
    ) -> Result<Fact<'a>, Fault> {
        let (customer, alias) = (customer.into(), alias.into());
        check_alias(&customer, &alias).map_err(|fault| within("erased", fault))?;
        Fact::make(id, at, Body::Erased { customer, erasure: Erasure::Asked { alias } })
    }

    /// A version of the program, as it is written in TOML or JSON, counts from its `effective` day on (semantics 1.7).
    ///
    /// ```
    /// use parure::calendar::Moment;
    /// use parure::fact::Fact;
    /// let at = Moment::parse("2026-03-08T11:00:00+08:00")?;
    /// let text = "edition = 2026\nname = 'M'\neffective = 2026-04-01\ncurrency = 'CNY'\ntime_zone = 'Asia/Shanghai'";
    /// let adopted = Fact::adopted("v-2", at, text)?;
    /// assert_eq!((adopted.kind(), adopted.customer()), ("adopted", None));
    /// let fault = Fact::adopted("v-2", at, text.replace("CNY", "XXX")).unwrap_err();
    /// assert_eq!((fault.code, fault.path.as_str()), ("unknown_currency", "adopted.program.currency"));
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    ///
    /// # Errors
    /// `name_text`; the first fault of the program, of those that docs/program.md tells.
    pub fn adopted(
        id: impl Into<Text<'a>>,
        at: Moment,
        program: impl Into<Text<'a>>,
    ) -> Result<Fact<'a>, Fault> {
        let program = program.into();
        if let Err(faults) = Program::parse("program", &program) {
            let first = faults.iter().next().cloned();
            let fault = first.unwrap_or_else(|| Fault::new("unreadable", "the program can't be read"));
            return Err(within("adopted.program", fault));
        }
        Fact::make(id, at, Body::Adopted { program })
    }
}
