//! Programs as they are written: what is right has no fault, and what is wrong is told at its place, all of it at once.

use parure::fact::Fact;
use parure::money::Currency;
use parure::program::{Faults, Program};
use proptest::prelude::*;
use std::fs;
use std::path::{Path, PathBuf};

fn home() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn maison() -> String {
    fs::read_to_string(home().join("examples/maison.toml")).unwrap()
}

/// A right program with more written after its head.
fn with(more: &str) -> String {
    let head = "edition = 2026\nname = \"会员俱乐部\"\neffective = 2026-01-01\ncurrency = \"CNY\"\ntime_zone = \"Asia/Shanghai\"\n";
    format!("{head}{more}")
}

fn faults(text: &str) -> Faults {
    Program::parse("program.toml", text).expect_err(text)
}

fn codes(text: &str) -> Vec<&'static str> {
    faults(text).iter().map(|fault| fault.code).collect()
}

fn right(text: &str) -> Program {
    Program::parse("program.toml", text).unwrap_or_else(|faults| panic!("{faults}"))
}

#[test]
fn the_example_program_has_no_fault() {
    let program = right(&maison());
    assert_eq!(program.name(), "Maison Lumière 会员俱乐部");
    assert_eq!(program.effective().to_string(), "2026-01-01");
    assert_eq!(program.source(), maison());
}

#[test]
fn the_whole_club_can_be_said() {
    let text = fs::read_to_string(home().join("examples/club.toml")).unwrap();
    right(&text);
}

#[test]
fn json_says_the_same_as_toml() {
    let table: toml::Table = maison().parse().unwrap();
    let json = as_json(&toml::Value::Table(table)).to_string();
    let without_source = |program: &Program| {
        let shown = format!("{program:?}");
        shown.split("source: \"").next().map(str::to_owned).unwrap_or(shown)
    };
    assert_eq!(without_source(&right(&json)), without_source(&right(&maison())));
}

fn as_json(value: &toml::Value) -> serde_json::Value {
    match value {
        toml::Value::String(text) => text.as_str().into(),
        toml::Value::Integer(number) => (*number).into(),
        toml::Value::Float(number) => (*number).into(),
        toml::Value::Boolean(truth) => (*truth).into(),
        toml::Value::Datetime(day) => day.to_string().into(),
        toml::Value::Array(list) => list.iter().map(as_json).collect(),
        toml::Value::Table(table) => table.iter().map(|(key, value)| (key.clone(), as_json(value))).collect(),
    }
}

#[test]
fn the_simplest_program_needs_five_keys() {
    right(&with(""));
    assert_eq!(codes(""), ["missing_key"; 5]);
}

/// Each file of tests/faults names at the end of a line the codes of the faults on that line (where comments can be written), and
/// has next to it the text that people are shown. `UPDATE=1` writes the texts anew: read what changed.
#[test]
fn every_fault_is_told_at_its_place() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/faults");
    let mut files: Vec<PathBuf> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|end| end == "toml" || end == "json"));
    files.sort();
    let mut wrong = String::new();
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        let name = file.file_name().unwrap().to_str().unwrap();
        let faults = Program::parse(name, &text).expect_err(name);
        wrong += &differs_from_marks(name, &text, &faults);
        let shown = folder.join(format!("{name}.txt"));
        if std::env::var_os("UPDATE").is_some() {
            fs::write(&shown, faults.to_string()).unwrap();
        }
        let expected = fs::read_to_string(&shown).unwrap_or_default();
        if expected != faults.to_string() {
            wrong += &format!("{name}: expected\n{expected}\nfound\n{faults}\n");
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

fn differs_from_marks(name: &str, text: &str, faults: &Faults) -> String {
    let mut marked: Vec<(usize, &str)> = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let codes = line.split_once("# fault: ").map_or("", |(_, codes)| codes);
        marked.extend(codes.split_whitespace().map(|code| (index + 1, code)));
    }
    let mut found: Vec<(usize, &str)> =
        faults.iter().map(|fault| (fault.place.map_or(0, |place| place.line), fault.code)).collect();
    marked.sort_unstable();
    found.sort_unstable();
    if marked.is_empty() || marked == found {
        return String::new();
    }
    let missing: Vec<_> = marked.iter().filter(|mark| !found.contains(mark)).collect();
    let surplus: Vec<_> = found.iter().filter(|fault| !marked.contains(fault)).collect();
    format!("{name}: not told {missing:?}, not expected {surplus:?}\n")
}

#[test]
fn faults_for_tools_have_all_that_people_are_told() {
    let text = with("[points]\nroundin = \"up\"\n");
    assert_eq!(
        faults(&text).to_json(),
        serde_json::json!([{
            "code": "unknown_key",
            "file": "program.toml",
            "path": "points.roundin",
            "line": 7,
            "column": 1,
            "message": "unknown key `roundin`",
            "advice": "did you mean `rounding`?",
        }])
    );
}

