"""The rules of rectifying and of oversight: two groups of a ``Rulebook``. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Rectification:
    """How issues are classed, rectified and struck off.

    ``classes``: the campaign's own scheme → CommonClass. ``strike_off``: ``lead`` (lead unit or office) or ``office``.
    ``…_workdays`` (to dispute, to answer a need, to answer a 督办单; without progress until it
    stands still; overdue for one of each colour) 工作日;
    ``…_days`` calendar days.
    """

    classes: dict[str, str]
    sources: tuple[str, ...]
    strike_off: str = "lead"
    closing_evidence: tuple[str, ...] = ()
    dispute_workdays: int = 2
    look_back_days: int = 30
    look_back_share: int = 20
    reminder_days: tuple[int, ...] = (3, 0)
    deferral_days: int = 180
    need_reply_workdays: int = 15
    stale_workdays: int = 15
    slip_blue_workdays: int = 1
    slip_yellow_workdays: int = 5
    slip_red_workdays: int = 10
    slip_reply_workdays: int = 5

    @property
    def slip_workdays(self) -> tuple[int, int, int]:
        """By how many 工作日 an issue is overdue when a blue, a yellow, a red 督办单 is due."""
        return self.slip_blue_workdays, self.slip_yellow_workdays, self.slip_red_workdays

    @property
    def categories(self) -> tuple[str, ...]:
        return tuple(self.classes)


@dataclass(frozen=True)
class Oversight:
    """What ``by`` (empty: the coordinating office) does: ``inspection``, ``publication``, ``criticism`` in the notice's
    words (empty: not asked for), the first two each ``…_minimum`` 次 a Rhythm, or without one where it sets none.
    ``criticism_to``: who criticises, on the proposal of the office (F16: the government; empty: the office itself).

    ``public_sheet``: a published period may be released to the public from here (F16 三（二）: 晒清单、晒成果). Off in
    every template: no notice asks for it by this system, the office decides.
    """

    by: str = ""
    inspection: str = ""
    inspection_rhythm: str = ""
    inspection_minimum: int = 1
    publication: str = ""
    publication_rhythm: str = ""
    publication_minimum: int = 1
    criticism: str = ""
    criticism_to: str = ""
    public_sheet: bool = False
