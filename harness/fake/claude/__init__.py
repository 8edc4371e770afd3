"""Anthropic's Messages and Message Batches."""
