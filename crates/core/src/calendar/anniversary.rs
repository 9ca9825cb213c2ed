//! Dates that come again each year, solar or lunar (semantics 2.5).

use super::lunar::{self, day_of as lunar_day};
use super::{Day, LunarDate};
use crate::fault::Fault;
use serde::{Deserialize, Serialize};

/// A birthday or another date that recurs, as the person keeps it: by the solar or by the Chinese calendar.
///
/// ```
/// use parure::calendar::{Anniversary, DatePolicy};
/// // The fourth month came twice in 2020; the ordinary one counts unless the program says otherwise.
/// let birthday = Anniversary::lunar(None, 4, false, 11)?;
/// assert_eq!(birthday.in_year(2020, DatePolicy::default())[0].unwrap().to_string(), "2020-05-03");
/// # Ok::<(), parure::fault::Fault>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Anniversary {
    calendar: CalendarKind,
    year: Option<i16>,
    month: u8,
    leap: bool,
    day: u8,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
enum CalendarKind {
    Solar,
    Lunar,
}

/// What a program says of dates that a year does not have.
///
/// ```
/// use parure::calendar::{Anniversary, DatePolicy, Day, Leap29, LeapMonth};
/// let leapling = Anniversary::solar(None, 2, 29)?;
/// let policy = DatePolicy { leap_29: Leap29::March1, ..DatePolicy::default() };
/// assert_eq!(leapling.in_year(2026, policy)[0], Day::of(2026, 3, 1));
/// # Ok::<(), parure::fault::Fault>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DatePolicy {
    /// 29 February in common years.
    pub leap_29: Leap29,
    /// A date in a leap month, in a year that has both that month and its leap month.
    pub leap_month: LeapMonth,
}

/// Where 29 February goes in common years.
///
/// ```
/// use parure::calendar::{Anniversary, DatePolicy, Day, Leap29, LeapMonth};
/// let leapling = Anniversary::solar(None, 2, 29)?;
/// assert_eq!(leapling.in_year(2026, DatePolicy::default())[0], Day::of(2026, 2, 28));
/// let policy = DatePolicy { leap_29: Leap29::Skip, ..DatePolicy::default() };
/// assert_eq!(leapling.in_year(2026, policy)[0], None);
/// # Ok::<(), parure::fault::Fault>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Leap29 {
    /// On 28 February.
    #[default]
    February28,
    /// On 1 March.
    March1,
    /// Nowhere.
    Skip,
}

/// Which month counts in a year that has both a month and its leap month, for a date in the leap month.
///
/// ```
/// use parure::calendar::{Anniversary, DatePolicy, Day, Leap29, LeapMonth};
/// let born = Anniversary::lunar(None, 4, true, 11)?;
/// let policy = DatePolicy { leap_month: LeapMonth::Both, ..DatePolicy::default() };
/// assert_eq!(born.in_year(2020, policy), [Day::of(2020, 5, 3), Day::of(2020, 6, 2)]);
/// # Ok::<(), parure::fault::Fault>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LeapMonth {
    /// The ordinary one.
    #[default]
    Ordinary,
    /// The leap one.
    Leap,
    /// Both: the date comes twice in that lunar year.
    Both,
}

/// One time that a date comes, and the year of its own calendar that it is counted in: an occasion of a lunar date is counted and
/// keyed by the lunar year (semantics 2.5).
///
/// ```
/// use parure::calendar::{Anniversary, DatePolicy, Day, Occurrence};
/// let eve = Anniversary::parse_written("除夕")?;
/// let next = eve.next(Day::parse("2026-01-01")?, DatePolicy::default());
/// assert_eq!(next, Some(Occurrence { year: 2025, day: Day::parse("2026-02-16")? }));
/// # Ok::<(), parure::fault::Fault>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Occurrence {
    /// The year of its own calendar.
    pub year: i32,
    /// The day it falls on.
    pub day: Day,
}

impl Anniversary {
    /// A solar date, with or without the year.
    ///
    /// ```
    /// use parure::calendar::{Anniversary, DatePolicy, Day, Leap29, LeapMonth};
    /// assert_eq!(Anniversary::solar(Some(1992), 5, 20)?.in_year(2026, DatePolicy::default())[0], Day::of(2026, 5, 20));
    /// assert_eq!(Anniversary::solar(Some(2023), 2, 29).unwrap_err().code, "date_unreal");
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    ///
    /// # Errors
    /// `date_unreal` for a date that never is.
    pub fn solar(year: Option<i16>, month: u8, day: u8) -> Result<Self, Fault> {
        // 2000 has a 29 February, so it has every date of the year.
        let real = Day::of(year.map_or(2000, i32::from), u32::from(month), u32::from(day)).is_some();
        let date = Anniversary { calendar: CalendarKind::Solar, year, month, leap: false, day };
        real.then_some(date).ok_or_else(|| unreal("there is no such date in the calendar"))
    }

