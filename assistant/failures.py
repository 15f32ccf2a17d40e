"""The one shape of every refusal over HTTP: status, code, and a sentence with the remedy in both languages."""

import json
from typing import Any

from assistant.errors import ThamKhaoError, spoken
from assistant.interface import clean, say
from assistant.records import Language

MARK = "http_"  # the keys of `prompts/interface.json` that are codes of refusals


class Failure(Exception):
    """A request that cannot be served; `code` names its sentence."""

    def __init__(self, status: int, code: str, *, because: str = "", **values: object) -> None:
        """Keep what it takes to say it in either language; `because` names the sentence that fills {reason}."""
        super().__init__(code)
        self.status = status
        self.code = code
        self.because = because
        self.values: dict[str, object] = {
            k: v if isinstance(v, ThamKhaoError) else clean(str(v)) for k, v in values.items()
        }

    def sentence(self, language: Language) -> str:
        """Return why, with the remedy."""
        values = spoken(self.values, language)
        if self.because:
            values["reason"] = say(language, MARK + self.because, **values)
        return say(language, MARK + self.code, **values)

    def to_dict(self) -> dict[str, Any]:
        """Return `{"error": {"status", "code", "message", "message_th"}}`."""
        return {
            "error": {
                "status": self.status,
                "code": self.code,
                "message": self.sentence("en"),
                "message_th": self.sentence("th"),
            }
        }

    def to_bytes(self) -> bytes:
        """Return the body of the response, JSON in UTF-8."""
        return json.dumps(self.to_dict(), ensure_ascii=False).encode()

    def headers(self) -> dict[str, str]:
        """Return the headers that go with the status."""
        if self.status == 401:
            return {"www-authenticate": 'Basic realm="Tham Khao", charset="UTF-8"'}
        if self.status in (429, 503):
            return {"retry-after": str(self.values.get("seconds", 1))}
        return {}
