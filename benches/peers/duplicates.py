"""How well and how fast rapidfuzz with blocking and splink find duplicates, beside parure, on the same sets and cores in one run.

    cargo build --release -p parure-bench --bin finding
    target/peers/venv/bin/pip install -r benches/peers/requirements-duplicates.txt
    target/peers/venv/bin/python benches/peers/duplicates.py target/peers/duplicates

Each peer gets what parure works out first: names in pinyin, family and given name apart, lunar birthdays with a year as solar ones. Of each
the threshold that is best for it on the set is taken (it is told the truth for this); parure's is its default. splink is trained twice: by
expectation maximisation, as one would, and on the truth. Its best way counts.
"""

import argparse
import logging
import subprocess
import time
from collections import defaultdict
from itertools import combinations
from pathlib import Path

import pandas as pd
import splink.comparison_level_library as cll
import splink.comparison_library as cl
from rapidfuzz.distance import DamerauLevenshtein, JaroWinkler
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

BINARY = "target/release/finding"
# Larger blocks are left out by rapidfuzz's blocking.
LARGEST = 300


def read(folder: Path, name: str) -> pd.DataFrame:
    table = pd.read_csv(folder / f"{name}.tsv", sep="\t", dtype=str, keep_default_na=False)
    table["place"] = table["place"].astype(int)
    # None, not a number that is none.
    return table.astype(object).where(table != "", None)


def true_pairs(table: pd.DataFrame) -> set[tuple[int, int]]:
    groups = table.groupby("person")["place"]
    return {pair for _, places in groups if len(places) > 1 for pair in combinations(sorted(places), 2)}


def scored(found: list[tuple[float, int, int]], truth: set, least: float | None = None) -> tuple[float, float, float, float]:
    """Precision, recall, F1 and threshold: the given one, or the best."""
    best = (0.0, 0.0, 0.0, 0.0)
    right = 0
    found = sorted(found, reverse=True)
    for count, (score, a, b) in enumerate(found, 1):
        if least is not None and score < least:
            break
        right += (min(a, b), max(a, b)) in truth
        last_of_score = count == len(found) or found[count][0] != score
        precision, recall = right / count, right / len(truth)
        f1 = 2 * precision * recall / (precision + recall) if right else 0.0
        if last_of_score and (least is not None or f1 > best[2]):
            best = (precision, recall, f1, score)
    return best


# ── parure ───────────────────────────────────────────────────────────────────────────────────────────────────────────────


def parure(folder: Path, name: str) -> tuple[float, list]:
    lines = (folder / f"{name}.pairs.tsv").read_text().splitlines()
    seconds = float(lines[0].split()[-1])
    rows = (line.split("\t") for line in lines[1:])
    return seconds, [(int(score), int(a), int(b)) for a, b, score in rows]


# ── rapidfuzz ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def blocks(table: pd.DataFrame) -> set[tuple[int, int]]:
    members = defaultdict(list)
    for row in table.itertuples():
        for key in (row.phone, row.email, row.wechat, row.spelt, row.solar and len(row.solar) > 5 and row.solar):
            if key:
                members[key].append(row.Index)
        if row.day and row.family:
            members[row.family, row.day].append(row.Index)
        if row.day and row.given:
            members[row.given, row.day].append(row.Index)
        if row.phone and row.family:
            members[row.family, row.phone[-4:]].append(row.Index)
    return {pair for block in members.values() if len(block) <= LARGEST for pair in combinations(block, 2)}


def rapidfuzz(table: pd.DataFrame) -> tuple[float, list]:
    start = time.perf_counter()
    rows = {row.Index: row for row in table.itertuples()}
    found = []
    for one, other in blocks(table):
        a, b = rows[one], rows[other]
        parts = []
        if a.spelt and b.spelt:
            turned = (a.given or "") + (a.family or "")
            name = max(
                JaroWinkler.similarity(a.spelt, b.spelt),
                JaroWinkler.similarity(turned, b.spelt),
                JaroWinkler.similarity(a.name, b.name),
            )
            parts.append((4, name))
        if a.phone and b.phone:
            parts.append((3, {0: 1.0, 1: 0.8}.get(DamerauLevenshtein.distance(a.phone, b.phone, score_cutoff=1), 0.0)))
        if a.solar and b.solar:
            whole = 1.0 if a.solar == b.solar else 0.9 if a.day == b.day else 0.0
            parts.append((3, whole or 0.6 * (DamerauLevenshtein.distance(a.solar, b.solar) == 1)))
        if a.email and b.email:
            parts.append((2, JaroWinkler.similarity(a.email, b.email) if a.email != b.email else 1.0))
        if a.wechat and b.wechat:
            parts.append((2, float(a.wechat == b.wechat)))
        if a.address and b.address:
            parts.append((1, float(a.address == b.address)))
        weight = sum(weight for weight, _ in parts)
        # What is not known counts a little against a pair, or a name alone would be a whole match.
        found.append((round(sum(weight * alike for weight, alike in parts) / (weight + 2), 4), a.place, b.place))
    return time.perf_counter() - start, found


