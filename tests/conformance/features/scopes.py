"""Scopes of data: what several runs of the same save stays apart, and what comes out."""

from tests.conformance.running import Feature


def _(name: str, text: str, trace: str = "", *moves: object, refused: str = "", **data: object) -> Feature:
    return Feature("scopes", name, text, trace, moves, data, refused)  # type: ignore[arg-type]


JUDGED = "{ start s2; user u; xor x; script A 'h = 1'; script B 'h = 2'; end e2; s2 > u > x; x > A : 'u.k == 1'; x > B : default; A > e2; B > e2 }"
EACH = f"start s; {{}} times=2 {JUDGED.replace('{', '{{').replace('}', '}}')}; end e; s > P > e"
TWICE = "start s; and g; call C process=q {}; call D process=q {}; and j; {} end e; s > g; g > C > j; g > D > j; process q {{ {} }}"
HANDLED = "start s; user w; {} end e; sub H event {} {{ start h message=m beside; {}; end x; {} }}"
CARRIES = """root '<message id="mm" name="m"><extensionElements><spiffworkflow:messageVariable>z</spiffworkflow:messageVariable></extensionElements></message>'; """
BEGINS = """raw '<startEvent id="h" isInterrupting="false"><messageEventDefinition messageRef="mm"/></startEvent>'"""
ONE, TWO = ("u", {"k": 1}), ("u", {"k": 2})

