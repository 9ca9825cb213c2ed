//! What docs/journal.md shows to people who bring SQL runs on an office as on a file, and says the same.

use crate::program;
use crate::server::Server;
use parure::fact::Fact;
use parure_journal::Office;

#[test]
fn the_examples_of_the_page_say_the_same_of_an_office_and_of_a_file() {
    let Some(server) = Server::start(false) else { return };
    let office = Office::create(&server.address(), &program()).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let shop = parure_journal::create(folder.path().join("shop.db"), &program()).unwrap();
    let yuan = shop.currency();
    for line in include_str!("../../../../examples/maison.jsonl").lines().rev() {
        let fact = Fact::from_json(line, yuan).unwrap();
        shop.merge([&fact]).unwrap();
        office.merge([&fact]).unwrap();
    }
    office.verify().unwrap();
    let file = rusqlite::Connection::open(shop.path()).unwrap();
    let mut sql = server.sql();
    let page = include_str!("../../../../docs/journal.md");
    let examples = page
        .split("```sql\n")
        .skip(1)
        .map(|rest| rest.split("```").next().unwrap().trim().trim_end_matches(';'));
    let views = ["facts", "postings", "accounts", "lots", "customers", "programs"];
    let views = views.map(|view| match view {
        // When a row was written and by which copy is each one's own.
        "facts" => "SELECT seq, id, kind, at, day, customer, copy_seq, fact FROM facts".to_owned(),
        view => format!("SELECT * FROM {view}"),
    });
    for select in examples.map(str::to_owned).chain(views) {
        let mut rows = file.prepare(&select).unwrap();
        let columns: Vec<String> = rows.column_names().map(str::to_owned).collect();
        let of_file = rows.query_map([], |row| {
            let cell = |at| {
                Ok(match row.get_ref(at)? {
                    rusqlite::types::ValueRef::Null => None,
                    rusqlite::types::ValueRef::Integer(number) => Some(number.to_string()),
                    other => Some(other.as_str().unwrap().to_owned()),
                })
            };
            (0..columns.len()).map(cell).collect::<rusqlite::Result<Vec<Option<String>>>>()
        });
        let mut of_file: Vec<_> = of_file.unwrap().map(Result::unwrap).collect();
        let texts: Vec<String> = columns.iter().map(|column| format!("{column}::text")).collect();
        let rows = sql.query(&format!("SELECT {} FROM ({select}) AS shown", texts.join(", ")), &[]).unwrap();
        let mut of_office: Vec<Vec<Option<String>>> =
            rows.iter().map(|row| (0..columns.len()).map(|at| row.get(at)).collect()).collect();
        of_file.sort();
        of_office.sort();
        assert!(!of_file.is_empty());
        assert_eq!(of_office, of_file, "{select}");
    }
}