#[test]
fn what_is_over_a_bound_is_a_fault() {
    let many =
        |count: usize, table: &dyn Fn(usize) -> String| with(&(0..count).map(table).collect::<String>());
    let earn = |n| format!("[[earn]]\nid = \"e{n}\"\nwhen = 'line.item == \"{n}\"'\npoints = 1\nper = 1\n");
    let bonus = |n| format!("[[bonus]]\nid = \"b{n}\"\nadd = 1\n");
    let tier = |n| {
        let reach =
            if n == 0 { String::new() } else { format!("reach = {{ visits = {n}, within = \"ever\" }}\n") };
        format!("[[tier]]\nid = \"t{n}\"\n{reach}")
    };
    right(&many(100, &earn));
    assert_eq!(codes(&many(101, &earn)), ["too_many"]);
    right(&many(100, &bonus));
    assert_eq!(codes(&many(101, &bonus)), ["too_many"]);
    right(&many(32, &tier));
    assert_eq!(codes(&many(33, &tier)), ["too_many"]);

    let goals = |count: usize| {
        let goals: Vec<_> =
            (1..=count).map(|n| format!("{{ visits = {n}, within = \"{n} months\" }}")).collect();
        with(&format!(
            "[[tier]]\nid = \"a\"\n[[tier]]\nid = \"b\"\nreach = {{ any = [{}] }}",
            goals.join(", ")
        ))
    };
    right(&goals(16));
    assert_eq!(codes(&goals(17)), ["too_many"]);

    let rungs = |count: usize| {
        let rungs: Vec<_> = (0..count).map(|n| format!("{{ from = {n}, points = 1, per = 1 }}")).collect();
        with(&format!("[[earn]]\nid = \"a\"\nladder = [{}]", rungs.join(", ")))
    };
    right(&rungs(32));
    assert_eq!(codes(&rungs(33)), ["too_many"]);

    let named = |bytes: usize| with("").replace("会员俱乐部", &"x".repeat(bytes));
    right(&named(256));
    assert_eq!(codes(&named(257)), ["too_long"]);
    let long = |bytes: usize| format!("{0}{1}", with("#"), "x".repeat(bytes - with("#").len()));
    right(&long(1_048_576));
    assert_eq!(codes(&long(1_048_577)), ["too_large"]);
}

#[test]
fn a_text_with_very_many_faults_is_told_of_the_first_hundred() {
    let keys: String = (0..1_000).map(|n| format!("k{n} = 1\n")).collect();
    assert_eq!(codes(&with(&keys)).len(), 100);
}

#[test]
fn a_very_long_line_is_shown_in_part() {
    let text = format!("{{\"a\": \"{}\", \"金\": 1}}", "长".repeat(100_000));
    let shown = faults(&text).to_string();
    assert!(shown.len() < 10_000, "{} bytes", shown.len());
}

#[test]
fn a_program_within_a_fact_has_its_faults_where_they_stand() {
    let fact = |when: &str| {
        format!(
            "{{\"id\": \"p-1\", \"at\": \"2026-01-01T00:00:00+08:00\", \"adopted\": {{\"program\": {{\n\
             \"edition\": 2026, \"name\": \"金店\", \"effective\": \"2026-01-01\",\n\
             \"currency\": \"CNY\", \"time_zone\": \"Asia/Shanghai\",\n\
             \"bonus\": [{{\"id\": \"b\", \"add\": 1, \"when\": \"{when}\"}}]\n}}}}}}"
        )
    };
    let yuan = Currency::parse("CNY").unwrap();
    assert!(Fact::from_json(&fact("customer.points > 5"), yuan).is_ok());
    let fault = Fact::from_json(&fact("customer.pionts > 5"), yuan).unwrap_err();
    assert_eq!(fault.path, "adopted.program.bonus[0].when");
    // `pionts` on the fourth line: after `"bonus": [{"id": "b", "add": 1, "when": "customer.`.
    let place = fault.place.unwrap();
    assert_eq!((place.line, place.column), (4, 51));
}

