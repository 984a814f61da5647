"""Connections whose LMP shows how safe they are, one after the other: each weakness of which there may be a finding, and for
each a connection that nearly has it.

SPDX-License-Identifier: GPL-2.0-or-later
"""
from collections import namedtuple

import encode_lmp as lmp
import encode_upper as upper
import scene_formats
from link_procedures import (BONDING, DISPLAY_YES_NO, E0_SHORT, FEATURES_OLD, KEYBOARD_ONLY, MITM_BONDING, NO_INPUT_NO_OUTPUT,
                             P256, Link)
from scenario import Device, Scene, made_up

PHONE_CLASS, HEADSET_CLASS, MOUSE_CLASS = 0x5A020C, 0x240404, 0x002580


def new_link(scene, number, **options):
    """A connection of two new devices."""
    scene.wait(400)
    central = Device(0x510000 + 0x1003 * number, 0x72, 0x0002, 0x0100000 * number + 0x2468, device_class=PHONE_CLASS)
    peripheral = Device(0x6A0000 + 0x2011 * number, 0xC7, 0x0010, 0x0230000 * number + 0x1357, device_class=HEADSET_CLASS)
    return Link(scene, central, peripheral, polls=False, **options)


def connect(link, **features):
    link.page()
    link.features(**features)
    link.connect()
    link.complete()


def data(link, count=2):
    """Messages of both devices: echo requests and their answers."""
    for number in range(1, count + 1):
        link.packet(link.central, "DM1", upper.signal("echo_request", number, data=b"ping"))
        link.packet(link.peripheral, "DM1", upper.signal("echo_response", number, data=b"ping"))


def authenticate_both(link):
    link.authenticate(link.central)
    link.authenticate(link.peripheral)


# --- Encryption and its key size ------------------------------------------------------------------------------------

def middle(link):
    """The capture begins in the middle of it."""
    link.size = 16
    link.features()
    link.agree_on_size(16)
    link.scene.sent.clear()
    link.start(lost=True)
    data(link)


def key_of_1(link):
    """The size is brought down to one byte (KNOB)."""
    connect(link)
    link.versions()
    authenticate_both(link)
    link.encrypt(16, 1)
    data(link)


def key_of_7(link):
    """Seven bytes are accepted, and the Peripheral never verifies the Central."""
    connect(link)
    link.authenticate(link.central)
    link.encrypt(16, 7)
    data(link)


def key_of_16(link):
    """A request for one byte is refused: no finding follows from it. Numeric comparison before."""
    connect(link)
    link.secure_connections(False, False)
    link.io_capabilities((DISPLAY_YES_NO, 0, MITM_BONDING), (DISPLAY_YES_NO, 0, MITM_BONDING))
    link.public_keys()
    link.compare_numbers()
    link.check_keys()
    authenticate_both(link)
    link.encrypt(1, 16)
    data(link)


def refused(link):
    """Encryption is asked for and refused, then data flows."""
    connect(link)
    link.authenticate(link.central)
    link.ask(link.central, "encryption_mode_req", 1)
    link.refuse(link.peripheral, "encryption_mode_req", E0_SHORT)
    data(link)
    link.detach(link.peripheral, lmp.LOW_RESOURCES)


def clear(link):
    """Nobody asks for encryption, data flows."""
    connect(link)
    data(link, 3)
    link.detach(link.central)


def no_data(link):
    """Nobody asks for encryption, and there is nothing to encrypt. The slots are not known to be encrypted or not."""
    connect(link)
    link.detach(link.central, lmp.POWER_OFF)


def unanswered(link):
    """Encryption is to be started; the capture does not hold the answer."""
    connect(link)
    authenticate_both(link)
    link.ask_and_accept(link.central, "encryption_mode_req", 1)
    link.agree_on_size(16)
    link.ask(link.central, "start_encryption_req", link.random())


def stopped(link):
    """Encrypted, then clear again, and a detach that can be read."""
    connect(link)
    authenticate_both(link)
    link.encrypt(16)
    data(link, 1)
    link.stop()
    data(link, 1)
    link.detach(link.central)


# --- Pairing --------------------------------------------------------------------------------------------------------

