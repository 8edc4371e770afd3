"""A consolidator that's a program: JSON in on stdin, JSON out on stdout. preferences.js is the same for node.

rembench run -c "command:run=python3 examples/command/preferences.py"
rembench run -c "command:run=python3 examples/command/preferences.py --words 'prefer|never'"

It keeps the store, and what the user says they like, want or avoid. It doesn't need rembench to be installed.
"""

import argparse
import json
import re
import sys

PATH = "user/preferences.md"


def consolidate(night: dict, pattern: re.Pattern[str]) -> dict:
    """The whole new memory: the old one with tonight's preferences added."""
    kept = [line for line in night["memory"].get(PATH, "").split("\n") if line]
    for session in night["sessions"]:
        for message in session["messages"]:
            for sentence in re.split(r"(?<=[.!?])\s+", message["content"]):
                line = f"- {session['at'][:10]}: {' '.join(sentence.split())}"
                if message["role"] == "user" and pattern.search(sentence) and line not in kept:
                    kept.append(line)
    memory = dict(night["memory"])
    if kept:
        memory[PATH] = "\n".join(kept) + "\n"
    return memory


def main() -> None:
    """One night: read it, write the answer."""
    options = argparse.ArgumentParser()
    options.add_argument("--words", default="prefer|like|love|hate|want|always|never")
    night = json.load(sys.stdin)
    if night["schema"] != 1:
        error = {"type": "invalid_output", "message": f"written for schema 1, this is {night['schema']}"}
        json.dump({"error": error}, sys.stdout)
        return
    memory = consolidate(night, re.compile(rf"\b(?:{options.parse_args().words})", re.IGNORECASE))
    json.dump({"memory": memory, "usage": {"calls": 0, "usd": 0}}, sys.stdout)


main()
