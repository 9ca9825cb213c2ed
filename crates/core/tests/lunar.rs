//! The Chinese calendar, day by day from 1901 to 2099, against a table that sxtwl made (tests/data/make_lunar.py), and the golden dates.

use parure::calendar::{Anniversary, DatePolicy, Day, Festival, LeapMonth, LunarDate};

/// A lunar year of the table.
struct Year {
    year: i16,
    first: Day,
    /// Number, leap, length.
    months: Vec<(u8, bool, u8)>,
    qingming: String,
}

fn table() -> Vec<Year> {
    let lines = include_str!("data/lunar.txt").lines();
    lines.map(|line| read(&line.split(' ').collect::<Vec<_>>())).collect()
}

fn read(parts: &[&str]) -> Year {
    let &[year, first, leap, lengths, qingming] = parts else { panic!("{parts:?}") };
    let leap: u8 = leap.parse().unwrap();
    let names = (1..=12).flat_map(|month| {
        let again = (month == leap).then_some((month, true));
        std::iter::once((month, false)).chain(again)
    });
    let months = names.zip(lengths.bytes()).map(|((month, leap), length)| (month, leap, length - b'0' + 29));
    let months: Vec<_> = months.collect();
    assert_eq!(months.len(), lengths.len());
    Year {
        year: year.parse().unwrap(),
        first: Day::parse(&format!("{year}-{first}")).unwrap(),
        months,
        qingming: format!("{year}-{qingming}"),
    }
}

fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

#[test]
fn every_day_from_1901_to_2099_is_what_sxtwl_says() {
    let (mut days, mut on) = (0, table()[0].first);
    for year in table() {
        assert_eq!(on, year.first, "{} begins where the year before ends", year.year);
        let months = &year.months;
        for &(month, leap, length) in months {
            for number in 1..=length {
                let date = LunarDate::of(on).unwrap();
                let parts = (date.year(), date.month(), date.is_leap(), date.day_of_month());
                assert_eq!(parts, (year.year, month, leap, number), "{on}");
                assert_eq!(LunarDate::new(year.year, month, leap, number).unwrap().day(), on);
                assert_eq!(Anniversary::parse_written(&date.to_string()).unwrap(), date.anniversary());
                days += i32::from((1901..=2099).contains(&on.year()));
                on = on.add_days(1);
            }
            assert_eq!(LunarDate::new(year.year, month, leap, length + 1), None);
            let there = |leap| months.iter().any(|each| (each.0, each.1) == (month, leap));
            assert_eq!(
                LunarDate::new(year.year, month, !leap, 1).is_some(),
                there(!leap),
                "{} {month}",
                year.year
            );
        }
    }
    assert_eq!(days, day("2099-12-31").number() - day("1901-01-01").number() + 1);
}

/// What every date of a year falls on, worked out from the table alone.
#[test]
fn every_anniversary_falls_where_the_table_says() {
    for year in table() {
        let mut starts = Vec::new();
        let mut on = year.first;
        for (month, leap, length) in &year.months {
            starts.push((*month, *leap, *length, on));
            on = on.add_days(i64::from(*length));
        }
        let falls = |month: u8, leap: bool, day: u8| {
            let (_, _, length, start) = starts.iter().find(|start| (start.0, start.1) == (month, leap))?;
            Some(start.add_days(i64::from(day.min(*length)) - 1))
        };
        for (month, leap, number) in
            (1..=12).flat_map(|month| [(month, false, 1), (month, false, 30), (month, true, 30)])
        {
            let date = Anniversary::lunar(None, month, leap, number).unwrap();
            let in_year = |leap_month| {
                date.in_year(year.year.into(), DatePolicy { leap_month, ..DatePolicy::default() })
            };
            let ordinary = falls(month, false, number);
            let again = falls(month, true, number).filter(|_| leap);
            assert_eq!(in_year(LeapMonth::Ordinary), [ordinary, None]);
            assert_eq!(in_year(LeapMonth::Leap), [again.or(ordinary), None]);
            assert_eq!(in_year(LeapMonth::Both), [ordinary, again]);
            for occurrence in in_year(LeapMonth::Both).into_iter().flatten() {
                assert_eq!(date.year_of(occurrence), i32::from(year.year));
            }
        }
    }
}

