//! Programs and histories for properties: well-formed, and crowded around the days where rules turn.
//!
//! A [`Case`] is drawn from plain numbers, so that it shrinks towards the plainest program and the shortest history. Its
//! facts are for `merge`: nothing keeps a spending within the balance, and a return may meet a lot that has lapsed.
//! What the semantics leave open is not drawn: conditions and ladders never give more for less.

use proptest::prelude::{Strategy, any};
use proptest::{array, collection};
use serde_json::{Value, json};

/// A program, what happened under it, and what to ask.
#[derive(Debug, Clone)]
pub struct Case {
    /// The first version as TOML; a later one may be among the facts, as `adopted`.
    pub program: String,
    /// Facts in the order of the book.
    pub facts: Vec<Value>,
    /// All customers that the facts name.
    pub customers: Vec<String>,
    /// Days worth asking about: of facts and around them.
    pub days: Vec<String>,
}

impl Case {
    /// The same under programs that reward no introductions and pool no points, which an office does not know.
    #[must_use]
    pub fn without_introductions(mut self) -> Case {
        let before = |program: &str, table: &str| program.split(table).next().unwrap_or_default().to_owned();
        let cut = |program: &str| before(&before(program, "\n[introduction]"), "\n[household]");
        self.facts.retain(|fact| {
            ["drawn", "household_joined", "household_left"].iter().all(|key| fact.get(key).is_none())
        });
        self.program = cut(&self.program);
        for fact in &mut self.facts {
            if let Some(program) = fact.pointer_mut("/adopted/program") {
                *program = cut(program.as_str().unwrap_or_default()).into();
            }
        }
        self
    }
}

/// Programs as TOML, with all the rules that the model knows.
pub fn programs() -> impl Strategy<Value = String> {
    choices().prop_map(|choices| program(&choices, "2026-01-01"))
}

/// Cases with up to `most` facts besides the joining.
pub fn cases(most: usize) -> impl Strategy<Value = Case> {
    let happenings = collection::vec(array::uniform12(any::<u8>()), 0..=most);
    (choices(), 1..=4_usize, happenings, any::<bool>())
        .prop_map(|(choices, customers, happenings, adopts)| build(&choices, customers, &happenings, adopts))
}

fn choices() -> impl Strategy<Value = [u8; 32]> {
    array::uniform32(any::<u8>())
}

/// Draws one after another; a draw of zero is the first option.
struct Draw<'a> {
    bytes: &'a [u8],
    next: usize,
}

impl<'a> Draw<'a> {
    fn of(bytes: &'a [u8]) -> Self {
        Draw { bytes, next: 0 }
    }

    fn byte(&mut self) -> usize {
        let byte = self.bytes.get(self.next).copied().unwrap_or(0);
        self.next += 1;
        byte.into()
    }

    fn one<T: Copy>(&mut self, options: &[T]) -> T {
        options[self.byte() % options.len()]
    }
}

// ── Programs ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

/// The first 20 draws are for points and earning, the rest for tiers, zone and the like, which versions share.
fn program(choices: &[u8; 32], effective: &str) -> String {
    let (points, shared) = choices.split_at(20);
    let mut draw = Draw::of(points);
    let mut shared = Draw::of(shared);
    let zone = shared.one(&["Asia/Shanghai", "Europe/Paris", "UTC", "America/New_York"]);
    let mut text = format!(
        "edition = 2026\nname = \"Atelier\"\neffective = {effective}\ncurrency = \"CNY\"\ntime_zone = \"{zone}\"\n"
    );
    text.push_str(shared.one(&["", "join = \"at purchase\"\n"]));
    text.push_str(shared.one(&[
        "",
        "\n[dates]\nleap_day = \"1 March\"\nleap_month = \"leap\"\n",
        "\n[dates]\nleap_day = \"skip\"\nleap_month = \"both\"\n",
    ]));
    text.push_str(&points_of(&mut draw));
    text.push_str("\n[points.spend]\nworth = { points = 100, amount = \"5.00\" }\nleast = 20\nstep = 20\nshare = \"100%\"\n");
    text.push_str(&earning(&mut draw));
    text.push_str(&bonuses(&mut draw));
    text.push_str(&tiers(&mut shared));
    text.push_str(&coupons(&mut draw));
    text.push_str(
        ["", "\n[household]\npool_spend = true\n", "\n[household]\nmembers = 2\npool_spend = true\n"]
            [usize::from(choices[1] ^ choices[30]) % 3],
    );
    text.push_str(&introduction(&mut draw));
    text.push_str(&stored_value(&mut draw, choices[9] ^ choices[27]));
    text.push_str(rewards(choices[11] ^ choices[26]));
    if text.contains("id = \"cleaning\"") {
        text = text.replace("name = \"银卡\"\n", "name = \"银卡\"\nbenefits = [\"cleaning\"]\n");
    }
    text
}

/// Rewards, in half of the programs: what is redeemed is mostly one of them.
fn rewards(offered: u8) -> &'static str {
    match offered % 4 {
        0 => {
            "\n[[reward]]\nid = \"scarf\"\nprice = [{ points = 100 }, { points = 60, amount = \"10.00\" }]\n\
             at_most = { count = 1, within = \"3 months\" }\n\n[[reward]]\nid = \"polishing cloth\"\nname = \"擦银布\"\nprice = [{ points = 30 }, { points = 10 }]\n"
        }
        1 => {
            "\n[[reward]]\nid = \"polishing cloth\"\nprice = [{ points = 10, amount = \"5.00\" }, { points = 55 }, { points = 30 }]\n"
        }
        _ => "",
    }
}

