"""Tools for AI agents over standard input and output, by the Model Context Protocol."""
