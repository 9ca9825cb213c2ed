//! When something happened: an instant with the offset of the clock that saw it.

use super::Day;
use super::day::{digits, parts};
use crate::fault::Fault;
use chrono::{DateTime, MappedLocalTime, NaiveTime, Offset, TimeDelta, TimeZone, Timelike};
use chrono_tz::Tz;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::fmt;

/// An instant to the microsecond, with its offset from UTC in minutes. Ordered by the instant, then the offset.
///
/// ```
/// use parure::calendar::Moment;
/// let moment = Moment::parse("2026-03-01T00:30:00+08:00")?;
/// assert_eq!(moment.day_in(chrono_tz::Asia::Shanghai).to_string(), "2026-03-01");
/// assert_eq!(moment.day_in(chrono_tz::Europe::Paris).to_string(), "2026-02-28");
/// assert_eq!(Moment::parse("2026-03-01T00:30:00").unwrap_err().code, "naive_time");
/// # Ok::<(), parure::fault::Fault>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Moment {
    micros: i64,
    offset: i16,
}

/// Which of two instants, where the clocks show the same twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Twice {
    Earlier,
    Later,
}

impl Moment {
    /// Reads `2026-03-01T15:04:05+08:00` (RFC 3339; `Z` for UTC; up to 6 digits of a second).
    ///
    /// ```
    /// use parure::calendar::Moment;
    /// let sale = Moment::parse("2026-03-01T00:30:00+08:00")?;
    /// assert_eq!(sale.to_string(), "2026-03-01T00:30:00+08:00");
    /// assert_eq!(Moment::parse("2026-03-01T00:30:00").unwrap_err().code, "naive_time");
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    ///
    /// # Errors
    /// `naive_time` without an offset, `time_digits` for more than 6 digits, `time_text` for anything else.
    pub fn parse(text: &str) -> Result<Moment, Fault> {
        let shown = crate::money::shorten(text);
        let wrong = || {
            Fault::new("time_text", format!("`{shown}` is not an instant"))
                .advise("write RFC 3339, such as 2026-03-01T15:04:05+08:00")
        };
        let date = text.get(..10).and_then(parts).and_then(|(y, m, d)| Day::of(y, m, d)).ok_or_else(wrong)?;
        let clock = text.get(11..19).filter(|_| text.get(10..11) == Some("T")).ok_or_else(wrong)?;
        let seconds = clock_seconds(clock).ok_or_else(wrong)?;
        let mut rest = text.get(19..).unwrap_or_default();
        let mut micros = 0;
        if let Some(fraction) = rest.strip_prefix('.') {
            let length = fraction.bytes().take_while(u8::is_ascii_digit).count();
            let digits = fraction.get(..length).unwrap_or_default();
            if length == 0 {
                return Err(wrong());
            }
            if length > 6 {
                return Err(Fault::new("time_digits", format!("`{shown}` is finer than a microsecond")));
            }
            micros = format!("{digits:0<6}").parse::<i64>().map_err(|_| wrong())?;
            rest = fraction.get(length..).unwrap_or_default();
        }
        if rest.is_empty() {
            return Err(Fault::new("naive_time", format!("`{shown}` has no offset from UTC"))
                .advise("write it with its offset, such as 2026-03-01T15:04:05+08:00"));
        }
        let offset = offset_minutes(rest).ok_or_else(wrong)?;
        let local = i64::from(date.number()).saturating_mul(86_400).saturating_add(seconds);
        let utc = local.saturating_sub(i64::from(offset).saturating_mul(60));
        Ok(Moment { micros: utc.saturating_mul(1_000_000).saturating_add(micros), offset })
    }

    /// An instant by microseconds since 1970 in UTC and the offset in minutes.
    ///
    /// ```
    /// use parure::calendar::Moment;
    /// let sale = Moment::parse("2026-03-01T00:30:00+08:00")?;
    /// assert_eq!(Moment::from_micros(sale.micros(), 480)?, sale);
    /// assert_eq!(Moment::from_micros(i64::MAX, 0).unwrap_err().code, "time_range");
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    ///
    /// # Errors
    /// `time_range` outside the years 1800 to 2299 or for an offset of a day or more.
    pub fn from_micros(micros: i64, offset_minutes: i16) -> Result<Moment, Fault> {
        // The day that its own clock shows, which is what is written and read.
        let local = micros.saturating_add(i64::from(offset_minutes).saturating_mul(60_000_000));
        let day = local.div_euclid(86_400_000_000);
        let inside = (i64::from(Day::FIRST.number())..=i64::from(Day::LAST.number())).contains(&day);
        if !inside || offset_minutes.unsigned_abs() >= 1_440 {
            return Err(Fault::new("time_range", "the instant is not between the years 1800 and 2299"));
        }
        Ok(Moment { micros, offset: offset_minutes })
    }

