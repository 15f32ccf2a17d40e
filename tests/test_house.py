"""How the house is built: light to import, one way through, no fact of an article in code."""

import ast
import json
import re
import subprocess
import sys
from pathlib import Path

import assistant
from assistant import settings
from assistant.prompts import load

ROOT = Path(__file__).resolve().parent.parent
MODULES = {p.stem: p.read_text(encoding="utf-8") for p in sorted((ROOT / "assistant").glob("*.py"))}
EDGES = {"page", "server", "cli", "adapters", "doctor", "later", "guard", "routes", "wire", "failures", "tools"}


def imports_of(source, *, lazy):
    tree = ast.parse(source)
    nodes = ast.walk(tree) if lazy else iter(tree.body)
    for node in nodes:
        if isinstance(node, ast.ImportFrom) and node.module == "assistant":
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("assistant."):
            yield node.module.split(".")[1]


def test_imports_go_one_way():
    graph = {name: {i for i in imports_of(source, lazy=False) if i in MODULES} for name, source in MODULES.items()}
    graph.pop("__init__")
    done: list[str] = []
    while len(done) < len(graph):
        ready = [n for n, needs in graph.items() if n not in done and needs <= {*done, "__init__"}]
        assert ready, f"these import each other: {sorted(set(graph) - set(done))}"
        done.extend(ready)


def test_nothing_imports_the_interfaces_but_interfaces():
    for name, source in MODULES.items():
        if name not in EDGES | {"api"}:
            assert not EDGES & set(imports_of(source, lazy=True)), name


def fresh(code):
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True).stdout


def test_the_import_is_light():
    loaded = fresh("import sys, assistant; print(*sys.modules)").split()
    assert not {"torch", "gradio", "numpy", "faiss", "langchain_core", "pythainlp"} & set(loaded)


def test_an_answer_needs_neither_torch_nor_gradio():
    code = "import sys; from assistant import Assistant; Assistant().ask('ประชุมที่ไหน'); print(*sys.modules)"
    assert not {"torch", "gradio", "sentence_transformers", "langchain_core"} & set(fresh(code).split())


def test_no_fact_of_the_shipped_article_is_in_code():
    folder = ROOT / "index" / "articles" / "thai-vietnam-meeting"
    entries = json.loads((folder / "article.glossary.json").read_text(encoding="utf-8"))
    own = [f for e in entries if e["kind"] in ("person", "organisation", "place") for f in (*e["th"], *e["en"])]
    own += ["17 ก.ย.", "16 ก.ย.", "2560", "2563", "16 September", "17 September"]
    general = {"thai", "thailand", "vietnam", "vietnamese", "viet nam", "ไทย", "ประเทศไทย", "เวียดนาม"}
    general |= {"ประเทศเวียดนาม", "asean", "united nations", "the united nations", "สหประชาชาติ", "อาเซียน"}
    general |= {"ยูเอ็น", "พม.", "thai government"}
    facts = [f for f in own if f.lower() not in general and len(f) > 3]
    for name, source in {**MODULES, "app": (ROOT / "app.py").read_text(encoding="utf-8")}.items():
        found = [f for f in facts if re.search(rf"(?<![a-zA-Z]){re.escape(f)}(?![a-zA-Z])", source)]
        assert not found, f"{name}.py names {found}"


def test_no_pickle_and_nothing_like_it():
    for name, source in MODULES.items():
        assert not re.search(
            r"\bpickle\b|\bjoblib\b|\bdill\b|torch\.load|yaml\.load|\beval\(|\bexec\(|allow_dangerous|load_local|langchain_community",
            source,
        ), name


def test_sentences_are_the_same_in_both_languages():
    for name in ("answers.json", "suggestions.json", "interface.json", "files.json"):
        assert load(name)["th"].keys() == load(name)["en"].keys()


def test_the_public_door_is_sorted_and_opens():
    assert assistant.__all__ == sorted(assistant.__all__, key=lambda n: (n[0].islower(), n))
    assert all(getattr(assistant, name) for name in assistant.__all__)


def test_every_setting_stands_in_the_readme():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for row in settings.SETTINGS:
        assert f"`{row.name}`" in readme
        assert row.why in readme


def test_a_file_holds_one_idea():
    long = {name: source.count("\n") for name, source in MODULES.items() if source.count("\n") > 350}
    assert not long
