"""`.env` as docs/reference/configuration.md describes it."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis.strategies import characters, text

from iotmock.files.dotenv import DotenvError, parse_dotenv

LINES = [
    ("A=1", "1"),
    ("  export A = 1 ", "1"),
    ("A=", ""),
    ("A=''", ""),
    ("A=pa$$word${HOME}$(id)`id`", "pa$$word${HOME}$(id)`id`"),
    ("A='pa$$word${HOME}'", "pa$$word${HOME}"),
    ('A="pa$$word${HOME}"', "pa$$word${HOME}"),
    ("A=one two", "one two"),
    ("A=one # two", "one"),
    ("A=one#two", "one#two"),
    ("A=#one", "#one"),
    ("A= # one", ""),
    ("A='one # two' # three", "one # two"),
    ('A="one"# two', "one"),
    (r"A='it\'s'", "it's"),
    (r'A="say \"yes\""', 'say "yes"'),
    (r"A='C:\new\\'", "C:\\new\\"),
    (r'A="a\nb\tc\\d\x"', "a\nb\tc\\d\\x"),
    (r"A=C:\new", r"C:\new"),
    ("A=it's", "it's"),
    ('A=say "yes"', 'say "yes"'),
    ("A=a=b", "a=b"),
    ("A=caf\u00e9\u2028\u00a0", "caf\u00e9\u2028\u00a0"),
]


@pytest.mark.parametrize(("line", "value"), LINES)
@pytest.mark.parametrize("end", ["", "\n", "\r\n", "\r"])
def test_a_value_is_what_stands_there(line: str, value: str, end: str) -> None:
    assert parse_dotenv(f"# a comment{end or chr(10)}{end}{line}{end}")["A"] == value


@pytest.mark.parametrize(
    "line",
    [
        "hunter2",
        "A hunter2",
        "A: hunter2",
        "=hunter2",
        "A B=hunter2",
        "'A'=hunter2",
        "\ufeffA=hunter2",
        "\u00a0A=hunter2",
        "1A=hunter2",
        "$A=hunter2",
        "\u00c4=hunter2",
        "A='hunter2",
        'A="hunter2',
        "A='hunter2\\'",
        "A='hunter2' more",
        "A='hun'ter2'",
        'A="hun"ter2"',
        "A='hunter2\nB=1'",
    ],
)
def test_a_malformed_line_is_named_by_its_number_and_never_quoted(line: str) -> None:
    with pytest.raises(DotenvError, match=r"^line 3 ") as caught:
        parse_dotenv(f"B=1\r\n\n{line}\nC=2\n")
    assert "hun" not in str(caught.value)


def test_a_mark_between_two_files_that_were_put_together_is_named() -> None:
    with pytest.raises(DotenvError, match=r"^line 2 has a byte order mark"):
        parse_dotenv("A=1\n\ufeffB=2\n")


def test_a_name_may_have_points_and_hyphens() -> None:
    assert parse_dotenv("_a.B-9=1") == {"_a.B-9": "1"}


def test_of_a_name_that_is_there_twice_the_last_counts() -> None:
    assert parse_dotenv("A=1\nB=2\nA=3") == {"A": "3", "B": "2"}


ANYTHING = text(characters(exclude_characters="\r\n\0", exclude_categories=["Cs"]))


@given(ANYTHING)
def test_whatever_is_quoted_with_its_quotes_escaped_is_kept(value: str) -> None:
    for quote in "'\"":
        inside = value.replace("\\", "\\\\").replace(quote, f"\\{quote}")
        assert parse_dotenv(f"A={quote}{inside}{quote}") == {"A": value}


@given(ANYTHING)
def test_any_line_is_a_variable_or_an_error(line: str) -> None:
    with suppress(DotenvError):
        assert len(parse_dotenv(line)) <= 1
