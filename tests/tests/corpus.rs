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
    // The kept snapshots are of the layout that is read today; with UPDATE=1 they and what is broken of them are written anew.
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/corpus/snapshot");
    if std::env::var_os("UPDATE").is_some() {
        let [whole, sealed] = &samples;
        let changed = |of: &Vec<u8>, from_end: usize, to: u8| {
            let mut bytes = of.clone();
            let at = bytes.len() - from_end;
            bytes[at] ^= to;
            bytes
        };
        // The footer: three lengths, the checksum, two bytes of the layout, eight of the mark.
        let written = [
            ("whole", whole.clone()),
            ("sealed", sealed.clone()),
            ("cut", whole[..whole.len() / 2].to_vec()),
            ("tail", whole[whole.len() - 50..].to_vec()),
            ("first_fact_changed", changed(whole, whole.len() - 2, 0x41)),
            ("people_changed", changed(whole, 90, 0x15)),
            ("base_changed", changed(sealed, 400, 0x15)),
            ("length_too_large", changed(whole, 44, 0x7f)),
            ("newer_layout", changed(whole, 10, 0x40)),
        ];
        for (name, bytes) in written {
            fs::write(folder.join(name), bytes).unwrap();
        }
    }
    // Those of layout 4, from before there were erasures, of layout 11, from before there were orders, and of layout 12, from before coupons could be held, are never written anew.
    for name in [
        "whole",
        "sealed",
        "layout_4",
        "layout_4_sealed",
        "layout_11",
        "layout_11_sealed",
        "layout_12",
        "layout_12_sealed",
    ] {
        let kept = parure::book::Book::restore(fs::read(folder.join(name)).unwrap());
        assert!(kept.is_ok(), "`{name}` is of another layout: set UPDATE=1 to write it anew");
    }
}
