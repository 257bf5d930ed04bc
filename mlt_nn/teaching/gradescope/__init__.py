"""Gradescope: the autograder that it runs, and the results that it reads."""
