//! Making offices and opening them; and what is said where that can't be.

use crate::program;
use crate::server::Server;
use parure::book::Answer;
use parure::calendar::{Day, Moment};
use parure::fact::Fact;
use parure::program::Program;
use parure_journal::{Office, Options, is_of_the_file};

#[test]
fn an_office_is_made_once_and_opened_by_anyone() {
    let Some(server) = Server::start(false) else { return };
    let address = server.address();
    assert_eq!(Office::open(&address).unwrap_err().code, "journal_missing");
    let office = Office::create(&address, &program()).unwrap();
    assert_eq!(Office::create(&address, &program()).unwrap_err().code, "journal_exists");
    let other = Office::open(&address).unwrap();
    let yuan = office.currency();
    let joined = r#"{"at":"2026-01-01T10:00:00+08:00","customer":"mei","id":"j-1","joined":{}}"#;
    let fact = Fact::from_json(joined, yuan).unwrap();
    assert!(matches!(office.record(&fact).unwrap(), Answer::Accepted { .. }));
    assert!(matches!(other.record(&fact).unwrap(), Answer::AlreadyRecorded { .. }));
    assert_eq!(other.fact("j-1").unwrap().as_deref(), Some(joined));
    assert_eq!(other.fact("j-2").unwrap(), None);
    // Of another customer: the id tells.
    let taken = joined.replace("mei", "li");
    let fault = other.record(&Fact::from_json(&taken, yuan).unwrap()).unwrap_err();
    assert_eq!((fault.code, fault.path.as_str()), ("same_id_other_content", "customer"));
    // Who is refused, or comes with what is not taken, leaves no trace.
    let tote = r#"{"at":"2026-01-02T10:00:00+08:00","customer":"wu","id":"x-1","redeemed":{"points":5,"reward":"tote-bag"}}"#;
    let lin = joined.replace("mei", "lin").replace("j-1", "j-3");
    let both = [tote, &lin].map(|text| Fact::from_json(text, yuan).unwrap());
    assert!(matches!(office.record(&both[0]).unwrap(), Answer::Refused { .. }));
    let answers = office.record_all(&both).unwrap();
    assert!(matches!(answers[..], [Ok(Answer::Refused { .. }), Ok(Answer::Accepted { .. })]));
    assert_eq!(office.merge([Fact::from_json(&taken, yuan).unwrap()]).unwrap().conflicts.len(), 1);
    let customers: Vec<String> = server
        .sql()
        .query("SELECT customer FROM customers ORDER BY 1", &[])
        .unwrap()
        .iter()
        .map(|row| row.get(0))
        .collect();
    assert_eq!(customers, ["lin", "mei"]);
    let unknown = office.ask("wu", |book| book.account("wu", Day::LAST)).unwrap().unwrap_err();
    assert_eq!(unknown.code.code(), "unknown_customer");
    assert_eq!(office.verify().unwrap().facts, 2);
}

#[test]
fn a_program_that_rewards_introductions_is_not_for_an_office() {
    let Some(server) = Server::start(false) else { return };
    let text =
        format!("{}\n[introduction]\ngive = {{ points = 500 }}\nafter = \"14 days\"\n", program().source());
    let rewarding = Program::parse("rewarding.toml", &text).unwrap();
    assert_eq!(Office::create(&server.address(), &rewarding).unwrap_err().code, "introductions_not_here");
    let office = Office::create(&server.address(), &program()).unwrap();
    let adopted =
        serde_json::json!({"id": "v-2", "at": "2026-02-01T10:00:00+08:00", "adopted": {"program": text}});
    let adopted = adopted.to_string();
    let adopted = Fact::from_json(&adopted, office.currency()).unwrap();
    assert_eq!(office.record(&adopted).unwrap_err().code, "introductions_not_here");
    assert_eq!(office.merge([&adopted]).unwrap_err().code, "introductions_not_here");
    assert_eq!(office.fact("v-2").unwrap(), None);
}

