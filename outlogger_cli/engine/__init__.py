"""Vendors to outcomes: joins the network, the cache and the platforms."""
