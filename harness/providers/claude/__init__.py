"""Claude behind Anthropic's Messages: asked by itself or in batches, paid for, with caching that hits."""
