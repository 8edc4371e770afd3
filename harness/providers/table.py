"""The providers that come with rembench, by name: where the class of each is, as `package.module:Name`."""

TABLE: dict[str, str] = {
    "anthropic": "rembench.harness.providers.claude.messages:ClaudeMessages",
    "openai": "rembench.harness.providers.openai_compatible.chat:OpenAIChat",
    "vllm": "rembench.harness.providers.vllm.chat:Vllm",
}
