"""Which submissions are alike, and in what: a page to look at, never a verdict."""
