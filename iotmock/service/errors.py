"""What goes wrong before the service serves, beside its settings and its files."""


class ServiceError(Exception):
    """The service can not start, and what to do."""
