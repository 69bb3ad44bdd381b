"""The network: the only package that opens connections, and the only one that knows httpx."""
