"""Control-flow patterns, numbered as by van der Aalst and others, and models that do not hold together."""

from tests.conformance.running import Feature


def _(name: str, text: str, trace: str = "", *moves: object, refused: str = "", **data: object) -> Feature:
    return Feature("patterns", name, text, trace, moves, data, refused)  # type: ignore[arg-type]


def wrong(name: str, text: str, trace: str = "", *moves: object, refused: str = "", **data: object) -> Feature:
    return Feature("errors", name, text, trace, moves, data, refused)  # type: ignore[arg-type]


FEATURES = [
    _("1 sequence", "start s; task A; task B; end e; s > A > B > e", "A B | completed"),
    _("2 parallel split", "start s; and g; task A; task B; end e; end f; s > g; g > A > e; g > B > f", "A B | completed"),
    _("3 synchronisation", "start s; and g; task A; user B; and j; task C; end e; s > g; g > A > j; g > B > j; j > C > e",
      "A B C | completed", "B"),
    _("4 exclusive choice", "start s; xor x; task A; task B; end e; s > x; x > A : 'n == 1'; x > B : default; A > e; B > e",
      "A | completed", n=1),
    _("5 simple merge", "start s; xor x; task A; task B; xor m; task C; end e; s > x; x > A : 'n == 1'; x > B : default; "
      "A > m; B > m; m > C > e", "B C | completed", n=2),
    _("6 multi-choice", "start s; or o; task A; task B; end e; end f; s > o; o > A : 'n > 0'; o > B : 'n > 1'; A > e; B > f",
      "A B | completed", n=2),
    _("7 structured synchronising merge", "start s; or o; task A; user B; or j; task C; end e; s > o; o > A : 'n > 0'; "
      "o > B : 'n > 1'; A > j; B > j; j > C > e", "A B C | completed", "B", n=2),
    _("8 multi-merge", "start s; and g; task A; task B; xor m; task C; end e; s > g; g > A > m; g > B > m; m > C > e",
      "A B C C | completed"),
    _("9 structured discriminator", "start s; and g; user A; user B; complex d go='activationCount >= 1'; task C; end e; s > g; "
      "g > A > d; g > B > d; d > C > e", "B C A | completed", "B", "A"),
    _("10 arbitrary cycles", "start s; xor a; user A; xor b; xor m; user B; xor c; end e; s > a > A > b; b > m : 'a.k == 1'; "
      "b > e : default; m > B > c; c > a : 'b.k == 1'; c > m : default", "A B B A | completed", ("A", {"k": 1}), "B",
      ("B", {"k": 1}), "A"),
    _("11 implicit termination", "start s; and g; task A; user B; s > g; g > A; g > B", "A B | completed", "B"),
    _("12 instances without synchronisation", "start s; xor r; and g; task A; user u; xor x; end e; end f; s > r > g; "
      "g > A > f; g > u > x; x > r : 'u.lagi'; x > e : default", "A u A u | completed", ("u", {"lagi": True}), "u"),
    _("13 instances known when designed", "start s; task A times=3; task B; end e; s > A > B > e", "A A A B | completed"),
    _("14 instances known when run", "start s; task A times=n; task B; end e; s > A > B > e", "A A B | completed", n=2),
    _("15 instances not known before", "start s; user A while='a.lagi'; task B; end e; s > A > B > e", "A A B | completed",
      ("A", {"lagi": True}), "A"),
    _("16 deferred choice", "start s; first g; catch a message=a; catch b message=b; task A; task B; end e; s > g; "
      "g > a > A > e; g > b > B > e", "B | completed", "!b"),
    _("17 interleaved parallel routing", "start s; adhoc P :ordering=Sequential { user A; user B }; end e; s > P > e",
      "A B | completed", "A", "B"),
    _("18 milestone", "start s; and g; user A; catch m signal=tercapai; task B; throw t signal=tercapai; end e; s > g; "
      "g > A > t > e; g > m > B > e", "A B | completed", "A"),
    _("19 cancel an activity", "start s; user A; boundary b on=A message=batal; task B; end e; s > A > e; b > B > e",
      "B | completed", "!batal"),
    _("20 cancel the case", "start s; and g; user A; user B; end t terminate; end e; s > g; g > A > t; g > B > e",
      "A | completed", "A"),
    _("21 structured loop", "start s; task A while='n > 9' ; task B; end e; s > A > B > e", "A B | completed", n=1),
    _("22 recursion", "start s; script A 'n = n - 1'; xor x; call P process=p; end e; s > A > x; x > P : 'n > 0'; "
      "x > e : default; P > e", "A A | completed", n=2),
    _("23 transient trigger", "start s; user A; catch c signal=t; task B; end e; s > A > c > B > e", "A B | completed", "A",
      "~t"),
    _("24 persistent trigger", "start s; receive A message=m; task B; end e; s > A > B > e", "A B | completed", "!m"),
    _("25 cancel a region", "start s; sub P { start s2; and g; user A; user B; end e2; s2 > g; g > A > e2; g > B > e2 }; "
      "boundary b on=P message=batal; task C; end e; s > P > e; b > C > e", "A C | completed", "A", "!batal"),
    _("26 cancel instances", "start s; user A each=o item=i result=a into=r; boundary b on=A message=batal; task B; end e; "
      "s > A > e; b > B > e", "A B | completed", "A", "!batal", o=[1, 2]),
    _("27 complete instances", "start s; user A each=o item=i result=a into=r until='nrOfCompletedInstances == 1'; task B; "
      "end e; s > A > B > e", "A B | completed", "A", o=[1, 2, 3]),
    _("28 blocking discriminator", "start s; xor r; and g; receive A message=a; receive B message=b; "
      "complex d go='activationCount >= 1'; user C; xor x; end e; s > r > g; g > A > d; g > B > d; d > C > x; x > r : 'c.lagi'; "
      "x > e : default", "A C A B B C | completed", "!a", ("C", {"lagi": True}), "!a", "!b", "!b", "C"),
    _("33 generalised join", "start s; and g; user A; user B; and j; task C; end e; s > g; g > A > j; g > B > j; j > C > e",
      "A B C | completed", "A", "B"),
    _("36 dynamic partial join", "start s; user A each=o item=i result=a into=r until='r[0].cukup or r[1].cukup'; task B; "
      "end e; s > A > B > e", "A B | completed", ("A", {"cukup": True}), o=[1, 2, 3]),
    _("37 acyclic synchronising merge", "start s; or o; task A; task B; xor x; task D; or j; task C; end e; s > o; "
      "o > A : 'n > 0'; o > B : 'n > 1'; A > j; B > x; x > D : 'n > 2'; x > j : default; D > j; j > C > e",
      "A B D C | completed", n=3),
    _("38 general synchronising merge", "start s; xor r; or o; task A; user B; or j; xor x; end e; s > r > o; "
      "o > A : 'n > 0'; o > B : 'n > 1'; A > j; B > j; j > x; x > r : 'b.lagi'; x > e : default",
      "A B A B | completed", ("B", {"lagi": True}), "B", n=2),
    _("40 interleaved routing", "start s; adhoc P { user A; user B; user C }; end e; s > P > e", "C A B | completed", "C", "A", "B"),
    _("42 thread split", "start s; task A :completionQuantity=3; task B; end e; s > A > B > e", "A B B B | completed"),
    _("43 explicit termination", "start s; and g; user A; task B; end t terminate; s > g; g > A > t; g > B > t",
      "B | completed"),
    wrong("a choice into a parallel join", "start s; xor x; task A; task B; and j; end e; s > x; x > A : 'n == 1'; "
          "x > B : default; A > j; B > j; j > e", refused="deadlock@j"),
    wrong("a choice of several into a parallel join", "start s; or x; task A; task B; and j; end e; s > x; x > A : 'n > 1'; "
          "x > B : default; A > j; B > j; j > e", refused="deadlock@j"),
    wrong("a race into a parallel join", "start s; first g; catch a message=a; catch b message=b; and j; end e; s > g; "
          "g > a > j; g > b > j; j > e", refused="deadlock@j"),
    wrong("a boundary into a parallel join", "start s; user A; boundary b on=A timer=PT1H; and j; end e; s > A > j; b > j; "
          "j > e", refused="deadlock@j"),
    wrong("a thousand times a thousand times", "start s; sub P times=1000 result=y into=z { start s2; user u times=1000 result=u into=y; end e2; "
          "s2 > u > e2 }; end e; s > P > e", "| step_budget " + "u " * 3000 + "incident"),
    wrong("three hundred laps without anybody", "start s; xor a; script A 'n = n + 1'; xor b; end e; s > a > A > b; "
          "b > a : 'n < 300'; b > e : default", "A " * 300 + "| completed", n=0),
    wrong("many laps of a sub-process without anybody", "start s; xor a; sub P { start s2; end e2 error=E; s2 > e2; "
          "sub H event { start h error=E; end x; h > x } }; script A 'n = n + 1'; xor b; end e; s > a > P > A > b; "
          "b > a : 'n < 400'; b > e : default", "A " * 400 + "| completed", n=0),
    wrong("four hundred items with a step each", "start s; task A times=400; end e; s > A > e", "A " * 400 + "| completed"),
    wrong("a join beside an incident is not stuck", "start s; and g; user A; script B 'y = n + 1'; and j; end e; s > g; "
          "g > A > j; g > B > j; j > e", "A | expression_failed incident", "A", n="x"),
    wrong("the end of all ends what listens and what it began", "start s; sub P { start s2; user u; end t terminate; "
          "sub H event { start h message=m beside; receive v message=z; end x; h > v > x }; s2 > u > t }; task A; end e; s > P > A > e",
          "u A | completed", "!m", "u"),
    wrong("a loop that only a boundary leaves", "start s; xor x; user u; user v; boundary b on=u timer=PT1H; end e; "
          "s > x > u > v > u; b > e", "u v | completed", "u", "v", "+1h"),
    wrong("an incident in a sub-process that a timer ends", "start s; sub P { start s2; xor x; end e2; end f; s2 > x; "
          "x > e2 : 'n > 1'; x > f : default }; boundary b on=P timer=PT1H; task B; end e; s > P > e; b > B > e",
          "B | completed", "+1h", n="x"),
    wrong("a condition that failed beside what is done", "start s; user u; boundary b on=u when='n > 1'; task B; end e; "
          "s > u > e; b > B > e", "u | completed", "u", n="x"),
    wrong("a time that failed beside what is done", "start s; user u; boundary b on=u timer=lama beside; task B; end e; "
          "s > u > e; b > B > e", "u | completed", "u", lama="besok"),
    wrong("an event sub-process that failed to wait", "start s; user u; end e; s > u > e; sub H event { start h when='n > 1'; "
          "task B; end x; h > B > x }", "u | completed", "u", n="x"),
    wrong("a complex gateway that failed, tried again", "start s; and g; user A; user B; complex k go='b.ok'; user u; end e; "
          "s > g; g > A > k; g > B > k; k > u > e", "A B u | completed", "A", ("B", {"ok": True}), "retry", "u"),
    wrong("a loop with no way out", "start s; xor a; task A; task B; s > a > A > B > a", refused="endless_loop@a"),
    wrong("an automatic loop that never ends", "start s; xor a; task A; xor b; end e; s > a > A > b; b > a : 'n == 1'; "
          "b > e : default", "A " * 1999 + "| step_budget incident", n=1),
    wrong("an automatic loop of sub-processes that never ends", "start s; xor a; sub P { task A }; boundary b on=P timer=PT1H; "
          "task B; task C; task D; service E; xor x; end e; s > a > P > B > C > D > E > x; x > a : 'n == 1'; x > e : default; "
          "b > e", "A B C D E " * 526 + "| step_budget incident", n=1),
    wrong("an automatic loop that ends", "start s; xor a; script A 'n = n + 1'; xor b; end e; s > a > A > b; "
          "b > a : 'n < 3'; b > e : default", "A A A | completed", n=0),
    wrong("a join in a loop that leaves a branch behind", "start s; and g; user A; xor x; user B; and j; end e; end f; s > g; "
          "g > A > x; x > j : 'a.ya'; x > f : default; g > B > j; j > e", refused="deadlock@j"),
    wrong("a flow across a border", "start s; sub P { start s2; user A; end e2; s2 > A > e2 }; task B; end e; s > P > e; "
          "B > A; P > B", refused="dangling_flow"),
    wrong("a message without a receiver inside", "start s; catch c message=m; end e; s > c > e", "| running"),
]  # fmt: skip
