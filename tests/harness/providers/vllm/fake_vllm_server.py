"""Plays `python -m vllm.entrypoints.openai.api_server` for the tests: standard library only.

`fake_vllm.install` puts it where that is. The variable FAKE_VLLM_FOLDER names a folder in which it notes its
pid, arguments and environment; FAKE_VLLM holds what's odd about it: `late=SECONDS` until it's healthy, `dies`
at the start, `dies-later` at the first question, `deaf` to SIGTERM, `parent` of another process that's deaf.
"""

import json
import os
import signal
import subprocess
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

ODD = os.environ.get("FAKE_VLLM", "").split()
FOLDER = Path(os.environ["FAKE_VLLM_FOLDER"])
KEY = os.environ.get("VLLM_API_KEY", "")
BEGUN = time.monotonic()
LATE = max([float(word[5:]) for word in ODD if word.startswith("late=")], default=0.0)
_DEAF = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)"


def note(name, text):
    made = FOLDER / f"{name}.new"
    made.write_text(text)
    made.rename(FOLDER / name)


def say(line):
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def argument(name):
    return sys.argv[sys.argv.index(name) + 1]


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self, status, body):
        raw = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def is_known(self):
        if self.headers.get("authorization") == f"Bearer {KEY}":
            return True
        self.answer(401, {"error": "Unauthorized"})
        return False

    def do_GET(self):
        if self.path == "/health":
            self.answer(200 if time.monotonic() - BEGUN >= LATE else 503, {})
        elif self.is_known():
            self.answer(200, {"object": "list", "data": [{"id": argument("--served-model-name")}]})

    def do_POST(self):
        asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
        if not self.is_known():
            return
        if "dies-later" in ODD:
            say("torch.OutOfMemoryError: no memory left")
            os._exit(1)
        message = {"role": "assistant", "content": json.dumps({"seed": asked.get("seed"), "files": []})}
        self.answer(
            200,
            {
                "id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": asked["model"],
                "choices": [{"index": 0, "finish_reason": "stop", "message": message}],
                "usage": {
                    "prompt_tokens": 20, "completion_tokens": 5, "total_tokens": 25,
                    "prompt_tokens_details": {"cached_tokens": 8},
                },
            },
        )  # fmt: skip

    def log_message(self, *_):
        pass


def main():
    with (FOLDER / "starts").open("a") as file:
        file.write(f"{os.getpid()}\n")
    note("arguments", json.dumps(sys.argv[1:]))
    note("environment", json.dumps(dict(os.environ)))
    if "dies" in ODD:
        say(f"(EngineCore pid=7) ERROR 11-21 15:04:10 [core.py:1] ValueError: no such model, key {KEY}")
        say("see the traceback above")
        sys.exit(1)
    if "deaf" in ODD:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    if "parent" in ODD:
        child = subprocess.Popen([sys.executable, "-c", _DEAF])
        note("child", str(child.pid))
    note("server", str(os.getpid()))
    ThreadingHTTPServer(("127.0.0.1", int(argument("--port"))), Handler).serve_forever()


if __name__ == "__main__":
    main()
