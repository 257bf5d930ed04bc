"""For those who teach: never handed out. Nothing outside of this folder imports it."""
