//! The local day of an instant, found once for each hour: a history asks for the same days again and again.

use crate::calendar::{Day, Moment};
use chrono_tz::Tz;
use foldhash::fast::FixedState;
use hashbrown::HashMap;

const HOUR: i64 = 3_600_000_000;
/// Hours that are kept: seven years of them.
const MOST_HOURS: usize = 1 << 16;

/// A time zone and what was asked of it.
#[derive(Debug)]
pub(super) struct Clock {
    zone: Tz,
    /// By hour since 1970 in UTC; `None` where the day changes within it, be it at midnight or by a change of clocks.
    hours: HashMap<i64, Option<Day>, FixedState>,
    latest: (i64, Option<Day>),
}

impl Clock {
    pub(super) fn new(zone: Tz) -> Clock {
        let mut clock = Clock { zone, hours: HashMap::default(), latest: (0, None) };
        clock.latest = (0, clock.of_hour(0));
        clock
    }

    pub(super) fn day(&mut self, micros: i64) -> Day {
        let hour = micros.div_euclid(HOUR);
        if hour != self.latest.0 {
            let known = self.hours.get(&hour).copied();
            let day = known.unwrap_or_else(|| {
                if self.hours.len() >= MOST_HOURS {
                    self.hours.clear();
                }
                let day = self.of_hour(hour);
                self.hours.insert(hour, day);
                day
            });
            self.latest = (hour, day);
        }
        self.latest.1.unwrap_or_else(|| self.ask(micros))
    }

    /// No zone has ever changed its clocks twice within an hour: where both ends are of one day, so is all between.
    fn of_hour(&self, hour: i64) -> Option<Day> {
        let first = hour.saturating_mul(HOUR);
        let day = self.ask(first);
        (day == self.ask(first.saturating_add(HOUR.saturating_sub(1)))).then_some(day)
    }

    fn ask(&self, micros: i64) -> Day {
        Moment::from_micros(micros, 0).map_or(Day::LAST, |moment| moment.day_in(self.zone))
    }
}

#[cfg(test)]
mod tests {
    use super::{Clock, HOUR};
    use crate::calendar::Moment;

    #[test]
    fn it_answers_what_the_zone_does() {
        // Lord Howe Island changes by half an hour; Samoa had no 30 December 2011; Nepal is off by three quarters.
        for zone in
            ["Australia/Lord_Howe", "Pacific/Apia", "Asia/Kathmandu", "Asia/Shanghai", "America/New_York"]
        {
            let zone: chrono_tz::Tz = zone.parse().unwrap();
            let mut clock = Clock::new(zone);
            let first = Moment::parse("2011-12-28T00:00:00Z").unwrap().micros();
            for step in 0..9_000 {
                let micros = first + step * (HOUR / 4 + 1_000_003);
                let asked = Moment::from_micros(micros, 0).unwrap().day_in(zone);
                assert_eq!(clock.day(micros), asked, "{zone} at {micros}");
            }
        }
    }
}
