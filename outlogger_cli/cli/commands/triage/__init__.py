"""`outlogger triage`: whether a failure is a vendor's."""
