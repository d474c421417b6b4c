"""Data: the case's own, data objects, what messages carry."""

from tests.conformance.running import Feature


def _(name: str, text: str, trace: str = "", *moves: object, refused: str = "", **data: object) -> Feature:
    return Feature("data", name, text, trace, moves, data, refused)  # type: ignore[arg-type]


ASK = "start s; {} ; xor x; task A; task B; end e; s > u > x; x > A : '{}'; x > B : default; A > e; B > e"
CARRIED = (
    '<message id="mm" name="m"><extensionElements><spiffworkflow:messageVariable>surat</spiffworkflow:messageVariable>'
    "</extensionElements></message>"
)

FEATURES = [
    _("what a form gives", ASK.format("user u", "u.k == 1"), "u A | completed", ("u", {"k": 1})),
    _("what a form gave before is replaced", "start s; xor r; user u; xor x; task A; end e; s > r > u > x; "
      "x > r : 'u.a == 1'; x > A : default; A > e", "u u A | completed", ("u", {"a": 1}), ("u", {"b": 2})),
    _("what a script writes", ASK.format("script u 'k = 1'", "k == 1"), "u A | completed"),
    _("what a service gives", ASK.format("service u n=7 result=hasil", "hasil == 7"), "u A | completed"),
    _("what the case starts with", ASK.format("task u", "k == 1"), "u A | completed", k=1),
    _("a sub-process shares the data", ASK.format("sub u { script v 'k = 1' }", "k == 1"), "v A | completed"),
    _("a called process shares the data", ASK.format("call u process=q", "k == 1")
      + "; process q { start s2; script v 'k = 1'; end e2; s2 > v > e2 }", "v A | completed"),
    _("branches keep what each of them wrote", "start s; and g; script C 'a = 1'; script D 'b = 2'; and j; xor x; task A; "
      "task B; end e; s > g; g > C > j; g > D > j; j > x; x > A : 'a + b == 3'; x > B : default; A > e; B > e",
      "C D A | completed"),
    _("a data object is drawn", "start s; task A; end e; s > A > e; raw '<dataObject id=\"o\"/>'; "
      "raw '<dataObjectReference id=\"r\" dataObjectRef=\"o\"/>'", "A | completed"),
    _("a data object names a list", "start s; raw '<dataObject id=\"orang\"/>'; raw '<dataObjectReference id=\"r\" "
      "dataObjectRef=\"orang\"/>'; task A each=r item=o; end e; s > A > e", "A A | completed", orang=[1, 2]),
    _("an association", "start s; raw '<dataObject id=\"o\"/>'; raw '<task id=\"A\"><dataOutputAssociation><sourceRef>x"
      "</sourceRef><targetRef>o</targetRef></dataOutputAssociation></task>'; end e; s > A > e", "A | completed"),
    _("an association that assigns", "start s; raw '<dataObject id=\"o\"/>'; raw '<task id=\"A\"><dataOutputAssociation>"
      "<targetRef>o</targetRef><assignment><from>1</from><to>o</to></assignment></dataOutputAssociation></task>'; xor x; task B; end e; "
      "s > A > x; x > B : 'o == 1'; x > e : default; B > e", "A B | completed"),
    _("an association that assigns before the work", "start s; raw '<scriptTask id=\"A\"><dataInputAssociation><targetRef>i</targetRef>"
      "<assignment><from>${n}</from><to>i</to></assignment></dataInputAssociation><script>hasil = i + 1</script></scriptTask>'; xor x; "
      "task B; end e; s > A > x; x > B : 'hasil == 3'; x > e : default; B > e", "A B | completed", n=2),
    _("an association that assigns what is not there", "start s; raw '<task id=\"A\"><dataOutputAssociation><assignment>"
      "<from>hilang</from><to>o</to></assignment></dataOutputAssociation></task>'; end e; s > A > e",
      "| expression_failed incident"),
    _("an association that assigns before, what is not there", "start s; raw '<task id=\"A\"><dataInputAssociation><assignment>"
      "<from>hilang</from><to>o</to></assignment></dataInputAssociation></task>'; end e; s > A > e",
      "| expression_failed incident"),
    _("an association that assigns to no name", "start s; raw '<task id=\"A\"><dataOutputAssociation><assignment>"
      "<from>1</from><to>a.b</to></assignment></dataOutputAssociation></task>'; end e; s > A > e", refused="bad_data_key@A"),
    _("an association that transforms", "start s; raw '<task id=\"A\"><dataOutputAssociation><transformation>upper"
      "</transformation></dataOutputAssociation></task>'; end e; s > A > e", refused="unsupported@A"),
    _("inputs and outputs are drawn", "start s; raw '<task id=\"A\"><ioSpecification/></task>'; end e; s > A > e",
      "A | completed"),
    _("a script outside the language", "start s; script A 'import os = 1'; end e; s > A > e", refused="bad_expression@A"),
    _("a script that reckons with dates", "start s; script A 'batas = date(mulai, 3)'; xor x; task B; end e; s > A > x; "
      "x > B : 'batas == \"2026-03-02\"'; x > e : default; B > e", "A B | completed", mulai="2026-02-27"),
    _("a script that asks the office's calendar", "start s; script A 'batas = workdays(mulai, 3)'; xor x; task B; end e; "
      "s > A > x; x > B : 'batas == \"2026-03-04\"'; x > e : default; B > e", "A B | completed", mulai="2026-02-27"),
    _("a condition that asks what day it is", "start s; xor x; task B; end e; s > x; x > B : 'today() == \"2026-01-05\"'; "
      "x > e : default; B > e", "B | completed"),
    _("a timer in working days", "start s; catch c date='workdays(today(), 1) + \"T08:00:00+08:00\"'; task B; end e; s > c > B > e",
      "B | completed", "+1d"),
    _("a date that is none", "start s; script A 'batas = date(mulai, 3)'; end e; s > A > e", "| expression_failed incident",
      mulai="besok"),
    _("a script that fails", "start s; script A 'k = 1 / n'; end e; s > A > e", "| expression_failed incident", n=0),
    _("what failed goes on after it was mended", "start s; and g; xor x; task A; user u; end e; s > g; g > x; "
      "x > A : 'u.ok'; A > e; g > u > e", "u A | completed", ("u", {"ok": True}), "retry"),
]  # fmt: skip
