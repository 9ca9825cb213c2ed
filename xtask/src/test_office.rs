//! The book in PostgreSQL on a real server: Debian's is installed where there is none and that can be done.

use std::path::{Path, PathBuf};
use std::process::Command;

/// Tells whether there is a server to test on, and installs Debian's where there is none and this is root.
pub(crate) fn has_server() -> bool {
    if is_installed() {
        return true;
    }
    if !(is_root() && Path::new("/usr/bin/apt-get").exists()) {
        eprintln!(
            "\nThere is no PostgreSQL: the tests of the office will be SKIPPED (Debian: apt-get install postgresql)"
        );
        return false;
    }
    eprintln!("\nThere is no PostgreSQL: Debian's is installed.\n$ apt-get install --yes postgresql");
    let installed = Command::new("apt-get")
        .args(["install", "--yes", "--no-install-recommends", "postgresql"])
        .env("DEBIAN_FRONTEND", "noninteractive")
        .status();
    let installed = installed.is_ok_and(|installed| installed.success()) && is_installed();
    if !installed {
        eprintln!("It can't be installed: the tests of the office will be SKIPPED");
    }
    installed
}

fn is_root() -> bool {
    let user = Command::new("id").arg("-u").output();
    user.is_ok_and(|user| user.stdout.trim_ascii() == b"0")
}

/// Where Debian has it, or anyone's path.
fn is_installed() -> bool {
    let debian = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let debian = debian.map(|version| version.path().join("bin"));
    let path = std::env::var_os("PATH").unwrap_or_default();
    let path: Vec<PathBuf> = std::env::split_paths(&path).collect();
    debian.chain(path).any(|bin| bin.join("initdb").exists())
}
