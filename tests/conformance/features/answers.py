"""Models that would lose an answer, with the elements whose answer it is, and models that lose none."""

BOTH = "start s; and g; {}; and j; end e; s > g; g > A > j; g > B > j; j > e"
CHOICE = "start s; user w; {} g; user A key=k; user B key=k; {} j; end e; s > w > g; g > A : 'w.k == 1'; g > B {}; A > j > e; B > j"
HANDLED = "start s; user u; end e; s > u > e; sub H event {{ start h {} beside; {}; end x; {} }}"
BOUNDARY = "start s; user A; end e; boundary b on=A {} beside; {}; end f; s > A > e; {}"
ITEMS = "start s; {}; end e; s > A > e"
MESSAGE = (
    "raw '<boundaryEvent id=\"b\" attachedToRef=\"A\" cancelActivity=\"false\"><messageEventDefinition messageRef=\"m\">"
    '<extensionElements><spiffworkflow:messageVariable>pesan</spiffworkflow:messageVariable></extensionElements>'
    "</messageEventDefinition></boundaryEvent>'; root '<message id=\"m\" name=\"m\"/>'"
)  # fmt: skip
LOST = [
    ("two parallel tasks with one key", BOTH.format("user A key=k; user B key=k"), "B"),
    ("two parallel scripts", BOTH.format("script A 'n = 1'; script B 'n = 2'"), "B"),
    ("two parallel scripts, one of which adds", BOTH.format("script A 'n = 1'; script B 'n = n + 1'"), "B"),
    ("two parallel results", BOTH.format("service A result=n; service B result=n"), "B"),
    ("an answer and a script", BOTH.format("user A key=n; script B 'n = 1'"), "B"),
    ("two lists", BOTH.format("user A times=2 result=a into=n; user B times=2 result=b into=n"), "B"),
    ("a call beside the same step", BOTH.format("call A process=q; user B key=u")
     + "; process q { start s2; user u; end e2; s2 > u > e2 }", "B"),
    ("deep inside", BOTH.format("sub A { sub P { user u key=k } }; sub B { user v key=k }"), "v"),
    ("an inclusive choice of both", "start s; or g; user A key=k; user B key=k; or j; end e; s > g; g > A : 'n > 1'; "
     "g > B : 'n > 2'; A > j; B > j; j > e", "B"),
    ("conditions out of an activity", "start s; user w; user A key=k; user B key=k; s > w; w > A : 'w.k > 1'; w > B : 'w.k > 2'", "B"),
    ("conditions that do not exclude each other", "start s; or g; user A key=k; user B key=k; or j; end e; s > g; g > A : 'n == 1'; "
     "g > B : 'm == 2'; A > j; B > j; j > e", "B"),
    *((f"conditions that may hold together: {one}, {other}", "start s; user w; or g; user A key=k; user B key=k; or j; end e; "
      f"s > w > g; g > A : \"{one}\"; g > B : \"{other}\"; A > j; B > j; j > e", "B")
      for one, other in (("w.k != 'a'", "w.k != 'b'"), ("n > 5", "n <= 6"), ("n > 5", "n < 9"), ("n", "not m"), ("n >= 5", "n <= 5"))),
    ("an implicit split", "start s; user A key=k; user B key=k; s > A; s > B", "B"),
    ("several tokens", "start s; task T :completionQuantity=2; user A; s > T > A", "A"),
    ("parallel branches that are not joined", "start s; and g; task T; task U; user A; s > g; g > T > A; g > U > A", "A"),
    ("instances with one key", ITEMS.format("user A times=2"), "A"),
    ("instances that answer under the name of their item", ITEMS.format("user A each=orang item=o key=o"), "A"),
    ("instances in a row that answer under the name of their item", ITEMS.format("user A each=orang item=o key=o sequential"), "A"),
    ("a script that changes the item, and nothing gathers it", ITEMS.format("script A 'o = 1' each=orang item=o"), "A"),
    ("people choose the order", ITEMS.format("adhoc A { user B key=k; user C key=k }"), "C"),
    ("an event beside a task", BOUNDARY.format("timer=PT1H", "user B key=a", "b > B > f"), "B"),
    ("an event beside a task and what follows it", BOUNDARY.format("timer=PT1H", "user B key=c; user C", "b > B > f")
     .replace("A > e;", "A > C > e;"), "C"),
    ("an event that comes again", BOUNDARY.format("message=m", "user B", "b > B > f"), "B"),
    ("a message that comes again while its answer is awaited", f"start s; user A; end e; {MESSAGE}; user B key=t; end f; "
     "s > A > e; b > B > f", "b B"),
    ("a late answer in a loop", "start s; xor r; and g; user A; task B; complex d go='activationCount >= 1'; user C; xor x; end e; "
     "s > r > g; g > A > d; g > B > d; d > C > x; x > r : 'c.k'; x > e : default", "A"),
    ("what undoes beside another branch", "start s; and g; task A; boundary a on=A compensate undo=U; user U undoes; "
     "throw t compensate; user B key=u; s > g; g > A > t; g > B", "B"),
]  # fmt: skip
KEPT = [
    ("one after the other", "start s; user A key=k; user B key=k; s > A > B"),
    ("an exclusive choice", CHOICE.format("xor", "xor", ": default")),
    ("an inclusive choice with a default", CHOICE.format("or", "or", ": default")),
    ("conditions of which one holds", "start s; user w; user A key=k; user B key=k; s > w; w > A : 'w.k == \"ya\"'; "
     "w > B : default"),
    ("conditions that exclude each other", "start s; or g; user A key=k; user B key=k; or j; end e; s > g; g > A : 'n == 1'; "
     "g > B : 'n == 2'; A > j; B > j; j > e"),
    *((f"conditions of which one denies the other: {one}, {other}", "start s; user w; or g; user A key=k; user B key=k; or j; end e; "
      f"s > w > g; g > A : \"{one}\"; g > B : \"{other}\"; A > j; B > j; j > e")
      for one, other in (("w.k == 'a'", "w.k != 'a'"), ("n > 5", "n <= 5"), ("n < 5", "n >= 5"), ("n", "not n"), ("not n == 5", "n == 5"))),
    ("the first of several", "start s; first g; catch a message=m; catch b timer=PT1H; user A key=k; user B key=k; s > g; g > a > A; g > b > B"),
    ("before and after a parallel block", BOTH.format("user A; user B").replace("s > g", "user v key=k; s > v > g")
     .replace("j > e", "user w key=k; j > w > e")),
    ("after an inclusive join", "start s; or g; task A; user B; or j; user C; end e; s > g; g > A : 'n > 1'; g > B : 'n > 2'; "
     "A > j; B > j; j > C > e"),
    ("after a complex join", "start s; and g; task A; user B; complex j go='activationCount >= 1'; user C; end e; s > g; "
     "g > A > j; g > B > j; j > C > e"),
    ("a rework loop around a parallel block", "start s; xor r; and g; user A; user B; and j; user C; xor x; end e; s > r > g; "
     "g > A > j; g > B > j; j > C > x; x > r : 'c.k'; x > e : default"),
    ("scripts that add", BOTH.format("script A 'n = n + 1'; script B 'n = n + 2'")),
    ("scripts that say the same", BOTH.format("script A 'n = 1'; script B 'n = 1'")),
    ("what instances gather", ITEMS.format("user A times=2 result=a into=semua")),
    ("what instances keep for themselves", ITEMS.format("sub A each=orang item=o result=h into=semua { user B key=h }")),
    ("lists of the instances' own", ITEMS.format("sub A times=2 result=b into=c { user B times=2 result=x into=b }")
     .replace("result=x", "key=x result=x")),
    ("instances in a row", ITEMS.format("sub A times=2 sequential { user B }")),
    ("an event that ends the activity", BOUNDARY.replace(" beside", "").format("message=m", "user B key=a", "b > B > f")),
    ("an event sub-process that ends the case", HANDLED.replace(" beside", "").format("message=m", "user v key=u", "h > v > x")),
    ("an event sub-process with its own answer", HANDLED.format("timer=PT1H", "user v", "h > v > x")),
    ("an event sub-process that waits for nobody", HANDLED.format("message=m", "script v 'n = 1'", "h > v > x")),
    ("an event that waits for nobody", BOUNDARY.format("message=m", "script B 'n = 1'", "b > B > f")),
    ("a reminder", BOUNDARY.format("timer=PT1H", "user B", "b > B > f")),
    ("a message that comes again and waits for nobody", f"start s; user A; end e; {MESSAGE}; end f; s > A > e; b > f"),
    ("people choose, each for itself", ITEMS.format("adhoc A { user B; user C }")),
    ("people in a row", ITEMS.format("adhoc A :ordering=Sequential { user B key=k; user C key=k }")),
    ("two calls of one process", BOTH.format("call A process=q; call B process=q")
     + "; process q { start s2; user u; end e2; s2 > u > e2 }"),
    ("a sub-process several times", ITEMS.format("sub A times=2 { user B }")),
    ("a sub-process several times, a choice in it", ITEMS.format("sub A each=orang item=o { xor x; script B 'n = 1'; script C 'n = 2'; "
     "x > B : 'o > 1'; x > C : default }")),
    ("a call several times", ITEMS.format("call A process=q times=2") + "; process q { start s2; user B; end e2; s2 > B > e2 }"),
    ("a list within instances", ITEMS.format("sub A times=2 { user B times=2 result=b into=semua }")),
    ("several times within a call within a branch", BOTH.format("sub A times=2 { call C process=q }; user B")
     + "; process q { start s2; user u; end e2; s2 > u > e2 }"),
    ("an event sub-process beside the case", HANDLED.format("timer=PT1H", "user v key=u", "h > v > x")),
    ("an event sub-process that comes again", HANDLED.format("message=m", "user v", "h > v > x")),
    ("an event sub-process in a cycle", HANDLED.format("cycle=R/PT1H", "user v", "h > v > x")),
]  # fmt: skip
