//! What was changed by careless hands is told, with its place.

use crate::program;
use crate::server::Server;
use parure::fact::Fact;
use parure_journal::Office;

#[test]
fn each_thing_that_is_not_as_written_is_found() {
    let Some(server) = Server::start(false) else { return };
    let office = Office::create(&server.address(), &program()).unwrap();
    let yuan = office.currency();
    let lines = include_str!("../../../../examples/maison.jsonl").lines();
    office.merge(lines.map(|line| Fact::from_json(line, yuan).unwrap())).unwrap();
    let ring = r#"{"id":"p-40","at":"2026-05-02T10:00:00+08:00","customer":"wang-fang","purchased":{"lines":[{"id":"1","amount":"25000.00"}]}}"#;
    office.record(&Fact::from_json(ring, yuan).unwrap()).unwrap();
    assert_eq!(office.verify().unwrap().facts, 55);
    let mut sql = server.sql();
    // What is done, and what is told of it, before it is taken back.
    for (done, told) in [
        ("UPDATE kept SET fact = replace(fact, '25000', '26000') WHERE id = 'p-40'", "facts[55]"),
        ("UPDATE kept SET recorded_at = '2026-01-01T00:00:00Z' WHERE seq = 20", "facts[20]"),
        ("UPDATE kept SET amount_minor = 1 WHERE seq = 55", "facts[55]"),
        ("UPDATE kept SET day = '2026-05-03' WHERE seq = 55", "facts[55]"),
        ("UPDATE kept SET moved = '[[\"awarded\",1]]' WHERE seq = 55", "wang-fang"),
        ("UPDATE kept SET moved = 'no list' WHERE seq = 55", "facts[55]"),
        ("DELETE FROM corrected", "wang-fang"),
        ("UPDATE corrected SET points = points + 1", "wang-fang"),
        ("UPDATE standing SET balance = balance + 1 WHERE account = 'wang-fang'", "wang-fang"),
        ("UPDATE standing SET lots = '[]' WHERE account = 'wang-fang'", "wang-fang"),
        ("DELETE FROM standing WHERE account = 'sun-hao'", "sun-hao"),
        (
            "INSERT INTO standing SELECT 'nobody', day, joined, tier, tier_until, 0, 0, 0, 0, '[]' FROM standing LIMIT 1",
            "nobody",
        ),
        ("UPDATE customer SET account = id WHERE id = 'liu-online'", ""),
        ("INSERT INTO customer VALUES ('nobody', 'nobody')", "nobody"),
        ("DELETE FROM customer WHERE id = 'sun-hao'", "sun-hao"),
        ("UPDATE head SET facts = 54", "facts[55]"),
        ("UPDATE head SET copy_seq = 54", ""),
        ("UPDATE head SET sum = decode(repeat('01', 16), 'hex')", ""),
        ("UPDATE head SET erased = 3", "facts[0]"),
        (
            "INSERT INTO aside VALUES ((SELECT origin FROM head), 60, decode(repeat('01', 32), 'hex'), 3, false, NULL)",
            "",
        ),
        ("DELETE FROM corrected; DELETE FROM kept WHERE seq = 55", "facts[54]"),
        ("DELETE FROM corrected; DELETE FROM kept WHERE seq = 30", "facts[30]"),
    ] {
        sql.batch_execute("CREATE SCHEMA aside; CREATE TABLE aside.kept AS TABLE kept; CREATE TABLE aside.corrected AS TABLE corrected;
            CREATE TABLE aside.standing AS TABLE standing; CREATE TABLE aside.customer AS TABLE customer; CREATE TABLE aside.head AS TABLE head").unwrap();
        sql.batch_execute(done).unwrap();
        let fault = office.verify().expect_err(done);
        assert_eq!(fault.code, "journal_damaged", "{done}: {fault}");
        assert!(told.is_empty() || fault.path == told, "{done}: {fault}");
        if done.contains("25000") {
            let exported = office.export(std::io::sink()).unwrap();
            assert_eq!((exported.facts, &exported.damaged[..]), (54, &[55][..]));
        }
        sql.batch_execute("DELETE FROM aside; DELETE FROM corrected; DELETE FROM kept; DELETE FROM standing; DELETE FROM customer; DELETE FROM head;
            INSERT INTO kept TABLE aside.kept; INSERT INTO corrected TABLE aside.corrected; INSERT INTO standing TABLE aside.standing;
            INSERT INTO customer TABLE aside.customer; INSERT INTO head TABLE aside.head;
            SET client_min_messages TO warning; DROP SCHEMA aside CASCADE").unwrap();
        office.verify().unwrap();
    }
}
