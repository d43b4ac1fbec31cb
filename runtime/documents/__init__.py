"""Files that people write: read with places, checked against schemas, mistakes in plain words."""

from runtime.documents.reading import (
    DEEPEST,
    LONGEST,
    At,
    Document,
    decode,
    read_document,
    read_file,
)

__all__ = ["DEEPEST", "LONGEST", "At", "Document", "decode", "read_document", "read_file"]
