// A consolidator that's a program: JSON in on stdin, JSON out on stdout. preferences.py is the same in Python.
//
// rembench run -c "command:run=node examples/command/preferences.js"
// rembench run -c "command:run=node examples/command/preferences.js 'prefer|never'"
//
// It keeps the store, and what the user says they like, want or avoid.

const fs = require("fs");

const PATH = "user/preferences.md";

// The whole new memory: the old one with tonight's preferences added.
function consolidate(night, pattern) {
  const kept = (night.memory[PATH] ?? "").split("\n").filter((line) => line);
  for (const session of night.sessions) {
    for (const message of session.messages) {
      for (const sentence of message.content.split(/(?<=[.!?])\s+/)) {
        const line = `- ${session.at.slice(0, 10)}: ${sentence.trim().split(/\s+/).join(" ")}`;
        if (message.role === "user" && pattern.test(sentence) && !kept.includes(line)) {
          kept.push(line);
        }
      }
    }
  }
  const memory = { ...night.memory };
  if (kept.length) {
    memory[PATH] = kept.join("\n") + "\n";
  }
  return memory;
}

const words = process.argv[2] ?? "prefer|like|love|hate|want|always|never";
const night = JSON.parse(fs.readFileSync(0, "utf8"));
const answer =
  night.schema === 1
    ? { memory: consolidate(night, new RegExp(`\\b(?:${words})`, "i")), usage: { calls: 0, usd: 0 } }
    : { error: { type: "invalid_output", message: `written for schema 1, this is ${night.schema}` } };
process.stdout.write(JSON.stringify(answer));
