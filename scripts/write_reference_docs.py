"""Write the pages of docs/ that are made from the code and the ledgers, so that nobody types them by hand.

    python scripts/write_reference_docs.py [--run RUN]

Without options: parameters, cards, claims, codebook, commands, Python names, and the keys of scenarios and designs. With `--run`, also the
figures of the demo that the tutorial quotes, from the folder of a run of the shipped dance-off. A test compares what
stands in docs/ with what this would write.
"""

from __future__ import annotations

import argparse
import importlib
import inspect
import re
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from items_page import items
from keys_pages import design_keys, listen_keys, power_keys, scenario_keys
from reference_page import MADE_BY, figure, page, plain, table

if TYPE_CHECKING:
    from collections.abc import Callable

    from commonbeat.evidence import Parameter
    from commonbeat.results.run_folder import Run

DOCS = Path(__file__).parents[1] / "docs"
FIGURES = "demo-figures.md"


def parameters() -> str:
    """Every number of the model: its prior, the rule that makes it, and the card behind it."""
    from commonbeat.evidence import load_parameters

    known = load_parameters()
    intro = (
        f"The model has {len(known)} parameters. Each has a prior that a written rule computes from named cards, or is "
        "`assumed` with a reason. The ledger file is `src/commonbeat/evidence/parameters.toml`; the rules are explained "
        "on [the page on evidence](evidence.md), the cards stand on [a page of their own](cards.md). "
        "`commonbeat evidence parameters` prints the same table with pictures."
    )
    joined = [parameter for parameter in known if parameter.kind == "joint"]
    words = (
        f"{sum(parameter.assumed for parameter in known)} of them are assumed or unknown. "
        f"{len(joined)} are drawn in two joint blocks, so what trades off in the evidence trades off in the draws. "
        "Effects are in latent SD at the moment itself."
    )
    rows = [parameter_row(parameter) for parameter in known]
    sections = [parameter_section(parameter) for parameter in known]
    return page(
        "Parameters",
        intro,
        words,
        table(("parameter", "5 %", "50 %", "95 %", "unit", "carried by"), rows),
        "## One by one",
        *sections,
    )


def parameter_row(parameter: Parameter) -> tuple[str, ...]:
    """Name, three points of the prior, unit and cards."""
    from commonbeat.evidence import summarise_prior

    link = f"[`{parameter.name}`](#{parameter.name})"
    grounds = cards_of(parameter)
    if parameter.kind == "unknown":
        return link, "", "unknown", "", parameter.unit, grounds
    prior = summarise_prior(parameter.name)
    return link, *(figure(value) for value in (prior.low, prior.median, prior.high)), parameter.unit, grounds


def cards_of(parameter: Parameter) -> str:
    """The cards with links, or what stands for them."""
    if parameter.kind == "unknown":
        return "nothing"
    return ", ".join(f"[{card}](cards.md#{card.lower()})" for card in parameter.cards) or "assumed"


def parameter_section(parameter: Parameter) -> str:
    """What the parameter is, how its prior is made, and why so."""
    rule = f"`{parameter.rule}`"
    if parameter.kind == "joint":
        rule += f" (block `{parameter.settings['block']}`)"
    shape = parameter.settings.get("prior") or {}
    if shape:
        rule += ": " + ", ".join(f"{name} {value}" for name, value in shape.items())
    lines = [
        f"### {parameter.name}",
        "",
        plain(parameter.meaning),
        "",
        f"* Unit: {parameter.unit}",
        f"* Rule: {rule}",
        f"* Carried by: {cards_of(parameter)}",
    ]
    return "\n".join([*lines, f"* Reason: {plain(parameter.reason)}"] if parameter.reason else lines)


def cards() -> str:
    """Every card: one published finding each."""
    from commonbeat.evidence import load_cards

    known = load_cards()
    counted = {
        status: sum(card.status == status for card in known) for status in sorted({card.status for card in known})
    }
    intro = (
        f"{len(known)} cards, each one published finding as it was published. How each was checked: "
        + ", ".join(f"{count} {status}" for status, count in counted.items())
        + f". {sum(card.null_finding == 'yes' for card in known)} report that nothing changed. What the words mean, and "
        "how to correct a card, stands on [the page on evidence](evidence.md)."
    )
    return page("Cards", intro, *(card_section(card) for card in known))


