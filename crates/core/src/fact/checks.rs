//! What holds within a fact, for the constructors and the reader alike.

use super::drawn::points_of;
use super::purchase::{MOST_LINES, bounded, name, not_negative};
use super::{Award, Drawn, GivenLot, Profile, Quantity, ReturnedLine, Text, Trace};
use crate::customer::field::Field;
use crate::customer::said::Said;
use crate::fault::Fault;
use crate::money::{Currency, Money};
use crate::points::POINTS_LIMIT;
use std::ops::RangeInclusive;

/// Lots in a fact of giving.
///
/// ```
/// use parure::calendar::{Day, Moment};
/// use parure::fact::{Fact, GivenLot, MOST_GIVEN_LOTS};
/// let at = Moment::parse("2026-07-20T10:00:00+08:00")?;
/// let lots = vec![GivenLot::new(1, Day::parse("2026-03-12")?, None); MOST_GIVEN_LOTS + 1];
/// assert_eq!(Fact::given("g-1", at, "c-1", "c-2", 10_001, lots).unwrap_err().code, "too_many");
/// # Ok::<(), parure::fault::Fault>(())
/// ```
pub const MOST_GIVEN_LOTS: usize = 10_000;
/// Customers of one household, and others whose points one fact is paid with.
///
/// ```
/// use parure::{calendar::{Day, Moment}, fact::{Drawn, Fact, GivenLot, MOST_OF_A_HOUSEHOLD}};
/// let at = Moment::parse("2026-07-20T10:00:00+08:00")?;
/// let lot = GivenLot::new(1, Day::parse("2026-03-12")?, None);
/// let drawn = (0..=MOST_OF_A_HOUSEHOLD).map(|one| Drawn::new(one.to_string(), vec![lot])).collect();
/// let fault = Fact::redeemed("x-1", at, "lin", 500, "tote-bag")?.with_drawn(drawn).unwrap_err();
/// assert_eq!(fault.code, "too_many");
/// # Ok::<(), parure::fault::Fault>(())
/// ```
pub const MOST_OF_A_HOUSEHOLD: usize = 64;
/// Tags of a person.
///
/// ```
/// use parure::calendar::Moment;
/// use parure::fact::{Fact, MOST_TAGS, Profile};
/// let at = Moment::parse("2026-01-01T10:00:00+08:00")?;
/// let told = Profile::default().with_tags((0..=MOST_TAGS).map(|tag| tag.to_string()));
/// assert_eq!(Fact::joined("j-1", at, "c-1", told).unwrap_err().code, "too_many");
/// # Ok::<(), parure::fault::Fault>(())
/// ```
pub const MOST_TAGS: usize = 100;
/// Bytes of a reason.
///
/// ```
/// use parure::calendar::Moment;
/// use parure::fact::{Fact, REASON_BYTES};
/// let at = Moment::parse("2026-04-20T18:00:00+08:00")?;
/// let reason = "久".repeat(REASON_BYTES);
/// assert_eq!(Fact::adjusted("a-1", at, "c-1", 300, reason, None).unwrap_err().code, "too_long");
/// # Ok::<(), parure::fault::Fault>(())
/// ```
pub const REASON_BYTES: usize = 1_024;

/// Bytes of the alias of someone who is forgotten: fewer than a name may have, so that there is room for a number.
///
/// ```
/// use parure::calendar::Moment;
/// use parure::fact::{ALIAS_BYTES, Fact};
/// let at = Moment::parse("2026-11-26T10:00:00+08:00")?;
/// let alias = "x".repeat(ALIAS_BYTES + 1);
/// assert_eq!(Fact::erased("e-1", at, "c-1", alias).unwrap_err().code, "too_long");
/// # Ok::<(), parure::fault::Fault>(())
/// ```
pub const ALIAS_BYTES: usize = 56;
/// Purchases whose awards an erasure carries, and as many returns of them; the customers of an account that it forgets.
///
/// ```
/// assert_eq!(parure::fact::MOST_ERASED_AWARDS, 10_000);
/// ```
pub const MOST_ERASED_AWARDS: usize = 10_000;

/// How often a benefit can be given at once.
pub(super) const MOST_TIMES: i64 = 1_000;

/// A purchase and the line of it that brings something along: both, or neither.
pub(super) fn piece_named<'a>(
    of: (Option<Text<'a>>, Option<Text<'a>>),
) -> Result<Option<(Text<'a>, Text<'a>)>, Fault> {
    match of {
        (Some(purchase), Some(line)) => Ok(Some((purchase, line))),
        (None, None) => Ok(None),
        (Some(_), None) => Err(Fault::new("piece_named", "the line of the purchase is missing").at("line")),
        (None, Some(_)) => {
            Err(Fault::new("piece_named", "the purchase that the line is of is missing").at("purchase"))
        }
    }
}

/// The fault, its path put behind that of what it stands in.
pub(crate) fn within(path: &str, fault: Fault) -> Fault {
    let path = match fault.path.as_str() {
        inner if path.is_empty() => inner.to_owned(),
        "" => path.to_owned(),
        inner => format!("{path}.{inner}"),
    };
    fault.at(path)
}

pub(super) fn points_within(bounds: RangeInclusive<i64>, points: i64) -> Result<(), Fault> {
    if !bounds.contains(&points) {
        let message = format!("`{points}` is not from {} to {}", bounds.start(), bounds.end());
        return Err(Fault::new("number_range", message));
    }
    if points == 0 {
        return Err(Fault::new("number_range", "an adjustment of 0 points changes nothing"));
    }
    Ok(())
}

