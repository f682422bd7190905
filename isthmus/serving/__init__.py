"""What the pages and the API share: the question in an address, the shape of a reply, and what goes wrong."""
