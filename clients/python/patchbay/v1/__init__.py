"""Messages and stubs, generated from proto/patchbay/v1."""
