"""What a file must be to be graded, so that `check` says of it what `grade` does."""

MANIFEST = "manifest.json"
"""What `submit` puts beside the files."""

MAX_MODULE = 500_000
MAX_LINES = 10_000


def problem(data):
    """Why a file with these bytes is not graded, as the rest of a sentence about it; "" when it is.

    >>> problem(b"# M\\xfcller")
    'is not text in UTF-8 (byte 3): save it as UTF-8'
    """
    if wrong := too_large(data):
        return wrong
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        # Python itself lets such bytes pass in a comment, or where the first line says what they are.
        return f"is not text in UTF-8 (byte {error.start}): save it as UTF-8"
    return ""


def too_large(data):
    """The same, of its size alone."""
    if len(data) > MAX_MODULE:
        return f"is larger than {MAX_MODULE // 1000} kB"
    # Each is looked at again and again by whoever explains or shows the file.
    if len(data.splitlines()) > MAX_LINES:
        return f"has more than {MAX_LINES} lines"
    return ""
