//! Dates of the Chinese calendar, as numbers and as people write them: 农历八月十五 (semantics 2.5).

use super::{Anniversary, Day};
use crate::fault::Fault;
use crate::money::shorten;
use icu_calendar::Date;
use icu_calendar::cal::ChineseTraditional;
use icu_calendar::types::{Month, RataDie};
use std::fmt;

/// Days from 1 January of the year 1 (day 1) to 1 January 1970.
const EPOCH: i64 = 719_163;
/// Years that a text may name.
const YEARS: std::ops::RangeInclusive<i16> = 1800..=2299;
const DIGITS: &str = "〇一二三四五六七八九";
const MONTHS: [&str; 12] =
    ["正月", "二月", "三月", "四月", "五月", "六月", "七月", "八月", "九月", "十月", "冬月", "腊月"];

/// A day by the Chinese calendar. One that exists is right: its year has that month, and the month that day.
///
/// ```
/// use parure::calendar::{Day, LunarDate};
/// let date = LunarDate::of(Day::parse("2026-09-25")?).unwrap();
/// assert_eq!((date.year(), date.month(), date.is_leap(), date.day_of_month()), (2026, 8, false, 15));
/// assert_eq!(date.to_string(), "农历二〇二六年八月十五");
/// assert_eq!(date.day().to_string(), "2026-09-25");
/// # Ok::<(), parure::fault::Fault>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct LunarDate {
    year: i16,
    month: u8,
    leap: bool,
    day: u8,
    on: Day,
}

impl LunarDate {
    /// A date by its numbers; `leap` for the leap month that follows the month of that number.
    ///
    /// ```
    /// use parure::calendar::LunarDate;
    /// // The leap month of 2033 is the eleventh, not the eighth as old almanacs have it.
    /// assert!(LunarDate::new(2033, 11, true, 1).is_some());
    /// assert_eq!(LunarDate::new(2033, 8, true, 1), None);
    /// ```
    #[must_use]
    pub fn new(year: i16, month: u8, leap: bool, day: u8) -> Option<LunarDate> {
        let on = day_of(i32::from(year), month, leap, day)?;
        Some(LunarDate { year, month, leap, day, on })
    }

    /// The date of a day; none at the far ends of what days can be.
    ///
    /// ```
    /// use parure::calendar::{Day, LunarDate};
    /// let eve = LunarDate::of(Day::parse("2026-02-16")?).unwrap();
    /// assert_eq!(eve.to_string(), "农历二〇二五年腊月廿九"); // 除夕: the year 2025 ends with a month of 29 days
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    #[must_use]
    pub fn of(day: Day) -> Option<LunarDate> {
        let rata_die = RataDie::new(i64::from(day.number()).saturating_add(EPOCH));
        let date = Date::from_rata_die(rata_die, ChineseTraditional::new());
        let year = i16::try_from(date.year().cyclic()?.related_iso).ok()?;
        let month = date.month().to_input();
        LunarDate::new(year, month.number(), month.is_leap(), date.day_of_month().0)
            .filter(|found| found.on == day)
    }

    /// The lunar year, by the civil year in which it begins.
    ///
    /// ```
    /// let date = parure::calendar::LunarDate::new(2025, 12, false, 29).unwrap();
    /// assert_eq!((date.year(), date.day().year()), (2025, 2026));
    /// ```
    #[must_use]
    pub fn year(self) -> i16 {
        self.year
    }

    /// The number of the month, 1 to 12; a leap month has that of the month before it.
    ///
    /// ```
    /// assert_eq!(parure::calendar::LunarDate::new(2020, 4, true, 11).unwrap().month(), 4);
    /// ```
    #[must_use]
    pub fn month(self) -> u8 {
        self.month
    }

    /// Whether the month is a leap month.
    ///
    /// ```
    /// assert!(parure::calendar::LunarDate::new(2020, 4, true, 11).unwrap().is_leap());
    /// ```
    #[must_use]
    pub fn is_leap(self) -> bool {
        self.leap
    }

