//! Every input kept for the fuzz targets, through the same functions, without a fuzzer.

use parure_tests::drive;
use std::fs;
use std::panic::catch_unwind;
use std::path::Path;

fn replay(target: &str, drive: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/corpus").join(target);
    let mut files: Vec<_> = fs::read_dir(&folder).unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    assert!(files.len() >= 8, "{} files in {}", files.len(), folder.display());
    let failed: Vec<_> = files
        .iter()
        .filter(|file| {
            let bytes = fs::read(file).unwrap();
            catch_unwind(|| drive(&bytes)).is_err()
        })
        .collect();
    assert!(failed.is_empty(), "{failed:#?}");
}

#[test]
fn programs() {
    replay("program", drive::program);
}

#[test]
fn facts() {
    replay("fact", drive::fact);
}

#[test]
fn snapshots() {
    replay("snapshot", drive::snapshot);
}

#[test]
fn histories() {
    replay("history", drive::history);
}

#[test]
fn every_template_is_a_fact() {
    for template in drive::TEMPLATES {
        drive::fact(template.as_bytes());
        drive::history(template.as_bytes());
    }
    drive::program(drive::PROGRAM.as_bytes());
    let samples = [drive::sample_snapshot(false), drive::sample_snapshot(true)];
    assert!(samples[0] != samples[1]);
    // The kept snapshots are of the layout that is read today; with UPDATE=1 they are written anew.
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/corpus/snapshot");
    for (name, sample) in ["whole", "sealed"].iter().zip(samples) {
        if std::env::var_os("UPDATE").is_some() {
            fs::write(folder.join(name), sample).unwrap();
        }
        assert!(parure::book::Book::restore(fs::read(folder.join(name)).unwrap()).is_ok(), "{name}");
    }
}
