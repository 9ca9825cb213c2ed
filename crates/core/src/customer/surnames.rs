//! Chinese surnames that are read otherwise than the same character elsewhere, and those of two characters.
//!
//! The readings are those of 现代汉语词典 (marked 姓). Where two are in use, or where people who don't know the name read it as they would elsewhere,
//! the other reading finds it too: `name` adds the ordinary one.

/// By surname: how it is read. Simplified and traditional.
const READ_OTHERWISE: [(char, &str); 42] = [
    ('单', "shan"),
    ('單', "shan"),
    ('曾', "zeng"),
    ('仇', "qiu"),
    ('解', "xie"),
    ('查', "zha"),
    ('区', "ou"),
    ('區', "ou"),
    ('翟', "zhai"),
    ('盖', "ge"),
    ('蓋', "ge"),
    ('乐', "yue"),
    ('樂', "yue"),
    ('朴', "piao"),
    ('覃', "qin"),
    ('缪', "miao"),
    ('繆', "miao"),
    ('牟', "mu"),
    ('员', "yun"),
    ('員', "yun"),
    ('召', "shao"),
    ('卜', "bu"),
    ('薄', "bo"),
    ('折', "she"),
    ('黑', "he"),
    ('秘', "bi"),
    ('种', "chong"),
    ('繁', "po"),
    ('祭', "zhai"),
    ('阚', "kan"),
    ('洗', "xian"),
    ('句', "gou"),
    ('佴', "nai"),
    ('郗', "chi"),
    ('隗', "wei"),
    ('适', "kuo"),
    ('宓', "fu"),
    ('能', "nai"),
    ('乜', "nie"),
    ('郇', "xun"),
    ('谌', "shen"),
    ('諶', "shen"),
];

/// Of two characters, each with its reading.
const DOUBLE: [(&str, [&str; 2]); 62] = [
    ("欧阳", ["ou", "yang"]),
    ("歐陽", ["ou", "yang"]),
    ("尉迟", ["yu", "chi"]),
    ("尉遲", ["yu", "chi"]),
    ("万俟", ["mo", "qi"]),
    ("萬俟", ["mo", "qi"]),
    ("长孙", ["zhang", "sun"]),
    ("長孫", ["zhang", "sun"]),
    ("澹台", ["tan", "tai"]),
    ("澹臺", ["tan", "tai"]),
    ("单于", ["chan", "yu"]),
    ("單于", ["chan", "yu"]),
    ("令狐", ["ling", "hu"]),
    ("呼延", ["hu", "yan"]),
    ("皇甫", ["huang", "fu"]),
    ("上官", ["shang", "guan"]),
    ("司马", ["si", "ma"]),
    ("司馬", ["si", "ma"]),
    ("司徒", ["si", "tu"]),
    ("司空", ["si", "kong"]),
    ("诸葛", ["zhu", "ge"]),
    ("諸葛", ["zhu", "ge"]),
    ("夏侯", ["xia", "hou"]),
    ("东方", ["dong", "fang"]),
    ("東方", ["dong", "fang"]),
    ("东郭", ["dong", "guo"]),
    ("公孙", ["gong", "sun"]),
    ("公孫", ["gong", "sun"]),
    ("公羊", ["gong", "yang"]),
    ("公冶", ["gong", "ye"]),
    ("慕容", ["mu", "rong"]),
    ("宇文", ["yu", "wen"]),
    ("独孤", ["du", "gu"]),
    ("獨孤", ["du", "gu"]),
    ("南宫", ["nan", "gong"]),
    ("南宮", ["nan", "gong"]),
    ("西门", ["xi", "men"]),
    ("西門", ["xi", "men"]),
    ("轩辕", ["xuan", "yuan"]),
    ("軒轅", ["xuan", "yuan"]),
    ("钟离", ["zhong", "li"]),
    ("鍾離", ["zhong", "li"]),
    ("闾丘", ["lv", "qiu"]),
    ("濮阳", ["pu", "yang"]),
    ("濮陽", ["pu", "yang"]),
    ("淳于", ["chun", "yu"]),
    ("太史", ["tai", "shi"]),
    ("太叔", ["tai", "shu"]),
    ("申屠", ["shen", "tu"]),
    ("赫连", ["he", "lian"]),
    ("赫連", ["he", "lian"]),
    ("拓跋", ["tuo", "ba"]),
    ("端木", ["duan", "mu"]),
    ("鲜于", ["xian", "yu"]),
    ("鮮于", ["xian", "yu"]),
    ("百里", ["bai", "li"]),
    ("东门", ["dong", "men"]),
    ("左丘", ["zuo", "qiu"]),
    ("梁丘", ["liang", "qiu"]),
    ("纳兰", ["na", "lan"]),
    ("納蘭", ["na", "lan"]),
    ("第五", ["di", "wu"]),
];

/// The commonest surnames in pinyin, of which more than nine in ten Chinese have one.
const IN_PINYIN: &str = "bai bao cai cao chang chen cheng cui dai deng ding dong du duan fan fang feng fu gao ge gong gu guo han hao he hong hou hu \
    huang jia jiang jin kang kong lai lei li liang liao lin liu long lu luo lv lyu ma mao meng mo ni niu ouyang pan pang peng qi qian qiao qin qiu ren shao \
    shen shi shu song su sun tan tang tao tian tong tu wan wang wei wen weng wu xia xiang xiao xie xing xiong xu xue yan yang yao ye yi yin you yu \
    yuan yue zeng zhai zhan zhang zhao zheng zhong zhou zhu zhuang zou zuo";

/// Whether a word is a common Chinese surname in pinyin.
pub(super) fn in_pinyin(word: &str) -> bool {
    IN_PINYIN.split_whitespace().any(|known| known == word)
}

/// How a surname of one character is read, where the table knows better than the dictionary.
pub(super) fn read(surname: char) -> Option<&'static str> {
    READ_OTHERWISE.iter().find(|(known, _)| *known == surname).map(|(_, reading)| *reading)
}

/// How the surname of two characters that a name begins with is read.
pub(super) fn double(first: char, second: char) -> Option<[&'static str; 2]> {
    let is_it = |known: &str| known.chars().eq([first, second]);
    DOUBLE.iter().find(|(known, _)| is_it(known)).map(|(_, readings)| *readings)
}

#[cfg(test)]
mod tests {
    use super::{DOUBLE, READ_OTHERWISE};
    use pinyin::ToPinyin;

    /// A row that the dictionary makes needless, or one that is there twice, is a mistake.
    #[test]
    fn each_row_is_needed() {
        for (at, (surname, reading)) in READ_OTHERWISE.iter().enumerate() {
            assert_ne!(surname.to_pinyin().unwrap().plain(), *reading, "{surname}");
            assert!(READ_OTHERWISE[..at].iter().all(|(before, _)| before != surname), "{surname}");
        }
        for (at, (surname, _)) in DOUBLE.iter().enumerate() {
            assert!(surname.chars().count() == 2 && DOUBLE[..at].iter().all(|(before, _)| before != surname));
        }
    }
}
