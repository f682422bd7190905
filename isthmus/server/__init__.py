"""The pages and the API put together as one process."""
