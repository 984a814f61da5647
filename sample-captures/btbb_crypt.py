"""Legacy security of Bluetooth BR/EDR: SAFER+, E1, E3, the shortened encryption key, and E0.

An implementation of its own, for sample captures and for tests: it shares nothing with the C code that it serves to test.
It follows the figures of the Core Specification, Vol 2 Part H, bit by bit; chapters are those of that part.

Keys and random numbers are bytes in the order of LMP PDUs. A BD_ADDR is a number: NAP << 32 | UAP << 24 | LAP.

SPDX-License-Identifier: GPL-2.0-or-later
"""

# --- SAFER+ (6.2) ---------------------------------------------------------------------------------------------------

EXPONENTIATION = [pow(45, i, 257) % 256 for i in range(256)]
LOGARITHM = {value: i for i, value in enumerate(EXPONENTIATION)}
SHUFFLE = (8, 11, 12, 15, 2, 1, 6, 5, 10, 9, 14, 13, 0, 7, 4, 3)


def _xor(a, b):
    return a ^ b


def _add(a, b):
    return (a + b) % 256


# What combines a byte with a byte of an odd subkey, and the substitution that follows; even subkeys swap the two.
_ODD = (_xor, _add, _add, _xor) * 4
_EVEN = (_add, _xor, _xor, _add) * 4
_BOXES = (EXPONENTIATION, LOGARITHM, LOGARITHM, EXPONENTIATION) * 4


def _combine(operations, block, key):
    return [operation(a, b) for operation, a, b in zip(operations, block, key)]


def _subkeys(key):
    checksum = 0
    for byte in key:
        checksum ^= byte
    circle = list(key) + [checksum]
    yield circle[:16]
    for number in range(2, 18):
        circle = [(byte << 3 | byte >> 5) % 256 for byte in circle]
        turned = circle[number - 1:] + circle[:number - 1]
        yield [_add(turned[i], pow(45, pow(45, 17 * number + i + 1, 257), 257) % 256) for i in range(16)]


def _hadamard(block):
    pairs = zip(block[::2], block[1::2])
    return [byte for a, b in pairs for byte in ((2 * a + b) % 256, (a + b) % 256)]


def safer(key, data, prime=False):
    """Ar, or Ar' when `prime`."""
    *keys, last = _subkeys(key)
    block = list(data)
    for number in range(8):
        if prime and number == 2:
            block = _combine(_ODD, block, data)
        block = _combine(_ODD, block, keys[2 * number])
        block = [box[byte] for box, byte in zip(_BOXES, block)]
        block = _hadamard(_combine(_EVEN, block, keys[2 * number + 1]))
        for _ in range(3):
            block = _hadamard([block[i] for i in SHUFFLE])
    return bytes(_combine(_ODD, block, last))


# --- E1 and E3 (6.1, 6.4) -------------------------------------------------------------------------------------------

_OFFSETS = ((_add, 233), (_xor, 229), (_add, 223), (_xor, 193), (_add, 179), (_xor, 167), (_add, 149), (_xor, 131),
            (_xor, 233), (_add, 229), (_xor, 223), (_add, 193), (_xor, 179), (_add, 167), (_xor, 149), (_add, 131))


def _hash(key, rand, factor):
    other_key = bytes(operation(byte, offset) for byte, (operation, offset) in zip(key, _OFFSETS))
    repeated = (factor * 3)[:16]
    block = [_add(_xor(a, b), c) for a, b, c in zip(safer(key, rand), rand, repeated)]
    return safer(other_key, block, prime=True)


def e1(link_key, au_rand, claimant):
    """SRES and ACO. `claimant`: the BD_ADDR of the device that sends the SRES."""
    out = _hash(link_key, au_rand, claimant.to_bytes(6, "little"))
    return out[:4], out[4:]


def e3(link_key, en_rand, cof):
    """Kc. `cof`: the ACO of the last authentication; for a temporary link key, cof_of_central()."""
    return _hash(link_key, en_rand, cof)


def cof_of_central(central):
    return central.to_bytes(6, "little") * 2


# --- The shortened encryption key (4.5) -----------------------------------------------------------------------------

# (g1, g2) by key size in bytes.
POLYNOMIALS = {
    1: (0x11D, 0xE275A0ABD218D4CF928B9BBF6CB08F),
    2: (0x1003F, 0x1E3F63D7659B37F18C258CFF6EFEF),
    3: (0x10000DB, 0x1BEF66C6C3AB1030A5A1919808B),
    4: (0x1000000AF, 0x16AB89969DE17467FD3736AD9),
    5: (0x10000000039, 0x163063291DA50EC55715247),
    6: (0x1000000000291, 0x2C9352AA6CC054468311),
    7: (0x100000000000095, 0xB3F7FFFCE279F3A073),
    8: (0x1000000000000001B, 0xA1AB815BC7EC8025),
    9: (0x1000000000000000609, 0x2C98011D8B04D),
    10: (0x100000000000000000215, 0x58E24F9A4BB),
    11: (0x1000000000000000000013B, 0xCA76024D7),
    12: (0x10000000000000000000000DD, 0x1C9C26B9),
    13: (0x10000000000000000000000049D, 0x26D9E3),
    14: (0x1000000000000000000000000014F, 0x4377),
    15: (0x10000000000000000000000000000E7, 0x89),
    16: (0x100000000000000000000000000000000, 0x1),
}


