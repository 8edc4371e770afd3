"""Anthropic's managed agents: stores, memories, agents, environments, sessions and dreams."""