/// Stored value, in most programs; its steps, its order and how long a bonus lasts differ between versions.
fn stored_value(draw: &mut Draw<'_>, offered: u8) -> String {
    if offered % 4 == 3 {
        return String::new();
    }
    let (steps, order, bonus, most) = (draw.byte() % 3, draw.byte(), draw.byte(), draw.byte());
    let steps = [
        "[{ from = \"100\", bonus = \"10\" }, { from = \"500\", bonus = \"80\" }]",
        "[{ from = \"50\", bonus = \"3.33\", each = true }]",
        "[{ from = \"100\", bonus = \"5\", each = true }, { from = \"1000\", bonus = \"100\" }]",
    ][steps];
    let order = ["bonus first", "principal first", "in proportion"][order % 3];
    let bonus = [
        "{}",
        "{ valid = \"1 month\", restored = \"5 days\" }",
        "{ valid = \"10 days\", on = 'line.category != \"jade\"' }",
        "{ valid = \"1 year\", on = 'line.amount >= money(\"100\")' }",
    ][bonus % 4];
    let most = ["", "most = { customer = \"2000\", card = \"500\" }\n"][most % 2];
    format!("\n[stored_value]\nspend = \"{order}\"\ntop_up = {steps}\nbonus = {bonus}\n{most}")
}

/// Coupons of every kind and two benefits, in most programs; what some of them are differs between versions.
fn coupons(draw: &mut Draw<'_>) -> String {
    let kind = draw.byte();
    if kind % 4 == 3 {
        return String::new();
    }
    let valid = ["valid = \"30 days\"", "valid = \"2 months\"\nwait = \"1 month\"", "until = 2026-06-14"]
        [kind / 4 % 3];
    let returned = ["rest", "anew", "lost"][kind / 12 % 3];
    let order = ["percent first", "amount first"][kind / 36 % 2];
    let off = ["20.00", "333.33"][kind / 72 % 2];
    let within = ["calendar year", "membership year", "1 month", "ever"][kind / 4 % 4];
    format!(
        "\n[[benefit]]\nid = \"cleaning\"\ntimes = {{ count = 2, within = \"{within}\" }}\nvalid = \"1 month\"\n\n\
         [[benefit]]\nid = \"resizing\"\ntimes = {{ count = 1, within = \"12 months\" }}\nlines = 'line.category == \"ring\"'\n\n\
         [coupons]\norder = \"{order}\"\n\n[[coupon]]\nid = \"off\"\nname = \"礼券\"\noff = \"{off}\"\nleast = \"100\"\n{valid}\n\
         returned = \"{returned}\"\ntransferable = true\n\n[[coupon]]\nid = \"tenth\"\npercent = \"10%\"\nmost = \"50.00\"\nuses = 2\n{valid}\n\
         transferable = true\ngroup = \"shares\"\n\n[[coupon]]\nid = \"third\"\npercent = \"33.3%\"\non = 'line.category == \"jade\"'\n\
         group = \"shares\"\n\n[[coupon]]\nid = \"each\"\neach = {{ full = \"100\", off = \"7\" }}\nwith_points = false\n{valid}\n\
         at_most = {{ count = 1, within = \"7 days\" }}\n\n[[coupon]]\nid = \"alone\"\nfree = {{ buy = 1, get = 1 }}\nstacks = false\n"
    )
}

fn introduction(draw: &mut Draw<'_>) -> String {
    let kind = draw.byte() % 4;
    if kind == 0 {
        return String::new();
    }
    let after = draw.one(&["1 day", "14 days", "1 month"]);
    let least = draw.one(&["", "least = \"100\"\n", "least = \"50.01\"\n"]);
    let at_most = draw.one(&[
        "",
        "at_most = { count = 1, within = \"calendar year\" }\n",
        "at_most = { count = 1, within = \"3 months\" }\n",
        "at_most = { count = 2, within = \"membership year\" }\n",
    ]);
    let welcome = if kind == 1 { "" } else { "welcome = { points = 35 }\n" };
    format!("\n[introduction]\ngive = {{ points = 150 }}\n{welcome}after = \"{after}\"\n{least}{at_most}")
}

fn points_of(draw: &mut Draw<'_>) -> String {
    let mut text = "\n[points]\nnot_earning = [\"points\", \"coupon\"]\n".to_owned();
    text.push_str(&format!("rounding = \"{}\"\n", draw.one(&["down", "half_up", "up"])));
    text.push_str(&format!("round = \"{}\"\n", draw.one(&["purchase", "line"])));
    text.push_str(draw.one(&[
        "",
        "pending = \"1 day\"\n",
        "pending = \"7 days\"\n",
        "pending = \"1 month\"\n",
    ]));
    text.push_str(draw.one(&[
        "",
        "expires = { after = \"2 months\" }\n",
        "expires = { after = \"2 months\", at = \"end of month\" }\n",
        "expires = { after = \"2 months\", from = \"usable\" }\n",
        "expires = { after = \"6 months\", at = \"end of quarter\", from = \"usable\" }\n",
        "expires = { after = \"45 days\" }\n",
        "expires = { after = \"12 months\", at = \"end of year\" }\n",
    ]));
    text.push_str(&format!("stacking = \"{}\"\n", draw.one(&["best", "sum", "product"])));
    text.push_str(draw.one(&[
        "",
        "cap = { purchase = 60 }\n",
        "cap = { day = 100 }\n",
        "cap = { month = 150 }\n",
        "cap = { year = 400 }\n",
        "cap = { purchase = 90, day = 120, month = 200, year = 500 }\n",
    ]));
    text.push_str(draw.one(&[
        "",
        "returns = { missing = \"forgive\" }\n",
        "returns = { missing = \"owe\", restored = \"5 days\" }\n",
        "returns = { missing = \"owe\", restored = \"1 month\" }\n",
    ]));
    text
}

fn earning(draw: &mut Draw<'_>) -> String {
    let first = draw.one(&[
        "",
        "\n[[earn]]\nid = \"labour\"\nwhen = 'line.category.startsWith(\"gold/\")'\nbasis = [\"labour\"]\npoints = 2\nper = \"3.00\"\n",
        "\n[[earn]]\nid = \"jade\"\nwhen = 'line.category == \"jade\"'\npoints = 1\nper = \"7.00\"\n",
        "\n[[earn]]\nid = \"nothing\"\nwhen = 'line.category == \"care\"'\npoints = 0\nper = \"1.00\"\n",
    ]);
    let per = draw.one(&["10.00", "3.00", "1.00", "0.70"]);
    let over = draw.one(&["purchase", "3 months", "calendar year", "membership year", "ever"]);
    let main = match draw.byte() % 3 {
        0 => format!("\n[[earn]]\nid = \"main\"\npoints = 1\nper = \"{per}\"\n"),
        1 => format!(
            "\n[[earn]]\nid = \"main\"\nover = \"{over}\"\nladder = [{{ from = \"0\", points = 1, per = \"{per}\" }}, \
             {{ from = \"100\", points = 2, per = \"{per}\" }}, {{ from = \"500.50\", points = 5, per = \"{per}\" }}]\n"
        ),
        _ => format!(
            "\n[[earn]]\nid = \"rings\"\nwhen = 'line.category == \"ring\"'\npoints = 3\nper = \"{per}\"\n"
        ),
    };
    format!("{first}{main}")
}

