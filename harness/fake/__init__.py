"""A local stand-in for the Anthropic and OpenAI services, with state: `rembench.testing` is its public door.

`service.py` is the server, `family.py` what a family of routes is, `families.py` the list of them.
"""
