"""Where files come from by themselves: a watched folder, watched mailboxes (uploads are a page in web)."""
