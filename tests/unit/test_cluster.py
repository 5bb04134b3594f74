"""TF_CONFIG, good and bad, and the rows that each device sees."""

from __future__ import annotations

import json
import socket
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from landmark_gui.core.cluster import Cluster, Share, read_cluster
from landmark_gui.core.errors import TrainingError
from landmark_gui.core.rendezvous import meet

TWO = {"worker": ["a:1", "b:2"]}


def config(cluster: object, task: object) -> str:
    return json.dumps({"cluster": cluster, "task": task})


def test_a_worker_knows_its_place():
    assert read_cluster(config(TWO, {"type": "worker", "index": 1})) == Cluster(("a:1", "b:2"), 1)
    assert read_cluster(config(TWO, {"type": "worker", "index": 0})).is_chief


def test_a_chief_of_its_own_comes_first():
    cluster = {"worker": ["a:1", "b:2"], "chief": ["c:3"]}
    assert read_cluster(config(cluster, {"type": "chief", "index": 0})).is_chief
    second = read_cluster(config(cluster, {"type": "worker", "index": 1}))
    assert second == Cluster(("c:3", "a:1", "b:2"), 2)


@pytest.mark.parametrize("text", [None, ""])
def test_without_it_the_error_says_what_to_set(text):
    with pytest.raises(TrainingError, match=r'TF_CONFIG.*on each machine.*"cluster"'):
        read_cluster(text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "no JSON"),
        ("[]", "no “cluster”"),
        ('{"cluster": {"worker": ["a:1"]}}', "no “cluster” and “task”"),
        (config({"worker": "a:1"}, {"type": "worker", "index": 0}), "no list"),
        (config({"worker": []}, {"type": "worker", "index": 0}), "no list"),
        (config({"worker": ["a"]}, {"type": "worker", "index": 0}), "host:port"),
        (config({"worker": [7]}, {"type": "worker", "index": 0}), "host:port"),
        (config({"worker": ["a:70000"]}, {"type": "worker", "index": 0}), "host:port"),
        (config({"worker": ["a:1", "a:1"]}, {"type": "worker", "index": 0}), "same address"),
        (config({**TWO, "ps": ["c:3"]}, {"type": "worker", "index": 0}), "“ps” is no job"),
        (config({**TWO, "chief": ["c:3", "d:4"]}, {"type": "worker", "index": 0}), "one chief"),
        (config(TWO, {"type": "worker", "index": 2}), "none of the machines"),
        (config(TWO, {"type": "worker", "index": -1}), "none of the machines"),
        (config(TWO, {"type": "worker", "index": "0"}), "none of the machines"),
        (config(TWO, {"type": ["worker"], "index": 0}), "none of the machines"),
        (config(TWO, {"type": "evaluator", "index": 0}), "none of the machines"),
    ],
)
def test_a_wrong_one_is_refused_in_words(text: str, said: str):
    with pytest.raises(TrainingError, match=said):
        read_cluster(text)


@given(
    st.recursive(
        st.none() | st.integers() | st.text(),
        lambda v: (
            st.lists(v)
            | st.dictionaries(
                st.sampled_from(["cluster", "task", "worker", "chief", "type", "index"]), v
            )
        ),
    )
)
def test_nothing_but_a_sentence_comes_of_any_json(value):
    with pytest.raises(TrainingError):
        read_cluster(json.dumps(value))


def test_those_that_nobody_answers_for_are_named():
    with socket.create_server(("127.0.0.1", 0)) as there, socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))  # its port is free of others, and nobody listens on it
        addresses = [f"127.0.0.1:{s.getsockname()[1]}" for s in (there, bound)]
        assert Cluster(("here:1", *addresses), 0).silent() == (addresses[1],)


@given(st.integers(1, 40), st.integers(1, 4), st.integers(1, 3))
def test_all_rows_are_seen_once_and_no_device_is_left_without(rows, processes, devices):
    batch = np.arange(rows)
    seen: list[int] = []
    for process in range(processes):
        share = Share(process * devices, devices, processes * devices)
        for device in range(devices):
            own = share.of_device(share.of(batch), device)
            assert len(own)
            if share.counts(device, rows):
                np.testing.assert_array_equal(own, batch[share.first + device :: share.total])
                seen += own.tolist()
    assert sorted(seen) == batch.tolist()
    assert len(Share(1, 1, 2).of(batch[:0])) == 0


def connected(port: int) -> socket.socket:
    """A connection to a server that is about to listen."""
    for _ in range(400):
        try:
            return socket.create_connection(("127.0.0.1", port))
        except ConnectionRefusedError:
            time.sleep(0.05)
    raise AssertionError("nobody listens")


def test_machines_meet_and_a_stranger_does_not_count():
    with socket.create_server(("127.0.0.1", 0)) as found:
        port = found.getsockname()[1]
    addresses = (f"127.0.0.1:{port}", "b:1", "c:2")
    with ThreadPoolExecutor() as pool:
        first = pool.submit(meet, Cluster(addresses, 1), 20)
        chief = pool.submit(meet, Cluster(addresses, 0), 20)
        for words in (b"GET / HTTP/1.1", b"landmark-gui 9", b""):
            with connected(port) as stranger:
                stranger.sendall(words)
        assert not chief.done() and not first.done()
        meet(Cluster(addresses, 2), 20)
        assert (first.result(), chief.result()) == (None, None)


def test_those_who_do_not_come_are_named():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        addresses = (f"127.0.0.1:{taken.getsockname()[1]}", "b:1")
        with pytest.raises(TrainingError, match=r"Port .* cannot be used"):
            meet(Cluster(addresses, 0), 0.2)
    with pytest.raises(TrainingError, match="as b:1 cannot be reached"):
        meet(Cluster(addresses, 0), 0.2)
    with pytest.raises(TrainingError, match=f"as {addresses[0]} cannot be reached"):
        meet(Cluster(addresses, 1), 0.2)
