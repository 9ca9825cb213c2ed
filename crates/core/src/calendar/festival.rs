//! Festivals on which a shop writes to people or decorates its windows: each year's day follows from the calendar, no year is typed in.

use super::Day;
use super::lunar::day_of;
use crate::fault::Fault;
use crate::money::shorten;

/// A festival that comes each year.
///
/// ```
/// use parure::calendar::Festival;
/// assert_eq!(Festival::Qixi.in_year(2026).unwrap().to_string(), "2026-08-19");
/// assert_eq!(Festival::parse("七夕")?, Festival::parse("qixi")?);
/// # Ok::<(), parure::fault::Fault>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Festival {
    /// 元旦, 1 January.
    NewYear,
    /// 腊八, the 8th of the twelfth lunar month.
    Laba,
    /// 除夕, the last day of the lunar year.
    SpringEve,
    /// 春节, the first day of the lunar year.
    SpringFestival,
    /// 元宵, the 15th of the first lunar month.
    Lantern,
    /// 情人节, 14 February.
    Valentines,
    /// 妇女节, 8 March.
    WomensDay,
    /// 清明, the day on which the sun reaches 15°.
    Qingming,
    /// 母亲节, the second Sunday in May.
    MothersDay,
    /// 520, 20 May: said in Chinese it sounds like "I love you".
    FiveTwenty,
    /// 儿童节, 1 June.
    ChildrensDay,
    /// 端午, the 5th of the fifth lunar month.
    DragonBoat,
    /// 父亲节, the third Sunday in June.
    FathersDay,
    /// 七夕, the 7th of the seventh lunar month.
    Qixi,
    /// 教师节, 10 September.
    TeachersDay,
    /// 中秋, the 15th of the eighth lunar month.
    MidAutumn,
    /// 国庆, 1 October.
    NationalDay,
    /// 重阳, the 9th of the ninth lunar month.
    DoubleNinth,
    /// 双十一, 11 November.
    DoubleEleven,
    /// 双十二, 12 December.
    DoubleTwelve,
    /// 平安夜, 24 December.
    ChristmasEve,
    /// 圣诞, 25 December.
    Christmas,
}

/// How a festival's day is found.
enum Rule {
    Solar(u32, u32),
    /// Month, and which Sunday of it.
    Sunday(u32, u32),
    Lunar(u8, u8),
    /// The day before the lunar New Year.
    Eve,
    Qingming,
}

impl Festival {
    /// All of them, in the order in which they come in most years.
    ///
    /// ```
    /// use parure::calendar::Festival;
    /// let days: Vec<_> = Festival::ALL.iter().filter_map(|festival| festival.in_year(2026)).collect();
    /// assert_eq!(days.len(), Festival::ALL.len());
    /// ```
    pub const ALL: [Festival; 22] = [
        Festival::NewYear,
        Festival::Laba,
        Festival::SpringEve,
        Festival::SpringFestival,
        Festival::Lantern,
        Festival::Valentines,
        Festival::WomensDay,
        Festival::Qingming,
        Festival::MothersDay,
        Festival::FiveTwenty,
        Festival::ChildrensDay,
        Festival::DragonBoat,
        Festival::FathersDay,
        Festival::Qixi,
        Festival::TeachersDay,
        Festival::MidAutumn,
        Festival::NationalDay,
        Festival::DoubleNinth,
        Festival::DoubleEleven,
        Festival::DoubleTwelve,
        Festival::ChristmasEve,
        Festival::Christmas,
    ];

