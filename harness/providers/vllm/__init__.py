"""Models that vLLM runs: its server, or its engine in this process."""
