"""The reader of a machine: a root folder made here, and the machine on which the tests run."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from isthmus.errors import FormatError, InputError
from isthmus.model import Source
from isthmus.service.adding import AddOptions, add_files
from isthmus.sources.adapter import Head, Reading
from isthmus.sources.adapters.host import ADAPTER
from tests.sources.readings import Row, assert_in_vocabulary, read

HOST = "host:quay-7"
DEB, PYPI, NPM = "purl:pkg:deb/debian/", "purl:pkg:pypi/", "purl:pkg:npm/"


def write(root: Path, place: str, text: str) -> None:
    path = root / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def module(root: Path, place: str, **body: object) -> None:
    write(root, f"{place}/package.json", json.dumps(body))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return the root folder of a small machine."""
    folder = tmp_path / "image"
    write(folder, "etc/hostname", "quay-7\n")
    write(folder, "etc/os-release", 'ID=debian\nVERSION_ID="12"\nPRETTY_NAME="Debian GNU/Linux 12"\n')
    write(
        folder,
        "var/lib/dpkg/status",
        "Package: base\nStatus: install ok installed\nEssential: yes\nVersion: 1\nMaintainer: Ada Example <ada@example.org>\n\n"
        "Package: tool\nStatus: install ok installed\nVersion: 2\nDepends: base, left | base\n\n"
        "Package: left\nStatus: deinstall ok config-files\nVersion: 3\n",
    )
    site = "usr/lib/python3/dist-packages"
    write(
        folder,
        f"{site}/Crane_Kit-1.0.dist-info/METADATA",
        "Metadata-Version: 2.1\nName: Crane_Kit\nVersion: 1.0\nAuthor: Ada Example\nRequires-Dist: winch (>=2)\n"
        'Requires-Dist: plot; extra == "draw"\nRequires-Dist: winch[fast]; extra == "fast"\nRequires-Dist: gone\n'
        'Requires-Dist: winlib; sys_platform == "win32"\nRequires-Dist: crane-kit[draw]; extra == "all"\n'
        "Requires-Dist: ???\n",
    )
    write(folder, f"{site}/winch-2.1.dist-info/METADATA", "Metadata-Version: 2.1\nName: winch\nVersion: 2.1\n")
    write(folder, f"{site}/bad-1.dist-info/METADATA", "")
    (folder / f"{site}/bad-1.dist-info/METADATA").write_bytes(b"Name: \xff\n")
    write(folder, f"{site}/nameless-1.dist-info/METADATA", "Metadata-Version: 2.1\n")
    tree = "opt/app/node_modules"
    module(
        folder, f"{tree}/deck", name="deck", version="1.0.0", author="Ada Example",
        dependencies={"rope": "^2", "@quay/pin": "1", "lost": "*"}, devDependencies={"jest": "1"},
        peerDependencies={"deck": "1", "host": "1"}, peerDependenciesMeta={"host": {"optional": True}},
        optionalDependencies={"rope": "^2", "fs": "1"},
    )  # fmt: skip
    module(folder, f"{tree}/rope", name="rope", version="1.9.0")
    module(folder, f"{tree}/deck/node_modules/rope", name="rope", version="2.0.0", dependencies={"@quay/pin": "1"})
    module(folder, f"{tree}/@quay/pin", name="@quay/pin", version="1.0.1")
    module(folder, f"{tree}/nameless", private=True)
    write(folder, f"{tree}/broken/package.json", "{")
    for number, codes in enumerate([("0x1af4", "0x1000"), ("0x1af4", "0x1000"), ("0x8086", "0x1237"), ("none", "0x1")]):
        write(folder, f"sys/bus/pci/devices/0000:00:0{number}.0/vendor", codes[0] + "\n")
        write(folder, f"sys/bus/pci/devices/0000:00:0{number}.0/device", codes[1] + "\n")
    write(
        folder,
        "usr/share/misc/pci.ids",
        "# comment\n1af4  Red Hat, Inc.\n\t1000  Virtio network device\n\t\t1af4 0001  Sub\n8086  Intel Corporation\n"
        "C 00  Unclassified\n\t01  not a device\n",
    )
    for name, address, real in (
        ("eth0", "00:22:72:aa:bb:cc", True),
        ("eth1", "02:00:00:00:00:01", True),
        ("lo", "00:00:00:00:00:00", False),
    ):
        write(folder, f"sys/class/net/{name}/address", address + "\n")
        if real:
            (folder / f"sys/class/net/{name}/device").mkdir()
    write(
        folder,
        "usr/share/ieee-data/oui.csv",
        'Registry,Assignment,Organization Name,Organization Address\nMA-L,002272,"Micro-Fuel Corp.",somewhere\n',
    )
    return folder