    /// Its name in programs and keys.
    ///
    /// ```
    /// assert_eq!(parure::calendar::Festival::MidAutumn.name(), "mid-autumn");
    /// ```
    #[must_use]
    pub fn name(self) -> &'static str {
        self.told().0
    }

    /// Its name in Chinese.
    ///
    /// ```
    /// assert_eq!(parure::calendar::Festival::MidAutumn.chinese_name(), "中秋");
    /// ```
    #[must_use]
    pub fn chinese_name(self) -> &'static str {
        self.told().1
    }

    /// Reads a name, in English as [`Festival::name`] gives it or in Chinese, also with 节 or without.
    ///
    /// ```
    /// use parure::calendar::Festival;
    /// assert_eq!(Festival::parse("中秋节")?, Festival::MidAutumn);
    /// assert_eq!(Festival::parse("520")?, Festival::FiveTwenty);
    /// let fault = Festival::parse("mid-autum").unwrap_err();
    /// assert_eq!(fault.code, "unknown_festival");
    /// assert!(fault.to_string().ends_with("did you mean `mid-autumn`?"));
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    ///
    /// # Errors
    /// `unknown_festival` for a name that none has.
    pub fn parse(name: &str) -> Result<Festival, Fault> {
        let bare = |name: &'_ str| name.strip_suffix('节').unwrap_or(name).to_owned();
        let is_it = |festival: &&Festival| {
            let (english, chinese, _) = festival.told();
            name == english || bare(name) == bare(chinese)
        };
        Festival::ALL.iter().find(is_it).copied().ok_or_else(|| {
            let known = Festival::ALL.iter().map(|festival| festival.name());
            let near = known.map(|known| (strsim::osa_distance(name, known), known)).min();
            let fault = Fault::new("unknown_festival", format!("there is no festival `{}`", shorten(name)));
            match near.filter(|(steps, _)| *steps <= 3) {
                Some((_, near)) => fault.advise(format!("did you mean `{near}`?")),
                None => fault.advise("write a name such as `qixi`, `mid-autumn` or 春节"),
            }
        })
    }

    /// Whether it is a festival of the Chinese calendar, and its occasions are keyed by lunar year.
    ///
    /// ```
    /// use parure::calendar::Festival;
    /// assert!(Festival::Laba.is_lunar() && !Festival::Qingming.is_lunar());
    /// ```
    #[must_use]
    pub fn is_lunar(self) -> bool {
        matches!(self.told().2, Rule::Lunar(..) | Rule::Eve)
    }

    /// Its day in a year: of the civil calendar, or, where [`Festival::is_lunar`], of the Chinese calendar. 腊八 and 除夕 of the lunar year 2025
    /// fall in January and February 2026. A leap month has no festivals.
    ///
    /// None for a year outside what days can be, and for Qingming outside 1901 to 2099: what is computed was held to an independent
    /// table for these years only.
    ///
    /// ```
    /// use parure::calendar::Festival;
    /// assert_eq!(Festival::SpringEve.in_year(2025).unwrap().to_string(), "2026-02-16");
    /// assert_eq!(Festival::SpringFestival.in_year(2026).unwrap().to_string(), "2026-02-17");
    /// assert_eq!(Festival::MothersDay.in_year(2026).unwrap().to_string(), "2026-05-10");
    /// assert_eq!(Festival::Qingming.in_year(2100), None);
    /// ```
    #[must_use]
    pub fn in_year(self, year: i32) -> Option<Day> {
        match self.told().2 {
            Rule::Solar(month, day) => Day::of(year, month, day),
            Rule::Sunday(month, which) => {
                let first = Day::of(year, month, 1)?;
                let days =
                    7_u32.checked_sub(first.weekday())?.checked_add(which.checked_sub(1)?.checked_mul(7)?)?;
                Some(first.add_days(days.into()))
            }
            Rule::Lunar(month, day) => day_of(year, month, false, day),
            Rule::Eve => Some(day_of(year.checked_add(1)?, 1, false, 1)?.add_days(-1)),
            Rule::Qingming => qingming(year),
        }
    }

    /// All its days from one day up to and with another, with the year that each is keyed by.
    ///
    /// ```
    /// use parure::calendar::{Day, Festival};
    /// let (from, to) = (Day::parse("2026-01-01")?, Day::parse("2026-12-31")?);
    /// let laba: Vec<_> = Festival::Laba.between(from, to).map(|(year, day)| (year, day.to_string())).collect();
    /// assert_eq!(laba, [(2025, "2026-01-26".to_owned())]);
    /// # Ok::<(), parure::fault::Fault>(())
    /// ```
    pub fn between(self, from: Day, to: Day) -> impl Iterator<Item = (i32, Day)> {
        let years = from.year().saturating_sub(1)..=to.year();
        let days = years.filter_map(move |year| Some((year, self.in_year(year)?)));
        days.filter(move |(_, day)| (from..=to).contains(day))
    }

    fn told(self) -> (&'static str, &'static str, Rule) {
        match self {
            Festival::NewYear => ("new-year", "元旦", Rule::Solar(1, 1)),
            Festival::Laba => ("laba", "腊八", Rule::Lunar(12, 8)),
            Festival::SpringEve => ("spring-eve", "除夕", Rule::Eve),
            Festival::SpringFestival => ("spring-festival", "春节", Rule::Lunar(1, 1)),
            Festival::Lantern => ("lantern", "元宵", Rule::Lunar(1, 15)),
            Festival::Valentines => ("valentines", "情人节", Rule::Solar(2, 14)),
            Festival::WomensDay => ("womens-day", "妇女节", Rule::Solar(3, 8)),
            Festival::Qingming => ("qingming", "清明", Rule::Qingming),
            Festival::MothersDay => ("mothers-day", "母亲节", Rule::Sunday(5, 2)),
            Festival::FiveTwenty => ("520", "520", Rule::Solar(5, 20)),
            Festival::ChildrensDay => ("childrens-day", "儿童节", Rule::Solar(6, 1)),
            Festival::DragonBoat => ("dragon-boat", "端午", Rule::Lunar(5, 5)),
            Festival::FathersDay => ("fathers-day", "父亲节", Rule::Sunday(6, 3)),
            Festival::Qixi => ("qixi", "七夕", Rule::Lunar(7, 7)),
            Festival::TeachersDay => ("teachers-day", "教师节", Rule::Solar(9, 10)),
            Festival::MidAutumn => ("mid-autumn", "中秋", Rule::Lunar(8, 15)),
            Festival::NationalDay => ("national-day", "国庆", Rule::Solar(10, 1)),
            Festival::DoubleNinth => ("double-ninth", "重阳", Rule::Lunar(9, 9)),
            Festival::DoubleEleven => ("double-eleven", "双十一", Rule::Solar(11, 11)),
            Festival::DoubleTwelve => ("double-twelve", "双十二", Rule::Solar(12, 12)),
            Festival::ChristmasEve => ("christmas-eve", "平安夜", Rule::Solar(12, 24)),
            Festival::Christmas => ("christmas", "圣诞", Rule::Solar(12, 25)),
        }
    }
}

/// The formula of Chinese almanacs (寿星通式): a tropical year is 0.2422 days longer than 365, less the leap days so far. It is right for every
/// year from 1901 to 2099, which `tests/lunar.rs` holds to sxtwl; other solar terms need exceptions.
fn qingming(year: i32) -> Option<Day> {
    let start = match year {
        1901..=1999 => 55_900_i32,
        2000..=2099 => 48_100,
        _ => return None,
    };
    let of_century = year.rem_euclid(100);
    let drift = of_century.checked_mul(2_422)?.checked_add(start)?.div_euclid(10_000);
    Day::of(year, 4, u32::try_from(drift.checked_sub(of_century.div_euclid(4))?).ok()?)
}
