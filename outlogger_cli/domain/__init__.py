"""The core: the values read from status pages, the rules that judge them, and the errors. Pure."""
