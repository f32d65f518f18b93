"""A data file as people have it, read whole: columns, labels, question texts, and what was odd about it."""

from __future__ import annotations

from commonbeat.datafile.category_column import CategoryColumn, category_column
from commonbeat.datafile.data_file import DataFile
from commonbeat.datafile.date_column import DateColumn, date_column
from commonbeat.datafile.layout import Layout, file_layout
from commonbeat.datafile.numeric_column import NumericColumn, Offence, numeric_column
from commonbeat.datafile.read import KNOWN_ENDINGS, read_data_file

__all__ = [
    "KNOWN_ENDINGS",
    "CategoryColumn",
    "DataFile",
    "DateColumn",
    "Layout",
    "NumericColumn",
    "Offence",
    "category_column",
    "date_column",
    "file_layout",
    "numeric_column",
    "read_data_file",
]
