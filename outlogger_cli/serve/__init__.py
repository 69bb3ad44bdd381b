"""The server of `outlogger serve`; it alone loads Starlette, Uvicorn and icalendar."""