def read_root(root: Path, folder: Path) -> tuple[Reading, list[Row]]:
    return read(ADAPTER, root, folder / "work")


def said(rows: list[Row], *predicates: str) -> set[tuple[str, str, str]]:
    return {
        (row["subject"], row.get("object") or row["value"], row.get("qualifiers") or "")
        for row in rows
        if row["predicate"] in predicates
    }


def test_every_row_keeps_to_the_vocabulary(root: Path, tmp_path: Path) -> None:
    reading, rows = read_root(root, tmp_path)
    assert_in_vocabulary(rows)
    assert reading.notes[0] == (
        "2 packages of dpkg, 2 Python distributions, 4 npm modules, 2 models of PCI devices, 1 network interfaces"
    )
    assert reading.rows == 11
    assert "Ada" not in repr((reading, rows)).replace("ADAPTER", "")
    assert "aa:bb:cc" not in repr(rows)


def test_what_the_machine_contains(root: Path, tmp_path: Path) -> None:
    rows = read_root(root, tmp_path)[1]
    contained = {(thing, told) for owner, thing, told in said(rows, "contains") if owner == HOST}
    assert contained == {
        (f"{DEB}base", ""),
        (f"{DEB}tool", "strength=optional; reading=installed, not essential"),
        (f"{PYPI}crane-kit@1.0", "strength=optional"),
        (f"{PYPI}winch@2.1", "strength=optional"),
        (f"{NPM}deck@1.0.0", "strength=optional"),
        (f"{NPM}rope@1.9.0", "strength=optional"),
        (f"{NPM}rope@2.0.0", "strength=optional"),
        (f"{NPM}%40quay/pin@1.0.1", "strength=optional"),
        ("pci:1af4-1000", ""),
        ("pci:8086-1237", ""),
        (f"{HOST}#eth0", ""),
    }


def test_what_is_installed_needs(root: Path, tmp_path: Path) -> None:
    reading, rows = read_root(root, tmp_path)
    assert said(rows, "uses") == {
        (f"{DEB}tool", f"{DEB}base", "need=base"),
        (f"{DEB}tool", f"{DEB}base", "need=left | base"),
        (f"{PYPI}crane-kit@1.0", f"{PYPI}winch@2.1", "need=winch (>=2)"),
        (f"{PYPI}crane-kit@1.0", f"{PYPI}winch@2.1", 'need=winch[fast]; strength=optional; condition=extra == "fast"'),
        (f"{PYPI}crane-kit@1.0", f"{PYPI}gone", "need=gone"),
        (f"{NPM}deck@1.0.0", f"{NPM}rope@2.0.0", "need=npm:rope@^2; strength=optional"),
        (f"{NPM}deck@1.0.0", f"{NPM}%40quay/pin@1.0.1", "need=npm:@quay/pin@1"),
        (f"{NPM}deck@1.0.0", f"{NPM}lost", "need=npm:lost@*"),
        (f"{NPM}rope@2.0.0", f"{NPM}%40quay/pin@1.0.1", "need=npm:@quay/pin@1"),
    }
    assert reading.left_out["needs of Python distributions under a condition, not installed here"] == 2
    assert reading.left_out["needs of Python distributions for themselves, with more parts"] == 1
    assert reading.left_out["needs of npm modules for their own development"] == 1
    assert reading.left_out["optional needs of npm modules, not installed here"] == 2
    assert any("nothing there meets" in note and "gone" in note for note in reading.notes)
    assert any("need themselves" in note for note in reading.notes)
    assert len(reading.rejected) == 5


