"""The bank of items: what can be asked, of whom, after which source, and in which words."""

from commonbeat.listen.bank.item import AnswerFormat, Bank, Item, Scale
from commonbeat.listen.bank.read import load_bank
from commonbeat.listen.bank.wording import Wording, missing_words, wording

__all__ = ["AnswerFormat", "Bank", "Item", "Scale", "Wording", "load_bank", "missing_words", "wording"]
