//! A fact as the bytes that a book keeps: short, read without copying a text, and never read from anywhere but a book's own bytes,
//! since reading them checks no more than that they are whole.

use super::metal::OldMetal;
use super::piece::Piece;
use super::{
    Award, AwardLeft, BenefitGrant, Body, Component, CouponAct, CouponTerms, Drawn, Erasure, Fact, GivenLot,
    Introduced, Line, OrderAct, Ordered, PaidWith, Private, Purchase, Quantity, ReturnedLine, Settlement,
    Tender, Text, TopUp, Trace, ValueAct, ValuePart,
};
use crate::calendar::{Day, Moment};
use crate::money::Money;

impl<'a> Fact<'a> {
    /// Writes the fact at the end of `to`. Its id comes first.
    pub(crate) fn encode(&self, to: &mut Vec<u8>) {
        let mut to = Writer(to);
        to.text(&self.id);
        to.signed(self.at.micros());
        to.signed(i64::from(self.at.offset_minutes()));
        for text in [&self.store, &self.staff, &self.terminal] {
            to.maybe(text.as_ref(), |to, text| to.text(text));
        }
        if !self.drawn().is_empty() {
            to.byte(DRAWN);
            to.list(self.drawn(), |to, drawn| {
                to.text(&drawn.customer);
                to.list(&drawn.lots, Writer::lot);
            });
        }
        to.body(&self.body);
    }

    /// Reads what [`Fact::encode`] wrote; `None` for anything else.
    pub(crate) fn decode(bytes: &'a [u8]) -> Option<Fact<'a>> {
        let mut from = Reader(bytes);
        let id = from.text()?;
        let at = Moment::from_micros(from.signed()?, from.narrow()?).ok()?;
        let [store, staff, terminal] =
            [from.maybe(Reader::text)?, from.maybe(Reader::text)?, from.maybe(Reader::text)?];
        let drawn = match from.0.split_first() {
            Some((&DRAWN, rest)) => {
                from.0 = rest;
                from.list(Reader::drawn).filter(|drawn| !drawn.is_empty())?
            }
            _ => Vec::new(),
        };
        let fact = Fact { id, at, store, staff, terminal, body: from.body()?, drawn: None };
        from.0.is_empty().then(|| fact.drawing(drawn))
    }
}

/// Stands before the kind of a fact that is paid with points of others: these come between the two.
const DRAWN: u8 = 20;

/// The kind of an erasure some of whose awards are coupons or benefits.
const WITH_COUPONS: u8 = 3;

/// Stands in place of the points of a tender that is a coupon: its id follows.
const OF_COUPON: i64 = -1;
/// And of those of an order's deposit.
const OF_ORDER: i64 = -2;

pub(super) struct Writer<'b>(&'b mut Vec<u8>);

