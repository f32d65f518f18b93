"""What pydantic cannot see in a planned study: keys that ask something of each other.

Works on plain tables as TOML gives them and steps over whatever has the wrong type, so that these mistakes are
found in the same pass as wrong types and unknown keys.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from commonbeat.errors import Mistakes, did_you_mean
from commonbeat.scenario.checks import number, rows, table, whole

if TYPE_CHECKING:
    from collections.abc import Mapping


def cross_mistakes(raw: Mapping[str, Any]) -> Mistakes:
    """Every mistake that lies between parts of the design."""
    found = Mistakes()
    names = _arms(raw, found)
    _sample(table(raw.get("sample")), found)
    _blocks(table(raw.get("sample")), len(names), found)
    _waves(raw, names, found)
    _measure(table(raw.get("measure")), found)
    _card(raw, found)
    _society(raw, found)
    return found


def _arms(raw: Mapping[str, Any], found: Mistakes) -> list[str]:
    arms = [table(arm) for arm in rows(raw.get("arms"))]
    names = [str(arm.get("name", "")) for arm in arms]
    for place, name in enumerate(names):
        if name and name in names[:place]:
            found.add(f"arms[{place}].name", name, "is the name of another arm", "Give each arm a name of its own.")
    if arms and arms[0].get("effect") is not None:
        found.add(
            "arms[0].effect",
            arms[0]["effect"],
            "stands in the comparison arm",
            "The first arm is what the others are compared with: write effects in the others.",
        )
    given = [arm.get("effect") is not None for arm in arms[1:]]
    if any(given) and not all(given):
        found.add(
            "arms", None, "have an effect in some places only", "Write it in every arm but the first, or in none."
        )
    if len(given) > 1 and not any(given):
        found.add(
            "arms", None, "are several without effects", "Write what each of them does: cards cannot tell them apart."
        )
    for place, arm in enumerate(arms[1:], start=1):
        if number(arm.get("effect")) == 0:
            found.add(f"arms[{place}].effect", 0, "is no effect to see", "Write the smallest effect that would matter.")
        base = number(arms[0].get("take_up")) or 0.0
        reached = number(arm.get("take_up"))
        if reached is not None and reached <= base:
            found.add(
                f"arms[{place}].take_up",
                reached,
                f"is not above that of the first arm ({base:g})",
                "Nothing would differ.",
            )
    return names


def _sample(sample: Mapping[str, Any], found: Mistakes) -> None:
    alone = sample.get("people") is not None
    together = [key for key in ("clusters", "cluster_size", "cluster_sizes") if sample.get(key) not in (None, [], ())]
    if alone and together:
        found.add(f"sample.{together[0]}", sample[together[0]], "stands beside people", "Keep people, or the clusters.")
    if not alone and not together:
        found.add("sample", None, "has no size", "Write people; or clusters and cluster_size; or cluster_sizes.")
    if not alone and "clusters" in together and "cluster_sizes" not in together and "cluster_size" not in together:
        found.add("sample.cluster_size", None, "is missing", "Write how many people a cluster has on average.")
    if not alone and together == ["cluster_size"]:
        found.add("sample.clusters", None, "is missing", "Write how many clusters there are.")
    sizes = rows(sample.get("cluster_sizes"))
    if sizes:
        for key in ("clusters", "cluster_size", "cluster_size_cv"):
            if sample.get(key) is not None:
                found.add(f"sample.{key}", sample[key], "stands beside cluster_sizes", "The sizes say it already.")
        if len(sizes) < 4:
            found.add(
                "sample.cluster_sizes", list(sizes), "are fewer than 4", "Two clusters in each arm are the least."
            )
    if alone and number(sample.get("icc")):
        found.add("sample.icc", sample["icc"], "needs clusters", "People assigned alone share nothing.")
    if alone and number(sample.get("cluster_size_cv")):
        found.add("sample.cluster_size_cv", sample["cluster_size_cv"], "needs clusters", "Take it away.")


def _blocks(sample: Mapping[str, Any], arms: int, found: Mistakes) -> None:
    blocks, block_size = whole(sample.get("blocks")), whole(sample.get("block_size"))
    share = number(sample.get("block_share")) or 0.0
    if blocks is not None and block_size is not None:
        found.add("sample.block_size", block_size, "stands beside blocks", "Keep one of them.")
    if share and blocks is None and block_size is None:
        found.add("sample.block_share", share, "needs blocks", "Write blocks or block_size, or take it away.")
    if block_size is not None and block_size < arms:
        found.add(
            "sample.block_size", block_size, f"is below the number of arms, {arms}", "Each arm stands in each block."
        )
    units = whole(sample.get("people")) or whole(sample.get("clusters")) or len(rows(sample.get("cluster_sizes")))
    if blocks is not None and units and units < blocks * arms:
        found.add("sample.blocks", blocks, f"leave fewer than {arms} units in a block", "Write fewer blocks.")
    icc = number(sample.get("icc")) or 0.0
    if sample.get("people") is None and share > icc:
        found.add(
            "sample.block_share",
            share,
            f"is above the icc, {icc:g}",
            "Blocks of clusters share a part of what clusters share.",
        )


def _waves(raw: Mapping[str, Any], names: list[str], found: Mistakes) -> None:
    seen: list[float] = []
    for place, wave in enumerate(table(each) for each in rows(raw.get("waves"))):
        delay = number(wave.get("delay_days"))
        if delay is not None and delay in seen:
            found.add(f"waves[{place}].delay_days", delay, "is the delay of another wave", "Write each wave once.")
        if delay is not None:
            seen.append(delay)
        for name in table(wave.get("attrition_by_arm")):
            if name not in names:
                found.add(f"waves[{place}].attrition_by_arm", name, "is not an arm", did_you_mean(name, names))


def _measure(measure: Mapping[str, Any], found: Mistakes) -> None:
    items, single = measure.get("items"), measure.get("item_reliability")
    if measure.get("reliability") is not None and (items is not None or single is not None):
        found.add("measure.reliability", measure["reliability"], "stands beside items", "Keep one of them.")
    if (items is None) != (single is None):
        found.add("measure.items", items, "and item_reliability come together", "Write both, or reliability alone.")


def _card(raw: Mapping[str, Any], found: Mistakes) -> None:
    from commonbeat.claims.findings import findings_from_evidence
    from commonbeat.estimate.power.claim import in_standard_deviations

    claim, card = raw.get("claim"), raw.get("card")
    if isinstance(card, str):
        known = [
            each.source for each in findings_from_evidence() if each.claim == claim and in_standard_deviations(each)
        ]
        if card not in known:
            way_out = did_you_mean(card, known) if known else "Leave card out: no card of that claim has one."
            found.add("card", card, f"gives no effect in SDs on {claim}", way_out)


def _society(raw: Mapping[str, Any], found: Mistakes) -> None:
    society = table(raw.get("society"))
    if "society" not in raw:
        return
    if raw.get("outcome") == "regard":
        found.add("society", None, "has too few officers for a trial", "Measure residents, or take [society] away.")
    clustered = table(raw.get("sample")).get("people") is None
    if clustered and society.get("assign", "person") == "person":
        found.add("society.assign", "person", "does not fit a sample of clusters", "Write household or place.")
    if not clustered and society.get("assign", "person") != "person":
        found.add("society.assign", society["assign"], "does not fit a sample of people", "Write clusters in [sample].")
    if society.get("assign") == "place" and society.get("places") is not None:
        found.add("society.places", society["places"], "stands beside assign = 'place'", "The clusters are the places.")
