"""A headless Chromium driven over its debugging socket: just what the page tests need, without another package."""

import base64
import contextlib
import itertools
import json
import shutil
import subprocess
import tempfile
import time
import urllib.request
from pathlib import Path

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


class Browser:
    """One page; `events` keeps every message of the network, the console and the dialogs."""

    def __init__(self, width=1440, height=900, language="en-US", theme="light"):
        from websockets.sync.client import connect

        with contextlib.ExitStack() as stack:
            folder = stack.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True))
            process = subprocess.Popen(
                [
                    CHROMIUM,
                    "--headless",
                    "--no-sandbox",
                    "--disable-gpu",
                    "--disable-background-networking",
                    "--no-first-run",
                    "--remote-debugging-port=0",
                    "--remote-allow-origins=*",
                    f"--user-data-dir={folder}",
                    f"--accept-lang={language}",
                    "about:blank",
                ],
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            stack.callback(process.wait, 20)
            stack.callback(process.terminate)
            told = Path(folder) / "DevToolsActivePort"
            until(lambda: told.is_file() and told.read_text().count("\n") >= 1, 30)
            port = told.read_text().split("\n")[0]
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/json", timeout=10) as found:
                page = next(target for target in json.load(found) if target["type"] == "page")
            self._socket = stack.enter_context(connect(page["webSocketDebuggerUrl"], max_size=None))
            self._stack = stack.pop_all()
        self._numbers = itertools.count(1)
        self.events = []
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.call(f"{domain}.enable")
        self.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": theme}])
        self.call(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 500
        )

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._stack.close()

    def call(self, method, **params):
        number = next(self._numbers)
        self._socket.send(json.dumps({"id": number, "method": method, "params": params}))
        while True:
            message = json.loads(self._socket.recv(timeout=60))
            if message.get("id") == number:
                return message.get("result", message)
            self.events.append(message)

    def js(self, expression):
        return self.call("Runtime.evaluate", expression=expression, returnByValue=True)["result"].get("value")

    def wait(self, expression, seconds=60):
        until(lambda: self.js(f"Boolean({expression})"), seconds)

    def open(self, address):
        self.call("Page.navigate", url=address)
        self.wait("document.querySelector('#tk-question textarea') && document.querySelector('#tk-article .tk-par')")

    def ask(self, question):
        before = self.js("document.querySelectorAll('#tk-log .tk-answer').length")
        self.js("document.querySelector('#tk-question textarea').focus()")
        self.call("Input.insertText", text=question)
        for kind, text in (("keyDown", "\r"), ("keyUp", "")):
            self.call(
                "Input.dispatchKeyEvent", type=kind, key="Enter", code="Enter", windowsVirtualKeyCode=13, text=text
            )
        self.wait(f"document.querySelectorAll('#tk-log .tk-answer').length > {before}")

    def upload(self, selector, path):
        root = self.call("DOM.getDocument")["root"]["nodeId"]
        node = self.call("DOM.querySelector", nodeId=root, selector=selector)["nodeId"]
        self.call("DOM.setFileInputFiles", files=[str(path)], nodeId=node)

    def picture(self, path):
        Path(path).write_bytes(base64.b64decode(self.call("Page.captureScreenshot", format="png")["data"]))

    def requests(self):
        return [
            event["params"]["request"]["url"] for event in self.events if event["method"] == "Network.requestWillBeSent"
        ]

    def errors(self):
        found = [
            event["params"]["entry"]["text"]
            for event in self.events
            if event["method"] == "Log.entryAdded" and event["params"]["entry"]["level"] == "error"
        ]
        return found + [
            event["params"]
            for event in self.events
            if event["method"] in ("Runtime.exceptionThrown", "Page.javascriptDialogOpening")
        ]


def until(true, seconds):
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)
