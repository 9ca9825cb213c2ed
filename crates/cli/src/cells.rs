//! Purchases as rows of a table, by the columns that the command line names.

use crate::columns::{Columns, Delimiter, Places, What};
use crate::failure::Failure;
use crate::table_rows::TableRows;
use chrono::{NaiveTime, Offset, TimeDelta, TimeZone};
use csv::ByteRecord;
use parure::calendar::{Day, Moment};
use parure::fact::{Fact, Line, Purchase, Quantity, Text};
use parure::fault::Fault;
use parure::money::{Currency, Money};
use parure::program::Program;
use std::io::{self, BufRead};

/// Bytes of a file's name that go into the ids of its purchases.
const ID_NAME_BYTES: usize = 40;

/// A table of purchases in one file.
pub(crate) struct Table {
    rows: TableRows,
    places: Places,
    /// Cells of every row: as many as the header has, or the first row.
    width: usize,
    currency: Currency,
    zone: chrono_tz::Tz,
    id_stem: String,
    /// The first row, where it turned out to be no header.
    first: Option<(u64, ByteRecord)>,
    records: Vec<(u64, ByteRecord)>,
    used: usize,
}

/// How a table is cut into cells, and which of them say what.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cut<'c> {
    pub(crate) columns: Option<&'c Columns>,
    pub(crate) delimiter: Delimiter,
    pub(crate) header: bool,
}

impl Table {
    pub(crate) fn open(
        name: &str,
        input: Box<dyn BufRead>,
        cut: Cut<'_>,
        program: &Program,
    ) -> Result<Table, Failure> {
        let mut rows = TableRows::new(input, cut.delimiter);
        let mut first = ByteRecord::new();
        let line = rows.read(&mut first).map_err(|why| unreadable(name, &why))?;
        let header: Vec<String> = first.iter().map(|cell| header_text(cell, line)).collect();
        let header: Vec<&str> = header.iter().map(String::as_str).collect();
        let has_header = cut.header || cut.columns.is_none_or(Columns::want_header);
        let own;
        let columns = match cut.columns {
            Some(columns) => columns,
            None => {
                own = Columns::by_own_names(header.iter().copied());
                &own
            }
        };
        let nothing = line.is_none() && !has_header;
        let places = if nothing { Ok(Places::default()) } else { columns.places(&header, header.len()) };
        let places = places.map_err(|fault| Failure::misuse(fault.code, format!("{name}: {fault}")))?;
        Ok(Table {
            rows,
            places,
            width: header.len(),
            currency: program.currency(),
            zone: program.time_zone(),
            id_stem: id_stem(name),
            first: line.filter(|_| !has_header).map(|line| (line, first)),
            records: Vec::new(),
            used: 0,
        })
    }

    /// Reads the next rows, at most `most`.
    pub(crate) fn fill(&mut self, most: usize) -> io::Result<()> {
        self.used = 0;
        if let Some(first) = self.first.take() {
            self.records.insert(0, first);
            self.used = 1;
        }
        while self.used < most {
            if self.records.len() == self.used {
                self.records.push((0, ByteRecord::new()));
            }
            let (line, record) = &mut self.records[self.used];
            let Some(read) = self.rows.read(record)? else { break };
            *line = read;
            self.used += 1;
        }
        Ok(())
    }

    pub(crate) fn len(&self) -> usize {
        self.used
    }

    pub(crate) fn line(&self, at: usize) -> u64 {
        self.records[at].0
    }

    pub(crate) fn cells(&self, at: usize) -> Vec<String> {
        self.records[at].1.iter().map(|cell| String::from_utf8_lossy(cell).into_owned()).collect()
    }

    /// The row as a purchase of one line.
    pub(crate) fn fact(&self, at: usize) -> Result<Fact<'_>, Fault> {
        let (line, record) = &self.records[at];
        if record.len() != self.width {
            let message = format!("the row has {} cells, the table has {}", record.len(), self.width);
            return Err(Fault::new("row_width", message));
        }
        let cell = |what: What| -> Result<Option<&str>, Fault> {
            let Some(bytes) = self.places.of(what).and_then(|place| record.get(place)) else {
                return Ok(None);
            };
            let text = std::str::from_utf8(bytes);
            let text =
                text.map_err(|_| Fault::new("not_utf8", "the cell is not UTF-8").at(what.name()))?.trim();
            Ok(Some(text).filter(|text| !text.is_empty()))
        };
        let need = |what: What| {
            cell(what)?.ok_or_else(|| Fault::new("missing_key", "the cell is empty").at(what.name()))
        };
        let customer = need(What::Customer)?;
        let at = moment(need(What::At)?, *line, self.zone).map_err(|fault| fault.at("at"))?;
        let amount = amount(need(What::Amount)?, self.currency).map_err(|fault| fault.at("amount"))?;
        let quantity = cell(What::Quantity)?.map_or(Ok(Quantity::ONE), Quantity::parse);
        let quantity = quantity.map_err(|fault| fault.at("quantity"))?;
        let text = |what: What| Ok::<_, Fault>(Text::from(cell(what)?.unwrap_or_default()));
        let bought = Line::new("1", text(What::Item)?, text(What::Category)?, quantity, amount);
        let purchase =
            Purchase::new(vec![bought], Money::ZERO, Vec::new(), self.currency).map_err(as_cell)?;
        let id = cell(What::Id)?.map_or_else(|| Text::from(format!("{}:{line}", self.id_stem)), Text::from);
        let mut fact = Fact::purchased(id, at, customer, purchase)?;
        if let Some(store) = cell(What::Store)? {
            fact = fact.at_store(store)?;
        }
        if let Some(staff) = cell(What::Staff)? {
            fact = fact.by_staff(staff)?;
        }
        if let Some(terminal) = cell(What::Terminal)? {
            fact = fact.on_terminal(terminal)?;
        }
        Ok(fact)
    }
}