const BONUSES: [&str; 9] = [
    "id = \"welcome\"\nwhen = 'customer.purchases == 0'\nadd = 20\n",
    "id = \"birthday-month\"\nwhen = 'customer.birthday.month == day.month'\nmultiply = \"2\"\n",
    "id = \"jade-week\"\nwhen = 'line.category == \"jade\"'\nmultiply = \"1.5\"\n",
    "id = \"week\"\nwhen = 'day >= date(\"2026-02-22\") && day <= date(\"2026-02-28\")'\nmultiply = \"1.25\"\n",
    "id = \"five-hundred\"\nwhen = 'purchase.amount >= money(\"500\")'\nadd = 50\n",
    "id = \"ring\"\nwhen = 'line.category == \"ring\"'\nadd = 7\n",
    "id = \"couple\"\nwhen = '\"couple\" in customer.tags'\nmultiply = \"3\"\n",
    "id = \"base\"\nwhen = 'customer.tier == \"member\"'\nadd = 11\n",
    "id = \"care\"\nwhen = 'purchase.lines.exists(l, l.category == \"care\")'\nmultiply = \"1.1\"\n",
];

fn bonuses(draw: &mut Draw<'_>) -> String {
    let wanted = draw.byte() | draw.byte() << 8;
    let chosen = BONUSES.iter().enumerate().filter(|(index, _)| wanted >> index & 1 == 1);
    chosen.map(|(_, bonus)| format!("\n[[bonus]]\n{bonus}")).collect()
}

fn tiers(draw: &mut Draw<'_>) -> String {
    let kind = draw.byte() % 7;
    let multiply = draw.one(&["", "multiply = \"1.5\"\n"]);
    let qualifying = draw.one(&["", "when = 'line.category != \"gold/bullion\"'\n"]);
    let on_return = draw.one(&["keep", "reassess"]);
    let mut text = format!("\n[qualifying]\n{qualifying}on_return = \"{on_return}\"\n");
    if kind == 0 {
        return text;
    }
    let base = "\n[[tier]]\nid = \"member\"\nname = \"会员\"\n";
    if kind == 1 {
        let lowered = draw.one(&["01-01", "03-01", "02-28"]);
        text.push_str(&format!("\n[growth]\nvalue = 1\nper = \"3.00\"\nlowered_on = \"{lowered}\"\n{base}"));
        text.push_str(&format!(
            "\n[[tier]]\nid = \"silver\"\nname = \"银卡\"\ngrowth = 100\ndeduction = 50\n{multiply}"
        ));
        text.push_str("\n[[tier]]\nid = \"gold\"\nname = \"金卡\"\ngrowth = 300\ndeduction = 150\n");
        text.push_str("\n[[tier]]\nid = \"salon\"\nname = \"私享\"\nsold = { lines = 'line.item == \"R-3\"', term = \"20 days\" }\n");
        return text;
    }
    let within = draw.one(&[
        "12 months",
        "1 month",
        "3 months",
        "calendar year",
        "membership year",
        "ever",
        "60 days",
    ]);
    let term = match kind {
        2 => "rolling",
        3 => "lifelong",
        4 => "calendar year",
        _ => draw.one(&["12 months", "1 month", "3 months", "30 days"]),
    };
    let keep_within = draw.one(&["term", "term", "1 month", "12 months", "calendar year"]);
    let grace = draw.one(&["", ", grace = \"5 days\"", ", grace = \"1 month\""]);
    let to = draw.one(&["one down", "reassess"]);
    let shape = draw.byte() % 4;
    let (silver, gold, keep) = match shape {
        0 => ("spend = \"300\"", "spend = \"900\"", "spend = \"150\""),
        1 => ("visits = 2", "visits = 4", "visits = 1"),
        2 => ("points = 50", "points = 150", "points = 30"),
        _ => ("spend = \"200.01\"", "visits = 3", "spend = \"0.02\""),
    };
    let keep = if matches!(kind, 2 | 3) || shape == 2 && keep_within == "1 month" {
        String::new()
    } else {
        format!("keep = {{ {keep}, within = \"{keep_within}\" }}\n")
    };
    let lapse =
        if matches!(kind, 2 | 3) { String::new() } else { format!("lapse = {{ to = \"{to}\"{grace} }}\n") };
    let rest = format!("term = \"{term}\"\n{keep}{lapse}");
    text.push_str(base);
    // Some are sold beside, with a third piece of a purchase; the private one is sold with a second, or by invitation.
    let sold = if matches!(kind, 3 | 4 | 6) {
        "sold = { lines = 'line.item == \"R-3\"', term = \"1 month\" }\n"
    } else {
        ""
    };
    text.push_str(&format!(
        "\n[[tier]]\nid = \"silver\"\nname = \"银卡\"\nreach = {{ {silver}, within = \"{within}\" }}\n{rest}{sold}{multiply}"
    ));
    text.push_str(&format!(
        "\n[[tier]]\nid = \"gold\"\nname = \"金卡\"\nreach = {{ any = [{{ {gold}, within = \"{within}\" }}, \
         {{ spend = \"2000\", within = \"ever\" }}] }}\n{rest}multiply = \"2\"\n"
    ));
    if kind >= 5 {
        let way_in = match kind {
            5 => "reach = \"invitation\"",
            _ => "sold = { lines = 'line.item == \"R-2\"', term = \"20 days\" }",
        };
        text.push_str(&format!("\n[[tier]]\nid = \"salon\"\nname = \"私享\"\n{way_in}\n"));
    }
    text
}

// ── Histories ────────────────────────────────────────────────────────────────────────────────────────────────────────────

