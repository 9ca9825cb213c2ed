//! Cells that say when: an instant, or a day, which stands for its start by the shop's clocks.

use crate::key::Key;
use crate::text;
use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowPrimitiveType, Date32Type, Date64Type, TimestampMicrosecondType, TimestampMillisecondType,
    TimestampNanosecondType, TimestampSecondType,
};
use arrow_array::{Array, ArrayRef, PrimitiveArray};
use arrow_schema::{DataType, TimeUnit};
use chrono::{DateTime, Offset, TimeZone};
use chrono_tz::Tz;
use parure::calendar::{Day, Moment};
use parure::fault::Fault;
use std::ops::Range;

/// When rows say that something happened. Rows of a day stay in their order: each is as many microseconds after its start as there
/// are rows before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct When(i64);

impl When {
    /// Where the cell is bad.
    pub(crate) const NOTHING: When = When(i64::MIN);

    pub(crate) fn instant(micros: i64) -> When {
        When(micros.saturating_mul(2))
    }

    fn day(start: i64) -> When {
        When(start.saturating_mul(2).saturating_add(1))
    }

    /// Microseconds since 1970, of what began in this row.
    #[inline]
    pub(crate) fn micros(self, row: u32) -> i64 {
        let after = if self.0.rem_euclid(2) == 1 { i64::from(row) } else { 0 };
        self.0.div_euclid(2).saturating_add(after)
    }
}

/// Whether cells of a type can say when.
pub(crate) fn reads(of: &DataType) -> bool {
    let dictionary = matches!(of, DataType::Dictionary(_, values) if text::is_text(values));
    let plain =
        matches!(of, DataType::Timestamp(_, Some(_)) | DataType::Date32 | DataType::Date64 | DataType::Null);
    plain || dictionary || text::is_text(of)
}

/// Whether cells of a column may be days.
pub(crate) fn tells_days(column: &ArrayRef) -> bool {
    !matches!(column.data_type(), DataType::Timestamp(..))
}

/// Instants need a time zone that is known.
pub(crate) fn zoned(of: &DataType) -> Result<(), Fault> {
    match of {
        DataType::Timestamp(_, None) => Err(Fault::new("naive_time", "the timestamps have no time zone")
            .advise("cast the column to one with a time zone")),
        DataType::Timestamp(_, Some(zone)) => Clock::of(zone)
            .map(|_| ())
            .ok_or_else(|| Fault::new("unknown_time_zone", format!("`{zone}` is not a time zone"))),
        _ => Ok(()),
    }
}

/// The clock that a column's instants are seen by.
#[derive(Debug, Clone, Copy)]
enum Clock {
    Zone(Tz),
    Minutes(i16),
}

impl Clock {
    /// `Asia/Shanghai`, `UTC`, `Z`, `+08:00`, `+0800`, `+08`.
    fn of(zone: &str) -> Option<Clock> {
        if let Ok(zone) = zone.parse::<Tz>() {
            return Some(Clock::Zone(zone));
        }
        if zone == "Z" {
            return Some(Clock::Minutes(0));
        }
        let (sign, rest) = match zone.strip_prefix('+') {
            Some(rest) => (1, rest),
            None => (-1, zone.strip_prefix('-')?),
        };
        let (hours, minutes) = rest.split_at_checked(2)?;
        let minutes = if minutes.is_empty() { "00" } else { minutes.strip_prefix(':').unwrap_or(minutes) };
        let number = |part: &str, below: i16| {
            let plain = part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit());
            part.parse::<i16>().ok().filter(|number| plain && *number < below)
        };
        let (hours, minutes) = (number(hours, 24)?, number(minutes, 60)?);
        Some(Clock::Minutes(hours.saturating_mul(60).saturating_add(minutes).saturating_mul(sign)))
    }

    fn moment(self, micros: i64) -> Result<Moment, Fault> {
        let minutes = match self {
            Clock::Minutes(minutes) => minutes,
            Clock::Zone(zone) => {
                let utc = DateTime::from_timestamp(micros.div_euclid(1_000_000), 0);
                let seconds = utc
                    .map_or(0, |utc| zone.offset_from_utc_datetime(&utc.naive_utc()).fix().local_minus_utc());
                i16::try_from(seconds.div_euclid(60)).unwrap_or(0)
            }
        };
        Moment::from_micros(micros, minutes)
    }
}

