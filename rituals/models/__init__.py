"""What we do every day, one idea a file."""

from rituals.models.appreciation import Appreciation
from rituals.models.approach import Approach
from rituals.models.ask import Ask, AskRefused
from rituals.models.ask_act import AskAct
from rituals.models.days import keep_days
from rituals.models.decision import Decision, Outcome
from rituals.models.design import (
    RitualRefused,
    add_ritual,
    choose_weekdays,
    end_ritual,
    leave,
    take_up,
)
from rituals.models.good_day import GoodDay
from rituals.models.matter import Matter
from rituals.models.measure import Measure, MeasureRefused
from rituals.models.meeting import MeetingWord
from rituals.models.moment import Mark, MarkRefused, Moment
from rituals.models.mute import Mute
from rituals.models.our_time import Meeting, MeetingItem, MeetingRefused
from rituals.models.pulse import Pulse, PulseRefused
from rituals.models.reminder_time import ReminderTime
from rituals.models.rest import RestRange, RestRefused
from rituals.models.ritual import Ritual, RitualSchedule
from rituals.models.scale_wording import ScaleWording
from rituals.models.topic import Topic
from rituals.models.topic_act import TopicAct
from rituals.models.week import CoupleWeek

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