/// Days where something turns: ends of months and years, 29 February, the ends of spans counted from them.
const DAYS: [&str; 32] = [
    "2026-02-01",
    "2026-02-21",
    "2026-02-22",
    "2026-02-27",
    "2026-02-28",
    "2026-03-01",
    "2026-03-02",
    "2026-03-07",
    "2026-03-08",
    "2026-03-30",
    "2026-03-31",
    "2026-04-01",
    "2026-04-05",
    "2026-04-06",
    "2026-04-30",
    "2026-05-01",
    "2026-05-31",
    "2026-06-01",
    "2026-06-14",
    "2026-06-15",
    "2026-08-31",
    "2026-09-30",
    "2026-12-31",
    "2027-01-01",
    "2027-01-31",
    "2027-02-28",
    "2027-03-01",
    "2027-03-31",
    "2028-02-28",
    "2028-02-29",
    "2028-03-01",
    "2028-12-31",
];
const CLOCKS: [&str; 6] =
    ["10:00:00", "00:00:00", "23:59:59.999999", "10:00:00.000001", "12:00:00", "16:00:00"];
const OFFSETS: [&str; 6] = ["+08:00", "Z", "+08:00", "+01:00", "-05:00", "+08:00"];
const AMOUNTS: [&str; 12] = [
    "100.00", "10.00", "5.00", "0.01", "99.99", "333.33", "500.00", "1000.00", "3.00", "250.50", "1999.99",
    "20.00",
];
const CATEGORIES: [&str; 6] = ["ring", "jade", "gold/ring", "gold/bullion", "care", "watch"];

/// A purchase as far as a return of it must know it.
struct Bought {
    fact: String,
    customer: String,
    /// Line, minor units left of it.
    left: Vec<(String, i64)>,
}

#[derive(Default)]
struct History {
    /// Tiers that a grant may name.
    tiers: Vec<&'static str>,
    facts: Vec<Value>,
    bought: Vec<Bought>,
    redeemed: Vec<(String, String)>,
    /// Coupons that were issued, and to whom.
    issued: Vec<(String, String)>,
    /// A coupon that is held for `p-web`, and whose it is, until that is bought.
    held: Option<(String, String)>,
    /// Top-ups and whose they are.
    topped_up: Vec<(String, String)>,
    /// Orders, and whose they are.
    ordered: Vec<(String, String)>,
    /// Who was merged by which fact.
    merged: Vec<(String, String)>,
    /// The same, of merges taken back.
    unmerged: Vec<(String, String)>,
}

fn minor(text: &str) -> i64 {
    text.replace('.', "").parse().expect("an amount with two digits")
}

fn shown(minor: i64) -> String {
    format!("{}.{:02}", minor / 100, minor % 100)
}

fn build(choices: &[u8; 32], customers: usize, happenings: &[[u8; 12]], adopts: bool) -> Case {
    let customers: Vec<String> = (1..=customers).map(|number| format!("c-{number}")).collect();
    let first = program(choices, "2026-01-01");
    let named = |tier: &&'static str| first.contains(&format!("id = \"{tier}\"\nname"));
    let tiers = ["silver", "gold", "salon"].into_iter().filter(|tier| named(tier)).collect();
    let mut history = History { tiers, ..History::default() };
    for (index, customer) in customers.iter().enumerate() {
        let day = ["2026-01-01", "2026-01-15", "2026-01-31", "2026-01-31"][index];
        let mut profile = json!({});
        if choices[index] % 3 == 1 {
            profile["birthday"] = birthday(&mut Draw::of(&choices[index + 4..]));
        }
        // Those who joined before may have introduced them.
        if index > 0 && !choices[index + 12].is_multiple_of(3) {
            profile["introduced_by"] = json!(customers[usize::from(choices[index + 12]) % index]);
        }
        let id = format!("j-{customer}");
        history.facts.push(
            json!({"id": id, "at": format!("{day}T12:00:00Z"), "customer": customer, "joined": profile}),
        );
        // Something to spend from the first day on, for some.
        if choices[index + 8] % 2 == 1 {
            let body = json!({"points": 400, "reason": "from the old card"});
            let id = format!("a-{customer}");
            history.facts.push(
                json!({"id": id, "at": "2026-01-31T13:00:00Z", "customer": customer, "adjusted": body}),
            );
        }
    }
    // Some live together from the first day on.
    for (index, customer) in customers.iter().enumerate().filter(|_| first.contains("[household]")) {
        if !choices[index + 16].is_multiple_of(4) {
            let id = format!("h-{customer}");
            let body = json!({"household": "h-1", "may_spend": choices[index + 20] % 4 != 3});
            history.facts.push(
                json!({"id": id, "at": "2026-01-31T14:00:00Z", "customer": customer, "household_joined": body}),
            );
        }
    }
    if adopts {
        // Another version of points and earning; zone, tiers and what points are worth stay.
        let mut other = *choices;
        other[..20].reverse();
        let text = program(&other, "2026-05-01");
        let fact = json!({"id": "v-2", "at": "2026-01-20T10:00:00Z", "adopted": {"program": text}});
        history.facts.push(fact);
    }
    // In the order of the book first, so that what follows can refer to what was.
    let mut ordered: Vec<(String, String, &[u8; 12])> = happenings
        .iter()
        .enumerate()
        .map(|(index, bytes)| {
            let at = format!(
                "{}T{}{}",
                DAYS[usize::from(bytes[0]) % DAYS.len()],
                CLOCKS[usize::from(bytes[1]) % CLOCKS.len()],
                OFFSETS[usize::from(bytes[2]) % OFFSETS.len()]
            );
            // Ids whose order is not that of arrival.
            (at, format!("f-{:02x}-{index}", bytes[3]), bytes)
        })
        .collect();
    ordered.sort_by_key(|(at, id, _)| (crate::model::instant(at), id.clone()));
    for (at, id, bytes) in ordered {
        history.happens(&at, id, &customers, &mut Draw::of(&bytes[4..]));
    }
    let mut days: Vec<String> = DAYS.iter().map(|day| (*day).to_owned()).collect();
    days.extend(["2026-01-31", "2026-07-30", "2027-12-31", "2029-03-01"].map(str::to_owned));
    days.sort();
    Case { program: first, facts: history.facts, customers, days }
}

