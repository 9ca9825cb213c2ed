//! The local day of an instant, found once for each day of UTC: a history asks for the same days again and again.

use crate::calendar::{Day, Moment};
use chrono_tz::Tz;

const HOUR: i64 = 3_600_000_000;
const HOURS: i64 = 24;
const DAY: i64 = 24 * HOUR;
/// Days that are kept at most: those of 500 years.
const MOST_DAYS: usize = 200_000;

/// A time zone and what was asked of it.
#[derive(Debug)]
pub(super) struct Clock {
    zone: Tz,
    /// By day of UTC, from `first` on.
    days: Vec<Turning>,
    first: i64,
    latest: (i64, Day),
}

/// How the local day changes within a day of UTC.
#[derive(Debug, Clone, Copy)]
enum Turning {
    Unasked,
    /// Once, somewhere between these two of its hours: each instant there is asked for.
    Between {
        first: i64,
        end: i64,
        before: Day,
        after: Day,
    },
    /// In another way: each instant is asked for.
    Otherwise,
}

impl Clock {
    pub(super) fn new(zone: Tz) -> Clock {
        let mut clock = Clock { zone, days: Vec::new(), first: 0, latest: (0, Day::FIRST) };
        clock.latest = (0, clock.ask(0));
        clock
    }

    #[inline]
    pub(super) fn day(&mut self, micros: i64) -> Day {
        if micros != self.latest.0 {
            self.latest = (micros, self.find(micros));
        }
        self.latest.1
    }

    fn find(&mut self, micros: i64) -> Day {
        let of_utc = micros.div_euclid(DAY);
        let known = usize::try_from(of_utc.saturating_sub(self.first)).ok().and_then(|at| self.days.get(at));
        let turning = match known {
            Some(Turning::Unasked) | None => self.learn(of_utc),
            Some(turning) => *turning,
        };
        let within = micros.rem_euclid(DAY);
        match turning {
            Turning::Between { first, before, .. } if within < first => before,
            Turning::Between { end, after, .. } if within >= end => after,
            Turning::Unasked | Turning::Between { .. } | Turning::Otherwise => self.ask(micros),
        }
    }

    #[cold]
    fn learn(&mut self, of_utc: i64) -> Turning {
        let turning = self.turning(of_utc);
        if self.days.is_empty() {
            self.first = of_utc;
        }
        if of_utc < self.first {
            let missing = usize::try_from(self.first.saturating_sub(of_utc)).unwrap_or(usize::MAX);
            if missing.saturating_add(self.days.len()) > MOST_DAYS {
                return turning;
            }
            self.days.splice(..0, std::iter::repeat_n(Turning::Unasked, missing));
            self.first = of_utc;
        }
        let at = usize::try_from(of_utc.saturating_sub(self.first)).unwrap_or(usize::MAX);
        if at >= self.days.len() && at < MOST_DAYS {
            self.days.resize(at.saturating_add(1), Turning::Unasked);
        }
        if let Some(slot) = self.days.get_mut(at) {
            *slot = turning;
        }
        turning
    }

    fn turning(&self, of_utc: i64) -> Turning {
        let start = of_utc.saturating_mul(DAY);
        let all: Vec<Option<Day>> = (0..HOURS).map(|hour| self.of_hour(start, hour)).collect();
        let hours = || all.iter().copied();
        let (before, after) = (self.ask(start), self.ask(start.saturating_add(DAY.saturating_sub(1))));
        let whole = hours().take_while(|day| *day == Some(before)).count();
        let mixed = usize::from(hours().nth(whole).is_some_and(|day| day.is_none()));
        let rest = whole.saturating_add(mixed);
        if hours().skip(rest).any(|day| day != Some(after)) {
            return Turning::Otherwise;
        }
        let end = |hours: usize| i64::try_from(hours).unwrap_or(0).saturating_mul(HOUR);
        Turning::Between { first: end(whole), end: end(rest), before, after }
    }

    /// The day of an hour, where it is one. No zone has ever changed its clocks twice within an hour: where both ends are of one day, so is
    /// all between.
    fn of_hour(&self, start: i64, hour: i64) -> Option<Day> {
        let first = start.saturating_add(hour.saturating_mul(HOUR));
        let day = self.ask(first);
        (day == self.ask(first.saturating_add(HOUR.saturating_sub(1)))).then_some(day)
    }

    #[cold]
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
        // Lord Howe Island changes by half an hour; Samoa had no 30 December 2011; Nepal is off by three quarters; Cuba's clocks go back
        // to the day before.
        for zone in [
            "Australia/Lord_Howe",
            "Pacific/Apia",
            "Asia/Kathmandu",
            "Asia/Shanghai",
            "America/New_York",
            "America/Havana",
            "UTC",
        ] {
            let zone: chrono_tz::Tz = zone.parse().unwrap();
            let mut clock = Clock::new(zone);
            let first = Moment::parse("2011-12-28T00:00:00Z").unwrap().micros();
            for step in 0..18_000 {
                // Back and forth, so that days are learned before those that are known.
                let forth = if step % 2 == 0 { step } else { -step };
                let micros = first + forth * (HOUR / 4 + 1_000_003);
                let asked = Moment::from_micros(micros, 0).unwrap().day_in(zone);
                assert_eq!(clock.day(micros), asked, "{zone} at {micros}");
                let on_the_hour = micros - micros.rem_euclid(HOUR);
                for micros in [on_the_hour - 1, on_the_hour] {
                    let asked = Moment::from_micros(micros, 0).unwrap().day_in(zone);
                    assert_eq!(clock.day(micros), asked, "{zone} at {micros}");
                }
            }
        }
    }
}
