//! The committed JSON Schema of a program is the one that programs are read by.

use std::fs;
use std::path::Path;

#[test]
fn the_committed_schema_is_fresh() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/program.schema.json");
    let fresh = format!("{:#}\n", parure::program::json_schema());
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&file, &fresh).unwrap();
    }
    let committed = fs::read_to_string(&file).unwrap_or_default();
    assert!(
        committed == fresh,
        "docs/program.schema.json is stale: run `UPDATE=1 cargo test -p parure --test schema`"
    );
}
