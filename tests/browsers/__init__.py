"""Which browsers are here, and the visitor that uses one."""
