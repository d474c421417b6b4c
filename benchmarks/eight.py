"""The process that all ways are measured with: eight user tasks in two lanes, three decisions, one form."""

import json
from pathlib import Path

HERE = Path(__file__).parent
MODEL = HERE / "eight.bpmn"
KEY = "delapan-langkah"
TASKS = [f"langkah_{n}" for n in range(1, 9)]
DOER = {task: "pejabat" if task in ("langkah_3", "langkah_6", "langkah_8") else "pelaksana" for task in TASKS}
LANES = {"pelaksana": "Pelaksana", "pejabat": "Pejabat"}
SUBMISSION = json.loads((HERE / "langkah.schema.json").read_text(encoding="utf-8"))["examples"][0]
