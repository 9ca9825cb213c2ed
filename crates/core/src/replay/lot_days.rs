//! The days of lots, worked out once for each day that anything is awarded on.

use crate::calendar::Day;
use crate::loyalty::account::lot_days;
use crate::program::Program;

/// Days that are kept: a hundred years from the first day of the program.
const MOST_DAYS: usize = 36_525;

/// By day since the program began: the first and the last day of what is awarded then.
#[derive(Debug, Default)]
pub(super) struct LotDays(Vec<Option<(Day, Option<Day>)>>);

impl LotDays {
    #[inline]
    pub(super) fn of(&mut self, program: &Program, day: Day) -> (Day, Option<Day>) {
        let since = i64::from(day.number()).wrapping_sub(i64::from(program.effective.number()));
        let at = usize::try_from(since).unwrap_or(usize::MAX);
        match self.0.get(at) {
            Some(Some(known)) => *known,
            _ => self.learn(program, day, at),
        }
    }

    #[cold]
    fn learn(&mut self, program: &Program, day: Day, at: usize) -> (Day, Option<Day>) {
        let days = lot_days(program, day);
        if at < MOST_DAYS {
            if self.0.len() <= at {
                self.0.resize(at.saturating_add(1), None);
            }
            if let Some(slot) = self.0.get_mut(at) {
                *slot = Some(days);
            }
        }
        days
    }
}
