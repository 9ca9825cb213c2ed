//! A seeded book of people for finding and joining up: names, phones, birthdays, families that share a phone, namesakes, twins, and entries of
//! one person that were typed twice with what goes wrong when people type.
//!
//! The same size, seed and kind give the same people on every machine. Surnames come as often as in the census of 2020 (the Ministry of Public
//! Security's list of the commonest); given names are of one or two of 140 characters, some much commoner than others.
//!
//! ```
//! use parure_bench::people::{Kind, people};
//! let all = people(1_000, 1, Kind::Hard);
//! assert_eq!(all.len(), 1_000);
//! assert!(all.iter().any(|one| all.iter().any(|other| one.person == other.person && one.id != other.id)));
//! ```

use crate::generate::Dice;
use parure::calendar::{Anniversary, Day, LunarDate};
use parure::customer::{Known, Name, Person};
use std::collections::HashSet;

/// How much is known of people, and how much goes wrong where one is entered again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Most fields are filled, one thing is off.
    Easy,
    /// Half the fields are empty, two or three things are off, and more families share a phone.
    Hard,
}

/// One entry in the book.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Entry {
    /// Its id.
    pub id: String,
    /// The person it is of: what duplicates are held to.
    pub person: u32,
    /// As it was typed.
    pub name: String,
    /// E.164, or empty.
    pub phone: String,
    /// Or empty.
    pub email: String,
    /// Or empty.
    pub wechat: String,
    /// Where it is known.
    pub birthday: Option<Anniversary>,
    /// Or empty.
    pub address: String,
    /// Or empty.
    pub card: String,
    /// Or empty.
    pub serial: String,
}

impl Entry {
    /// What a directory knows of them.
    pub fn known(&self) -> Known<'_> {
        let some = |text: &'_ str| -> bool { !text.is_empty() };
        let list = |text| if some(text) { vec![text] } else { Vec::new() };
        Known {
            names: list(&self.name),
            phones: list(&self.phone),
            emails: list(&self.email),
            wechats: list(&self.wechat),
            cards: list(&self.card),
            serials: list(&self.serial),
        }
    }

    /// As they are compared.
    pub fn compared(&self, place: u32) -> Person<'_> {
        let address = Some(self.address.as_str()).filter(|address| !address.is_empty());
        Person { place, known: self.known(), birthday: self.birthday, address }
    }
}

