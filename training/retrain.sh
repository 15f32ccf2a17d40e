#!/bin/sh
# Train the Thai-English encoder from its sources; README.md says what the arguments are.
set -eu
if [ "$#" -ne 5 ]; then
    echo "usage: $0 TEACHER DATA CORPUS WORDNET OUT" >&2
    exit 2
fi
here=$(cd "$(dirname "$0")" && pwd)
teacher=$1 data=$2 corpus=$3 wordnet=$4 out=$5
export PYTHAINLP_READ_ONLY=1 PYTHAINLP_OFFLINE=1 TOKENIZERS_PARALLELISM=false
python=${PYTHON:-python3}
# shellcheck disable=SC2086
set -- ${MINUTES:-8 32}
mkdir -p "$out"
echo "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db  $teacher/model.safetensors" | sha256sum -c -

common="--teacher $teacher --data $data --corpus $corpus --wordnet $wordnet --pairs $out/pairs"
common="$common --lexicon $here/../assistant/data/lexicon.tsv $here/common_words.tsv"
train="$python $here/train.py $common --cache $out/teacher.npz"
# shellcheck disable=SC2086
{
    $python "$here/sentences.py" --data "$data" --out "$out/pairs/translations.tsv"
    $python "$here/build.py" $common --out "$out/A"
    $train --start "$out/A" --out "$out/B" --minutes "$1" --train thai
    $train --start "$out/B" --out "$out/model" --minutes "$2" --train all --passages 0.7 --average
}
$python "$here/evaluate.py" --model "$out/model" --data "$data" --out "$out/results.json"
