//! The faults of a program, for people and for tools.

use crate::fault::{Fault, Place};
use annotate_snippets::{AnnotationKind, Level, Origin, Renderer, Snippet};
use serde_json::{Value, json};
use std::fmt;

/// Bytes before and after a fault that are shown of a very long line.
const SHOWN: usize = 200;

/// All faults of a text, in the order of their places.
///
/// ```
/// let text = "edition = 2026\nname = \"金店\"\neffective = 2026-01-01\ncurrency = \"CNY\"\ntime_zone = \"Asia/Shangai\"\n";
/// let faults = parure::program::Program::parse("club.toml", text).unwrap_err();
/// assert_eq!(
///     faults.to_string(),
///     "\
/// error[unknown_time_zone]: unknown time zone `Asia/Shangai`
///  --> club.toml:5:13
///   |
/// 5 | time_zone = \"Asia/Shangai\"
///   |             ^^^^^^^^^^^^^^ time_zone
///   |
///   = help: did you mean `Asia/Shanghai`?
/// "
/// );
/// assert_eq!(faults.to_json()[0]["column"], 13);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Faults {
    file: String,
    text: String,
    faults: Vec<Fault>,
}

impl Faults {
    pub(super) fn new(file: &str, text: &str, faults: Vec<Fault>) -> Self {
        Faults { file: file.to_owned(), text: text.to_owned(), faults }
    }

    /// The faults one by one; there is at least one.
    ///
    /// ```
    /// let faults = parure::program::Program::parse("club.toml", "edition = 2025").unwrap_err();
    /// assert!(faults.iter().any(|fault| fault.code == "unknown_edition"));
    /// ```
    pub fn iter(&self) -> std::slice::Iter<'_, Fault> {
        self.faults.iter()
    }

    /// The faults as a JSON array for tools: `code`, `file`, `path`, `line`, `column`, `message` and `advice` of each.
    ///
    /// ```
    /// let faults = parure::program::Program::parse("club.toml", "edition = 2025").unwrap_err();
    /// let edition = faults.to_json().as_array().unwrap().iter().find(|fault| fault["path"] == "edition").cloned();
    /// assert_eq!(edition.unwrap()["advice"], "write 2026");
    /// ```
    #[must_use]
    pub fn to_json(&self) -> Value {
        let line = |fault: &Fault| fault.place.map(|place| place.line);
        let column = |fault: &Fault| fault.place.map(|place| place.column);
        let told = self.faults.iter().map(|fault| {
            json!({
                "code": fault.code,
                "file": self.file,
                "path": fault.path,
                "line": line(fault),
                "column": column(fault),
                "message": fault.message,
                "advice": fault.advice,
            })
        });
        told.collect()
    }

    fn render(&self, fault: &Fault) -> String {
        let title = Level::ERROR.primary_title(fault.message.as_str()).id(fault.code);
        let group = match fault.place {
            None => title.elements(None::<Origin<'_>>),
            Some(place) => {
                let line = Line::of(&self.text, place);
                let label = Some(fault.path.as_str()).filter(|path| !path.is_empty());
                let annotation = AnnotationKind::Primary.span(line.mark).label(label);
                let snippet = Snippet::source(line.text).line_start(place.line).annotation(annotation);
                if line.cut {
                    // The snippet would count the column from where the line was cut.
                    let origin = Origin::path(self.file.as_str()).line(place.line).char_column(place.column);
                    title.element(origin).element(snippet)
                } else {
                    title.element(snippet.path(self.file.as_str()))
                }
            }
        };
        let group = group.elements(fault.advice.as_deref().map(|advice| Level::HELP.message(advice)));
        Renderer::plain().render(&[group])
    }
}

/// The line that a fault stands on, or the part around it of a very long one: a fault over several lines is shown at the first.
struct Line {
    text: String,
    mark: std::ops::Range<usize>,
    /// Whether its beginning is left out.
    cut: bool,
}

impl Line {
    fn of(text: &str, place: Place) -> Self {
        let (before, after) = text.split_at_checked(place.start).unwrap_or((text, ""));
        let line_start = before.rfind('\n').map_or(0, |at| at.saturating_add(1));
        let line_end = place.start.saturating_add(after.find('\n').unwrap_or(after.len()));
        let fault_end = place.end.min(line_end);
        let start = line_start.max(text.floor_char_boundary(place.start.saturating_sub(SHOWN)));
        let end = line_end.min(
            text.ceil_char_boundary(fault_end.min(place.start.saturating_add(SHOWN)).saturating_add(SHOWN)),
        );
        let cut = |is_cut: bool| if is_cut { "…" } else { "" };
        let (left, right) = (cut(start > line_start), cut(end < line_end));
        let shift = |at: usize| at.saturating_sub(start).saturating_add(left.len());
        let shown = text.get(start..end).unwrap_or_default();
        Line {
            text: format!("{left}{shown}{right}"),
            mark: shift(place.start)..shift(fault_end.min(end)),
            cut: start > line_start,
        }
    }
}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, fault) in self.faults.iter().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            writeln!(f, "{}", self.render(fault))?;
        }
        Ok(())
    }
}

impl std::error::Error for Faults {}

impl<'f> IntoIterator for &'f Faults {
    type Item = &'f Fault;
    type IntoIter = std::slice::Iter<'f, Fault>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}
