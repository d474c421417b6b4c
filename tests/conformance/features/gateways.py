"""Gateways, alone and together."""

from tests.conformance.running import Feature


def _(name: str, text: str, trace: str = "", *moves: object, refused: str = "", **data: object) -> Feature:
    return Feature("gateways", name, text, trace, moves, data, refused)  # type: ignore[arg-type]


XOR = (
    "start s; xor x; task A; task B; task C; end e; s > x; x > A : 'n == 1'; x > B : 'n < 3'; x > C : default; "
    "A > e; B > e; C > e"
)
OR = (
    "start s; or o; task A; task B; task C; or j; task D; end e; s > o; o > A : 'n > 0'; o > B : 'n > 1'; o > C : default; "
    "A > j; B > j; C > j; j > D > e"
)
FIRST = (
    "start s; first g; catch a message=m; catch b timer=PT1H; catch c signal=t; task A; task B; task C; end e; s > g; "
    "g > a > A > e; g > b > B > e; g > c > C > e"
)

COMPLEX = "start s; and g; user u; user v; complex d go='{}'; task C; end e; s > g; g > u > d; g > v > d; d > C > e"

FEATURES = [
    _("exclusive: the first", XOR, "A | completed", n=1),
    _("exclusive: the second", XOR, "B | completed", n=2),
    _("exclusive: the default", XOR, "C | completed", n=3),
    _("exclusive: two true conditions", XOR.replace("n < 3", "n < 9"), "A | completed", n=1),
    _("exclusive: none is true", "start s; xor x; task A; task B; end e; s > x; x > A : 'n == 1'; x > B : 'n == 2'; A > e; "
      "B > e", "| no_branch incident", n=3),
    _("exclusive: a condition that is no truth", XOR, "| expression_failed incident", n="x"),
    _("exclusive: an unknown name", XOR, "| expression_failed incident"),
    _("exclusive: a flow without condition", "start s; xor x; task A; task B; s > x; x > A; x > B", refused="condition_missing"),
    _("exclusive: a default with a condition", "start s; xor x; task A; task B; s > x; x > A : 'n == 1'; x > B : default",
      "B | completed", n=2),
    _("exclusive: join", "start s; xor x; task A; task B; xor y; task C; end e; s > x; x > A : 'n == 1'; x > B : default; "
      "A > y; B > y; y > C > e", "A C | completed", n=1),
    _("exclusive: nothing follows", "start s; task A; xor x; s > A > x", "A | completed"),
    _("parallel: split and join", "start s; and g; user A; user B; and j; task C; end e; s > g; g > A > j; g > B > j; "
      "j > C > e", "B A C | completed", "B", "A"),
    _("parallel: waits for all", "start s; and g; user A; user B; and j; task C; end e; s > g; g > A > j; g > B > j; "
      "j > C > e", "B | A running", "B"),
    _("parallel: join and split in one", "start s; and g; task A; task B; and h; task C; task D; and j; end e; s > g; "
      "g > A > h; g > B > h; h > C > j; h > D > j; j > e", "A B C D | completed"),
    _("parallel: inside a loop", "start s; xor r; and g; task A; user B; and j; xor x; end e; s > r > g; g > A > j; g > B > j; "
      "j > x; x > r : 'b.lagi'; x > e : default", "A B A B | completed", ("B", {"lagi": True}), "B"),
    _("parallel: excess token", "start s; and g; task A; task B; user C; xor m; and j; end e; s > g; g > A > m; g > B > m; "
      "m > j; g > C > j; j > e", "A B | excess_token C incident"),
    _("parallel: after a choice", "start s; xor x; task A; task B; and j; end e; s > x; x > A : 'n == 1'; x > B : default; "
      "A > j; B > j; j > e", refused="deadlock@j"),
    _("inclusive: one", OR, "A D | completed", n=1),
    _("inclusive: two", OR, "A B D | completed", n=2),
    _("inclusive: the default", OR, "C D | completed", n=0),
    _("inclusive: none is true", OR.replace("o > C : default", "o > C : 'n > 9'"), "| no_branch incident", n=0),
    _("inclusive: joins what a parallel one splits", "start s; and g; task A; user B; or j; task C; end e; s > g; g > A > j; "
      "g > B > j; j > C > e", "A B C | completed", "B"),
    _("inclusive: joins what an exclusive one chooses", "start s; xor x; task A; task B; or j; task C; end e; s > x; "
      "x > A : 'n == 1'; x > B : default; A > j; B > j; j > C > e", "B C | completed", n=2),
    _("inclusive: a branch that turns away", "start s; and g; task A; user B; xor x; or j; task C; end e; end f; s > g; "
      "g > A > j; g > B > x; x > j : 'b.ya'; x > f : default; j > C > e", "A B C | completed", "B"),
    _("inclusive: a branch that a boundary event brings", "start s; and g; task A; user B; boundary b on=B timer=PT1H; or j; "
      "task C; end e; end f; s > g; g > A > j; g > B > f; b > j; j > C > e", "A C | completed", "+2h"),
    _("inclusive: an activity whose boundary could bring a token", "start s; and g; task A; user B; "
      "boundary b on=B timer=PT1H; or j; task C; end e; end f; s > g; g > A > j; g > B > f; b > j; j > C > e",
      "A | B running"),
    _("first of several: a message", FIRST, "A | completed", "!m"),
    _("first of several: a timer", FIRST, "B | completed", "+1h"),
    _("first of several: a signal", FIRST, "C | completed", "~t"),
    _("first of several: two timers", "start s; first g; catch a timer=PT2H; catch b timer=PT1H; task A; task B; end e; "
      "s > g; g > a > A > e; g > b > B > e", "B | completed", "+3h"),
    _("first of several: a receive task", "start s; first g; receive a message=m; catch b timer=PT1H; task B; end e; s > g; "
      "g > a > e; g > b > B > e", "a | completed", "!m"),
    _("first of several: again in a loop", "start s; xor r; first g; catch a message=m; catch b timer=PT1H; task A; end e; "
      "s > r > g; g > a > A > r; g > b > e", "A A | completed", "!m", "!m", "+1h"),
    _("first of several: a task", "start s; first g; user A; catch b timer=PT1H; end e; s > g; g > A > e; g > b > e",
      refused="bad_event_gateway@g"),
    _("first of several: starts the case", "start s; first g :instantiate=true; catch a message=m; catch b signal=t; end e; "
      "s > g; g > a > e; g > b > e", "| completed", "!m"),
    _("first of several: starts the case without a start event", "first g :instantiate=true; catch a message=m; catch b signal=t; "
      "task A; task B; end e; g > a > A > e; g > b > B > e", "B | completed", "~t"),
    _("first of several: starts in the middle", "start s; user u; first g :instantiate=true; catch a message=m; "
      "catch b signal=t; end e; s > u > g; g > a > e; g > b > e", refused="unsupported_attribute@g"),
    _("first of several: several in one", "start s; first g; catch a message=m signal=t; catch b timer=PT1H; end e; s > g; "
      "g > a > e; g > b > e", refused="bad_event_gateway@g"),
    _("complex: one flow in", "start s; complex g; task A; end e; s > g; g > A > e", "A | completed"),
    _("complex: splits by conditions", "start s; complex g; task A; task B; task C; end e; s > g; g > A : 'n > 1'; "
      "g > B : 'n > 2'; g > C : 'n > 3'; A > e; B > e; C > e", "A B | completed", n=3),
    _("complex: the first of two", COMPLEX.format("activationCount >= 1"), "u C v | completed", "u", "v"),
    _("complex: the first of two, whichever", COMPLEX.format("activationCount >= 1"), "v C u | completed", "v", "u"),
    _("complex: all of two", COMPLEX.format("activationCount == 2"), "u v C | completed", "u", "v"),
    _("complex: more than there are", COMPLEX.format("activationCount > 2"), "u v | stuck incident", "u", "v"),
    _("complex: two of three", "start s; and g; user u; user v; user w; complex d go='activationCount >= 2'; task C; end e; s > g; "
      "g > u > d; g > v > d; g > w > d; d > C > e", "u w C v | completed", "u", "w", "v"),
    _("complex: as many as the data say", "start s; and g; user u; user v; user w; complex d go='activationCount >= kuorum'; "
      "task C; end e; s > g; g > u > d; g > v > d; g > w > d; d > C > e", "u v w C | completed", "u", "v", "w", kuorum=3),
    _("complex: a flow that nothing comes by", "start s; or g; user u; user v; task w; complex d go='activationCount >= 1'; task C; "
      "end e; s > g; g > u : 'n > 0'; g > v : 'n > 0'; g > w : default; u > d; v > d; w > d; d > C > e", "u C v | completed", "u",
      "v", n=1),
    _("complex: again in a loop", "start s; xor r; and g; receive u message=u; receive v message=v; "
      "complex d go='activationCount >= 1'; user k; xor x; end e; s > r > g; g > u > d; g > v > d; d > k > x; "
      "x > r : 'k.lagi'; x > e : default", "u v k u k v | completed",
      "!u", "!v", ("k", {"lagi": True}), "!u", ("k", {"lagi": False}), "!v"),
    _("complex: without a condition", "start s; and g; task A; task B; complex d; end e; s > g; g > A > d; g > B > d; d > e",
      refused="no_condition@d"),
    _("complex: a condition that fails", COMPLEX.format("hilang > 1"), "u | expression_failed v incident", "u"),
    _("inclusive: twice in one command", "start s; and g; task A; task B; xor m; or o; catch c message=m; task X; end e; "
      "s > g; g > A > m; g > B > m; m > o; o > c : 'n == 1'; o > e : default; c > X > e", "A B X X | completed",
      "!m", "!m", n=1),
    _("parallel: twice in one command", "start s; and g; task A; task B; xor m; and o; catch c message=m; task X; end e; "
      "s > g; g > A > m; g > B > m; m > o; o > c; c > X > e", "A B X X | completed", "!m", "!m"),
    _("mixed: parallel into exclusive does the rest twice", "start s; and g; task A; task B; xor m; task C; end e; s > g; "
      "g > A > m; g > B > m; m > C > e", "A B C C | completed"),
]  # fmt: skip
