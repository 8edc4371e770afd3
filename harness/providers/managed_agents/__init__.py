"""Anthropic's managed agents: memory stores, replayed sessions and dreams, and what's left of them."""
