//! Someone who is forgotten: what she did, and what was told of her.

pub(crate) const PROGRAM: &str = r#"
edition   = 2026
name      = "Atelier 玉和"
effective = 2026-01-01
currency  = "CNY"
time_zone = "Asia/Shanghai"
[[earn]]
id     = "standard"
points = 1
per    = "10.00"
[[bonus]]
id       = "birthday-month"
when     = 'customer.birthday.month == day.month || "couple" in customer.tags'
multiply = "2"
[[tier]]
id = "member"
[[tier]]
id    = "gold"
reach = { spend = "3000", within = "12 months" }
[[coupon]]
id           = "off"
off          = "10.00"
transferable = true
"#;

/// What was told of her, in every kind of fact that holds a text of hers.
pub(crate) const TOLD: [&str; 8] = [
    "zhang-13800138000",
    "online-yqj",
    "1987-11-03",
    "tag-qwx",
    "reason-vkj",
    "name-hgk",
    "13972228888",
    "piece-krt",
];

pub(crate) const HISTORY: [&str; 16] = [
    r#"{"id":"j-1","at":"2026-01-01T10:00:00+08:00","customer":"zhang-13800138000","joined":{"birthday":"1987-11-03","tags":["tag-qwx","couple"]}}"#,
    r#"{"id":"j-2","at":"2026-01-01T10:00:00+08:00","customer":"online-yqj","joined":{"birthday":"1987-11-03"}}"#,
    r#"{"id":"j-3","at":"2026-01-01T10:00:00+08:00","customer":"mei","joined":{"tags":["watches"]}}"#,
    r#"{"id":"p-1","at":"2026-02-01T10:00:00+08:00","customer":"zhang-13800138000","purchased":{"lines":[{"id":"1","amount":"1000.00"}]}}"#,
    r#"{"id":"p-2","at":"2026-02-02T10:00:00+08:00","customer":"online-yqj","purchased":{"lines":[{"id":"1","piece":"piece-krt","amount":"500.00"}]}}"#,
    r#"{"id":"p-3","at":"2026-02-03T10:00:00+08:00","customer":"mei","purchased":{"lines":[{"id":"1","amount":"800.00"}]}}"#,
    r#"{"id":"r-1","at":"2026-02-10T10:00:00+08:00","customer":"zhang-13800138000","returned":{"purchase":"p-1","lines":[{"id":"1","quantity":"0","amount":"100.00"}]}}"#,
    r#"{"id":"a-1","at":"2026-03-01T10:00:00+08:00","customer":"zhang-13800138000","adjusted":{"points":300,"reason":"reason-vkj"}}"#,
    r#"{"id":"tg-1","at":"2026-03-02T10:00:00+08:00","customer":"online-yqj","tier_granted":{"tier":"gold","reason":"reason-vkj","last_day":"2026-12-31"}}"#,
    r#"{"id":"x-1","at":"2026-03-03T10:00:00+08:00","customer":"zhang-13800138000","redeemed":{"points":50,"reward":"tote-bag"}}"#,
    r#"{"id":"m-1","at":"2026-03-04T10:00:00+08:00","customer":"online-yqj","merged":{"into":"zhang-13800138000"}}"#,
    r#"{"id":"t-1","at":"2026-03-05T10:00:00+08:00","customer":"online-yqj","profile_changed":{"birthday":"1987-11-03","name":"name-hgk","phones":["+8613972228888"],"tags":["tag-qwx","couple"]}}"#,
    r#"{"id":"g-1","at":"2026-03-06T10:00:00+08:00","customer":"mei","given":{"to":"online-yqj","points":30}}"#,
    r#"{"id":"k-1","at":"2026-03-06T10:00:00+08:00","customer":"mei","issued":{"coupon":"off"}}"#,
    r#"{"id":"kt-1","at":"2026-03-07T10:00:00+08:00","customer":"mei","coupon_transferred":{"coupon":"k-1","to":"online-yqj"}}"#,
    // Late: what others were awarded is corrected.
    r#"{"id":"p-0","at":"2026-01-15T10:00:00+08:00","customer":"online-yqj","purchased":{"lines":[{"id":"1","amount":"4000.00"}]}}"#,
];
