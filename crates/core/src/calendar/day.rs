//! A day of the civil calendar. Rules count days, not hours (semantics 2.1).

use crate::fault::Fault;
use chrono::{Datelike, NaiveDate};
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
        NaiveDate::from_ymd_opt(year, month, day).and_then(Day::from_date)
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
        let date = self.date();
        (date.year(), date.month(), date.day())
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
        self.civil().0
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
        self.date().weekday().number_from_monday()
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
        let (year, month, day) = self.civil();
        let index =
            year.saturating_mul(12).saturating_add(i32::try_from(month).unwrap_or(1)).saturating_add(months);
        let index = index.saturating_sub(1);
        let month = u32::try_from(index.rem_euclid(12)).unwrap_or(0).saturating_add(1);
        Day::clamped(index.div_euclid(12), month, day)
    }

    /// That day of the month, or the month's last day where it has none.
    pub(crate) fn clamped(year: i32, month: u32, day: u32) -> Day {
        let leap = year.rem_euclid(4) == 0 && (year.rem_euclid(100) != 0 || year.rem_euclid(400) == 0);
        let last = match month {
            2 => 28_u32.saturating_add(u32::from(leap)),
            4 | 6 | 9 | 11 => 30,
            _ => 31,
        };
        let outside = if year < 2000 { Day::FIRST } else { Day::LAST };
        Day::of(year, month, day.min(last)).unwrap_or(outside)
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
        let (year, month, _) = self.civil();
        Day::clamped(year, month, 31)
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

    pub(crate) fn from_date(date: NaiveDate) -> Option<Day> {
        let day = Day(date.to_epoch_days());
        (Day::FIRST..=Day::LAST).contains(&day).then_some(day)
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
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

impl fmt::Debug for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}
