//! A day of the civil calendar. Rules count days, not hours (semantics 2.1).

use super::months::Month;
use crate::fault::Fault;
use chrono::NaiveDate;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::fmt;

/// A day, counted from 1 January 1970; between 1 January 1800 and 31 December 2299.
///
/// ```
/// use parure::calendar::Day;
/// let day = Day::parse("2026-01-31")?;
/// assert_eq!(day.add_months(1).to_string(), "2026-02-28");
/// assert_eq!(day.add_days(1).to_string(), "2026-02-01");
/// # Ok::<(), parure::fault::Fault>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Day(i32);

impl Day {
    /// 1 January 1800.
    ///
    /// ```
    /// assert_eq!(parure::calendar::Day::FIRST.to_string(), "1800-01-01");
    /// ```
    pub const FIRST: Day = Day(-62_091);
    /// 31 December 2299.
    ///
    /// ```
    /// assert_eq!(parure::calendar::Day::LAST.add_days(1), parure::calendar::Day::LAST); // held within the bounds
    /// ```
    pub const LAST: Day = Day(120_529);

    /// A day by year, month and day of the month.
    ///
    /// ```
    /// use parure::calendar::Day;
    /// assert_eq!(Day::of(2026, 5, 20).unwrap().to_string(), "2026-05-20");
    /// assert_eq!(Day::of(2026, 2, 29), None);
    /// ```
    #[must_use]
    pub fn of(year: i32, month: u32, day: u32) -> Option<Day> {
        let month = Month::of(year, month)?;
        let days = i32::try_from(day.checked_sub(1)?).ok()?;
        let number = month.first().checked_add(days)?;
        (number <= month.last()).then_some(Day(number))
    }

    /// Reads `2026-03-01`.
    ///
    /// ```
    /// use parure::calendar::Day;
    /// assert!(Day::parse("2026-05-20")? < Day::parse("2026-06-18")?);
    /// assert_eq!(Day::parse("20/5/2026").unwrap_err().code, "day_text");
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    ///
    /// # Errors
    /// `day_text` for anything that is not a day between 1800 and 2299 written that way.
    pub fn parse(text: &str) -> Result<Day, Fault> {
        parts(text).and_then(|(year, month, day)| Day::of(year, month, day)).ok_or_else(|| {
            Fault::new("day_text", format!("`{}` is not a day", crate::money::shorten(text)))
                .advise("write year, month and day, such as 2026-03-01")
        })
    }

    /// Days since 1 January 1970.
    ///
    /// ```
    /// use parure::calendar::Day;
    /// let day = Day::parse("2026-02-14")?;
    /// assert_eq!(day.number(), 20_498);
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    #[must_use]
    pub const fn number(self) -> i32 {
        self.0
    }

    /// The day so many days after 1 January 1970, held within the bounds.
    ///
    /// ```
    /// use parure::calendar::Day;
    /// let day = Day::parse("2026-02-14")?;
    /// assert_eq!(Day::from_number(20_498), day);
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    #[must_use]
    pub fn from_number(number: i64) -> Day {
        let held = number.clamp(i64::from(Day::FIRST.0), i64::from(Day::LAST.0));
        i32::try_from(held).map_or(Day::LAST, Day)
    }

    /// Year, month (1 to 12) and day of the month.
    ///
    /// ```
    /// use parure::calendar::Day;
    /// let day = Day::parse("2026-02-14")?;
    /// assert_eq!(day.civil(), (2026, 2, 14));
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    #[must_use]
    pub fn civil(self) -> (i32, u32, u32) {
        let month = Month::with(self.0);
        let days = u32::try_from(self.0.saturating_sub(month.first())).unwrap_or(0);
        (month.year(), month.of_year(), days.saturating_add(1))
    }

    /// The year.
    ///
    /// ```
    /// use parure::calendar::Day;
    /// let day = Day::parse("2026-02-14")?;
    /// assert_eq!(day.year(), 2026);
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    #[must_use]
    pub fn year(self) -> i32 {
        Month::with(self.0).year()
    }

    /// Monday 1 … Sunday 7.
    ///
    /// ```
    /// use parure::calendar::Day;
    /// let day = Day::parse("2026-02-14")?;
    /// assert_eq!(day.weekday(), 6); // a Saturday
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    #[must_use]
    pub fn weekday(self) -> u32 {
        // 1 January 1970 was a Thursday.
        u32::try_from(self.0.saturating_add(3).rem_euclid(7)).unwrap_or(0).saturating_add(1)
    }

    /// So many days on (or back), held within the bounds.
    ///
    /// ```
    /// use parure::calendar::Day;
    /// let day = Day::parse("2026-02-14")?;
    /// assert_eq!(day.add_days(15).to_string(), "2026-03-01");
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    #[must_use]
    pub fn add_days(self, days: i64) -> Day {
        Day::from_number(i64::from(self.0).saturating_add(days))
    }

    /// The same day of the month so many months on (or back), or that month's last day (semantics 2.2).
    ///
    /// ```
    /// use parure::calendar::Day;
    /// let day = Day::parse("2026-02-14")?;
    /// assert_eq!(day.add_months(-12).to_string(), "2025-02-14");
    /// assert_eq!(Day::parse("2026-01-31")?.add_months(1).to_string(), "2026-02-28");
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    #[must_use]
    pub fn add_months(self, months: i32) -> Day {
        let month = Month::with(self.0);
        match month.plus(months) {
            Some(then) => {
                let days = self.0.saturating_sub(month.first());
                Day(then.first().saturating_add(days).min(then.last()))
            }
            None if months < 0 => Day::FIRST,
            None => Day::LAST,
        }
    }

