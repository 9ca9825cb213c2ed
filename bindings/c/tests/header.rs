//! include/parure.h is what the functions are.

use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

#[test]
fn the_committed_header_is_fresh() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let config = cbindgen::Config::from_file(here.join("cbindgen.toml")).unwrap();
    let bindings = cbindgen::Builder::new().with_crate(here).with_config(config).generate().unwrap();
    let mut fresh = Vec::new();
    bindings.write(&mut fresh);
    let fresh = String::from_utf8(fresh).unwrap();
    let file = root().join("include/parure.h");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&file, &fresh).unwrap();
    }
    let committed = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(
        committed == fresh,
        "include/parure.h is stale: run `UPDATE=1 cargo test -p parure-c --test header`"
    );
}

/// The number in the library's name is the version of the ABI.
#[test]
fn the_library_is_named_by_its_abi() {
    let build = std::fs::read_to_string(root().join("bindings/c/library/build.rs")).unwrap();
    let version = parure_c::parure_abi_version();
    assert_eq!(version, parure_c::PARURE_ABI_VERSION);
    assert!(build.contains(&format!("-soname,libparure.so.{version}\"")));
    assert!(build.contains(&format!("libparure.{version}.dylib")));
}
