//! What is due for one customer: what is known of them as far as it matters, their occasions, and what is done on them.

use super::Book;
use super::agenda::{Due, Duty, Giving, Sending, Why, is_held_out};
use super::naming::profile_of;
use super::people::Place;
use super::person::is_heard;
use crate::Id;
use crate::calendar::{Day, Moment as Instant, Twice};
use crate::customer::encounter::Kind;
use crate::customer::field::Field;
use crate::customer::profile::Person;
use crate::customer::said::{Entry, Said};
use crate::fact::{Body, Fact};
use crate::lifecycle::{
    About, Became, HORIZON, Happened, Life, Moment, Reports, TierAhead, may_be_far, moments,
};
use crate::loyalty::account::Account;
use crate::loyalty::activity::Bought;
use crate::loyalty::lots::FactNo;
use crate::loyalty::stored_value::StoredValue;
use crate::money::Money;
use crate::program::condition::{Changes, Condition, Scene};
use crate::program::triggers::{Happening, Messages, Occasion, Send, Trigger};
use crate::program::versions::Versions;
use crate::program::{Program, Term};
use chrono_tz::Tz;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// What is known of a customer at the end of a day, as far as the agenda asks.
#[derive(Clone, Default)]
pub(super) struct Known {
    pub(super) person: Person,
    pub(super) relations: Vec<(Id, Person)>,
    /// Whether consent is given, by channel, for the purpose of messages.
    consent: BTreeMap<String, bool>,
    happened: Vec<Happened>,
    heard: Option<Day>,
    reports: Reports,
    /// There are facts of later days.
    more: bool,
}

/// A customer as the agenda of a day looks at them.
pub(super) struct Looked<'b> {
    account: Cow<'b, Account>,
    known: Known,
}