/// The default that the schema tells of is the one that counts: writing it out changes nothing.
#[test]
fn defaults_of_the_schema_are_what_is_meant() {
    let least = |text: &str| format!("{:?}", right(text)).split("source: \"").next().map(str::to_owned);
    let schema = parure::program::json_schema();
    let defaults_in = |keys: &serde_json::Value| -> serde_json::Value {
        let keys = keys["properties"].as_object().unwrap().iter();
        keys.filter_map(|(key, schema)| Some((key.clone(), schema.get("default")?.clone()))).collect()
    };
    let table = |name: &str| defaults_in(&schema["definitions"][name]);
    let join = |one: serde_json::Value, other: serde_json::Value| {
        let mut both = one;
        both.as_object_mut().unwrap().extend(other.as_object().unwrap().clone());
        both
    };
    let bare = serde_json::json!({
        "edition": 2026, "name": "a", "effective": "2026-01-01", "currency": "CNY", "time_zone": "Asia/Shanghai",
        "points": { "expires": { "after": "1 year" }, "spend": { "worth": { "points": 1, "amount": 1 } } },
        "earn": [{ "id": "e", "ladder": [{ "from": 0, "points": 1, "per": 1 }] }],
        "tier": [{ "id": "m" }, { "id": "g", "reach": { "visits": 1, "within": "ever" }, "term": "1 year" }],
    });
    let mut full = join(bare.clone(), defaults_in(&schema));
    full["dates"] = table("DatesSpec");
    full["points"] = join(bare["points"].clone(), table("PointsSpec"));
    full["points"]["expires"] = join(bare["points"]["expires"].clone(), table("ExpiresSpec"));
    full["points"]["spend"] = join(bare["points"]["spend"].clone(), table("SpendSpec"));
    full["points"]["returns"] = table("ReturnsSpec");
    full["earn"][0] = join(bare["earn"][0].clone(), table("EarnSpec"));
    full["qualifying"] = table("QualifyingSpec");
    let mut tier = table("TierSpec");
    tier["lapse"] = table("LapseSpec");
    full["tier"][1] = join(tier, bare["tier"][1].clone());
    assert_eq!(least(&full.to_string()), least(&bare.to_string()));
}

/// The example, with some of its pieces cut out, doubled, or written over.
fn mutated() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        proptest::sample::select(vec![
            "",
            "\"",
            "'",
            "[",
            "]",
            "[[",
            "{",
            "}",
            "=",
            ".",
            ",",
            "\n",
            "0",
            "-1",
            "1e9",
            "99999999999999999999",
            "金",
            "\\",
            "tier",
            "[[tier]]\n",
            "any",
            "\"0\"",
            "\"0 days\"",
            "\"ever\"",
            "= = ",
            "\u{0}",
            "\u{7f}",
            "\r",
            "\t",
            "\"\"\"",
            "'''",
        ])
        .prop_map(str::to_owned),
        any::<String>(),
    ];
    let cut = (any::<prop::sample::Index>(), 0..40_usize, piece);
    proptest::collection::vec(cut, 1..6).prop_map(|cuts| {
        let mut letters: Vec<char> = maison().chars().collect();
        for (at, length, piece) in cuts {
            let start = at.index(letters.len().max(1)).min(letters.len());
            let end = (start + length).min(letters.len());
            letters.splice(start..end, piece.chars());
        }
        letters.into_iter().collect()
    })
}

/// Whatever is written, it is a program or has faults that can be shown, each within the text.
fn answers(text: &str) -> Result<(), TestCaseError> {
    if let Err(faults) = Program::parse("program.toml", text) {
        prop_assert!(faults.iter().count() > 0);
        prop_assert!(!faults.to_string().is_empty());
        for fault in &faults {
            let place = fault.place.unwrap();
            prop_assert!(place.end <= text.len() && text.is_char_boundary(place.start));
        }
        prop_assert_eq!(faults.to_json().as_array().map(Vec::len), Some(faults.iter().count()));
    }
    Ok(())
}

proptest! {
    #[test]
    fn any_text_has_an_answer(text in any::<String>()) {
        answers(&text)?;
        answers(&format!("{{{text}"))?;
        answers(&with(&text))?;
    }

    #[test]
    fn the_example_written_over_has_an_answer(text in mutated()) {
        answers(&text)?;
    }
}

/// Each value of the example in turn becomes something else, or is left out.
#[test]
fn any_value_in_any_place_has_an_answer() {
    let table: toml::Table = maison().parse().unwrap();
    let whole = as_json(&toml::Value::Table(table));
    let others = serde_json::json!([
        null, true, 0, -1, 9_223_372_036_854_775_807_i64, 18_446_744_073_709_551_615_u64, 1.5, "", "0", "-1", "x", "金", "0 days",
        "65535 years", "999999999999999.99", "0.000001", "100.01%", "term", "(((", [], [[]], {}, {"any": {}}, {"from": "0"}
    ]);
    let mut places = Vec::new();
    gather(&whole, &mut String::new(), &mut places);
    assert!(places.len() > 60, "{places:?}");
    for place in &places {
        for other in others.as_array().unwrap() {
            let mut changed = whole.clone();
            *changed.pointer_mut(place).unwrap() = other.clone();
            answers(&changed.to_string()).unwrap();
        }
    }
}

/// The JSON pointers of all values.
fn gather(value: &serde_json::Value, here: &mut String, places: &mut Vec<String>) {
    places.push(here.clone());
    let inner: Vec<(String, &serde_json::Value)> = match value {
        serde_json::Value::Array(list) => {
            list.iter().enumerate().map(|(at, item)| (at.to_string(), item)).collect()
        }
        serde_json::Value::Object(table) => table.iter().map(|(key, item)| (key.clone(), item)).collect(),
        _ => Vec::new(),
    };
    for (key, item) in inner {
        let length = here.len();
        here.push('/');
        here.push_str(&key);
        gather(item, here, places);
        here.truncate(length);
    }
}
