//! A journal from the command line: made, filled, looked after.

use crate::shop::{Shop, example};
use serde_json::json;

#[test]
fn a_shop_from_its_first_day_to_its_backup() {
    let shop = Shop::new("a_shop_from_its_first_day_to_its_backup");
    let program = example("maison.toml");
    let history = example("maison.jsonl");
    assert_eq!(shop.run(&["init", &program, "--book", "shop.db"]).code, 0);
    let again = shop.run(&["--json", "init", &program, "--book", "shop.db"]);
    assert_eq!((again.code, &again.json()["faults"][0]["code"]), (1, &json!("journal_exists")));

    let imported = shop.run(&["--json", "import", "--book", "shop.db", &history]);
    assert_eq!(
        imported.json()["read"],
        json!({ "rows": 54, "new": 54, "known": 0, "bad": 0 }),
        "{imported:?}"
    );
    let imported = shop.run(&["--json", "import", "--book", "shop.db", &history]);
    assert_eq!(imported.json()["read"]["known"], 54);

    let today = concat!(
        r#"{"id":"x-9","at":"2026-11-21T10:00:00+08:00","customer":"wang-fang","redeemed":{"points":500,"reward":"tote-bag"}}"#,
        "\n",
        r#"{"id":"x-10","at":"2026-11-21T11:00:00+08:00","customer":"tang-wei","redeemed":{"points":5000,"reward":"tote-bag"}}"#,
    );
    shop.file("today.jsonl", today);
    let recorded = shop.run(&["record", "--book", "shop.db", "today.jsonl"]);
    assert_eq!(recorded.code, 0, "{recorded:?}");
    // 4,077 less 500.
    assert!(
        recorded
            .out
            .starts_with("x-9: recorded, -500 points, balance 3577\nx-10: refused[not_enough_points]: ")
    );
    assert_eq!(recorded.err.trim_end(), "1 fact was refused");

    let verified = shop.run(&["--json", "verify", "shop.db"]);
    assert_eq!(verified.json()["facts"], 55, "{verified:?}");
    assert_eq!(shop.run(&["backup", "shop.db", "copy.db"]).code, 0);
    assert_eq!(shop.run(&["--json", "verify", "copy.db"]).json(), verified.json());
    assert_eq!(shop.run(&["--json", "verify", "today.jsonl"]).json()["faults"][0]["code"], "journal_foreign");
}
