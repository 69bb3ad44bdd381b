"""Suggestions for a word that is unknown."""

import pytest

from outlogger_cli.domain.similar import closest, did_you_mean


@pytest.mark.parametrize(
    ("word", "near"),
    [
        ("githb", ["GitHub"]),
        ("GITLAB", ["gitlab"]),
        ("slack", ["Slack"]),
        ("strict", []),
        ("qzxv", []),
        ("", []),
    ],
)
def test_the_most_similar_words_come_first_in_any_case(word: str, near: list[str]) -> None:
    assert closest(word, ["Slack", "gitlab", "GitHub", "sort", "utc"]) == near


def test_no_more_are_suggested_than_asked_for() -> None:
    words = ["word1", "word2", "word3", "word4"]
    assert (len(closest("word", words)), len(closest("word", words, 1))) == (3, 1)


def test_the_hint_ends_a_sentence() -> None:
    assert did_you_mean(["one", "two"]) == ": did you mean one or two?"
    assert did_you_mean(["one"], otherwise="see --help", separator=", ") == ", did you mean one?"


def test_without_similar_words_there_is_another_hint_or_none() -> None:
    assert did_you_mean([], otherwise="see --help") == ": see --help"
    assert did_you_mean([]) == ""
