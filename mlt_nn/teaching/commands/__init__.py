"""The commands of those who teach and maintain: `mlt-nn release`, `grade`, `build`, `bench`."""
