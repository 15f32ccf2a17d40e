"""Measure names across scripts: `python -m tests.names` prints a Markdown table.

The odd rows of `questions/names.tsv` (first, third, …) were used for tuning; the even ones are held out.
A tie with another name counts as a miss.
"""

from pathlib import Path

from assistant.names import SAME_NAME, similarity

FILE = Path(__file__).parent / "questions" / "names.tsv"
HALVES = ("tuning", "held out")


def rows():
    """Return (Thai name, its Latin spellings) for every row."""
    lines = FILE.read_text(encoding="utf-8").splitlines()
    return [(thai, latin.split("|")) for thai, _, latin in (line.partition("\t") for line in lines)]


def measure(match=similarity, threshold=SAME_NAME):
    """Return the shares of each half, by name of the measurement."""
    names = rows()
    spelt = [(number, s) for number, (_, spellings) in enumerate(names) for s in spellings]
    table = [[match(s, thai) for thai, _ in names] for _, s in spelt]
    own = [scores[number] for (number, _), scores in zip(spelt, table, strict=True)]
    other = [
        max(s for n, s in enumerate(scores) if n != number) for (number, _), scores in zip(spelt, table, strict=True)
    ]
    found = {}
    for half, name in enumerate(HALVES):
        mine = [k for k, (number, _) in enumerate(spelt) if number % 2 == half]
        thai = [number for number in range(len(names)) if number % 2 == half]
        strangers = [table[k][n] for k in mine for n in range(len(names)) if n != spelt[k][0]]
        found[name] = {
            "Latin to Thai, hit@1": share(own[k] > other[k] for k in mine),
            "Thai to Latin, hit@1": share(first(n, spelt, table) for n in thai),
            "own name accepted": share(own[k] >= threshold for k in mine),
            "other name accepted": share(s >= threshold for s in strangers),
            "any of the other names accepted": share(other[k] >= threshold for k in mine),
        }
    return found


def first(number, spelt, table):
    """True when the spelling nearest to a Thai name is one of its own, and no other name's is as near."""
    own = max(table[k][number] for k, (n, _) in enumerate(spelt) if n == number)
    return own > max(table[k][number] for k, (n, _) in enumerate(spelt) if n != number)


def share(flags):
    """Return which part of some flags is true."""
    known = list(flags)
    return sum(known) / len(known)


def main():
    """Print the table."""
    found = measure()
    print(f"{len(rows())} names, {sum(len(s) for _, s in rows())} spellings, threshold {SAME_NAME}\n")  # noqa: T201
    print("| share | " + " | ".join(HALVES) + " |\n| --- | --- | --- |")  # noqa: T201
    for key in found[HALVES[0]]:
        print(f"| {key} | " + " | ".join(f"{found[h][key]:.2%}" for h in HALVES) + " |")  # noqa: T201


if __name__ == "__main__":
    main()