fn birthday(draw: &mut Draw<'_>) -> Value {
    match draw.byte() % 5 {
        0 => json!("1990-02-28"),
        1 => json!("02-29"),
        2 => json!({"lunar": "12-30"}),
        3 => json!({"lunar": "01-15"}),
        _ => json!({"lunar": "04-11", "leap": true}),
    }
}

/// What is told of a person as tills tell it: a piece at a time.
fn piece_by_piece(draw: &mut Draw<'_>) -> Value {
    match draw.byte() % 7 {
        0 => json!({"tags": {"add": ["couple", "vip"]}}),
        1 => json!({"tags": {"remove": ["couple"]}}),
        2 => json!({"forget": ["birthday"]}),
        3 => json!({"forget": ["tags", "dates.wedding", "name"]}),
        4 => {
            json!({"name": "张伟", "phones": {"add": ["+86 138 0013 8000"]}, "gender": "male", "time_zone": "Europe/Paris"})
        }
        5 => json!({"stones": draw.one(&[["jade"], ["ruby"]]), "dates": {"wedding": birthday(draw)}}),
        _ => {
            json!({"sizes": {"left_ring": "HK 14", "chain": "45 cm"}, "custom": {"cats": 2}, "addresses": {"home": "南京东路"}})
        }
    }
}

fn encounter(draw: &mut Draw<'_>) -> (&'static str, Value) {
    match draw.byte() % 7 {
        0 => ("visited", json!({})),
        1 => ("talked", json!({"channel": "wechat", "direction": "in", "text": "asks for the price"})),
        2 => ("serviced", json!({"service": "polishing", "piece": "7K4R1290", "state": "received"})),
        3 => ("wished", json!({"category": "ring", "budget": {"most": "30000.00"}})),
        4 => ("complained", json!({"text": "a scratch", "resolved": true})),
        5 => ("reviewed", json!({"score": 9})),
        _ => ("noted", json!({"text": "likes tea"})),
    }
}

impl History {
    fn add(&mut self, id: &str, at: &str, customer: &str, kind: &str, body: &Value) {
        self.facts.push(json!({"id": id, "at": at, "customer": customer, kind: body}));
    }

    fn happens(&mut self, at: &str, id: String, customers: &[String], draw: &mut Draw<'_>) {
        let kind = draw.byte() % 48;
        let who = draw.byte() % customers.len();
        let customer = customers[who].as_str();
        match kind {
            0..=7 => {
                self.buys(at, id, customer, draw);
                self.draws(at, customers, draw);
            }
            8..=11 => self.gives_back(at, &id, draw),
            12 => self.adjusts(at, &id, customer, draw),
            13 => self.gives(at, &id, customer, customers, draw),
            14 => {
                let points = draw.one(&[10, 30, 55, 100]);
                let mut body = json!({"points": points, "reward": "polishing cloth"});
                if draw.byte() % 3 == 1 {
                    body["amount"] = json!("5.00");
                }
                self.add(&id, at, customer, "redeemed", &body);
                self.redeemed.push((id, customer.to_owned()));
            }
            15 => {
                if self.redeemed.is_empty() {
                    return;
                }
                let (which, how) = (draw.byte() % self.redeemed.len(), draw.byte() % 8);
                let (redemption, customer) = self.redeemed[which].clone();
                let mut body = json!({"redemption": redemption});
                // Handed over and back, the one without the other, and sometimes twice.
                if how < 5 {
                    self.add(&id, at, &customer, "handed_over", &body);
                    return;
                }
                if how == 5 {
                    body["returned"] = json!(true);
                }
                if how != 6 {
                    self.redeemed.remove(which);
                }
                self.add(&id, at, &customer, "redemption_reversed", &body);
            }
            16 | 27 => {
                if self.tiers.is_empty() {
                    return;
                }
                // Every other time one that can only be given.
                let last = self.tiers.len() - 1;
                let tier =
                    self.tiers[if draw.byte() % 2 == 1 { last } else { draw.byte() % self.tiers.len() }];
                let last_day = later(at, draw);
                let body = json!({"tier": tier, "reason": "新娘", "last_day": last_day});
                self.add(&id, at, customer, "tier_granted", &body);
            }
            17 => {
                let body = match draw.byte() % 3 {
                    0 => json!({"tags": ["couple"]}),
                    1 => json!({"tags": []}),
                    _ => json!({"birthday": birthday(draw)}),
                };
                self.add(&id, at, customer, "profile_changed", &body);
            }
            // Always into one with a smaller number, so that no merge of one hangs on another's.
            18 => {
                if who == 0 || self.merged.iter().any(|(_, merged)| merged == customer) {
                    return;
                }
                let into = &customers[draw.byte() % who];
                self.add(&id, at, customer, "merged", &json!({"into": into}));
                self.merged.push((id, customer.to_owned()));
            }
            19 => {
                if self.merged.is_empty() {
                    return;
                }
                let (merge, customer) = self.merged.remove(draw.byte() % self.merged.len());
                self.add(&id, at, &customer, "unmerged", &json!({"merge": merge}));
                self.unmerged.push((merge, customer));
            }
            20 => self.add(&id, at, customer, "joined", &json!({"tags": ["couple"]})),
            21 | 26 => self.merges_oddly(at, id, customer, customers, draw),
            22 => self.add(&id, at, customer, "profile_changed", &piece_by_piece(draw)),
            23 => {
                // Somebody else, or themselves.
                let other = &customers[draw.byte() % customers.len()];
                let body = match draw.byte() % 3 {
                    0 => json!({"relations": {"r": {"kind": "spouse", "customer": other}}}),
                    1 => json!({"forget": ["introduced_by"]}),
                    _ => json!({"introduced_by": other}),
                };
                self.add(&id, at, customer, "profile_changed", &body);
            }
            28 => self.shares(at, id, customer, customers, draw),
            29..=32 | 44..=46 => self.coupons(at, id, customer, customers, draw),
            33..=35 => self.benefits(at, &id, customer, draw),
            36..=41 => self.value(at, &id, customer, customers, draw),
            42..=43 | 47 => self.orders(at, &id, customer, draw),
            24 => {
                let channel = draw.one(&["sms", "wechat"]);
                let body =
                    json!({"channel": channel, "purpose": "offers", "given": draw.byte().is_multiple_of(2)});
                self.add(&id, at, customer, "consented", &body);
            }
            _ => {
                let (kind, body) = encounter(draw);
                self.add(&id, at, customer, kind, &body);
            }
        }
    }

