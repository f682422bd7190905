"""Who depends on what: the claims of a picture, compiled into needs and their alternatives."""
