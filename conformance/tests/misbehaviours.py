"""The table of misbehaviours: what each must cost, and what must be said of it."""

from typing import NamedTuple

from judged import (
    ANY,
    DESCRIBE,
    ERROR,
    EVERY,
    EXEC,
    FAIL,
    MEMORY,
    ONE,
    PASS,
    STREAM,
    TIMEOUT,
    UNSUPPORTED,
)


class Trial(NamedTuple):
    """A behaviour, and what must come of it.

    ``hit``: the verdict on the cases whose request has the trigger, ``rest`` on all others; where
    several will do, they are joined by ``|``. ``says``: what must be told, in a message or in a
    remark. ``timeout`` in seconds. ``breach``: replies break the contract of the wire, which fails
    the run, whatever the cases' verdicts are.
    """

    behaviour: str
    rule: str
    hit: str = PASS
    rest: str = PASS
    says: str = ""
    trigger: str = ONE
    modes: tuple[str, ...] = (STREAM, EXEC)
    timeout: float = 10
    slow: bool = False
    breach: bool = False


HANG = 0.5
"""A time limit to be waited out; a restarted program gets more."""
NEVER = 0.1
"""One for a program that never answers anything."""
LATE = "start: no answer within 0.5 s (5 x --timeout)"
"""The limit of a program that has answered nothing, by its own name."""

ENDS = [
    Trial("exits", "a program that exits on a request", ERROR, says="exit status 7"),
    Trial("exits", "what a program says before it exits", ERROR, says="fatal: cannot go on"),
    Trial("exits-half-way", "a program that exits within a reply", ERROR, says="its line: {"),
    Trial(
        "exits-behind-a-child", "a dead program whose child holds its pipes", ERROR, says="ended"
    ),
    Trial("sigkill", "a program killed by SIGKILL", ERROR, says="killed by SIGKILL"),
    Trial("sigsegv", "a program killed by SIGSEGV", ERROR, says="killed by SIGSEGV"),
    Trial("sigpipe", "a program killed by SIGPIPE", ERROR, says="killed by SIGPIPE", modes=ANY),
    Trial(
        "real-time-signal",
        "a program killed by a nameless signal",
        ERROR,
        says="killed by",
        modes=ANY,
    ),
    Trial("exits", "a program that exits on a method", ERROR, trigger=MEMORY),
    Trial("exits-after", "a program that exits after each reply", trigger=EVERY),
    Trial("exits-after", "a program that exits after one reply"),
]

SILENCE = [
    Trial("hangs", "a program that hangs on a request", TIMEOUT, says="--timeout", timeout=HANG),
    Trial("hangs", "a program that hangs on a method", TIMEOUT, trigger=MEMORY, timeout=HANG),
    Trial("hangs-and-ignores-term", "one that ignores TERM then", TIMEOUT, timeout=HANG),
    Trial("hangs-half-way", "a program that hangs within a reply", TIMEOUT, timeout=HANG),
    Trial("hangs-with-a-daemon", "one with a daemon on its pipes", TIMEOUT, timeout=HANG),
    Trial("drips-for-ever", "a reply that never gets complete", TIMEOUT, timeout=HANG),
    Trial("sigstop", "a program that stops itself", TIMEOUT, timeout=HANG),
    Trial("silent", "a request that is passed over", TIMEOUT, modes=(STREAM,), timeout=HANG),
    Trial("silent", "a request that is passed over", ERROR, says="exit status 0", modes=(EXEC,)),
    Trial(
        "hangs-after-three",
        "a program that hangs after three replies",
        says="protocol broken: hung",
        modes=(STREAM,),
        timeout=HANG,
    ),
    Trial("without-newline", "a last reply without a newline", modes=(EXEC,)),
    Trial(
        "without-newline",
        "a reply without a newline",
        "timeout|error",
        modes=(STREAM,),
        timeout=HANG,
    ),
    Trial("answers-at-the-end", "replies at the end of the input", trigger=EVERY, modes=(EXEC,)),
    *(
        Trial(
            name,
            rule,
            TIMEOUT,
            says=says,
            trigger=EVERY,
            modes=modes,
            timeout=NEVER,
            slow=True,
        )
        for name, rule, says, modes in (
            ("hangs-at-start", "a program that hangs at its start", LATE, (STREAM, EXEC)),
            ("never-reads", "a program that never reads", LATE, (STREAM, EXEC)),
            ("answers-at-the-end", "replies that are never flushed", "not flushed", (STREAM,)),
        )
    ),
    Trial("closes-stdout", "a program that closes its output", ERROR, says="output", slow=True),
]