    /// What `record` would refuse of merges: of an alias, within one account, into nobody, taken back twice or never made.
    fn merges_oddly(
        &mut self,
        at: &str,
        id: String,
        customer: &str,
        customers: &[String],
        draw: &mut Draw<'_>,
    ) {
        match draw.byte() % 6 {
            0 => {
                let into = &customers[draw.byte() % customers.len()];
                if into != customer {
                    self.add(&id, at, customer, "merged", &json!({"into": into}));
                    self.merged.push((id, customer.to_owned()));
                }
            }
            1 => self.add(&id, at, customer, "merged", &json!({"into": "nobody"})),
            2 => {
                let (merge, customer) = match self.unmerged.last() {
                    Some((merge, customer)) => (merge.clone(), customer.clone()),
                    None => ("m-0".to_owned(), customer.to_owned()),
                };
                self.add(&id, at, &customer, "unmerged", &json!({"merge": merge}));
            }
            3 => {
                let merge = self.merged.last().map_or("m-0", |(merge, _)| merge).to_owned();
                self.add(&id, at, customer, "unmerged", &json!({"merge": merge}));
            }
            // The other way round.
            _ => {
                let merge = self.facts.iter().rfind(|fact| fact.get("merged").is_some());
                let Some(merge) = merge else { return };
                let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
                let (from, into) = (text(&merge["customer"]), text(&merge["merged"]["into"]));
                self.add(&id, at, &into, "merged", &json!({"into": from}));
            }
        }
    }

    fn orders(&mut self, at: &str, id: &str, customer: &str, draw: &mut Draw<'_>) {
        let amount = draw.one(&["100.00", "33.33", "250.00", "0.01"]);
        let Some((order, whose)) = self.ordered.last().cloned().filter(|_| draw.byte() % 3 != 2) else {
            let mut body = json!({"amount": "500.00", "item": "R-7"});
            if draw.byte() % 4 != 3 {
                body["deposit"] = json!(amount);
                body["ready"] = json!("2026-06-30");
            }
            self.ordered.push((id.to_owned(), customer.to_owned()));
            return self.add(id, at, customer, "ordered", &body);
        };
        match draw.byte() % 8 {
            0..=2 => self.add(id, at, &whose, "deposit_paid", &json!({"order": order, "amount": amount})),
            3 => self.add(id, at, customer, "deposit_paid", &json!({"order": "o-0", "amount": amount})),
            4 | 5 => {
                let body = json!({"lines": [{"id": "1", "amount": "250.00"}],
                    "tenders": [{"deposit": amount, "order": order}, {"card": shown(25_000 - minor(amount))}]});
                self.add(id, at, &whose, "purchased", &body);
                self.bought.push(Bought {
                    fact: id.to_owned(),
                    customer: whose,
                    left: vec![("1".to_owned(), 25_000)],
                });
            }
            _ => {
                let mut body = json!({"order": order, "reason": "改主意"});
                if draw.byte() % 2 == 1 {
                    body["kept"] = json!(amount);
                }
                if draw.byte() % 3 == 1 {
                    body["given_back"] = json!(draw.one(&["66.67", "100.00", "0.00"]));
                }
                self.add(id, at, &whose, "order_cancelled", &body);
            }
        }
    }

    fn buys(&mut self, at: &str, id: String, customer: &str, draw: &mut Draw<'_>) {
        // What a coupon is held for is bought, by whoever has it.
        let held = self.held.take();
        let (id, customer) = match &held {
            Some((_, whose)) => ("p-web".to_owned(), whose.as_str()),
            None => (id, customer),
        };
        let count = draw.one(&[1, 2, 1, 3]);
        let tender = draw.byte();
        let off = draw.byte();
        let mut lines = Vec::new();
        let mut left = Vec::new();
        let mut total = 0;
        for number in 1..=count {
            let amount = draw.one(&AMOUNTS);
            let category = draw.one(&CATEGORIES);
            let mut line = json!({
                "id": number.to_string(), "item": format!("R-{number}"), "category": category, "quantity": "1",
                "amount": amount,
            });
            let labour = minor(amount) / 3;
            if category == "gold/ring" {
                line["components"] = json!({"labour": shown(labour)});
                let metal = minor(amount) - labour;
                if off % 4 == 2 && metal % 2 == 0 && metal > 0 {
                    // By weight: what it comes to is not told.
                    (line["quantity"], line["price"]) = (json!("2"), json!(shown(metal / 2)));
                    line.as_object_mut().expect("a line").remove("amount");
                }
            }
            lines.push(line);
            left.push((number.to_string(), minor(amount)));
            total += minor(amount);
        }
        let mut body = json!({"lines": lines});
        let discount = if off % 3 == 1 { (total / 10).min(1_001) } else { 0 };
        if discount > 0 {
            body["discount"] = json!(shown(discount));
        }
        let to_pay = total - discount;
        // 20 points are worth 1.00.
        let most = to_pay / 100;
        match tender % 4 {
            _ if to_pay > 1 && held.is_some() => {
                let coupon = held.as_ref().map(|(coupon, _)| coupon);
                let amount = 2_000.min(to_pay);
                body["tenders"] = json!([{"coupon": coupon, "amount": shown(amount)}]);
                if to_pay > amount {
                    body["tenders"] = json!([{"coupon": coupon, "amount": shown(amount)}, {"cash": shown(to_pay - amount)}]);
                }
            }
            1 if most > 0 => {
                let units = [1, 3, most.min(10), most.min(50)][tender / 4 % 4].min(most);
                let mut tenders = vec![json!({"points": units * 20, "amount": shown(units * 100)})];
                if to_pay > units * 100 {
                    tenders.push(json!({"card": shown(to_pay - units * 100)}));
                }
                body["tenders"] = json!(tenders);
            }
            2 | 3 if to_pay > 1 && tender >= 64 && !self.issued.is_empty() => {
                // Mostly one of their own; what it takes off is right now and then.
                let own = |(_, whose): &&(String, String)| *whose == customer;
                let all = &self.issued;
                let some = &all[tender / 64 * off % all.len()];
                let (coupon, _) = all.iter().rev().find(own).filter(|_| off % 5 != 4).unwrap_or(some);
                let amount = [2_000, 33_333, to_pay / 10, to_pay / 2][off / 3 % 4].clamp(1, to_pay);
                let mut tenders = vec![json!({"coupon": coupon, "amount": shown(amount)})];
                if to_pay > amount {
                    tenders.push(json!({"cash": shown(to_pay - amount)}));
                }
                body["tenders"] = json!(tenders);
            }
            0 if to_pay > 1 && tender >= 64 => {
                let amount = [1, 7_777, to_pay / 3, to_pay][off / 3 % 4].clamp(1, to_pay);
                let mut tenders = vec![json!({"stored_value": shown(amount)})];
                if to_pay > amount {
                    tenders.push(json!({"card": shown(to_pay - amount)}));
                }
                body["tenders"] = json!(tenders);
            }
            2 if to_pay > 1 => {
                body["tenders"] =
                    json!([{"coupon": shown(to_pay / 2)}, {"cash": shown(to_pay - to_pay / 2)}]);
            }
            _ => {}
        }
        self.add(&id, at, customer, "purchased", &body);
        self.bought.push(Bought { fact: id, customer: customer.to_owned(), left });
    }

