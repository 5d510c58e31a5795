"""mime.py FILE...: what tests/mime.c prints, by Python's email package, which knows nothing of the program's reading. `-` stands for the bytes that it does not
keep: those of parts that it reads as messages, and those of the last part of a multipart that never ends, of which it takes the last newline away."""
import email
import email.errors
import hashlib
import re
import sys


def is_open(part):
    return any(isinstance(defect, email.errors.CloseBoundaryNotFoundDefect) for defect in part.defects)


def show(part, number, cut):
    kind = part.get_content_type().split()[0]
    payload = part._payload  # get_payload() would decode its charset
    if kind.startswith("multipart/") and part.is_multipart():
        print(number, kind)
        for i, child in enumerate(payload, 1):
            show(child, f"{i}" if number == "0" else f"{number}.{i}", cut and is_open(part) and i == len(payload))
    elif part.is_multipart() or (cut and number != "0"):
        print(number, kind, "-")
    else:
        body = (payload or "").encode("ascii", "surrogateescape")
        print(number, kind, len(body), hashlib.sha1(body).hexdigest())


for name in sys.argv[1:]:
    with open(name, "rb") as file:
        mail = file.read()
    print("==", name)
    # What stands before the header is not of the mail.
    show(email.message_from_bytes(re.sub(rb"\A(\xef\xbb\xbf)?([ \t\r]*\n|>?From [^\n]*\n)*", b"", mail)), "0", True)
