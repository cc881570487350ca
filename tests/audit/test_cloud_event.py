"""An entry in its envelope: what the specification of CloudEvents asks for, as its own SDK reads it."""

import json
import re
from dataclasses import FrozenInstanceError, replace

import pytest
from cloudevents.core.formats.json import JSONFormat

from accountability.audit.cloud_event import CloudEvent
from accountability.audit.entry import KINDS, Actor, decode, encode
from accountability.canonical import canonical
from tests.audit.record import county


def read_back(event):
    """Read an event with the SDK, from its JSON."""
    return JSONFormat().read(None, canonical(event.as_json()))


def events():
    """Give every entry of the county's record in its envelope, refusals and publications among them."""
    rows = county().rows().entries
    return [CloudEvent(position, decode(row.text, row.leaf)) for position, row in enumerate(rows)]


def test_the_sdk_reads_every_entry_as_it_was_meant():
    """Attributes, extensions and data arrive as they are."""
    kinds = set()
    for event in events():
        known = read_back(event)
        entry = event.entry
        assert known.get_specversion() == "1.0"
        assert known.get_id() == event.id
        assert known.get_source() == event.source == f"urn:accountability:{entry.log}"
        assert known.get_type() == event.type == f"accountability.{entry.kind}"
        assert known.get_subject() == event.subject == entry.case
        assert known.get_time() == event.time == entry.at
        assert known.get_datacontenttype() == "application/json"
        assert known.get_extension("partitionkey") == entry.case
        assert known.get_extension("workflow") == entry.workflow
        assert known.get_extension("trigger") == entry.trigger
        assert known.get_extension("leaf") == entry.leaf
        assert known.get_data() == json.loads(canonical(entry.as_json()))
        kinds.add(entry.kind)
    assert {"transition", "act", "refusal", "definition", "migration", "erasure"} <= kinds <= set(KINDS)


def test_the_sdk_writes_what_we_write():
    """The same JSON comes back from the SDK's own writer, but for the zeros behind a full second."""
    for event in events():
        ours = json.loads(canonical(event.as_json()))
        assert json.loads(JSONFormat().write(read_back(event))) == ours | {"time": ours["time"].replace(".000000", "")}


def test_ids_are_unique_and_stay():
    """The same entry at the same place has one id; neither another place nor another entry has it."""
    every = events()
    assert len({event.id for event in every}) == len(every)
    first = every[0]
    assert CloudEvent(0, first.entry).id == first.id
    assert CloudEvent(1, first.entry).id != first.id
    changed = replace(first.entry, reason="another past, after an older copy was restored")
    assert CloudEvent(0, decode(*encode(changed))).id != first.id


def test_the_sequence_sorts_as_text():
    """Consumers that compare text see the order of the log."""
    entry = events()[0].entry
    places = [0, 1, 9, 10, 99, 2**31, 2**62]
    sequences = [CloudEvent(place, entry).sequence for place in places]
    assert sequences == sorted(sequences)
    assert list(map(int, sequences)) == places


@pytest.mark.parametrize("trigger", ["a\nb", "\x00", "\x7f", "\ufffe", "\u2028", "x" * 300, "收回"])
def test_a_trigger_that_somebody_made_up_fits_the_attribute(trigger: str):
    """A refusal records whatever was tried; attributes hold no control characters. The data says it exactly."""
    event = CloudEvent(0, replace(events()[0].entry, trigger=trigger))
    attribute = read_back(event).get_extension("trigger")
    assert attribute
    assert not re.search(r"[\x00-\x1f\x7f-\x9f\ufffe\uffff]", attribute)
    assert read_back(event).get_data()["trigger"] == trigger


def test_an_event_is_frozen():
    """It can be handed to anybody."""
    event = events()[0]
    with pytest.raises(FrozenInstanceError):
        event.position = 7
    assert event == CloudEvent(0, event.entry)


def test_extensions_are_named_as_the_specification_wants():
    """Lower-case letters and digits, at most twenty; nobody else's names."""
    event = CloudEvent(0, replace(events()[0].entry, actor=Actor("zhang", ["clerk"])))
    for name in event.as_json():
        assert re.fullmatch(r"[a-z0-9]{1,20}", name)