GARBAGE = [
    Trial("garbage", "a line that is not JSON", ERROR, says="panic: "),
    Trial("garbage-before", "a line of garbage before the reply", ERROR, says="computing..."),
    Trial("garbage-after", "garbage after a reply", ERROR, says="done", modes=(EXEC,)),
    Trial("garbage-after", "garbage after a reply", "pass|error", says="done", modes=(STREAM,)),
    Trial("garbage-when-idle", "garbage between two replies", ERROR, says="bye", modes=(EXEC,)),
    Trial(
        "garbage-when-idle",
        "garbage between two replies",
        "pass|error",
        says="bye",
        modes=(STREAM,),
    ),
    Trial("banner", "a banner before the first reply", ERROR, ERROR, says="Welcome"),
    Trial("batch", "a JSON-RPC batch", ERROR, says="got `array`", modes=ANY),
    Trial("notification", "a notification", ERROR, says="id", modes=ANY),
    Trial("echo", "an echo of the request", ERROR, modes=ANY),
    Trial("two-on-a-line", "two replies on a line", ERROR, says="trailing characters", modes=ANY),
    Trial("nul", "a NUL byte before a reply", ERROR, says="\\x00", modes=ANY),
    Trial("form-feed", "a line with a form feed alone", ERROR, says="\\x0c", modes=ANY),
    Trial("byte-order-mark", "a byte order mark", ERROR, says="\\ufeff", modes=ANY),
    Trial("invalid-utf-8", "a result that is not UTF-8", ERROR, says="not UTF-8"),
    Trial(
        "invalid-utf-8-aside",
        "an unknown field that is not UTF-8",
        ERROR,
        says="not UTF-8",
        modes=ANY,
    ),
    Trial("duplicate-keys", "a member that stands twice", ERROR, says="has the key", modes=ANY),
    Trial("result-nan", "NaN", ERROR, says="not JSON", modes=ANY),
    Trial("result-infinity", "an infinite number", ERROR, says="not JSON", modes=ANY),
    Trial("result-1e999", "a number beyond all range", ERROR, says="out of range", modes=ANY),
    Trial(
        "result-endless-number",
        "an integer of 100,000 digits",
        ERROR,
        says="out of range",
        modes=ANY,
    ),
    Trial(
        "result-lone-surrogate",
        "an escaped lone surrogate",
        ERROR,
        says="lone surrogate",
        modes=ANY,
    ),
    Trial("nested-100000", "100,000 brackets", ERROR, says="nested too deeply"),
    Trial("long-line", "a line of 20 MiB", ERROR, says="longer than"),
    Trial("endless-line", "a line without end", ERROR, says="longer than"),
    Trial("endless-replies", "replies without end to nothing asked", ERROR, says="987654321"),
]

PROTOCOL = [
    Trial("wrong-id", "an id never asked", ERROR, says="987654321"),
    Trial("next-id", "the id of the next request", "error|timeout", timeout=HANG),
    Trial("previous-id", "the id of the request before", "error|timeout", timeout=HANG),
    Trial("string-id", "an id as a string", ERROR, says="$.id", modes=ANY),
    Trial("float-id", "an id as a fraction", ERROR, says="$.id", modes=ANY),
    Trial("huge-id", "an id of 61 digits", ERROR, says="no open request", modes=ANY),
    Trial("null-id", "an id that is null", ERROR, says="no id", modes=ANY),
    Trial("no-id", "a reply without an id", ERROR, says="`id`", modes=ANY),
    Trial("twice", "a request answered twice", ERROR, says="twice"),
    Trial("duplicate-later", "a second answer later on", ERROR, says="twice"),
    Trial(
        "endless-duplicates", "answers without end", ERROR, says="twice", timeout=HANG, slow=True
    ),
    Trial("no-version", "a reply without jsonrpc", ERROR, says="jsonrpc", modes=ANY),
    Trial("version-1", "jsonrpc 1.0", ERROR, says="jsonrpc", modes=ANY),
    Trial(
        "result-and-error", "a result and an error", ERROR, says="a result and an error", modes=ANY
    ),
    Trial("neither", "neither result nor error", ERROR, says="neither", modes=ANY),
    Trial("error-text", "an error as a string", ERROR, says="$.error", modes=ANY),
    Trial("error-code-text", "an error code as a string", ERROR, says="$.error.code", modes=ANY),
    Trial(
        "error-message-null",
        "an error message that is null",
        ERROR,
        says="$.error.message",
        modes=ANY,
    ),
    Trial("answers-before-asked", "replies before the requests", "error|fail", "pass|error|fail"),
]

