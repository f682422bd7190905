"""What each page shows, asked of a picture: the same for the pages and for the API."""
