"""Compensation and transactions: what was completed is undone in reverse order, and nothing else is."""

from tests.conformance.running import Feature


def _(name: str, text: str, trace: str = "", *moves: object, refused: str = "", **data: object) -> Feature:
    return Feature("undoing", name, text, trace, moves, data, refused)  # type: ignore[arg-type]


A = "task A; boundary a on=A compensate undo=U; task U undoes"
B = "task B; boundary b on=B compensate undo=V; task V undoes"
ONE = f"start s; {A}; throw t compensate; task Z; end e; "
TWO = f"start s; {A}; {B}; throw t {{}}; task Z; end e; s > A > B > t > Z > e"
SUB = f"start s; sub P {{{{ start s2; {A}; {B}; end e2; s2 > A > B > e2 {{}} }}}}; throw t {{}}; task Z; end e; s > P > t > Z > e"
TRANSACTION = (
    f"start s; transaction P {{{{ start s2; {A}; {B}; end x cancel; {{}} }}}}; boundary c on=P cancel; task C; end e; end f; "
    "s > P > e; c > C > f"
)
HANDLER = "; sub H event {{ start h {}; {} task W; end he; h > {} W > he }}"

FEATURES = [
    _("one activity", ONE + "s > A > t > Z > e", "A U Z | completed"),
    _("in reverse order", TWO.format("compensate"), "A B V U Z | completed"),
    _("only the one that is named", TWO.format("compensate=A"), "A B U Z | completed"),
    _("by an end event", f"start s; {A}; {B}; end x compensate; s > A > B > x", "A B V U | completed"),
    _("by an end event, named", f"start s; {A}; {B}; end x compensate=B; s > A > B > x", "A B V | completed"),
    _("nothing was completed yet", ONE + "s > t > A > Z > e", "A Z | completed"),
    _("what was not chosen is not undone", f"start s; {A}; {B}; xor x; xor m; throw t compensate; end e; s > x; "
      "x > A : 'n == 1'; x > B : default; A > m; B > m; m > t > e", "B V | completed", n=2),
    _("once", f"start s; {A}; throw t compensate; throw r compensate; task Z; end e; s > A > t > r > Z > e", "A U Z | completed"),
    _("as often as it was done", f"start s; xor r; {A}; user u; xor x; throw t compensate; end e; s > r > A > u > x; "
      "x > r : 'u.lagi'; x > t : default; t > e", "A u A u U U | completed", ("u", {"lagi": True}), "u"),
    _("by turns as it was done", f"start s; xor r; {A}; {B}; user u; xor x; throw t compensate; end e; s > r > A > B > u > x; "
      "x > r : 'u.lagi'; x > t : default; t > e", "A B u A B u V U V U | completed", ("u", {"lagi": True}), "u"),
    _("what is done again after it can be undone again", f"start s; xor r; {A}; throw t compensate; user u; xor x; end e; "
      "s > r > A > t > u > x; x > r : 'u.lagi'; x > e : default", "A U u A U u | completed", ("u", {"lagi": True}), "u"),
    _("by a person", "start s; task A; boundary a on=A compensate undo=U; user U undoes; throw t compensate; task Z; end e; "
      "s > A > t > Z > e", "A U Z | completed", "U"),
    _("by a person, waits", "start s; task A; boundary a on=A compensate undo=U; user U undoes; throw t compensate; task Z; "
      "end e; s > A > t > Z > e", "A | U running"),
    _("by a sub-process", "start s; task A; boundary a on=A compensate undo=U; sub U undoes { start u1; task X; task Y; end u2; "
      "u1 > X > Y > u2 }; throw t compensate; task Z; end e; s > A > t > Z > e", "A X Y Z | completed"),
    _("by an activity done several times", "start s; task A; boundary a on=A compensate undo=U; task U undoes times=2; "
      "throw t compensate; task Z; end e; s > A > t > Z > e", "A U U Z | completed"),
    _("by a service that fails", "start s; task A; boundary a on=A compensate undo=U; service U undoes n=-1; throw t compensate; "
      "end e; s > A > t > e", "A | operator_failed incident"),
    _("what a person did", "start s; user A; boundary a on=A compensate undo=U; task U undoes; throw t compensate; end e; "
      "s > A > t > e", "A U | completed", "A"),
    _("what branches did", f"start s; and g; {A}; {B}; and j; throw t compensate; end e; s > g; g > A > j; g > B > j; "
      "j > t > e", "A B V U | completed"),
    _("what is not over is not undone", "start s; and g; task A; boundary a on=A compensate undo=U; task U undoes; user B; "
      "boundary b on=B compensate undo=V; task V undoes; throw t compensate; end e; s > g; g > A > t > e; g > B > e",
      "A U B | completed", "B"),
    _("in the inside of a sub-process", SUB.format("", "compensate"), "A B V U Z | completed"),
    _("a sub-process that is named", SUB.format("", "compensate=P"), "A B V U Z | completed"),
    _("a sub-process by its own handler alone", SUB.format("", "compensate").replace("; throw t", "; boundary k on=P "
      "compensate undo=Q; task Q undoes; throw t"), "A B Q Z | completed"),
    _("a sub-process in a sub-process", f"start s; sub P {{ start s2; sub Q {{ start s3; {A}; end e3; s3 > A > e3 }}; end e2; "
      "s2 > Q > e2 }; throw t compensate; task Z; end e; s > P > t > Z > e", "A U Z | completed"),
    _("a sub-process and an activity", f"start s; {B}; sub P {{ start s2; {A}; end e2; s2 > A > e2 }}; throw t compensate; end e; "
      "s > P > B > t > e", "A B V U | completed"),
    _("a sub-process twice", f"start s; xor r; sub P {{ start s2; {A}; end e2; s2 > A > e2 }}; user u; xor x; throw t compensate; "
      "end e; s > r > P > u > x; x > r : 'u.lagi'; x > t : default; t > e", "A u A u U U | completed", ("u", {"lagi": True}),
      "u"),
    _("only inside the own sub-process", f"start s; {B}; sub P {{ start s2; {A}; throw t compensate; end e2; s2 > A > t > e2 }}; "
      "task Z; end e; s > B > P > Z > e", "B A U Z | completed"),
    _("a sub-process that was interrupted is not undone", f"start s; sub P {{ start s2; {A}; user u; end e2; "
      "s2 > A > u > e2 }; boundary c on=P timer=PT1H; throw t compensate; task Z; end e; end f; s > P > f; c > t > Z > e",
      "A Z | completed", "+1h"),
    _("what was undone inside is not undone again", f"start s; sub P {{ start s2; {A}; throw i compensate; end e2; "
      "s2 > A > i > e2 }; throw t compensate; task Z; end e; s > P > t > Z > e", "A U Z | completed"),
    _("the inside of a call", f"start s; call P process=q; throw t compensate; task Z; end e; s > P > t > Z > e; "
      f"process q {{ start s2; {A}; end e2; s2 > A > e2 }}", "A U Z | completed"),
    _("by an event sub-process", SUB.format(HANDLER.format("compensate", "", ""), "compensate"), "A B W Z | completed"),
    _("by an event sub-process that undoes the rest", SUB.format(HANDLER.format("compensate", "throw i compensate;", "i >"),
      "compensate"), "A B V U W Z | completed"),
    _("by an event sub-process that undoes one of the rest", SUB.format(HANDLER.format("compensate",
      "throw i compensate=A;", "i >"), "compensate"), "A B U W Z | completed"),
    _("after an error", f"start s; sub P {{ start s2; {A}; {B}; end x error=E; s2 > A > B > x "
      + HANDLER.format("error=E", "throw i compensate;", "i >").replace("{{", "{").replace("}}", "}")
      + " }; task Z; end e; s > P > Z > e", "A B V U W Z | completed"),
    _("interrupted on the way", "start s; sub P { start s2; task A; boundary a on=A compensate undo=U; user U undoes; "
      "throw t compensate; end e2; s2 > A > t > e2 }; boundary c on=P timer=PT1H; task Z; end e; end f; s > P > e; "
      "c > Z > f", "A Z | completed", "+1h"),
    _("in two branches at once", f"start s; sub P {{ start s2; {A}; throw t compensate; end e2; s2 > A > t > e2 }}; "
      f"sub Q {{ start s3; {B}; throw r compensate; end e3; s3 > B > r > e3 }}; and g; and j; end e; s > g; g > P > j; "
      "g > Q > j; j > e", "A U B V | completed"),
    _("by an event sub-process with a person", SUB.format(HANDLER.format("compensate", "user w;", "w >"), "compensate"),
      "A B w W Z | completed", "w"),
    _("an ad-hoc sub-process whose condition holds by then", f"start s; adhoc P done='n == 1' {{ {A.replace('task U', 'user U')}; "
      "task B; boundary b on=B compensate undo=V; script V 'n = 1' undoes }; throw t compensate; task Z; end e; "
      "s > P > t > Z > e", "A B V U Z | completed", "U", n=0),
    _("a completed sub-process catches no error any more", "start s; sub P { start s2; task A; boundary a on=A compensate undo=U; "
      "sub U undoes { start su; user u; end eu error=E; su > u > eu }; end e2; s2 > A > e2; sub H event { start h error=E; "
      "task K; end he; h > K > he } }; boundary b on=P error=E; task T; end f; b > T > f; throw t compensate; task Z; "
      "end e; s > P > t > Z > e", "A u | uncaught_error incident", "u"),
    # Transactions
    _("a transaction that is cancelled", TRANSACTION.format("s2 > A > B > x"), "A B V U C | completed"),
    _("a transaction that is cancelled before all is done", TRANSACTION.format("xor y; s2 > A > y; y > x : 'n == 1'; "
      "y > B : default; end e2; B > e2"), "A U C | completed", n=1),
    _("a transaction that is not cancelled", TRANSACTION.format("xor y; s2 > A > y; y > x : 'n == 1'; y > B : default; end e2; "
      "B > e2"), "A B | completed", n=2),
    _("a transaction whose other branch goes on", TRANSACTION.format("and y; user w; end e2; s2 > A > y; y > B > x; "
      "y > w > e2"), "A B V U C | completed"),
    _("a transaction with a sub-process inside", f"start s; transaction P {{ start s2; sub Q {{ start s3; {A}; end e3; "
      "s3 > A > e3 }; end x cancel; s2 > Q > x }; boundary c on=P cancel; task C; end e; end f; s > P > e; c > C > f",
      "A U C | completed"),
    _("a transaction that is undone afterwards", f"start s; transaction P {{ start s2; {A}; end e2; s2 > A > e2 }}; "
      "throw t compensate; end e; s > P > t > e", "A U | completed"),
    _("a transaction that an error ends is not undone", f"start s; transaction P {{ start s2; {A}; end x error=E; s2 > A > x }}; "
      "boundary c on=P error=E; task C; end e; end f; s > P > e; c > C > f", "A C | completed"),
    _("a transaction that is cancelled and not caught", f"start s; transaction P {{ start s2; {A}; end x cancel; s2 > A > x }}; "
      "end e; s > P > e", "A | uncaught_error incident"),
    _("a transaction that is cancelled is not the one around it", f"start s; transaction P {{ start s2; transaction Q {{ start s3; {A}; "
      "end x cancel; s3 > A > x }; end e2; s2 > Q > e2 }; boundary c on=P cancel; task C; end e; end f; s > P > e; c > C > f",
      "A | uncaught_error incident"),
    # Refused
    _("an event that leads to nothing", "start s; task A; boundary a on=A compensate; end e; s > A > e",
      refused="bad_compensation@a"),
    _("an activity that nothing leads to", "start s; task A; task U undoes; end e; s > A > e", refused="bad_compensation@U"),
    _("an activity that is not for it", "start s; task A; boundary a on=A compensate undo=U; task U; end e; s > A > U > e",
      refused="bad_compensation@a"),
    _("an event beside what undoes", f"start s; {A}; boundary b on=U timer=PT1H; task T; end f; throw t compensate; end e; "
      "s > A > t > e; b > T > f", refused="bad_compensation@b"),
    _("a flow out of the event", f"start s; {A}; task B; end e; s > A > e; a > B > e", refused="bad_compensation@a"),
    _("the name of what is not there", f"start s; {A}; throw t compensate=hilang; end e; s > A > t > e",
      refused="bad_compensation@t"),
    _("the name of what is deeper", f"start s; sub P {{ start s2; {A}; end e2; s2 > A > e2 }}; throw t compensate=A; end e; "
      "s > P > t > e", refused="bad_compensation@t"),
    _("what is done several times", "start s; task A times=2; boundary a on=A compensate undo=U; task U undoes; end e; s > A > e",
      refused="bad_compensation@a"),
    _("inside what is done several times", f"start s; sub P times=2 {{ start s2; {A}; end e2; s2 > A > e2 }}; end e; s > P > e",
      refused="unsupported@P"),
    _("without waiting for it", "start s; task A; raw '<intermediateThrowEvent id=\"t\"><compensateEventDefinition "
      "waitForCompletion=\"false\"/></intermediateThrowEvent>'; end e; s > A > t > e", refused="unsupported_attribute@t"),
    _("an event sub-process at the top", "start s; end e; s > e; sub H event { start h compensate; end he; h > he }",
      refused="unsupported@h"),
]  # fmt: skip
