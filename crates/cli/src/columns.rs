//! Which column of a table says what: `--columns customer=ID,at=DATE,amount=TOTAL`.

use parure::fault::Fault;
use std::str::FromStr;

/// What a column can say of a purchase.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum What {
    Customer,
    At,
    Amount,
    Id,
    Store,
    Staff,
    Terminal,
    Item,
    Category,
    Quantity,
}

const ALL: [(&str, What); 10] = [
    ("customer", What::Customer),
    ("at", What::At),
    ("amount", What::Amount),
    ("id", What::Id),
    ("store", What::Store),
    ("staff", What::Staff),
    ("terminal", What::Terminal),
    ("item", What::Item),
    ("category", What::Category),
    ("quantity", What::Quantity),
];
const NEEDED: [(&str, What); 3] = [ALL[0], ALL[1], ALL[2]];

impl What {
    pub(crate) fn name(self) -> &'static str {
        ALL.iter().find(|(_, what)| *what == self).map_or("", |(name, _)| name)
    }
}

/// A column by its header or by its place from 0.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Column {
    Header(String),
    Place(usize),
}

/// Which columns say what, as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Columns(Vec<(What, Column)>);

/// Where each thing stands in the rows of one table.
#[derive(Debug, Clone, Default)]
pub(crate) struct Places([Option<usize>; ALL.len()]);

impl FromStr for Columns {
    type Err = String;

    fn from_str(text: &str) -> Result<Columns, String> {
        let mut columns: Vec<(What, Column)> = Vec::new();
        for part in text.split(',') {
            let (name, column) = part
                .split_once('=')
                .ok_or_else(|| format!("`{part}` names no column; write what=column, such as customer=ID"))?;
            let known = ALL.iter().find(|(known, _)| *known == name.trim());
            let Some((name, what)) = known else {
                let names: Vec<&str> = ALL.iter().map(|(name, _)| *name).collect();
                return Err(format!("`{name}` is nothing a column says; write one of {}", names.join(", ")));
            };
            if columns.iter().any(|(before, _)| before == what) {
                return Err(format!("`{name}` is there twice"));
            }
            columns.push((*what, self::column(column.trim())?));
        }
        let missing = NEEDED.iter().find(|(_, what)| !columns.iter().any(|(known, _)| known == what));
        missing.map_or(Ok(Columns(columns)), |(name, _)| {
            Err(format!("`{name}` has no column; a purchase needs customer, at and amount"))
        })
    }
}

fn column(text: &str) -> Result<Column, String> {
    let Some(place) = text.strip_prefix('#') else {
        return if text.is_empty() {
            Err("a column has no name".to_owned())
        } else {
            Ok(Column::Header(text.to_owned()))
        };
    };
    let place: usize =
        place.parse().map_err(|_| format!("`{text}` is no place; write #1 for the first column"))?;
    place.checked_sub(1).map(Column::Place).ok_or_else(|| "columns are counted from #1".to_owned())
}

impl Columns {
    /// Those of a table whose headers are the very names.
    pub(crate) fn by_own_names<'h>(header: impl Iterator<Item = &'h str>) -> Columns {
        let header: Vec<&str> = header.collect();
        let named = |(name, what): &(&str, What)| (*what, Column::Header((*name).to_owned()));
        let there = |known: &&(&str, What)| NEEDED.contains(known) || header.contains(&known.0);
        Columns(ALL.iter().filter(there).map(named).collect())
    }

    /// Whether any goes by a header.
    pub(crate) fn want_header(&self) -> bool {
        self.0.iter().any(|(_, column)| matches!(column, Column::Header(_)))
    }

    /// Finds them in a table with this header, or with rows of this width.
    pub(crate) fn places(&self, header: &[&str], width: usize) -> Result<Places, Fault> {
        let mut places = Places::default();
        for (what, column) in &self.0 {
            let place = match column {
                Column::Place(place) if *place < width => *place,
                Column::Place(place) => {
                    let message =
                        format!("there is no column #{} for `{}`", place.saturating_add(1), what.name());
                    return Err(
                        Fault::new("no_column", message).advise(format!("the table has {width} columns"))
                    );
                }
                Column::Header(name) => place_of(name, header, *what)?,
            };
            places.0[*what as usize] = Some(place);
        }
        Ok(places)
    }
}

fn place_of(name: &str, header: &[&str], what: What) -> Result<usize, Fault> {
    let mut found = header.iter().enumerate().filter(|(_, known)| **known == name);
    match (found.next(), found.next()) {
        (Some((place, _)), None) => Ok(place),
        (Some(_), Some(_)) => Err(Fault::new("repeated_column", format!("two columns are called `{name}`"))
            .advise("name it by its place, such as #2")),
        (None, _) => {
            let message = format!("there is no column `{name}` for `{}`", what.name());
            Err(Fault::new("no_column", message).advise(format!("the header names {}", header.join(", "))))
        }
    }
}

impl Places {
    pub(crate) fn of(&self, what: What) -> Option<usize> {
        self.0[what as usize]
    }
}

/// What stands between columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Delimiter {
    Byte(u8),
    WhiteSpace,
}

impl FromStr for Delimiter {
    type Err = String;

    fn from_str(text: &str) -> Result<Delimiter, String> {
        match (text, text.as_bytes()) {
            ("space", _) => Ok(Delimiter::WhiteSpace),
            ("tab" | "\\t", _) => Ok(Delimiter::Byte(b'\t')),
            (_, [byte]) if byte.is_ascii() && !matches!(byte, b'"' | b'\n' | b'\r') => {
                Ok(Delimiter::Byte(*byte))
            }
            _ => Err("write one character, `tab`, or `space` for any run of white space".to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Columns, Delimiter, What};

    #[test]
    fn columns_are_named_or_counted() {
        let columns: Columns = "customer=ID,at=#3,amount=Total paid".parse().unwrap();
        assert!(columns.want_header());
        let places = columns.places(&["Total paid", "ID", "Date"], 3).unwrap();
        assert_eq!(
            (places.of(What::Customer), places.of(What::At), places.of(What::Amount)),
            (Some(1), Some(2), Some(0))
        );
        assert_eq!(places.of(What::Store), None);
    }

    #[test]
    fn what_is_missing_or_unknown_is_told() {
        let wrong = |text: &str| text.parse::<Columns>().unwrap_err();
        assert_eq!(
            wrong("customer=a,at=b"),
            "`amount` has no column; a purchase needs customer, at and amount"
        );
        assert!(
            wrong("customr=a")
                .starts_with("`customr` is nothing a column says; write one of customer, at, amount")
        );
        assert_eq!(wrong("customer=#0,at=b,amount=c"), "columns are counted from #1");
        let columns: Columns = "customer=ID,at=Date,amount=Sum".parse().unwrap();
        let fault = columns.places(&["ID", "Date", "Total"], 3).unwrap_err();
        assert_eq!(
            fault.to_string(),
            "there is no column `Sum` for `amount`; the header names ID, Date, Total"
        );
    }

    #[test]
    fn delimiters() {
        assert_eq!("tab".parse(), Ok(Delimiter::Byte(b'\t')));
        assert_eq!(";".parse(), Ok(Delimiter::Byte(b';')));
        assert!("ab".parse::<Delimiter>().is_err());
    }
}
