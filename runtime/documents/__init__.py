"""Files that people write: read with places, checked against schemas, mistakes in plain words."""

from runtime.documents.decoding import decode, first_bytes
from runtime.documents.document import At, Document
from runtime.documents.reading import LONGEST, read_bytes, read_document, read_file
from runtime.documents.values import DEEPEST

__all__ = [
    "DEEPEST",
    "LONGEST",
    "At",
    "Document",
    "decode",
    "first_bytes",
    "read_bytes",
    "read_document",
    "read_file",
]