    /// Microseconds since 1970 in UTC.
    ///
    /// ```
    /// use parure::calendar::Moment;
    /// let sale = Moment::parse("2026-03-01T00:30:00+08:00")?;
    /// assert_eq!(sale.micros(), 1_772_296_200_000_000);
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    #[must_use]
    pub const fn micros(self) -> i64 {
        self.micros
    }

    /// The offset from UTC in minutes, as the clock that saw it had it.
    ///
    /// ```
    /// use parure::calendar::Moment;
    /// let sale = Moment::parse("2026-03-01T00:30:00+08:00")?;
    /// assert_eq!(sale.offset_minutes(), 480);
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    #[must_use]
    pub const fn offset_minutes(self) -> i16 {
        self.offset
    }

    /// The first instant of a day in a time zone: midnight, or when the clocks start where they skip it.
    ///
    /// ```
    /// use parure::calendar::{Day, Moment};
    /// let start = Moment::at_start_of(Day::parse("2018-11-04")?, chrono_tz::America::Sao_Paulo)?;
    /// assert_eq!(start.to_string(), "2018-11-04T01:00:00-02:00"); // clocks went from 00:00 to 01:00
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    ///
    /// # Errors
    /// `time_range` where the first or the last day that there is begins outside the years 1800 to 2299.
    pub fn at_start_of(day: Day, zone: Tz) -> Result<Moment, Fault> {
        let micros = Moment::start_of(day, zone);
        let seconds = DateTime::from_timestamp(micros.div_euclid(1_000_000), 0)
            .map_or(0, |utc| zone.offset_from_utc_datetime(&utc.naive_utc()).fix().local_minus_utc());
        Moment::from_micros(micros, i16::try_from(seconds.div_euclid(60)).unwrap_or(0))
    }

    /// Microseconds since 1970 in UTC at which a day begins in a time zone.
    pub(crate) fn start_of(day: Day, zone: Tz) -> i64 {
        let midnight = day.date().and_time(NaiveTime::MIN);
        let evening = day.add_days(-1).date().and_time(NaiveTime::MIN);
        let utc = i64::from(day.number()).saturating_mul(86_400);
        // A day whose midnight the clocks skip begins when they do: at midnight by the offset before.
        let offset = zone
            .offset_from_local_datetime(&midnight)
            .earliest()
            .or_else(|| zone.offset_from_local_datetime(&evening).latest())
            .map_or_else(|| zone.offset_from_utc_datetime(&midnight).fix(), |offset| offset.fix());
        utc.saturating_sub(i64::from(offset.local_minus_utc())).saturating_mul(1_000_000)
    }

    /// The instant at which the clocks of a time zone show so many minutes of a day. Where they skip it, when they go on; none outside the years
    /// 1800 to 2299.
    pub(crate) fn at_clock(day: Day, minutes: u16, zone: Tz, twice: Twice) -> Option<Moment> {
        let wanted =
            day.date().and_time(NaiveTime::MIN).checked_add_signed(TimeDelta::minutes(minutes.into()))?;
        // Clocks that skip a day go on at midnight of the next.
        let shown = |skipped: i64| wanted.checked_add_signed(TimeDelta::minutes(skipped));
        let times = (0..=2 * 1_440).filter_map(shown);
        let (local, offset) = times.into_iter().find_map(|local| {
            let offset = match (zone.offset_from_local_datetime(&local), twice) {
                (MappedLocalTime::Single(offset), _)
                | (MappedLocalTime::Ambiguous(offset, _), Twice::Earlier)
                | (MappedLocalTime::Ambiguous(_, offset), Twice::Later) => offset,
                (MappedLocalTime::None, _) => return None,
            };
            Some((local, offset.fix().local_minus_utc()))
        })?;
        let micros = local.and_utc().timestamp().saturating_sub(offset.into()).saturating_mul(1_000_000);
        Moment::from_micros(micros, i16::try_from(offset.div_euclid(60)).ok()?).ok()
    }

    /// The local day in a time zone (semantics 2.1).
    ///
    /// ```
    /// use parure::calendar::Moment;
    /// let sale = Moment::parse("2026-03-01T00:30:00+08:00")?;
    /// assert_eq!(sale.day_in(chrono_tz::Asia::Shanghai).to_string(), "2026-03-01");
    /// assert_eq!(sale.day_in(chrono_tz::Europe::Paris).to_string(), "2026-02-28");
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    #[must_use]
    pub fn day_in(self, zone: Tz) -> Day {
        Moment::day_at(self.micros, zone)
    }

