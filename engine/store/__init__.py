"""Tables and SQL, one file per noun. The only code that knows the database."""
