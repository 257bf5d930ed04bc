"""The commands of those who teach and maintain, one file for each."""