/// Instants of these are within the core's bounds by any clock: two days are left at either end.
fn is_well_within(micros: i64) -> bool {
    const DAY: i64 = 86_400_000_000;
    let first = i64::from(Day::FIRST.number()).saturating_add(2).saturating_mul(DAY);
    let last = i64::from(Day::LAST.number()).saturating_sub(2).saturating_mul(DAY);
    (first..last).contains(&micros)
}

/// Tells each of some cells; none where it is empty. `zone` is the program's.
pub(crate) fn each(
    column: &ArrayRef,
    rows: Range<usize>,
    zone: Tz,
    mut tell: impl FnMut(Result<Option<When>, Fault>),
) {
    match column.data_type() {
        DataType::Timestamp(unit, Some(of)) => {
            let clock = Clock::of(of).unwrap_or(Clock::Minutes(0));
            let instant = |micros: i64| {
                if is_well_within(micros) {
                    return Ok(When::instant(micros));
                }
                clock.moment(micros).map(|moment| When::instant(moment.micros()))
            };
            instants(column, *unit, rows, |micros| {
                tell(micros.and_then(|micros| micros.map(instant).transpose()));
            });
        }
        DataType::Date32 => {
            let mut start = Start::new(zone);
            numbers::<Date32Type>(column, rows, |day| {
                tell(day.map(|day| start.when(day.into())).transpose());
            });
        }
        DataType::Date64 => {
            let mut start = Start::new(zone);
            numbers::<Date64Type>(column, rows, |millis| {
                tell(millis.map(|millis| start.when(whole_days(millis)?)).transpose());
            });
        }
        _ => {
            let mut last: Option<(Key<'_>, When)> = None;
            text::each(column, rows, |key| {
                let Some(key) = key else { return tell(Ok(None)) };
                if let Some((_, when)) = last.filter(|(known, _)| *known == key) {
                    return tell(Ok(Some(when)));
                }
                tell(Told::of(&key.text(), zone).map(|told| {
                    let when = told.when();
                    last = Some((key, when));
                    Some(when)
                }));
            });
        }
    }
}

/// Reads some cells that need no second look: microseconds, all there and well within the core's bounds. Whether they are; if not,
/// nothing is read.
pub(crate) fn plain(column: &ArrayRef, rows: Range<usize>, into: &mut Vec<When>) -> bool {
    let DataType::Timestamp(TimeUnit::Microsecond, Some(_)) = column.data_type() else { return false };
    if column.null_count() > 0 {
        return false;
    }
    let values = column.as_primitive::<TimestampMicrosecondType>().values().get(rows).unwrap_or_default();
    let within = values.iter().fold(true, |within, micros| within & is_well_within(*micros));
    if within {
        into.extend(values.iter().map(|micros| When(micros.wrapping_mul(2))));
    }
    within
}

/// The same, of the cells at some places from `start` on.
pub(crate) fn plain_at(column: &ArrayRef, (start, places): (usize, &[u32]), into: &mut Vec<When>) -> bool {
    let DataType::Timestamp(TimeUnit::Microsecond, Some(_)) = column.data_type() else { return false };
    if column.null_count() > 0 {
        return false;
    }
    let values = column.as_primitive::<TimestampMicrosecondType>().values().get(start..).unwrap_or_default();
    let mut within = true;
    into.extend(places.iter().map(|at| {
        let micros = values.get(crate::codes::place(*at)).copied().unwrap_or(i64::MIN);
        within &= is_well_within(micros);
        When(micros.wrapping_mul(2))
    }));
    within
}

/// The moment of a cell with the offset of its clock, of what began in this row; none where the cell is empty.
pub(crate) fn moment(column: &ArrayRef, at: usize, row: u32, zone: Tz) -> Result<Option<Moment>, Fault> {
    let told = match column.data_type() {
        DataType::Timestamp(unit, Some(of)) => {
            let clock = Clock::of(of).unwrap_or(Clock::Minutes(0));
            let mut micros = Ok(None);
            instants(column, *unit, at..at.saturating_add(1), |told| micros = told);
            return micros?.map(|micros| clock.moment(micros)).transpose();
        }
        DataType::Date32 | DataType::Date64 => {
            let mut when = Ok(None);
            each(column, at..at.saturating_add(1), zone, |told| when = told);
            let Some(when) = when? else { return Ok(None) };
            let start = Moment::from_micros(when.micros(0), 0)?;
            Told::Day(Moment::at_start_of(start.day_in(zone), zone)?)
        }
        _ => {
            let Some(key) = text::one(column, at) else { return Ok(None) };
            Told::of(&key.text(), zone)?
        }
    };
    match told {
        Told::Instant(moment) => Ok(Some(moment)),
        Told::Day(start) => {
            let micros = start.micros().saturating_add(i64::from(row));
            Moment::from_micros(micros, start.offset_minutes()).map(Some)
        }
    }
}

/// What a text says.
enum Told {
    Instant(Moment),
    /// A day, by its start.
    Day(Moment),
}

impl Told {
    /// `2026-03-01`, `20260301`, or an instant.
    fn of(text: &str, zone: Tz) -> Result<Told, Fault> {
        let digits = text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit());
        let dashed = digits.then(|| text.split_at_checked(6)).flatten().and_then(|(month, day)| {
            let (year, month) = month.split_at_checked(4)?;
            Some(format!("{year}-{month}-{day}"))
        });
        match dashed {
            Some(dashed) => Moment::at_start_of(Day::parse(&dashed)?, zone).map(Told::Day),
            None if text.len() == 10 => Moment::at_start_of(Day::parse(text)?, zone).map(Told::Day),
            None => Moment::parse(text).map(Told::Instant),
        }
    }

    fn when(&self) -> When {
        match self {
            Told::Instant(moment) => When::instant(moment.micros()),
            Told::Day(start) => When::day(start.micros()),
        }
    }
}

