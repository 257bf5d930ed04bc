"""What takes how long: measurements that a maintainer starts, one file each, for `mlt-nn bench`."""