def card_section(card: Any) -> str:
    """One card with its source."""
    found = f": {plain(card.estimate)}" if card.estimate else ""
    null = {"yes": "; a null", "partly": "; null in part"}.get(card.null_finding, "")
    checked = f"{card.status}{f', confidence {card.confidence}' if card.confidence else ''}{null}"
    year = "" if not card.year or str(card.year) in card.citation else f" ({card.year})"
    doi = f" doi {card.doi}." if card.doi else ""
    lines = [
        f"## {card.id}",
        "",
        f"{plain(card.claim)}{found}",
        "",
        f"* Source: {plain(card.citation)}{year}.{plain(doi)}",
    ]
    about = {"Design": card.design, "Population": card.population, "Outcome": card.outcome, "Delay": card.time_since}
    lines += [f"* {name}: {plain(text)}" for name, text in about.items() if text]
    return "\n".join([*lines, f"* Checked: {checked}"])


def claims() -> str:
    """The claims of the story with the verdict from evidence alone."""
    from commonbeat.workflows.claims import judge_claims

    judged = judge_claims(project=None)
    intro = (
        "What the story says, in our words, each with the verdict that a written rule gives from the cards alone. The "
        "rule stands in `src/commonbeat/claims/status.py` and on [the page on evidence](evidence.md). A run can lower a "
        "claim and never raise it."
    )
    rows = [(each.claim.id, plain(each.claim.text), each.verdict.status) for each in judged]
    sections = [
        "\n".join(
            [
                f"## {each.claim.id}: {each.claim.title}",
                "",
                f"{plain(each.claim.text)} **{each.verdict.status}**",
                "",
                f"* Why: {plain(each.verdict.why)}",
                f"* What it needs: {plain(each.claim.rule)}",
                f"* Simulated: {', '.join(each.claim.simulated)}",
                f"* Ask: {plain(each.claim.asks)}",
            ]
        )
        for each in judged
    ]
    return page("Claims", intro, table(("claim", "says", "status"), rows), *sections)


def codebook() -> str:
    """Every table of a run, column by column."""
    from commonbeat.results.codebook import codebook as written

    intro = (
        "A run folder holds these tables as Parquet files under `tables/`. The same words stand as comments on the "
        'views of `views.sql`. `commonbeat sql RUN "select ..."` asks them. Effects are paired differences from the '
        "reference arm in the same draw, in SD of the latent outcome. They keep the outcome's own sign: a negative "
        "effect on `prejudice` is less prejudice."
    )
    return page("Codebook", intro, written())


def commands() -> str:
    """Every command with its options, as the command line itself knows them."""
    from commonbeat.cli.commands import app

    intro = (
        "`python -m commonbeat` is the same as `commonbeat`. Errors go to standard error. The exit code is 0, or 2 for "
        "input that can be mended, with every mistake listed at once, or 1 when the work itself failed, or 130 after "
        "Ctrl-C in a command that keeps nothing."
    )
    names = sorted(name for name in app if not name.startswith("-"))
    sections = [section for name in names for section in command_sections(name, app[name])]
    return page("Commands", intro, *sections)


def command_sections(name: str, app: Any) -> list[str]:
    """A command and everything below it."""
    own = [command_section(name, app.default_command, app)] if app.default_command else []
    below = sorted(inner for inner in app if not inner.startswith("-"))
    return own + [section for inner in below for section in command_sections(f"{name} {inner}", app[inner])]


def command_section(name: str, function: Callable[..., Any], app: Any) -> str:
    """One command: what it does, and a table of its arguments."""
    words, arguments = described(inspect.getdoc(function) or "")
    rows, usage = [], [f"commonbeat {name}"]
    for argument in app.assemble_argument_collection():
        label = argument.names[0]
        python_name = argument.field_info.name
        takes = "" if "bool" in str(argument.hint) or not label.startswith("-") else f" {label.strip('-').upper()}"
        usage.append(f"{label}{takes}" if argument.required else f"[{label}{takes}]")
        rows.append((f"`{label}{takes}`", arguments[python_name], "required" if argument.required else ""))
    parts = [f"## commonbeat {name}", "", words, "", "```text", " ".join(usage), "```"]
    return "\n".join([*parts, "", table(("argument", "meaning", ""), rows)] if rows else parts)


def described(docstring: str) -> tuple[str, dict[str, str]]:
    """A docstring's words before Args, and what Args says of each argument."""
    words, _, listed = docstring.partition("\nArgs:\n")
    arguments = dict(re.findall(r"^ {4}(\w+): (.*(?:\n {8}.*)*)", listed, re.MULTILINE))
    return words.strip(), arguments


