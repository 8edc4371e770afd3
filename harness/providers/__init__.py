"""Models behind services, servers and libraries: one method, from a request to a reply."""
