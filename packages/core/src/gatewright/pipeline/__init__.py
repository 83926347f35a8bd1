"""Room 5: from a call to a reply. Guards, hooks, router, compiled programs, the OpenAPI document."""
