"""The link tracker on the connections of links.pcapbtbb: what each proves is what it was made for.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import csv

import lmp_packets
import sample_security
import scene_formats
import test_links
from companion import btbb
from scenario import clear_twin

import btbbtest

NOT_STOPPED = (1, 2, 3, 9, 11, 15, 16, 17)      # connections that end encrypted
NEEDS_ACCEPTANCE = {"legacy-authentication", "one-sided-authentication", "repeated-diversifiers"}


def track(data):
    """(the tracker's output, keys of the findings of each connection in order)"""
    path = btbbtest.tmpdir() / "links.pcap"
    path.write_bytes(data)
    learned = test_links.track(lmp_packets.packets(path))
    found = test_links.findings(learned)
    return learned, [set(found.get(number, ())) for number in range(len(learned["link"]))]


def expected():
    """The findings of each connection; that case which connects three times counts as three."""
    out = []
    for case in sample_security.CASES:
        once = set(case.findings)
        out += [once - {"repeated-diversifiers"}, once, once - {"repeated-diversifiers"}] \
            if case.build is sample_security.repeated else [once]
    return out


def packets(name, *options):
    done = btbb("packets", "--columns=frame,lap,to_master,clk27", "--format=csv", *options,
                btbbtest.REPO / "sample-captures" / name)
    return list(csv.DictReader(done.stdout.splitlines()))


def test_found_clocks_are_those_of_the_twin_that_holds_them():
    """Pages and role switches, whose FHS packets leave CLK1 open, or are in slots of another device."""
    stored, found = packets("links.pcapbtbb"), packets("links_rf.pcap", "--clock=auto")
    pairs = list(zip(stored, found, strict=True))
    assert all(a["lap"] == b["lap"] for a, b in pairs)
    clocks = [(a["clk27"], b["clk27"]) for a, b in pairs if b["clk27"] and a["clk27"]]
    senders = [(a["to_master"], b["to_master"]) for a, b in pairs if b["to_master"] and a["to_master"]]
    assert (len(clocks), len(senders)) == (645, 645)
    assert [pair for pair in clocks + senders if pair[0] != pair[1]] == []


def test_every_connection_proves_what_it_was_made_for():
    learned, found = track(scene_formats.capture(clear_twin(sample_security.scene()[0]), "legacy"))
    assert found == expected() and len(found) == 26
    assert learned["link"][0]["from_start"] == "0" and {row["from_start"] for row in learned["link"][1:]} == {"1"}


def test_encrypted_answers_prove_less():
    """LMP_accepted after LMP_start_encryption_req is encrypted. Unless encryption is stopped, nothing shows that it began."""
    _, found = track(btbbtest.sample("links.pcapbtbb").read_bytes())
    assert found == [proven - NEEDS_ACCEPTANCE if number in NOT_STOPPED else proven for number, proven in enumerate(expected())]


def view_of_findings(name):
    """{(number of the connection, key)} in the view findings."""
    rows = csv.DictReader(btbb("findings,format=csv", btbbtest.sample(name)).stdout.splitlines())
    return {(int(row["link"]), row["key"]) for row in rows if row["kind"] == "finding"}


def test_the_view_has_these_findings():
    """The first connection has encrypted payloads only, which the view does not read: it has no row. LINKTYPE 255 has no
    direction, and who was authenticated is then not always known."""
    proven = {(number, key) for number, keys in enumerate(expected()) for key in keys
              if not (number in NOT_STOPPED and key in NEEDS_ACCEPTANCE)}
    assert view_of_findings("links.pcapbtbb") == proven
    missing = proven - view_of_findings("links_rf.pcap")
    assert view_of_findings("links_rf.pcap") < proven
    assert {key for _, key in missing} == {"legacy-authentication", "one-sided-authentication", "secure-connections-not-used"}


def test_each_finding_has_a_connection_without_it():
    kinds = set().union(*expected())
    assert kinds == {"key-below-7", "key-below-16", "not-encrypted", "legacy-authentication", "one-sided-authentication",
                     "secure-connections-not-used", "legacy-pairing", "repeated-diversifiers"}
    assert all(any(kind not in found for found in expected()) for kind in kinds)


def test_methods_errors_and_roles():
    learned, _ = track(scene_formats.capture(clear_twin(sample_security.scene()[0]), "legacy"))
    links = dict(zip([case.build for case in sample_security.CASES if case.build is not sample_security.repeated],
                     learned["link"][:18] + learned["link"][21:]))
    of = lambda build, *keys: tuple(links[getattr(sample_security, build)].get(key) for key in keys)
    assert [of(build, "pairing")[0] for build in ("pin", "just_works", "key_of_16", "passkey", "out_of_band", "clear")] == [
        "PIN", "Just Works", "numeric comparison", "passkey entry", "out of band", "none"]
    assert of("pin_refused", "pairing_result", "detach_error") == ("failed", "0x05")
    assert of("secure_connections", "authenticated", "authentication") == ("mutual", "secure")
    assert of("refused", "refused_error", "detach_error") == ("0x25", "0x14")
    assert of("switch", "role_switches", "detach_error") == ("1", "0x06")
    assert of("wrong_lengths", "agreed_size", "end", "faulty") == (None, "detached", "10")


def test_names_are_escaped_and_cut():
    learned, _ = track(scene_formats.capture(clear_twin(sample_security.scene()[0]), "legacy"))
    names = [row.get("name") for row in learned["side"]]
    assert 'Ev\\x1b[31mil\\x07 \\u{202e}knird\\u{202c}\\x0d\\x0a,"=1+1"<b>&' in names
    assert "\\xff\\xfeNot\\xc3(UTF-8\\xf0\\x9f\\x8e\\xed\\xa0\\x80\\x00after zero" in names
    longest = max((name for name in names if name), key=len)
    assert longest.startswith("Ünïcödé Ünïcödé") and not any(name and name.startswith("A name") for name in names)


