"""Every event on the boundary of every kind of activity, ending it or beside it."""

from collections.abc import Iterator

from tests.conformance.running import Feature, Move

# What stands there, what completes it, and the tasks that this completes.
HOSTS: dict[str, tuple[str, tuple[Move, ...], str]] = {
    "user task": ("user X", ("X",), "X"),
    "receive task": ("receive X message=r", ("!r",), "X"),
    "sub-process": ("sub X { start s2; user u; end e2; s2 > u > e2 }", ("u",), "u"),
    "call": ("call X process=q", ("u",), "u"),
    "ad-hoc sub-process": ("adhoc X { user u; user v }", ("v", "u"), "v u"),
    "transaction": ("transaction X { start s2; user u; end e2; s2 > u > e2 }", ("u",), "u"),
    "loop": ("user X max=2", ("X", "X"), "X X"),
    "several instances": ("user X times=2 result=x into=semua", ("X", "X"), "X X"),
    "several instances in a row": (
        "sub X times=2 sequential { start s2; user u; end e2; s2 > u > e2 }",
        ("u", "u"),
        "u u",
    ),
}
EVENTS: dict[str, tuple[str, Move]] = {
    "timer": ("timer=PT1H", "+1h"),
    "message": ("message=m", "!m"),
    "signal": ("signal=t", "~t"),
    "condition": ("when='y.k == 1'", ("y", {"k": 1})),
    "one of several": ("message=m signal=t", "~t"),
}
MODEL = (
    "start s; and g; {host}; boundary b on=X {event}; user y; task A; task B; end e; end f; end h; s > g; g > X > A > e; "
    "g > y > h; b > B > f; process q {{ start s3; user u; end e3; s3 > u > e3 }}"
)


def _features() -> Iterator[Feature]:
    for host, (drawn, completing, done) in HOSTS.items():
        for event, (waits, comes) in EVENTS.items():
            text = MODEL.format(host=drawn, event=waits)
            first, last, y = ("y B", "", ()) if event == "condition" else ("B", " y", ("y",))
            yield Feature("boundaries", f"{host}: a {event}", text, f"{first}{last} | completed", (comes, *y))
            text = MODEL.format(host=drawn, event=f"{waits} beside")
            trace = f"{first} {done} A{last} | completed"
            yield Feature("boundaries", f"{host}: a {event} beside", text, trace, (comes, *completing, *y))


FEATURES = list(_features())
