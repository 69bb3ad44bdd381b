"""The figures of `outlogger report`: one module per format, and the words they share."""

FORMATS = ("table", "json", "csv", "markdown", "html")
"""The formats of `report`."""
