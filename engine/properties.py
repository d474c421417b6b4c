"""The properties and parameters that mean something here. What designers' tools offer is made from these tables."""

from engine.errors import N_

#: What the first page of an SOP's official form prints, under the labels of the regulation.
HEADER = {
    "nomor_sop": "Nomor SOP", "tanggal_pengesahan": "Tanggal Pengesahan", "disahkan_oleh": "Disahkan Oleh",
    "nama_sop": "Nama SOP",
}  # fmt: skip
NOTES = {
    "dasar_hukum": "Dasar Hukum", "kualifikasi_pelaksana": "Kualifikasi Pelaksana", "keterkaitan": "Keterkaitan",
    "keterangan": "Keterangan", "peralatan": "Peralatan/ Perlengkapan", "peringatan": "Peringatan",
    "pencatatan": "Pencatatan/ Pendataan",
}  # fmt: skip
PROCESS = {"unit": "Unit", **HEADER, **NOTES, "keterangan_gambar": "Keterangan Gambar", "kuorum": "Kuorum",
           "sumber_kuorum": "Sumber Kuorum"}  # fmt: skip
USER_TASK = {
    "formJsonSchemaFilename": N_("form"), "formUiSchemaFilename": N_("appearance of the form"),
    "dataKey": N_("name under which its answers are kept"), "position": N_("position that must do it"),
    "separate_from": N_("steps that must have been done by somebody else"),
    "aktivitas": N_("activity that the SOP's table lists"), "kelengkapan": N_("what is needed for it"),
    "waktu": N_("standard time"), "keluaran": N_("what comes out of it"), "ket": N_("remark in the SOP's table"),
}  # fmt: skip
SUB_PROCESS = {"keluarData": N_("names added to lists around it, from each run")}
EVENT = {"correlation": N_("what must be the same where it is sent and where it is waited for")}
ANY = {"asal": N_("row of the SOP that it comes from, or tafsir")}
NAMES = PROCESS.keys() | USER_TASK.keys() | SUB_PROCESS.keys() | EVENT.keys() | ANY.keys()

#: What the operators take.
PARAMETERS = {
    "template": N_("Word template"), "type": N_("type of document"), "title": N_("title of the document"),
    "signed_by": N_("signed by who did the step"), "classification": N_("classification code"),
    "number": N_("letter number"), "status": N_("status of the document"),
    "with_files": N_("with the list of the case's files"), "name": N_("name of the file"),
}  # fmt: skip