#[test]
fn what_all_customers_use_is_not_counted_in_an_office() {
    let Some(server) = Server::start(false) else { return };
    let limit = "[[coupon]]\nid = \"first\"\noff = \"10.00\"\nin_all = { count = 100 }\n";
    let limiting = Program::parse("limiting.toml", &format!("{}\n{limit}", program().source())).unwrap();
    assert_eq!(Office::create(&server.address(), &limiting).unwrap_err().code, "limits_not_here");
}

#[test]
fn points_are_not_pooled_in_an_office() {
    let Some(server) = Server::start(false) else { return };
    let pooling = Program::parse("pooling.toml", &format!("{}\n[household]\n", program().source())).unwrap();
    assert_eq!(Office::create(&server.address(), &pooling).unwrap_err().code, "households_not_here");
    let office = Office::create(&server.address(), &program()).unwrap();
    let drawn = r#"{"id":"x-1","at":"2026-02-01T10:00:00+08:00","customer":"mei","drawn":[{"customer":"lin","lots":[{"points":5,"first_day":"2026-01-01"}]}],"redeemed":{"points":5,"reward":"cloth"}}"#;
    let drawn = Fact::from_json(drawn, office.currency()).unwrap();
    assert_eq!(office.merge([&drawn]).unwrap_err().code, "households_not_here");
    assert_eq!(office.fact("x-1").unwrap(), None);
}

#[test]
fn what_happens_after_the_clock_is_refused() {
    let Some(server) = Server::start(false) else { return };
    let options = Options::default().with_clock(|| Moment::parse("2026-01-01T10:00:00Z"));
    let office = Office::create_with(&server.address(), &program(), options).unwrap();
    let joined = r#"{"at":"2026-01-03T10:00:00Z","customer":"mei","id":"j-1","joined":{}}"#;
    let joined = Fact::from_json(joined, office.currency()).unwrap();
    let Answer::Refused { refusal } = office.record(&joined).unwrap() else { panic!("accepted") };
    assert_eq!(refusal.code.code(), "in_future");
    assert_eq!(office.merge([&joined]).unwrap().new, 1);
    assert!(matches!(office.record(&joined).unwrap(), Answer::AlreadyRecorded { .. }));
    let at: String = server.sql().query_one("SELECT recorded_at FROM facts", &[]).unwrap().get(0);
    assert_eq!(Moment::parse(&at).unwrap(), Moment::parse("2026-01-01T10:00:00Z").unwrap());
}

