"""The pose network and what is made of its maps equal the published graph, node by node."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from commonbeat.record.video.models.inference import compiled
from commonbeat.record.video.models.pose_maps import Maps, people_in
from commonbeat.record.video.models.pose_network import MAPS, pose_network
from commonbeat.record.video.models.tfjs_graph import Graph, Node, read_graph
from tests.record.video.drawn.choreography import Dancer, dancers
from tests.record.video.drawn.figures import draw_people
from tests.record.video.models import tfjs_twin

MAP_TOLERANCE = 2e-4  # of values up to about 60; OpenVINO and NumPy add float32 products in another order
CELL_TOLERANCE = 1e-3  # cells of four pixels
SCORE_TOLERANCE = 2e-5


@pytest.fixture(scope="module")
def graph(models) -> Graph:
    return read_graph(models.pose_graph, models.pose_numbers)


@pytest.fixture(scope="module")
def picture():
    people = [Dancer(((0, 60, 240),), height_px=150, seed=1), Dancer(((0, 180, 235),), height_px=140, seed=4)]
    return next(draw_people(dancers(people, 1, 1), (256, 256)))


@pytest.fixture(scope="module")
def twin(models, picture):
    return tfjs_twin.evaluate(models.pose_graph, models.pose_numbers, picture)


@pytest.fixture(scope="module")
def maps(graph, picture) -> Maps:
    outputs = compiled(pose_network(graph, 256, 256))([picture[None]])
    return Maps(*(np.array(outputs[index][0]) for index in range(6)))


def test_every_node_of_the_graph_has_a_twin(models, twin):
    assert len(twin[1]) >= 602 - 10  # the few that are not asked for lead to no output


def test_maps_equal_those_of_the_graph(maps, twin):
    for field, (name, node) in zip(dataclasses.fields(Maps), MAPS.items(), strict=True):
        assert field.name == name
        ours, theirs = getattr(maps, name), twin[1][node][0]
        assert ours.shape == theirs.shape
        assert np.abs(ours - theirs).max() < MAP_TOLERANCE, name


def test_people_equal_those_of_the_graph(maps, twin):
    found = people_in(maps, most=6)
    rows = twin[0]
    assert rows.shape == (6, 56)
    sure = rows[:, 55] > 0.05
    assert sure.sum() == 2
    joints = rows[:, :51].reshape(6, 17, 3)
    certain = joints[sure][..., 2] > 0.1
    ours = found.keypoints[sure]
    assert np.abs(ours[..., 1] - joints[sure][..., 0] * 64)[certain].max() < CELL_TOLERANCE
    assert np.abs(ours[..., 0] - joints[sure][..., 1] * 64)[certain].max() < CELL_TOLERANCE
    assert np.abs(ours[..., 2] - joints[sure][..., 2]).max() < SCORE_TOLERANCE
    assert np.abs(found.boxes[sure][:, [1, 0, 3, 2]] - rows[sure][:, 51:55] * 64).max() < CELL_TOLERANCE
    assert np.abs(found.scores - rows[:, 55]).max() < SCORE_TOLERANCE


def test_maps_alone_give_the_graph_s_people_from_the_graph_s_maps(twin):
    """The last part of the graph by itself: fed with the twin's own maps, our reading is the same to the last digits."""
    found = people_in(Maps(*(twin[1][node][0] for node in MAPS.values())), most=6)
    joints = twin[0][:, :51].reshape(6, 17, 3)
    seen = joints[..., 2] > 1e-6
    np.testing.assert_allclose(found.keypoints[..., 0][seen], joints[..., 1][seen] * 64, atol=2e-4)
    np.testing.assert_allclose(found.keypoints[..., 1][seen], joints[..., 0][seen] * 64, atol=2e-4)
    np.testing.assert_allclose(found.keypoints[..., 2], joints[..., 2], atol=1e-5)
    np.testing.assert_allclose(found.scores, twin[0][:, 55], atol=1e-5)
    np.testing.assert_allclose(found.boxes[:, [1, 0, 3, 2]], twin[0][:, 51:55] * 64, atol=2e-4)


def test_more_people_than_the_graph_allows(graph):
    crowd = [
        Dancer(((0, 45 + 70 * (i % 9), 170 + 150 * (i // 9)),), height_px=120, strength=0.3, seed=i) for i in range(18)
    ]
    picture = next(draw_people(dancers(crowd, 1, 1), (640, 384)))
    outputs = compiled(pose_network(graph, 384, 640))([picture[None]])
    maps = Maps(*(np.array(outputs[index][0]) for index in range(6)))
    assert (people_in(maps, most=6).scores > 0.2).sum() <= 6
    assert (people_in(maps, most=20).scores > 0.2).sum() >= 16


def test_an_unknown_operation_is_refused(graph):
    nodes = dict(graph.nodes)
    name = MAPS["joint"]
    nodes[name] = Node(name, "Softplus", nodes[name].inputs, {})
    with pytest.raises(ValueError, match="Softplus is not known"):
        pose_network(Graph(nodes, graph.constants), 256, 256)


def test_weights_that_do_not_fit_the_graph_are_refused(models, tmp_path):
    short = tmp_path / "long.bin"
    short.write_bytes(models.pose_numbers.read_bytes() + b"\0\0")
    with pytest.raises(ValueError, match="the graph names"):
        read_graph(models.pose_graph, short)
