//! Benefits: what the tier, pieces and gifts let someone have, and what was had (17).

use super::calendar::{Day, Span, day, membership_year_start, same_year, show};
use super::condition::holds;
use super::program::{Program, get, number, text_or};
use super::purchase::Purchase;
use serde_json::{Value, json};
use toml::Table;

/// One of the program's benefits.
#[derive(Clone, Debug)]
pub(crate) struct Benefit {
    id: String,
    name: String,
    /// How often, within what.
    times: Option<(usize, String)>,
    lines: Option<String>,
    valid: Option<Span>,
}

pub(crate) fn benefit(table: &Table) -> Benefit {
    let id = text_or(table, "id", "");
    let some = |key: &str| Some(text_or(table, key, "")).filter(|text| !text.is_empty());
    let times = get(table, "times").and_then(toml::Value::as_table);
    Benefit {
        name: text_or(table, "name", &id),
        id,
        times: times.map(|times| {
            let count = usize::try_from(number(times, "count").expect("a count")).expect("a count");
            (count, text_or(times, "within", ""))
        }),
        lines: some("lines"),
        valid: some("valid").map(|span| Span::parse(&span)),
    }
}

/// What something is had by.
#[derive(Clone, Debug, PartialEq)]
enum By {
    Tier,
    Given(String),
    Piece(String, String),
}

#[derive(Clone, Debug)]
struct Given {
    fact: String,
    benefit: String,
    times: usize,
    last: Option<Day>,
}

#[derive(Clone, Debug)]
struct Piece {
    purchase: String,
    line: String,
    benefit: Benefit,
    gone: bool,
}

#[derive(Clone, Debug)]
struct Use {
    fact: String,
    benefit: String,
    day: Day,
    by: By,
    reversed: bool,
}

/// All of one account.
#[derive(Clone, Debug, Default)]
pub(crate) struct Benefits {
    given: Vec<Given>,
    pieces: Vec<Piece>,
    uses: Vec<Use>,
    pub(crate) flags: Vec<Value>,
}

/// Something is had: by which fact, under which program, in which tier.
pub(crate) struct Had<'a> {
    pub(crate) fact: &'a str,
    pub(crate) benefits: &'a [Benefit],
    pub(crate) tier: &'a [String],
    pub(crate) joined: Option<Day>,
    pub(crate) today: Day,
}

/// Whether a day is in the window that ends with another.
pub(crate) fn is_within(window: &str, earlier: Day, today: Day, joined: Option<Day>) -> bool {
    match window {
        "ever" => true,
        "calendar year" => same_year(earlier, today),
        "membership year" => membership_year_start(joined.unwrap_or(today), today) <= earlier,
        span => Span::parse(span).window_holds(earlier, today),
    }
}

impl Benefits {
    fn flag(&mut self, code: &str, fact: &str) {
        self.flags.push(json!({ "code": code, "facts": [fact] }));
    }

    fn had(&self, benefit: &str, by: &By) -> impl Iterator<Item = &Use> {
        let is = move |one: &&Use| one.benefit == benefit && one.by == *by && !one.reversed;
        self.uses.iter().filter(is).collect::<Vec<_>>().into_iter()
    }

    fn left(&self, benefit: &Benefit, by: &By, joined: Option<Day>, today: Day) -> Option<usize> {
        let (times, within) = benefit.times.as_ref()?;
        let had = self.had(&benefit.id, by).filter(|one| is_within(within, one.day, today, joined)).count();
        Some(times.saturating_sub(had))
    }

    fn left_given(&self, given: &Given) -> usize {
        given.times.saturating_sub(self.had(&given.benefit, &By::Given(given.fact.clone())).count())
    }

    /// What was given and can still be had, what lapses first before the rest.
    fn open(&self, today: Day) -> Vec<&Given> {
        let can = |given: &&Given| given.last.is_none_or(|last| today <= last) && self.left_given(given) > 0;
        let mut open: Vec<&Given> = self.given.iter().filter(can).collect();
        open.sort_by_key(|given| given.last.unwrap_or(Day::MAX));
        open
    }

    pub(crate) fn granted(&mut self, fact: &str, benefits: &[Benefit], body: &Value, today: Day) {
        let wanted = body["benefit"].as_str().expect("a benefit");
        let Some(benefit) = benefits.iter().find(|benefit| benefit.id == wanted) else {
            self.flag("no_such_benefit", fact);
            return;
        };
        let meant = benefit.valid.map(|valid| valid.last_day(today));
        let times = usize::try_from(body["times"].as_u64().unwrap_or(1)).expect("a count");
        let last = body["last_day"].as_str().map(day).or(meant);
        self.given.push(Given { fact: fact.to_owned(), benefit: wanted.to_owned(), times, last });
    }