/// In thousandths; the rest are shared by the others alike.
const COMMON: [(char, u64); 24] = [
    ('王', 72),
    ('李', 70),
    ('张', 66),
    ('刘', 51),
    ('陈', 45),
    ('杨', 31),
    ('黄', 23),
    ('赵', 20),
    ('吴', 20),
    ('周', 19),
    ('徐', 15),
    ('孙', 14),
    ('马', 13),
    ('朱', 12),
    ('胡', 12),
    ('郭', 12),
    ('何', 11),
    ('林', 11),
    ('高', 10),
    ('罗', 9),
    ('郑', 9),
    ('梁', 8),
    ('谢', 7),
    ('宋', 7),
];
const OTHERS: &str = "唐许邓韩冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫雷龙黎史陶贺毛段郝顾龚邵万覃武钱戴严莫孔向常单仇解查区翟盖乐华";
const GIVEN: &str = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉萍红玲芬燕梅建国文辉力小晓雪琴云飞鹏浩宇轩子涵梓欣怡诗佳雨思琪嘉俊豪天一博雅婷慧颖倩莹薇洁宁海波峰志斌鑫凯龙凤春兰菊竹松柏林森瑞祥福贵荣昌盛兴旺安康健美好丹青蓝紫晨曦阳光星月冰清心悦乐然若曼妮可依依梦瑶璐珊珍珠宝金银玮炜蔚微维";
const LATIN_GIVEN: [&str; 30] = [
    "Anna", "Amy", "David", "Emma", "Eric", "Grace", "Helen", "Jack", "James", "Jane", "John", "Julia",
    "Kevin", "Laura", "Linda", "Lucas", "Maria", "Marie", "Mark", "Martin", "Michael", "Nina", "Oliver",
    "Paul", "Peter", "Rachel", "Sarah", "Sophie", "Thomas", "Vivian",
];
const LATIN_FAMILY: [&str; 30] = [
    "Anderson",
    "Becker",
    "Brown",
    "Clark",
    "Cohen",
    "Dubois",
    "Fischer",
    "Garcia",
    "Hansen",
    "Hoffmann",
    "Ivanova",
    "Johnson",
    "Keller",
    "Kowalski",
    "Lambert",
    "Martinez",
    "Meyer",
    "Moreau",
    "Müller",
    "Nielsen",
    "O'Brien",
    "Petersen",
    "Richter",
    "Rossi",
    "Schmidt",
    "Schneider",
    "Silva",
    "Taylor",
    "Weber",
    "Wilson",
];
const ROADS: [&str; 20] = [
    "南京西路",
    "淮海中路",
    "人民路",
    "解放路",
    "中山路",
    "建设路",
    "北京路",
    "和平路",
    "长江路",
    "新华路",
    "文化路",
    "青年路",
    "延安路",
    "胜利路",
    "光明路",
    "滨江大道",
    "湖滨路",
    "朝阳路",
    "学院路",
    "复兴路",
];
const CITIES: [&str; 6] = ["上海市", "杭州市", "北京市", "深圳市", "成都市", "南京市"];

/// A person as they are, before anything is typed.
#[derive(Debug, Clone)]
struct Human {
    family: String,
    given: String,
    latin: bool,
    phone: String,
    email: String,
    wechat: String,
    born: Day,
    address: String,
}

struct Maker {
    dice: Dice,
    kind: Kind,
    given: Vec<char>,
    others: Vec<char>,
    /// An address has one owner.
    taken: HashSet<String>,
}

/// So many entries.
pub fn people(size: usize, seed: u64, kind: Kind) -> Vec<Entry> {
    let mut maker = Maker {
        dice: Dice::new(seed),
        kind,
        given: GIVEN.chars().collect(),
        others: OTHERS.chars().collect(),
        taken: HashSet::new(),
    };
    let mut entries = Vec::with_capacity(size + 8);
    let mut person = 0;
    while entries.len() < size {
        for human in maker.household() {
            let first = maker.entry(&human, person);
            let again = if maker.one_in(12) { 1 + maker.dice.below(10) / 9 } else { 0 };
            for _ in 0..again {
                entries.push(maker.again(&human, person, &first));
            }
            entries.push(first);
            person += 1;
        }
    }
    entries.truncate(size);
    // Entries of one person don't stand together.
    for at in (1..entries.len()).rev() {
        entries.swap(at, maker.dice.below(at as u64 + 1) as usize);
    }
    for (at, entry) in entries.iter_mut().enumerate() {
        entry.id = format!("c-{at:07}");
    }
    entries
}

impl Maker {
    fn one_in(&mut self, times: u64) -> bool {
        self.dice.below(times) == 0
    }

    fn percent(&mut self, percent: u64) -> bool {
        self.dice.below(100) < percent
    }