    /// A date of the Chinese calendar; `leap` for a date in a leap month.
    ///
    /// ```
    /// use parure::calendar::{Anniversary, DatePolicy, Day, Leap29, LeapMonth};
    /// let mid_autumn = Anniversary::lunar(None, 8, false, 15)?;
    /// assert_eq!(mid_autumn.in_year(2026, DatePolicy::default())[0], Day::of(2026, 9, 25));
    /// assert_eq!(Anniversary::lunar(None, 13, false, 1).unwrap_err().code, "date_unreal");
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    ///
    /// # Errors
    /// `date_unreal` for a date that the calendar can't have, or that the given year does not have.
    pub fn lunar(year: Option<i16>, month: u8, leap: bool, day: u8) -> Result<Self, Fault> {
        if !(1..=12).contains(&month) || !(1..=30).contains(&day) {
            return Err(unreal("a lunar date has a month from 1 to 12 and a day from 1 to 30"));
        }
        if let Some(year) = year
            && lunar_day(i32::from(year), month, leap, day).is_none()
        {
            return Err(unreal(&format!("the lunar year {year} has no such date")));
        }
        Ok(Anniversary { calendar: CalendarKind::Lunar, year, month, leap, day })
    }

    /// Reads a date as people write it: `农历八月十五`, `闰四月十一`, `腊月廿三`, `除夕`, `农历一九九〇年四月廿六`; solar as `5月20日`. What is written back
    /// (`to_string`) is read again as the same date.
    ///
    /// Without 农历 it is lunar where only that can be meant: in 正月, 冬月, 腊月 or a leap month, on a day such as 初五 or 廿三, or where the day is
    /// written in characters without 日 (八月十五). 除夕 is the last day of the lunar year: day 30 of the twelfth month, which falls on day 29
    /// in years that have none.
    ///
    /// ```
    /// use parure::calendar::Anniversary;
    /// let born = Anniversary::parse_written("农历闰四月十一")?;
    /// assert_eq!((born.is_lunar(), born.parts()), (true, (None, 4, true, 11)));
    /// assert_eq!(born.to_string(), "农历闰四月十一");
    /// assert_eq!(Anniversary::parse_written("1992年5月20日")?, Anniversary::solar(Some(1992), 5, 20)?);
    /// assert_eq!(Anniversary::parse_written("八月").unwrap_err().code, "date_text");
    /// assert_eq!(Anniversary::parse_written("农历2021年闰四月十一").unwrap_err().code, "date_unreal");
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    ///
    /// # Errors
    /// `date_text` for what is not such a date, `date_unreal` for a date that never is.
    pub fn parse_written(text: &str) -> Result<Self, Fault> {
        lunar::parse(text)
    }

    /// The date that [`Anniversary::parts`] came from.
    pub(crate) fn from_parts(lunar: bool, (year, month, leap, day): (Option<i16>, u8, bool, u8)) -> Self {
        let calendar = if lunar { CalendarKind::Lunar } else { CalendarKind::Solar };
        Anniversary { calendar, year, month, leap, day }
    }

    /// Whether it is kept by the Chinese calendar.
    ///
    /// ```
    /// use parure::calendar::{Anniversary, DatePolicy, Day, Leap29, LeapMonth};
    /// assert!(Anniversary::lunar(None, 8, false, 15)?.is_lunar());
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    #[must_use]
    pub fn is_lunar(self) -> bool {
        self.calendar == CalendarKind::Lunar
    }

    /// Month, day and whether the month is a leap month, in its own calendar; the year where it is known.
    ///
    /// ```
    /// use parure::calendar::{Anniversary, DatePolicy, Day, Leap29, LeapMonth};
    /// assert_eq!(Anniversary::lunar(None, 4, true, 11)?.parts(), (None, 4, true, 11));
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    #[must_use]
    pub fn parts(self) -> (Option<i16>, u8, bool, u8) {
        (self.year, self.month, self.leap, self.day)
    }

    /// The days it falls on in a year of its own calendar (semantics 2.5): none, one, or two where the program says `both`.
    ///
    /// ```
    /// use parure::calendar::{Anniversary, DatePolicy, Day, Leap29, LeapMonth};
    /// assert_eq!(Anniversary::solar(None, 5, 20)?.in_year(2026, DatePolicy::default()), [Day::of(2026, 5, 20), None]);
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    #[must_use]
    pub fn in_year(self, year: i32, policy: DatePolicy) -> [Option<Day>; 2] {
        match self.calendar {
            CalendarKind::Solar => [self.in_solar_year(year, policy.leap_29), None],
            CalendarKind::Lunar => self.in_lunar_year(year, policy.leap_month),
        }
    }

