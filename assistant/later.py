"""An assistant that loads in the background while the page is already up."""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any

from assistant.errors import ThamKhaoError
from assistant.interface import unexpected

if TYPE_CHECKING:
    from assistant.api import Assistant


class Later:
    """The shipped article's assistant while it loads: whoever uses it waits until it is there."""

    def __init__(self) -> None:
        """Promise an assistant; `start` loads it."""
        self._loading: Future[Assistant] = Future()

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401
        """Return the assistant's own attribute, or raise what kept it from loading."""
        return getattr(self._loading.result(), name)

    def start(self, warm: Callable[["Assistant"], None], stop: Callable[[], None]) -> None:
        """Load in a thread of its own and `warm` it up; call `stop` when that fails."""

        def load() -> None:
            try:
                from assistant.api import Assistant

                bot = Assistant()
                warm(bot)
                self._loading.set_result(bot)
            except Exception as error:  # told by whoever waits, and by `check`
                self._loading.set_exception(error if isinstance(error, ThamKhaoError) else unexpected(error))
                stop()

        threading.Thread(target=load, name="assistant", daemon=True).start()

    def check(self) -> None:
        """Raise what kept the assistant from loading, if anything did."""
        if self._loading.done():
            self._loading.result()
