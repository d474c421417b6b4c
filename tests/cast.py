"""The cast of every test: somebody for each lane of the shipped SOPs, three roles, and an outsider."""

from engine import credentials
from engine.access import operating_system
from engine.acts import Channel
from engine.commands.people import NewUser, add_user
from engine.site import Site

OPERATOR = operating_system("tests")
CHANNEL = Channel("cli", "tests")
PASSWORD = "rahasia-sekali"

CAST = (
    NewUser("staf", "Andi Rahmat", PASSWORD, lanes=["Staf"], positions=["Staf"], rank="Penata Muda"),
    NewUser("ppk", "Hasnah Latief", lanes=["PPK"], positions=["Pejabat Pembuat Komitmen"], rank="Penata"),
    NewUser("kasubag", "Muhammad Yusuf", lanes=["Kasubag"], positions=["Kasubag"], rank="Penata Tk. I"),
    NewUser("kpa", "Sitti Aminah", lanes=["KPA", "Sekretaris"], positions=["Sekretaris"], nip="197504172001122001"),
    NewUser("anggota", "Rustan Bedu", lanes=["KPU Kab"], positions=["Anggota"]),
    NewUser("kpukab", "Alamsyah", lanes=["KPU Kab"], positions=["Ketua"]),
    NewUser("auditor", "Rina Mustari", roles=["auditor"]),
    NewUser("perancang", "Fajar Pratama", roles=["designer"]),
    NewUser("admin", "Nurul Hidayah", roles=["admin"]),
    NewUser("orangluar", "Bahar Lain"),
)
NAMES = tuple(person.name for person in CAST)
BY_LANE = {lane: person.name for person in CAST for lane in person.lanes}


def hire(site: Site) -> dict[str, str]:
    """Add the cast to an installation; returns everybody's API token."""
    for person in CAST:
        add_user(site, OPERATOR, CHANNEL, person)
    return {name: credentials.create_token(site, OPERATOR, CHANNEL, name) for name in NAMES}