    fn in_solar_year(self, year: i32, policy: Leap29) -> Option<Day> {
        Day::of(year, u32::from(self.month), u32::from(self.day)).or_else(|| match policy {
            Leap29::February28 => Day::of(year, 2, 28),
            Leap29::March1 => Day::of(year, 3, 1),
            Leap29::Skip => None,
        })
    }

    fn in_lunar_year(self, year: i32, policy: LeapMonth) -> [Option<Day>; 2] {
        // A day 30 that a month lacks falls on day 29.
        let on = |leap| {
            lunar_day(year, self.month, leap, self.day).or_else(|| lunar_day(year, self.month, leap, 29))
        };
        let ordinary = on(false);
        let leap = if self.leap { on(true) } else { None };
        match (leap, policy) {
            (None, _) | (Some(_), LeapMonth::Ordinary) => [ordinary, None],
            (Some(day), LeapMonth::Leap) => [Some(day), None],
            (Some(day), LeapMonth::Both) => [ordinary, Some(day)],
        }
    }

    /// The first time it comes on or after a day, with the year of its own calendar that it is counted in.
    ///
    /// ```
    /// use parure::calendar::{Anniversary, DatePolicy, Day};
    /// // The first of the twelfth month comes twice in 2022, once for each lunar year.
    /// let born = Anniversary::lunar(None, 12, false, 1)?;
    /// let first = born.next(Day::parse("2022-01-01")?, DatePolicy::default()).unwrap();
    /// assert_eq!((first.year, first.day.to_string().as_str()), (2021, "2022-01-03"));
    /// let second = born.next(first.day.add_days(1), DatePolicy::default()).unwrap();
    /// assert_eq!((second.year, second.day.to_string().as_str()), (2022, "2022-12-23"));
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    #[must_use]
    pub fn next(self, from: Day, policy: DatePolicy) -> Option<Occurrence> {
        self.between(from, Day::LAST, policy).next()
    }

    /// All times it comes from one day up to and with another, in order, each with the year of its own calendar that it is counted in.
    ///
    /// ```
    /// use parure::calendar::{Anniversary, DatePolicy, Day};
    /// let born = Anniversary::lunar(None, 12, false, 1)?;
    /// let in_2023 = born.between(Day::parse("2023-01-01")?, Day::parse("2023-12-31")?, DatePolicy::default());
    /// assert_eq!(in_2023.count(), 0);
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    pub fn between(self, from: Day, to: Day, policy: DatePolicy) -> impl Iterator<Item = Occurrence> {
        // A lunar year begins in January or February and ends before March of the next.
        let years = from.year().saturating_sub(1)..=to.year();
        let all = years.flat_map(move |year| {
            let days = self.in_year(year, policy).into_iter().flatten();
            days.map(move |day| Occurrence { year, day })
        });
        all.filter(move |occurrence| (from..=to).contains(&occurrence.day))
    }

    /// The year of its own calendar that a day is in: what an occasion of that day is counted and keyed by.
    ///
    /// ```
    /// use parure::calendar::{Anniversary, Day};
    /// let january = Day::parse("2026-01-19")?; // 腊月初一
    /// assert_eq!(Anniversary::solar(None, 1, 19)?.year_of(january), 2026);
    /// assert_eq!(Anniversary::lunar(None, 12, false, 1)?.year_of(january), 2025);
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    #[must_use]
    pub fn year_of(self, day: Day) -> i32 {
        match self.calendar {
            CalendarKind::Solar => day.year(),
            CalendarKind::Lunar => LunarDate::of(day).map_or(day.year(), |date| i32::from(date.year())),
        }
    }

    /// The month of the year that the occurrence nearest to a day is in.
    pub(crate) fn nearest_month(self, day: Day, policy: DatePolicy) -> Option<u32> {
        match self.calendar {
            // Whichever year it is, but for a leap day.
            CalendarKind::Solar if (self.month, self.day) != (2, 29) => Some(u32::from(self.month)),
            CalendarKind::Solar | CalendarKind::Lunar => self.nearest(day, policy).map(|day| day.civil().1),
        }
    }

    /// Whether it has the same month and day of the civil calendar in every year.
    pub(crate) fn is_every_year(self) -> bool {
        self.calendar == CalendarKind::Solar && (self.month, self.day) != (2, 29)
    }

