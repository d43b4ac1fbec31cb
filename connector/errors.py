"""Every way an operation can fail, sorted by what happens next."""

from __future__ import annotations


class Consequence(Exception):
    """An operation did not end well; the subclass says what happens next."""

    def __init__(self, sentence: str, *, fix: str = "") -> None:
        super().__init__(sentence)
        #: One sentence for a bookkeeper: what happened and what became of the money.
        self.sentence = sentence
        #: One sentence: what to do about it; empty when nothing is to be done.
        self.fix = fix


class Retryable(Consequence):
    """Nothing was done; the same request may be sent again later."""

    def __init__(
        self, sentence: str, *, fix: str = "", retry_after: float | None = None, pause: bool = False
    ) -> None:
        super().__init__(sentence, fix=fix)
        #: Seconds to wait at least, where the other side said so.
        self.retry_after = retry_after
        #: True when the whole company must wait, not just this run (throttling).
        self.pause = pause


class Awaiting(Retryable):
    """Something that another event or run brings is not there yet; waiting is no failure."""

    def __init__(self, sentence: str, *, names: tuple[str, ...] = (), look_again: float) -> None:
        super().__init__(sentence, retry_after=look_again)
        #: "kind:alias" names of what is awaited; whoever links one of them ends the wait.
        self.names = names


class Uncertain(Consequence):
    """The answer was lost; it may or may not have been done and must be looked up first."""

    def __init__(self, sentence: str, *, fix: str = "", settle: float = 10.0) -> None:
        super().__init__(sentence, fix=fix)
        #: Seconds until a look-up can be trusted: 10 normally, 120 after a timeout.
        self.settle = settle


class NeedsReconnect(Consequence):
    """The other side no longer accepts our authorisation; a person must connect again."""


class Rejected(Consequence):
    """The other side refused this request for good; it was not done."""

    def __init__(
        self, sentence: str, *, fix: str = "", code: str = "", detail: str = "", trace: str = ""
    ) -> None:
        super().__init__(sentence, fix=fix)
        #: QuickBooks' error code without leading zeros, or the HTTP status as text.
        self.code = code
        #: The other side's own words.
        self.detail = detail
        #: The trace id that their support asks for (`intuit_tid`).
        self.trace = trace


class Hold(Consequence):
    """Going on would mean guessing; a person is asked."""

    def __init__(self, reason: str, sentence: str, *, fix: str) -> None:
        super().__init__(sentence, fix=fix)
        #: A slug of contract.md, such as `unmapped` or `totals-differ`.
        self.reason = reason


class Skipped(Consequence):
    """There is rightly nothing to do."""
