//! Spans of days and months: terms, waits and windows (semantics 2.2 to 2.4).

use super::Day;
use crate::fault::Fault;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A number of days or of months; at least 1, at most 1,200 months or 36,500 days.
///
/// ```
/// use parure::calendar::{Day, Span};
/// let year = Span::parse("12 months")?;
/// let day = Day::parse("2026-03-10")?;
/// assert_eq!(year.last_day_from(day).to_string(), "2027-03-09");
/// assert_eq!(year.window_start(Day::parse("2026-11-21")?).to_string(), "2025-11-22");
/// assert_eq!(Span::parse("7 days")?.end_of_wait(Day::parse("2026-05-01")?).to_string(), "2026-05-08");
/// # Ok::<(), parure::fault::Fault>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Span {
    /// So many days.
    Days(u16),
    /// So many months.
    Months(u16),
}

impl Span {
    /// Reads `30 days`, `1 day`, `2 weeks`, `12 months`, `2 years`.
    ///
    /// ```
    /// use parure::calendar::{Day, Span};
    /// let day = Day::parse("2026-03-10")?;
    /// assert_eq!(Span::parse("2 weeks")?, Span::Days(14));
    /// assert_eq!(Span::parse("2 years")?, Span::Months(24));
    /// assert_eq!(Span::parse("soon").unwrap_err().code, "span_text");
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    ///
    /// # Errors
    /// `span_text` for anything else, and for a span of nothing.
    pub fn parse(text: &str) -> Result<Span, Fault> {
        let wrong = || {
            Fault::new("span_text", format!("`{}` is not a span of time", crate::money::shorten(text)))
                .advise("write a number of days, weeks, months or years, such as \"12 months\"")
        };
        let (count, unit) = text.split_once(' ').ok_or_else(wrong)?;
        if !count.bytes().all(|byte| byte.is_ascii_digit()) || count.starts_with('0') {
            return Err(wrong());
        }
        let count: u16 = count.parse().map_err(|_| wrong())?;
        let span = match unit {
            "day" | "days" => Span::Days(count),
            "week" | "weeks" => Span::Days(count.checked_mul(7).ok_or_else(wrong)?),
            "month" | "months" => Span::Months(count),
            "year" | "years" => Span::Months(count.checked_mul(12).ok_or_else(wrong)?),
            _ => return Err(wrong()),
        };
        match span {
            Span::Days(1..=36_500) | Span::Months(1..=1_200) => Ok(span),
            _ => Err(Fault::new("span_range", format!("`{text}` is longer than 100 years"))),
        }
    }

    /// The day this span after `day`.
    ///
    /// ```
    /// use parure::calendar::{Day, Span};
    /// let day = Day::parse("2026-03-10")?;
    /// assert_eq!(Span::Months(12).after(day).to_string(), "2027-03-10");
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    #[must_use]
    pub fn after(self, day: Day) -> Day {
        match self {
            Span::Days(days) => day.add_days(i64::from(days)),
            Span::Months(months) => day.add_months(i32::from(months)),
        }
    }

    /// The day this span before `day`.
    ///
    /// ```
    /// use parure::calendar::{Day, Span};
    /// let day = Day::parse("2026-03-10")?;
    /// assert_eq!(Span::Days(10).before(day).to_string(), "2026-02-28");
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    #[must_use]
    pub fn before(self, day: Day) -> Day {
        match self {
            Span::Days(days) => day.add_days(i64::from(days).saturating_neg()),
            Span::Months(months) => day.add_months(i32::from(months).saturating_neg()),
        }
    }

    /// The last day of a span that starts on `day` (2.4): the day before `day` plus the span.
    ///
    /// ```
    /// use parure::calendar::{Day, Span};
    /// let day = Day::parse("2026-03-10")?;
    /// assert_eq!(Span::Months(12).last_day_from(day).to_string(), "2027-03-09");
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    #[must_use]
    pub fn last_day_from(self, day: Day) -> Day {
        self.after(day).add_days(-1)
    }

    /// The day a wait that starts on `day` is over (2.4).
    ///
    /// ```
    /// use parure::calendar::{Day, Span};
    /// let day = Day::parse("2026-03-10")?;
    /// assert_eq!(Span::Days(7).end_of_wait(day).to_string(), "2026-03-17");
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    #[must_use]
    pub fn end_of_wait(self, day: Day) -> Day {
        self.after(day)
    }

    /// The first day of the window of this length that ends with `day` (2.3).
    ///
    /// ```
    /// use parure::calendar::{Day, Span};
    /// let day = Day::parse("2026-03-10")?;
    /// assert_eq!(Span::Months(12).window_start(day).to_string(), "2025-03-11");
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    #[must_use]
    pub fn window_start(self, day: Day) -> Day {
        self.before(day).add_days(1)
    }

    /// The first day whose window of this length no longer holds `day`.
    ///
    /// ```
    /// use parure::calendar::{Day, Span};
    /// let day = Day::parse("2026-03-10")?;
    /// let last = Span::Months(12).leaves_window(day);
    /// assert_eq!(last.to_string(), "2027-03-10");
    /// assert!(Span::Months(12).window_start(last) > day);
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    #[must_use]
    pub fn leaves_window(self, day: Day) -> Day {
        let candidate = self.after(day);
        // A month that is too short moves the candidate to its end, where the window still holds `day`.
        if self.window_start(candidate) > day { candidate } else { candidate.add_days(1) }
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (count, unit) = match self {
            Span::Days(count) => (count, "day"),
            Span::Months(count) => (count, "month"),
        };
        write!(f, "{count} {unit}{}", if *count == 1 { "" } else { "s" })
    }
}
