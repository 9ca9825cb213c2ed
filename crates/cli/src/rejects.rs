//! What becomes of rows that are no facts: the run stops, or they are counted and set aside.

use crate::args::OnBad;
use crate::failure::{BadRow, Failure};
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

/// Bad rows that are shown one by one; of more than these, only the count is told.
const SHOWN: u64 = 10;

/// What becomes of bad rows.
pub(crate) struct Rejects {
    on_bad: OnBad,
    aside: Option<(PathBuf, BufWriter<File>)>,
    count: u64,
}

impl Rejects {
    pub(crate) fn open(on_bad: OnBad, aside: Option<&Path>) -> Result<Rejects, Failure> {
        let open = |path: &Path| {
            let file = File::create(path).map_err(|why| Failure::file("write", path, &why))?;
            Ok((path.to_owned(), BufWriter::new(file)))
        };
        Ok(Rejects { on_bad, aside: aside.map(open).transpose()?, count: 0 })
    }

    pub(crate) fn count(&self) -> u64 {
        self.count
    }

    /// Takes a bad row; answers what to show of it.
    pub(crate) fn take(&mut self, bad: BadRow) -> Result<Option<String>, Failure> {
        self.count += 1;
        if let Some((path, aside)) = &mut self.aside {
            let line = serde_json::to_string(&bad).unwrap_or_default();
            writeln!(aside, "{line}").map_err(|why| Failure::file("write", path, &why))?;
        }
        match self.on_bad {
            OnBad::Stop => {
                self.close()?;
                Err(Failure::Row(Box::new(bad)))
            }
            OnBad::Skip => Ok((self.count <= SHOWN).then(|| format!("set aside{bad}"))),
        }
    }

    /// Writes out what was set aside; answers what to tell of all.
    pub(crate) fn close(&mut self) -> Result<Option<String>, Failure> {
        let to = match &mut self.aside {
            Some((path, aside)) => {
                aside.flush().map_err(|why| Failure::file("write", path, &why))?;
                format!(" in {}", path.display())
            }
            None => String::new(),
        };
        let told = crate::figures::counted(self.count, "bad row is", "bad rows are");
        Ok((self.count > 0).then(|| format!("{told} set aside{to}")))
    }
}
