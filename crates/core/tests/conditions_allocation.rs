//! Asking a condition allocates nothing, whatever it asks for.

use parure::calendar::{Anniversary, Day};
use parure::fact::{Line, Quantity};
use parure::money::{Currency, Money};
use parure::program::condition::{Condition, Customer, Scene};

#[test]
fn asking_allocates_nothing() {
    let lines = [Line::new("1", "R-2201", "ring/diamond", Quantity::ONE, Money::from_minor(2_000_000))
        .with_component("labour", Money::from_minor(80_000))];
    let tags = ["couple".into()];
    let scene = Scene::on(Day::parse("2026-09-20").unwrap())
        .with_place("上海", "李", "1")
        .with_customer(
            Customer::default()
                .with_tier("gold")
                .with_tags(&tags)
                .with_birthday(Anniversary::lunar(None, 8, true, 30).unwrap()),
        )
        .with_purchase(Money::from_minor(2_000_000), &lines)
        .with_line(&lines[0]);
    for source in [
        "line.category == \"ring/diamond\" && line.amount >= money(\"5000\") && customer.tier in [\"gold\"]",
        "customer.birthday.month == day.month && customer.birthday.day + day.day > 3 || customer.joined.year == 2026",
        "purchase.lines.exists(l, l.components['labour'] < money('1000')) ? 'couple' in customer.tags : store < 'a'",
        "purchase.lines.all(l, l.category.startsWith('ring/') && !l.item.endsWith('x') && l.id.contains('1'))",
        "size(store) + size(customer.tags) - size(purchase.lines) in [2, 3] && has(line.components.labour)",
        "(store == 'a' ? line.amount : purchase.amount - line.amount) == money('0') && line.quantity in [1, 1.5]",
    ] {
        let condition = Condition::compile(source, Currency::parse("CNY").unwrap(), &["gold"]).unwrap();
        let counted = allocation_counter::measure(|| {
            std::hint::black_box(condition.holds(std::hint::black_box(&scene)));
        });
        assert_eq!(counted.count_total, 0, "{source}");
    }
}