def python_names() -> str:
    """The public names, each with its signature and its docstring."""
    package = importlib.import_module("commonbeat")
    intro = (
        f"`commonbeat` has {len(package.__all__)} public names. They are loaded when they are first used. Whatever is "
        "not in this list may change without notice."
    )
    return page("Python names", intro, *(name_section(name, getattr(package, name)) for name in package.__all__))


def name_section(name: str, found: Any) -> str:
    """One public name: a function with its signature, or a class with what can be asked of it."""
    words = inspect.getdoc(found) or ""
    if inspect.isclass(found):
        members = {label: member for label, member in vars(found).items() if not label.startswith("_")}
        asked = {label: first_line(member) for label, member in members.items() if callable_or_property(member)}
        words += "".join(f"\n\n.{label}\n    {line}" for label, line in asked.items() if line)
        return "\n".join([f"## {name}", "", "```text", f"class {name}", "", words, "```"])
    return "\n".join([f"## {name}", "", "```text", f"{name}{signature(found)}", "", words, "```"])


def callable_or_property(member: object) -> bool:
    """Whether a member is a method or a computed attribute, and no plain value."""
    return inspect.isfunction(member) or isinstance(member, classmethod | property | cached_property)


def first_line(member: object) -> str:
    """The first line of a member's docstring."""
    return (inspect.getdoc(member) or "").partition("\n")[0]


def signature(found: Any) -> str:
    """The signature of a function, without the quotes that stand around written types."""
    return str(inspect.signature(found)).replace("'", "")


def demo_figures(run: Run) -> str:
    """The demo's effects on trust at the end of the year, with everything that made them."""
    from commonbeat.cli.show_run import thousandths, trust_effects

    made = run.manifest
    head = (
        f"Command: `commonbeat demo`. Seed {made['seed']}, {made['draws']} draws, {made['days']} days, reference arm "
        f"`{made['reference']}`. Made with version {made['version']}, evidence ledger "
        f"`{made['parameter_ledger_hash'][:12]}`, scenario `{made['scenario_hash'][:12]}`, society `{made['society_hash']}`."
    )
    wanted = trust_effects(run).filter(group="Black residents"), trust_effects(run).filter(group="All residents")
    rows = [
        (
            f"`{black['arm']}`",
            *(thousandths(one["low"], one["median"], one["high"]) for one in (black, everybody)),
            f"{round(black['probability_negative'] * black['draws'])} of {black['draws']}",
        )
        for black, everybody in zip(*(found.iter_rows(named=True) for found in wanted), strict=True)
    ]
    heads = ("arm", "Black residents", "All residents", "draws below 0, Black residents")
    answers = [f"<!-- answer {place} -->\n\n{answer(run, query)}" for place, query in enumerate(questions(), 1)]
    return "\n\n".join([MADE_BY, head, table(heads, rows), *answers]) + "\n"


def questions() -> list[str]:
    """The questions in SQL that the tutorial asks the demo's run, in order."""
    text = (DOCS / "tutorial.md").read_text(encoding="utf-8").replace("\n> ", "\n")
    found = re.findall(r'\$ commonbeat sql runs/dance-off "((?:[^"\\]|\\.)*)"', text)
    return [query.replace('\\"', '"') for query in found]


def answer(run: Run, query: str) -> str:
    """What the run answers, as a table."""
    found = run.sql(query)
    return table(found.columns, [[shown(value) for value in row] for row in found.iter_rows()])


def shown(value: object) -> str:
    """A number with few digits, words in code type."""
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"
    return f"`{value}`" if isinstance(value, str) else str(value)


PAGES: dict[str, Callable[[], str]] = {
    "cards.md": cards,
    "claims.md": claims,
    "codebook.md": codebook,
    "commands.md": commands,
    "design-keys.md": design_keys,
    "items-list.md": items,
    "listen-keys.md": listen_keys,
    "parameters.md": parameters,
    "power-keys.md": power_keys,
    "python.md": python_names,
    "scenario-keys.md": scenario_keys,
}


def main() -> None:
    """The pages stand in docs/."""
    parser = argparse.ArgumentParser(description="Write the pages of docs/ that are made from the code.")
    parser.add_argument(
        "--run", type=Path, help="folder of a run of the shipped dance-off: its figures are written too"
    )
    chosen = parser.parse_args()
    written = {name: make() for name, make in PAGES.items()}
    if chosen.run is not None:
        from commonbeat import open_run

        written[FIGURES] = demo_figures(open_run(chosen.run))
    for name, text in written.items():
        (DOCS / name).write_text(text, encoding="utf-8")
        print(DOCS / name)


if __name__ == "__main__":
    main()