#[test]
fn festivals_fall_where_the_table_says() {
    for [year, next] in table().array_windows() {
        let of = |festival: Festival| festival.in_year(year.year.into()).unwrap();
        assert_eq!(of(Festival::SpringFestival), year.first);
        assert_eq!(of(Festival::Lantern), year.first.add_days(14));
        assert_eq!(of(Festival::SpringEve), next.first.add_days(-1));
        assert_eq!(
            Anniversary::parse_written("除夕").unwrap().in_year(year.year.into(), DatePolicy::default())[0],
            Some(of(Festival::SpringEve))
        );
        if year.year > 1900 {
            assert_eq!(of(Festival::Qingming).to_string(), year.qingming);
        }
    }
    // Printed almanacs: 2020 has a leap fourth month, 2025 a leap sixth; festivals of later months come late.
    for (festival, year, expected) in [
        (Festival::DragonBoat, 2020, "2020-06-25"),
        (Festival::DragonBoat, 2026, "2026-06-19"),
        (Festival::Qixi, 2025, "2025-08-29"),
        (Festival::Qixi, 2026, "2026-08-19"),
        (Festival::MidAutumn, 2020, "2020-10-01"),
        (Festival::MidAutumn, 2026, "2026-09-25"),
        (Festival::DoubleNinth, 2026, "2026-10-18"),
        (Festival::Laba, 2025, "2026-01-26"),
        (Festival::MothersDay, 2026, "2026-05-10"),
        (Festival::FathersDay, 2026, "2026-06-21"),
        (Festival::MothersDay, 2022, "2022-05-08"),
        (Festival::FiveTwenty, 2026, "2026-05-20"),
    ] {
        assert_eq!(festival.in_year(year).unwrap().to_string(), expected, "{festival:?} {year}");
    }
    for festival in Festival::ALL {
        assert_eq!(Festival::parse(festival.name()).unwrap(), festival);
        assert_eq!(Festival::parse(festival.chinese_name()).unwrap(), festival);
        assert_eq!(festival.in_year(i32::MAX), None);
        assert_eq!(festival.in_year(i32::MIN), None);
    }
}

#[test]
fn golden_leap_months() {
    let ordinary = Anniversary::lunar(Some(2020), 4, false, 11).unwrap();
    let leap = Anniversary::lunar(Some(2020), 4, true, 11).unwrap();
    let with = |leap_month| DatePolicy { leap_month, ..DatePolicy::default() };
    assert_eq!(ordinary.in_year(2020, with(LeapMonth::Both)), [Some(day("2020-05-03")), None]);
    assert_eq!(leap.in_year(2020, with(LeapMonth::Leap)), [Some(day("2020-06-02")), None]);
    let leap_months_of_2033 = (1..=12).filter(|month| LunarDate::new(2033, *month, true, 1).is_some());
    assert_eq!(leap_months_of_2033.collect::<Vec<_>>(), [11]);
    assert_eq!(LunarDate::new(2033, 11, true, 1).unwrap().day(), day("2033-12-22"));
}

#[test]
fn golden_day_30_birthdays_and_the_eve() {
    // The eighth month has 30 days in 2024 and 29 in 2026: the birthday falls on the last there is.
    let date = Anniversary::lunar(None, 8, false, 30).unwrap();
    let falls = |year| LunarDate::of(date.in_year(year, DatePolicy::default())[0].unwrap()).unwrap();
    let lengths: Vec<_> =
        (2020..=2030).map(|year| (falls(year).month(), falls(year).day_of_month())).collect();
    let expected = table().into_iter().filter(|year| (2020..=2030).contains(&year.year));
    let expected: Vec<_> = expected
        .map(|year| year.months.into_iter().find(|month| (month.0, month.1) == (8, false)).unwrap().2)
        .collect();
    assert!(expected.contains(&29) && expected.contains(&30));
    assert_eq!(lengths, expected.into_iter().map(|length| (8, length)).collect::<Vec<_>>());
    let eve = Anniversary::lunar(None, 12, false, 30).unwrap();
    for (year, expected) in
        [(2023, "2024-02-09"), (2024, "2025-01-28"), (2025, "2026-02-16"), (2026, "2027-02-05")]
    {
        assert_eq!(eve.in_year(year, DatePolicy::default())[0], Some(day(expected)));
    }
}

#[test]
fn golden_first_of_the_twelfth_month() {
    let born = Anniversary::lunar(None, 12, false, 1).unwrap();
    let in_solar = |year: i32| {
        let from = Day::of(year, 1, 1).unwrap();
        let all: Vec<_> = born.between(from, from.year_end(), DatePolicy::default()).collect();
        // Each is keyed by a lunar year of its own.
        assert!(all.iter().all(|one| one.year == year - 1 || one.year == year));
        assert!(all.array_windows().all(|[one, other]| one.year < other.year));
        all.len()
    };
    for year in 2020..=2035 {
        let expected = match year {
            2022 | 2024 | 2027 | 2030 | 2035 => 2,
            2020 | 2023 | 2025 | 2028 | 2031 => 0,
            _ => 1,
        };
        assert_eq!(in_solar(year), expected, "{year}");
    }
    let years: Vec<_> = born
        .between(day("2020-01-01"), day("2036-12-31"), DatePolicy::default())
        .map(|one| one.year)
        .collect();
    assert!(years.array_windows().all(|[one, next]| one + 1 == *next), "{years:?}");
}
