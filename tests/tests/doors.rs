//! Whatever happens, the doors give the same book.

use parure_tests::door::{CDoor, CJournalDoor, Door, JsonDoor, RustDoor};
use parure_tests::generate::cases;
use parure_tests::told::life;
use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    /// Facts as they happen, some of them refused, asked about, and told again: each answer and the book are the same, to the byte.
    #[test]
    fn random_facts_give_the_same_bytes(case in cases(24), merged in any::<u32>()) {
        let mut rust = RustDoor::open("generated", &case.program).unwrap();
        let mut json = JsonDoor::open("generated", &case.program).unwrap();
        let mut c = CDoor::open("generated", &case.program).unwrap();
        let mut kept = CJournalDoor::open("generated", &case.program).unwrap();
        let steps = life(&case, merged);
        for step in &steps {
            let answer = rust.answer(step).to_string();
            prop_assert_eq!(json.answer(step).to_string(), answer.clone(), "JSON: {:?}", step.action);
            prop_assert_eq!(c.answer(step).to_string(), answer.clone(), "C: {:?}", step.action);
            prop_assert_eq!(kept.answer(step).to_string(), answer, "C over a journal: {:?}", step.action);
        }
        for on in &case.days {
            let all = rust.all(on);
            prop_assert_eq!(json.all(on), all.clone());
            prop_assert_eq!(c.all(on), all.clone());
            prop_assert_eq!(kept.all(on), all);
        }
        prop_assert!(kept.verify().is_ok());
    }
}
