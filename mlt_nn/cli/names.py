"""What a person may call a notebook: "02_activations", "02" or "2"."""

from mlt_nn.cli import UsageError
from mlt_nn.support.catalogue import NOTEBOOKS


def is_notebook(name):
    """Whether the name is meant to be that of a notebook: it begins with a digit, which no exercise does."""
    return name[:1].isdigit()


def notebook_named(name):
    """The full name of a notebook.

    Raises:
        UsageError: when there is no such notebook; it lists them.

    Example:
        >>> notebook_named("2"), notebook_named("02_activations")
        ('02_activations', '02_activations')
    """
    for full in NOTEBOOKS:
        number = full.partition("_")[0]
        if name == full or (name.isdigit() and int(name) == int(number)):
            return full
    raise UsageError(f"there is no notebook {name!r}; the notebooks are: {', '.join(NOTEBOOKS)}")