FEATURES = [
    _("each instance of a sub-process is judged by its own answer", EACH.format("sub P"), "u A u B | completed", ONE, TWO),
    _("each instance of a call too", f"start s; call P process=q times=2; end e; s > P > e; process q {JUDGED}",
      "u A u B | completed", ONE, TWO),
    _("in a row they share the data", "start s; sub P times=2 sequential { script A 'n = n + 1' }; xor x; task B; end e; s > P > x; "
      "x > B : 'n == 2'; x > e : default; B > e", "A A B | completed", n=0),
    _("a loop shares the data", "start s; sub P while='n < 3' { script A 'n = n + 1' }; xor x; task B; end e; s > P > x; "
      "x > B : 'n == 3'; x > e : default; B > e", "A A A B | completed", n=0),
    _("what is around is seen", "start s; sub P times=2 { xor x; task A; task B; x > A : 'n == 7'; x > B : default }; end e; s > P > e",
      "A A | completed", n=7),
    _("what is around changes and is seen", "start s; and g; sub P times=2 { user u; xor x; task A; task B; u > x; x > A : 'v.k == 7'; "
      "x > B : default }; user v; and j; end e; s > g; g > P > j; g > v > j; j > e", "v u A u A | completed", ("v", {"k": 7}), "u", "u"),
    _("a name of its own hides the one around", "start s; script Z 'n = 1'; sub P times=2 { script Y 'n = 5'; xor x; task A; task B; Y > x; "
      "x > A : 'n == 5'; x > B : default }; xor y; task C; task D; end e; s > Z > P > y; y > C : 'n == 1'; y > D : default; C > e; D > e",
      "Z Y A Y A C | completed"),
    _("scopes in scopes", "start s; sub P times=2 { sub Q times=2 { user u; xor x; task A; task B; u > x; x > A : 'u.k == 1'; "
      "x > B : default } }; end e; s > P > e", "u A u A u B u B | completed", ONE, ONE, TWO, TWO),
    _("the output collection comes out", "start s; sub P times=2 result=h into=semua { user u; script A 'h = u.k'; u > A }; xor x; task B; "
      "task C; end e; s > P > x; x > B : 'semua == [1, 2]'; x > C : default; B > e; C > e", "u A u A B | completed", ONE, TWO),
    _("what is given comes out, as it comes", "start s; sub P times=2 gives=u { user u }; xor x; task B; task C; end e; "
      "s > P > x; x > B : 'len(u) == 2 and u[0].k == 1'; x > C : default; B > e; C > e", "u u B | completed", ONE, TWO),
    _("what nobody saved is not given", "start s; sub P gives=a,b { script A 'a = 1'; xor x; script B 'b = 1'; task C; A > x; x > B : 'n == 1'; "
      "x > C : default }; xor y; task D; task E; end e; s > P > y; y > D : 'a == [1]'; y > E : default; D > e; E > e",
      "A C D | completed", n=0),
    _("scopes in scopes gather apart", "start s; sub P times=2 gives=u { sub Q times=1 gives=u { user u } }; xor y; task A; task B; end e; "
      "s > P > y; y > A : 'len(u) == 2 and len(u[0]) == 1 and len(u[1]) == 1'; y > B : default; A > e; B > e", "u u A | completed", ONE, TWO),
    _("what each instance is for is given beside its answer", "start s; script Z 'o = [7, 8]'; sub P each=o item=i gives=i,u { user u }; xor y; task A; "
      "task B; end e; s > Z > P > y; y > A : 'i == [7, 8] and len(u) == 2'; y > B : default; A > e; B > e", "Z u u A | completed", ONE, TWO),
    _("what nobody gave is an empty list", HANDLED.format("xor y; task C; task D; s > w > y; y > C : 'len(u) == 0'; y > D : default; C > e; "
      "D > e;", "gives=u", "user u", "h > u > x"), "w C | completed", "w"),
    _("what stood under the name of a list is no part of it", "start s; sub P times=2 gives=u { user u }; xor y; task A; task B; end e; s > P > y; "
      "y > A : 'len(u) == 2'; y > B : default; A > e; B > e", "u u A | completed", ONE, TWO, u=5),
    _("a run sees its own value, and not the list of those before", "start s; sub P times=2 gives=u { start s2; user u; user v; end e2; "
      "s2 > u > v > e2; sub H event { start h when='u.k == 2'; task A; end x; h > A > x } }; end e; s > P > e",
      "u v u A | completed", ONE, "v", TWO),
    _("each run of an event sub-process is judged by its own answer", HANDLED.format("s > w > e;", "", "user u; xor y; script A 'h = 1'; "
      "script B 'h = 2'", "h > u > y; y > A : 'u.k == 1'; y > B : default; A > x; B > x"), "u A u B w | completed", "!m", "!m", ONE, TWO, "w"),
    _("each run of an event sub-process has what came with its message", CARRIES + HANDLED.format("s > w > e;", "", "user u; xor y; task A; task B",
      "h > u > y; y > A : 'z == 1'; y > B : default; A > x; B > x").replace("start h message=m beside", BEGINS), "u A u B w | completed",
      ("!m", 1), ("!m", 2), "u", "u", "w"),
    _("an event sub-process gives what came with its message", CARRIES + HANDLED.format("xor y; task C; task D; s > w > y; y > C : 'z == [1, 2]'; "
      "y > D : default; C > e; D > e;", "gives=z", "user u", "h > u > x").replace("start h message=m beside", BEGINS), "u u w C | completed",
      ("!m", 1), ("!m", 2), "u", "u", "w"),
    _("an event sub-process gives to a list", HANDLED.format("xor y; task C; task D; s > w > y; y > C : 'len(u) == 2'; y > D : default; C > e; "
      "D > e;", "gives=u", "user u", "h > u > x"), "u u w C | completed", "!m", "!m", ONE, TWO, "w"),
    _("two calls at once", TWICE.format("", "", "j > e;", JUDGED[2:-2]), "u A u B | completed", ONE, TWO),
    _("two calls at once, with what comes out", TWICE.format("out='a=u.k'", "out='b=u.k'", "xor y; task T; task V; j > y; "
      "y > T : 'a == 1 and b == 2'; y > V : default; T > e; V > e;", "start s2; user u; end e2; s2 > u > e2"), "u u T | completed", ONE, TWO),
    _("two calls at once, with what goes in", TWICE.format("in='n=1'", "in='n=2'", "j > e;", "start s2; xor x; task A; task B; end e2; "
      "s2 > x; x > A : 'n == 1'; x > B : default; A > e2; B > e2"), "A B | completed"),
    _("a call in a row shares the data", "start s; call C process=q; call D process=q; xor x; task A; end e; s > C > D > x; x > A : 'u.k == 2'; "
      "x > e : default; A > e; process q { start s2; user u; end e2; s2 > u > e2 }", "u u A | completed", ONE, TWO),
    _("two calls at once of what calls something itself", TWICE.format("", "", "j > e;", "start s2; call I process=r; xor x; task A; task B; end e2; "
      "s2 > I > x; x > A : 'u.k == 1'; x > B : default; A > e2; B > e2") + "; process r { start s3; user u; end e3; s3 > u > e3 }",
      "u A u B | completed", ONE, TWO),
    _("what is kept inside is not seen outside", EACH.format("sub P").replace("P > e", "P > y; xor y; task T; y > T : 'u.k == 1'; y > e : default; "
      "T > e"), refused="kept_inside@y"),
    _("what an event sub-process keeps is not seen outside", HANDLED.format("xor y; task C; s > w > y; y > C : 'u.k == 1'; y > e : default; "
      "C > e;", "", "user u", "h > u > x"), refused="kept_inside@y"),
    _("what is kept inside is not seen by the flows out of it", "start s; sub P times=2 { user u }; task A; end e; s > P; P > A : 'u.k == 1'; "
      "P > e : default; A > e", refused="kept_inside@P"),
    _("what is kept inside does not say whether it is enough", EACH.format("sub P").replace("times=2", "times=2 until='u.k == 1'"),
      refused="kept_inside@P"),
    _("what is kept inside does not say when it begins", HANDLED.format("s > w > e;", "", "user u", "h > u > x")
      .replace("message=m", "when='u.k == 1'"), refused="kept_inside@h"),
    _("an event sub-process without anything in it", "start s; user w; end e; s > w > e; sub H event { }", refused="bad_event_subprocess@H"),
    _("a sum over instances", "start s; sub P times=2 { script A 'n = n + 1' }; end e; s > P > e", refused="kept_inside@A", n=0),
    _("a sum within an instance", "start s; sub P times=2 { script Z 'n = 0'; script A 'n = n + 1'; xor x; task B; Z > A > x; x > B : 'n == 1' }; "
      "end e; s > P > e", "Z A B Z A B | completed", n=0),
    _("an instance that an error ends keeps nothing behind", "start s; sub P times=2 { start s2; user u; xor x; end f error=E; end e2; s2 > u > x; "
      "x > f : 'u.k == 1'; x > e2 : default }; boundary b on=P error=E; task T; end e; s > P > e; b > T > e",
      "u T | completed", ONE),
]  # fmt: skip
