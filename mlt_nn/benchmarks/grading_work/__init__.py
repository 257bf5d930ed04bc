"""The work of the benchmarks `grading` and `attacks`: six exercises with three checks each, in the form of each grader."""