def pin(link):
    """Legacy pairing of devices without Secure Simple Pairing."""
    connect(link, central=FEATURES_OLD, peripheral=FEATURES_OLD)
    link.versions((3, 15, 0x0C5C), (2, 10, 0x0210))
    link.pair_with_pin()
    authenticate_both(link)
    link.encrypt(16)
    data(link, 1)


def pin_refused(link):
    connect(link, central=FEATURES_OLD, peripheral=FEATURES_OLD)
    link.ask(link.central, "in_rand", link.random())
    link.refuse(link.peripheral, "in_rand", lmp.PAIRING_NOT_ALLOWED)
    link.detach(link.central, lmp.AUTHENTICATION_FAILURE)


def just_works(link):
    connect(link)
    link.io_capabilities((DISPLAY_YES_NO, 0, BONDING), (NO_INPUT_NO_OUTPUT, 0, BONDING))
    link.public_keys()
    link.compare_numbers()
    link.check_keys()
    authenticate_both(link)
    link.encrypt(16)
    data(link, 1)


def passkey(link):
    """Keyboard and display: one commitment of each device for each bit, of which the first three are heard."""
    connect(link)
    link.io_capabilities((DISPLAY_YES_NO, 0, MITM_BONDING), (KEYBOARD_ONLY, 0, MITM_BONDING))
    link.public_keys()
    link.enter_passkey()
    link.check_keys()
    link.detach(link.central)


def out_of_band(link):
    connect(link)
    link.io_capabilities((DISPLAY_YES_NO, 1, MITM_BONDING), (NO_INPUT_NO_OUTPUT, 1, MITM_BONDING))
    link.public_keys()
    link.exchange_out_of_band()
    link.check_keys()
    link.detach(link.central)


# --- Authentication -------------------------------------------------------------------------------------------------

def secure_connections(link):
    """Both devices support Secure Connections and use them: P-256, secure authentication, AES-CCM."""
    connect(link)
    link.secure_connections()
    link.io_capabilities((DISPLAY_YES_NO, 0, MITM_BONDING), (DISPLAY_YES_NO, 0, MITM_BONDING))
    link.public_keys(P256)
    link.compare_numbers()
    link.check_keys()
    link.authenticate_securely()
    link.encrypt(16)
    data(link, 1)


def downgraded(link):
    """Both devices support Secure Connections; authentication is the legacy one (BLUFFS)."""
    connect(link)
    link.secure_connections()
    authenticate_both(link)
    link.encrypt(16)
    data(link, 1)


def host_without(link):
    """The Peripheral's host does not support Secure Connections: nothing is downgraded."""
    connect(link)
    link.secure_connections(True, False)
    authenticate_both(link)
    link.encrypt(16)
    data(link, 1)


def one_sided_refused(link):
    """The Peripheral's challenge collides and is refused; only the Central verifies."""
    connect(link)
    link.ask(link.peripheral, "au_rand", link.random())
    link.refuse(link.central, "au_rand", lmp.TRANSACTION_COLLISION)
    link.authenticate(link.central)
    link.encrypt(16)
    data(link, 1)


def repeated(link):
    """Three connections: AU_RAND and EN_RAND of the second are those of the first (BLUFFS), the third has new ones."""
    numbers = made_up(16, "AU_RAND"), made_up(16, "EN_RAND")
    for au_rand, en_rand in (numbers, numbers, (None, None)):
        connect(link)
        link.authenticate(link.central, au_rand)
        link.encrypt(16, rand=en_rand)
        link.stop()
        link.detach(link.central)
        link.scene.wait(200)


# --- Names, roles, retransmissions ----------------------------------------------------------------------------------

HOSTILE = "Ev\x1b[31mil\x07 \u202eknird\u202c\r\n,\"=1+1\"<b>&".encode()
BROKEN = b"\xff\xfeNot\xc3(UTF-8\xf0\x9f\x8e\xed\xa0\x80\0after zero"
LONG = "Ünïcödé "     # 13 bytes: fragments of 14 end within characters


def names(link):
    """Each device has a hostile name: control characters and text that runs backwards; no UTF-8."""
    connect(link)
    link.name(link.central, HOSTILE)
    link.name(link.peripheral, BROKEN)
    link.detach(link.central)


