"""Events: what starts, waits, interrupts, goes on beside, throws and catches."""

from tests.conformance.running import Feature


def _(name: str, text: str, trace: str = "", *moves: object, refused: str = "", **data: object) -> Feature:
    return Feature("events", name, text, trace, moves, data, refused)  # type: ignore[arg-type]


CATCH = "start s; task A; catch c {}; task B; end e; s > A > c > B > e"
THROW = "start s; task A; throw t {}; task B; end e; s > A > t > B > e"
ON_TASK = "start s; user u; boundary b on=u {}; task A; task B; end e; end f; s > u > A > e; b > B > f"
ON_SUB = (
    "start s; sub P {{ start s2; user u; {} ; s2 > u > x }}; boundary b on=P {}; task A; task B; end e; end f; "
    "s > P > A > e; b > B > f"
)
BESIDE = (
    "start s; sub P {{ start s2; user u; end e2; sub H event {{ start h {}; task H1; end he; h > H1 > he }}; "
    "s2 > u > e2 }}; task A; end e; s > P > A > e"
)
AT_TOP = "start s; user u; task A; end e; sub H event {{ start h {}; task H1; end he; h > H1 > he }}; s > u > A > e"
DUE = "2026-01-05T03:00:00+00:00"

FEATURES = [
    # Starts and ends
    _("start: a message", "start s message=m; task A; end e; s > A > e", "A | completed"),
    _("start: a signal", "start s signal=t; task A; end e; s > A > e", "A | completed"),
    _("start: a timer", "start s timer=PT1H; task A; end e; s > A > e", "A | completed"),
    _("start: a timer that reads what is not there yet", "start s timer=lama; task A; end e; s > A > e", refused="bad_time@s"),
    _("start: a cycle of ten seconds", "start s cycle=R/2020-01-01T00:00:00+08:00/PT10S; task A; end e; s > A > e",
      refused="too_often@s"),
    _("start: a short cycle as an expression", "start s cycle=\"'R5/PT5S'\"; task A; end e; s > A > e", refused="too_often@s"),
    _("start: a cycle of a minute", "start s cycle=R/PT1M; task A; end e; s > A > e", "A | completed"),
    _("start: a condition", "start s when=n; task A; end e; s > A > e", refused="unsupported@s"),
    _("start: an event in a plain sub-process", "start s; sub P { start s2 message=m; end e2; s2 > e2 }; end e; s > P > e",
      refused="unsupported@s2"),
    _("end: terminate", "start s; and g; task A; user B; end t terminate; end e; s > g; g > A > t; g > B > e", "A | completed"),
    _("end: terminate a sub-process only", "start s; sub P { start s2; and g; task A; user B; end t terminate; end e2; "
      "s2 > g; g > A > t; g > B > e2 }; task C; end e; s > P > C > e", "A C | completed"),
    _("end: a message", "start s; task A; end e message=m; s > A > e", "A | completed"),
    _("end: a signal", "start s; and g; catch c signal=t; task A; task B; end x signal=t; end e; s > g; g > c > B > e; "
      "g > A > x", "A B | completed"),
    _("end: an error that nothing catches", "start s; task A; end x error=E1; s > A > x", "A | uncaught_error incident"),
    _("end: an escalation that nothing catches", "start s; task A; end x escalation=K1; s > A > x", "A | completed"),
    _("end: compensation of nothing", "start s; task A; end x compensate; s > A > x", "A | completed"),
    _("end: cancel without a transaction", "start s; task A; end x cancel; s > A > x", refused="unsupported@x"),
    _("end: a message and a signal", "start s; and g; catch c message=m; catch d signal=t; task A; task B; end x message=m signal=t; "
      "end e; s > g; g > c > A > e; g > d > B > e; g > x", "A B | completed"),
    _("end: a message and an end to all", "start s; and g; user B; task A; end x message=m terminate; end e; s > g; g > B > e; "
      "g > A > x", "A | completed"),
    _("end: a message and an error", "start s; task A; end x message=m error=E; s > A > x", refused="unsupported@x"),
    # Waiting on the way
    _("catch: a message", CATCH.format("message=m"), "A B | completed", "!m"),
    _("catch: a message of another correlation", CATCH.format("message=m correlation=nomor"), "A B | completed", "!m/12",
      nomor="12"),
    _("catch: a message without a name", CATCH.format("message="), refused="no_event_name@c"),
    _("catch: a signal", CATCH.format("signal=t"), "A B | completed", "~t"),
    _("catch: a duration", CATCH.format("timer=PT1H"), "A B | completed", "+1h"),
    _("catch: a duration that is not over", CATCH.format("timer=PT1H"), "A | running", "+59m"),
    _("catch: a duration in quotes", CATCH.format("timer='\"P1DT2H\"'"), "A B | completed", "+26h"),
    _("catch: a duration from the data", CATCH.format("timer=lama"), "A B | completed", "+2d", lama="P2D"),
    _("catch: a moment", CATCH.format("date=" + DUE), "A B | completed", "+2h"),
    _("catch: a moment from the data", CATCH.format("date=kapan"), "A B | completed", "+2h", kapan=DUE),
    _("catch: a moment that has passed", CATCH.format("date=2020-01-01T00:00:00Z"), "A B | completed", "+0m"),
    _("catch: a moment without a zone", CATCH.format("date=kapan"), "A | bad_timer incident", kapan="2026-01-05T03:00:00"),
    _("catch: a moment without a zone, written down", CATCH.format("date=2026-01-05T03:00:00"), refused="bad_time@c"),
    _("catch: a duration that is none", CATCH.format("timer=lama"), "A | bad_timer incident", lama="besok"),
    _("catch: a cycle, whose first time it is", CATCH.format("cycle=R3/PT1H"), "A B | completed", "+1h", "+9h"),
    _("catch: cron", CATCH.format("cycle='0 9 * * 1'"), refused="bad_expression@c"),
    _("catch: a condition that is not there", CATCH.format("when="), refused="no_condition@c"),
    _("catch: a condition that is true", CATCH.format("when='n > 1'"), "A B | completed", n=2),
    _("catch: a condition that becomes true", "start s; and g; catch c when='u.n > 1'; user u; task B; end e; s > g; "
      "g > c > B > e; g > u > e", "u B | completed", ("u", {"n": 2})),
    _("catch: a condition that stays false", CATCH.format("when='n > 1'"), "A | running", n=1),
    _("catch: a condition on what is not there", CATCH.format("when='hilang > 1'"), "A | running"),
    _("catch: a condition that fails", CATCH.format("when='n > 1'"), "A | expression_failed incident", n="x"),
    _("catch: nothing", CATCH.format(""), refused="no_event_name@c"),
    _("catch: one of several, the first", CATCH.format("message=m timer=PT1H"), "A B | completed", "!m", "+2h"),
    _("catch: one of several, the other", CATCH.format("message=m timer=PT1H"), "A B | completed", "+1h"),
    _("catch: one of several, none yet", CATCH.format("message=m timer=PT1H"), "A | running", "+59m"),
    _("catch: one of several, again", "start s; xor r; catch c message=m signal=t; user u; xor x; end e; s > r > c > u > x; "
      "x > r : 'u.lagi'; x > e : default", "u u | completed", "!m", ("u", {"lagi": True}), "~t", "u"),
    _("catch: every one of several", CATCH.format("message=m signal=t :parallelMultiple=true"), "A B | completed", "~t", "!m"),
    _("catch: every one of several, one yet", CATCH.format("message=m signal=t :parallelMultiple=true"), "A | running", "!m"),
    _("catch: every one of three", CATCH.format("message=m signal=t timer=PT1H :parallelMultiple=true"), "A B | completed", "!m",
      "+1h", "~t"),
    _("catch: several, one of them an error", CATCH.format("message=m error=E"), refused="unsupported@c"),
    _("catch: several, one without a name", CATCH.format("message= signal=t"), refused="no_event_name@c"),
    _("catch: an error on the way", CATCH.format("error=E"), refused="unsupported@c"),
    _("links", "start s; task A; throw t link=L; catch c link=L; task B; end e; s > A > t; c > B > e", "A B | completed"),
    _("two links to one place", "start s; xor x; throw t link=L; throw t2 link=L; catch c link=L; task B; end e; s > x; "
      "x > t : 'n == 1'; x > t2 : default; c > B > e", "B | completed", n=2),
    _("links in a circle", "catch c link=L; user u; xor x; throw t link=L; start s; end e; s > u > x; x > t : 'u.lagi'; "
      "x > e : default; c > u", "u u | completed", ("u", {"lagi": True}), "u"),
    _("a link without a partner", "start s; throw t link=L; s > t", refused="link_alone@t"),
    _("a definition that is referred to", "start s; catch c; task A; end e; s > A > e; raw "
      "'<intermediateCatchEvent id=\"k\"><eventDefinitionRef>hilang</eventDefinitionRef></intermediateCatchEvent>'",
      refused="@k"),
    # Throwing on the way
    _("throw: nothing", THROW.format(""), "A B | completed"),
    _("throw: a message", THROW.format("message=m"), "A B | completed"),
    _("throw: a message to another branch", "start s; and g; catch c message=m; task A; throw t message=m; task B; end e; "
      "s > g; g > c > A > e; g > t > B > e", "B A | completed"),
    _("throw: a signal to two branches", "start s; and g; catch c signal=t; catch d signal=t; throw t signal=t; task A; "
      "task B; end e; s > g; g > c > A > e; g > d > B > e; g > t > e", "A B | completed"),
    _("throw: a signal nobody waits for", THROW.format("signal=t"), "A B | completed"),
    _("throw: an escalation nobody catches", THROW.format("escalation=K"), "A B | completed"),
    _("throw: compensation of nothing", THROW.format("compensate"), "A B | completed"),
    _("throw: a message and a signal", "start s; and g; catch c message=m; catch d signal=t; throw t message=m signal=t; task A; "
      "task B; end e; s > g; g > c > A > e; g > d > B > e; g > t > e", "A B | completed"),
    # On the boundary of a task
    _("boundary: a timer", ON_TASK.format("timer=PT1H"), "B | completed", "+1h"),
    _("boundary: a timer that came too late", ON_TASK.format("timer=PT1H"), "u A | completed", "+30m", "u", "+2h"),
    _("boundary: a timer beside", ON_TASK.format("timer=PT1H beside"), "B u A | completed", "+1h", "u"),
    _("boundary: a timer beside fires once", ON_TASK.format("timer=PT1H beside"), "B | u running", "+9h"),
    _("boundary: a cycle beside", ON_TASK.format("cycle=R3/PT1H beside"), "B B B | u running", "+9h"),
    _("boundary: a cycle without end", ON_TASK.format("cycle=R/PT1H beside"), "B B B B u A | completed", "+4h", "u", "+9h"),
    _("boundary: a cycle of seconds", ON_TASK.format("cycle=R2/PT10S beside"), "B B | u running", "+9h"),
    _("boundary: a cycle that ends", ON_TASK.format("cycle=R/PT2H/2026-01-05T05:30:00Z beside"), "B B B | u running", "+9h"),
    _("boundary: a cycle that interrupts", ON_TASK.format("cycle=R3/PT1H"), "B | completed", "+1h", "+9h"),
    _("boundary: a message", ON_TASK.format("message=m"), "B | completed", "!m"),
    _("boundary: a message beside", ON_TASK.format("message=m beside"), "B B u A | completed", "!m", "!m", "u"),
    _("boundary: a signal", ON_TASK.format("signal=t"), "B | completed", "~t"),
    _("boundary: a signal beside", ON_TASK.format("signal=t beside"), "B u A | completed", "~t", "u"),
    _("boundary: a condition", "start s; and g; user u; boundary b on=u when='v.batal'; user v; task A; task B; end e; "
      "s > g; g > u > A > e; g > v > e; b > B > e", "v B | completed", ("v", {"batal": True})),
    _("boundary: a failed service", "start s; service u n=-1; boundary b on=u error=operator_failed; task A; task B; end e; "
      "s > u > A > e; b > B > e", "B | completed"),
    _("boundary: any failure of a service", "start s; service u n=-1; boundary b on=u error=; task A; task B; end e; "
      "s > u > A > e; b > B > e", "B | completed"),
    _("boundary: another error than the failure", "start s; service u n=-1; boundary b on=u error=E9; task A; task B; end e; "
      "s > u > A > e; b > B > e", "| operator_failed incident"),
    _("boundary: several", "start s; user u; boundary b on=u timer=PT1H; boundary c on=u message=m; task A; task B; task C; "
      "end e; s > u > A > e; b > B > e; c > C > e", "C | completed", "!m", "+2h"),
    _("boundary: entered again", "start s; xor r; user u; boundary b on=u timer=PT1H; task B; end e; s > r > u > e; "
      "b > B > r", "B B u | completed", "+1h", "+1h", "u"),
    _("boundary: on a receive task", "start s; receive u message=m; boundary b on=u timer=PT1H; task A; task B; end e; "
      "s > u > A > e; b > B > e", "B | completed", "+1h"),
    _("boundary: on nothing", "start s; user u; boundary b on=hilang timer=PT1H; end e; s > u > e; b > e",
      refused="bad_boundary@b"),
    _("boundary: on an event", "start s; catch u timer=PT1H; boundary b on=u message=m; end e; s > u > e; b > e",
      refused="bad_boundary@b"),
    _("boundary: compensation by a flow", "start s; user u; boundary b on=u compensate; end e; s > u > e; b > e",
      refused="bad_compensation@b"),
    _("boundary: one of several", ON_TASK.format("timer=PT1H message=m"), "B | completed", "!m", "+2h"),
    _("boundary: one of several, the other", ON_TASK.format("timer=PT1H message=m"), "B | completed", "+1h"),
    _("boundary: one of several, none", ON_TASK.format("timer=PT1H message=m"), "u A | completed", "u", "+2h"),
    _("boundary: several beside", ON_TASK.format("signal=t message=m beside"), "B B B u A | completed", "!m", "~t", "!m", "u"),
    _("boundary: every one of several", ON_TASK.format("signal=t message=m :parallelMultiple=true"), refused="unsupported@b"),
    _("boundary of a sub-process: an error or a timer, the error", ON_SUB.format("end x error=E1", "error=E1 timer=PT1H"),
      "u B | completed", "u"),
    _("boundary of a sub-process: an error or a timer, the timer", ON_SUB.format("end x error=E1", "error=E1 timer=PT1H"),
      "B | completed", "+1h"),
    _("event sub-process: one of several", BESIDE.format("message=m signal=t"), "H1 A | completed", "~t"),
    _("event sub-process: several beside", BESIDE.format("message=m signal=t beside"), "H1 H1 H1 u A | completed", "~t", "!m", "~t",
      "u"),
    _("event sub-process: an error or a message", "start s; sub P { start s2; user u; end x error=E; sub H event { start h "
      "message=m error=E; task H1; end he; h > H1 > he }; s2 > u > x }; task A; end e; s > P > A > e", "u H1 A | completed", "u"),
    _("start: one of several", "start s message=m signal=t; task A; end e; s > A > e", "A | completed"),
    _("boundary: without an id", "start s; user u; task B; end e; s > u > e; B > e; raw '<boundaryEvent attachedToRef=\"u\">"
      "<timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition></boundaryEvent>'; "
      "boundaryEvent_1 > B", "B | completed", "+1h"),
    _("boundary: truth values as digits", "start s; user u; boundary b on=u timer=PT1H :cancelActivity=0; task A; task B; "
      "end e; s > u > A > e; b > B > e", "B u A | completed", "+1h", "u"),
    # On the boundary of a sub-process
    _("boundary of a sub-process: an error", ON_SUB.format("end x error=E1", "error=E1"), "u B | completed", "u"),
    _("boundary of a sub-process: any error", ON_SUB.format("end x error=E1", "error="), "u B | completed", "u"),
    _("boundary of a sub-process: another error", ON_SUB.format("end x error=E1", "error=E2"),
      "u | uncaught_error incident", "u"),
    _("boundary of a sub-process: an error ends all in it", "start s; sub P { start s2; and g; user u; user v; end x error=E1; "
      "end e2; s2 > g; g > u > x; g > v > e2 }; boundary b on=P error=E1; task B; end e; s > P > e; b > B > e",
      "u B | completed", "u"),
    _("boundary of a sub-process: an error that does not interrupt", ON_SUB.format("end x error=E1", "error=E1 beside"),
      refused="unsupported_attribute@b"),
    _("boundary of a sub-process: an escalation", ON_SUB.format("end x escalation=K1", "escalation=K1"), "u B | completed",
      "u"),
    _("boundary of a sub-process: an escalation beside", ON_SUB.format("end x escalation=K1", "escalation=K1 beside"),
      "u A B | completed", "u"),
    _("boundary of a sub-process: an escalation on the way", "start s; sub P { start s2; throw t escalation=K; task u; end e2; "
      "s2 > t > u > e2 }; boundary b on=P escalation=K beside; task A; task B; end e; s > P > A > e; b > B > e",
      "u A B | completed"),
    _("boundary of a sub-process: an escalation on the way that interrupts", "start s; sub P { start s2; throw t "
      "escalation=K; task u; end e2; s2 > t > u > e2 }; boundary b on=P escalation=K; task A; task B; end e; s > P > A > e; "
      "b > B > e", "B | completed"),
    _("boundary of a sub-process: a timer", ON_SUB.format("end x", "timer=PT1H"), "B | completed", "+1h"),
    _("boundary of a sub-process: a message beside", ON_SUB.format("end x", "message=m beside"), "B u A | completed", "!m",
      "u"),
    _("boundary of a sub-process: a signal that it throws itself", ON_SUB.format("end x signal=t", "signal=t"),
      "u B | completed", "u"),
    _("boundary of a sub-process: an error from deeper", "start s; sub P { start s2; sub Q { start s3; end x error=E1; "
      "s3 > x }; end e2; s2 > Q > e2 }; boundary b on=P error=E1; task B; end e; s > P > e; b > B > e", "B | completed"),
    _("boundary of a sub-process: the nearest catches", "start s; sub P { start s2; sub Q { start s3; end x error=E1; "
      "s3 > x }; boundary c on=Q error=; task C; end e2; s2 > Q > e2; c > C > e2 }; boundary b on=P error=E1; task B; end e; "
      "s > P > e; b > B > e", "C | completed"),
    _("boundary of a call: an error", "start s; call P process=q; boundary b on=P error=E1; task B; end e; s > P > e; "
      "b > B > e; process q { start s2; end x error=E1; s2 > x }", "B | completed"),
    _("boundary of a call: a timer", "start s; call P process=q; boundary b on=P timer=PT1H; task B; end e; s > P > e; "
      "b > B > e; process q { start s2; user u; end e2; s2 > u > e2 }", "B | completed", "+1h"),
    _("boundary of several instances: a timer ends all", "start s; user u each=orang item=o result=u into=semua; "
      "boundary b on=u timer=PT1H; task A; task B; end e; s > u > A > e; b > B > e", "u B | completed", "u", "+1h",
      orang=[1, 2, 3]),
    _("boundary of several instances: an error in one", "start s; service u n=o each=nilai item=o result=u into=semua; "
      "boundary b on=u error=; task A; task B; end e; s > u > A > e; b > B > e", "u B | completed", nilai=[1, -1, 2]),
    _("boundary of several instances: a message beside", "start s; user u each=orang item=o result=u into=semua; "
      "boundary b on=u message=m beside; task A; task B; end e; s > u > A > e; b > B > e", "B u u A | completed", "!m", "u",
      "u", orang=[1, 2]),
    # Event sub-processes
    _("event sub-process: a message", BESIDE.format("message=m"), "H1 A | completed", "!m"),
    _("event sub-process: a message beside", BESIDE.format("message=m beside"), "H1 H1 u A | completed", "!m", "!m", "u"),
    _("event sub-process: not needed", BESIDE.format("message=m"), "u A | completed", "u"),
    _("event sub-process: a timer", BESIDE.format("timer=PT1H"), "H1 A | completed", "+1h"),
    _("event sub-process: a cycle beside", BESIDE.format("cycle=R2/PT1H beside"), "H1 H1 u A | completed", "+5h", "u"),
    _("event sub-process: a signal", BESIDE.format("signal=t"), "H1 A | completed", "~t"),
    _("event sub-process: a condition", BESIDE.format("when='n > 1'"), "H1 A | completed", n=2),
    _("event sub-process: an error", "start s; sub P { start s2; task u; end x error=E1; sub H event { start h error=E1; "
      "task H1; end he; h > H1 > he }; s2 > u > x }; task A; end e; s > P > A > e", "u H1 A | completed"),
    _("event sub-process: an escalation beside", "start s; sub P { start s2; throw t escalation=K; task u; end e2; "
      "sub H event { start h escalation=K beside; task H1; end he; h > H1 > he }; s2 > t > u > e2 }; task A; end e; "
      "s > P > A > e", "u H1 A | completed"),
    _("event sub-process: at the top", AT_TOP.format("message=m"), "H1 | completed", "!m"),
    _("event sub-process: at the top, beside", AT_TOP.format("message=m beside"), "H1 u A | completed", "!m", "u"),
    _("event sub-process: at the top, not needed", AT_TOP.format("timer=PT1H"), "u A | completed", "u"),
    _("event sub-process: an error at the top", "start s; task u; end x error=E1; sub H event { start h error=; task H1; "
      "end he; h > H1 > he }; s > u > x", "u H1 | completed"),
    _("event sub-process: it throws again what it caught", "start s; sub P { start s2; end x error=E1; sub H event { "
      "start h error=E1; task H1; end he error=E1; h > H1 > he }; s2 > x }; boundary b on=P error=E1; task B; end e; "
      "s > P > e; b > B > e", "H1 B | completed"),
    _("event sub-process: in a service's failure", "start s; service u n=-1; end e; sub H event { start h "
      "error=operator_failed; task H1; end he; h > H1 > he }; s > u > e", "H1 | completed"),
    _("event sub-process: with a plain start", "start s; end e; s > e; sub H event { start h; end he; h > he }",
      refused="bad_event_subprocess@H"),
    _("event sub-process: compensation of the whole process", "start s; end e; s > e; sub H event { start h compensate; end he; "
      "h > he }", refused="unsupported@h"),
    _("event sub-process: with a flow", "start s; sub H event { start h message=m; end he; h > he }; end e; s > H > e",
      refused="bad_event_subprocess@H"),
]  # fmt: skip
