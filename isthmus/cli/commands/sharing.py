"""The verbs by which a picture is shown on a screen and shared."""

from __future__ import annotations

from isthmus.cli.grammar import Argument, Command, Option, one_of, port, some_text

ROLES = ("reader", "analyst", "steward")
MARKINGS = ("TLP:CLEAR", "TLP:GREEN", "TLP:AMBER", "TLP:AMBER+STRICT", "TLP:RED")


_SERVE = Command(
    "serve",
    "show the picture as pages in a browser, and answer programs",
    "sharing:serve",
    "serve",
    about=(
        "Listens on this machine alone and asks nobody to sign in, until the picture has users (`isthmus user add`): then everybody signs "
        "in or sends a key, and another --host can be given. Ctrl-C stops it: running requests finish, and jobs are reported as failed. "
        "While it runs the verbs that write do so through it. It speaks plain HTTP: before others use it over a "
        "network, put a server with a certificate in front."
    ),
    options=(
        Option("--host", "host", "the address to listen at", metavar="H", default="127.0.0.1", read=some_text),
        Option("--port", "port", "the port; 0 is one that is free", metavar="N", default=8765, read=port),
        Option("--team", "team", "refuse to start where the picture has no users"),
        Option(
            "--name",
            "names",
            "a name by which the server may be called; others are turned away",
            metavar="NAME",
            repeat=True,
            read=some_text,
        ),
        Option("--open", "open", "open the first page in the browser"),
    ),
    examples=(
        ("isthmus serve --open", "shows the picture on this machine"),
        ("isthmus serve --team --host 0.0.0.0 --name picture.example.org", "lets the users of the picture in"),
    ),
    fields=("served",),
)

_NAME = Argument("name", "NAME", "the name of the user")
_ROLE = Option("--role", "role", "reader, analyst or steward", metavar="ROLE", read=one_of(*ROLES))
_CEILING = Option(
    "--ceiling",
    "ceiling",
    f"the highest marking that they see: {', '.join(MARKINGS)}",
    metavar="TLP",
    read=one_of(*MARKINGS),
)
_TOLD = Option("--told", "told", "tell them where something is withheld from them")
_PASSWORD = Option("--password-stdin", "password_stdin", "read the password from standard input")
_USERS = ("users",)

_USER = Command(
    "user",
    "say who may use the picture when it is served, and what each sees",
    "sharing:users",
    "user",
    about=(
        "Users, their passwords (hashed) and their keys lie in a file beside the picture that only its owner may read. A reader looks, "
        "an analyst also adds and judges, a steward also retracts and makes users. Nobody sees a claim above their ceiling, "
        "nor what rests on such claims alone."
    ),
    below=(
        Command(
            "add",
            "make a user",
            "sharing:add_user",
            "user",
            arguments=(_NAME,),
            options=(
                Option(
                    "--role", "role", "reader, analyst or steward", metavar="ROLE", required=True, read=one_of(*ROLES)
                ),
                Option(
                    "--ceiling",
                    "ceiling",
                    f"the highest marking that they see: {', '.join(MARKINGS)}",
                    metavar="TLP",
                    required=True,
                    read=one_of(*MARKINGS),
                ),
                _TOLD,
                Option("--no-password", "no_password", "the user has keys only"),
                _PASSWORD,
            ),
            examples=(
                ("isthmus user add ana --role steward --ceiling TLP:RED", "asks for a password and makes a steward"),
                ("isthmus user add feed --role reader --ceiling TLP:CLEAR --no-password", "makes a user for programs"),
            ),
            fields=_USERS,
        ),
        Command(
            "list",
            "list the users and how their keys begin",
            "sharing:list_users",
            "user",
            examples=(("isthmus user list", "lists name, role, ceiling and keys"),),
            fields=_USERS,
        ),
        Command(
            "change",
            "change what a user may do or see, or the password; their sessions end",
            "sharing:change_user",
            "user",
            arguments=(_NAME,),
            options=(
                _ROLE,
                _CEILING,
                _TOLD,
                Option("--not-told", "not_told", "do not tell them any more"),
                Option("--password", "password", "ask for a new password"),
                _PASSWORD,
            ),
            examples=(("isthmus user change ana --ceiling TLP:AMBER", "ana sees up to TLP:AMBER from now on"),),
            fields=_USERS,
        ),
        Command(
            "remove",
            "remove a user; what they did stays on record",
            "sharing:remove_user",
            "user",
            arguments=(_NAME,),
            examples=(("isthmus user remove ana", "ana can no longer sign in"),),
            fields=_USERS,
        ),
        Command(
            "key",
            "make a key for a program; it is shown this once",
            "sharing:make_key",
            "user",
            arguments=(_NAME,),
            options=(Option("--note", "note", "what it is for", metavar="TEXT", read=some_text),),
            examples=(('isthmus user key feed --note "nightly export"', "prints a new key"),),
            fields=("user", "key"),
        ),
        Command(
            "revoke",
            "let a key open nothing from now on",
            "sharing:revoke_key",
            "user",
            arguments=(Argument("prefix", "PREFIX", "how the key begins, as `isthmus user list` shows it"),),
            examples=(("isthmus user revoke 3f9a1c07", "the key no longer works"),),
            fields=("revoked",),
        ),
    ),
    below_word="verb",
    examples=(("isthmus user add ana --role steward --ceiling TLP:RED", "makes the first user"),),
)

SHARING: tuple[Command, ...] = (_SERVE, _USER)
