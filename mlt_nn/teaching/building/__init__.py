"""For maintainers: what is generated from its one source. Stubs from `solutions/`, notebooks from `course/source/`."""