#[test]
fn what_is_no_office_is_told_and_not_touched() {
    let Some(server) = Server::start(false) else { return };
    assert_eq!(Office::open("no address").unwrap_err().code, "journal_path");
    let nowhere = Office::open("host=/nowhere user=parure").unwrap_err();
    assert_eq!(nowhere.code, "journal_unreachable");
    assert!(is_of_the_file(nowhere.code));
    let none = server.address().replace("dbname=postgres", "dbname=none");
    assert_eq!(Office::open(&none).unwrap_err().code, "journal_unreachable");
    // A schema of that name, and tables of these names, may be anyone's.
    for (name, made) in [
        ("empty", "CREATE SCHEMA parure"),
        (
            "tables",
            "CREATE SCHEMA parure; CREATE TABLE parure.about (a int); CREATE TABLE parure.head (); CREATE TABLE parure.copies ()",
        ),
    ] {
        let address = server.database(name);
        postgres::Client::connect(&address, postgres::NoTls).unwrap().batch_execute(made).unwrap();
        assert_eq!(Office::open(&address).unwrap_err().code, "journal_foreign", "{name}");
        assert_eq!(Office::create(&address, &program()).unwrap_err().code, "journal_foreign", "{name}");
    }
    server
        .sql()
        .batch_execute("CREATE DATABASE latin TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'")
        .unwrap();
    let latin = server.address().replace("dbname=postgres", "dbname=latin");
    assert_eq!(Office::create(&latin, &program()).unwrap_err().code, "journal_path");
    let office = Office::create(&server.address(), &program()).unwrap();
    // Who may only read.
    server.sql().batch_execute("CREATE ROLE analyst LOGIN; GRANT USAGE ON SCHEMA parure TO analyst; GRANT SELECT ON ALL TABLES IN SCHEMA parure TO analyst").unwrap();
    let analyst = Office::open(&server.address().replace("user=parure", "user=analyst")).unwrap();
    let joined = r#"{"at":"2026-01-01T10:00:00+08:00","customer":"mei","id":"j-1","joined":{}}"#;
    let joined = Fact::from_json(joined, office.currency()).unwrap();
    assert_eq!(analyst.record(&joined).unwrap_err().code, "journal_read_only");
    office.record(&joined).unwrap();
    assert!(analyst.ask("mei", |book| book.account("mei", Day::LAST)).unwrap().is_ok());
    // A connection that the server has ended is not the end of the office.
    server
        .sql()
        .batch_execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'parure'",
        )
        .unwrap();
    assert!(matches!(office.record(&joined).unwrap(), Answer::AlreadyRecorded { .. }));
    server.sql().batch_execute("UPDATE about SET value = '99' WHERE key = 'layout'").unwrap();
    assert_eq!(Office::open(&server.address()).unwrap_err().code, "journal_newer");
    drop(server);
    assert_eq!(office.record(&joined).unwrap_err().code, "journal_unreachable");
}

/// An office of the layout before, with what it held: whoever opens it first brings it up to date, and nothing of it is lost.
#[test]
fn an_older_office_is_brought_up_to_date() {
    let Some(server) = Server::start(false) else { return };
    let address = server.address();
    let office = Office::create(&address, &program()).unwrap();
    let yuan = office.currency();
    let lines = include_str!("../../../../examples/maison.jsonl").lines();
    office.merge(lines.map(|line| Fact::from_json(line, yuan).unwrap())).unwrap();
    let (known, facts) = (office.known().unwrap(), office.verify().unwrap().facts);
    drop(office);
    let older = include_str!("../../src/office/schema/1.sql");
    let mut sql = server.sql();
    sql.batch_execute("ALTER SCHEMA parure RENAME TO newer; CREATE SCHEMA parure").unwrap();
    sql.batch_execute(older).unwrap();
    sql.batch_execute(
        "INSERT INTO about SELECT key, CASE key WHEN 'layout' THEN '1' ELSE value END FROM newer.about;
         INSERT INTO copies OVERRIDING SYSTEM VALUE TABLE newer.copies;
         INSERT INTO about SELECT 'copy', copy FROM copies;
         INSERT INTO head SELECT one, facts, chain, copy_seq, sum, adopted FROM newer.head;
         INSERT INTO kept SELECT seq, id, kind, at, day, customer, other, recorded_at, origin, origin_seq, amount_minor, moved, fact, content, chain
             FROM newer.kept;
         INSERT INTO corrected TABLE newer.corrected; INSERT INTO standing TABLE newer.standing;
         INSERT INTO customer SELECT id, account FROM newer.customer",
    )
    .unwrap();
    // Two at once.
    let opened = std::thread::scope(|scope| {
        let open = || Office::open(&address).unwrap();
        [scope.spawn(open), scope.spawn(open)].map(|opening| opening.join().unwrap())
    });
    for office in &opened {
        assert_eq!(office.known().unwrap(), known);
        assert_eq!(office.verify().unwrap().facts, facts);
    }
    let joined = r#"{"at":"2026-11-01T10:00:00+08:00","customer":"nobody-yet","id":"j-9","joined":{}}"#;
    let answer = opened[1].record(&Fact::from_json(joined, yuan).unwrap()).unwrap();
    assert!(matches!(answer, Answer::Accepted { .. }));
    assert_eq!(opened[0].verify().unwrap().facts, facts + 1);
}