impl Writer<'_> {
    pub(super) fn byte(&mut self, byte: u8) {
        self.0.push(byte);
    }

    /// Seven bits a byte, the lowest first; the highest bit says that more follow.
    pub(super) fn unsigned(&mut self, mut number: u64) {
        while let Some(low) = u8::try_from(number & 0x7f).ok().filter(|_| number >= 0x80) {
            self.byte(low | 0x80);
            number >>= 7;
        }
        self.byte(u8::try_from(number).unwrap_or(0));
    }

    /// Zigzag: small numbers of either sign are short.
    pub(super) fn signed(&mut self, number: i64) {
        self.unsigned((number << 1 ^ number >> 63).cast_unsigned());
    }

    pub(super) fn text(&mut self, text: &str) {
        self.unsigned(u64::try_from(text.len()).unwrap_or(u64::MAX));
        self.0.extend_from_slice(text.as_bytes());
    }

    pub(super) fn maybe<T>(&mut self, value: Option<T>, write: impl FnOnce(&mut Self, T)) {
        self.byte(u8::from(value.is_some()));
        if let Some(value) = value {
            write(self, value);
        }
    }

    pub(super) fn list<T>(&mut self, values: &[T], write: impl Fn(&mut Self, &T)) {
        self.unsigned(u64::try_from(values.len()).unwrap_or(u64::MAX));
        for value in values {
            write(self, value);
        }
    }

    fn day(&mut self, day: Day) {
        self.signed(i64::from(day.number()));
    }

    fn body(&mut self, body: &Body<'_>) {
        match body {
            Body::Joined { customer, profile } if profile.is_short() => {
                self.kind(0, customer);
                self.short_profile(profile);
            }
            Body::Joined { customer, profile } => {
                self.kind(13, customer);
                self.profile(profile);
            }
            Body::ProfileChanged { customer, profile } if profile.is_short() => {
                self.kind(1, customer);
                self.short_profile(profile);
            }
            Body::ProfileChanged { customer, profile } => {
                self.kind(14, customer);
                self.profile(profile);
            }
            Body::Purchased { customer, purchase } => {
                let metal = purchase.lines.iter().any(|line| line.price.is_some())
                    || purchase.tenders.iter().any(|tender| tender.metal().is_some());
                let pieces = metal || purchase.lines.iter().any(|line| line.piece.is_some());
                let fields = metal || (pieces && purchase.lines.iter().any(|line| !line.custom().is_empty()));
                self.kind(
                    if metal {
                        35
                    } else if fields {
                        21
                    } else if pieces {
                        15
                    } else {
                        2
                    },
                    customer,
                );
                self.purchase(purchase);
                if pieces {
                    for line in &purchase.lines {
                        self.maybe(line.serial(), Self::text);
                    }
                }
                if fields {
                    for line in &purchase.lines {
                        self.entries(line.custom());
                    }
                }
                if metal {
                    for line in &purchase.lines {
                        self.maybe(line.price.as_deref(), |to, price| to.signed(price.minor()));
                    }
                    for tender in &purchase.tenders {
                        self.maybe(tender.metal(), |to, metal| {
                            to.signed(metal.weight.micros());
                            to.signed(metal.price.minor());
                            to.signed(metal.loss.into());
                        });
                    }
                }
            }
            Body::Returned { customer, purchase, lines } => {
                self.kind(3, customer);
                self.text(purchase);
                self.list(lines, |to, line| {
                    to.text(&line.id);
                    to.signed(line.quantity.micros());
                    to.signed(line.amount.minor());
                });
            }
            Body::Adjusted { customer, points, reason, last_day } => {
                self.kind(4, customer);
                self.signed(*points);
                self.text(reason);
                self.maybe(*last_day, Self::day);
            }
            Body::Given { customer, to, points, lots } => {
                self.kind(5, customer);
                self.text(to);
                self.signed(*points);
                self.list(lots, Self::lot);
            }
            Body::Redeemed { customer, points, amount, reward } => {
                self.kind(if *amount > Money::ZERO { 32 } else { 6 }, customer);
                self.signed(*points);
                self.text(reward);
                if *amount > Money::ZERO {
                    self.signed(amount.minor());
                }
            }
            Body::RedemptionSettled { customer, redemption, how } => {
                let kind = match how {
                    Settlement::Reversed { returned: false } => 7,
                    Settlement::Reversed { returned: true } => 33,
                    Settlement::HandedOver => 34,
                };
                self.kind(kind, customer);
                self.text(redemption);
            }
            Body::TierGranted { customer, tier, reason, last_day } => {
                self.kind(8, customer);
                self.text(tier);
                self.text(reason);
                self.day(*last_day);
            }
            Body::Merged { customer, into } => {
                self.kind(9, customer);
                self.text(into);
            }
            Body::Unmerged { customer, merge } => {
                self.kind(10, customer);
                self.text(merge);
            }
            Body::Adopted { program } => self.kind(11, program),
            Body::HouseholdJoined { customer, household, may_spend } => {
                self.kind(18, customer);
                self.text(household);
                self.byte(u8::from(*may_spend));
            }
            Body::HouseholdLeft { customer } => self.kind(19, customer),
            Body::Issued { customer, coupon, last_day, card } => {
                self.kind(if *card { 36 } else { 22 }, customer);
                self.text(coupon);
                self.maybe(*last_day, Self::day);
            }
            Body::Voided { customer, coupon, reason } => {
                self.kind(23, customer);
                self.text(coupon);
                self.text(reason);
            }
            Body::Couponed { customer, act } => {
                self.kind(37, customer);
                self.coupon(act);
            }
            Body::BenefitGranted { customer, grant } => {
                let BenefitGrant { benefit, times, reason, last_day } = &**grant;
                self.kind(24, customer);
                self.text(benefit);
                self.unsigned(u64::from(*times));
                self.text(reason);
                self.maybe(*last_day, Self::day);
            }
            Body::BenefitUsed { customer, benefit, of } => {
                self.kind(25, customer);
                self.text(benefit);
                self.maybe(of.as_deref(), |to, (purchase, line)| {
                    to.text(purchase);
                    to.text(line);
                });
            }
            Body::BenefitReversed { customer, used } => {
                self.kind(26, customer);
                self.text(used);
            }
            Body::Ordered { customer, act } => {
                self.kind(28, customer);
                match &**act {
                    OrderAct::Ordered(Ordered { amount, item, deposit, source, ready }) => {
                        self.byte(0);
                        self.signed(amount.minor());
                        self.maybe(item.as_deref(), Self::text);
                        self.signed(deposit.minor());
                        self.maybe(source.as_deref(), Self::text);
                        self.maybe(*ready, Self::day);
                    }
                    OrderAct::Paid { order, amount, source } => {
                        self.byte(1);
                        self.text(order);
                        self.signed(amount.minor());
                        self.maybe(source.as_deref(), Self::text);
                    }
                    OrderAct::Cancelled { order, kept, given_back, reason } => {
                        self.byte(2);
                        self.text(order);
                        self.signed(kept.minor());
                        self.maybe(*given_back, |to, back| to.signed(back.minor()));
                        self.text(reason);
                    }
                }
            }
            Body::Valued { customer, act } => {
                self.kind(27, customer);
                self.value(act);
            }
            Body::Consented { customer, consent } => {
                self.kind(16, customer);
                self.consent(consent);
            }
            Body::Met { customer, encounter } => {
                self.kind(17, customer);
                self.encounter(encounter);
            }
            Body::Erased { customer, erasure } => {
                self.kind(12, customer);
                self.erasure(erasure);
            }
        }
    }

    fn lot(&mut self, lot: &GivenLot) {
        self.signed(lot.points);
        self.day(lot.first_day);
        self.maybe(lot.last_day, Self::day);
    }

    fn coupon(&mut self, act: &CouponAct<'_>) {
        match act {
            CouponAct::Transferred { coupon, to, terms, card } => {
                self.byte(0);
                self.text(coupon);
                self.text(to);
                self.maybe(terms.as_ref(), |to, terms| {
                    to.text(&terms.of);
                    to.day(terms.issued);
                    to.day(terms.first_day);
                    to.maybe(terms.last_day, Self::day);
                });
                self.byte(u8::from(*card));
            }
            CouponAct::Held { coupon, held_for, until } => {
                self.byte(1);
                self.text(coupon);
                self.text(held_for);
                self.signed(until.micros());
                self.signed(i64::from(until.offset_minutes()));
            }
            CouponAct::Released { coupon, held_for } => {
                self.byte(2);
                self.text(coupon);
                self.text(held_for);
            }
        }
    }

    fn value(&mut self, act: &ValueAct<'_>) {
        match act {
            ValueAct::ToppedUp(TopUp { amount, source, bonus, last_day, card }) => {
                self.byte(0);
                self.signed(amount.minor());
                self.maybe(source.as_deref(), Self::text);
                self.maybe(*bonus, |to, bonus| to.signed(bonus.minor()));
                self.maybe(*last_day, Self::day);
                self.byte(u8::from(*card));
            }
            ValueAct::Refunded { amount, top_up } => {
                self.byte(1);
                self.signed(amount.minor());
                self.maybe(top_up.as_deref(), Self::text);
            }
            ValueAct::Transferred { to, amount, parts, card } => {
                self.byte(2);
                self.text(to);
                self.signed(amount.minor());
                self.list(parts, |to, part| {
                    to.signed(part.amount.minor());
                    to.byte(u8::from(part.bonus));
                    to.maybe(part.last_day, Self::day);
                });
                self.byte(u8::from(*card));
            }
            ValueAct::Frozen { reason } => {
                self.byte(3);
                self.text(reason);
            }
            ValueAct::Released { reason } => {
                self.byte(4);
                self.text(reason);
            }
        }
    }

    fn kind(&mut self, kind: u8, first: &str) {
        self.byte(kind);
        self.text(first);
    }

    fn erasure(&mut self, erasure: &Erasure<'_>) {
        match erasure {
            Erasure::Asked { alias } => {
                self.byte(0);
                self.text(alias);
            }
            Erasure::Done { of, awards, introduced } => {
                let coupons = awards.iter().any(|award| award.coupon.is_some() || award.benefit.is_some());
                self.byte(match (coupons, introduced.is_empty()) {
                    (false, true) => 1,
                    (false, false) => 2,
                    (true, _) => WITH_COUPONS,
                });
                self.list(of, |to, trace| to.0.extend_from_slice(trace));
                self.list(awards, |to, award| {
                    to.text(&award.purchase);
                    to.signed(award.wanted);
                    to.signed(award.points);
                    to.signed(award.spend.minor());
                    to.list(&award.returns, |to, left| {
                        to.text(&left.fact);
                        to.signed(left.points);
                        to.signed(left.spend.minor());
                        to.signed(left.amount.minor());
                    });
                    if coupons {
                        to.maybe(award.coupon.as_ref(), |to, coupon| to.text(coupon));
                        to.maybe(award.benefit.as_ref(), |to, benefit| to.text(benefit));
                    }
                });
                if coupons || !introduced.is_empty() {
                    self.list(introduced, |to, one| {
                        to.text(&one.purchase);
                        to.text(&one.by);
                        to.text(&one.told);
                    });
                }
            }
        }
    }

    fn purchase(&mut self, purchase: &Purchase<'_>) {
        self.list(&purchase.lines, |to, line| {
            to.text(&line.id);
            to.text(&line.item);
            to.text(&line.category);
            to.signed(line.quantity.micros());
            to.signed(line.amount.minor());
            to.list(&line.components, |to, part| {
                to.text(&part.name);
                to.signed(part.amount.minor());
            });
        });
        self.signed(purchase.discount.minor());
        self.list(&purchase.tenders, |to, tender| {
            to.text(&tender.kind);
            to.signed(tender.amount.minor());
            match (tender.coupon_id(), tender.order()) {
                (Some(coupon), _) => {
                    to.signed(OF_COUPON);
                    to.text(coupon);
                }
                (None, Some(order)) => {
                    to.signed(OF_ORDER);
                    to.text(order);
                }
                (None, None) => to.signed(tender.points),
            }
        });
    }
}

