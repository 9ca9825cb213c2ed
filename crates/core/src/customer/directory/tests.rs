use super::search::first_letters;
use super::{Directory, Extent, Field, Found, Known, Shelf, forms_of};
use crate::customer::name::fold;
use proptest::prelude::*;
use std::collections::BTreeMap;

fn named<'a>(names: &[&'a str]) -> Known<'a> {
    Known { names: names.to_vec(), ..Known::default() }
}

fn places(directory: &Directory, typed: &str) -> Vec<u32> {
    directory.find(typed, 50).iter().map(|found| found.place).collect()
}

#[test]
fn a_phone_is_found_as_it_is_typed() {
    let phone = |phone| Known { phones: vec![phone], ..Known::default() };
    let all = ["+8613812345678", "+85291234567", "+886912345678", "+491711234567", "+8613900005678"];
    let directory = Directory::build((0..).zip(all).map(|(place, number)| (place, "c", phone(number))));
    let whole = |typed: &str| {
        let found = directory.find(typed, 9);
        found
            .iter()
            .filter(|found| found.extent == Extent::Whole)
            .map(|found| found.place)
            .collect::<Vec<_>>()
    };
    for typed in [
        "13812345678",
        "+86 138 1234 5678",
        "0086-138-1234-5678",
        "８６１３８１２３４５６７８",
        "(138) 1234.5678",
        "+8613812345678",
    ] {
        assert_eq!(whole(typed), [0], "{typed}");
    }
    assert_eq!(whole("9123 4567"), [1]);
    assert_eq!(whole("0912 345 678"), [2]);
    assert_eq!(whole("0171 1234567"), [3]);
    assert_eq!(places(&directory, "5678"), [4, 0, 2]);
    assert_eq!(places(&directory, "1381"), [0]); // its start at home
    assert!(places(&directory, "678").is_empty() && places(&directory, "+5678").is_empty());
}

#[test]
fn zh_ch_and_sh_are_first_letters_before_a_consonant() {
    assert_eq!(first_letters("zhxw"), Some("zxw".to_owned()));
    assert_eq!(first_letters("zhshw"), Some("zsw".to_owned()));
    assert_eq!(first_letters("zhang"), None);
    assert_eq!(first_letters("zh"), None);
}

#[test]
fn long_forms_are_told_apart() {
    let directory = Directory::build([
        (0, "c-1", named(&["Alexandra Konstantinopolskaya"])),
        (1, "c-2", named(&["Alexandra Konstantinopolsky"])),
        (2, "c-3", Known { cards: vec!["MAISON-2026-0000-0000-0000-0001"], ..Known::default() }),
        (3, "c-4", Known { cards: vec!["MAISON-2026-0000-0000-0000-0002", "卡42"], ..Known::default() }),
        (4, "c-5", named(&["阿卜杜热依木"])),
        (5, "c-6", named(&["阿卜杜拉"])),
    ]);
    assert_eq!(places(&directory, "alexandra konstantinopolsk"), [0, 1]);
    assert_eq!(places(&directory, "alexandra konstantinopolsky"), [1]);
    assert_eq!(places(&directory, "maison 2026 0000 0000 0000 0002"), [3]);
    assert_eq!(places(&directory, "maison20260000000000000002"), [3]);
    assert_eq!(places(&directory, "卡42"), [3]);
    assert_eq!(places(&directory, "片42"), Vec::<u32>::new());
    assert_eq!(places(&directory, "阿卜杜热"), [4]);
    assert_eq!(places(&directory, "阿卜杜"), [4, 5]); // alike in three characters: by id
    assert_eq!(
        directory.find("阿卜杜拉", 1),
        [Found { place: 5, field: Field::Name, extent: Extent::Whole }]
    );
}

#[test]
fn bad_input_finds_nobody() {
    let directory = Directory::build([(0, "c-1", named(&["张伟", "", " ", "()"]))]);
    for typed in ["", " ", "-", "+", "😀", "\u{0}", "(((", "·", "zhangweiq", "12345678901234567890123"] {
        assert!(directory.find(typed, 10).is_empty(), "{typed}");
    }
    assert!(directory.find("z", 0).is_empty());
    let long = "z".repeat(100_000);
    assert!(directory.find(&long, 10).is_empty());
}

#[test]
fn nothing_of_a_person_is_in_debug() {
    let known = Known { names: vec!["张伟"], phones: vec!["+8613812345678"], ..Known::default() };
    let directory = Directory::build([(0, "c-1", known.clone())]);
    let shown = format!("{known:?} {directory:?} {:?}", directory.find("zw", 1));
    assert!(!shown.contains('张') && !shown.contains("138") && !shown.contains("zhang"), "{shown}");
}

// ── Properties ───────────────────────────────────────────────────────────────────────────────────────────────────────────

#[derive(Debug, Clone, Default, PartialEq)]
struct Person {
    names: Vec<String>,
    phones: Vec<String>,
    emails: Vec<String>,
    cards: Vec<String>,
    serials: Vec<String>,
}

impl Person {
    fn known(&self) -> Known<'_> {
        Known {
            names: self.names.iter().map(String::as_str).collect(),
            phones: self.phones.iter().map(String::as_str).collect(),
            emails: self.emails.iter().map(String::as_str).collect(),
            wechats: Vec::new(),
            cards: self.cards.iter().map(String::as_str).collect(),
            serials: self.serials.iter().map(String::as_str).collect(),
        }
    }
}

