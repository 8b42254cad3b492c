"""Best orders of delivery by a sweep over the lattice of delivered lots, last state first.

A state says how many lots of each obligation were delivered, none to all; states are numbered with the last
obligation running fastest. A step is a tranche: lots of one giver, one or many. All steps lead to higher
numbers, so that one pass from full delivery down settles every state (Bellman 1957). Arrays, and what they
hold (O obligations, P givers, N = prod(lots + 1) states):

- `lots` (O,): lots to be delivered; lots l of obligation o stand in row `starts[o] + l`.
- `held` (P, rows): what a giver's slack share falls by for so many lots delivered; a sum over obligations.
- Levels (T,): a giver `whose` and a chance of detection, with its slack share `room` at state 0; `bar` (T,):
  the least slack share that will do, in whole 1e-9ths.
- Places (C,), fewer than 65535: an obligation `what` of which a tranche of `level` may begin with a lot, or
  one under way take another, going on at place `after`, itself or an earlier one; or which it may pass by,
  going on at the next place. Past one that `ends` a row of them, the tranche is whole if that is `free`, and
  else is none. In a row obligations that need others stand first, so that each is judged by what was
  delivered before the tranche.
- Needs of obligation o, from `need_from[o]` to `need_from[o + 1]`: `need_lots` of `need_what` come before.
"""

from __future__ import annotations

import numpy as np
from numba import njit

NONE = np.uint16(65535)
NEVER = 2**30  # more tranches than any state has lots
WIDEST = np.int64(2**62)


@njit(cache=True)
def sums_from(first, held, starts, at, sums):
    """Sums over obligations of what givers' slack shares fall by, anew from obligation `first` on."""
    for o in range(first, len(at)):
        for p in range(len(held)):
            sums[o + 1, p] = sums[o, p] + held[p, starts[o] + at[o]]


@njit(cache=True)
def opened(at, lots, need_from, need_what, need_lots, open_):
    """Of which obligations a lot may be delivered in this state."""
    for o in range(len(at)):
        free = at[o] < lots[o]
        for n in range(need_from[o], need_from[o + 1]):
            free &= at[need_what[n]] >= need_lots[n]
        open_[o] = free


@njit(cache=True)
def quantised(share):
    """A share in whole 1e-9ths, halves to even as numpy rounds; kept within what can be counted."""
    return np.int64(np.rint(min(max(share, -4e9), 4e9) * 1e9))


@njit(cache=True)
def sweep(
    lots, starts, held, whose, room, bar, what, level, after, ends, free, need_from, need_what, need_lots,
    bundled, counted,
):  # fmt: skip
    """The best way from every state to full delivery.

    With `counted`, that is the one with fewest tranches and, of those, the one whose smallest slack share is
    largest; without, the latter alone. Unless `bundled`, each tranche is a single lot.

    Gives for state 0 the number of tranches (NEVER where there is no way; 0 where not counted) and the
    smallest slack share in whole 1e-9ths; and for every state the place where the next tranche begins (N,),
    NONE where there is no way, and at every place whether a tranche under way takes another lot
    (N, ceil(C / 8)), in bits.
    """
    obligations, places = len(lots), len(what)
    states = 1
    strides = np.ones(obligations, np.int64)
    for o in range(obligations - 1, -1, -1):
        strides[o] = states
        states *= lots[o] + 1
    # What a place was worth one lot of its obligation ahead: as many values as states lie between.
    begin = np.zeros(places + 1, np.int64)
    for c in range(places):
        begin[c + 1] = begin[c] + strides[what[c]]
    ahead_count = np.empty(begin[places], np.int32)
    ahead_width = np.empty(begin[places], np.int64)
    chosen = np.full(states, NONE, np.uint16)
    more = np.zeros((states, (places + 7) // 8), np.uint8)
    at, turn = lots.copy(), strides - 1
    sums = np.zeros((obligations + 1, len(held)))
    sums_from(0, held, starts, at, sums)
    open_ = np.zeros(obligations, np.bool_)
    slack = np.zeros(len(whose), np.int64)
    cost = 1 if counted else 0
    count, width = 0, WIDEST
    for state in range(states - 1, -1, -1):
        if state < states - 1:
            o = obligations - 1
            while at[o] == 0:
                at[o] = lots[o]
                o -= 1
            at[o] -= 1
            sums_from(o, held, starts, at, sums)
            count, width = NEVER, -WIDEST
        opened(at, lots, need_from, need_what, need_lots, open_)
        for t in range(len(whose)):
            slack[t] = quantised(room[t] - sums[obligations, whose[t]])
        for c in range(places):
            t = level[c]
            if open_[what[c]] and slack[t] >= bar[t]:
                spot = begin[after[c]] + turn[what[c]]
                tranches, smallest = ahead_count[spot] + cost, min(ahead_width[spot], slack[t])
                if tranches < count or (tranches == count and smallest > width):
                    count, width = tranches, smallest
                    chosen[state] = c
        tranches, smallest = count, width
        for c in range(places - 1, -1, -1):
            if ends[c]:
                tranches, smallest = (count, width) if free[c] else (NEVER, -WIDEST)
            if bundled and open_[what[c]]:
                spot = begin[after[c]] + turn[what[c]]
                further, least = ahead_count[spot], ahead_width[spot]
                if further < tranches or (further == tranches and least > smallest):
                    tranches, smallest = further, least
                    more[state, c >> 3] |= np.uint8(1 << (c & 7))
            spot = begin[c] + turn[what[c]]
            ahead_count[spot], ahead_width[spot] = tranches, smallest
        for o in range(obligations):
            turn[o] = turn[o] - 1 if turn[o] > 0 else strides[o] - 1
    return count, width, chosen, more
