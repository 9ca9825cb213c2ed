//! Lots, what is taken from them and what comes back (semantics 4.7, 5, 6.3, 6.4).

use super::calendar::{Day, Span};
use super::fold::Instant;

#[derive(Clone, Debug)]
pub(crate) struct Lot {
    pub(crate) fact: String,
    pub(crate) instant: Instant,
    pub(crate) left: i64,
    pub(crate) first_day: Day,
    pub(crate) last_day: Option<Day>,
    /// 14.1: a welcome is told apart from what the same purchase earned, and spent after it.
    pub(crate) welcome_at: Option<String>,
    /// 15.3: others of the household had lent it.
    pub(crate) drawn: bool,
}

impl Lot {
    pub(crate) fn lapsed(&self, day: Day) -> bool {
        self.last_day.is_some_and(|last| last < day)
    }

    pub(crate) fn pending(&self, day: Day) -> bool {
        day < self.first_day && !self.lapsed(day)
    }

    pub(crate) fn usable(&self, day: Day) -> bool {
        self.first_day <= day && !self.lapsed(day)
    }
}

/// A part of what was taken: from a lot, or (none) what was missing and became debt.
#[derive(Clone, Debug)]
pub(crate) struct Piece {
    pub(crate) lot: Option<usize>,
    pub(crate) points: i64,
    /// The fact that took it, and its instant.
    pub(crate) by: (String, Instant),
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Lots {
    pub(crate) all: Vec<Lot>,
    pub(crate) debt: i64,
}

impl Lots {
    /// 5.1: last day (none is last), then the instant earned, then the lot's id.
    pub(crate) fn in_order(&self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.all.len()).collect();
        order.sort_by_key(|index| {
            let lot = &self.all[*index];
            let fact = lot.welcome_at.clone().unwrap_or_else(|| lot.fact.clone());
            let last = lot.last_day.unwrap_or(Day::MAX);
            (last, lot.instant, lot.drawn, fact, lot.welcome_at.is_some(), lot.first_day, *index)
        });
        order
    }

    pub(crate) fn usable(&self, day: Day) -> i64 {
        self.all.iter().filter(|lot| lot.usable(day)).map(|lot| lot.left).sum()
    }

    pub(crate) fn pending(&self, day: Day) -> i64 {
        self.all.iter().filter(|lot| lot.pending(day)).map(|lot| lot.left).sum()
    }

    pub(crate) fn lapsed(&self, day: Day) -> i64 {
        self.all.iter().filter(|lot| lot.lapsed(day)).map(|lot| lot.left).sum()
    }

    pub(crate) fn balance(&self, day: Day) -> i64 {
        self.usable(day) - self.debt
    }

    /// 5.1 and 5.4: all that is usable, the rest is debt.
    pub(crate) fn spend(&mut self, points: i64, day: Day, by: &(String, Instant)) -> Vec<Piece> {
        let order: Vec<usize> =
            self.in_order().into_iter().filter(|index| self.all[*index].usable(day)).collect();
        let mut pieces = self.take(points, &order);
        let missing = points - pieces.iter().map(|piece| piece.points).sum::<i64>();
        if missing > 0 {
            self.debt += missing;
            pieces.push(Piece { lot: None, points: missing, by: by.clone() });
        }
        pieces
    }

    /// 15.3: points of others are received and spent at once.
    pub(crate) fn draw(&mut self, lots: &[Lot]) -> Vec<Piece> {
        let mut pieces = Vec::new();
        for lot in lots {
            let same = |known: &Lot| {
                known.drawn
                    && (&known.fact, known.first_day, known.last_day)
                        == (&lot.fact, lot.first_day, lot.last_day)
            };
            let index = self.all.iter().position(same).unwrap_or_else(|| {
                self.all.push(Lot { left: 0, ..lot.clone() });
                self.all.len() - 1
            });
            pieces.push(Piece { lot: Some(index), points: lot.left, by: (String::new(), (0, 0)) });
        }
        pieces
    }

    /// As much of `points` as is left in these lots, one after another.
    pub(crate) fn take(&mut self, points: i64, order: &[usize]) -> Vec<Piece> {
        let mut missing = points;
        let mut pieces = Vec::new();
        for index in order {
            let part = missing.min(self.all[*index].left);
            if part > 0 {
                self.all[*index].left -= part;
                missing -= part;
                pieces.push(Piece { lot: Some(*index), points: part, by: (String::new(), (0, 0)) });
            }
        }
        pieces
    }

    /// 6.4: back to where they came from, the last taken first; what has lapsed lives on for a while.
    pub(crate) fn give_back(&mut self, pieces: &mut Vec<Piece>, points: i64, day: Day, restored: Span) {
        let mut missing = points;
        while missing > 0 {
            let Some(piece) = pieces.last_mut() else { return };
            let part = missing.min(piece.points);
            piece.points -= part;
            missing -= part;
            let (from, by) = (piece.lot, piece.by.clone());
            if piece.points == 0 {
                pieces.pop();
            }
            match from {
                Some(index) if self.all[index].lapsed(day) => {
                    let again =
                        Lot { left: part, last_day: Some(restored.last_day(day)), ..self.all[index].clone() };
                    self.all.push(again);
                }
                Some(index) => self.all[index].left += part,
                None => {
                    // What was missing then was owed: it is owed no more. Where it was paid meanwhile, the points live on.
                    let paid = part.min(self.debt);
                    self.debt -= paid;
                    if part > paid {
                        let last_day = Some(restored.last_day(day));
                        let lot = Lot {
                            fact: by.0,
                            instant: by.1,
                            left: part - paid,
                            first_day: day,
                            last_day,
                            welcome_at: None,
                            drawn: false,
                        };
                        self.all.push(lot);
                    }
                }
            }
        }
    }

    /// 6.3: an award pays debt before it becomes a lot. What went to debt.
    pub(crate) fn award(&mut self, lot: Lot) -> i64 {
        let paid = lot.left.min(self.debt);
        self.debt -= paid;
        if lot.left > paid {
            self.all.push(Lot { left: lot.left - paid, ..lot });
        }
        paid
    }
}