def shorten(kc, size):
    """K'C for a key size of 1 to 16 bytes. Octet 0 holds the coefficients of x^0 .. x^7."""
    g1, g2 = POLYNOMIALS[size]
    rest = int.from_bytes(kc, "little")
    while rest.bit_length() >= g1.bit_length():
        rest ^= g1 << (rest.bit_length() - g1.bit_length())
    product = 0
    for exponent in range(rest.bit_length()):
        if rest >> exponent & 1:
            product ^= g2 << exponent
    return product.to_bytes(16, "little")


# --- E0 (4.3 to 4.6) ------------------------------------------------------------------------------------------------

class _Register:
    """A shift register. `bits`: newest first."""

    def __init__(self, taps, output):
        self.taps, self.output = taps, output
        self.bits = [0] * taps[-1]
        self.shifts = 0

    def shift(self, bit=0):
        """The feedback is off until the register is full."""
        if self.shifts >= len(self.bits):
            for tap in self.taps:
                bit ^= self.bits[tap - 1]
        self.bits = [bit] + self.bits[:-1]
        self.shifts += 1

    def out(self):
        return self.bits[self.output - 1]


class _Combiner:
    """The summation combiner: c[t] and c[t-1]."""

    def __init__(self):
        self.now = self.before = 0

    def symbol(self, outputs):
        return sum(outputs) % 2 ^ self.now & 1

    def step(self, outputs):
        total = (sum(outputs) + self.now) // 2
        turned = {0b00: 0b00, 0b01: 0b11, 0b10: 0b01, 0b11: 0b10}[self.before]
        self.now, self.before = total ^ self.now ^ turned, self.now


def _bits(*fields):
    """The bits of (value, count) fields, lowest first."""
    return [value >> i & 1 for value, count in fields for i in range(count)]


def _feeds(key, central, clock):
    """What is fed into the registers, first bit first."""
    def keys(first):
        return [(key[i], 8) for i in range(first, 16, 4)]
    address = [(byte, 8) for byte in central.to_bytes(6, "little")]
    clocks = [(clock >> shift & 0xFF, 8) for shift in (0, 8, 16)]
    return (_bits((clock >> 24, 1), *keys(0), clocks[1], address[2]),
            _bits((0b001, 3), (clock, 4), *keys(1), address[0], address[3]),
            _bits((clock >> 25, 1), *keys(2), clocks[2], address[4]),
            _bits((0b111, 3), (clock >> 4, 4), *keys(3), address[1], address[5]))


def keystream(key, central, clock, count):
    """`count` key symbols for one packet. `key`: K'C; `central`: BD_ADDR of the Central; `clock`: its CLK26-1."""
    registers = [_Register((8, 12, 20, 25), 24), _Register((12, 16, 24, 31), 24),
                 _Register((4, 24, 28, 33), 32), _Register((4, 28, 36, 39), 32)]
    feeds = _feeds(key, central, clock)
    combiner, warm = None, []
    for t in range(1, 240):
        for register, feed in zip(registers, feeds):
            register.shift(feed[t - 1] if t <= len(feed) else 0)
        outputs = [register.out() for register in registers]
        if t == 39:
            combiner = _Combiner()
        if t >= 39:
            warm.append(combiner.symbol(outputs))
            if t < 239:         # the state is held while the registers are loaded
                combiner.step(outputs)
    z = [warm[-128:][8 * i:8 * i + 8] for i in range(16)]
    loads = (z[0] + z[4] + z[8] + z[12][:1], z[1] + z[5] + z[9] + z[12][1:],
             z[2] + z[6] + z[10] + z[13] + z[15][:1], z[3] + z[7] + z[11] + z[14] + z[15][1:])
    for register, load in zip(registers, loads):
        register.bits = load
    symbols = []
    for _ in range(count):
        outputs = [register.out() for register in registers]
        symbols.append(combiner.symbol(outputs))
        combiner.step(outputs)
        for register in registers:
            register.shift()
    return symbols


def crypt(key, central, clock, payload):
    """Encrypt or decrypt payload header, body and CRC of one packet."""
    symbols = keystream(key, central, clock, 8 * len(payload))
    return bytes(byte ^ sum(bit << i for i, bit in enumerate(symbols[8 * at:8 * at + 8])) for at, byte in enumerate(payload))
