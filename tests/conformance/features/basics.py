"""Processes, flows, lanes, pools, what is only drawn."""

from tests.conformance.running import Feature


def _(name: str, text: str, trace: str = "", *moves: object, refused: str = "", **data: object) -> Feature:
    return Feature("basics", name, text, trace, moves, data, refused)  # type: ignore[arg-type]


QUANTITY = "start s; and g; task X; user Y; {}; end e; s > g; g > X > A; g > Y > A; A > e"

FEATURES = [
    _("a task", "start s; task A; end e; s > A > e", "A | completed"),
    _("tasks in a row", "start s; task A; task B; task C; end e; s > A > B > C > e", "A B C | completed"),
    _("a manual task passes", "start s; manual A; end e; s > A > e", "A | completed"),
    _("no end event", "start s; task A; s > A", "A | completed"),
    _("no start event", "task A; task B; end e; A > B > e", "A B | completed"),
    _("several beginnings without a start event", "task A; task B; and j; end e; A > j; B > j; j > e", "A B | completed"),
    _("neither start nor end event", "task A; task B; A > B", "A B | completed"),
    _("two start events", "start s; start t; task A; end e; s > A > e; t > A", refused="start_events@p"),
    _("two start events, one for a message", "start s; start t message=m; task A; task B; end e; s > A > e; t > B > A",
      "A | completed"),
    _("start events for a message and a signal, none plain", "start t message=m; start r signal=t; task A; task B; end e; "
      "t > B > A; r > A > e", "B A | completed"),
    _("a join of what two start events bring", "start s; start t message=m; task A; and j; end e; s > A > j; t > j > e",
      refused="deadlock@j"),
    _("a node that nothing leads to", "start s; task A; task B; end e; s > A > e; B > e", refused="unreachable@B"),
    _("a flow into a start event", "start s; user A; end e; s > A; A > s; A > e", refused="into_start@s"),
    _("a flow out of an end event", "start s; task A; end e; s > e; e > A", refused="out_of_end@e"),
    _("a flow to nowhere", "start s; end e; s > e; e > hilang", refused="dangling_flow"),
    _("ids of the engine", "start Start; task Root; end End; Start > Root > End", "Root | completed"),
    _("an id twice", "start s; task A; task A; end e; s > A > e", refused="duplicate_id@A"),
    _("an id with a space", "start s; task 'A B'; end e; s > 'A B' > e", refused="bad_id@A B"),
    _("a flow without an id", "start s; task A; end e; s > A; raw '<sequenceFlow sourceRef=\"A\" targetRef=\"e\"/>'",
      "A | completed"),
    _("blanks around references",
      "start s; task A; end e; s > A; raw '<sequenceFlow id=\"g\" sourceRef=\" A \" targetRef=\"e \"/>'", "A | completed"),
    _("a lane", "start s; user u; end e; s > u > e", "u | completed", "u"),
    _("a note and a group", "start s; task A; end e; s > A > e; raw '<textAnnotation id=\"t\"/>'; raw '<group id=\"g\"/>'",
      "A | completed"),
    _("a data store is drawn", "start s; task A; end e; s > A > e; raw '<dataStoreReference id=\"t\"/>'", "A | completed"),
    _("something unknown", "start s; task A; end e; s > A > e; raw '<callChoreography id=\"t\"/>'", refused="unsupported@t"),
    _("start quantity: two tokens", "start s; and g; task X; task Y; task A :startQuantity=2; end e; s > g; g > X > A; g > Y > A; "
      "A > e", "X Y A | completed"),
    _("start quantity: two and two tokens", "start s; task X :completionQuantity=4; task A :startQuantity=2; end e; s > X > A > e",
      "X A A | completed"),
    _("start quantity: waits for the second", "start s; and g; task X; user Y; task A :startQuantity=2; end e; s > g; g > X > A; "
      "g > Y > A; A > e", "X Y A | completed", "Y"),
    _("start quantity: a sub-process", QUANTITY.format("sub A :startQuantity=2 { receive B message=m }"), "X Y B | completed",
      "Y", "!m"),
    _("start quantity: a receive task", QUANTITY.format("receive A :startQuantity=2 message=m"), "X Y A | completed", "Y", "!m"),
    _("start quantity: several times", QUANTITY.format("task A :startQuantity=2 times=2"), "X Y A A | completed", "Y"),
    _("start quantity: nothing waits beside it before it begins", QUANTITY.format("receive A :startQuantity=2 message=m; "
      "boundary b on=A timer=PT1H; task C; b > C > e"), "X Y C | completed", "+2h", "Y", "+1h"),
    _("completion quantity: several times", "start s; task A :completionQuantity=2 times=2; task B; end e; s > A > B > e",
      "A A B B | completed"),
    _("quantity that is no number", "start s; task A :startQuantity=banyak; end e; s > A > e", refused="unsupported_attribute@A"),
    _("start quantity", "start s; task A :startQuantity=2; end e; s > A > e", "| stuck incident"),
    _("completion quantity", "start s; task A :completionQuantity=2; end e; s > A > e", "A | completed"),
    _("for compensation", "start s; task A :isForCompensation=true; end e; s > A > e", refused="bad_compensation@A"),
    _("a condition on an activity's only flow, true", "start s; task A; task B; end e; s > A; A > B : 'n == 1'; B > e",
      "A B | completed", n=1),
    _("a condition on an activity's only flow, false", "start s; task A; task B; end e; s > A; A > B : 'n == 1'; B > e",
      "A | no_branch incident", n=2),
    _("conditions on an activity's flows", "start s; task A; task B; task C; end e; s > A; A > B : 'n > 0'; A > C : 'n > 1'; "
      "B > e; C > e", "A B C | completed", n=2),
    _("a default flow of an activity", "start s; task A; task B; task C; end e; s > A; A > B : 'n > 0'; A > C : default; "
      "B > e; C > e", "A C | completed", n=0),
    _("a default beside a flow without condition",
      "start s; task A; task B; task C; task D; end e; s > A; A > B : 'n > 0'; A > C : default; A > D; B > e; C > e; D > e",
      "A C D | completed", n=0),
    _("a condition out of a start event", "start s; task A; end e; s > A : 'n == 1'; A > e",
      refused="condition_misplaced@s"),
    _("a condition out of a parallel gateway", "start s; and g; task A; task B; s > g; g > A : 'n == 1'; g > B",
      refused="condition_misplaced@g"),
    _("several flows out of an activity", "start s; task A; task B; task C; end e; s > A; A > B; A > C; B > e; C > e",
      "A B C | completed"),
    _("several flows out of a start event", "start s; task A; task B; end e; s > A; s > B; A > e; B > e", "A B | completed"),
    _("several flows into an activity", "start s; xor x; task A; task B; task C; end e; s > x; x > A : 'n == 1'; "
      "x > B : default; A > C; B > C; C > e", "B C | completed", n=2),
    _("condition of another tool: JUEL", "start s; xor x; task A; task B; end e; s > x; x > A : '${n eq 1 and ok}'; "
      "x > B : default; A > e; B > e", "A | completed", n=1, ok=True),
    _("condition of another tool: FEEL", "start s; xor x; task A; task B; end e; s > x; x > A : '= n = 1'; "
      "x > B : default; A > e; B > e", "A | completed", n=1),
    _("condition of another tool: Java", "start s; xor x; task A; task B; end e; s > x; x > A : 'n == 1 && !ok'; "
      "x > B : default; A > e; B > e", "A | completed", n=1, ok=False),
    _("condition of another tool: contains", "start s; or x; task A; task B; task C; end e; s > x; "
      "x > A : '${test.contains(\"a\")}'; x > B : '${test.contains(\"b\")}'; x > C : default; A > e; B > e; C > e",
      "B | completed", test="b"),
    _("condition of another tool: a call", "start s; xor x; task A; task B; end e; s > x; x > A : '${bean.test(n)}'; "
      "x > B : default; A > e; B > e", refused="bad_expression@x"),
    _("a case that is cancelled", "start s; user u; end e; s > u > e", "| cancelled", "cancel"),
]  # fmt: skip
