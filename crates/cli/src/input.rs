//! Facts from files, with their lines, and the bar that shows how far the reading is.

use crate::args::Facts;
use crate::cells::{Cut, Table};
use crate::failure::{BadRow, Failure};
use crate::lines::Lines;
use crate::office::is_standard_input;
use indicatif::{ProgressBar, ProgressStyle};
use parure::fact::Fact;
use parure::fault::Fault;
use parure::program::Program;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;
use std::time::Duration;

/// Bytes that are read at once.
const BUFFER: usize = 256 << 10;

/// The rows of one file, a batch at a time.
pub(crate) struct Input {
    /// The file's name, without its folder.
    name: String,
    rows: Rows,
}

enum Rows {
    Lines(Lines),
    Table(Box<Table>),
}

impl Input {
    /// Opens a file; what it holds is known by its name, or by `--columns`.
    pub(crate) fn open(
        path: &Path,
        asked: Facts<'_>,
        program: &Program,
        bar: &ProgressBar,
    ) -> Result<Input, Failure> {
        let name = if is_standard_input(path) {
            "stdin".to_owned()
        } else {
            path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
        };
        let extension = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
        let json = match extension.as_str() {
            "jsonl" | "ndjson" | "json" => true,
            "csv" => false,
            _ if asked.rows.columns.is_some() => false,
            _ if is_standard_input(path) => true,
            _ => {
                let message =
                    format!("`{}` is not named .jsonl or .csv; say what its columns are", path.display());
                return Err(Failure::misuse("unknown_format", format!("{message} with --columns")));
            }
        };
        let input = open(path, bar)?;
        let rows = if json {
            Rows::Lines(Lines::new(input, program.currency()))
        } else {
            let rows = asked.rows;
            let cut = Cut { columns: rows.columns.as_ref(), delimiter: rows.delimiter, header: rows.header };
            Rows::Table(Box::new(Table::open(&name, input, cut, program)?))
        };
        Ok(Input { name, rows })
    }

    /// Reads the next rows; 0 at the end.
    pub(crate) fn fill(&mut self, most: usize) -> Result<usize, Failure> {
        let filled = match &mut self.rows {
            Rows::Lines(lines) => lines.fill(most).map(|()| lines.len()),
            Rows::Table(table) => table.fill(most).map(|()| table.len()),
        };
        filled.map_err(|why| Failure::misuse("file", format!("can't read `{}`: {why}", self.name)))
    }

    pub(crate) fn fact(&self, at: usize) -> Result<Fact<'_>, Fault> {
        match &self.rows {
            Rows::Lines(lines) => lines.fact(at),
            Rows::Table(table) => table.fact(at),
        }
    }

    /// Whether rows are purchases and nothing else.
    pub(crate) fn is_table(&self) -> bool {
        matches!(self.rows, Rows::Table(_))
    }

    pub(crate) fn bad(&self, at: usize, fault: Fault) -> BadRow {
        let (line, row) = match &self.rows {
            Rows::Lines(lines) => (lines.line(at), String::from_utf8_lossy(lines.bytes(at)).into()),
            Rows::Table(table) => (table.line(at), table.cells(at).into()),
        };
        BadRow {
            file: self.name.clone(),
            line,
            code: fault.code,
            path: fault.path,
            message: fault.message,
            advice: fault.advice,
            column: fault.place.map(|place| place.column),
            row,
        }
    }
}

fn open(path: &Path, bar: &ProgressBar) -> Result<Box<dyn BufRead>, Failure> {
    let file: Box<dyn Read> = if is_standard_input(path) {
        Box::new(io::stdin())
    } else {
        let file = File::open(path).map_err(|why| Failure::file("read", path, &why))?;
        if file.metadata().is_ok_and(|of| of.is_dir()) {
            return Err(Failure::misuse("file", format!("can't read `{}`: it is a folder", path.display())));
        }
        Box::new(file)
    };
    Ok(Box::new(BufReader::with_capacity(BUFFER, bar.wrap_read(file))))
}

/// The bar for reading these files: of their bytes, or of no known end with the standard input among them. It shows on a
/// terminal only.
pub(crate) fn bar(asked: Facts<'_>) -> ProgressBar {
    let size = |path: &Path| std::fs::metadata(path).map_or(0, |of| of.len());
    if asked.files.iter().any(|path| is_standard_input(path)) {
        return ProgressBar::new_spinner();
    }
    let bar = ProgressBar::new(asked.files.iter().map(|path| size(path)).sum());
    let style = "{bar:32} {percent:>3} %  {decimal_bytes} of {decimal_total_bytes}, {eta} left";
    bar.set_style(ProgressStyle::with_template(style).unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar
}

/// A sign of life for work whose end is not known. It shows on a terminal only.
pub(crate) fn at_work(what: &'static str) -> ProgressBar {
    let bar = ProgressBar::new_spinner().with_message(what);
    bar.enable_steady_tick(Duration::from_millis(120));
    bar
}
