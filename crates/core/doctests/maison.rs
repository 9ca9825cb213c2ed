// The book that the examples of the documentation ask: a jeweller's year, examples/maison.jsonl under examples/maison.toml.
{
    let text = include_str!("../../../examples/maison.toml");
    let mut book = parure::book::Book::new(parure::program::Program::parse("maison.toml", text)?);
    let yuan = book.currency();
    let facts = include_str!("../../../examples/maison.jsonl").lines();
    let facts: Result<Vec<_>, _> = facts.map(|line| parure::fact::Fact::from_json(line, yuan)).collect();
    book.merge(facts?)?;
    book
}
