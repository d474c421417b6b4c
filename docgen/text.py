"""What a Word file says, paragraph by paragraph: for comparing two of them."""

from docgen.package import PRINTED, W, read_package

_P, _T = f"{{{W}}}p", f"{{{W}}}t"


def paragraphs(docx: bytes) -> list[str]:
    """The paragraphs that are not empty, those of headers and footers too; raises PackageRefused."""
    found: dict[object, str] = {}
    for part in read_package(docx):
        if part.tree is None or part.kind not in PRINTED:
            continue
        for text in part.tree.iter(_T):
            paragraph = next(text.iterancestors(_P), None)
            found[paragraph] = found.get(paragraph, "") + (text.text or "")
    return [folded for text in found.values() if (folded := " ".join(text.split()))]
