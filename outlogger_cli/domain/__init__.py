"""The core: what a status page says, what that comes to, and the errors. Pure computation."""
