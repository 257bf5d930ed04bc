"""The pages that are given back: one for each student, one for the class."""