    /// Stored value is topped up, refunded, transferred, frozen or released: of a customer, or of one of two cards.
    fn value(&mut self, at: &str, id: &str, customer: &str, customers: &[String], draw: &mut Draw<'_>) {
        let card = ["GC-1", "GC-2"][draw.byte() % 2];
        let amount = draw.one(&["100.00", "500.00", "33.33", "1000.00", "0.01", "250.00"]);
        match draw.byte() % 12 {
            0..=3 => {
                let mut body = json!({"amount": amount});
                match draw.byte() % 6 {
                    1 => body["source"] = json!("wechat"),
                    2 => body["bonus"] = json!("12.34"),
                    3 => {
                        body["bonus"] = json!("50.00");
                        body["last_day"] = json!(later(at, draw));
                    }
                    _ => {}
                }
                self.topped_up.push((id.to_owned(), customer.to_owned()));
                self.add(id, at, customer, "topped_up", &body);
            }
            4 => self.add(id, at, card, "topped_up", &json!({"amount": amount, "card": true})),
            5 | 6 => {
                let mut body = json!({"amount": amount});
                let named = draw.byte() % 3;
                let whose = match self.topped_up.last().filter(|_| named == 1) {
                    Some((top_up, whose)) => {
                        body["top_up"] = json!(top_up);
                        whose.clone()
                    }
                    None => customer.to_owned(),
                };
                if named == 2 && draw.byte() % 4 == 3 {
                    body["top_up"] = json!("t-0");
                }
                self.add(id, at, &whose, "value_refunded", &body);
            }
            7 | 8 => {
                let to = &customers[draw.byte() % customers.len()];
                let mut body = json!({"to": to, "amount": amount});
                if amount == "33.33" {
                    body["parts"] = json!([
                        {"amount": "30.00"}, {"amount": "3.33", "bonus": true, "last_day": later(at, draw)}
                    ]);
                }
                let from = if draw.byte() % 2 == 1 { card } else { customer };
                self.add(id, at, from, "value_transferred", &body);
            }
            9 => {
                let body = json!({"to": card, "amount": amount, "card": true});
                self.add(id, at, customer, "value_transferred", &body);
            }
            10 => self.add(id, at, customer, "value_frozen", &json!({"reason": "lost"})),
            _ => self.add(id, at, customer, "value_released", &json!({"reason": "found"})),
        }
    }

    /// A benefit is given, had, or not had after all.
    fn benefits(&mut self, at: &str, id: &str, customer: &str, draw: &mut Draw<'_>) {
        match draw.byte() % 6 {
            0 => {
                let benefit = draw.one(&["cleaning", "cleaning", "viewing"]);
                let mut body = json!({"benefit": benefit, "times": draw.one(&[1, 2]), "reason": "新娘"});
                if draw.byte() % 3 == 2 {
                    body["last_day"] = json!(later(at, draw));
                }
                self.add(id, at, customer, "benefit_granted", &body);
            }
            1 => {
                let had = self.facts.iter().rfind(|fact| fact.get("benefit_used").is_some());
                let (used, whose) = match had {
                    Some(fact) => {
                        (fact["id"].clone(), fact["customer"].as_str().unwrap_or_default().to_owned())
                    }
                    None => (json!("u-0"), customer.to_owned()),
                };
                self.add(id, at, &whose, "benefit_reversed", &json!({"use": used}));
            }
            2 | 3 if !self.bought.is_empty() => {
                let bought = &self.bought[draw.byte() % self.bought.len()];
                let (purchase, whose) = (bought.fact.clone(), bought.customer.clone());
                let body = json!({"benefit": "resizing", "purchase": purchase, "line": "1"});
                self.add(id, at, &whose, "benefit_used", &body);
            }
            _ => self.add(id, at, customer, "benefit_used", &json!({"benefit": "cleaning"})),
        }
    }