    /// 17.3
    pub(crate) fn used(&mut self, had: &Had<'_>, body: &Value) {
        let wanted = body["benefit"].as_str().expect("a benefit");
        let by = if let Some(purchase) = body["purchase"].as_str() {
            let line = body["line"].as_str().expect("a line");
            let by = By::Piece(purchase.to_owned(), line.to_owned());
            let piece = self.pieces.iter().find(|piece| {
                piece.purchase == purchase && piece.line == line && piece.benefit.id == wanted && !piece.gone
            });
            match piece.map(|piece| self.left(&piece.benefit, &by, had.joined, had.today)) {
                None => self.flag("no_benefit", had.fact),
                Some(Some(0)) => self.flag("over_limit", had.fact),
                Some(_) => {}
            }
            by
        } else {
            let rule = had.benefits.iter().find(|benefit| benefit.id == wanted);
            let given = self.open(had.today).into_iter().find(|given| given.benefit == wanted);
            let by = given.map_or(By::Tier, |given| By::Given(given.fact.clone()));
            let by_tier = had.tier.iter().any(|id| id == wanted);
            match rule {
                None => self.flag("no_such_benefit", had.fact),
                Some(_) if by != By::Tier => {}
                Some(rule) if by_tier => {
                    if self.left(rule, &By::Tier, had.joined, had.today) == Some(0) {
                        self.flag("over_limit", had.fact);
                    }
                }
                Some(_) => {
                    let spent =
                        self.given.iter().any(|given| given.benefit == wanted && self.left_given(given) == 0);
                    self.flag(if spent { "over_limit" } else { "no_benefit" }, had.fact);
                }
            }
            by
        };
        let (fact, benefit) = (had.fact.to_owned(), wanted.to_owned());
        self.uses.push(Use { fact, benefit, day: had.today, by, reversed: false });
    }

    pub(crate) fn reversed(&mut self, fact: &str, body: &Value) {
        let Some(at) = self.uses.iter().position(|one| body["use"] == *one.fact) else {
            self.flag("unknown_use", fact);
            return;
        };
        if self.uses[at].reversed {
            self.flag("already_reversed", fact);
        }
        self.uses[at].reversed = true;
    }

    /// 17.1: lines that bring something along.
    pub(crate) fn brought(
        &mut self,
        fact: &str,
        benefits: &[Benefit],
        purchase: &Purchase,
        program: &Program,
    ) {
        for benefit in benefits.iter().filter(|benefit| benefit.lines.is_some()) {
            for line in &purchase.lines {
                if holds(benefit.lines.as_ref(), &purchase.asked(program, Some(line))) {
                    self.pieces.push(Piece {
                        purchase: fact.to_owned(),
                        line: line.id.clone(),
                        benefit: benefit.clone(),
                        gone: false,
                    });
                }
            }
        }
    }

    pub(crate) fn lost(&mut self, purchase: &str, lines: &[String]) {
        for piece in &mut self.pieces {
            piece.gone |= piece.purchase == purchase && lines.contains(&piece.line);
        }
    }

    pub(crate) fn show(
        &self,
        benefits: &[Benefit],
        tier: &[String],
        joined: Option<Day>,
        on: Day,
    ) -> Vec<Value> {
        let known = |id: &str| benefits.iter().find(|benefit| benefit.id == id);
        let of_tier =
            benefits.iter().filter(|benefit| joined.is_some() && tier.contains(&benefit.id)).map(|benefit| {
                let left = self.left(benefit, &By::Tier, joined, on);
                json!({ "benefit": benefit.id, "name": benefit.name, "by": "tier", "left": left, "last_day": null })
            });
        let given = self.open(on).into_iter().filter_map(|given| {
            let benefit = known(&given.benefit)?;
            Some(json!({
                "benefit": benefit.id, "name": benefit.name, "by": "given", "fact": given.fact,
                "left": self.left_given(given), "last_day": given.last.map(show),
            }))
        });
        let pieces = self.pieces.iter().filter(|piece| !piece.gone).map(|piece| {
            let by = By::Piece(piece.purchase.clone(), piece.line.clone());
            json!({
                "benefit": piece.benefit.id, "name": piece.benefit.name, "by": "piece", "fact": piece.purchase,
                "line": piece.line, "left": self.left(&piece.benefit, &by, joined, on), "last_day": null,
            })
        });
        of_tier.chain(given).chain(pieces).collect()
    }
}
