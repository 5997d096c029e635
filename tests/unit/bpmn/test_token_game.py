"""Random diagrams on random paths: after every step, saved and reloaded, the engine stands where the token game does.

`ARSHJUL_TOKEN_WALKS=20000` tries more diagrams than the usual slice (never fewer than 60), `ARSHJUL_TOKEN_SEED` others.
The entry for other harnesses is `support.token_walks.trial(seed)`.
"""

import os
from collections.abc import Callable
from typing import Any

import pytest
from support import token_graphs, token_news, token_post, token_undoing
from support.bpmn_drawing import end, file, flows, gateway, start, user
from support.token_game import Game
from support.token_walks import trial

from arshjul.run_model import running
from engine.bpmn import BpmnError, Execution, catching, compensating, gateways, ledger, repeating, scopes, throwing

FEWEST = 60
"""With fewer diagrams the number of steps is chance, and proves little."""
WALKS = max(FEWEST, int(os.environ.get("ARSHJUL_TOKEN_WALKS", "150")))
FIRST = int(os.environ.get("ARSHJUL_TOKEN_SEED", "1"))


def test_random_diagrams_stand_where_the_token_game_does_after_every_step() -> None:
    steps = _many(WALKS)
    assert sum(steps) > 5 * WALKS, f"{WALKS} diagrams with only {sum(steps)} steps prove little"


def test_diagrams_without_structure_stand_where_the_token_game_does_after_every_step() -> None:
    assert sum(_many(WALKS // 3, token_graphs.trial)) > 3 * WALKS


def test_what_is_undone_is_what_the_token_game_undoes() -> None:
    assert sum(_many(WALKS // 3, token_undoing.trial)) > WALKS


def test_what_is_told_is_heard_where_the_token_game_hears_it() -> None:
    assert sum(_many(WALKS // 3, token_news.trial)) > 3 * WALKS


def test_messages_and_signals_between_instances_reach_whom_a_plain_reckoning_says() -> None:
    assert sum(_many(WALKS // 3, token_post.trial)) > WALKS


def test_undoing_in_another_order_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    flat = compensating.flat
    monkeypatch.setattr(compensating, "flat", lambda log, undo: flat(log[::-1], undo))
    with pytest.raises(AssertionError, match="seed"):
        _many(100, token_undoing.trial)


def test_a_token_that_is_about_to_come_round_is_found_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is let through an inclusive gateway may come back to it; here the gateway has forgotten it."""
    may_come = gateways.Inclusive._may_come

    def forgetful(self: Any, task: Any, to_empty: set[str], to_full: set[str]) -> bool:
        return task.task_spec is not self and may_come(self, task, to_empty, to_full)

    monkeypatch.setattr(gateways.Inclusive, "_may_come", forgetful)
    with pytest.raises(AssertionError, match="seed"):
        _many(200, token_graphs.trial)


def _many(count: int, play: Callable[[int], int] = trial) -> list[int]:
    return [play(seed) for seed in range(FIRST, FIRST + count)]


@pytest.mark.parametrize("planted", ["Parallel", "Inclusive"])
def test_a_join_that_opens_too_early_is_found(monkeypatch: pytest.MonkeyPatch, planted: str) -> None:
    """The game is a test of the engine only if it notices: here a join does not wait."""
    monkeypatch.setattr(getattr(gateways, planted), "_complete", lambda _self, _task, _arrived: True)
    with pytest.raises(AssertionError, match="seed"):
        _many(200)


PLANTED = {
    "a handler is not found": (throwing, "_starts", lambda _workflow: iter(())),
    "an edge is not found": (throwing, "_boundaries", lambda _task: iter(())),
    "a loop never ends": (repeating.Repeated, "_again", lambda _self, _task: True),
    "what races goes on": (catching, "is_event_based", lambda _task: False),
    "a handler does not interrupt": (catching.Armed, "_on_complete_hook", lambda _self, _task: None),
}


@pytest.mark.parametrize("planted", PLANTED)
def test_what_catches_repeats_and_races_is_found_when_it_is_wrong(
    monkeypatch: pytest.MonkeyPatch, planted: str
) -> None:
    owner, name, wrong = PLANTED[planted]
    monkeypatch.setattr(owner, name, wrong)
    with pytest.raises((AssertionError, BpmnError)):
        _many(300)


def _in_one_scope(top: Any, name: str) -> None:
    for task in scopes.live(top):
        index = task.task_spec.catches("signal", name, any_name=False) if hasattr(task.task_spec, "catches") else None
        if index is not None:
            catching.hear(task, index)


TOLD = {
    "a signal stays in its scope": (throwing, "signal", _in_one_scope),
    "what does not interrupt comes once": (catching, "arm_again", lambda _task: None),
    "a message is lost": (ledger.Ledger, "send", lambda _self, _name: None),
    "a signal does not leave": (ledger.Ledger, "signal", lambda _self, _name: None),
    "one of two events is enough": (catching.Catching, "every", property(lambda _self: False, lambda *_: None)),
    "nobody looks at a condition": (Execution, "_condition_came_true", lambda _self: False),
}


@pytest.mark.parametrize("planted", TOLD)
def test_what_is_told_is_found_when_it_is_told_wrong(monkeypatch: pytest.MonkeyPatch, planted: str) -> None:
    owner, name, wrong = TOLD[planted]
    monkeypatch.setattr(owner, name, wrong, raising=False)
    with pytest.raises(AssertionError, match="seed"):
        _many(300, token_news.trial)


WRITTEN = {
    "the newest letter goes first": ("_deliver", lambda self: self.messages.reverse() or DELIVER(self)),
    "a signal is heard by nobody": ("_signal", lambda _self, _name, _sender: None),
    "nobody reads whom it is for": ("_note", lambda self, instance, _sender="": NOTE(self, instance)),
}
DELIVER, NOTE = running.Runner._deliver, running.Runner._note


@pytest.mark.parametrize("planted", WRITTEN)
def test_letters_that_go_astray_between_instances_are_found(monkeypatch: pytest.MonkeyPatch, planted: str) -> None:
    monkeypatch.setattr(running.Runner, *WRITTEN[planted])
    with pytest.raises(AssertionError, match="seed"):
        _many(300, token_post.trial)


def test_the_game_plays_a_parallel_block_as_the_standard_says() -> None:
    """The oracle by hand, so that it is not only compared with what it judges."""
    xml = file(start(), gateway("parallel", "f"), user("a", "b", "c"), gateway("parallel", "j"), end(),
               flows("s -> f -> a -> j", "f -> b -> j -> c -> e"))  # fmt: skip
    game = Game(xml, bool)
    assert sorted(game.waits) == ["a", "b"]
    game.step("a")
    assert sorted(game.waits) == ["b"]
    game.step("b")
    assert (sorted(game.waits), game.done) == (["c"], False)
    game.step("c")
    assert game.done
