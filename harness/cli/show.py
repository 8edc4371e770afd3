"""`rembench show`."""

def show() -> None:
    """Show."""
