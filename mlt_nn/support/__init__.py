"""What all rooms stand on: where things lie, which exercises there are, and files that are written whole."""