    /// A coupon is issued, taken back, passed on, held or let go: a customer's, or that of one of two codes.
    fn coupons(&mut self, at: &str, id: String, customer: &str, customers: &[String], draw: &mut Draw<'_>) {
        let code = ["code-1", "code-2"][draw.byte() % 2];
        let what = draw.byte() % 13;
        if let (0..=7, Some((coupon, whose))) = (what, self.issued.last().cloned()) {
            let whose = if draw.byte() % 6 == 5 { customer } else { &*whose };
            match what {
                0 | 1 => {
                    self.add(&id, at, whose, "voided", &json!({"coupon": coupon, "reason": "issued twice"}));
                }
                2..=4 => {
                    let to_code = draw.byte() % 4 == 3;
                    let to = if to_code { code } else { &*customers[draw.byte() % customers.len()] };
                    let mut body = json!({"coupon": coupon, "to": to});
                    if to_code {
                        body["card"] = json!(true);
                    }
                    if draw.byte() % 5 != 4 {
                        let of = draw.one(&["off", "tenth", "nothing"]);
                        let first = self.facts.iter().find(|fact| fact["id"] == coupon);
                        let issued = &first.expect("it was issued")["at"].as_str().expect("an instant")[..10];
                        body["terms"] = json!({"of": of, "issued": issued, "first_day": issued});
                        if draw.byte() % 2 == 1 {
                            body["terms"]["last_day"] = json!(later(at, draw).max(issued.to_owned()));
                        }
                    }
                    self.add(&id, at, whose, "coupon_transferred", &body);
                    self.issued.push((id, to.to_owned()));
                }
                5 => {
                    let held_for = draw.one(&["p-web", "p-web", "o-1"]);
                    let until = format!("{}T12:00:00Z", later(at, draw));
                    let body = json!({"coupon": coupon, "for": held_for, "until": until});
                    self.add(&id, at, whose, "coupon_held", &body);
                    if held_for == "p-web" && !self.facts.iter().any(|fact| fact["id"] == "p-web") {
                        self.held = Some((coupon, whose.to_owned()));
                    }
                }
                _ => {
                    let body = json!({"coupon": coupon, "for": draw.one(&["p-web", "o-1"])});
                    self.add(&id, at, whose, "coupon_released", &body);
                }
            }
            return;
        }
        let kind = draw.one(&["off", "tenth", "third", "each", "alone", "off", "nothing"]);
        let mut body = json!({"coupon": kind});
        if draw.byte() % 4 == 3 {
            body["last_day"] = json!(later(at, draw));
        }
        let whose = if draw.byte() % 5 == 4 { code } else { customer };
        if whose == code {
            body["card"] = json!(true);
        }
        self.add(&id, at, whose, "issued", &body);
        self.issued.push((id, whose.to_owned()));
    }

    fn gives_back(&mut self, at: &str, id: &str, draw: &mut Draw<'_>) {
        if self.bought.is_empty() {
            return;
        }
        let which = draw.byte() % self.bought.len();
        let how = draw.byte() % 6;
        let only = draw.byte();
        let bought = &mut self.bought[which];
        let several = bought.left.len();
        let mut lines = Vec::new();
        for (index, (line, left)) in bought.left.iter_mut().enumerate() {
            if *left == 0 || only % 2 == 1 && index != only % several {
                continue;
            }
            let amount = match how {
                0 | 1 => *left,
                2 => *left / 2,
                3 => 500.min(*left),
                4 => *left / 3,
                _ => 1,
            };
            if amount == 0 {
                continue;
            }
            *left -= amount;
            let quantity = if *left == 0 { "1" } else { "0" };
            lines.push(json!({"id": line, "quantity": quantity, "amount": shown(amount)}));
        }
        if !lines.is_empty() {
            let body = json!({"purchase": bought.fact, "lines": lines});
            let customer = bought.customer.clone();
            self.add(id, at, &customer, "returned", &body);
        }
    }

    fn adjusts(&mut self, at: &str, id: &str, customer: &str, draw: &mut Draw<'_>) {
        let points = draw.one(&[100, 300, 45, -20, -75]);
        let mut body = json!({"points": points, "reason": "补偿"});
        if points > 0 && draw.byte() % 2 == 1 {
            body["last_day"] = json!(later(at, draw));
        }
        self.add(id, at, customer, "adjusted", &body);
    }

    /// Someone comes into a household, leaves one, or spends what others have.
    fn shares(&mut self, at: &str, id: String, customer: &str, customers: &[String], draw: &mut Draw<'_>) {
        match draw.byte() % 6 {
            0..=2 => {
                let household = draw.one(&["h-1", "h-1", "h-2"]);
                let body = json!({"household": household, "may_spend": draw.byte() % 4 != 3});
                self.add(&id, at, customer, "household_joined", &body);
            }
            3 => self.add(&id, at, customer, "household_left", &json!({})),
            _ => {
                let points = draw.one(&[60, 100, 135]);
                let mut body = json!({"points": points, "reward": "scarf"});
                if points == 60 {
                    body["amount"] = json!("10.00");
                }
                self.add(&id, at, customer, "redeemed", &body);
                self.draws(at, customers, draw);
                self.redeemed.push((id, customer.to_owned()));
            }
        }
    }

    /// Others lend something for the last fact, where points are spent.
    fn draws(&mut self, at: &str, customers: &[String], draw: &mut Draw<'_>) {
        let Some(fact) = self.facts.last_mut() else { return };
        let paid = fact["redeemed"]["points"].as_i64().or(fact["purchased"]["tenders"][0]["points"].as_i64());
        let mut left = paid.unwrap_or(0);
        let mut drawn = Vec::new();
        let chosen = draw.byte();
        for (at_place, lender) in
            customers.iter().enumerate().filter(|(_, lender)| fact["customer"] != **lender)
        {
            let points = left.min(draw.one(&[20, 10, 55]));
            if points == 0 || chosen >> at_place & 1 == 0 {
                continue;
            }
            left -= points;
            let mut lot = json!({"points": points, "first_day": &at[..10]});
            if draw.byte() % 2 == 1 {
                lot["last_day"] = json!(later(at, draw));
            }
            drawn.push(json!({"customer": lender, "lots": [lot]}));
        }
        if !drawn.is_empty() {
            fact["drawn"] = json!(drawn);
        }
    }

    fn gives(&mut self, at: &str, id: &str, customer: &str, customers: &[String], draw: &mut Draw<'_>) {
        let to = &customers[draw.byte() % customers.len()];
        if to == customer {
            return;
        }
        let mut lots = Vec::new();
        let mut points = 0;
        for _ in 0..draw.one(&[1, 2]) {
            let given = draw.one(&[10, 25, 60]);
            let mut lot = json!({"points": given, "first_day": &at[..10]});
            if draw.byte() % 2 == 1 {
                lot["last_day"] = json!(later(at, draw));
            }
            lots.push(lot);
            points += given;
        }
        self.add(id, at, customer, "given", &json!({"to": to, "points": points, "lots": lots}));
    }
}

/// A day some time after an instant; never before its local day in any zone.
fn later(at: &str, draw: &mut Draw<'_>) -> String {
    let span = draw.one(&["1 day", "7 days", "1 month", "59 days", "12 months"]);
    crate::model::days_after(&at[..10], span)
}