    /// The occurrence nearest to a day, the earlier of two as near: what "this year's birthday" means on that day, also where a
    /// solar year holds two of a lunar date or none.
    ///
    /// ```
    /// use parure::calendar::{Anniversary, DatePolicy, Day, Leap29, LeapMonth};
    /// let born = Anniversary::solar(None, 1, 3)?;
    /// let december = Day::parse("2026-12-20")?;
    /// assert_eq!(born.nearest(december, DatePolicy::default()), Day::of(2027, 1, 3));
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    #[must_use]
    pub fn nearest(self, day: Day, policy: DatePolicy) -> Option<Day> {
        let distance = |other: &Day| day.number().abs_diff(other.number());
        // The same date of the next year is never nearer than 353 days to this one.
        if let [Some(this), None] = self.in_year(day.year(), policy)
            && !self.leap
            && distance(&this) < 170
        {
            return Some(this);
        }
        // Leap days that are skipped come every fourth year, or every eighth around 1900, 2100 and 2200.
        let years: i32 =
            if self.month == 2 && self.day == 29 && policy.leap_29 == Leap29::Skip { 8 } else { 1 };
        let year = day.year();
        (year.saturating_sub(years)..=year.saturating_add(years))
            .flat_map(|year| self.in_year(year, policy))
            .flatten()
            .min_by_key(distance)
    }
}

fn unreal(why: &str) -> Fault {
    Fault::new("date_unreal", why)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn days(date: Anniversary, year: i32, policy: DatePolicy) -> Vec<String> {
        date.in_year(year, policy).into_iter().flatten().map(|day| day.to_string()).collect()
    }

    #[test]
    fn a_leap_month_birthday_falls_as_the_program_says() {
        // 2020 had a fourth month (23 April to 22 May) and a leap fourth month (23 May to 20 June).
        let date = Anniversary::lunar(None, 4, true, 11).unwrap();
        let policy = |leap_month| DatePolicy { leap_month, ..DatePolicy::default() };
        assert_eq!(days(date, 2020, policy(LeapMonth::Ordinary)), ["2020-05-03"]);
        assert_eq!(days(date, 2020, policy(LeapMonth::Leap)), ["2020-06-02"]);
        assert_eq!(days(date, 2020, policy(LeapMonth::Both)), ["2020-05-03", "2020-06-02"]);
        assert_eq!(days(date, 2021, policy(LeapMonth::Leap)), ["2021-05-22"]);
    }

    #[test]
    fn the_first_of_the_twelfth_month_comes_twice_in_2022_and_not_in_2023() {
        let date = Anniversary::lunar(None, 12, false, 1).unwrap();
        assert_eq!(days(date, 2021, DatePolicy::default()), ["2022-01-03"]);
        assert_eq!(days(date, 2022, DatePolicy::default()), ["2022-12-23"]);
        assert_eq!(days(date, 2023, DatePolicy::default()), ["2024-01-11"]);
        // Both months of 2022 are birthday months.
        let near = |text| date.nearest(Day::parse(text).unwrap(), DatePolicy::default()).unwrap().to_string();
        assert_eq!(near("2022-01-20"), "2022-01-03");
        assert_eq!(near("2022-12-01"), "2022-12-23");
    }

    #[test]
    fn the_nearest_is_the_nearest_of_all() {
        let lunar = [(1, 1), (8, 15), (12, 1), (12, 30)];
        let solar = [(1, 1), (2, 29), (6, 30), (12, 31)];
        let lunar = lunar.map(|(month, day)| Anniversary::lunar(None, month, false, day).unwrap());
        let leap = Anniversary::lunar(None, 4, true, 11).unwrap();
        let solar = solar.map(|(month, day)| Anniversary::solar(None, month, day).unwrap());
        for date in lunar.into_iter().chain(solar).chain([leap]) {
            for number in (18_000..22_000).step_by(3) {
                let day = Day::from_number(number);
                let policy = DatePolicy { leap_month: LeapMonth::Both, ..DatePolicy::default() };
                let years = day.year() - 2..=day.year() + 2;
                let all = years.flat_map(|year| date.in_year(year, policy)).flatten();
                let nearest = all.min_by_key(|other| day.number().abs_diff(other.number()));
                assert_eq!(date.nearest(day, policy), nearest, "{date:?} on {day}");
                assert_eq!(date.nearest_month(day, policy), nearest.map(|day| day.civil().1));
            }
        }
    }

    #[test]
    fn the_twenty_ninth_of_february_in_common_years() {
        let date = Anniversary::solar(None, 2, 29).unwrap();
        let policy = |leap_29| DatePolicy { leap_29, ..DatePolicy::default() };
        assert_eq!(days(date, 2024, policy(Leap29::March1)), ["2024-02-29"]);
        assert_eq!(days(date, 2026, policy(Leap29::February28)), ["2026-02-28"]);
        assert_eq!(days(date, 2026, policy(Leap29::March1)), ["2026-03-01"]);
        assert!(days(date, 2026, policy(Leap29::Skip)).is_empty());
    }

    #[test]
    fn dates_that_never_are_are_faults() {
        assert!(Anniversary::solar(Some(2023), 2, 29).is_err());
        assert!(Anniversary::lunar(Some(2021), 4, true, 11).is_err());
        assert!(Anniversary::lunar(None, 13, false, 1).is_err());
    }
}
