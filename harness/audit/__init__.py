"""Whether the scorer agrees with careful readers and behaves as a measure must: `rembench audit`."""