/// Someone answers for what is done by hand.
pub(super) fn reason(reason: &str) -> Result<(), Fault> {
    if reason.len() > REASON_BYTES {
        let message = format!("the text has {} bytes, at most {REASON_BYTES} are read", reason.len());
        return Err(Fault::new("too_long", message));
    }
    if reason.chars().any(|letter| letter.is_control() && !matches!(letter, '\n' | '\t' | '\r')) {
        return Err(Fault::new("control_character", "the text holds a control character"));
    }
    if reason.trim().is_empty() {
        return Err(Fault::new("no_reason", "what is done by hand has a reason"));
    }
    Ok(())
}

pub(super) fn profile(profile: &Profile<'_>) -> Result<(), Fault> {
    // The rest has been read by the strict reader.
    let tags = match profile.get(Field::TAGS) {
        Some(Said::Set(changes)) => changes.add.as_slice(),
        _ => &[],
    };
    bounded("tags", tags.len(), MOST_TAGS)?;
    for (at, tag) in tags.iter().enumerate() {
        name(&format!("tags[{at}]"), tag)?;
    }
    Ok(())
}

pub(super) fn returned(lines: &[ReturnedLine<'_>], currency: Currency) -> Result<(), Fault> {
    bounded("lines", lines.len(), MOST_LINES)?;
    if lines.is_empty() {
        return Err(Fault::new("no_lines", "a return has at least one line").at("lines"));
    }
    for (at, line) in lines.iter().enumerate() {
        let path = |key: &str| format!("lines[{at}]{key}");
        name(&path(".id"), &line.id)?;
        not_negative(&path(".amount"), line.amount)?;
        if line.amount >= currency.limit() {
            return Err(Fault::new("money_range", "the amount is not below 10^15").at(path(".amount")));
        }
        if line.amount == Money::ZERO && line.quantity == Quantity::NONE {
            return Err(
                Fault::new("nothing_returned", "neither a quantity nor an amount comes back").at(path(""))
            );
        }
        if lines.get(..at).is_some_and(|before| before.iter().any(|other| other.id == line.id)) {
            let fault = Fault::new("repeated_line", format!("two lines have the id `{}`", &*line.id));
            return Err(fault.at(path(".id")));
        }
    }
    Ok(())
}

pub(super) fn given(to: &str, points: i64, lots: &[GivenLot]) -> Result<(), Fault> {
    name("to", to)?;
    points_within(1..=POINTS_LIMIT, points).map_err(|fault| fault.at("points"))?;
    self::lots(lots)?;
    let sum = points_of(lots);
    if !lots.is_empty() && sum != points {
        return Err(
            Fault::new("lots_differ", format!("the lots add up to {sum} points, not {points}")).at("lots")
        );
    }
    Ok(())
}

fn lots(lots: &[GivenLot]) -> Result<(), Fault> {
    bounded("lots", lots.len(), MOST_GIVEN_LOTS)?;
    for (at, lot) in lots.iter().enumerate() {
        points_within(1..=POINTS_LIMIT, lot.points)
            .map_err(|fault| fault.at(format!("lots[{at}].points")))?;
        if lot.last_day.is_some_and(|last| last < lot.first_day) {
            return Err(
                Fault::new("lots_differ", "the last day is before the first").at(format!("lots[{at}]"))
            );
        }
    }
    Ok(())
}

/// `paid`: the points that the fact spends.
pub(super) fn drawn(customer: &str, paid: i64, drawn: &[Drawn<'_>]) -> Result<(), Fault> {
    bounded("", drawn.len(), MOST_OF_A_HOUSEHOLD)?;
    let differ = |message: String| Err(Fault::new("drawn_differ", message));
    let (mut sum, mut count) = (0_i64, 0_usize);
    for (at, one) in drawn.iter().enumerate() {
        let path = format!("[{at}]");
        name("customer", &one.customer).map_err(|fault| within(&path, fault))?;
        lots(&one.lots).map_err(|fault| within(&path, fault))?;
        let others = drawn.get(..at).unwrap_or_default();
        if *one.customer == *customer || others.iter().any(|other| other.customer == one.customer) {
            return differ("points are drawn once of each of the others".to_owned());
        }
        if one.lots.is_empty() {
            return differ("what is drawn is told by lots".to_owned());
        }
        (sum, count) = (sum.saturating_add(one.points()), count.saturating_add(one.lots.len()));
    }
    bounded("", count, MOST_GIVEN_LOTS)?;
    if sum > paid {
        return differ(format!("{sum} points are drawn, {paid} are spent"));
    }
    Ok(())
}

pub(super) fn alias(customer: &str, alias: &str) -> Result<(), Fault> {
    if alias.len() > ALIAS_BYTES {
        let message = format!("the alias has {} bytes, at most {ALIAS_BYTES} are read", alias.len());
        return Err(Fault::new("too_long", message).at("alias"));
    }
    name("alias", alias)?;
    if alias == customer {
        return Err(Fault::new("same_customer", "the alias must say nothing of the customer").at("alias"));
    }
    Ok(())
}

pub(super) fn erasure(of: &[Trace], awards: &[Award<'_>]) -> Result<(), Fault> {
    if of.is_empty() {
        return Err(Fault::new("too_many", "an erasure forgets at least one customer").at("of"));
    }
    bounded("of", of.len(), MOST_ERASED_AWARDS)?;
    bounded("awards", awards.len(), MOST_ERASED_AWARDS)?;
    let returns = awards.iter().fold(0_usize, |sum, award| sum.saturating_add(award.returns.len()));
    bounded("awards", returns, MOST_ERASED_AWARDS)
}
