//! Where each month begins, in a table: what else is asked of the civil calendar is a look into it.

/// The year of the first month.
const FIRST_YEAR: i32 = 1800;
/// Months from January 1800 to December 2299.
const MONTHS: usize = 500 * 12;
/// The day of the first month's beginning, in days since 1970.
const FIRST_DAY: i32 = -62_091;

/// The first day of each month, in days since 1970, and of the one after the last.
static STARTS: [i32; MONTHS + 1] = starts();

#[allow(clippy::as_conversions, clippy::arithmetic_side_effects, clippy::indexing_slicing)] // worked out by the compiler
const fn starts() -> [i32; MONTHS + 1] {
    let mut starts = [FIRST_DAY; MONTHS + 1];
    let mut at = 0;
    while at < MONTHS {
        let year = FIRST_YEAR + (at / 12) as i32;
        let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        let days = match at % 12 + 1 {
            2 if leap => 29,
            2 => 28,
            4 | 6 | 9 | 11 => 30,
            _ => 31,
        };
        starts[at + 1] = starts[at] + days;
        at += 1;
    }
    starts
}

/// A month by its place in the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Month(usize);

impl Month {
    /// The month of a year; none outside of the table.
    pub(super) fn of(year: i32, month: u32) -> Option<Month> {
        if !(1..=12).contains(&month) {
            return None;
        }
        let years = usize::try_from(year.checked_sub(FIRST_YEAR)?).ok()?;
        let place = years.checked_mul(12)?.checked_add(usize::try_from(month).ok()?)?.checked_sub(1)?;
        (place < MONTHS).then_some(Month(place))
    }

    /// The month that a day is in; the day is one of the table's.
    pub(super) fn with(day: i32) -> Month {
        // 400 years are 146,097 days and 4,800 months: never off by more than one.
        let days = i64::from(day.saturating_sub(FIRST_DAY));
        let guess = usize::try_from(days.saturating_mul(4_800).div_euclid(146_097)).unwrap_or(0);
        let guess = Month(guess.min(MONTHS.saturating_sub(1)));
        if day < guess.first() {
            Month(guess.0.saturating_sub(1))
        } else if day > guess.last() {
            Month(guess.0.saturating_add(1))
        } else {
            guess
        }
    }

    /// So many months on; none outside of the table.
    pub(super) fn plus(self, months: i32) -> Option<Month> {
        let place = self.0.checked_add_signed(isize::try_from(months).ok()?)?;
        (place < MONTHS).then_some(Month(place))
    }

    /// The first day.
    pub(super) fn first(self) -> i32 {
        STARTS.get(self.0).copied().unwrap_or(i32::MAX)
    }

    /// The last day.
    pub(super) fn last(self) -> i32 {
        Month(self.0.saturating_add(1)).first().saturating_sub(1)
    }

    pub(super) fn year(self) -> i32 {
        i32::try_from(self.0.div_euclid(12)).map_or(i32::MAX, |years| FIRST_YEAR.saturating_add(years))
    }

    /// From 1 to 12.
    pub(super) fn of_year(self) -> u32 {
        u32::try_from(self.0.rem_euclid(12)).map_or(1, |month| month.saturating_add(1))
    }
}
