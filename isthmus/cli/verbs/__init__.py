"""What each verb asks of the service, as the JSON-ready answer of ``--json``."""
