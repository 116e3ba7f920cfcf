"""What every reading of settings raises."""

from iotmock.wording.quoted import one_line


class SettingsError(Exception):
    """A variable can not be what it is; one line names it, the value and what is allowed."""

    def __init__(self, sentence: str) -> None:
        super().__init__(one_line(sentence))
