"""The names of `rembench.harness.providers.provider`, where they were before."""

from rembench.harness.providers.provider import Provider, Reply, Request

__all__ = ["Provider", "Reply", "Request"]