    /// That day of the month, or the month's last day where it has none.
    pub(crate) fn clamped(year: i32, month: u32, day: u32) -> Day {
        let outside = if year < 2000 { Day::FIRST } else { Day::LAST };
        let days = i32::try_from(day.saturating_sub(1)).unwrap_or(i32::MAX);
        Month::of(year, month)
            .map_or(outside, |month| Day(month.first().saturating_add(days).min(month.last())))
    }

    /// The last day of this day's month.
    ///
    /// ```
    /// use parure::calendar::Day;
    /// let day = Day::parse("2026-02-14")?;
    /// assert_eq!(day.month_end().to_string(), "2026-02-28");
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    #[must_use]
    pub fn month_end(self) -> Day {
        Day(Month::with(self.0).last())
    }

    /// The last day of this day's quarter.
    ///
    /// ```
    /// use parure::calendar::Day;
    /// let day = Day::parse("2026-02-14")?;
    /// assert_eq!(day.quarter_end().to_string(), "2026-03-31");
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    #[must_use]
    pub fn quarter_end(self) -> Day {
        let (year, month, _) = self.civil();
        Day::clamped(year, month.div_ceil(3).saturating_mul(3), 31)
    }

    /// The last day of this day's year.
    ///
    /// ```
    /// use parure::calendar::Day;
    /// let day = Day::parse("2026-02-14")?;
    /// assert_eq!(day.year_end().to_string(), "2026-12-31");
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    #[must_use]
    pub fn year_end(self) -> Day {
        Day::clamped(self.year(), 12, 31)
    }

    pub(crate) fn month_start(self) -> Day {
        Day(Month::with(self.0).first())
    }

    /// The first day of this day's year.
    ///
    /// ```
    /// use parure::calendar::Day;
    /// let day = Day::parse("2026-02-14")?;
    /// assert_eq!(day.year_start().to_string(), "2026-01-01");
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    #[must_use]
    pub fn year_start(self) -> Day {
        Day::clamped(self.year(), 1, 1)
    }

    pub(crate) fn date(self) -> NaiveDate {
        NaiveDate::from_epoch_days(self.0).unwrap_or(NaiveDate::MIN)
    }
}

/// `2026-03-01` as numbers, whether or not there is such a day.
pub(crate) fn parts(text: &str) -> Option<(i32, u32, u32)> {
    let number = |at: std::ops::Range<usize>| -> Option<u32> {
        let part = text.get(at)?;
        part.bytes().all(|byte| byte.is_ascii_digit()).then(|| part.parse().ok()).flatten()
    };
    let dashes = text.get(4..5) == Some("-") && text.get(7..8) == Some("-");
    (dashes && text.len() == 10).then_some(())?;
    Some((i32::try_from(number(0..4)?).ok()?, number(5..7)?, number(8..10)?))
}

/// As answers show it: `2026-03-01`.
impl JsonSchema for Day {
    fn schema_name() -> Cow<'static, str> {
        "Day".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "format": "date" })
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.civil();
        let [a, b, c, d] = digits(u32::try_from(year).unwrap_or(0));
        let ([e, g], [h, i]) = (digits(month), digits(day));
        f.write_str(str::from_utf8(&[a, b, c, d, b'-', e, g, b'-', h, i]).unwrap_or_default())
    }
}

/// The digits of a number, with zeros in front: dates and times are written with each fact, and `{:02}` is slow.
pub(super) fn digits<const PLACES: usize>(number: u32) -> [u8; PLACES] {
    let (mut digits, mut rest) = ([b'0'; PLACES], number);
    for digit in digits.iter_mut().rev() {
        *digit = u8::try_from(rest.rem_euclid(10)).unwrap_or(0).saturating_add(b'0');
        rest = rest.div_euclid(10);
    }
    digits
}

impl fmt::Debug for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

#[cfg(test)]
mod tests {
    use super::Day;
    use chrono::{Datelike, Months, NaiveDate};

    fn of(date: NaiveDate) -> Option<Day> {
        Day::of(date.year(), date.month(), date.day())
    }

    #[test]
    fn every_day_is_what_chrono_says() {
        for number in Day::FIRST.number()..=Day::LAST.number() {
            let day = Day::from_number(number.into());
            let date = day.date();
            assert_eq!(day.civil(), (date.year(), date.month(), date.day()));
            assert_eq!(Day::of(date.year(), date.month(), date.day()), Some(day));
            assert_eq!(day.weekday(), date.weekday().number_from_monday());
            for months in [1, 11, 12, 25] {
                let later = date.checked_add_months(Months::new(months)).and_then(of);
                assert_eq!(day.add_months(months.cast_signed()), later.unwrap_or(Day::LAST));
                let earlier = date.checked_sub_months(Months::new(months)).and_then(of);
                assert_eq!(day.add_months(-months.cast_signed()), earlier.unwrap_or(Day::FIRST));
            }
        }
    }

    #[test]
    fn there_is_no_other_day() {
        for (year, month, day) in [
            (2026, 0, 1),
            (2026, 13, 1),
            (2026, 1, 0),
            (2026, 2, 29),
            (2026, 4, 31),
            (1799, 12, 31),
            (2300, 1, 1),
        ] {
            assert_eq!(Day::of(year, month, day), None);
        }
        assert_eq!(Day::of(i32::MIN, 1, u32::MAX), None);
        assert_eq!(Day::FIRST.add_months(i32::MIN), Day::FIRST);
        assert_eq!(Day::FIRST.add_months(i32::MAX), Day::LAST);
    }
}
