//! Facts as JSON lines, a batch at a time from one reused buffer.

use parure::fact::{FACT_BYTES, Fact};
use parure::fault::Fault;
use parure::money::Currency;
use std::io::{self, BufRead, Read};
use std::ops::Range;

/// Bytes of a batch after which no more lines are added to it.
const BATCH_BYTES: usize = 8 << 20;

/// JSON lines of one file.
pub(crate) struct Lines {
    input: Box<dyn BufRead>,
    currency: Currency,
    /// Lines read so far.
    read: u64,
    text: Vec<u8>,
    rows: Vec<(u64, Range<usize>)>,
}

impl Lines {
    pub(crate) fn new(input: Box<dyn BufRead>, currency: Currency) -> Lines {
        Lines { input, currency, read: 0, text: Vec::new(), rows: Vec::new() }
    }

    /// Reads the next lines, at most `most`; blank ones are passed over.
    pub(crate) fn fill(&mut self, most: usize) -> io::Result<()> {
        self.text.clear();
        self.rows.clear();
        while self.rows.len() < most && self.text.len() < BATCH_BYTES {
            let start = self.text.len();
            if self.read_line()? == 0 {
                break;
            }
            self.read += 1;
            if self.read == 1 && self.text.starts_with("\u{feff}".as_bytes()) {
                self.text.drain(..3);
            }
            while self.text.len() > start && self.text.last().is_some_and(u8::is_ascii_whitespace) {
                self.text.pop();
            }
            if self.text.len() > start {
                self.rows.push((self.read, start..self.text.len()));
            }
        }
        Ok(())
    }

    /// One line onto the buffer; of a line that is longer than any fact, only so much that it is seen to be too long.
    fn read_line(&mut self) -> io::Result<usize> {
        let most = FACT_BYTES + 2;
        let read = (&mut self.input).take(most as u64).read_until(b'\n', &mut self.text)?;
        if read == most && self.text.last() != Some(&b'\n') {
            self.input.skip_until(b'\n')?;
        }
        Ok(read)
    }

    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    pub(crate) fn line(&self, at: usize) -> u64 {
        self.rows[at].0
    }

    pub(crate) fn bytes(&self, at: usize) -> &[u8] {
        &self.text[self.rows[at].1.clone()]
    }

    pub(crate) fn fact(&self, at: usize) -> Result<Fact<'_>, Fault> {
        let text = std::str::from_utf8(self.bytes(at))
            .map_err(|_| Fault::new("not_utf8", "the line is not UTF-8"))?;
        Fact::from_json(text, self.currency)
    }
}

#[cfg(test)]
mod tests {
    use super::{FACT_BYTES, Lines};
    use parure::money::Currency;
    use std::io::Cursor;

    fn lines(text: &[u8]) -> Lines {
        Lines::new(Box::new(Cursor::new(text.to_vec())), Currency::parse("CNY").unwrap())
    }

    #[test]
    fn blank_lines_are_counted_and_passed_over() {
        let mut lines = lines("\u{feff}{\"a\":1}\r\n\n  \n{\"b\":2}".as_bytes());
        lines.fill(10).unwrap();
        assert_eq!((lines.len(), lines.line(0), lines.line(1)), (2, 1, 4));
        assert_eq!((lines.bytes(0), lines.bytes(1)), (&b"{\"a\":1}"[..], &b"{\"b\":2}"[..]));
    }

    #[test]
    fn batches_go_on_where_the_last_ended() {
        let mut lines = lines(b"1\n2\n3\n");
        let mut seen = Vec::new();
        loop {
            lines.fill(2).unwrap();
            if lines.len() == 0 {
                break;
            }
            seen.push((0..lines.len()).map(|at| lines.line(at)).collect::<Vec<_>>());
        }
        assert_eq!(seen, [vec![1, 2], vec![3]]);
    }

    #[test]
    fn an_endless_line_is_not_kept() {
        let mut text = vec![b'x'; 3 * FACT_BYTES];
        text.extend(b"\n{}\n");
        let mut lines = lines(&text);
        lines.fill(10).unwrap();
        assert_eq!((lines.len(), lines.line(1)), (2, 2));
        assert!(lines.bytes(0).len() <= FACT_BYTES + 2);
        assert_eq!(lines.fact(0).unwrap_err().code, "too_large");
    }
}