fn unreadable(name: &str, why: &io::Error) -> Failure {
    Failure::misuse("file", format!("can't read `{name}`: {why}"))
}

/// A header without the byte order mark that some programs begin a file with.
fn header_text(cell: &[u8], line: Option<u64>) -> String {
    let text = String::from_utf8_lossy(cell);
    let text = if line == Some(1) { text.trim_start_matches('\u{feff}') } else { &text };
    text.trim().to_owned()
}

fn id_stem(name: &str) -> String {
    let mut end = name.len().min(ID_NAME_BYTES);
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    name[..end].to_owned()
}

/// The constructor speaks of lines; a row has one.
fn as_cell(fault: Fault) -> Fault {
    let path = fault.path.strip_prefix("lines[0].").unwrap_or(&fault.path).to_owned();
    fault.at(path)
}

fn amount(text: &str, currency: Currency) -> Result<Money, Fault> {
    let amount = currency.money(text)?;
    if amount < Money::ZERO {
        return Err(Fault::new("negative_amount", format!("`{text}` is below 0"))
            .advise("what comes back is a fact of its own, `returned`, in JSON lines"));
    }
    Ok(amount)
}

/// An instant, or a plain day: its start in the program's time zone, each row a microsecond times its line after it, so that
/// rows of a day stay in their order.
fn moment(text: &str, line: u64, zone: chrono_tz::Tz) -> Result<Moment, Fault> {
    let day = match text.as_bytes() {
        digits if digits.len() == 8 && digits.iter().all(u8::is_ascii_digit) => {
            Day::parse(&format!("{}-{}-{}", &text[..4], &text[4..6], &text[6..]))?
        }
        plain if plain.len() == 10 => Day::parse(text)?,
        _ => return Moment::parse(text),
    };
    let (micros, offset) = start_of_day(day, zone);
    Moment::from_micros(micros.saturating_add(i64::try_from(line).unwrap_or(i64::MAX)), offset)
}

/// The first instant of a day, and the offset in minutes. Where clocks were put on at midnight, it is later than 00:00.
fn start_of_day(day: Day, zone: chrono_tz::Tz) -> (i64, i16) {
    let epoch = chrono::NaiveDate::default();
    let midnight = epoch.and_time(NaiveTime::MIN) + TimeDelta::days(i64::from(day.number()));
    let first = (0..).map(|quarter| midnight + TimeDelta::minutes(15 * quarter)).take(200);
    let first = first.filter_map(|local| zone.from_local_datetime(&local).earliest()).next();
    first.map_or((i64::from(day.number()) * 86_400_000_000, 0), |start| {
        let minutes = start.offset().fix().local_minus_utc().div_euclid(60);
        (start.timestamp_micros(), i16::try_from(minutes).unwrap_or(0))
    })
}

#[cfg(test)]
mod tests {
    use super::{moment, start_of_day};
    use parure::calendar::Day;

    #[test]
    fn a_plain_day_starts_in_the_zone_of_the_program() {
        let zone = chrono_tz::America::New_York;
        assert_eq!(moment("19970101", 2, zone).unwrap().to_string(), "1997-01-01T00:00:00.000002-05:00");
        assert_eq!(moment("1997-07-01", 70_000, zone).unwrap().to_string(), "1997-07-01T00:00:00.07-04:00");
        let instant = moment("1997-07-01T12:00:00+08:00", 3, zone).unwrap();
        assert_eq!(instant.to_string(), "1997-07-01T12:00:00+08:00");
    }

    #[test]
    fn days_that_are_none_are_told() {
        let code = |text: &str| moment(text, 1, chrono_tz::UTC).unwrap_err().code;
        assert_eq!(
            (code("19970230"), code("1997-2-3"), code("1997/02/03")),
            ("day_text", "time_text", "day_text")
        );
        assert_eq!(code("1997-02-03T10:00:00"), "naive_time");
    }

    #[test]
    fn a_day_without_midnight_starts_when_its_clock_starts() {
        // Clocks in São Paulo went from 00:00 to 01:00 on 4 November 2018.
        let zone = chrono_tz::America::Sao_Paulo;
        let day = Day::parse("2018-11-04").unwrap();
        let at = parure::calendar::Moment::from_micros(start_of_day(day, zone).0, -120).unwrap();
        assert_eq!((at.to_string(), at.day_in(zone)), ("2018-11-04T01:00:00-02:00".to_owned(), day));
    }
}