def long_names(link):
    """The longest name; a name of which a fragment is missing and whose length is wrong."""
    connect(link)
    link.name(link.central, (LONG * 20).encode()[:248])
    first = len(link.scene.sent)
    link.name(link.peripheral, b"A name with a gap in the middle", 250)
    link.scene.sent[first + 3] = link.scene.sent[first + 3]._replace(heard=False)
    link.detach(link.central)


def switch(link):
    """The Peripheral becomes Central; its detach names another error."""
    connect(link)
    link.name(link.central, b"Switching headset")
    link.switch_roles()
    link.features()
    link.authenticate(link.central)
    data(link)
    link.detach(link.peripheral, lmp.KEY_MISSING)


def retransmissions(link):
    """Requests and answers are sent twice; each counts once."""
    connect(link)
    rand = link.random()
    link.ask(link.central, "au_rand", rand)
    link.pdu(link.central, lmp.pdu("au_rand", 0, rand), again=True)
    for again in (False, True):
        link.pdu(link.peripheral, lmp.pdu("sres", 0, made_up(4, "sres")), again=again)
    link.agree_on_size(16, again=True)
    message = upper.signal("echo_request", 1, data=b"twice")
    for again in (False, True):
        link.packet(link.central, "DM1", message, again=again)
    for again in (False, True, True):
        link.pdu(link.peripheral, lmp.pdu("detach", 1, lmp.USER_ENDED), again=again)


def wrong_lengths(link):
    """PDUs that are too short or too long, unknown, or empty; none may change what is known."""
    connect(link)
    for data_ in (lmp.pdu("encryption_key_size_req", 0, 1)[:1], lmp.pdu("detach", 0, 0x13)[:1], lmp.raw(0, 126, b"\1\2"),
                  lmp.raw(0, 90, b"\1"), lmp.raw(0, 127), lmp.raw(0, 127, b"\x10", 99), lmp.pdu("sres", 0, b"\1")[:3],
                  lmp.pdu("encryption_key_size_req", 0, 1) + b"\0\0", lmp.pdu("features_req", 0, 0)[:5], b"",
                  lmp.pdu("name_res", 0, 200, 255, b"beyond its end"), lmp.pdu("name_res", 0, 14, 3, b"before its end")):
        link.pdu(link.central, data_)
    link.detach(link.central)


# findings: keys (core/learn/link-findings.h) of those that each connection proves when all its PDUs can be read: in the clear
# twin, or in the log of a controller. Of `repeated` they are those of its second connection; its others lack the last one.
Case = namedtuple("Case", "build findings")
LEGACY = "legacy-authentication"
CASES = (
    Case(middle, ()), Case(key_of_1, ("key-below-7", LEGACY)),
    Case(key_of_7, ("key-below-16", LEGACY, "one-sided-authentication")), Case(key_of_16, (LEGACY,)),
    Case(refused, ("not-encrypted",)), Case(clear, ("not-encrypted",)), Case(no_data, ()), Case(unanswered, ()),
    Case(stopped, (LEGACY,)), Case(pin, (LEGACY, "legacy-pairing")), Case(pin_refused, ()), Case(just_works, (LEGACY,)),
    Case(passkey, ()), Case(out_of_band, ()), Case(secure_connections, ()),
    Case(downgraded, (LEGACY, "secure-connections-not-used")), Case(host_without, (LEGACY,)),
    Case(one_sided_refused, (LEGACY, "one-sided-authentication")),
    Case(repeated, (LEGACY, "one-sided-authentication", "repeated-diversifiers")), Case(names, ()), Case(long_names, ()),
    Case(switch, ("not-encrypted",)), Case(retransmissions, ("not-encrypted",)), Case(wrong_lengths, ()),
)


def scene():
    """All connections; the second value is a device of the second one."""
    new = Scene()
    for number, case in enumerate(CASES, 1):
        link = new_link(new, number)
        case.build(link)
        device = link.central if number == 2 else device if number > 2 else None
    return new, device


def links():
    return scene_formats.capture(scene()[0], "legacy")


def links_rf():
    return scene_formats.capture(scene()[0], "255")