fn names() -> impl Strategy<Value = String> {
    let hanzi = prop::sample::select("张章王单伟玮小晓尉迟吕红乐𠮷偉張".chars().collect::<Vec<_>>());
    let chinese = prop::collection::vec(hanzi, 1..5).prop_map(String::from_iter);
    let word = prop::sample::select(vec![
        "Anna",
        "annabel",
        "Li",
        "Zhang",
        "Wei",
        "Renée",
        "O'Neil",
        "王",
        "Mr",
        "Иван",
        "김",
        "Konstantinopolska",
    ]);
    let latin = prop::collection::vec(word, 1..4).prop_map(|words| words.join(" "));
    prop_oneof![3 => chinese, 2 => latin]
}

fn people() -> impl Strategy<Value = Vec<Person>> {
    let phone = "\\+(86138[01]{2}|8529[01]{3}|1)[0-2]{4,6}";
    let email = "[ab]{1,3}[._]?[ab0]{0,24}@[ab]\\.c";
    let code = "[AB]-?[0-1]{1,4}|MAISON-2026-[0-9]{12,14}|卡[01]{1,2}";
    let some = |texts: &'static str| prop::collection::vec(texts, 0..3);
    let person = (prop::collection::vec(names(), 0..3), some(phone), some(email), some(code), some(code));
    let person = person.prop_map(|(names, phones, emails, cards, serials)| Person {
        names,
        phones,
        emails,
        cards,
        serials,
    });
    prop::collection::vec(person, 1..24)
}

fn id(place: usize) -> String {
    // Not in the order of places.
    format!("c-{}", (place * 7) % 41)
}

fn built(people: &[Person]) -> Directory {
    let ids: Vec<String> = (0..people.len()).map(id).collect();
    let all = people.iter().zip(&ids).enumerate();
    Directory::build(
        all.map(|(place, (person, id))| (u32::try_from(place).unwrap(), id.as_str(), person.known())),
    )
}

/// What somebody may type of a person.
fn typed_of(person: &Person) -> Vec<String> {
    let mut typed = Vec::new();
    forms_of(&person.known(), &mut |shelf, form| {
        let text = match shelf {
            Shelf::PhoneEnd => form.chars().rev().collect(),
            Shelf::PhoneStart => format!("+{form}"),
            _ => form.to_owned(),
        };
        typed.push(text);
    });
    let texts = [&person.names, &person.phones, &person.emails, &person.cards, &person.serials];
    typed.extend(texts.into_iter().flatten().cloned());
    typed
}

/// What is found by looking through everybody: by place, the best fit with its order.
fn scanned(alone: &[Directory], typed: &str, limit: usize) -> Vec<u32> {
    let mut best: BTreeMap<u32, (Extent, Field, u8, u128, String)> = BTreeMap::new();
    for (place, alone) in alone.iter().enumerate() {
        for hit in alone.hits_of_one(typed) {
            let key = (hit.0, hit.1, hit.2, hit.3, id(place));
            let place = u32::try_from(place).unwrap();
            let there = best.entry(place).or_insert_with(|| key.clone());
            *there = there.clone().min(key);
        }
    }
    let mut all: Vec<_> = best.into_iter().map(|(place, key)| (key, place)).collect();
    all.sort();
    all.into_iter().take(limit).map(|(_, place)| place).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    /// Whatever somebody has, typed, finds them, and so does its start.
    #[test]
    fn everybody_is_found_by_each_of_their_forms(people in people()) {
        let directory = built(&people);
        for (place, person) in people.iter().enumerate() {
            let place = u32::try_from(place).unwrap();
            for typed in typed_of(person) {
                let found = directory.find(&typed, 100);
                let has_signs = fold(&typed).chars().any(char::is_alphanumeric);
                prop_assert!(!has_signs || found.iter().any(|found| found.place == place), "{typed}");
            }
        }
    }

    /// The index answers what looking at each person for themselves does, in order, however many were asked for.
    #[test]
    fn finding_equals_a_scan(people in people(), limit in 1_usize..8, cut in 1_usize..9) {
        let directory = built(&people);
        let alone: Vec<_> = people.iter().map(|person| Directory::build([(0, "x", person.known())])).collect();
        for person in &people {
            for typed in typed_of(person) {
                let start: String = typed.chars().take(cut).collect();
                for typed in [typed, start] {
                    let found: Vec<u32> = directory.find(&typed, limit).iter().map(|found| found.place).collect();
                    prop_assert_eq!(found, scanned(&alone, &typed, limit), "{}", typed);
                }
            }
        }
    }

    /// Added one by one, changed and taken out again, in any order: as if it had been built so.
    #[test]
    fn what_changes_is_as_if_built_anew(people in people(), others in people(), gone in prop::collection::vec(any::<bool>(), 40)) {
        let mut people = people;
        let mut directory = Directory::default();
        for (place, person) in people.iter().enumerate().rev() {
            directory.add(u32::try_from(place).unwrap(), &id(place), &person.known());
        }
        for (place, (other, gone)) in others.iter().zip(&gone).enumerate().take(people.len()) {
            let number = u32::try_from(place).unwrap();
            if *gone && place % 2 == 0 {
                directory.forget(number);
            } else {
                directory.remove(number, &people[place].known());
            }
            people[place] = if *gone { Person::default() } else { other.clone() };
            directory.add(number, &id(place), &people[place].known());
        }
        let anew = built(&people);
        for typed in people.iter().chain(&others).flat_map(typed_of) {
            prop_assert_eq!(directory.find(&typed, 5), anew.find(&typed, 5), "{}", typed);
        }
        prop_assert_eq!(directory.size().0, anew.size().0);
    }
}
