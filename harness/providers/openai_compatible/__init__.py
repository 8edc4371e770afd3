"""Models behind OpenAI's chat completions, or behind a server that speaks like it."""
