"""Scenarios: the reader, the checks, packs, and what each night hands over."""
