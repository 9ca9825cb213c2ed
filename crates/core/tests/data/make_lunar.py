"""Makes lunar.txt, the table that the calendar is held to, from sxtwl (an independent computation of the Chinese calendar).

    pip install sxtwl==2.0.7
    python make_lunar.py > lunar.txt

A line for each lunar year: the year, its New Year's Day (month-day of the civil calendar), the month after which a leap month
comes (0 for none), the lengths of its months in order (0 for 29 days, 1 for 30), and the day of Qingming in the civil year.
"""

from datetime import date, timedelta

import sxtwl

QINGMING = 7  # sxtwl counts the 24 solar terms from the winter solstice


def main() -> None:
    years: dict[int, list] = {year: [] for year in range(1900, 2100)}
    qingming: dict[int, date] = {}
    day = date(1900, 1, 1)
    while day <= date(2100, 3, 1):
        lunar = sxtwl.fromSolar(day.year, day.month, day.day)
        if lunar.hasJieQi() and lunar.getJieQi() == QINGMING:
            qingming[day.year] = day
        months = years.get(lunar.getLunarYear())
        if months is not None:
            month = (lunar.getLunarMonth(), bool(lunar.isLunarLeap()))
            if not months or months[-1][0] != month:
                months.append([month, day, 0])
            months[-1][2] += 1
            assert months[-1][2] == lunar.getLunarDay(), day
        day += timedelta(days=1)
    for year, months in years.items():
        names = [month for month, _, _ in months]
        leap = next((number for number, is_leap in names if is_leap), 0)
        expected = [(number, is_leap) for number in range(1, 13) for is_leap in ((False, True) if number == leap else (False,))]
        assert names == expected and all(length in (29, 30) for _, _, length in months), year
        lengths = "".join(str(length - 29) for _, _, length in months)
        print(year, months[0][1].strftime("%m-%d"), leap, lengths, qingming[year].strftime("%m-%d"))


main()
