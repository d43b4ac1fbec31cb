"""What several kinds of records share: fields, names, lines, links, postings."""
