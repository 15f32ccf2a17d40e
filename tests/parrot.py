"""A fake assistant whose every word is hostile, for what shows its answers."""

from assistant.errors import InputError
from assistant.records import Answer, Article, Block, Citation, Fact, Manner

HOSTILE = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<img src=http://127.0.0.1:9/t.png>",
    "![x](http://127.0.0.1:9/i.png)",
    "<form action=http://127.0.0.1:9><input><button>go</button></form>",
    "<div style='position:fixed;inset:0'>over</div>",
    "[a](javascript:alert(1))",
    "**bold** _it_ `code` # head",
    "http://127.0.0.1:9/auto",
    "&lt;b&gt; &amp;amp; &#60;",
    "$$x^2$$",
    "</p></div><iframe srcdoc='<b>'></iframe>",
)


class Parrot:
    """An assistant whose every word is hostile."""

    def __init__(self, words=HOSTILE):
        text = "\n".join(words)
        starts = [sum(len(word) + 1 for word in words[:i]) for i in range(len(words))]
        blocks = tuple(Block(i, "paragraph", s, s + len(w)) for i, (s, w) in enumerate(zip(starts, words, strict=True)))
        self.article = Article("parrot", words[0], text, blocks, publisher=words[1])
        self.articles = (self.article,)
        self.asked = []

    def ask(self, question, history=()):
        self.asked.append((question, tuple(history)))
        if question == "refuse":
            raise InputError("no")
        text, block = self.article.text, self.article.blocks[1]
        quote = Citation("parrot", text[block.start : block.end], block.start, block.end, 2, HOSTILE[0])
        return Answer(text, "en", "answered", "who", (quote,), 1.0, HOSTILE[:3])

    def facts(self, language="th", *, article=None):
        quote = self.ask("facts").citations[0]
        self.asked.pop()
        return [Fact(label, HOSTILE[0], quote) for label in ("who", "timeline")] + [Fact("where", "")]

    def manner(self, citation, language="th"):
        return Manner("said", HOSTILE[1])
