//! What must hold of the model itself, whatever happened: an oracle that breaks these is none.

use parure_tests::generate::cases;
use parure_tests::model::{Asked, account};
use proptest::prelude::*;
use std::collections::BTreeSet;

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn every_point_is_somewhere(case in cases(24)) {
        let ids: BTreeSet<&str> = case.facts.iter().filter_map(|fact| fact["id"].as_str()).collect();
        prop_assert_eq!(ids.len(), case.facts.len());
        for customer in &case.customers {
            for on in ["2026-03-31", "2027-01-01", "2029-03-01"] {
                let found = account(&[&case.program], &case.facts, Asked { customer, on, up_to: None });
                let points = &found["points"];
                let of = |name: &str| points[name].as_i64().unwrap();
                let total = |name: &str| points["totals"][name].as_i64().unwrap();
                let lots = points["lots"].as_array().unwrap();
                let in_lots: i64 = lots.iter().map(|lot| lot["points"].as_i64().unwrap()).sum();
                prop_assert_eq!(of("usable") + of("pending"), in_lots);
                prop_assert_eq!(of("balance"), of("usable") - of("debt"));
                prop_assert!(of("debt") >= 0 && lots.iter().all(|lot| lot["points"].as_i64().unwrap() > 0));
                let sum = total("awarded") + total("adjusted") + total("received")
                    - total("spent") - total("given") - total("taken_back") - total("lapsed");
                prop_assert_eq!(sum, of("balance") + of("pending"), "{}", found);
            }
        }
    }

    #[test]
    fn the_order_of_arrival_does_not_matter(case in cases(12), turn in any::<prop::sample::Index>()) {
        let mut turned = case.facts.clone();
        let by = turn.index(turned.len());
        turned.rotate_left(by);
        for customer in &case.customers {
            let asked = Asked { customer, on: "2027-03-01", up_to: None };
            let (one, other) = (account(&[&case.program], &case.facts, asked), account(&[&case.program], &turned, asked));
            prop_assert_eq!(one, other);
        }
    }
}
