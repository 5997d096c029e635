"""18: random diagrams and random paths through them, with what was saved reloaded before every step."""

from __future__ import annotations

from support import token_graphs, token_walks
from torture.trial import Trial

DIAGRAMS, PATHS = 2, 20
"""In one trial: one diagram of blocks, one without structure; and the paths through each."""


def reloaded_at_every_step(trial: Trial) -> int:
    """R, H, L: the engine stands where the plain token game stands, saved and reloaded without a difference."""
    reloads = 0
    for number, seed in enumerate(trial.rng.sample(range(10**9), DIAGRAMS)):
        try:
            reloads += (token_graphs if number % 2 else token_walks).trial(seed, PATHS)
        except AssertionError as wrong:
            trial.broken(f"R: {wrong or f'seed {seed}: saving, loading and saving made a difference'}")
    return reloads
