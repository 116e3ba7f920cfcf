"""Each feature is explained, in a few words and on the page of the docs."""

import re

import numpy as np
import pytest

from iotmock.judge.features.features import features
from iotmock.judge.piece import Cut, Piece
from iotmock.judge.verdict.meanings import MEANINGS
from tests.judge.pieces import WEEK, week
from tests.repository import ROOT

PAGE = (ROOT / "docs/explanation/realism.md").read_text(encoding="utf-8")
_SPANS = {"q05", "q25", "q50", "q75", "q95", "acf_4h", "acf_12h"}
"""Within `q01` … `q99` and `acf_1h` … `acf_24h`."""
OF_DAYS = features(Piece(np.arange(1.0, 289.0), 300.0, Cut.DAY))
EVERY = sorted({*features(week(np.arange(1.0, 1.0 + WEEK))), *OF_DAYS})


@pytest.mark.parametrize("name", EVERY)
def test_each_feature_is_explained(name: str) -> None:
    assert name in MEANINGS
    assert name in _SPANS or f"`{name}`" in PAGE


def test_nothing_is_explained_that_is_no_feature() -> None:
    assert set(MEANINGS) == set(EVERY)
    assert all(re.fullmatch(r"[\x20-\x7e]{5,60}", said) for said in MEANINGS.values())
