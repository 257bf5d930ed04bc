"""A class made up, of which it is known who copied from whom."""
