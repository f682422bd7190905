"""Shares of a whole: the figures of holders, the groups that they fall into, and the table of both."""