impl Book {
    /// Looks at a customer; none for someone who has been forgotten, or a card: nobody writes to them.
    pub(super) fn looked_at(&self, root: Place, on: Day) -> Option<Looked<'_>> {
        if self.erasures.is_alias(self.people.id(root)) {
            return None;
        }
        let account = self.state_on(root, on);
        // A card is nobody whom one writes to.
        if account.is_card() {
            return None;
        }
        let known = self.known(root, on, &self.versions.on(on).program.messages, &account);
        Some(Looked { account, known })
    }

    /// What is due for one customer on a day, in the order of the program's triggers.
    pub(super) fn due_of(&self, root: Place, on: Day, looked: &Looked<'_>) -> Vec<Due> {
        let Looked { account, known } = looked;
        let (customer, program) = (self.people.id(root), self.versions.on(on).program);
        let mut room = known.reports.room(on, &program.messages);
        let mut due = Vec::new();
        for trigger in program.triggers.iter().filter(|trigger| !is_held_out(trigger, customer)) {
            let mut left = known.reports.room_of(trigger, on);
            for moment in self.moments_of(trigger, on, known.between(on, on), account, known, &self.versions)
            {
                if left == 0 {
                    break;
                }
                let Some((first_day, last_day)) = known
                    .days(trigger, &moment, &program.messages)
                    .filter(|(first, last)| (*first..=*last).contains(&on))
                else {
                    continue;
                };
                if !self.is_for(trigger, &moment, on, account, program) {
                    continue;
                }
                let sending = trigger.send.as_ref().filter(|_| room > 0);
                let send = sending.and_then(|send| known.sending(send, &program.messages, on, program.zone));
                let task = trigger.task.as_ref();
                if send.is_none() && task.is_none() && !trigger.gives_something() {
                    continue;
                }
                if send.is_some() {
                    room = room.saturating_sub(1);
                }
                left = left.saturating_sub(1);
                due.push(Due {
                    key: format!("{}/{customer}/{}", trigger.id, moment.occasion),
                    trigger: trigger.id.clone(),
                    customer: customer.clone(),
                    first_day,
                    last_day,
                    why: self.why_due(&moment.about),
                    occasion: moment.occasion,
                    send,
                    task: task.map(|task| Duty { what: task.what.to_string(), who: task.who.word() }),
                    give: trigger.gives_something().then(|| Giving {
                        points: trigger.gives,
                        coupon: trigger.gives_coupon.clone(),
                        benefit: trigger.gives_benefit.clone(),
                    }),
                });
            }
        }
        due
    }

    /// The first day from one on, that is not before anything that is known, on which something may be due for a customer if nothing happens until then; none
    /// where nothing ever will.
    pub(super) fn next_look(&self, root: Place, from: Day, looked: &Looked<'_>) -> Option<Day> {
        let Looked { account, known } = looked;
        let (customer, program) = (self.people.id(root), self.versions.on(from).program);
        let between = known.between(from, Day::LAST);
        let tier_moves = account.tier_may_move_after(from);
        let mut next = self.versions.next_change(from);
        let mut look = |day: Option<Day>| {
            next = [next, day].into_iter().flatten().min();
        };
        for trigger in program.triggers.iter().filter(|trigger| !is_held_out(trigger, customer)) {
            let reached = trigger.task.is_some()
                || trigger.gives_something()
                || trigger.send.as_ref().is_some_and(|send| known.channel(send, &program.messages).is_some());
            // What it takes to be reached is told, and consent lapses but does not come back by itself.
            if !reached {
                continue;
            }
            if trigger.on.is_of_tiers() {
                look(tier_moves);
            }
            if may_be_far(&trigger.on, &known.person) {
                look(Some(from.add_days(HORIZON)));
            }
            let changes = trigger.when.as_ref().map_or(Changes::default(), Condition::changes);
            for moment in self.moments_of(trigger, from, between, account, known, &self.versions) {
                let days = known.days(trigger, &moment, &program.messages);
                let Some((first, _)) = days.filter(|(_, last)| from <= *last) else { continue };
                let holds = changes.by_days || self.is_for(trigger, &moment, from, account, program);
                if holds {
                    look(Some(first.max(from)));
                } else if changes.by_tier {
                    look(tier_moves);
                }
            }
        }
        next
    }

    /// Whether all that what is due for an account follows from was known on the day on which it was looked at.
    pub(super) fn is_all_of(&self, looked: &Looked<'_>) -> bool {
        let known = &looked.known;
        !known.more
            && known.person.get(Field::RELATIONS).is_none()
            && !self.rewards_introductions()
            && !self.versions.pools_spend()
    }

    /// The day of the latest fact that what is due for an account follows from.
    pub(super) fn latest_day(&self, root: Place) -> Day {
        let own = self.whole_facts_of(root);
        let related = own.iter().filter_map(|no| {
            let fact = self.log.fact(*no)?;
            let named = profile_of(&fact).and_then(|_| self.people.root_of(fact.other_customer()?))?;
            self.whole_facts_of(named).last().copied()
        });
        let ground = self.ground();
        let day = |no: FactNo| self.log.fact(no).map(|fact| ground.when(no, &fact).day);
        let applied = self.facts_of(root).last().copied();
        let latest = own.last().copied().into_iter().chain(applied).chain(related).filter_map(day).max();
        let settled = self.people.get(root).and_then(|customer| customer.base.as_ref()).map(|base| base.day);
        latest.max(settled).unwrap_or(Day::FIRST)
    }

    fn why_due(&self, about: &About) -> Why {
        let spend = |amount: Money| Some(self.currency().decimal(amount));
        let none = Why::default();
        match about {
            About::Day(day) | About::Silence(day) => Why { day: Some(*day), ..none },
            About::Fact(fact) => Why { fact: Some(self.log.id(*fact).into()), ..none },
            About::Coupon(coupon, last) => {
                Why { fact: Some(self.log.id(*coupon).into()), day: Some(*last), ..none }
            }
            About::Bonus(amount, last) => Why { bonus: spend(*amount), day: Some(*last), ..none },
            About::Points(points, last) => Why { points: Some(*points), day: Some(*last), ..none },
            About::Tier(tier, day) => Why { tier: Some(tier.clone()), day: Some(*day), ..none },
            About::Near(tier, missing) => Why { tier: Some(tier.clone()), spend: spend(*missing), ..none },
            About::Spend(amount) => Why { spend: spend(*amount), ..none },
        }
    }

    /// Whether a trigger's condition holds. What it asks of a purchase is asked of the one that the moment is about.
    pub(super) fn is_for(
        &self,
        trigger: &Trigger,
        moment: &Moment,
        on: Day,
        account: &Account,
        program: &Program,
    ) -> bool {
        let Some(when) = &trigger.when else { return true };
        let scene = Scene::on(on).with_dates(program.dates).with_customer(account.customer_on(on, program));
        let about = match moment.about {
            About::Fact(fact) => self.log.fact(fact),
            _ => None,
        };
        let Some(fact) = about else { return when.holds(&scene) };
        let [store, staff, terminal] = fact.places();
        let scene = scene.with_place(store, staff, terminal);
        match &fact.body {
            Body::Purchased { purchase, .. } => {
                when.holds(&scene.with_purchase(purchase.view().payable(), &purchase.lines))
            }
            _ => when.holds(&scene),
        }
    }

    pub(super) fn moments_of(
        &self,
        trigger: &Trigger,
        on: Day,
        between: (Day, Day),
        account: &Account,
        known: &Known,
        versions: &Versions,
    ) -> Vec<Moment> {
        let program = versions.on(on).program;
        // Most moments are of dates, and look at nothing of the account.
        let lapsing = match trigger.on {
            Occasion::PointsLapse(_) => lapsing(account),
            _ => Vec::new(),
        };
        let coupons = match trigger.on {
            Occasion::CouponLapse(_) => lapsing_coupons(account, versions),
            _ => Vec::new(),
        };
        let bonus = match trigger.on {
            Occasion::ValueLapse(_) => {
                account.stored_value().map_or_else(Vec::new, StoredValue::bonus_by_day)
            }
            _ => Vec::new(),
        };
        let tier = if trigger.on.is_of_tiers() { self.tier_ahead(account, on, versions) } else { None };
        moments(
            trigger,
            &Life {
                on,
                between,
                zone: self.versions.zone(),
                dates: program.dates,
                person: &known.person,
                joined: account.member.map(|member| member.joined),
                relations: &known.relations,
                happened: &known.happened,
                heard: known.heard,
                lapsing: &lapsing,
                coupons: &coupons,
                bonus: &bonus,
                tier,
                spent_by: &|amount| account.activity.spent_by(amount.minor()),
                id_of: &|fact| self.log.id(fact).into(),
                currency: self.currency(),
            },
        )
    }

    fn tier_ahead(&self, account: &Account, on: Day, versions: &Versions) -> Option<TierAhead> {
        let program = versions.on(on).program;
        let view = self.tier_view(account, on, versions)?;
        let held = program.tiers.iter().find(|tier| tier.id == view.id);
        let rolls = held.is_some_and(|tier| matches!(tier.term, Term::Rolling));
        let lost = view.keep.filter(|keep| !keep.missing.is_empty() && !rolls).map(|keep| keep.by);
        let bought = account.held_through(&view.id, on, None).filter(|(_, last)| *last == view.until);
        let spend_missing = |next: &super::NextTier| {
            let spend = next.missing.iter().filter_map(|goal| goal.spend).min()?;
            Some((next.id.clone(), self.currency().money(&spend.to_string()).ok()?))
        };
        Some(TierAhead {
            reached: !matches!(view.by.as_str(), "start" | "renewed"),
            id: view.id,
            since: view.since,
            lost_after: lost.or(bought.and_then(|(_, last)| last)),
            next: view.next.as_ref().and_then(spend_missing),
        })
    }

    fn known(&self, root: Place, on: Day, messages: &Messages, account: &Account) -> Known {
        let (ground, zone) = (self.ground(), self.versions.zone());
        let lasts = self.versions.on(on).program.customers.consent_lasts;
        let mut known = Known::default();
        for no in self.listed_facts_of(root) {
            let Some(fact) = self.log.fact(no).filter(|fact| self.is_told_of(root, fact)) else { continue };
            let when = ground.when(no, &fact);
            if when.day > on {
                known.more = true;
                continue;
            }
            let day = fact.at.day_in(zone);
            known.tell(no, &fact, day);
            if let Body::Consented { consent, .. } = &fact.body
                && messages.purpose.as_ref().is_some_and(|purpose| **purpose == *consent.purpose)
            {
                let holds = lasts.is_none_or(|span| on <= span.last_day_from(day));
                known.consent.insert(consent.channel.to_string(), consent.given && holds);
            }
            if let Body::Met { encounter, .. } = &fact.body {
                known.reports.tell(encounter, day, !account.is_unfit(no));
            }
        }
        self.tell_purchases(&mut known, account);
        known.relations = self.relations_of(&known.person, on);
        known
    }

    /// Purchases, of which the account knows what came back, among what else happened.
    pub(super) fn tell_purchases(&self, known: &mut Known, account: &Account) {
        let mut first = true;
        let own = |bought: &&Bought| !bought.is_gone() && !bought.is_shared();
        for bought in account.activity.bought().iter().filter(own) {
            let what =
                if std::mem::take(&mut first) { Happening::FirstPurchase } else { Happening::Purchase };
            known.happened.push(Happened {
                what,
                fact: bought.fact,
                micros: bought.earned_micros,
                day: bought.day,
            });
        }
        let bought = account.activity.bought().iter().rfind(|bought| !bought.is_shared());
        known.heard = known.heard.max(bought.map(|bought| bought.day));
        known.happened.sort_by(|a, b| (a.micros, self.log.id(a.fact)).cmp(&(b.micros, self.log.id(b.fact))));
    }

    /// What relations who are customers themselves told of themselves.
    pub(super) fn relations_of(&self, person: &Person, on: Day) -> Vec<(Id, Person)> {
        let Some(Said::Entries(entries)) = person.get(Field::RELATIONS) else { return Vec::new() };
        let customers = entries.iter().filter_map(|entry| match &entry.value {
            Some(Entry::Relation(relation)) => relation.customer.as_deref(),
            _ => None,
        });
        let theirs = customers.filter_map(|id| {
            let root = self.people.root_of(id)?;
            let until =
                |no: &FactNo| self.log.fact(*no).is_some_and(|fact| self.ground().when(*no, &fact).day <= on);
            let person = self.person_of(self.whole_facts_of(root).into_iter().filter(until));
            Some((Id::new(id), person))
        });
        theirs.collect()
    }
}

