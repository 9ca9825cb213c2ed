//! A condition, checked once and asked many times, beside the `cel` and `zen-expression` crates.
//!
//! Each peer gets its best case: compiled once, its variables built once, the amount as a plain number (neither has money).
//!
//! ```sh
//! cargo bench -p parure-bench --bench conditions
//! ```
#![allow(missing_docs)]

use criterion::{Criterion, criterion_group, criterion_main};
use parure::calendar::{Anniversary, Day};
use parure::fact::{Line, Quantity};
use parure::money::Currency;
use parure::program::condition::{Condition, Customer, Scene};
use std::hint::black_box;

const TIERS: [&str; 3] = ["member", "gold", "platinum"];

fn line_rule(c: &mut Criterion) {
    let yuan = Currency::parse("CNY").unwrap();
    let lines = [Line::new("1", "R-2201", "diamond", Quantity::ONE, yuan.money("12800.00").unwrap())];
    let scene = Scene::on(Day::parse("2026-05-02").unwrap())
        .with_customer(
            Customer::default()
                .with_tier("platinum")
                .with_birthday(Anniversary::lunar(None, 8, false, 15).unwrap()),
        )
        .with_purchase(yuan.money("12800.00").unwrap(), &lines)
        .with_line(&lines[0]);
    let compile = |source| Condition::compile(source, yuan, &TIERS).unwrap();

    let mut group = c.benchmark_group("conditions");

    let source = r#"line.category == "diamond" && line.amount >= money("5000") && customer.tier in ["gold","platinum"]"#;
    let condition = compile(source);
    assert!(condition.holds(&scene));
    group.bench_function("parure", |b| b.iter(|| black_box(&condition).holds(black_box(&scene))));

    let source =
        r#"line.category == "diamond" && line.amount >= 5000.0 && customer.tier in ["gold","platinum"]"#;
    let program = cel::Program::compile(source).unwrap();
    let mut context = cel::Context::default();
    let line = serde_json::json!({ "id": "1", "item": "R-2201", "category": "diamond", "quantity": 1.0, "amount": 12800.0 });
    let customer = serde_json::json!({ "tier": "platinum", "points": 0 });
    context.add_variable_from_value("line", cel::to_value(&line).unwrap());
    context.add_variable_from_value("customer", cel::to_value(&customer).unwrap());
    assert_eq!(program.execute(&context).unwrap(), cel::Value::Bool(true));
    group.bench_function("cel", |b| b.iter(|| black_box(&program).execute(black_box(&context)).unwrap()));

    let source =
        r#"line.category == "diamond" and line.amount >= 5000 and customer.tier in ["gold","platinum"]"#;
    let program = zen_expression::compile_expression(source).unwrap();
    let variables = serde_json::json!({ "line": line, "customer": customer });
    let zen_scope = zen_expression::scope::Scope::new(variables.into());
    let mut vm = zen_expression::vm::VM::new();
    assert_eq!(
        program.evaluate_with_scope(&zen_scope, &mut vm).unwrap(),
        zen_expression::Variable::Bool(true)
    );
    group.bench_function("zen", |b| {
        b.iter(|| black_box(&program).evaluate_with_scope(black_box(&zen_scope), &mut vm).unwrap());
    });

    for (name, source) in [
        ("parure/days", r#"day >= date("2026-05-01") && day <= date("2026-05-07")"#),
        ("parure/lunar birthday", "customer.birthday.month == day.month"),
        ("parure/any line", r#"purchase.lines.exists(l, l.category.startsWith("watch/"))"#),
    ] {
        let condition = compile(source);
        group.bench_function(name, |b| b.iter(|| black_box(&condition).holds(black_box(&scene))));
    }
    group.finish();
}

criterion_group!(benches, line_rule);
criterion_main!(benches);
