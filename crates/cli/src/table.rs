//! Aligned columns, also with Chinese names, which are twice as wide.

use comfy_table::{Cell, CellAlignment, ContentArrangement, Table, TableStyle};

/// A column's side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    Left,
    Right,
}

/// Rows in aligned columns, two spaces in, without lines around them; an empty header is left out.
pub(crate) fn aligned(header: &[&str], sides: &[Side], rows: &[Vec<String>]) -> String {
    let mut table = Table::new();
    table.load_style(TableStyle::new()).set_content_arrangement(ContentArrangement::Disabled);
    let cell = |(text, side): (&str, &Side)| {
        Cell::new(text).set_alignment(match side {
            Side::Left => CellAlignment::Left,
            Side::Right => CellAlignment::Right,
        })
    };
    let heading = (!header.is_empty()).then_some(header.iter().map(|text| (*text).to_owned()).collect());
    for row in heading.iter().chain(rows) {
        table.add_row(row.iter().map(String::as_str).zip(sides).map(cell).collect::<Vec<_>>());
    }
    for column in table.column_iter_mut() {
        column.set_padding((2, 0));
    }
    table.lines().map(|line| format!("{}\n", line.trim_end())).collect()
}

#[cfg(test)]
mod tests {
    use super::{Side, aligned};

    #[test]
    fn wide_characters_count_twice() {
        let rows = [vec!["会员".to_owned(), "7".to_owned()], vec!["Gold".to_owned(), "12".to_owned()]];
        assert_eq!(aligned(&[], &[Side::Left, Side::Right], &rows), "  会员   7\n  Gold  12\n");
    }

    #[test]
    fn headers_stand_over_their_columns() {
        let rows = [vec!["1997-01".to_owned(), "8,928".to_owned()]];
        let table = aligned(&["Month", "Purchases"], &[Side::Left, Side::Right], &rows);
        assert_eq!(table, "  Month    Purchases\n  1997-01      8,928\n");
    }
}