pub(super) struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    pub(super) fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    pub(super) fn flag(&mut self) -> Option<bool> {
        match self.byte()? {
            0 => Some(false),
            1 => Some(true),
            _ => None,
        }
    }

    pub(super) fn unsigned(&mut self) -> Option<u64> {
        let mut number = 0_u64;
        for at in 0..10_u32 {
            let byte = self.byte()?;
            let shift = at.checked_mul(7)?;
            let part = u64::from(byte & 0x7f);
            let moved = part.checked_shl(shift)?;
            // The tenth byte has room for one bit.
            if moved >> shift != part {
                return None;
            }
            number |= moved;
            if byte & 0x80 == 0 {
                return Some(number);
            }
        }
        None
    }

    pub(super) fn signed(&mut self) -> Option<i64> {
        let number = self.unsigned()?;
        Some((number >> 1).cast_signed() ^ (number & 1).cast_signed().checked_neg()?)
    }

    pub(super) fn narrow<N: TryFrom<i64>>(&mut self) -> Option<N> {
        N::try_from(self.signed()?).ok()
    }

    pub(super) fn text(&mut self) -> Option<Text<'a>> {
        let length = usize::try_from(self.unsigned()?).ok()?;
        let (text, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        std::str::from_utf8(text).ok().map(Text::from)
    }

    pub(super) fn maybe<T>(&mut self, read: impl FnOnce(&mut Self) -> Option<T>) -> Option<Option<T>> {
        Some(if self.flag()? { Some(read(self)?) } else { None })
    }

    pub(super) fn list<T>(&mut self, read: impl Fn(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        let length = usize::try_from(self.unsigned()?).ok()?;
        // Each entry has at least one byte: a length that lies takes no memory.
        (length <= self.0.len()).then(|| (0..length).map(|_| read(self)).collect())?
    }

    fn day(&mut self) -> Option<Day> {
        let number = self.signed()?;
        Some(Day::from_number(number)).filter(|day| i64::from(day.number()) == number)
    }

    fn body(&mut self) -> Option<Body<'a>> {
        let (kind, customer) = (self.byte()?, self.text()?);
        Some(match kind {
            0 => Body::Joined { customer, profile: self.short_profile()? },
            1 => Body::ProfileChanged { customer, profile: self.short_profile()? },
            2 => Body::Purchased { customer, purchase: self.purchase()? },
            3 => Body::Returned { customer, purchase: self.text()?, lines: self.list(Self::returned)? },
            4 => Body::Adjusted {
                customer,
                points: self.signed()?,
                reason: Private(self.text()?),
                last_day: self.maybe(Self::day)?,
            },
            5 => Body::Given {
                customer,
                to: self.text()?,
                points: self.signed()?,
                lots: self.list(Self::given)?,
            },
            6 | 32 => {
                let (points, reward) = (self.signed()?, self.text()?);
                let amount = if kind == 32 { self.signed()? } else { 0 };
                Body::Redeemed { customer, points, amount: Money::from_minor(amount), reward }
            }
            7 | 33 | 34 => {
                let how = match kind {
                    34 => Settlement::HandedOver,
                    _ => Settlement::Reversed { returned: kind == 33 },
                };
                Body::RedemptionSettled { customer, redemption: self.text()?, how }
            }
            8 => Body::TierGranted {
                customer,
                tier: self.text()?,
                reason: Private(self.text()?),
                last_day: self.day()?,
            },
            9 => Body::Merged { customer, into: self.text()? },
            10 => Body::Unmerged { customer, merge: self.text()? },
            11 => Body::Adopted { program: customer },
            12 => Body::Erased { customer, erasure: self.erasure()? },
            13 => Body::Joined { customer, profile: self.profile()? },
            14 => Body::ProfileChanged { customer, profile: self.profile()? },
            15 | 21 | 35 => {
                let mut purchase = self.purchase()?;
                for line in &mut purchase.lines {
                    line.piece = Piece::told(self.maybe(Self::text)?, Vec::new());
                }
                if kind != 15 {
                    for line in &mut purchase.lines {
                        let serial = line.piece.take().and_then(|piece| piece.serial);
                        line.piece = Piece::told(serial, self.entries()?);
                    }
                }
                if kind == 35 {
                    for line in &mut purchase.lines {
                        line.price = self.maybe(Self::money)?.map(Box::new);
                    }
                    for tender in &mut purchase.tenders {
                        let metal = self.maybe(|from| {
                            let (weight, price) = (from.quantity()?, from.money()?);
                            let loss = u16::try_from(from.signed()?).ok()?;
                            Some(PaidWith::Metal(OldMetal { weight, price, loss }))
                        })?;
                        // A deposit and a coupon were told with the tender.
                        tender.with = metal.map(Box::new).or_else(|| tender.with.take());
                    }
                }
                Body::Purchased { customer, purchase }
            }
            16 => Body::Consented { customer, consent: self.consent()? },
            17 => Body::Met { customer, encounter: self.encounter()? },
            18 => Body::HouseholdJoined { customer, household: self.text()?, may_spend: self.flag()? },
            19 => Body::HouseholdLeft { customer },
            22 | 36 => {
                let (coupon, last_day) = (self.text()?, self.maybe(Self::day)?);
                Body::Issued { customer, coupon, last_day, card: kind == 36 }
            }
            37 => Body::Couponed { customer, act: Box::new(self.coupon()?) },
            23 => Body::Voided { customer, coupon: self.text()?, reason: Private(self.text()?) },
            24 => Body::BenefitGranted {
                customer,
                grant: Box::new(BenefitGrant {
                    benefit: self.text()?,
                    times: u32::try_from(self.unsigned()?).ok()?,
                    reason: Private(self.text()?),
                    last_day: self.maybe(Self::day)?,
                }),
            },
            25 => Body::BenefitUsed {
                customer,
                benefit: self.text()?,
                of: self.maybe(|from| Some(Box::new((from.text()?, from.text()?))))?,
            },
            26 => Body::BenefitReversed { customer, used: self.text()? },
            28 => Body::Ordered { customer, act: Box::new(self.order()?) },
            27 => Body::Valued { customer, act: Box::new(self.value()?) },
            _ => return None,
        })
    }

    fn coupon(&mut self) -> Option<CouponAct<'a>> {
        Some(match self.byte()? {
            0 => CouponAct::Transferred {
                coupon: self.text()?,
                to: self.text()?,
                terms: self.maybe(|from| {
                    Some(CouponTerms {
                        of: from.text()?,
                        issued: from.day()?,
                        first_day: from.day()?,
                        last_day: from.maybe(Self::day)?,
                    })
                })?,
                card: self.flag()?,
            },
            1 => CouponAct::Held {
                coupon: self.text()?,
                held_for: self.text()?,
                until: Moment::from_micros(self.signed()?, self.narrow()?).ok()?,
            },
            2 => CouponAct::Released { coupon: self.text()?, held_for: self.text()? },
            _ => return None,
        })
    }

    fn order(&mut self) -> Option<OrderAct<'a>> {
        Some(match self.byte()? {
            0 => OrderAct::Ordered(Ordered {
                amount: self.money()?,
                item: self.maybe(Self::text)?,
                deposit: self.money()?,
                source: self.maybe(Self::text)?,
                ready: self.maybe(Self::day)?,
            }),
            1 => {
                OrderAct::Paid { order: self.text()?, amount: self.money()?, source: self.maybe(Self::text)? }
            }
            2 => OrderAct::Cancelled {
                order: self.text()?,
                kept: self.money()?,
                given_back: self.maybe(Self::money)?,
                reason: Private(self.text()?),
            },
            _ => return None,
        })
    }

    fn value(&mut self) -> Option<ValueAct<'a>> {
        let money = |from: &mut Self| from.signed().map(Money::from_minor);
        Some(match self.byte()? {
            0 => ValueAct::ToppedUp(TopUp {
                amount: money(self)?,
                source: self.maybe(Self::text)?,
                bonus: self.maybe(money)?,
                last_day: self.maybe(Self::day)?,
                card: self.flag()?,
            }),
            1 => ValueAct::Refunded { amount: money(self)?, top_up: self.maybe(Self::text)? },
            2 => ValueAct::Transferred {
                to: self.text()?,
                amount: money(self)?,
                parts: self.list(|from| {
                    let (amount, bonus) = (money(from)?, from.flag()?);
                    Some(ValuePart { amount, bonus, last_day: from.maybe(Self::day)? })
                })?,
                card: self.flag()?,
            },
            3 => ValueAct::Frozen { reason: Private(self.text()?) },
            4 => ValueAct::Released { reason: Private(self.text()?) },
            _ => return None,
        })
    }

    fn drawn(&mut self) -> Option<Drawn<'a>> {
        Some(Drawn { customer: self.text()?, lots: self.list(Self::given)? })
    }

    fn erasure(&mut self) -> Option<Erasure<'a>> {
        let kind = self.byte()?;
        if kind == 0 {
            return Some(Erasure::Asked { alias: self.text()? });
        }
        let of = self.list(Self::trace)?;
        let awards = self.list(|from| {
            let award = from.award()?;
            if kind != WITH_COUPONS {
                return Some(award);
            }
            Some(Award { coupon: from.maybe(Self::text)?, benefit: from.maybe(Self::text)?, ..award })
        })?;
        if kind == WITH_COUPONS
            && awards.iter().all(|award| award.coupon.is_none() && award.benefit.is_none())
        {
            return None;
        }
        let introduced = match kind {
            1 => Vec::new(),
            2 | WITH_COUPONS => self.list(|from| {
                Some(Introduced { purchase: from.text()?, by: from.text()?, told: from.text()? })
            })?,
            _ => return None,
        };
        Some(Erasure::Done { of, awards, introduced })
    }

    fn trace(&mut self) -> Option<Trace> {
        let (trace, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(*trace)
    }

    fn award(&mut self) -> Option<Award<'a>> {
        Some(Award {
            purchase: self.text()?,
            wanted: self.signed()?,
            points: self.signed()?,
            spend: self.money()?,
            coupon: None,
            benefit: None,
            returns: self.list(|from| {
                Some(AwardLeft {
                    fact: from.text()?,
                    points: from.signed()?,
                    spend: from.money()?,
                    amount: from.money()?,
                })
            })?,
        })
    }

    fn purchase(&mut self) -> Option<Purchase<'a>> {
        Some(Purchase {
            lines: self.list(Self::line)?,
            discount: self.money()?,
            tenders: self.list(|from| {
                let (kind, amount, points) = (from.text()?, from.money()?, from.signed()?);
                let with = match points {
                    OF_COUPON => Some(PaidWith::Coupon(from.text()?)),
                    OF_ORDER => Some(PaidWith::Order(from.text()?)),
                    _ => None,
                };
                Some(Tender { kind, amount, points: points.max(0), with: with.map(Box::new) })
            })?,
        })
    }

    fn line(&mut self) -> Option<Line<'a>> {
        Some(Line {
            id: self.text()?,
            item: self.text()?,
            category: self.text()?,
            piece: None,
            quantity: self.quantity()?,
            amount: self.money()?,
            components: self.list(|from| Some(Component { name: from.text()?, amount: from.money()? }))?,
            price: None,
        })
    }

    fn returned(&mut self) -> Option<ReturnedLine<'a>> {
        Some(ReturnedLine { id: self.text()?, quantity: self.quantity()?, amount: self.money()? })
    }

    fn given(&mut self) -> Option<GivenLot> {
        Some(GivenLot { points: self.signed()?, first_day: self.day()?, last_day: self.maybe(Self::day)? })
    }

    pub(super) fn money(&mut self) -> Option<Money> {
        self.signed().map(Money::from_minor)
    }

    fn quantity(&mut self) -> Option<Quantity> {
        self.signed().map(Quantity::from_micros)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::Currency;

    /// One of each kind, with every part that may be missing there once and missing once.
    const FACTS: [&str; 52] = [
        r#"{"id":"1","at":"2026-03-01T15:04:05.000001+08:00","customer":"张伟","joined":{}}"#,
        r#"{"id":"2","at":"1969-03-01T15:04:05-03:30","customer":"c","store":"s","staff":"li","terminal":"t","joined":{"birthday":{"lunar":"2020-04-11","leap":true},"tags":[]}}"#,
        r#"{"id":"3","at":"2026-03-01T15:04:05Z","customer":"c","profile_changed":{"birthday":"02-29","tags":["vip","couple"]}}"#,
        r#"{"id":"4","at":"2026-03-01T15:04:05Z","customer":"c","purchased":{"lines":[{"id":"1","item":"R-100","category":"ring","quantity":"1.5","amount":"12800.00","components":{"stone":"9000.00","labour":"3800.00"}},{"id":"2","amount":"0"}],"discount":"1.00","tenders":[{"card":"12299.00"},{"points":10000,"amount":"500.00"}]}}"#,
        r#"{"id":"5","at":"2026-03-01T15:04:05Z","customer":"c","returned":{"purchase":"4","lines":[{"id":"1","quantity":"0.5","amount":"100.00"}]}}"#,
        r#"{"id":"6","at":"2026-03-01T15:04:05Z","customer":"c","adjusted":{"points":-1000000000000,"reason":"a mistake"}}"#,
        r#"{"id":"7","at":"2026-03-01T15:04:05Z","customer":"c","adjusted":{"points":64,"reason":"sorry","last_day":"2199-12-31"}}"#,
        r#"{"id":"8","at":"2026-03-01T15:04:05Z","customer":"c","given":{"to":"d","points":5,"lots":[{"points":3,"first_day":"1800-01-01"},{"points":2,"first_day":"2026-01-01","last_day":"2026-02-01"}]}}"#,
        r#"{"id":"9","at":"2026-03-01T15:04:05Z","customer":"c","redeemed":{"points":500,"reward":"tote"}}"#,
        r#"{"id":"9m","at":"2026-03-01T15:04:05Z","customer":"c","redeemed":{"points":300,"amount":"50.00","reward":"tote"}}"#,
        r#"{"id":"10","at":"2026-03-01T15:04:05Z","customer":"c","redemption_reversed":{"redemption":"9"}}"#,
        r#"{"id":"10r","at":"2026-03-01T15:04:05Z","customer":"c","redemption_reversed":{"redemption":"9","returned":true}}"#,
        r#"{"id":"10h","at":"2026-03-01T15:04:05Z","customer":"c","handed_over":{"redemption":"9"}}"#,
        r#"{"id":"11","at":"2026-03-01T15:04:05Z","customer":"c","tier_granted":{"tier":"gold","reason":"press","last_day":"2026-12-31"}}"#,
        r#"{"id":"12","at":"2026-03-01T15:04:05Z","customer":"c","merged":{"into":"d"}}"#,
        r#"{"id":"13","at":"2026-03-01T15:04:05Z","customer":"c","unmerged":{"merge":"12"}}"#,
        r#"{"id":"14","at":"2026-03-01T15:04:05Z","adopted":{"program":"edition = 2026\nname = 'M'\neffective = 2026-01-01\ncurrency = 'CNY'\ntime_zone = 'Asia/Shanghai'"}}"#,
        r#"{"id":"15","at":"2026-03-01T15:04:05Z","customer":"c","erased":{"alias":"x-7f3a"}}"#,
        r#"{"id":"15a","at":"2026-03-01T15:04:05Z","customer":"x-7f3a","erased":{"of":["00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"],"awards":[],"introduced":[{"purchase":"4","by":"d","told":"2"}]}}"#,
        r#"{"id":"16","at":"2026-03-01T15:04:05Z","customer":"x-7f3a","erased":{"of":["00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"],"awards":[{"purchase":"4","points":20,"wanted":30,"spend":"12799.00","returns":[{"return":"5","points":-1,"spend":"0.00","amount":"100.00"}]},{"purchase":"44","points":0,"spend":"0"}]}}"#,
        r#"{"id":"17","at":"2026-03-01T15:04:05Z","customer":"c","joined":{"name":"张伟","phones":["+8613800138000"],"birthday":"05-20","introduced_by":"d"}}"#,
        r#"{"id":"18","at":"2026-03-01T15:04:05Z","customer":"c","profile_changed":{"forget":["name","phones","dates.wedding","wechat"],"tags":{"add":["vip"],"remove":["new"]}}}"#,
        r#"{"id":"19","at":"2026-03-01T15:04:05Z","customer":"c","profile_changed":{"addresses":{"home":"上海市黄浦区"},"forget":["addresses.office","relations.c"],"budget":{"least":"1000.00"},"sizes":{"left_ring":"HK 14","chain":"45 cm"},"relations":{"a":{"kind":"spouse","customer":"d"},"b":{"kind":"child","name":"小明","birthday":"2015-06-01","dates":{"school":"09-01"}}},"custom":{"club":true,"cats":-3,"engraving":"W&M"},"dates":{"wedding":{"lunar":"08-15"}}}}"#,
        r#"{"id":"20","at":"2026-03-01T15:04:05Z","customer":"c","purchased":{"lines":[{"id":"1","amount":"1.00","piece":"7K4R1290"},{"id":"2","amount":"0"}]}}"#,
        r#"{"id":"20m","at":"2026-03-01T15:04:05Z","customer":"c","purchased":{"lines":[{"id":"1","quantity":"8.36","price":"780.00","amount":"8320.80","components":{"metal":"6520.80","labour":"1800.00"}},{"id":"2","amount":"0","piece":"7K"}],"tenders":[{"trade_in":"3923.92","weight":"5.2","price":"770.00","loss":"2%"},{"card":"4396.88"}]}}"#,
        r#"{"id":"36","at":"2026-03-01T15:04:05Z","customer":"c","ordered":{"item":"R-1","amount":"12800.00","deposit":"3000.00","source":"card","ready":"2026-07-01"}}"#,
        r#"{"id":"37","at":"2026-03-01T15:04:05Z","customer":"c","deposit_paid":{"order":"36","amount":"1000.00"}}"#,
        r#"{"id":"38","at":"2026-03-01T15:04:05Z","customer":"c","order_cancelled":{"order":"36","kept":"500.00","reason":"too late"}}"#,
        r#"{"id":"38b","at":"2026-03-01T15:04:05Z","customer":"c","order_cancelled":{"order":"36","given_back":"2500.00","kept":"500.00","reason":"too late"}}"#,
        r#"{"id":"39","at":"2026-03-01T15:04:05Z","customer":"c","purchased":{"lines":[{"id":"1","amount":"100.00"}],"tenders":[{"deposit":"60.00","order":"36"},{"card":"40.00"}]}}"#,
        r#"{"id":"20a","at":"2026-03-01T15:04:05Z","customer":"c","purchased":{"lines":[{"id":"1","amount":"1.00","piece":"7K4R1290"},{"id":"2","amount":"0","custom":{"hallmark":"999","stones":3,"engraved":true}},{"id":"3","amount":"0"}]}}"#,
        r#"{"id":"21","at":"2026-03-01T15:04:05Z","customer":"c","consented":{"channel":"wechat","purpose":"offers","given":true,"text":"2026-03"}}"#,
        r#"{"id":"22","at":"2026-03-01T15:04:05Z","customer":"c","consented":{"channel":"wechat","purpose":"offers","given":false}}"#,
        r#"{"id":"23","at":"2026-03-01T15:04:05Z","customer":"c","serviced":{"service":"polishing","piece":"7K4R1290","state":"ready","of":"s-1","item":"W-1","text":"a scratch"}}"#,
        r#"{"id":"24","at":"2026-03-01T15:04:05Z","customer":"c","wished":{"budget":{"least":"1","most":"2"},"category":"ring"}}"#,
        r#"{"id":"25","at":"2026-03-01T15:04:05Z","customer":"c","complained":{"of":"c-1","resolved":true}}"#,
        r#"{"id":"26","at":"2026-03-01T15:04:05Z","customer":"c","household_joined":{"household":"h-7","may_spend":false}}"#,
        r#"{"id":"27","at":"2026-03-01T15:04:05Z","customer":"c","household_left":{}}"#,
        r#"{"id":"28","at":"2026-03-01T15:04:05Z","customer":"c","drawn":[{"customer":"d","lots":[{"points":2,"first_day":"2026-01-01","last_day":"2026-12-31"},{"points":1,"first_day":"2026-01-02"}]}],"redeemed":{"points":5,"reward":"包"}}"#,
        r#"{"id":"40","at":"2026-03-01T15:04:05Z","customer":"c","issued":{"coupon":"off","last_day":"2026-12-31"}}"#,
        r#"{"id":"41","at":"2026-03-01T15:04:05Z","customer":"7ff1","issued":{"coupon":"off","card":true}}"#,
        r#"{"id":"42","at":"2026-03-01T15:04:05Z","customer":"c","voided":{"coupon":"40","reason":"twice"}}"#,
        r#"{"id":"43","at":"2026-03-01T15:04:05Z","customer":"c","coupon_transferred":{"coupon":"40","to":"d"}}"#,
        r#"{"id":"44","at":"2026-03-01T15:04:05Z","customer":"c","coupon_transferred":{"coupon":"40","to":"7ff1","card":true,"terms":{"of":"off","issued":"2026-03-01","first_day":"2026-03-02","last_day":"2026-12-31"}}}"#,
        r#"{"id":"45","at":"2026-03-01T15:04:05Z","customer":"c","coupon_held":{"coupon":"40","for":"p-9","until":"2026-03-01T23:34:05+08:00"}}"#,
        r#"{"id":"46","at":"2026-03-01T15:04:05Z","customer":"c","coupon_released":{"coupon":"40","for":"p-9"}}"#,
        r#"{"id":"29","at":"2026-03-01T15:04:05Z","customer":"c","topped_up":{"amount":"1000.00","source":"wechat","bonus":"0.01","last_day":"2026-12-31","card":true}}"#,
        r#"{"id":"30","at":"2026-03-01T15:04:05Z","customer":"c","topped_up":{"amount":"1000.00"}}"#,
        r#"{"id":"31","at":"2026-03-01T15:04:05Z","customer":"c","value_refunded":{"amount":"1.00","top_up":"29"}}"#,
        r#"{"id":"32","at":"2026-03-01T15:04:05Z","customer":"c","value_transferred":{"to":"d","amount":"3.00","parts":[{"amount":"1.00"},{"amount":"2.00","bonus":true,"last_day":"2026-12-31"}],"card":true}}"#,
        r#"{"id":"33","at":"2026-03-01T15:04:05Z","customer":"c","value_frozen":{"reason":"lost"}}"#,
        r#"{"id":"34","at":"2026-03-01T15:04:05Z","customer":"c","value_released":{"reason":"found"}}"#,
    ];

    #[test]
    fn what_was_written_is_read_and_nothing_else() {
        for json in FACTS {
            let fact = Fact::from_json(json, Currency::parse("CNY").unwrap()).unwrap();
            let mut bytes = Vec::new();
            fact.encode(&mut bytes);
            assert_eq!(Fact::decode(&bytes), Some(fact));
            assert!((0..bytes.len()).all(|end| Fact::decode(&bytes[..end]).is_none()), "{json}");
            bytes.push(0);
            assert!(Fact::decode(&bytes).is_none());
        }
    }

    /// A purchase without serial numbers, and someone of whom no more is told than a birthday and tags, take what they took: by hand, id 1 + 1, instant
    /// 8, offset 2, no store, staff and terminal 3, kind 1, customer 1 + 1, and what is told.
    #[test]
    fn what_tells_no_more_takes_no_more() {
        let bytes = |json: &str| {
            let mut bytes = Vec::new();
            Fact::from_json(json, Currency::parse("CNY").unwrap()).unwrap().encode(&mut bytes);
            bytes.len()
        };
        let head = |kind: &str| {
            bytes(&format!(r#"{{"id":"1","at":"2026-03-01T15:04:05+08:00","customer":"c",{kind}}}"#))
        };
        assert_eq!(head(r#""joined":{}"#), 18 + 2);
        // Its tags: one, of three bytes; its birthday: solar, not leap, no year, month and day.
        assert_eq!(head(r#""joined":{"tags":["vip"]}"#), 18 + 2 + 1 + 4);
        assert_eq!(head(r#""profile_changed":{"birthday":"05-20"}"#), 18 + 2 + 5);
        // One line: id 2, no item, no category, quantity 3, amount 3, no components; no discount, no tenders.
        assert_eq!(head(r#""purchased":{"lines":[{"id":"1","amount":"100.00"}]}"#), 18 + 1 + 11 + 2);
        assert_eq!(
            head(r#""purchased":{"lines":[{"id":"1","piece":"7K","amount":"100.00"}]}"#),
            18 + 1 + 11 + 2 + 4
        );
        // No serial number; one field, its id, its kind, its text.
        assert_eq!(
            head(r#""purchased":{"lines":[{"id":"1","custom":{"h":"999"},"amount":"100.00"}]}"#),
            18 + 1 + 11 + 2 + 1 + 1 + 2 + 1 + 1 + 4
        );
    }

    #[test]
    fn numbers_of_every_length_come_back() {
        let powers = (0..64).map(|bits| 1_i64 << bits);
        for number in powers.flat_map(|power| [power, power.wrapping_sub(1), power.wrapping_neg(), !power]) {
            let mut bytes = Vec::new();
            Writer(&mut bytes).signed(number);
            assert_eq!(Reader(&bytes).signed(), Some(number));
        }
        assert_eq!(Reader(&[0xff; 11]).unsigned(), None);
        let too_big = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x02];
        assert_eq!(Reader(&too_big).unsigned(), None);
    }
}