def test_devices_and_their_makers(root: Path, tmp_path: Path) -> None:
    reading, rows = read_root(root, tmp_path)
    assert said(rows, "builds") == {
        ("pci:1af4", "pci:1af4-1000", ""),
        ("pci:8086", "pci:8086-1237", ""),
        ("oui:002272", f"{HOST}#eth0", ""),
    }
    names = {thing: name for thing, name, _ in said(rows, "name")}
    assert names["pci:1af4"] == "Red Hat, Inc."
    assert names["pci:1af4-1000"] == "Virtio network device"
    assert "pci:8086-1237" not in names
    assert names["oui:002272"] == "Micro-Fuel Corp."
    assert reading.left_out["further PCI devices of a model that was read"] == 1
    assert reading.left_out["network interfaces that are no device"] == 1


def test_what_is_absent_is_said(tmp_path: Path) -> None:
    write(tmp_path, "bare/lib/python3/site-packages/winch-2.1.dist-info/METADATA", "Name: winch\nVersion: 2.1\n")
    reading, rows = read_root(tmp_path / "bare", tmp_path)
    assert {row["subject"] for row in rows} == {"host:bare", f"{PYPI}winch@2.1"}
    absent = [note for note in reading.notes if note.startswith("not there: ")]
    assert [note.split(":")[1].strip() for note in absent] == [
        "os-release", "dpkg", "node_modules", "/sys/bus/pci/devices", "/sys/class/net",
    ]  # fmt: skip


def test_pieces_of_the_status_are_read(tmp_path: Path) -> None:
    write(tmp_path, "image/var/lib/dpkg/status.d/base", "Package: base\nVersion: 1\n")
    write(tmp_path, "image/var/lib/dpkg/status.d/base.md5sums", "d41d8cd98f00b204e9800998ecf8427e  x\n")
    rows = read_root(tmp_path / "image", tmp_path)[1]
    assert "deb:base" in {row["subject"] for row in rows}


def test_this_machine(tmp_path: Path) -> None:
    reading, rows = read(ADAPTER, Path("this-machine"), tmp_path / "w", Source(id="me"))
    assert_in_vocabulary(rows)
    assert f"{PYPI}duckdb@" in " ".join(row["subject"] for row in rows)
    assert {row["source"] for row in rows} == {"me"}
    assert reading.sources == ()


def test_files_and_missing_folders_are_refused(tmp_path: Path) -> None:
    write(tmp_path, "status", "Package: a\n")
    (tmp_path / "empty").mkdir()
    for path, words in ((tmp_path / "status", "is a file"), (tmp_path / "nowhere", "no such folder")):
        with pytest.raises(FormatError, match=words):
            read(ADAPTER, path, tmp_path / "w")
    with pytest.raises(FormatError, match="nothing that is read"):
        read(ADAPTER, tmp_path / "empty", tmp_path / "w")


def test_a_machine_is_read_only_if_asked() -> None:
    assert not ADAPTER.recognises(Head(Path("/"), 0, b""))


def test_a_root_folder_is_added_once(root: Path, store_path: Path) -> None:
    first = add_files(store_path, [root], AddOptions(format="host"))["files"][0]
    assert first["format"] == "host"
    assert first["claims_new"] > 40
    assert first["rejected_count"] == 5
    again = add_files(store_path, [root], AddOptions(format="host"))["files"][0]
    assert (again["claims_new"], again["claims_held"]) == (0, first["claims_new"])


def test_a_folder_without_a_format_is_refused(root: Path, store_path: Path) -> None:
    with pytest.raises(InputError, match="folder"):
        add_files(store_path, [root])
    assert not store_path.exists()
