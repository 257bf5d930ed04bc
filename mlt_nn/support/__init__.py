"""What all rooms stand on: where things lie, which exercises there are, what is asked, and how files are written."""
