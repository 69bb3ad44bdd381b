"""What several platforms read in the same way."""
