//! Why `record` would say no, asked of an account that has lived through the fact's day (semantics 1.3).

use super::account::{Account, Event, What};
use crate::fact::points_of;
use crate::money::Money;
use crate::outcome::RefusalCode;
use crate::program::Program;
use crate::program::versions::Versions;
use smallvec::SmallVec;

impl Account {
    /// The reasons against a fact, most telling first; none: it is accepted. The same reasons are the flags of a fact that has
    /// already happened.
    pub(crate) fn objections(&self, event: &Event<'_>, versions: &Versions) -> SmallVec<[RefusalCode; 2]> {
        let program = versions.on(event.day).program;
        let mut codes = SmallVec::new();
        match event.what {
            What::Joined { before, profile } => {
                codes.extend(before.map(|_| RefusalCode::AlreadyJoined));
                codes.extend(program.customers.against(profile, program.currency));
            }
            What::ProfileChanged(profile) => {
                codes.extend(program.customers.against(profile, program.currency));
            }
            What::Encountered => codes.extend(event.unfit),
            What::IntroducedBought
            | What::IntroducedReturned { .. }
            | What::SharedBought(_)
            | What::SharedReturned { .. } => {}
            What::Reported(settled) => {
                codes.extend(event.unfit);
                codes.extend(self.reported(settled.occasion).map(|_| RefusalCode::AlreadyReported));
            }
            What::Purchased(view) => {
                codes.extend(program.customers.against_pieces(view.lines, program.currency));
                if view.tenders.is_empty() {
                    return codes;
                }
                let (points, amount) = view.points_tendered();
                if points > 0 {
                    codes.extend(self.against_tender(event, (points, amount), view.payable(), program));
                }
                if !view.takes_what_is_held() {
                    return codes;
                }
                codes.extend(self.against_paying_with_value(event, view, program));
                codes.extend(self.against_paying_with_deposits(event, view));
                if !event.coupons.is_empty() {
                    for (_, code) in self.against_coupons(event, view, versions) {
                        if !codes.contains(&code) {
                            codes.push(code);
                        }
                    }
                }
            }
            What::WorkedOut(worth) => {
                if worth.tendered.0 > 0 {
                    codes.extend(self.against_tender(event, worth.tendered, worth.to_pay, program));
                }
            }
            What::Returned { .. } => codes.extend(self.against_return(event)),
            What::Adjusted { points, .. } => {
                codes.extend(self.against_taking(event, points.saturating_neg()));
            }
            What::Given { points, out, into, .. } => {
                if out && into {
                    codes.push(RefusalCode::SameAccount);
                } else if out {
                    codes.extend(self.against_taking(event, points));
                }
            }
            What::Redeemed { points, .. } => {
                codes.extend(self.against_reward(event, versions));
                codes.extend(self.against_taking(event, points));
            }
            What::RedemptionSettled { redemption, how } => {
                codes.extend(self.against_settling(redemption, how));
            }
            What::TierGranted { tier, .. } => {
                if !program.tiers.iter().any(|known| *known.id == *tier) {
                    codes.push(RefusalCode::UnknownTier);
                }
            }
            What::Issued { of, last_day, .. } => {
                codes.extend(Account::against_issuing(of, event.day, last_day, program));
            }
            What::BenefitGranted { benefit, .. } => {
                if program.benefit(benefit).is_none() {
                    codes.push(RefusalCode::NoSuchBenefit);
                }
            }
            What::BenefitUsed { .. } => codes.extend(self.against_benefit(event, versions)),
            What::BenefitReversed { used } => codes.extend(self.against_benefit_back(used)),
            What::Voided { .. } => codes.extend(self.against_voiding(event, versions)),
            What::Couponed { .. } => codes.extend(self.against_coupon_act(event, versions)),
            What::Valued { .. } => codes.extend(self.against_value(event, versions)),
            What::Ordered { .. } => codes.extend(self.against_order(event)),
        }
        codes
    }

    fn against_taking(&self, event: &Event<'_>, points: i64) -> Option<RefusalCode> {
        let own = points.saturating_sub(points_of(event.drawn));
        let short = own > 0 && own > self.purse.usable(event.day).saturating_sub(self.purse.debt);
        short.then_some(RefusalCode::NotEnoughPoints)
    }

    /// What speaks against paying with points.
    fn against_tender(
        &self,
        event: &Event<'_>,
        (points, amount): (i64, Money),
        to_pay: Money,
        program: &Program,
    ) -> impl Iterator<Item = RefusalCode> + use<> {
        let rule = match &program.spend {
            None => Some(RefusalCode::SpendingNotOffered),
            Some(rules) => rules.objection(points, amount, to_pay),
        };
        rule.into_iter().chain(self.against_taking(event, points))
    }
}
