"""Is it us, or is it one of our vendors? Status pages read, judged and shown."""

__version__ = "0.1.0"
