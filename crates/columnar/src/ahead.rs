//! The rows that come next, fetched while those at hand are put to their purchases: to add up lines is work for the processor, to compare what
//! rows say is work for the memory, and one need not wait for the other.

use crate::table::Batch;
use arrow_array::{Array, ArrayRef};
use arrow_buffer::Buffer;
use arrow_schema::DataType;
use prefetch_index::prefetch_index;
use std::ops::Range;

/// What the processor fetches at once, in bytes.
const LINE: usize = 64;

/// Where rows to come lie, column by column.
#[derive(Debug, Default)]
pub(crate) struct Ahead {
    /// What lies in each column of cells of one width, and that width.
    columns: Vec<(Buffer, usize)>,
    /// The bytes of a row.
    width: usize,
    rows: Range<usize>,
    /// What is fetched next: a column, and a byte of it.
    column: usize,
    at: usize,
}

impl Ahead {
    /// Another batch is read.
    pub(crate) fn turn_to(&mut self, batch: Batch<'_, '_>) {
        self.columns.clear();
        self.columns.extend(batch.read_columns().filter_map(cells));
        self.width = self.columns.iter().fold(0, |sum, (_, width)| sum.saturating_add(*width));
    }

    /// These rows come next.
    pub(crate) fn begin(&mut self, rows: Range<usize>) {
        self.rows = rows;
        self.go_to(0);
    }

    fn go_to(&mut self, column: usize) {
        self.column = column;
        let width = self.columns.get(column).map_or(0, |(_, width)| *width);
        self.at = self.rows.start.saturating_mul(width);
    }

    /// So many rows are worked on: as many of those to come are fetched.
    #[inline]
    pub(crate) fn fetch(&mut self, rows: usize) {
        let mut lines = rows.saturating_mul(self.width).div_euclid(LINE).saturating_add(1);
        while let Some((cells, width)) = self.columns.get(self.column).filter(|_| lines > 0) {
            let bytes = self.rows.end.saturating_mul(*width).saturating_sub(self.at);
            let fetched = lines.min(bytes.div_ceil(LINE));
            for at in (self.at..).step_by(LINE).take(fetched) {
                prefetch_index(cells.as_slice(), at);
            }
            self.at = self.at.saturating_add(fetched.saturating_mul(LINE));
            if fetched < lines {
                self.go_to(self.column.saturating_add(1));
            }
            lines = lines.saturating_sub(fetched);
        }
    }
}

/// What lies in a column, where all its cells are of one width.
fn cells(column: &ArrayRef) -> Option<(Buffer, usize)> {
    let width = match column.data_type() {
        DataType::Dictionary(keys, _) => keys.primitive_width(),
        other => other.primitive_width(),
    };
    let data = column.to_data();
    let width = width?;
    let start = data.offset().checked_mul(width)?;
    let cells = data.buffers().first()?;
    (start <= cells.len()).then(|| (cells.slice(start), width))
}
