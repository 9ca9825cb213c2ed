//! Rows of a table as they stand in a file: each with the line it starts on, cut into cells.

use crate::columns::Delimiter;
use csv::{ByteRecord, ReaderBuilder};
use std::io::{self, BufRead, Read};

/// Bytes of a row. A quotation mark that nobody closes swallows no more of the file than this.
const ROW_BYTES: usize = 1 << 20;

/// The rows of one table.
pub(crate) struct TableRows {
    input: Box<dyn BufRead>,
    delimiter: Delimiter,
    /// Lines read so far.
    read: u64,
    text: Vec<u8>,
}

impl TableRows {
    pub(crate) fn new(input: Box<dyn BufRead>, delimiter: Delimiter) -> TableRows {
        TableRows { input, delimiter, read: 0, text: Vec::new() }
    }

    /// Reads the next row; answers the line it starts on. Blank lines are counted and passed over.
    pub(crate) fn read(&mut self, record: &mut ByteRecord) -> io::Result<Option<u64>> {
        self.text.clear();
        while self.text.trim_ascii().is_empty() {
            self.text.clear();
            if !self.read_line()? {
                return Ok(None);
            }
        }
        let starts = self.read;
        record.clear();
        match self.delimiter {
            Delimiter::WhiteSpace => {
                let cells = self.text.split(u8::is_ascii_whitespace);
                cells.filter(|cell| !cell.is_empty()).for_each(|cell| record.push_field(cell));
            }
            Delimiter::Byte(delimiter) => self.read_cells(delimiter, record)?,
        }
        Ok(Some(starts))
    }

    fn read_cells(&mut self, delimiter: u8, record: &mut ByteRecord) -> io::Result<()> {
        if !self.text.contains(&b'"') {
            let line = without_line_end(&self.text);
            line.split(|byte| *byte == delimiter).for_each(|cell| record.push_field(cell));
            return Ok(());
        }
        let mut quoting = Quoting::new(delimiter);
        let mut seen = 0;
        while quoting.is_open_after(&self.text[seen..]) && self.text.len() < ROW_BYTES {
            seen = self.text.len();
            if !self.read_line()? {
                break;
            }
        }
        let mut reader = ReaderBuilder::new();
        let reader = reader.delimiter(delimiter).has_headers(false).flexible(true);
        reader.from_reader(&self.text[..]).read_byte_record(record).map(drop).map_err(io::Error::other)
    }

    /// One line onto the text; of a line that is longer than any row, only its beginning.
    fn read_line(&mut self) -> io::Result<bool> {
        let read = self.input.by_ref().take(ROW_BYTES as u64).read_until(b'\n', &mut self.text)?;
        if read == ROW_BYTES && self.text.last() != Some(&b'\n') {
            self.input.skip_until(b'\n')?;
        }
        self.read += u64::from(read > 0);
        Ok(read > 0)
    }
}

fn without_line_end(text: &[u8]) -> &[u8] {
    let line = text.strip_suffix(b"\n").unwrap_or(text);
    line.strip_suffix(b"\r").unwrap_or(line)
}

/// Whether a row goes on after the end of a line, because a cell in quotation marks does.
struct Quoting {
    delimiter: u8,
    at: Where,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Where {
    CellStart,
    Plain,
    Quoted,
    QuoteInQuoted,
}

impl Quoting {
    fn new(delimiter: u8) -> Quoting {
        Quoting { delimiter, at: Where::CellStart }
    }

    fn is_open_after(&mut self, bytes: &[u8]) -> bool {
        for byte in bytes {
            self.at = match (self.at, *byte) {
                (Where::CellStart | Where::QuoteInQuoted, b'"') => Where::Quoted,
                (Where::Quoted, b'"') => Where::QuoteInQuoted,
                (Where::Quoted, _) => Where::Quoted,
                (_, byte) if byte == self.delimiter => Where::CellStart,
                _ => Where::Plain,
            };
        }
        self.at == Where::Quoted
    }
}

#[cfg(test)]
mod tests {
    use super::{Delimiter, TableRows};
    use csv::ByteRecord;
    use std::io::Cursor;

    fn rows(text: &str, delimiter: Delimiter) -> Vec<(u64, Vec<String>)> {
        let mut rows = TableRows::new(Box::new(Cursor::new(text.to_owned())), delimiter);
        let mut record = ByteRecord::new();
        let mut found = Vec::new();
        while let Some(line) = rows.read(&mut record).unwrap() {
            found.push((line, record.iter().map(|cell| String::from_utf8(cell.to_vec()).unwrap()).collect()));
        }
        found
    }

    fn row(line: u64, cells: &[&str]) -> (u64, Vec<String>) {
        (line, cells.iter().map(|cell| (*cell).to_owned()).collect())
    }

    #[test]
    fn rows_start_where_they_start() {
        let text = "a,b\r\n\r\n\"1\r\n2\",\"say \"\"yes\"\"\"\r\n3,4";
        let expected = [row(1, &["a", "b"]), row(3, &["1\r\n2", "say \"yes\""]), row(5, &["3", "4"])];
        assert_eq!(rows(text, Delimiter::Byte(b',')), expected);
    }

    #[test]
    fn a_quotation_mark_inside_a_cell_is_a_character() {
        let expected = [row(1, &["5\" chain", "x"]), row(2, &["y", ""])];
        assert_eq!(rows("5\" chain,x\ny,\n", Delimiter::Byte(b',')), expected);
    }

    #[test]
    fn white_space_is_one_delimiter_however_long() {
        let expected = [row(1, &["00001", "19970101"]), row(3, &["00002", "19970112"])];
        assert_eq!(rows(" 00001   19970101\r\n \r\n00002\t19970112 \r\n", Delimiter::WhiteSpace), expected);
    }

    #[test]
    fn a_mark_that_nobody_closes_swallows_no_more_than_a_row_may_be_long() {
        let text = format!("\"open,x\n{}a,b\n", "filler,filler\n".repeat(super::ROW_BYTES / 14 + 1));
        assert_eq!(
            rows(&text, Delimiter::Byte(b',')).last(),
            Some(&row(text.lines().count() as u64, &["a", "b"]))
        );
    }
}