    fn of<'t>(&mut self, list: &[&'t str]) -> &'t str {
        list[self.dice.below(list.len() as u64) as usize]
    }

    fn surname(&mut self) -> char {
        let mut at = self.dice.below(1000);
        for (surname, thousandths) in COMMON {
            if at < thousandths {
                return surname;
            }
            at -= thousandths;
        }
        self.others[self.dice.below(self.others.len() as u64) as usize]
    }

    /// The first characters of the list come most often.
    fn character(&mut self) -> char {
        let count = self.given.len() as u64;
        let at = self.dice.below(count).min(self.dice.below(count));
        self.given[at as usize]
    }

    fn given(&mut self) -> String {
        let count = if self.percent(25) { 1 } else { 2 };
        (0..count).map(|_| self.character()).collect()
    }

    fn phone(&mut self) -> String {
        const STARTS: [&str; 12] =
            ["130", "133", "135", "136", "137", "138", "139", "150", "158", "177", "186", "189"];
        if self.percent(6) {
            return format!(
                "+852{}{:07}",
                [5, 6, 9][self.dice.below(3) as usize],
                self.dice.below(10_000_000)
            );
        }
        format!("+86{}{:08}", self.of(&STARTS), self.dice.below(100_000_000))
    }

    fn address(&mut self) -> String {
        let (city, road) = (self.of(&CITIES), self.of(&ROADS));
        format!(
            "{city}{road}{}号{}室",
            1 + self.dice.below(400),
            101 + self.dice.below(30) * 100 + self.dice.below(8)
        )
    }

    fn human(&mut self) -> Human {
        let latin = self.percent(6);
        let (family, given) = if latin {
            (self.of(&LATIN_FAMILY).to_owned(), self.of(&LATIN_GIVEN).to_owned())
        } else {
            (self.surname().to_string(), self.given())
        };
        let mut human = Human {
            family,
            given,
            latin,
            phone: self.phone(),
            email: String::new(),
            wechat: String::new(),
            born: Day::of(1945, 1, 1).unwrap().add_days(self.dice.below(16_000) as i64),
            address: self.address(),
        };
        self.name_online(&mut human);
        human
    }

    /// Addresses and ids that are made of the name, as most are.
    fn name_online(&mut self, human: &mut Human) {
        let name = Name::of(&human.name()).unwrap();
        let (family, given) = (name.family(), name.given());
        let number = self.dice.below(1000);
        let mailbox = match self.dice.below(4) {
            0 => format!("{given}.{family}"),
            1 => format!("{family}{given}{}", human.born.year() % 100),
            2 => format!("{given}{number}"),
            _ => format!("{}", 10_000_000 + self.dice.below(2_000_000_000)),
        };
        let host = self.of(&["qq.com", "163.com", "gmail.com", "126.com", "outlook.com"]);
        human.email = format!("{mailbox}@{host}");
        while !self.taken.insert(human.email.clone()) {
            human.email = format!("{mailbox}{}@{host}", self.dice.below(10_000));
        }
        human.wechat = if self.percent(50) {
            format!("wxid_{:012x}", self.dice.below(1 << 48))
        } else {
            format!("{given}_{number}{}", self.dice.below(1000))
        };
    }

    /// One person alone, or a family: they live together, and some have one phone between them. A few are twins.
    fn household(&mut self) -> Vec<Human> {
        let first = self.human();
        let mut all = vec![first];
        if !self.percent(35) {
            return all;
        }
        let share_phone = self.percent(if self.kind == Kind::Easy { 30 } else { 55 });
        let members = 1 + self.dice.below(3);
        for at in 0..members {
            let mut other = self.human();
            let first = &all[0];
            other.address.clone_from(&first.address);
            if at > 0 {
                // Children.
                (other.family, other.latin) = (first.family.clone(), first.latin);
                other.born = first.born.add_days(8_000 + self.dice.below(5_000) as i64);
                if other.latin {
                    other.given = self.of(&LATIN_GIVEN).to_owned();
                } else if !other.given.chars().all(|c| c as u32 >= 0x4e00) {
                    other.given = self.given();
                }
                self.name_online(&mut other);
            }
            if share_phone {
                other.phone.clone_from(&all[0].phone);
            }
            all.push(other);
        }
        if all.len() > 3 && self.percent(15) {
            // Twins, who in many families have a character in common.
            let (elder, born) = (all[2].given.clone(), all[2].born);
            let common = elder.chars().next().filter(|c| *c as u32 >= 0x4e00);
            let last = self.character();
            let twin = &mut all[3];
            twin.born = born;
            if let Some(common) = common {
                twin.given = [common, last].into_iter().collect();
            }
        }
        // Two of one name in a household are not made up here.
        all.sort_by(|a, b| a.given.cmp(&b.given));
        all.dedup_by(|a, b| a.given == b.given);
        all
    }

    fn entry(&mut self, human: &Human, person: u32) -> Entry {
        let [phone, born, email, wechat, address] =
            if self.kind == Kind::Easy { [100, 90, 40, 30, 60] } else { [90, 50, 15, 12, 30] };
        let name = self.name(human);
        let mut some =
            |percent: u64, text: &str| if self.percent(percent) { text.to_owned() } else { String::new() };
        let mut entry = Entry {
            person,
            name,
            phone: some(phone, &human.phone),
            email: some(email, &human.email),
            wechat: some(wechat, &human.wechat),
            address: some(address, &human.address),
            ..Entry::default()
        };
        entry.birthday = self.percent(born).then(|| self.birthday(human.born));
        entry
    }

    /// Most birthdays are solar with the year; older people keep the lunar one.
    fn birthday(&mut self, born: Day) -> Anniversary {
        let (year, month, day) = born.civil();
        let lunar = LunarDate::of(born).unwrap();
        let old = born.year() < 1970;
        match self.dice.below(20) {
            0..=1 => Anniversary::solar(None, month as u8, day as u8).unwrap(),
            2..=5 if old => lunar.anniversary(),
            6 if old => {
                Anniversary::lunar(None, lunar.month(), lunar.is_leap(), lunar.day_of_month()).unwrap()
            }
            _ => Anniversary::solar(Some(year as i16), month as u8, day as u8).unwrap(),
        }
    }

    /// Most Chinese names are written in characters, some in pinyin.
    fn name(&mut self, human: &Human) -> String {
        if !human.latin && self.percent(10) { self.pinyin(human) } else { human.name() }
    }

    fn pinyin(&mut self, human: &Human) -> String {
        let name = Name::of(&human.name()).unwrap();
        let capital = |text: String| {
            let mut letters = text.chars();
            letters
                .next()
                .map(|first| first.to_uppercase().collect::<String>() + letters.as_str())
                .unwrap_or_default()
        };
        format!("{} {}", capital(name.family()), capital(name.given()))
    }

    // ── What goes wrong ──────────────────────────────────────────────────────────────────────────────────────────────────

    /// Another entry that shares something with the first but the name: of others nobody could tell.
    fn again(&mut self, human: &Human, person: u32, first: &Entry) -> Entry {
        loop {
            let entry = self.typed_again(human, person);
            let same = |text: fn(&Entry) -> &str| !text(&entry).is_empty() && text(&entry) == text(first);
            let born = |entry: &Entry| entry.birthday.filter(|date| date.parts().0.is_some());
            let same_birthday = born(&entry).is_some() && born(&entry) == born(first);
            let nothing = [first, &entry].iter().any(|entry| {
                born(entry).is_none()
                    && entry.phone.is_empty()
                    && entry.email.is_empty()
                    && entry.wechat.is_empty()
            });
            let shares =
                same(|entry| &entry.phone) || same(|entry| &entry.email) || same(|entry| &entry.wechat);
            if same_birthday || shares || nothing && self.one_in(4) {
                return entry;
            }
        }
    }

    fn typed_again(&mut self, human: &Human, person: u32) -> Entry {
        let mut entry = self.entry(human, person);
        let count = if self.kind == Kind::Easy { 1 } else { 2 + self.dice.below(2) };
        for _ in 0..count {
            match self.dice.below(12) {
                0..=1 => entry.phone = if entry.phone.is_empty() { String::new() } else { self.phone() },
                2 => entry.phone = self.slipped_digit(&entry.phone),
                3..=5 => entry.name = self.slipped_name(human),
                6 => entry.name = self.swapped(human),
                7 => entry.birthday = self.slipped_day(entry.birthday),
                8 => entry.email = self.slipped_letter(&entry.email),
                9 => entry.address = self.address(),
                10 => entry.birthday = None,
                _ if self.kind == Kind::Hard => entry.phone.clear(),
                _ => entry.name = self.swapped(human),
            }
        }
        entry
    }

    fn slipped_digit(&mut self, phone: &str) -> String {
        let mut digits: Vec<char> = phone.chars().collect();
        if digits.len() < 8 {
            return phone.to_owned();
        }
        let at = 4 + self.dice.below(digits.len() as u64 - 5) as usize;
        if self.percent(40) && digits[at] != digits[at + 1] {
            digits.swap(at, at + 1);
        } else {
            let other = (digits[at].to_digit(10).unwrap() + 1 + self.dice.below(9) as u32) % 10;
            digits[at] = char::from_digit(other, 10).unwrap();
        }
        digits.into_iter().collect()
    }

    fn slipped_letter(&mut self, text: &str) -> String {
        let mut letters: Vec<char> = text.chars().collect();
        if letters.len() < 5 {
            return text.to_owned();
        }
        let at = 1 + self.dice.below(letters.len() as u64 - 2) as usize;
        match self.dice.below(4) {
            0 => letters.swap(at, at - 1),
            1 => drop(letters.remove(at)),
            2 => letters.insert(at, letters[at]),
            _ => letters[at] = (b'a' + self.dice.below(26) as u8) as char,
        }
        letters.into_iter().collect()
    }

    /// Another character of the same sound, a character left out, pinyin with a letter off, or pinyin.
    fn slipped_name(&mut self, human: &Human) -> String {
        if human.latin {
            return match self.dice.below(3) {
                0 => format!("{}. {}", human.given.chars().next().unwrap(), human.family),
                _ => self.slipped_letter(&human.name()),
            };
        }
        match self.dice.below(5) {
            0..=1 => self.same_sound(human),
            2 if human.given.chars().count() == 2 => {
                let keep = self.dice.below(2) as usize;
                format!("{}{}", human.family, human.given.chars().nth(keep).unwrap())
            }
            3 => self.pinyin(human),
            _ => {
                let pinyin = self.pinyin(human);
                self.slipped_letter(&pinyin)
            }
        }
    }

    fn same_sound(&mut self, human: &Human) -> String {
        let mut given: Vec<char> = human.given.chars().collect();
        let at = self.dice.below(given.len() as u64) as usize;
        let sound = |c: char| Name::of(&format!("王{c}")).map(|name| name.given());
        let wanted = sound(given[at]);
        let like: Vec<char> =
            self.given.iter().copied().filter(|c| *c != given[at] && sound(*c) == wanted).collect();
        if like.is_empty() {
            return self.pinyin(human);
        }
        given[at] = like[self.dice.below(like.len() as u64) as usize];
        format!("{}{}", human.family, given.into_iter().collect::<String>())
    }

    fn swapped(&mut self, human: &Human) -> String {
        let written = if human.latin { human.name() } else { self.pinyin(human) };
        let mut words: Vec<&str> = written.split(' ').collect();
        words.reverse();
        words.join(" ")
    }

    fn slipped_day(&mut self, birthday: Option<Anniversary>) -> Option<Anniversary> {
        let (year, month, _, day) = birthday.filter(|date| !date.is_lunar())?.parts();
        let (month, day) = match self.dice.below(3) {
            0 if day <= 12 => (day, month),
            1 => (month % 12 + 1, day),
            _ => (month, day % 28 + 1),
        };
        Anniversary::solar(year, month, day).ok().or(birthday)
    }
}

impl Human {
    fn name(&self) -> String {
        if self.latin {
            format!("{} {}", self.given, self.family)
        } else {
            format!("{}{}", self.family, self.given)
        }
    }
}
