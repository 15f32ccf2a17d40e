"""The one shape of every refusal over HTTP: status, code, and a sentence with the remedy in both languages."""

import json
from typing import Any

from assistant.interface import clean, say

MARK = "http_"  # the keys of `prompts/interface.json` that are codes of refusals


class Failure(Exception):
    """A request that cannot be served; `code` names its sentence."""

    def __init__(self, status: int, code: str, **values: object) -> None:
        """Keep what it takes to say it in either language."""
        super().__init__(code)
        self.status = status
        self.code = code
        self.values = {k: clean(str(v)) for k, v in values.items()}

    def to_dict(self) -> dict[str, Any]:
        """Return `{"error": {"status", "code", "message", "message_th"}}`."""
        sentences = {language: say(language, MARK + self.code, **self.values) for language in ("en", "th")}
        return {
            "error": {
                "status": self.status,
                "code": self.code,
                "message": sentences["en"],
                "message_th": sentences["th"],
            }
        }

    def to_bytes(self) -> bytes:
        """Return the body of the response, JSON in UTF-8."""
        return json.dumps(self.to_dict(), ensure_ascii=False).encode()