    /// The day of the month, 1 to 30.
    ///
    /// ```
    /// assert_eq!(parure::calendar::LunarDate::new(2020, 4, true, 11).unwrap().day_of_month(), 11);
    /// ```
    #[must_use]
    pub fn day_of_month(self) -> u8 {
        self.day
    }

    /// The same day of the civil calendar.
    ///
    /// ```
    /// assert_eq!(parure::calendar::LunarDate::new(2020, 4, true, 11).unwrap().day().to_string(), "2020-06-02");
    /// ```
    #[must_use]
    pub fn day(self) -> Day {
        self.on
    }

    /// The date as an anniversary: of that month and day, with its year.
    ///
    /// ```
    /// use parure::calendar::{DatePolicy, Day, LunarDate};
    /// let born = LunarDate::of(Day::parse("1990-05-20")?).unwrap().anniversary();
    /// assert_eq!(born.to_string(), "农历一九九〇年四月廿六");
    /// assert_eq!(born.in_year(2026, DatePolicy::default())[0].unwrap().to_string(), "2026-06-11");
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    #[must_use]
    pub fn anniversary(self) -> Anniversary {
        Anniversary::from_parts(true, (Some(self.year), self.month, self.leap, self.day))
    }
}

impl fmt::Display for LunarDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.anniversary())
    }
}

/// The day of a lunar date, where there is such a date.
pub(super) fn day_of(year: i32, month: u8, leap: bool, day: u8) -> Option<Day> {
    let month = if leap { Month::leap(month) } else { Month::new(month) };
    let date = Date::try_new(year.into(), month, day, ChineseTraditional::new()).ok()?;
    let number = date.to_rata_die().to_i64_date().saturating_sub(EPOCH);
    Some(Day::from_number(number)).filter(|day| i64::from(day.number()) == number)
}

// ── As people write it ───────────────────────────────────────────────────────────────────────────────────────────────────

/// As people write it: `农历八月十五`, `农历二〇二〇年闰四月十一`; solar dates as `5月20日`, `1992年5月20日`.
impl fmt::Display for Anniversary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, leap, day) = self.parts();
        if !self.is_lunar() {
            if let Some(year) = year {
                write!(f, "{year}年")?;
            }
            return write!(f, "{month}月{day}日");
        }
        f.write_str("农历")?;
        if let Some(year) = year {
            for digit in year.to_string().chars() {
                let digit = digit.to_digit(10).and_then(|digit| usize::try_from(digit).ok());
                let written = digit.and_then(|digit| DIGITS.chars().nth(digit)).unwrap_or('负');
                write!(f, "{written}")?;
            }
            f.write_str("年")?;
        }
        let name =
            usize::from(month).checked_sub(1).and_then(|at| MONTHS.get(at)).copied().unwrap_or_default();
        write!(f, "{}{name}{}", if leap { "闰" } else { "" }, day_written(day))
    }
}

/// 初一 … 初十, 十一 … 十九, 二十, 廿一 … 廿九, 三十.
fn day_written(day: u8) -> String {
    let tens = match day {
        0..=10 => "初",
        11..=19 => "十",
        20 => "二",
        21..=29 => "廿",
        _ => "三",
    };
    let last = match day.rem_euclid(10) {
        0 => '十',
        digit => DIGITS.chars().nth(usize::from(digit)).unwrap_or('〇'),
    };
    format!("{tens}{last}")
}

