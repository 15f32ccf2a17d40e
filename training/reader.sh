#!/bin/sh
# Train the reader and fit the trees that stand on it, from its sources; README.md says what the arguments are.
set -eu
if [ "$#" -ne 2 ]; then
    echo "usage: $0 DATA OUT" >&2
    exit 2
fi
here=$(cd "$(dirname "$0")" && pwd)
root=$(dirname "$here")
data=$1 out=$2
export PYTHAINLP_READ_ONLY=1 PYTHAINLP_OFFLINE=1 TOKENIZERS_PARALLELISM=false PYTHONPATH="$root:$here"
python=${PYTHON:-python3}
news="$data/thaigov-news-3000.jsonl.gz"
sets="$root/tests/questions"
mkdir -p "$out"

$python "$here/government.py" "$here/written/reading.jsonl" "$news" "$out/read"
$python "$here/government.py" "$here/written/ranking.jsonl" "$news" "$out/rank"
$python "$here/government.py" "$sets/government/questions.jsonl" "$news" "$out/held"
$python "$here/reader_examples.py" --english "$data/questions-en-th.tsv.gz" --out "$out/general.npz" \
    "$data/iapp-train.jsonl.gz"
$python "$here/reader_examples.py" --out "$out/news.npz" "$out"/read/*.jsonl
$python "$here/reader_train.py" --encoder "$root/index/encoder" --general "$out/general.npz" --news "$out/news.npz" \
    --minutes "${MINUTES:-45}" --out "$root/index/reader"
tuning="trade football crash interns tigress election raid lunch visit train shipped.th shipped.en"
# shellcheck disable=SC2086
set -- $(for name in $tuning; do echo "$sets/$name.jsonl"; done) "$out"/rank/*.jsonl "$here"/written/articles/*.jsonl \
    $(sed 's/.*"item": "\([0-9a-f]*\)".*/\1/' "$sets/government/questions.jsonl" | uniq | head -n 7 |
        while read -r item; do echo "$out/held/$item.jsonl"; done)
$python "$here/claims.py" --out "$root/assistant/data/claims.json" "$@"
$python "$here/ranker.py" --out "$root/assistant/data/ranker.json" "$@"
