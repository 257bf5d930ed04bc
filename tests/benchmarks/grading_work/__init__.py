"""The work of the benchmarks `grading` and `attacks`: six exercises with three checks each, in each grader's form."""
