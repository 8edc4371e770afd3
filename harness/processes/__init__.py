"""Programs that the harness starts, and that can't outlive it."""
