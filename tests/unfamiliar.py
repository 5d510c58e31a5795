#!/usr/bin/env python3
"""Judged bounces made unfamiliar: real words in layouts that nobody has seen, with their truth beside them.

usage: unfamiliar.py SET OUT
SET has messages/ and truth.tsv. Writes OUT/CHANGE/messages/ and OUT/CHANGE/truth.tsv for each change below, of the bounces to which it can be done:
make accuracy CORPUS=OUT/CHANGE. What a notice does not say any more can't be found: no figure can be 100."""
import os
import re
import shutil
import sys

MIME = {b"content-type", b"content-transfer-encoding", b"mime-version"}


def split(mail):
    """The header and the body, with LF."""
    mail = mail.replace(b"\r\n", b"\n")
    if mail.startswith(b"From "):
        mail = mail[mail.index(b"\n") + 1:]
    header, _, body = mail.partition(b"\n\n")
    return header + b"\n", body


def fields(header, keep):
    """The fields of which KEEP(name) is true."""
    found = re.findall(rb"^[^\s][^\n]*\n(?:[ \t][^\n]*\n)*", header, re.M)
    return b"".join(field for field in found if keep(field.split(b":")[0].strip().lower()))


def parts(header, body):
    """The boundary, and what stands before, between and after its lines; None if there are none."""
    match = re.search(rb'boundary\s*=\s*(?:"([^"]+)"|([^\s;]+))', header, re.I)
    if not match:
        return None
    boundary = match.group(1) or match.group(2)
    return boundary, re.split(rb"(?:^|\n)--" + re.escape(boundary) + rb"(?:--)?[ \t]*(?=\n|$)", body)


def without(header, body, types):
    """The mail without its parts of TYPES; None if it has none."""
    found = parts(header, body)
    if not found:
        return None
    boundary, all_parts = found
    kept = [part for part in all_parts if not re.search(types, part[:400], re.I)]
    if len(kept) == len(all_parts) or len(kept) < 2:
        return None
    line = b"\n--" + boundary
    return header, kept[0] + b"".join(line + part for part in kept[1:-1]) + line + b"--\n"


def text(header, body):
    """A mail of nothing but text."""
    other = fields(header, lambda name: name not in MIME)
    return other + b"MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n", body


def bare(header, body):
    return fields(header, lambda name: name in MIME | {b"from", b"to", b"subject", b"date", b"message-id"}), body


def nameless(header, body):
    other = fields(header, lambda name: name not in (b"from", b"return-path"))
    return b"Return-Path: <mail@relay.example>\nFrom: mail <mail@relay.example>\n" + other, body


def no_subject(header, body):
    return fields(header, lambda name: name != b"subject"), body


def no_status(header, body):
    return without(header, body, rb"message/delivery-status")


def no_returned(header, body):
    return without(header, body, rb"content-type:\s*(?:message/rfc822|text/rfc822-headers)")


def notice_alone(header, body):
    found = parts(header, body)
    if not found or len(found[1]) < 3:
        return None
    head, _, words = (b"\n" + found[1][1].lstrip(b"\n") if not found[1][1].startswith(b"\n\n") else found[1][1]).partition(b"\n\n")
    if b"multipart" in head.lower():
        return None
    return fields(header, lambda name: name not in MIME) + b"MIME-Version: 1.0\n" + (head.lstrip(b"\n") + b"\n" if head.strip() else b""), words


def pasted(header, body):
    found = parts(header, body)
    if not found or re.search(rb"encoding:\s*(?:base64|quoted)", body, re.I):
        return None
    return text(header, b"\n\n".join(part.lstrip(b"\n").partition(b"\n\n")[2] for part in found[1][1:-1]))


def double_spaced(header, body):
    return None if parts(header, body) else (header, body.replace(b"\n", b"\n\n"))


def cut_off(header, body):
    return (header, body[:max(600, len(body) * 6 // 10)]) if len(body) > 900 else None


CHANGES = [bare, nameless, no_subject, no_status, no_returned, notice_alone, pasted, double_spaced, cut_off]


def main():
    source, out = sys.argv[1:]
    with open(os.path.join(source, "truth.tsv"), encoding="utf-8") as file:
        head, *rows = file.read().splitlines()
    for change in CHANGES:
        folder = os.path.join(out, change.__name__.replace("_", "-"))
        os.makedirs(os.path.join(folder, "messages"))
        kept = [head]
        for row in rows:
            name, kind = row.split("\t")[:2]
            if kind not in ("failed", "delayed"):
                continue
            with open(os.path.join(source, "messages", name), "rb") as file:
                mail = change(*split(file.read()))
            if mail is None:
                continue
            kept.append(row)
            with open(os.path.join(folder, "messages", name), "wb") as file:
                file.write(mail[0] + b"\n" + mail[1])
        with open(os.path.join(folder, "truth.tsv"), "w", encoding="utf-8") as file:
            file.write("\n".join(kept) + "\n")
        if os.path.exists(os.path.join(source, "score.py")):
            shutil.copy(os.path.join(source, "score.py"), folder)


if len(sys.argv) != 3:
    sys.exit(__doc__)
main()