# ── splink ───────────────────────────────────────────────────────────────────────────────────────────────────────────────


def levels(column: str, *more, rare: bool = True) -> cl.CustomComparison:
    exact = cll.ExactMatchLevel(column, term_frequency_adjustments=rare)
    return cl.CustomComparison(
        output_column_name=column, comparison_levels=[cll.NullLevel(column), exact, *more, cll.ElseLevel()]
    )


def splink(table: pd.DataFrame, labelled: bool) -> tuple[float, list]:
    logging.getLogger("splink").setLevel(logging.ERROR)
    start = time.perf_counter()
    turned = "spelt_l = concat(given_r, family_r) or spelt_r = concat(given_l, family_l)"
    given = "family_l = family_r and jaro_winkler_similarity(given_l, given_r) > 0.85"
    only_family = "family_l = family_r"
    written = cl.CustomComparison(
        output_column_name="called",
        comparison_levels=[
            cll.NullLevel("spelt"),
            cll.ExactMatchLevel("name", term_frequency_adjustments=True),
            cll.ExactMatchLevel("spelt", term_frequency_adjustments=True),
            cll.CustomLevel(turned, "turned"),
            cll.JaroWinklerLevel("spelt", 0.93),
            cll.CustomLevel(given, "given nearly"),
            cll.CustomLevel(only_family, "family only"),
            cll.JaroWinklerLevel("spelt", 0.8),
            cll.ElseLevel(),
        ],
    )
    born = cl.CustomComparison(
        output_column_name="born",
        comparison_levels=[
            cll.NullLevel("day"),
            cll.ExactMatchLevel("solar", term_frequency_adjustments=True),
            cll.ExactMatchLevel("day"),
            cll.DamerauLevenshteinLevel("solar", 1),
            cll.ElseLevel(),
        ],
    )
    settings = SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="place",
        comparisons=[
            written,
            born,
            levels("phone", cll.DamerauLevenshteinLevel("phone", 1)),
            levels("email", cll.JaroWinklerLevel("email", 0.92)),
            levels("wechat"),
            levels("address"),
        ],
        blocking_rules_to_generate_predictions=[
            block_on("phone"),
            block_on("email"),
            block_on("wechat"),
            block_on("solar"),
            block_on("spelt", "day"),
            block_on("family", "day"),
            block_on("given", "day"),
            block_on("family", "substr(phone, -4)"),
            block_on("spelt", "address"),
            block_on("name"),
        ],
    )
    api = DuckDBAPI()
    api._con.execute("set threads = 1")
    linker = Linker(api.register(table, dataset_display_name="people"), settings)
    training = linker.training
    rules = [block_on("spelt", "phone"), block_on("spelt", "solar"), block_on("email", "spelt")]
    training.estimate_probability_two_random_records_match(rules, recall=0.6)
    training.estimate_u_using_random_sampling(max_pairs=2e6, seed=1)
    if labelled:
        training.estimate_m_from_label_column("person")
    else:
        for rule in (block_on("phone"), block_on("spelt", "day"), block_on("solar")):
            training.estimate_parameters_using_expectation_maximisation(rule)
    predicted = linker.inference.predict(threshold_match_probability=0.01)
    pairs = predicted.as_pandas_dataframe()[["match_weight", "place_l", "place_r"]]
    seconds = time.perf_counter() - start
    return seconds, [(round(weight, 3), int(a), int(b)) for weight, a, b in pairs.itertuples(index=False)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=2026)
    arguments = parser.parse_args()
    made = ["--people", str(arguments.people), "--seed", str(arguments.seed), "--write", str(arguments.folder)]
    subprocess.run([BINARY, "--only", "duplicates", *made], check=True)
    print(f"\n{'set':<6}{'':<28}{'seconds':>9}{'precision':>11}{'recall':>9}{'F1':>8}{'threshold':>11}", flush=True)
    for name in ("easy", "hard"):
        table = read(arguments.folder, name)
        truth = true_pairs(table)
        ways = [
            ("parure", lambda: parure(arguments.folder, name), 500),
            ("rapidfuzz, blocked", lambda: rapidfuzz(table), None),
            ("splink, by itself", lambda: splink(table, False), None),
            ("splink, trained on the truth", lambda: splink(table, True), None),
        ]
        for way, run, least in ways:
            seconds, found = run()
            precision, recall, f1, threshold = scored(found, truth, least)
            print(f"{name:<6}{way:<28}{seconds:>9.2f}{precision:>11.3f}{recall:>9.3f}{f1:>8.3f}{threshold:>11.3f}", flush=True)


if __name__ == "__main__":
    main()
