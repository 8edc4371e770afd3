"""OpenAI's chat completions and responses, as OpenAI's own service or a compatible server has them."""
