"""Now and then, one question about what went well."""
