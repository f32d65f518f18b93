"""Measures against networkx, closed forms and cases with a known answer."""

from __future__ import annotations

import numpy as np
import pytest

from commonbeat.luck import uniforms
from commonbeat.society.measure import assortativity, clustering, mixing_counts, tail_exponent, tie_correlation
from commonbeat.society.ties import Ties


def ties_of(graph):
    rows = [sorted(graph.neighbors(node)) for node in range(len(graph))]
    return Ties(np.cumsum([0, *map(len, rows)]), np.array([target for row in rows for target in row]))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_clustering_and_assortativity_equal_networkx(seed):
    networkx = pytest.importorskip("networkx")
    graph = networkx.watts_strogatz_graph(60, 6, 0.2, seed=seed)
    group = np.random.default_rng(seed).integers(0, 3, 60)
    networkx.set_node_attributes(graph, dict(enumerate(group.tolist())), "group")
    average, transitivity = clustering(ties_of(graph), np.arange(60))
    assert average == pytest.approx(networkx.average_clustering(graph))
    assert transitivity == pytest.approx(networkx.transitivity(graph))
    found = assortativity(mixing_counts(ties_of(graph), group, 3))
    assert found == pytest.approx(networkx.attribute_assortativity_coefficient(graph, "group"))


def test_a_triangle_with_a_tail_has_known_clustering():
    ties = Ties(np.array([0, 2, 4, 7, 8]), np.array([1, 2, 0, 2, 0, 1, 3, 2]))
    average, transitivity = clustering(ties, np.arange(4))
    assert average == pytest.approx((1 + 1 + 1 / 3 + 0) / 4)
    assert transitivity == pytest.approx(3 / 5)


def test_assortativity_is_one_apart_and_minus_one_between_two_halves():
    assert assortativity(np.array([[5, 0], [0, 5]])) == pytest.approx(1.0)
    assert assortativity(np.array([[0, 5], [5, 0]])) == pytest.approx(-1.0)
    assert np.isnan(assortativity(np.array([[5, 0], [0, 0]])))


def test_mixing_is_counted_across_blocks_of_rows():
    people = 25_000
    ring = np.arange(people)
    ties = Ties(np.arange(people + 1), (ring + 1) % people)
    group = ring % 2
    assert mixing_counts(ties, group, 2).tolist() == [[0, people // 2], [people // 2, 0]]


@pytest.mark.parametrize("exponent", [2.25, 3.0])
def test_the_tail_exponent_of_a_discrete_power_law_is_found(exponent):
    draw = uniforms(3, 1, np.arange(200_000))
    counts = np.floor(19.5 * (1 - draw) ** (-1 / (exponent - 1)) + 0.5).astype(np.int64)
    assert tail_exponent(counts, 20) == pytest.approx(exponent, abs=0.03)


def test_correlation_across_ties_is_that_of_the_pairs():
    ties = Ties(np.array([0, 2, 3, 4]), np.array([1, 2, 0, 1]))
    value = np.array([1.0, 2.0, 4.0])
    expected = np.corrcoef([1, 1, 2, 4], [2, 4, 1, 2])[0, 1]
    assert tie_correlation(ties, value) == pytest.approx(expected)
