"""What changed since the last round, and who is notified of it."""
