"""What we do every day, one idea a file."""

from rituals.appreciations.models import Appreciation
from rituals.asks.models.act import AskAct
from rituals.asks.models.ask import Ask, AskRefused
from rituals.asks.models.matter import Matter
from rituals.days.models.approach import Approach
from rituals.days.models.couple_days import keep_days
from rituals.days.models.design import (
    RitualRefused,
    add_ritual,
    choose_weekdays,
    end_ritual,
    leave,
    take_up,
)
from rituals.days.models.meeting import MeetingWord
from rituals.days.models.moment import Mark, MarkRefused, Moment
from rituals.days.models.reminder_time import ReminderTime
from rituals.days.models.rest import RestRange, RestRefused
from rituals.days.models.ritual import Ritual, RitualSchedule
from rituals.days.models.week import CoupleWeek
from rituals.felt.models.measure import Measure, MeasureRefused
from rituals.felt.models.pulse import Pulse, PulseRefused
from rituals.felt.models.scale_wording import ScaleWording
from rituals.good_days.models import GoodDay
from rituals.meetings.models.decision import Decision, Outcome
from rituals.meetings.models.meeting import Meeting, MeetingItem, MeetingRefused
from rituals.models.mute import Mute
from rituals.topics.models.act import TopicAct
from rituals.topics.models.topic import Topic

__all__ = [
    "Appreciation",
    "Approach",
    "Ask",
    "AskAct",
    "AskRefused",
    "CoupleWeek",
    "Decision",
    "GoodDay",
    "Mark",
    "MarkRefused",
    "Matter",
    "Measure",
    "MeasureRefused",
    "Meeting",
    "MeetingItem",
    "MeetingRefused",
    "MeetingWord",
    "Moment",
    "Mute",
    "Outcome",
    "Pulse",
    "PulseRefused",
    "ReminderTime",
    "RestRange",
    "RestRefused",
    "Ritual",
    "RitualRefused",
    "RitualSchedule",
    "ScaleWording",
    "Topic",
    "TopicAct",
    "add_ritual",
    "choose_weekdays",
    "end_ritual",
    "keep_days",
    "leave",
    "take_up",
]
