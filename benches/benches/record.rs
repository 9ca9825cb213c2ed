//! The till's way: a purchase quoted and recorded, in a book of some thousand customers.
//!
//! ```sh
//! cargo bench -p parure-bench --bench record
//! ```
#![allow(missing_docs)]

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use parure::book::Book;
use parure::fact::Fact;
use parure::program::Program;
use parure_bench::generate::{Catalogue, Happening, History, Size};
use std::hint::black_box;

const MAISON: &str = include_str!("../../examples/maison.toml");
const SIZE: Size = Size { customers: 5_000, purchases: 50_000 };

fn till(c: &mut Criterion) {
    let program = Program::parse("maison.toml", MAISON).unwrap();
    let catalogue = Catalogue::new(7);
    let facts: Vec<Fact<'_>> = History::new(&catalogue, SIZE, 7).facts().collect();
    let (before, now) = facts.split_at(facts.len() - 1_000);
    let mut book = Book::new(program.clone());
    book.merge(before).unwrap();

    let mut group = c.benchmark_group("record");
    group.throughput(Throughput::Elements(1_000));
    group.sample_size(20);
    group.bench_function("1,000 facts", |b| {
        b.iter_batched_ref(
            || book.clone(),
            |book| now.iter().for_each(|fact| drop(black_box(book.record(fact)))),
            BatchSize::PerIteration,
        );
    });
    group.throughput(Throughput::Elements(1));
    let sale = History::new(&catalogue, SIZE, 8).find_map(|happening| match happening {
        Happening::Bought(sale) => Some(sale.without_points()),
        _ => None,
    });
    let purchase = sale.unwrap().purchase(&catalogue);
    let at = now[0].at();
    group.bench_function("quote", |b| {
        b.iter(|| book.quote(black_box("c-0000042"), at, Some("sh-01"), black_box(&purchase)));
    });

    let currency = program.currency();
    let text = now.iter().find(|fact| fact.kind() == "purchased").unwrap().to_json(currency);
    group.bench_function("a fact from JSON", |b| {
        b.iter(|| Fact::from_json(black_box(&text), currency).unwrap());
    });

    group.throughput(Throughput::Elements(10_000));
    group.bench_function("merge in order", |b| {
        b.iter_batched_ref(
            || Book::new(program.clone()),
            |book| book.merge(&facts[..10_000]).unwrap(),
            BatchSize::PerIteration,
        );
    });
    group.bench_function("merge all late", |b| {
        b.iter_batched_ref(
            || Book::new(program.clone()),
            |book| book.merge(facts[..10_000].iter().rev()).unwrap(),
            BatchSize::PerIteration,
        );
    });
    group.finish();
}

criterion_group!(benches, till);
criterion_main!(benches);
