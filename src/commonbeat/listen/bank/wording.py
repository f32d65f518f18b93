"""What a respondent reads, in one language and for one audience. A missing sentence is an error, never English elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from commonbeat.errors import BankError, Mistake, Mistakes, did_you_mean
from commonbeat.listen.bank.item import AUDIENCES
from commonbeat.listen.bank.words import MODEL_LANGUAGE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from commonbeat.listen.bank.item import Bank
    from commonbeat.listen.bank.words import Words


@dataclass(frozen=True, slots=True)
class Wording:
    """The sentences of one language as one audience reads them; children are addressed as children."""

    words: Words
    audience: str = "adult"

    @property
    def language(self) -> str:
        """The code of the language, for the page's lang attribute."""
        return self.words.code

    @property
    def language_name(self) -> str:
        """The language's name in itself: English, Español."""
        return self.words.name

    @property
    def direction(self) -> str:
        """Left to right ("ltr") or right to left ("rtl")."""
        return self.words.direction

    def item(self, identifier: str) -> str:
        """The question."""
        return self._sentence(self.words.items.get(identifier), f"items.toml item.{identifier}")

    def option(self, format_identifier: str, value: int) -> str:
        """The words of one answer."""
        place = f"options.toml {format_identifier}.{value}"
        return self._sentence(self.words.options.get((format_identifier, value)), place)

    def scale_lead(self, scale_identifier: str) -> str:
        """What stands above a scale's items; empty where the questions stand alone."""
        return self.words.leads.get(scale_identifier, "")

    def page(self, key: str, /, **names: object) -> str:
        """The sentence of that key with its {names} filled in, as the audience reads it. Text, not HTML: escape it."""
        sentence = self.words.by_audience.get((self.audience, key), self.words.pages.get(key))
        return self._sentence(sentence, f"pages.toml {key}").format(**names)

    def _sentence(self, found: str | None, place: str) -> str:
        if found:
            return found
        rule = "is not there"
        raise BankError(
            "Words for respondents are missing:", [Mistake(f"{self.words.code}/{place}", None, rule, "Translate it.")]
        )


def wording(bank: Bank, language: str, audience: str = "adult") -> Wording:
    """The sentences of a language for an audience. Raises BankError for a language without a folder."""
    if language not in bank.words:
        rule = "has no folder of words"
        raise BankError("Words are missing:", [Mistake("language", language, rule, did_you_mean(language, bank.words))])
    return Wording(bank.words[language], audience)


def missing_words(
    bank: Bank, languages: Iterable[str], scales: Iterable[str], audience: Iterable[str] | None = None
) -> Mistakes:
    """Everything that a study in these languages with these scales would have to translate first, key by key.

    audience: who is asked; left out, everybody whom the scales are for. What English says otherwise to children or officers has to be
    there for them in every language: one mistake names all of it.
    """
    mistakes, asked = Mistakes(), [bank.scales[name] for name in scales if name in bank.scales]
    items = [item for scale in asked for item in scale.items]
    named = [who for scale in asked for who in scale.audience] if audience is None else list(audience)
    everybody = [who for who in AUDIENCES if who in named]
    model = bank.words.get(MODEL_LANGUAGE)
    for language in languages:
        if language not in bank.words:
            rule = "has no folder of words"
            mistakes.add("languages", language, rule, did_you_mean(language, bank.words))
            continue
        words = bank.words[language]
        keys = [f"items.toml item.{each.identifier}" for each in items if not words.items.get(each.identifier)]
        if model is not None:
            leads = [each.identifier for each in asked if each.identifier in model.leads]
            keys += [f"items.toml lead.{name}" for name in leads if not words.leads.get(name)]
            keys += [f"pages.toml {key}" for key in model.pages if not words.pages.get(key)]
        options = {(each.format.identifier, value) for each in items for value in each.format.values}
        keys += [
            f"options.toml {name}.{value}" for name, value in sorted(options) if (name, value) not in words.options
        ]
        for key in dict.fromkeys(keys):
            mistakes.add(f"{language}/{key}", None, "is not translated", "Write it in that language.")
        if model is not None:
            _missing_variants(words, model, everybody, mistakes)
    return mistakes


def _missing_variants(words: Words, model: Words, audience: Iterable[str], mistakes: Mistakes) -> None:
    """One mistake per audience with every key that the model says otherwise to them and the language does not."""
    for who in audience:
        keys = [key for each, key in model.by_audience if each == who and not words.by_audience.get((who, key))]
        if keys:
            rule = f"lacks {len(keys)} sentences that are said otherwise to them: {', '.join(keys)}"
            mistakes.add(
                f"{words.code}/pages.toml [{who}]", None, rule, f"Write each below [{who}], or copy the one for adults."
            )
