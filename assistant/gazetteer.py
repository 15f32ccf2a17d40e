"""Places that news speaks of, Thai with English: PyThaiNLP's provinces and countries, and `data/places.tsv`."""

from functools import lru_cache

from assistant.lexicon import rows


@lru_cache(maxsize=1)
def places() -> dict[str, tuple[str, str]]:
    """Return Thai place names with their English ("" when no table has it) and kind (country, city, province, …)."""
    from pythainlp.corpus import countries, provinces

    found = {str(name): ("", "country") for name in countries()}
    found.update({thai: (english, kind) for thai, english, kind in rows("places.tsv", 3)})
    found.update({p["name_th"]: (p["name_en"], "province") for p in provinces(details=True) if isinstance(p, dict)})
    return found