/// The starts of days, worked out once for rows that stand together.
struct Start {
    zone: Tz,
    last: Option<(i64, When)>,
}

impl Start {
    fn new(zone: Tz) -> Start {
        Start { zone, last: None }
    }

    fn when(&mut self, number: i64) -> Result<When, Fault> {
        if let Some((_, when)) = self.last.filter(|(known, _)| *known == number) {
            return Ok(when);
        }
        let day = Day::from_number(number);
        if i64::from(day.number()) != number {
            return Err(Fault::new("day_text", "the day is not between the years 1800 and 2299"));
        }
        let when = When::day(Moment::at_start_of(day, self.zone)?.micros());
        self.last = Some((number, when));
        Ok(when)
    }
}

fn whole_days(millis: i64) -> Result<i64, Fault> {
    const DAY: i64 = 86_400_000;
    if millis.rem_euclid(DAY) == 0 {
        return Ok(millis.div_euclid(DAY));
    }
    Err(Fault::new("day_text", "the date has a time of day")
        .advise("cast the column to timestamps with a time zone"))
}

/// Timestamps in microseconds.
fn instants(
    column: &ArrayRef,
    unit: TimeUnit,
    rows: Range<usize>,
    mut tell: impl FnMut(Result<Option<i64>, Fault>),
) {
    let times = |by: i64| {
        move |value: i64| {
            let outside = || Fault::new("time_range", "the instant is not between the years 1800 and 2299");
            value.checked_mul(by).ok_or_else(outside)
        }
    };
    match unit {
        TimeUnit::Second => numbers::<TimestampSecondType>(column, rows, |value| {
            tell(value.map(times(1_000_000)).transpose());
        }),
        TimeUnit::Millisecond => numbers::<TimestampMillisecondType>(column, rows, |value| {
            tell(value.map(times(1_000)).transpose());
        }),
        TimeUnit::Microsecond => numbers::<TimestampMicrosecondType>(column, rows, |value| tell(Ok(value))),
        TimeUnit::Nanosecond => numbers::<TimestampNanosecondType>(column, rows, |value| {
            tell(value.map(whole_micros).transpose());
        }),
    }
}

