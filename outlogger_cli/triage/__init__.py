"""Whose failure is it? Finds the vendors that a log names in what failed, and concludes.

    text -> lines -> evidence -> named vendors; judged vendors + evidence -> conclusion

Everything here is pure. Logs hold secrets, so that nothing of a line's text leaves the package:
evidence is the number of a line and the entry of a table.
"""
