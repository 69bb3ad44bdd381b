"""Drills: simulated status pages, served on loopback."""
