"""Notices: what somebody must be told, whether it was, and when it is over."""
