"""What two devices do: connect, pair, authenticate and encrypt over LMP, open channels over L2CAP. Procedures are those of the
Core Specification, Vol 2 Part C, section 4.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import btbb_crypt
import encode_lmp as lmp
import encode_upper as upper
from scenario import E0, AesCcm, Piconet, made_up

# Features of page 0 (Part C, 3.3), of a device of today and of one before version 2.1.
FEATURES_TODAY, FEATURES_OLD = 0x875BFFDBFE8FFEFF, 0x000008C01EF9FFFF
# Page 1 and page 2: what the host supports, and Secure Connections of the controller.
HOST_SSP, HOST_SECURE_CONNECTIONS, CONTROLLER_SECURE_CONNECTIONS = 0x01, 0x08, 0x100

DISPLAY_ONLY, DISPLAY_YES_NO, KEYBOARD_ONLY, NO_INPUT_NO_OUTPUT = range(4)
MITM_BONDING, BONDING = 3, 2
P192, P256 = 1, 2       # minor types of an encapsulated public key
E0_SHORT = 0x25         # error code: encryption mode not acceptable


class Link(Piconet):
    """A connection of a Central and one Peripheral. `key`: the link key, 16 bytes; made up if not given."""

    def __init__(self, scene, central, peripheral, key=None, **options):
        super().__init__(scene, central, peripheral, **options)
        self.key = key or made_up(16, "link key", *sorted((central.address, peripheral.address)))
        self.aco, self.count, self.secure = bytes(12), 0, False

    def random(self):
        """Another random number each time."""
        self.count += 1
        return made_up(16, self.central.address, self.peripheral.address, self.scene.slot, self.count)

    def ask_and_accept(self, sender, name, *values, **options):
        self.ask(sender, name, *values, **options)
        self.accept(self.other(sender), name)

    # --- Set-up ---

    def page(self):
        self.scene.page(self.central, self.peripheral)
        self.packet(self.central, "POLL")

    def connect(self):
        self.ask_and_accept(self.central, "host_connection_req")

    def complete(self):
        for device in (self.central, self.peripheral):
            self.ask(device, "setup_complete")

    def versions(self, central=(12, 15, 0x220E), peripheral=(10, 10, 0x1AB3)):
        self.ask(self.central, "version_req", *central)
        self.reply(self.peripheral, "version_res", *peripheral)

    def features(self, central=FEATURES_TODAY, peripheral=FEATURES_TODAY):
        self.ask(self.central, "features_req", central)
        self.reply(self.peripheral, "features_res", peripheral)

    def features_page(self, page, central, peripheral):
        self.ask(self.central, "features_req_ext", page, 2, central)
        self.reply(self.peripheral, "features_res_ext", page, 2, peripheral)

    def secure_connections(self, central=True, peripheral=True):
        """Pages 1 and 2 of both: hosts with Secure Simple Pairing, and Secure Connections where true."""
        host = [HOST_SSP | HOST_SECURE_CONNECTIONS * has for has in (central, peripheral)]
        self.features_page(1, *host)
        self.features_page(2, *(CONTROLLER_SECURE_CONNECTIONS * has for has in (central, peripheral)))

    def name(self, sender, name, length=None):
        """The name of the other device; `length`: what it announces."""
        self.tid = 0 if sender is self.central else 1
        for number, fragment in enumerate(lmp.name_fragments(name, self.tid, length)):
            self.ask(sender, "name_req", 14 * number)
            self.pdu(self.other(sender), fragment)

    def detach(self, sender, error=lmp.USER_ENDED):
        self.ask(sender, "detach", error)

    # --- Pairing ---

    def pair_with_pin(self, sender=None):
        """Legacy pairing (4.2.2)."""
        first = sender or self.central
        self.ask_and_accept(first, "in_rand", self.random())
        for device in (first, self.other(first)):
            self.reply(device, "comb_key", self.random())

    def io_capabilities(self, first, second, sender=None):
        """Each: IO capability, out of band data, authentication requirements."""
        sender = sender or self.central
        self.ask(sender, "IO_capability_req", *first)
        self.reply(self.other(sender), "IO_capability_res", *second)

    def public_keys(self, curve=P192):
        """Both public keys, in parts of 16 bytes (4.2.7.2); the initiator is the Central."""
        size = {P192: 48, P256: 64}[curve]
        self.tid = 0
        for sender in (self.central, self.peripheral):
            self.reply(sender, "encapsulated_header", 1, curve, size)
            self.accept(self.other(sender), "encapsulated_header")
            for part in range(size // 16):
                self.reply(sender, "encapsulated_payload", made_up(16, "public key", sender.address, part))
                self.accept(self.other(sender), "encapsulated_payload")

    def _number(self, sender):
        self.reply(sender, "simple_pairing_number", self.random())
        self.accept(self.other(sender), "simple_pairing_number")

    def compare_numbers(self):
        """Numeric comparison and Just Works (4.2.7.3.1): the same PDUs, only the users see a difference."""
        self.reply(self.peripheral, "simple_pairing_confirm", self.random())
        self._number(self.central)
        self._number(self.peripheral)

    def enter_passkey(self, digits=20, heard=3):
        """Passkey entry (4.2.7.3.2): both commit to each of 20 bits. Only the first ones are heard."""
        for digit in range(digits):
            first = len(self.scene.sent)
            for device in (self.central, self.peripheral):
                self.reply(device, "simple_pairing_confirm", self.random())
            self._number(self.central)
            self._number(self.peripheral)
            if digit >= heard:
                self.scene.sent[first:] = [sent._replace(heard=False) for sent in self.scene.sent[first:]]

    def exchange_out_of_band(self):
        """(4.2.7.3.3)"""
        self._number(self.central)
        self._number(self.peripheral)

    def check_keys(self):
        for sender in (self.central, self.peripheral):
            self.reply(sender, "DHkey_check", self.random())
            self.accept(self.other(sender), "DHkey_check")

    # --- Authentication ---

    def authenticate(self, verifier, rand=None):
        """Legacy authentication of the other device (4.2.1); SRES is that of the link key."""
        claimant = self.other(verifier)
        rand = rand or self.random()
        self.ask(verifier, "au_rand", rand)
        sres, self.aco = btbb_crypt.e1(self.key, rand, claimant.address)
        self.reply(claimant, "sres", sres)

    def authenticate_securely(self):
        """Secure authentication (4.2.1.4) is always mutual. The responses are made up."""
        for device in (self.central, self.peripheral):
            self.tid = 0
            self.reply(device, "au_rand", self.random())
        for device in (self.peripheral, self.central):
            self.reply(device, "sres", made_up(4, "h5", self.random()))
        self.secure = True

    # --- Encryption ---

    def agree_on_size(self, *sizes, again=False):
        """Key sizes that the devices offer in turn, the Central first, until the last one is accepted (4.2.5.2). `again`: the
        first request is sent twice."""
        for number, size in enumerate(sizes):
            sender = (self.central, self.peripheral)[number % 2]
            self.ask(sender, "encryption_key_size_req", size)
            if again and number == 0:
                self.pdu(sender, lmp.pdu("encryption_key_size_req", self.tid, size), again=True)
            if number + 1 < len(sizes):
                self.refuse(self.other(sender), "encryption_key_size_req", lmp.UNSUPPORTED_PARAMETER)
            else:
                self.accept(self.other(sender), "encryption_key_size_req")
        self.size = sizes[-1]

    def _cipher(self, rand):
        if self.secure:
            return AesCcm(rand)
        return E0(btbb_crypt.shorten(btbb_crypt.e3(self.key, rand, self.aco), self.size), self.central)

    def start(self, rand=None, lost=False):
        """The request is clear; the Peripheral's answer is encrypted already, the Central goes on encrypted (4.2.5.3)."""
        rand = rand or self.random()
        self.ask(self.central, "start_encryption_req", rand, heard=not lost)
        cipher = self._cipher(rand)
        self.ciphers[self.peripheral] = cipher
        self.accept(self.peripheral, "start_encryption_req")
        self.ciphers[self.central] = cipher

    def stop(self):
        """The request is encrypted; the Peripheral's answer is clear (4.2.5.4)."""
        self.ask(self.central, "stop_encryption_req")
        self.ciphers.pop(self.peripheral, None)
        self.accept(self.peripheral, "stop_encryption_req")
        self.ciphers.pop(self.central, None)

    def encrypt(self, *sizes, rand=None):
        self.ask_and_accept(self.central, "encryption_mode_req", 1)
        self.agree_on_size(*(sizes or (16,)))
        self.start(rand)

    def pause(self, sender=None):
        """(4.2.5.5) A Peripheral answers the Central's request with its own; then the Central stops."""
        first = sender or self.central
        self.ask(first, "pause_encryption_req")
        if first is self.central:
            self.reply(self.peripheral, "pause_encryption_req")
        self.stop()

    def resume(self, rand=None):
        self.ask(self.peripheral, "resume_encryption_req")
        self.start(rand)

    # --- L2CAP (Vol 3 Part A, 4) ---

    def open_channel(self, sender, identifier, psm, own, other):
        """Connect to a PSM of the other device, which takes the CID `other`; both configure their MTU."""
        receiver, mtu = self.other(sender), upper.mtu(672)
        peripheral = receiver if sender is self.central else sender
        for device, name, values, options in (
                (sender, "connection_request", (psm, own), b""), (receiver, "connection_response", (other, own, 0, 0), b""),
                (sender, "configure_request", (other, 0), mtu), (receiver, "configure_response", (own, 0, 0), mtu),
                (receiver, "configure_request", (own, 0), mtu), (sender, "configure_response", (other, 0, 0), mtu)):
            self.message(device, "DM1", upper.signal(name, identifier + name.startswith("configure"), *values, data=options),
                         to=peripheral)

    def close_channel(self, sender, identifier, own, other):
        self.message(sender, "DM1", upper.signal("disconnection_request", identifier, other, own))
        self.message(self.other(sender), "DM1", upper.signal("disconnection_response", identifier, other, own))
