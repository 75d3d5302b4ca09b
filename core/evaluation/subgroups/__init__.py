"""Metrics by groups that people declare."""

from core.evaluation.subgroups.declaration import folder_levels, read_group_table
from core.evaluation.subgroups.measure import groups_of, names_of
from core.evaluation.subgroups.presentation import groups_csv, groups_words
from core.evaluation.subgroups.report import (
    SMALL,
    GroupFigures,
    GroupsReport,
    read_groups,
    write_groups,
)

__all__ = [
    "SMALL",
    "GroupFigures",
    "GroupsReport",
    "folder_levels",
    "groups_csv",
    "groups_of",
    "groups_words",
    "names_of",
    "read_group_table",
    "read_groups",
    "write_groups",
]