/// Reads a date as people write it, lunar or solar, with or without the year.
///
/// Lunar: after 农历 (also 阴历, 旧历, 農曆 …), or without it where month or day can only be lunar (正月, 冬月, 腊月, 闰…, 初…, 廿…, or a day
/// without 日): `农历八月十五`, `闰四月十一`, `腊月廿三`, `农历一九九〇年四月廿六`, `农历1990年4月26`. `除夕` is the last day of the lunar year, which is
/// what a day 30 of the twelfth month means in a year that has none. Solar: `1992年5月20日`, `公历5月20号`.
pub(super) fn parse(text: &str) -> Result<Anniversary, Fault> {
    let plain: String = text.chars().filter(|c| !c.is_whitespace()).map(simplified).collect();
    let unread = || {
        Fault::new("date_text", format!("`{}` is not a date", shorten(text)))
            .advise("write such as 农历八月十五, 农历闰四月十一 or 5月20日")
    };
    let lunar_named = ["农历", "阴历", "旧历", "夏历"].into_iter().find_map(|name| plain.strip_prefix(name));
    let solar_named = ["公历", "阳历", "新历"].into_iter().find_map(|name| plain.strip_prefix(name));
    let rest = lunar_named.or(solar_named).unwrap_or(&plain);
    let (year, rest) = match rest.split_once('年') {
        Some((year, rest)) => (Some(year_read(year).ok_or_else(unread)?), rest),
        None => (None, rest),
    };
    if rest == "除夕" && solar_named.is_none() {
        return last_day(year);
    }
    let (leap, rest) = rest.strip_prefix('闰').map_or((false, rest), |rest| (true, rest));
    let (month, day) = rest.split_once('月').ok_or_else(unread)?;
    let shortened = day.strip_suffix(['日', '号']);
    let only_lunar = leap || ["正", "冬", "腊"].contains(&month) || day.starts_with(['初', '廿']);
    let lunar = lunar_named.is_some()
        || only_lunar
        || (shortened.is_none() && !day.contains(|c: char| c.is_ascii_digit()));
    let month = match month {
        "正" => 1,
        "冬" => 11,
        "腊" => 12,
        number => number_read(number).ok_or_else(unread)?,
    };
    let day = shortened.unwrap_or(day);
    let day = number_read(day.strip_prefix('初').unwrap_or(day)).ok_or_else(unread)?;
    match (lunar, solar_named) {
        (true, Some(_)) if only_lunar => Err(unread()),
        (true, None) => Anniversary::lunar(year, month, leap, day),
        _ => Anniversary::solar(year, month, day),
    }
}

/// The eve of the New Year: day 30 of the twelfth month, or 29 in a named year that has none.
fn last_day(year: Option<i16>) -> Result<Anniversary, Fault> {
    Anniversary::lunar(year, 12, false, 30).or_else(|_| Anniversary::lunar(year, 12, false, 29))
}

/// The few traditional and full-width characters that dates are written with.
fn simplified(character: char) -> char {
    match character {
        '農' => '农',
        '曆' | '歷' => '历',
        '陰' => '阴',
        '陽' => '阳',
        '舊' => '旧',
        '閏' => '闰',
        '臘' => '腊',
        '號' => '号',
        '零' | '○' => '〇',
        '元' => '一',
        '０'..='９' => {
            let digit = u32::from(character).saturating_sub(u32::from('０'));
            char::from_digit(digit, 10).unwrap_or(character)
        }
        other => other,
    }
}

/// 一九九〇, 二〇二六 or 1990.
fn year_read(text: &str) -> Option<i16> {
    let digits: Option<String> =
        text.chars().map(|c| digit(c).and_then(|digit| char::from_digit(digit, 10))).collect();
    digits?.parse().ok().filter(|year| YEARS.contains(year))
}

fn digit(character: char) -> Option<u32> {
    let chinese = DIGITS.chars().position(|known| known == character).and_then(|at| u32::try_from(at).ok());
    chinese.or_else(|| character.to_digit(10))
}

/// 1 to 39 as 十, 十二, 二十, 二十三, 廿三, 卅, 三十, or as digits.
fn number_read(text: &str) -> Option<u8> {
    if text.chars().all(|c| c.is_ascii_digit()) {
        return text.parse().ok();
    }
    let (tens, ones) = match text.split_once(['十', '廿', '卅']) {
        None => (0, text),
        Some((before, after)) => match (text.chars().find(|c| "十廿卅".contains(*c))?, before) {
            ('十', "") => (1, after),
            ('十', tens) => (one(tens)?, after),
            ('廿', "") => (2, after.strip_prefix('十').unwrap_or(after)),
            ('卅', "") => (3, after),
            _ => return None,
        },
    };
    let ones = if ones.is_empty() && tens > 0 { 0 } else { one(ones)? };
    u8::try_from(tens.checked_mul(10)?.checked_add(ones)?).ok().filter(|number| (1..40).contains(number))
}

