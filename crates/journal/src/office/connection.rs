//! One connection to the server, with the statements that it has made ready.

use postgres::types::ToSql;
use postgres::{Client, Config, Error, NoTls, Row, Statement};
use std::collections::BTreeMap;

/// A connection. What goes wrong leaves its transaction open: whoever began it ends it.
pub(crate) struct Connection {
    client: Client,
    ready: BTreeMap<&'static str, Statement>,
}

impl Connection {
    pub(crate) fn open(config: &Config) -> Result<Connection, Error> {
        let mut client = config.connect(NoTls)?;
        // Statements are made ready while the tables are small, and last: an index is never the wrong way to an account, and no statement
        // is worth being compiled.
        client.batch_execute("SET search_path TO parure; SET enable_seqscan TO off; SET jit TO off")?;
        Ok(Connection { client, ready: BTreeMap::new() })
    }

    /// What a statement answers.
    pub(crate) fn rows(
        &mut self,
        sql: &'static str,
        with: &[&(dyn ToSql + Sync)],
    ) -> Result<Vec<Row>, Error> {
        let ready = match self.ready.get(sql) {
            Some(ready) => ready.clone(),
            None => {
                let ready = self.client.prepare(sql)?;
                self.ready.insert(sql, ready.clone());
                ready
            }
        };
        self.client.query(&ready, with)
    }

    /// Statements without values and answers.
    pub(crate) fn say(&mut self, sql: &str) -> Result<(), Error> {
        self.client.batch_execute(sql)
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.client.is_closed()
    }
}
