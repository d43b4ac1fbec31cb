"""The store: everything that must survive a crash. `Database.write(function, ...)` runs one of
the functions of these modules in a transaction; each takes the connection first."""
