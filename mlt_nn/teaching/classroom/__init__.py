"""A whole class: hand out, collect, grade, give back."""
