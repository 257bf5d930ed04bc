"""Submissions graded, shut in: one after another, by public and hidden checks."""
