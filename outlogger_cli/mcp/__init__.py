"""What AI agents ask for: tools over standard input and output, by the Model Context Protocol."""
