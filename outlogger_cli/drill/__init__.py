"""Rehearsals: status pages served on loopback."""
