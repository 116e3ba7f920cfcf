"""What every reading of settings raises."""


class SettingsError(Exception):
    """A variable can not be what it is; one line names it, the value and what is allowed."""
