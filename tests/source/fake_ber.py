# SPDX-License-Identifier: ISC
"""As much of BER (X.690) and of LDAP's messages (RFC 4511) as a server needs that tests write themselves."""
import functools

INTEGER, OCTETS, ENUMERATED, SEQUENCE, SET = 0x02, 0x04, 0x0A, 0x30, 0x31


def tlv(tag, content):
    size = len(content)
    if size < 0x80:
        return bytes([tag, size]) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + content


def integer(number, tag=INTEGER):
    return tlv(tag, number.to_bytes(number.bit_length() // 8 + 1, "big", signed=True))


def octets(value, tag=OCTETS):
    return tlv(tag, value.encode() if isinstance(value, str) else value)


def sequence(*parts, tag=SEQUENCE):
    return tlv(tag, b"".join(parts))


def split(data):
    """The values of a sequence's content, as pairs of tag and content."""
    at = 0
    parts = []
    while at < len(data):
        tag, size = data[at], data[at + 1]
        at += 2
        if size & 0x80:
            width = size & 0x7F
            size = int.from_bytes(data[at : at + width], "big")
            at += width
        parts.append((tag, data[at : at + size]))
        at += size
    return parts


# A filter is held against every entry.
split_again = functools.lru_cache(maxsize=1000)(split)


def number(content):
    return int.from_bytes(content, "big", signed=True)


def read_message(stream):
    """The content of the next message; None at the end."""
    head = stream.read(2)
    if len(head) < 2:
        return None
    size = head[1]
    if size & 0x80:
        size = int.from_bytes(stream.read(size & 0x7F), "big")
    body = stream.read(size)
    return body if len(body) == size else None


def result(tag, code, text=""):
    return sequence(integer(code, ENUMERATED), octets(""), octets(text), tag=tag)


def entry(dn, attributes):
    """attributes: pairs of a name and values."""
    parts = [sequence(octets(name), sequence(*map(octets, values), tag=SET)) for name, values in attributes]
    return sequence(octets(dn), sequence(*parts), tag=0x64)


def message(number_of, operation, controls=()):
    """controls: pairs of an OID and a value."""
    parts = [integer(number_of), operation]
    if controls:
        parts.append(sequence(*(sequence(octets(oid), octets(value)) for oid, value in controls), tag=0xA0))
    return sequence(*parts)


def controls_of(parts):
    """A message's controls: values by OID, None where there is no value."""
    found = {}
    for tag, content in parts:
        if tag != 0xA0:
            continue
        for _, control in split(content):
            fields = split(control)
            values = [value for kind, value in fields[1:] if kind == OCTETS]
            found[fields[0][1].decode()] = values[0] if values else None
    return found


def matches(tag, content, values_of):
    """Whether a filter holds; values_of(name) gives bytes.  What is not known of a filter does not hold."""
    if tag == 0xA0:
        return all(matches(*part, values_of) for part in split_again(content))
    if tag == 0xA1:
        return any(matches(*part, values_of) for part in split_again(content))
    if tag == 0xA2:
        return not matches(*split_again(content)[0], values_of)
    if tag == 0x87:
        return bool(values_of(content.decode()))
    fields = split_again(content)
    if tag == 0xA9:
        named = dict(fields)
        wanted = int(named[0x83])
        return any(int(value) & wanted == wanted for value in values_of(named[0x82].decode()))
    values = values_of(fields[0][1].decode())
    wanted = fields[1][1]
    if tag == 0xA3:
        return any(value.lower() == wanted.lower() for value in values)
    if tag == 0xA5:
        return any(int(value) >= int(wanted) for value in values)
    if tag == 0xA6:
        return any(int(value) <= int(wanted) for value in values)
    return False
