use super::{Options, Pair, Person, Reason, duplicates};
use crate::calendar::Anniversary;
use crate::customer::Known;
use proptest::prelude::*;
use std::collections::BTreeSet;

#[derive(Debug, Clone, Default)]
struct Told<'a> {
    names: &'a [&'a str],
    phone: Option<&'a str>,
    email: Option<&'a str>,
    birthday: Option<&'a str>,
    address: Option<&'a str>,
}

fn found(told: &[Told<'_>]) -> Vec<Pair> {
    with(told, &Options::default())
}

fn with(told: &[Told<'_>], options: &Options) -> Vec<Pair> {
    let people = told.iter().enumerate().map(|(place, told)| Person {
        place: u32::try_from(place).unwrap(),
        known: Known {
            names: told.names.to_vec(),
            phones: told.phone.into_iter().collect(),
            emails: told.email.into_iter().collect(),
            ..Known::default()
        },
        birthday: told.birthday.map(|text| Anniversary::parse_written(text).unwrap()),
        address: told.address,
    });
    duplicates(people, options)
}

const PHONE: Option<&str> = Some("+8613812345678");
const BORN: Option<&str> = Some("1990年5月20日");

#[test]
fn one_person_told_twice() {
    let first = Told {
        names: &["张晓薇"],
        phone: PHONE,
        birthday: BORN,
        email: Some("weiwei90@example.com"),
        address: Some("上海市南京西路1号"),
    };
    for (name, other) in [
        ("as she is", first.clone()),
        ("in pinyin", Told { names: &["Zhang Xiaowei"], ..first.clone() }),
        ("given name first", Told { names: &["Xiaowei Zhang"], ..first.clone() }),
        ("other characters", Told { names: &["章晓微"], ..first.clone() }),
        ("another phone", Told { phone: Some("+8613999999999"), ..first.clone() }),
        ("a digit off", Told { phone: Some("+8613812345687"), email: None, ..first.clone() }),
        ("a letter off", Told { names: &["Zhang Xiaowie"], email: None, ..first.clone() }),
        ("no birthday", Told { names: &["张晓薇"], phone: PHONE, ..Told::default() }),
        ("lunar", Told { birthday: Some("农历一九九〇年四月廿六"), phone: None, ..first.clone() }),
        ("without the year", Told { birthday: Some("5月20日"), email: None, ..first.clone() }),
        ("a character missing", Told { names: &["张薇"], ..first.clone() }),
    ] {
        let pairs = found(&[first.clone(), other]);
        assert_eq!(pairs.len(), 1, "{name}");
        assert!(pairs[0].score >= 800 && pairs[0].reasons.len() >= 2, "{name}: {pairs:?}");
    }
}

#[test]
fn families_and_namesakes_are_not() {
    let first = Told {
        names: &["张晓薇"],
        phone: PHONE,
        birthday: BORN,
        address: Some("上海市南京西路1号"),
        ..Told::default()
    };
    for (name, other) in [
        ("her husband", Told { names: &["李军"], birthday: Some("1988年1月3日"), ..first.clone() }),
        (
            "her husband, of whom no birthday is known",
            Told { names: &["李军"], birthday: None, ..first.clone() },
        ),
        ("her father", Told { names: &["张建国"], birthday: None, ..first.clone() }),
        ("her twin", Told { names: &["张晓萌"], ..first.clone() }),
        ("her sister", Told { names: &["张晓萌"], birthday: Some("1993年5月2日"), ..first.clone() }),
        (
            "a namesake",
            Told {
                names: &["张晓薇"],
                phone: Some("+8613999999999"),
                birthday: Some("1971年11月2日"),
                ..Told::default()
            },
        ),
        ("somebody of the same day", Told { names: &["王芳"], birthday: BORN, ..Told::default() }),
        ("nobody", Told::default()),
    ] {
        assert_eq!(found(&[first.clone(), other]), [], "{name}");
    }
}

#[test]
fn what_was_said_to_be_two_stays_two() {
    let one = Told { names: &["张晓薇"], phone: PHONE, ..Told::default() };
    let all = [one.clone(), one.clone(), one];
    assert_eq!(found(&all).len(), 3);
    let options = Options { apart: BTreeSet::from([(0, 2)]), ..Options::default() };
    let pairs: Vec<_> = with(&all, &options).iter().map(|pair| (pair.a, pair.b)).collect();
    assert_eq!(pairs, [(0, 1), (1, 2)]);
}

#[test]
fn reasons_are_heaviest_first_and_make_the_score() {
    let one = Told { names: &["宇文拓"], phone: PHONE, birthday: BORN, ..Told::default() };
    let other = Told { phone: Some("+8613999999999"), ..one.clone() };
    let pairs = found(&[one, other]);
    let reasons: Vec<_> = pairs[0].reasons.iter().map(|(reason, _)| *reason).collect();
    assert_eq!(reasons, [Reason::SameName, Reason::SameBirthday, Reason::OtherPhone]);
    assert!(pairs[0].reasons.is_sorted_by(|a, b| a.1.abs() >= b.1.abs()));
}

/// All in one block: each is compared with a few.
#[test]
fn a_shop_that_writes_one_phone_for_everybody_does_not_stand_still() {
    let names: Vec<String> = (0..20_000_u32).map(|n| format!("customer{}", n ^ 0x2a)).collect();
    let people = (0..).zip(&names).map(|(place, name)| Person {
        place,
        known: Known { names: vec![name], phones: vec!["+8610000000000"], ..Known::default() },
        birthday: None,
        address: None,
    });
    let same = Person {
        place: 20_000,
        known: Known { names: vec!["customer7"], emails: vec!["x@y.z"], ..Known::default() },
        birthday: None,
        address: None,
    };
    assert_eq!(duplicates(people.chain([same]), &Options::default()), []);
}

fn texts() -> impl Strategy<Value = (Vec<String>, Option<String>, Option<u8>)> {
    let name = prop_oneof!["[张王李][伟薇晓]{1,2}", "(zhang|wang) (wei|xiaowei|wie)"];
    (prop::collection::vec(name, 0..3), prop::option::of("\\+861381234567[0-9]"), prop::option::of(1_u8..4))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    /// Who comes first does not matter to how alike two are; a pair is told once.
    #[test]
    fn a_pair_weighs_the_same_both_ways(people in prop::collection::vec(texts(), 2..30)) {
        let person = |place: usize| {
            let (names, phone, day) = &people[place];
            let known = Known {
                names: names.iter().map(String::as_str).collect(),
                phones: phone.iter().map(String::as_str).collect(),
                ..Known::default()
            };
            let birthday = day.map(|day| Anniversary::solar(Some(1990), 5, day).unwrap());
            Person { place: u32::try_from(place).unwrap(), known, birthday, address: None }
        };
        let options = Options { least: 1, ..Options::default() };
        let forwards = duplicates((0..people.len()).map(person), &options);
        let backwards = duplicates((0..people.len()).rev().map(person), &options);
        let scores = |pairs: &[Pair]| pairs.iter().map(|pair| (pair.a.min(pair.b), pair.a.max(pair.b), pair.score)).collect::<BTreeSet<_>>();
        prop_assert_eq!(scores(&forwards).len(), forwards.len());
        prop_assert_eq!(scores(&forwards), scores(&backwards));
    }
}
