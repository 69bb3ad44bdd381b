"""The full-screen view of `watch`: needs Textual, and knows nothing of command lines."""