/// One Chinese digit from 1 to 9.
fn one(text: &str) -> Option<u32> {
    let mut characters = text.chars();
    let digit = digit(characters.next()?)?;
    (characters.next().is_none() && digit > 0).then_some(digit)
}

#[cfg(test)]
mod tests {
    use crate::calendar::{Anniversary, Day, LunarDate};

    #[test]
    fn what_people_write_is_read() {
        for (text, (year, month, leap, day)) in [
            ("农历八月十五", (None, 8, false, 15)),
            ("八月十五", (None, 8, false, 15)),
            ("闰四月十一", (None, 4, true, 11)),
            ("農曆閏四月十一日", (None, 4, true, 11)),
            ("正月初一", (None, 1, false, 1)),
            ("农历一月一日", (None, 1, false, 1)),
            ("冬月三十", (None, 11, false, 30)),
            ("臘月廿三", (None, 12, false, 23)),
            ("腊月二十三", (None, 12, false, 23)),
            ("农历十二月初十", (None, 12, false, 10)),
            ("十一月廿", (None, 11, false, 20)),
            ("农历一九九〇年四月廿六", (Some(1990), 4, false, 26)),
            ("阴历 １９９０年 4月26", (Some(1990), 4, false, 26)),
            ("二零二〇年闰四月十一", (Some(2020), 4, true, 11)),
            ("除夕", (None, 12, false, 30)),
            ("农历2025年除夕", (Some(2025), 12, false, 29)),
            ("农历2022年除夕", (Some(2022), 12, false, 30)),
        ] {
            let read = Anniversary::parse_written(text).unwrap();
            assert_eq!((read.is_lunar(), read.parts()), (true, (year, month, leap, day)), "{text}");
            assert_eq!(Anniversary::parse_written(&read.to_string()).unwrap(), read, "{text}");
        }
        for (text, expected) in [
            ("5月20日", (None, 5, false, 20)),
            ("1992年5月20日", (Some(1992), 5, false, 20)),
            ("公历五月二十号", (None, 5, false, 20)),
            ("阳历5月20", (None, 5, false, 20)),
            ("8月15", (None, 8, false, 15)),
            ("公历八月十五", (None, 8, false, 15)),
        ] {
            let read = Anniversary::parse_written(text).unwrap();
            assert_eq!((read.is_lunar(), read.parts()), (false, expected), "{text}");
        }
    }

    #[test]
    fn what_is_no_date_is_a_fault() {
        for text in [
            "",
            "农历",
            "八月",
            "十五",
            "农历八月三十一",
            "农历十三月初一",
            "农历〇月初一",
            "八月十十",
            "农历2021年闰四月十一",
            "公历闰四月十一",
            "公历正月初一",
            "2月30日",
            "农历99999年八月十五",
            "公历除夕",
            "初八月十五",
            "八月廿卅",
            "八月初",
            "闰闰四月十一",
            "农历八月十五啊",
        ] {
            let fault = Anniversary::parse_written(text).unwrap_err();
            assert!(["date_text", "date_unreal"].contains(&fault.code), "{text}");
        }
    }

    /// All lunar dates there are, written and read again; and every day's date is that day's.
    #[test]
    fn both_ways() {
        for month in 1..=12 {
            for (leap, day) in (1..=30).flat_map(|day| [(false, day), (true, day)]) {
                let date = Anniversary::lunar(None, month, leap, day).unwrap();
                assert_eq!(Anniversary::parse_written(&date.to_string()).unwrap(), date);
            }
        }
        let first = Day::parse("1899-01-01").unwrap().number();
        let last = Day::parse("2101-12-31").unwrap().number();
        for number in (first..=last).step_by(7) {
            let day = Day::from_number(number.into());
            let date = LunarDate::of(day).unwrap();
            assert_eq!(date.day(), day);
            assert_eq!(Anniversary::parse_written(&date.to_string()).unwrap(), date.anniversary());
        }
    }
}