    /// The local day in a zone of microseconds since 1970 in UTC.
    pub(crate) fn day_at(micros: i64, zone: Tz) -> Day {
        let local = micros.saturating_add(Moment::offset_at(micros, zone));
        Day::from_number(local.div_euclid(86_400_000_000))
    }

    /// The offset from UTC in a zone at microseconds since 1970, in microseconds.
    pub(crate) fn offset_at(micros: i64, zone: Tz) -> i64 {
        let seconds = DateTime::from_timestamp(micros.div_euclid(1_000_000), 0)
            .map_or(0, |utc| zone.offset_from_utc_datetime(&utc.naive_utc()).fix().local_minus_utc());
        i64::from(seconds).saturating_mul(1_000_000)
    }
}

fn clock_seconds(clock: &str) -> Option<i64> {
    let pair = |at: std::ops::Range<usize>| -> Option<u32> {
        let part = clock.get(at)?;
        part.bytes().all(|byte| byte.is_ascii_digit()).then(|| part.parse().ok()).flatten()
    };
    (clock.get(2..3) == Some(":") && clock.get(5..6) == Some(":")).then_some(())?;
    let time = NaiveTime::from_hms_opt(pair(0..2)?, pair(3..5)?, pair(6..8)?)?;
    Some(i64::from(time.num_seconds_from_midnight()))
}

fn offset_minutes(text: &str) -> Option<i16> {
    if text == "Z" {
        return Some(0);
    }
    let (sign, rest) = text
        .strip_prefix('+')
        .map(|rest| (1, rest))
        .or_else(|| text.strip_prefix('-').map(|rest| (-1, rest)))?;
    (rest.len() == 5).then_some(())?;
    let seconds = clock_seconds(&format!("{rest}:00"))?;
    i16::try_from(seconds.div_euclid(60)).ok()?.checked_mul(sign)
}

impl PartialOrd for Moment {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Moment {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.micros.cmp(&other.micros).then(self.offset.cmp(&other.offset))
    }
}

/// As it is written: `2026-03-01T15:04:05+08:00`.
impl JsonSchema for Moment {
    fn schema_name() -> Cow<'static, str> {
        "Moment".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "format": "date-time" })
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let local = self.micros.saturating_add(i64::from(self.offset).saturating_mul(60_000_000));
        fn text(digits: &[u8]) -> &str {
            str::from_utf8(digits).unwrap_or_default()
        }
        let rest = local.rem_euclid(86_400_000_000);
        let [seconds, micros] = [rest.div_euclid(1_000_000), rest.rem_euclid(1_000_000)]
            .map(|part| u32::try_from(part).unwrap_or(0));
        Day::from_number(local.div_euclid(86_400_000_000)).fmt(f)?;
        let [[a, b], [c, d], [e, g]] =
            [seconds.div_euclid(3_600), seconds.div_euclid(60).rem_euclid(60), seconds.rem_euclid(60)]
                .map(digits);
        f.write_str(text(&[b'T', a, b, b':', c, d, b':', e, g]))?;
        if micros != 0 {
            f.write_str(".")?;
            f.write_str(text(&digits::<6>(micros)).trim_end_matches('0'))?;
        }
        if self.offset == 0 {
            return f.write_str("Z");
        }
        let minutes = u32::from(self.offset.unsigned_abs());
        let [[a, b], [c, d]] = [minutes.div_euclid(60), minutes.rem_euclid(60)].map(digits);
        f.write_str(text(&[if self.offset < 0 { b'-' } else { b'+' }, a, b, b':', c, d]))
    }
}

impl fmt::Debug for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clocks_that_are_put_forward_or_back() {
        let paris = chrono_tz::Europe::Paris;
        let at = |day: &str, minutes, zone, twice| {
            Moment::at_clock(Day::parse(day).unwrap(), minutes, zone, twice).unwrap().to_string()
        };
        assert_eq!(at("2026-08-10", 540, paris, Twice::Later), "2026-08-10T09:00:00+02:00");
        // On 29 March 2026 they go from 02:00 to 03:00, on 25 October from 03:00 back to 02:00.
        assert_eq!(at("2026-03-29", 150, paris, Twice::Later), "2026-03-29T03:00:00+02:00");
        assert_eq!(at("2026-03-29", 150, paris, Twice::Earlier), "2026-03-29T03:00:00+02:00");
        assert_eq!(at("2026-10-25", 150, paris, Twice::Earlier), "2026-10-25T02:30:00+02:00");
        assert_eq!(at("2026-10-25", 150, paris, Twice::Later), "2026-10-25T02:30:00+01:00");
        // Samoa had no 30 December 2011.
        let apia = chrono_tz::Pacific::Apia;
        assert_eq!(at("2011-12-30", 540, apia, Twice::Later), "2011-12-31T00:00:00+14:00");
    }
}
