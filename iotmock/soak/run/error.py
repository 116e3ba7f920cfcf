"""Why a run does not come about."""


class SoakError(Exception):
    """The environment is not right: what is missing, and what to do. Exit code 2."""
