//! The local day of an instant, found once for each day: a till asks for the same day again and again.

use super::{Day, Moment};
use chrono_tz::Tz;

const HOUR: i64 = 3_600_000_000;
const DAY: i64 = 86_400_000_000;

/// The day that was asked for last, and the instants that are known to be of it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Today {
    day: Day,
    first: i64,
    last: i64,
}

impl Today {
    pub(crate) fn none() -> Today {
        Today { day: Day::FIRST, first: i64::MAX, last: i64::MIN }
    }

    /// The local day of an instant in UTC.
    pub(crate) fn of(&mut self, micros: i64, zone: Tz) -> Day {
        if self.first <= micros && micros <= self.last {
            return self.day;
        }
        let day = Moment::day_at(micros, zone);
        let offset = Moment::offset_at(micros, zone);
        let first = micros.saturating_sub(micros.saturating_add(offset).rem_euclid(DAY));
        let last = first.saturating_add(DAY.saturating_sub(1));
        // No zone changes its clocks twice within half a day (from 1850 to 2040 the nearest two changes of any are 167 hours apart): where the
        // offset is the same all along, so is the day.
        let noon = first.saturating_add(HOUR.saturating_mul(12));
        if [first, noon, last].into_iter().all(|at| Moment::offset_at(at, zone) == offset) {
            *self = Today { day, first, last };
        }
        day
    }
}

#[cfg(test)]
mod tests {
    use super::{HOUR, Today};
    use crate::calendar::Moment;

    #[test]
    fn it_answers_what_the_zone_does() {
        // Lord Howe Island changes by half an hour; Samoa had no 30 December 2011; Nepal is off by three quarters; Cuba changes at midnight.
        for zone in [
            "Australia/Lord_Howe",
            "Pacific/Apia",
            "Asia/Kathmandu",
            "Asia/Shanghai",
            "America/New_York",
            "America/Havana",
        ] {
            let zone: chrono_tz::Tz = zone.parse().unwrap();
            let mut today = Today::none();
            let first = Moment::parse("2011-10-28T00:00:00Z").unwrap().micros();
            for step in 0..36_000 {
                let micros = first + step * (HOUR / 4 + 1_000_003);
                let asked = Moment::from_micros(micros, 0).unwrap().day_in(zone);
                assert_eq!(today.of(micros, zone), asked, "{zone} at {micros}");
            }
            // At both ends of all that can be written, too.
            for text in ["1800-01-01T00:00:00+14:00", "2299-12-31T23:59:59.999999-12:00"] {
                let at = Moment::parse(text).unwrap();
                assert_eq!(today.of(at.micros(), zone), at.day_in(zone), "{zone} at {text}");
            }
        }
    }

    #[test]
    fn a_day_is_looked_up_once() {
        let zone = chrono_tz::Asia::Shanghai;
        let mut today = Today::none();
        let noon = Moment::parse("2026-05-02T12:00:00+08:00").unwrap().micros();
        today.of(noon, zone);
        assert_eq!((today.first, today.last), (noon - 12 * HOUR, noon + 12 * HOUR - 1));
    }
}