fn whole_micros(nanos: i64) -> Result<i64, Fault> {
    if nanos.rem_euclid(1_000) == 0 {
        return Ok(nanos.div_euclid(1_000));
    }
    Err(Fault::new("time_digits", "the instant is finer than a microsecond")
        .advise("cast the column to microseconds"))
}

fn numbers<T: ArrowPrimitiveType>(
    column: &ArrayRef,
    rows: Range<usize>,
    mut tell: impl FnMut(Option<T::Native>),
) {
    let cells: &PrimitiveArray<T> = column.as_primitive();
    let values = cells.values().get(rows.clone()).unwrap_or_default();
    match cells.nulls().filter(|nulls| nulls.null_count() > 0) {
        None => values.iter().for_each(|value| tell(Some(*value))),
        Some(nulls) => rows.zip(values).for_each(|(at, value)| {
            tell(if nulls.is_null(at) { None } else { Some(*value) });
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::{Clock, moment, zoned};
    use arrow_array::{Array, ArrayRef, Date32Array, Int64Array, StringArray, TimestampSecondArray};
    use chrono_tz::{America::New_York, UTC};
    use std::sync::Arc;

    #[test]
    fn a_day_starts_in_the_zone_of_the_program_and_its_rows_stay_in_order() {
        let texts: ArrayRef =
            Arc::new(StringArray::from(vec!["19970101", "1997-07-01", "1997-07-01T12:00:00+08:00"]));
        let told = |at, row| moment(&texts, at, row, New_York).unwrap().unwrap().to_string();
        assert_eq!(told(0, 2), "1997-01-01T00:00:00.000002-05:00");
        assert_eq!(told(1, 70_000), "1997-07-01T00:00:00.07-04:00");
        assert_eq!(told(2, 3), "1997-07-01T12:00:00+08:00");
        let days: ArrayRef = Arc::new(Date32Array::from(vec![9_862]));
        let first = moment(&days, 0, 2, New_York).unwrap().unwrap();
        assert_eq!(first.to_string(), "1997-01-01T00:00:00.000002-05:00");
    }

    #[test]
    fn instants_keep_the_offset_of_the_columns_clock() {
        let told = |zone: &str| {
            let column: ArrayRef =
                Arc::new(TimestampSecondArray::from(vec![867_729_600]).with_timezone(zone));
            moment(&column, 0, 5, UTC).unwrap().unwrap().to_string()
        };
        assert_eq!(told("America/New_York"), "1997-07-01T00:00:00-04:00");
        assert_eq!(told("+08:00"), "1997-07-01T12:00:00+08:00");
        assert_eq!(told("-0330"), "1997-07-01T00:30:00-03:30");
    }

    #[test]
    fn zones_that_are_none_are_told() {
        let code = |zone: Option<&str>| {
            let of = arrow_schema::DataType::Timestamp(arrow_schema::TimeUnit::Second, zone.map(Into::into));
            zoned(&of).err().map(|fault| fault.code)
        };
        assert_eq!((code(Some("UTC")), code(Some("Mars/Olympus"))), (None, Some("unknown_time_zone")));
        assert_eq!(code(None), Some("naive_time"));
        assert!(Clock::of("+1:00").is_none());
        assert!(zoned(Int64Array::from(vec![1]).data_type()).is_ok());
    }
}
