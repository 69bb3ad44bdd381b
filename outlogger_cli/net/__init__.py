"""The network: the only package that opens connections."""
