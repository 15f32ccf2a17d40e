"""A day's normal form in words, in both calendars: `?-05-01` is 1 May of a year that is not stated."""

import re

from assistant.dates import BUDDHIST_OFFSET, MONTHS_EN, MONTHS_TH
from assistant.interface import say
from assistant.records import Language

_ISO = re.compile(r"(?P<year>\d{4}|\?)(?:-(?P<month>\d\d|\?)(?:-(?P<day>\d\d|\?))?)?(?:T(?P<time>[\d:]+))?$")


def day_name(iso: str, language: Language) -> str:
    """Return the words for a normal form: a day, a month, a year, or the two ends of a span; "" for none of these."""
    ends = [_ISO.match(part) for part in iso.split("/")]
    if not all(ends):
        return ""
    years = list(dict.fromkeys(int(e["year"]) for e in ends if e and e["year"] != "?"))
    days = "–".join(dict.fromkeys(day for e in ends if e and (day := _without_year(e, language))))
    times = " – ".join(dict.fromkeys(e["time"] for e in ends if e and e["time"]))
    if not years:
        named = say(language, "day_no_year", day=days) if days else ""
    else:
        common = "–".join(map(str, years))
        buddhist = "–".join(str(year + BUDDHIST_OFFSET) for year in years)
        named = say(language, "day_in_year", day=days, common=common, buddhist=buddhist).strip()
    return f"{named} {say(language, 'day_time', time=times)}" if times and named else named


def _without_year(found: re.Match[str], language: Language) -> str:
    if found["month"] in (None, "?"):
        return ""
    month = (MONTHS_TH if language == "th" else MONTHS_EN)[int(found["month"]) - 1]
    return month if found["day"] in (None, "?") else f"{int(found['day'])} {month}"
