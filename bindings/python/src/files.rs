//! A book that a file keeps: made and opened.

use crate::book::{Book, a_program};
use crate::error::{Kind, Wrong, raised};
use crate::kept::Kept;
use crate::strict::{seconds, whole};
use parure::fault::Fault;
use parure_journal::{Journal, Options};
use pyo3::prelude::*;
use std::path::PathBuf;

/// How a file is opened.
fn options(
    wait: Option<&Bound<'_, PyAny>>,
    most_pages: Option<&Bound<'_, PyAny>>,
    ahead: Option<&Bound<'_, PyAny>>,
    in_touch: Option<&Bound<'_, PyAny>>,
) -> Result<Options, Wrong> {
    let mut options = Options::default();
    if let Some(wait) = wait {
        options = options.with_wait(seconds(wait, "wait")?);
    }
    if let Some(ahead) = ahead {
        options = options.with_ahead(seconds(ahead, "ahead")?);
    }
    if let Some(in_touch) = in_touch {
        options = options.with_in_touch(seconds(in_touch, "in_touch")?);
    }
    if let Some(pages) = most_pages {
        let pages = u32::try_from(whole(pages, "most_pages")?).ok().filter(|pages| *pages > 0);
        let range = || Fault::new("number_range", "pages are counted from 1, below 2^32").at("most_pages");
        options = options.with_most_pages(pages.ok_or_else(range)?);
    }
    Ok(options)
}

fn opened(py: Python<'_>, journal: Result<Journal, Fault>) -> PyResult<Book> {
    let kept = journal.map(Kept::in_file).map_err(|fault| raised(py, Kind::Journal, &fault))?;
    Ok(Book { kept })
}

/// Opens the book that a file keeps.
#[pyfunction]
#[pyo3(signature = (path, /, *, wait=None, most_pages=None, ahead=None, in_touch=None))]
#[expect(clippy::needless_pass_by_value, reason = "what an argument is converted to")]
pub(crate) fn open(
    py: Python<'_>,
    path: PathBuf,
    wait: Option<&Bound<'_, PyAny>>,
    most_pages: Option<&Bound<'_, PyAny>>,
    ahead: Option<&Bound<'_, PyAny>>,
    in_touch: Option<&Bound<'_, PyAny>>,
) -> PyResult<Book> {
    let options = options(wait, most_pages, ahead, in_touch).map_err(|wrong| wrong.in_request(py))?;
    opened(py, py.detach(|| parure_journal::open_with(&path, options)))
}

/// Makes a file that keeps the facts of a shop, and opens the book, which has none yet. There must be no file.
#[pyfunction]
#[pyo3(signature = (path, program, /, *, wait=None, most_pages=None, ahead=None, in_touch=None))]
#[expect(clippy::needless_pass_by_value, reason = "what an argument is converted to")]
pub(crate) fn create(
    py: Python<'_>,
    path: PathBuf,
    program: &Bound<'_, PyAny>,
    wait: Option<&Bound<'_, PyAny>>,
    most_pages: Option<&Bound<'_, PyAny>>,
    ahead: Option<&Bound<'_, PyAny>>,
    in_touch: Option<&Bound<'_, PyAny>>,
) -> PyResult<Book> {
    let program = a_program(program).map_err(|wrong| wrong.in_request(py))?.get().core();
    let options = options(wait, most_pages, ahead, in_touch).map_err(|wrong| wrong.in_request(py))?;
    opened(py, py.detach(|| parure_journal::create_with(&path, program, options)))
}
