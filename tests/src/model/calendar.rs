//! Days as numbers, spans, windows and dates that come again (semantics 2).

use chrono::{DateTime, Datelike, NaiveDate, TimeZone};
use icu_calendar::Date;
use icu_calendar::cal::ChineseTraditional;
use icu_calendar::types::Month;

/// Days since 1 January 1970.
pub(crate) type Day = i64;

pub(crate) fn day(text: &str) -> Day {
    number(text.parse().unwrap_or_else(|_| panic!("`{text}` is not a day")))
}

pub(crate) fn number(date: NaiveDate) -> Day {
    i64::from(date.to_epoch_days())
}

pub(crate) fn date(day: Day) -> NaiveDate {
    NaiveDate::from_epoch_days(i32::try_from(day).expect("a day")).expect("a day")
}

pub(crate) fn show(day: Day) -> String {
    date(day).to_string()
}

/// The instant in microseconds.
pub(crate) fn instant(at: &str) -> i64 {
    DateTime::parse_from_rfc3339(at).unwrap_or_else(|_| panic!("`{at}` is not an instant")).timestamp_micros()
}

/// The local day of an instant (2.1).
pub(crate) fn local_day(at: &str, zone: chrono_tz::Tz) -> Day {
    let utc = DateTime::parse_from_rfc3339(at).expect("an instant").naive_utc();
    number(zone.from_utc_datetime(&utc).date_naive())
}

/// The first instant of a local day, in microseconds: looked for in each quarter of an hour.
pub(crate) fn first_instant(wanted: Day, zone: chrono_tz::Tz) -> i64 {
    let noon_before = (wanted - 1) * 86_400 - 43_200;
    let local = |second: &i64| {
        let utc = DateTime::from_timestamp(*second, 0).expect("an instant").naive_utc();
        number(zone.from_utc_datetime(&utc).date_naive())
    };
    let seconds: Vec<i64> = (noon_before..noon_before + 3 * 86_400).step_by(900).collect();
    let first = seconds.into_iter().find(|second| local(second) >= wanted).expect("the day begins");
    first * 1_000_000
}

/// 2.2
pub(crate) fn add_months(day: Day, months: i64) -> Day {
    let from = date(day);
    let index = i64::from(from.year()) * 12 + i64::from(from.month0()) + months;
    let (year, month) = (index.div_euclid(12) as i32, index.rem_euclid(12) as u32 + 1);
    let last = (1..=from.day()).rev().find_map(|day| NaiveDate::from_ymd_opt(year, month, day));
    number(last.expect("a day of that month"))
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Span {
    Days(i64),
    Months(i64),
}

impl Span {
    pub(crate) fn parse(text: &str) -> Span {
        let (count, unit) = text.split_once(' ').unwrap_or_else(|| panic!("`{text}` is not a span"));
        let count: i64 = count.parse().expect("a number");
        match unit.trim_end_matches('s') {
            "day" => Span::Days(count),
            "week" => Span::Days(count * 7),
            "month" => Span::Months(count),
            "year" => Span::Months(count * 12),
            _ => panic!("`{text}` is not a span"),
        }
    }

    pub(crate) fn after(self, day: Day) -> Day {
        match self {
            Span::Days(days) => day + days,
            Span::Months(months) => add_months(day, months),
        }
    }

    pub(crate) fn before(self, day: Day) -> Day {
        match self {
            Span::Days(days) => day - days,
            Span::Months(months) => add_months(day, -months),
        }
    }

    /// 2.4: the last day of a span that starts on `day`.
    pub(crate) fn last_day(self, day: Day) -> Day {
        self.after(day) - 1
    }

    /// 2.3: whether `other` is within this span on `day`.
    pub(crate) fn window_holds(self, other: Day, day: Day) -> bool {
        self.before(day) < other && other <= day
    }
}

pub(crate) fn month_end(day: Day) -> Day {
    let first = date(day).with_day(1).expect("a first of the month");
    add_months(number(first), 1) - 1
}

pub(crate) fn quarter_end(day: Day) -> Day {
    (0..3)
        .map(|months| month_end(add_months(day, months)))
        .find(|end| date(*end).month().is_multiple_of(3))
        .expect("a quarter")
}

pub(crate) fn year_end(day: Day) -> Day {
    number(NaiveDate::from_ymd_opt(date(day).year(), 12, 31).expect("a day"))
}

pub(crate) fn same_month(a: Day, b: Day) -> bool {
    same_year(a, b) && date(a).month() == date(b).month()
}

pub(crate) fn same_year(a: Day, b: Day) -> bool {
    date(a).year() == date(b).year()
}

/// 7.2: the first day of the membership year that `day` is in.
pub(crate) fn membership_year_start(joined: Day, day: Day) -> Day {
    let mut years = 0;
    while add_months(joined, 12 * (years + 1)) <= day {
        years += 1;
    }
    add_months(joined, 12 * years)
}

/// A birthday as it is kept.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Birthday {
    pub(crate) month: u32,
    pub(crate) day: u32,
    pub(crate) lunar: bool,
    pub(crate) leap: bool,
}

impl Birthday {
    /// `"1990-05-20"`, `"05-20"` or `{"lunar": "08-15", "leap": true}`.
    pub(crate) fn parse(value: &serde_json::Value) -> Birthday {
        let (text, lunar) = match value.as_str() {
            Some(text) => (text, false),
            None => (value["lunar"].as_str().expect("a lunar date"), true),
        };
        let mut parts = text.rsplit('-');
        let mut part = || parts.next().and_then(|part| part.parse().ok()).expect("a date");
        let (day, month) = (part(), part());
        Birthday { month, day, lunar, leap: value["leap"] == true }
    }

    /// The days in a year of its own calendar.
    pub(crate) fn in_year(self, year: i32, leap_day: &str, leap_month: &str) -> Vec<Day> {
        if !self.lunar {
            let on = |month, day| NaiveDate::from_ymd_opt(year, month, day).map(number);
            let fallback = || match leap_day {
                "1 March" => on(3, 1),
                "skip" => None,
                _ => on(2, 28),
            };
            return on(self.month, self.day).or_else(fallback).into_iter().collect();
        }
        let month = self.month as u8;
        let on = |month: Month, day: u32| {
            let date = Date::try_new(year.into(), month, day as u8, ChineseTraditional::new()).ok()?;
            Some(date.to_rata_die().to_i64_date() - 719_163)
        };
        // A day 30 that a month lacks falls on day 29.
        let near = |month: Month| on(month, self.day).or_else(|| on(month, 29));
        let ordinary = near(Month::new(month));
        let leap = if self.leap { near(Month::leap(month)) } else { None };
        match (leap, leap_month) {
            (Some(leap), "leap") => vec![leap],
            (Some(leap), "both") => ordinary.into_iter().chain([leap]).collect(),
            _ => ordinary.into_iter().collect(),
        }
    }

    /// The occurrence nearest to a day, the earlier of two as near.
    pub(crate) fn nearest(self, day: Day, leap_day: &str, leap_month: &str) -> Option<Day> {
        let year = date(day).year();
        let mut all: Vec<Day> =
            (year - 9..=year + 9).flat_map(|y| self.in_year(y, leap_day, leap_month)).collect();
        all.sort_unstable();
        all.into_iter().min_by_key(|other| (other - day).abs())
    }
}