/// Points that can lapse, by their last day, in order.
fn lapsing(account: &Account) -> Vec<(Day, i64)> {
    let mut lapsing: BTreeMap<Day, i64> = BTreeMap::new();
    for lot in account.purse.lots() {
        if let Some(last) = lot.tag.last().filter(|_| lot.left > 0) {
            let points = lapsing.entry(last).or_default();
            *points = points.saturating_add(lot.left);
        }
    }
    lapsing.into_iter().collect()
}

/// Coupons that can still be used and lapse, by their last day.
fn lapsing_coupons(account: &Account, versions: &Versions) -> Vec<(Day, FactNo)> {
    let usable = account.coupons().iter().filter(|coupon| {
        let rule = coupon.rule(versions);
        rule.is_some_and(|rule| coupon.is_here() && coupon.uses.len() < rule.uses)
    });
    usable.filter_map(|coupon| Some((coupon.last?, coupon.fact))).collect()
}

impl Known {
    /// What moments follow from of a fact.
    pub(super) fn tell(&mut self, no: FactNo, fact: &Fact<'_>, day: Day) {
        if let Some(profile) = profile_of(fact) {
            self.person.tell(profile);
        }
        if is_heard(fact) {
            self.heard = self.heard.max(Some(day));
        }
        if let Some(what) = happening(fact) {
            self.happened.push(Happened { what, fact: no, micros: fact.at.micros(), day });
        }
    }

