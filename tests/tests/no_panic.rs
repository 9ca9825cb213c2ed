//! No input of any kind panics: right facts, programs and snapshots with bytes turned, cut off, doubled and moved.

use parure_tests::drive;
use parure_tests::generate::cases;
use proptest::prelude::*;
use proptest::sample::Index;

/// One change to a text or to bytes.
#[derive(Debug, Clone)]
enum Damage {
    Flip(Index, u8),
    Put(Index, Vec<u8>),
    Cut(Index),
    Drop(Index, usize),
    /// A part that ends at a comma, once more: a repeated key, a repeated line.
    Double(Index),
    /// A number or a text for another one.
    Swap(Index, &'static str),
}

const VALUES: [&str; 18] = [
    "0",
    "-1",
    "9223372036854775807",
    "-9223372036854775808",
    "999999999999999.99",
    "1e308",
    "0.1",
    "null",
    "true",
    "[]",
    "{}",
    "\"\"",
    "\"9999-12-31\"",
    "\"2023-02-29\"",
    "\"-0\"",
    "\"\\ud800\"",
    "\"１２\"",
    "1000000000000",
];

fn damage() -> impl Strategy<Value = Damage> {
    prop_oneof![
        (any::<Index>(), 1..=255_u8).prop_map(|(at, bits)| Damage::Flip(at, bits)),
        (any::<Index>(), proptest::collection::vec(any::<u8>(), 1..6))
            .prop_map(|(at, bytes)| Damage::Put(at, bytes)),
        any::<Index>().prop_map(Damage::Cut),
        (any::<Index>(), 1..20_usize).prop_map(|(at, count)| Damage::Drop(at, count)),
        any::<Index>().prop_map(Damage::Double),
        (any::<Index>(), proptest::sample::select(&VALUES[..]))
            .prop_map(|(at, value)| Damage::Swap(at, value)),
    ]
}

fn damaged(mut bytes: Vec<u8>, damages: &[Damage]) -> Vec<u8> {
    for damage in damages.iter().filter(|damage| !matches!(damage, Damage::Cut(_))) {
        if bytes.is_empty() {
            break;
        }
        let length = bytes.len();
        let ends = |from: usize, bytes: &[u8]| {
            bytes[from..].iter().position(|byte| b",}]\n".contains(byte)).map_or(length, |at| from + at)
        };
        match damage {
            Damage::Flip(at, bits) => bytes[at.index(length)] ^= bits,
            Damage::Put(at, put) => {
                let at = at.index(length);
                bytes.splice(at..at, put.iter().copied());
            }
            Damage::Drop(at, count) => {
                let at = at.index(length);
                bytes.drain(at..(at + count).min(length));
            }
            Damage::Double(at) => {
                let at = at.index(length);
                let start =
                    bytes[..at].iter().rposition(|byte| b",{[\n".contains(byte)).map_or(0, |at| at + 1);
                let mut part = bytes[start..ends(at, &bytes)].to_vec();
                part.push(b',');
                bytes.splice(start..start, part);
            }
            Damage::Swap(at, value) => {
                let at = at.index(length);
                if let Some(colon) = bytes[at..].iter().position(|byte| b":=".contains(byte)) {
                    let start = at + colon + 1;
                    let end = ends(start, &bytes);
                    bytes.splice(start..end, value.bytes());
                }
            }
            Damage::Cut(_) => {}
        }
    }
    if let Some(Damage::Cut(at)) = damages.iter().find(|damage| matches!(damage, Damage::Cut(_))) {
        bytes.truncate(at.index(bytes.len() + 1));
    }
    bytes
}

fn damages() -> impl Strategy<Value = Vec<Damage>> {
    proptest::collection::vec(damage(), 1..4)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_024, ..ProptestConfig::default() })]

    #[test]
    fn facts(which in any::<Index>(), damages in damages()) {
        let template = drive::TEMPLATES[which.index(drive::TEMPLATES.len())];
        drive::fact(&damaged(template.as_bytes().to_vec(), &damages));
    }

    #[test]
    fn programs(damages in damages()) {
        drive::program(&damaged(drive::PROGRAM.as_bytes().to_vec(), &damages));
    }

    #[test]
    fn anything(bytes in proptest::collection::vec(any::<u8>(), 0..64), text in ".{0,40}") {
        for bytes in [&bytes[..], text.as_bytes()] {
            drive::fact(bytes);
            drive::program(bytes);
            drive::snapshot(bytes);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, ..ProptestConfig::default() })]

    #[test]
    fn snapshots(sealed: bool, damages in damages()) {
        drive::snapshot(&damaged(drive::sample_snapshot(sealed), &damages));
    }

    #[test]
    fn picked_histories(picks in proptest::collection::vec(any::<u8>(), 0..24)) {
        drive::history(&picks);
    }

    #[test]
    fn written_histories(picks in proptest::collection::vec(any::<Index>(), 1..12), damages in damages()) {
        let lines: Vec<&str> = picks.iter().map(|pick| drive::TEMPLATES[pick.index(drive::TEMPLATES.len())]).collect();
        drive::history(&damaged(lines.join("\n").into_bytes(), &damages));
    }

    /// What is read is what was written, of every fact that a history may hold.
    #[test]
    fn generated_facts_are_read_as_they_are_written(case in cases(16)) {
        for fact in &case.facts {
            let text = fact.to_string();
            let yuan = parure::money::Currency::parse("CNY").unwrap();
            let read = parure::fact::Fact::from_json(&text, yuan).unwrap();
            let json = read.to_json(yuan);
            prop_assert_eq!(&parure::fact::Fact::from_json(&json, yuan).unwrap(), &read);
            drive::fact(json.as_bytes());
        }
    }
}
