"""Tasks, sub-processes, calls, loops."""

from tests.conformance.running import Feature


def _(name: str, text: str, trace: str = "", *moves: object, refused: str = "", **data: object) -> Feature:
    return Feature("activities", name, text, trace, moves, data, refused)  # type: ignore[arg-type]


ROUND = "start s; xor r; {} ; user u; xor x; end e; s > r > A > u > x; x > r : 'u.lagi'; x > e : default"
AGAIN, ENOUGH = ("u", {"lagi": True}), ("u", {"lagi": False})
ADHOC = "start s; adhoc P {} {{ user u; user v; {} }}; task Z; end e; s > P > Z > e"
BEHAVIOUR = (
    'root \'<escalation id="ek" escalationCode="K"/>\'; root \'<escalationEventDefinition id="ed" escalationRef="ek"/>\'; '
    "start s; task A times=2 sequential behavior={} throws=ed; boundary b on=A escalation=K{}; task B; task Z; end e; end f; "
    "s > A > Z > e; b > B > f"
)
ITEMS = "start s; {} ; task Z; end e; s > A > Z > e"

FEATURES = [
    _("a user task", "start s; user u; end e; s > u > e", "| u running"),
    _("a script task", "start s; script A 'n = n + 1'; xor x; task B; end e; s > A > x; x > B : 'n == 2'; x > e : default; "
      "B > e", "A B | completed", n=1),
    _("a script in another language", "start s; script A 'n = 1' :scriptFormat=groovy; end e; s > A > e",
      refused="unsupported_attribute@A"),
    _("a service task", "start s; service A n=1; task B; end e; s > A > B > e", "A B | completed"),
    _("a service task that fails", "start s; service A n=-1; task B; end e; s > A > B > e", "| operator_failed incident"),
    _("a send task", "start s; send A message=m; end e; s > A > e", "A | completed"),
    _("a receive task", "start s; receive A message=m; end e; s > A > e", "A | completed", "!m"),
    _("a receive task that waits", "start s; receive A message=m; end e; s > A > e", "| running"),
    _("a receive task that starts the case", "receive A message=m :instantiate=true; task B; end e; A > B > e",
      "A B | completed", "!m"),
    _("two receive tasks that start the case", "receive A message=m :instantiate=true; end e; "
      "receive B message=n :instantiate=true; A > e; B > e", refused="unsupported_attribute@A"),
    _("a receive task without a message", "start s; receive A; end e; s > A > e", refused="no_event_name@A"),
    _("a business rule task", "start s; rule A; end e; s > A > e", refused="no_operator@A"),
    _("a business rule task with an operator", "start s; rule A n=2; xor x; task B; end e; s > A > x; x > B : 'hasil_a == 2'; "
      "x > e : default; B > e", "A B | completed"),
    _("a sub-process", "start s; sub P { start s2; task A; end e2; s2 > A > e2 }; task B; end e; s > P > B > e",
      "A B | completed"),
    _("a sub-process in a sub-process", "start s; sub P { start s2; sub Q { start s3; user A; end e3; s3 > A > e3 }; end e2; "
      "s2 > Q > e2 }; task B; end e; s > P > B > e", "A B | completed", "A"),
    _("a sub-process without start and end", "start s; sub P { task A; task B; A > B }; task C; end e; s > P > C > e",
      "A B C | completed"),
    _("a sub-process with branches", "start s; sub P { start s2; task A; user B; s2 > A; s2 > B }; task C; end e; "
      "s > P > C > e", "A B C | completed", "B"),
    _("a transaction without undoing", "start s; transaction P { start s2; task A; end e2; s2 > A > e2 }; end e; s > P > e",
      "A | completed"),
    _("a cancelled transaction", "start s; transaction P { start s2; and g; task A; user B; end c cancel; end e2; s2 > g; "
      "g > A > c; g > B > e2 }; boundary b on=P cancel; task C; end e; s > P > e; b > C > e", "A C | completed"),
    _("an ad-hoc sub-process", "start s; adhoc P { task A }; end e; s > P > e", "A | completed"),
    _("ad-hoc: people choose the order", ADHOC.format("", ""), "v u Z | completed", "v", "u"),
    _("ad-hoc: waits for all", ADHOC.format("", ""), "u | v running", "u"),
    _("ad-hoc: a condition ends the rest", ADHOC.format("done='u.k == 1'", ""), "u Z | completed", ("u", {"k": 1})),
    _("ad-hoc: a condition that does not hold", ADHOC.format("done='u.k == 1'", ""), "u v Z | completed", ("u", {"k": 2}), "v"),
    _("ad-hoc: a condition lets the rest go on", ADHOC.format("done='u.k == 1' :cancelRemainingInstances=false", ""),
      "u v Z | completed", ("u", {"k": 1}), "v"),
    _("ad-hoc: one by one", ADHOC.format(":ordering=Sequential", ""), "u | v running", "u"),
    _("ad-hoc: one by one to the end", ADHOC.format(":ordering=Sequential", ""), "u v Z | completed", "u", "v"),
    _("ad-hoc: one by one until a condition holds", ADHOC.format("done='u.k == 1' :ordering=Sequential", ""), "u Z | completed",
      ("u", {"k": 1})),
    _("ad-hoc: with flows inside", ADHOC.format("", "task X; u > X"), "u X v Z | completed", "u", "v"),
    _("ad-hoc: one by one with flows inside", ADHOC.format(":ordering=Sequential", "task X; u > X"), "u X v Z | completed", "u",
      "v"),
    _("ad-hoc: a condition that fails", ADHOC.format("done='n > 2'", ""), "u | expression_failed v incident", "u", n="x"),
    _("ad-hoc: a condition on what is not there yet", ADHOC.format("done='u.k == 1'", ""), "v | u running", "v"),
    _("ad-hoc: a condition is asked once something is done", ADHOC.format("done='n == 1'", "boundary b on=u timer=PT1H; b > X; task X"),
      "u Z | completed", "u", n=1),
    _("ad-hoc: a condition is asked once all instances are done", "start s; adhoc P done='n == 1' { user u times=2 result=u into=y; "
      "user v }; task Z; end e; s > P > Z > e", "u u Z | completed", "u", "u", n=1),
    _("ad-hoc: interrupted", "start s; adhoc P { user u; user v }; boundary b on=P timer=PT1H; task Z; end e; s > P > e; "
      "b > Z > e", "u Z | completed", "u", "+1h"),
    _("ad-hoc: several times", "start s; adhoc P times=2 { task A; task B }; task Z; end e; s > P > Z > e",
      "A B A B Z | completed"),
    _("ad-hoc: in a rework loop", "start s; xor r; adhoc P { task A; task B }; user u; xor x; end e; s > r > P > u > x; "
      "x > r : 'u.lagi'; x > e : default", "A B u A B u | completed", ("u", {"lagi": True}), ("u", {"lagi": False})),
    _("ad-hoc: with an event sub-process", "start s; adhoc P { user u; sub H event { start h message=m; task H1; end he; "
      "h > H1 > he } }; task Z; end e; s > P > Z > e", "H1 Z | completed", "!m"),
    _("a call", "start s; call P process=q; task B; end e; s > P > B > e; "
      "process q { start s2; task A; end e2; s2 > A > e2 }", "A B | completed"),
    _("two calls of one process", "start s; call P process=q; call R process=q; end e; s > P > R > e; "
      "process q { start s2; user A; end e2; s2 > A > e2 }", "A A | completed", "A", "A"),
    _("a call in a call", "start s; call P process=q; end e; s > P > e; process q { start s2; call Q process=r; end e2; "
      "s2 > Q > e2 }; process r { start s3; user A; end e3; s3 > A > e3 }", "A | completed", "A"),
    _("a call of what is not there", "start s; call P process=q; end e; s > P > e", refused="unknown_process@P"),
    _("a call of itself", "start s; call P process=p; end e; s > P > e", "| too_deep incident"),
    _("calls in a circle", "start s; call P process=q; end e; s > P > e; process q { start s2; call Q process=p; end e2; "
      "s2 > Q > e2 }", "| too_deep incident"),
    _("a call of itself that ends", "start s; script A 'n = n - 1'; xor x; call P process=p; task B; end e; s > A > x; "
      "x > P : 'n > 0'; x > B : default; P > B > e", "A A A B B B | completed", n=3),
    _("a call of itself with a person", "start s; user u; xor x; call P process=p; end e; s > u > x; x > P : 'u.lagi'; "
      "x > e : default; P > e", "u u | completed", ("u", {"lagi": True}), ("u", {"lagi": False})),
    _("a call of what starts by a message", "start s; call P process=q; end e; s > P > e; "
      "process q { start s2 message=m; end e2; s2 > e2 }", refused="not_callable@P"),
    _("a call with an id that is there", "start s; call P process=q; end e; s > P > e; "
      "process q { start s2; task P; end e2; s2 > P > e2 }", refused="duplicate_id@P"),
    _("a loop while a condition is true", ITEMS.format("sub A while='n < 3' { script B 'n = n + 1' }"), "B B B Z | completed",
      n=0),
    _("a loop is tested afterwards", ITEMS.format("sub A while='n < 3' { script B 'n = n + 1' }"), "B Z | completed", n=5),
    _("a loop that is tested before", ITEMS.format("sub A while='n < 3' before { script B 'n = n + 1' }"), "Z | completed",
      n=5),
    _("a loop of a task", ITEMS.format("script A 'n = n + 1' while='n < 3'"), "A A A Z | completed", n=0),
    _("a loop with a maximum", ITEMS.format("task A max=3"), "A A A Z | completed"),
    _("a loop with a maximum and a condition", ITEMS.format("user A max=2 while='a.lagi'"), "A A Z | completed",
      ("A", {"lagi": True}), ("A", {"lagi": True})),
    _("a loop with a negative maximum", ITEMS.format("task A max=-1"), refused="bad_loop@A"),
    _("a loop that does not say when it ends", ITEMS.format("task A while=''"), refused="bad_loop@A"),
    _("a loop of a user task", ITEMS.format("user A while='a.lagi'"), "A A Z | completed", ("A", {"lagi": True}), "A"),
    _("a loop whose condition fails", ITEMS.format("user A while='a.lagi > 1'"), "A | expression_failed incident",
      ("A", {"lagi": "x"})),
    _("as often as a number", ITEMS.format("task A times=3"), "A A A Z | completed"),
    _("as often as a number, in a row", ITEMS.format("task A times=3 sequential"), "A A A Z | completed"),
    _("as often as a number in the data", ITEMS.format("task A times=n"), "A A Z | completed", n=2),
    _("never", ITEMS.format("task A times=n"), "Z | completed", n=0),
    _("a negative number of times", ITEMS.format("task A times=n"), "| bad_count incident", n=-1),
    _("a negative number of times, written down", ITEMS.format("task A times=-1"), refused="bad_loop@A"),
    _("a number of times that is none", ITEMS.format("task A times=n"), "| bad_count incident", n="x"),
    _("for each item, all at once", ITEMS.format("user A each=orang item=o result=a into=semua"),
      "A A | A running", "A", "A", orang=["x", "y", "z"]),
    _("for each item, in a row", ITEMS.format("user A each=orang item=o result=a into=semua sequential"),
      "A | A running", "A", orang=["x", "y"]),
    _("what the instances give is gathered", "start s; user A each=orang item=o result=a into=semua; xor x; task B; end e; "
      "s > A > x; x > B : 'semua[0].k == 1 and semua[1].k == 2'; x > e : default; B > e", "A A B | completed",
      ("A", {"k": 1}), ("A", {"k": 2}), orang=["x", "y"]),
    _("an instance sees its item", "start s; sub A each=orang item=o result=r into=semua { script B 'r = o + loopCounter' }; "
      "xor x; task C; end e; s > A > x; x > C : 'semua == [10, 21]'; x > e : default; C > e", "B B C | completed",
      orang=[10, 20]),
    _("enough instances", ITEMS.format("user A each=orang item=o result=a into=semua until='nrOfCompletedInstances == 2'"),
      "A A Z | completed", "A", "A", orang=[1, 2, 3]),
    _("enough instances, in a row", ITEMS.format("task A times=5 sequential until='numberOfCompletedInstances >= 2'"),
      "A A Z | completed"),
    _("a sub-process several times", ITEMS.format("sub A times=2 result=b into=semua { start s2; user B; end e2; s2 > B > e2 }"),
      "B B Z | completed", "B", "B"),
    _("a sub-process several times, in a row", ITEMS.format("sub A times=2 sequential { user B; task C; B > C }"),
      "B C B C Z | completed", "B", "B"),
    _("several times in several times", ITEMS.format("sub A times=2 { task B times=2 }"), "B B B B Z | completed"),
    _("a call several times", "start s; call A process=q times=2 result=b into=semua; task Z; end e; s > A > Z > e; "
      "process q { start s2; user B; end e2; s2 > B > e2 }", "B B Z | completed", "B", "B"),
    _("the list is empty", ITEMS.format("user A each=orang item=o result=a into=semua"), "Z | completed", orang=[]),
    _("the list is none", ITEMS.format("task A each=orang item=o"), "| bad_count incident", orang=3),
    _("the list of another tool", "start s; raw '<scriptTask id=\"A\"><multiInstanceLoopCharacteristics "
      "camunda:collection=\"${orang}\" camunda:elementVariable=\"o\"/><script>n = n + o</script></scriptTask>'; end e; "
      "s > A > e", "A A | completed", orang=[1, 2], n=0),
    _("instances that all say the same", ITEMS.format("script A 'n = 1' each=orang item=o"), "A A Z | completed", orang=[1, 2]),
    _("behaviour None without an event", ITEMS.format("task A times=2 behavior=None"), "A A Z | completed"),
    _("behaviour None: every instance throws", BEHAVIOUR.format("None", " beside"), "A A B Z B | completed"),
    _("behaviour One: the first instance throws", BEHAVIOUR.format("One", " beside"), "A A B Z | completed"),
    _("behaviour One: what it throws ends the rest", BEHAVIOUR.format("One", ""), "A B | completed"),
    _("behaviour Complex", ITEMS.format("task A times=2 behavior=Complex"), refused="unsupported_attribute@A"),
    _("instances that overwrite each other", ITEMS.format("user A times=2"), refused="overwritten@A"),
    _("several times in a rework loop", ROUND.format("task A times=2"), "A A u A A u | completed", AGAIN, ENOUGH),
    _("user tasks several times in a rework loop", ROUND.format("user A each=orang item=o result=a into=semua"),
      "A A u A A u | completed", "A", "A", AGAIN, "A", "A", ENOUGH, orang=[1, 2]),
    _("in a row in a rework loop", ROUND.format("user A times=2 sequential result=a into=semua"),
      "A A u A A u | completed", "A", "A", AGAIN, "A", "A", ENOUGH),
    _("a loop in a rework loop", ROUND.format("script A 'n = n + 1' max=2"), "A A u A A u | completed", AGAIN, ENOUGH, n=0),
]  # fmt: skip