    /// The days between which moments matter: what is over comes again only where something was reported of it.
    fn between(&self, first: Day, last: Day) -> (Day, Day) {
        (if self.reports.is_empty() { first } else { Day::FIRST }, last)
    }

    /// The days on which a moment is due, after what was reported of it.
    fn days(&self, trigger: &Trigger, moment: &Moment, messages: &Messages) -> Option<(Day, Day)> {
        match self.reports.of(&trigger.id, &moment.occasion, messages) {
            Became::Due => Some((moment.first, moment.last)),
            Became::Settled => None,
            Became::From(day) => {
                let first = day.max(moment.first);
                let open = i64::from(moment.last.number()).saturating_sub(moment.first.number().into());
                Some((first, first.add_days(open)))
            }
        }
    }

    /// A message by the first channel that can be had, at the hours of a day at which they may be written to; none where there is none.
    fn sending(&self, send: &Send, messages: &Messages, on: Day, zone: Tz) -> Option<Sending> {
        let by = self.channel(send, messages)?.clone();
        let own = match self.person.get(Field::TIME_ZONE) {
            Some(Said::Text(name)) => name.parse().ok(),
            _ => None,
        };
        let zone = own.unwrap_or(zone);
        let (from, to) = messages.quiet.map_or((None, None), |(begins, ends)| {
            let last = if begins > ends { on } else { on.add_days(1) };
            (
                Instant::at_clock(on, ends, zone, Twice::Later),
                Instant::at_clock(last, begins, zone, Twice::Earlier),
            )
        });
        Some(Sending { message: send.message.clone(), by, from, to })
    }

    /// The first channel of a message that can be had.
    fn channel<'s>(&self, send: &'s Send, messages: &Messages) -> Option<&'s Id> {
        let agreed = |channel: &str| {
            messages.purpose.is_none() || self.consent.get(channel).copied().unwrap_or_default()
        };
        send.by.iter().find(|channel| self.is_reached(channel) && agreed(channel))
    }

    /// Whether the profile knows what a channel needs; of channels that it knows nothing of, the host does.
    fn is_reached(&self, channel: &str) -> bool {
        let field = match channel {
            "sms" | "phone" => Field::PHONES,
            "email" => Field::EMAILS,
            "wechat" => Field::WECHAT,
            _ => return true,
        };
        self.person.get(field).is_some()
    }
}

/// What a fact is that something may be due after. Purchases are looked up where returns are known.
fn happening(fact: &Fact<'_>) -> Option<Happening> {
    match &fact.body {
        Body::Joined { .. } => Some(Happening::Joining),
        Body::Returned { .. } => Some(Happening::Return),
        Body::Met { encounter, .. } => match encounter.kind {
            Kind::Visited => Some(Happening::Visit),
            Kind::Talked => Some(Happening::Talk),
            Kind::Serviced => {
                matches!(encounter.text("state"), None | Some("handed_over")).then_some(Happening::Service)
            }
            Kind::Wished => Some(Happening::Wish),
            Kind::Complained => (!encounter.resolved).then_some(Happening::Complaint),
            Kind::Reviewed => Some(Happening::Review),
            Kind::Noted | Kind::Reported => None,
        },
        _ => None,
    }
}
