"""`python -m rembench` is the `rembench` command."""

from rembench.harness.cli import main

if __name__ == "__main__":
    main()
