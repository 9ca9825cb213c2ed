//! What the README shows is what happens.

use crate::shop::{Shop, example};

fn readme(name: &str) -> String {
    std::fs::read_to_string(example(&format!("../{name}"))).unwrap()
}

/// The first block of code in a language.
fn block(readme: &str, language: &str) -> String {
    let (_, rest) = readme.split_once(&format!("```{language}\n")).unwrap();
    rest.split_once("```").unwrap().0.to_owned()
}

#[test]
fn the_program_and_the_facts() {
    for name in ["README.md", "README.zh-CN.md"] {
        let (shop, readme) = (Shop::new(&format!("facts-of-{name}")), readme(name));
        shop.file("maison.toml", block(&readme, "toml"));
        shop.file("facts.jsonl", block(&readme, "json"));
        let ran = shop.run(&["explain", "maison.toml", "facts.jsonl", "--customer", "lin-yue", "--json"]);
        assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{name}");
        // 1,800.00 of labour earn 3,600 points; all of them go back with the ring.
        let account = &ran.json()["account"];
        assert_eq!(
            (&account["points"]["totals"]["awarded"], &account["points"]["balance"]),
            (&3_600.into(), &0.into())
        );
        assert_eq!(account["flags"].as_array().map(Vec::len), Some(0));
    }
}

/// As `cargo xtask demo` does it.
#[test]
fn the_main_job() {
    let columns = "customer=customer_id,at=date,quantity=number_of_cds,amount=dollar_value";
    let (program, file) = (example("cdnow.toml"), example("cdnow.txt"));
    let (shop, book) = (Shop::new("readme-main-job"), ["--book", "target/demo/cdnow.db"]);
    std::fs::create_dir_all(shop.path("target/demo")).unwrap();
    let mut out = String::new();
    for asked in [
        &["init", &program][..],
        &["import", &file, "--delimiter", "space", "--columns", columns],
        &["replay"],
        &["explain", "--customer", "00124"],
    ] {
        let ran = shop.run(&[asked, &book].concat());
        assert_eq!((ran.code, ran.err.as_str()), (0, ""));
        out.push_str(&ran.out);
    }
    for name in ["README.md", "README.zh-CN.md"] {
        for line in
            block(&readme(name), "text").lines().filter(|line| line.trim() != "…" && !line.starts_with("$ "))
        {
            assert!(out.lines().any(|told| told == line), "{name}: {line}");
        }
    }
}