WRONG = [
    Trial("error-5", "a refusal of what must be answered", FAIL, says="refusal"),
    Trial("error-32000", "a refusal with -32000", FAIL, says="refusal", modes=ANY),
    Trial("error-32600", "error -32600", ERROR, says="-32600", modes=ANY),
    Trial(
        "error-32601",
        "an unsupported method that is claimed",
        UNSUPPORTED,
        says="claimed",
        modes=ANY,
    ),
    Trial("error-32602", "error -32602", ERROR, says="-32602", modes=ANY),
    Trial("error-32603", "error -32603", ERROR, says="-32603"),
    Trial("error-32700", "error -32700", ERROR, says="-32700", modes=ANY),
    Trial("error-32603-escapes", "terminal escapes in a fault", ERROR, says="-32603", modes=ANY),
    Trial("error-32603-long", "a fault of 900 KiB", ERROR, says="-32603", modes=ANY),
    Trial(
        "error-message-escapes", "terminal escapes in a refusal", FAIL, says="refusal", modes=ANY
    ),
    Trial("error-message-long", "a refusal of 900 KiB", FAIL, says="refusal", modes=ANY),
    Trial("result-array", "an array as a result", FAIL, says="got []", modes=ANY),
    Trial("result-text", "a string as a result", FAIL, says='got "4M"', modes=ANY),
    Trial("result-number", "a number as a result", FAIL, says="got 4", modes=ANY),
    Trial("result-true", "a boolean as a result", FAIL, says="got true", modes=ANY),
    Trial("result-null", "null as a result", "fail|error", says="null", modes=ANY),
    Trial(
        "result-huge-number", "an integer of 4,200 digits", FAIL, says="size: expected", modes=ANY
    ),
    Trial("result-escapes", "terminal escapes in a result", FAIL, says="size: expected", modes=ANY),
    Trial("result-nul", "a NUL character in a result", FAIL, says="size: expected", modes=ANY),
    Trial("result-many-lists", "two million lists in a result", "fail|error", slow=True, modes=ANY),
    Trial("result-many-tokens", "a million tokens in a result", "fail|error", modes=ANY),
]

ODD = [
    Trial("right", "a right implementation"),
    Trial("crlf", "CRLF line ends", trigger=EVERY),
    Trial("blank-line", "a blank line before a reply", trigger=EVERY),
    Trial("blanks-around", "blanks around a reply", trigger=EVERY, modes=ANY),
    Trial("unknown-fields", "unknown members", trigger=EVERY, modes=ANY),
    Trial("error-null", "an error that is null beside the result", trigger=EVERY, modes=ANY),
    Trial("result-padded-little", "a long unknown field in the result", trigger=EVERY, modes=ANY),
    Trial("reversed-batches", "replies in reverse order"),
    Trial("shuffled-batches", "replies in any order"),
    Trial("holds-one-back", "a reply held back until all others are there"),
    Trial("two-threads", "replies from several threads"),
    Trial("drips", "replies in single bytes", trigger=EVERY),
    Trial("floods-stderr", "50 MiB on stderr"),
    Trial("floods-stderr", "50 MiB on stderr at each request", trigger=EVERY, slow=True),
    Trial("closes-stderr", "a closed stderr"),
    Trial("closes-stdin", "a closed stdin after the last request", trigger='"method":"limits"'),
    Trial("dies-every-tenth", "a program that would die at its tenth request"),
    Trial("leaves-a-child", "a child on the pipes, in its group"),
    Trial("leaves-a-daemon", "a daemon on the pipes, in a session of its own"),
    Trial("exits-3-at-the-end", "an exit status of 3 at the end of the input"),
    Trial("ignores-the-end", "a program that ends at neither EOF nor TERM", slow=True),
    Trial("lingers", "a program that ends at TERM only", slow=True),
    Trial("serves-from-another-group", "a child in another group that serves", slow=True),
    Trial("stands-still", "a machine that stands still longer than the limit", timeout=1),
    Trial("slow-start", "a start slower than the time limit", timeout=HANG, slow=True),
]

UNUSABLE = "all methods are judged"

DESCRIPTIONS = [
    Trial("garbage", "garbage", says=UNUSABLE, trigger=DESCRIBE, modes=ANY, breach=True),
    Trial("twice", "two descriptions", says="twice", trigger=DESCRIBE, breach=True),
    Trial("duplicate-later", "a second description later on", trigger=DESCRIBE, breach=True),
    Trial("garbage-when-idle", "garbage after the description", trigger=DESCRIBE, breach=True),
    Trial("error-32601", "no description", says=UNUSABLE, trigger=DESCRIBE, modes=ANY),
    Trial("error-32603", "a fault", says=UNUSABLE, trigger=DESCRIBE, modes=ANY),
    Trial("error-5", "a refusal", says=UNUSABLE, trigger=DESCRIBE, modes=ANY),
    Trial("result-null", "null", says=UNUSABLE, trigger=DESCRIBE, modes=ANY),
    Trial("result-array", "an array", says=UNUSABLE, trigger=DESCRIBE, modes=ANY),
    Trial("next-id", "an id never asked", says=UNUSABLE, trigger=DESCRIBE, modes=ANY, breach=True),
    Trial("hangs", "silence", says=UNUSABLE, trigger=DESCRIBE, timeout=0.3, slow=True),
    Trial("describe-without-methods", "no methods", says=UNUSABLE, trigger=EVERY, modes=ANY),
    Trial(
        "describe-methods-null", "methods that are null", says=UNUSABLE, trigger=EVERY, modes=ANY
    ),
    Trial("describe-name-escapes", "terminal escapes in the name", trigger=EVERY, modes=ANY),
    Trial("describe-name-long", "a name of 1 MiB", trigger=EVERY, modes=ANY, breach=True),
    Trial("describe-protocol-2", "another protocol", trigger=EVERY, modes=ANY),
]
