"""What stands before the API: the log of calls, faults on demand, limits, metering."""
