"""18: a random diagram and a random path through it, with what was saved reloaded before every step."""

from __future__ import annotations

from support import token_graphs, token_walks
from torture.trial import Trial

DIAGRAMS = 20
"""In one trial, every other without structure."""


def reloaded_at_every_step(trial: Trial) -> int:
    """R, H, L: the engine stands where the plain token game stands, saved and reloaded without a difference."""
    reloads = 0
    for seed in trial.rng.sample(range(10**9), DIAGRAMS):
        try:
            reloads += (token_graphs if seed % 2 else token_walks).trial(seed)
        except AssertionError as wrong:
            trial.broken(f"R: {wrong or f'seed {seed}: saving, loading and saving made a difference'}")
    return reloads
