"""Devices of a running machine: what sits on its PCI buses, and who made its network interfaces."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path

from isthmus.sources.claim_rows import Said
from isthmus.sources.host.machine import Machine, read_text
from isthmus.sources.host.things import Things

_PCI_LISTS = ("usr/share/misc/pci.ids", "usr/share/hwdata/pci.ids")
_OUI_LISTS = ("usr/share/ieee-data/oui.csv", "usr/share/hwdata/oui.csv")
_CODE = re.compile(r"0x([0-9a-f]{4})")
_MAC = re.compile(r"(?:[0-9a-f]{2}:){5}[0-9a-f]{2}")
_LOCAL, _GROUP = 0b10, 0b01


def read_pci(machine: Machine, things: Things) -> Iterator[Said]:
    """Yield each model of device on the PCI buses, that the machine contains it, and its vendor."""
    folder = machine.root / "sys" / "bus" / "pci" / "devices"
    devices = sorted(folder.iterdir()) if folder.is_dir() else []
    if not devices:
        machine.absent.append("/sys/bus/pci/devices: no PCI device can be read")
        return
    vendors, models = _pci_names(machine)
    seen: set[str] = set()
    for device in devices:
        codes = [_CODE.match((read_text(device / name) or "").strip().lower()) for name in ("vendor", "device")]
        place = machine.place(device)
        if codes[0] is None or codes[1] is None:
            machine.log.refuse(1, place, "vendor or device is no code of four hexadecimal digits")
            continue
        vendor, model = codes[0][1], codes[1][1]
        own, maker = f"pci:{vendor}-{model}", f"pci:{vendor}"
        if own in seen:
            machine.log.leave("further PCI devices of a model that was read")
            continue
        seen.add(own)
        yield from things.meet(own, "component", models.get((vendor, model)), place)
        yield from things.meet(maker, "organization", vendors.get(vendor), place)
        yield Said(1, maker, "builds", place, object=own)
        yield Said(1, machine.id, "contains", place, object=own)
    machine.counted["models of PCI devices"] = len(seen)


def _pci_names(machine: Machine) -> tuple[dict[str, str], dict[tuple[str, str], str]]:
    """Return the names of vendors and of their devices from the list of the machine, if it has one."""
    vendors: dict[str, str] = {}
    models: dict[tuple[str, str], str] = {}
    text = next((text for place in _PCI_LISTS if (text := read_text(machine.root / place))), None)
    if text is None:
        machine.absent.append("pci.ids: PCI vendors and devices are known by their codes only")
        return vendors, models
    vendor = ""
    for line in text.splitlines():
        if line.startswith("C "):
            break  # classes of devices follow, with codes of their own
        if not line or line.startswith(("#", "\t\t")):
            continue
        code, _, name = line.strip().partition("  ")
        if line.startswith("\t"):
            models[(vendor, code)] = name
        else:
            vendor = code
            vendors[code] = name
    return vendors, models


def read_interfaces(machine: Machine, things: Things) -> Iterator[Said]:
    """Yield the network interfaces whose address names a maker; of the address only the maker's part is kept."""
    folder = machine.root / "sys" / "class" / "net"
    interfaces = sorted(folder.iterdir()) if folder.is_dir() else []
    if not interfaces:
        machine.absent.append("/sys/class/net: no network interface can be read")
        return
    names: dict[str, str] | None = None
    for interface in interfaces:
        address = (read_text(interface / "address") or "").strip().lower()
        if not (interface / "device").exists() or not _MAC.fullmatch(address):
            machine.log.leave("network interfaces that are no device")
            continue
        if int(address[:2], 16) & (_LOCAL | _GROUP):
            machine.log.leave("network interfaces with an address that names no maker (locally administered)")
            continue
        names = _oui_names(machine) if names is None else names
        oui = address[:8].replace(":", "").upper()
        own, maker, place = f"{machine.id}#{interface.name}", f"oui:{oui}", machine.place(interface)
        yield from things.meet(own, "component", interface.name, place)
        yield from things.meet(maker, "organization", names.get(oui), place)
        yield Said(1, maker, "builds", place, object=own)
        yield Said(1, machine.id, "contains", place, object=own)
        machine.counted["network interfaces"] = machine.counted.get("network interfaces", 0) + 1


def _oui_names(machine: Machine) -> dict[str, str]:
    path = next((path for place in _OUI_LISTS if (path := machine.root / place).is_file()), None)
    if path is None:
        machine.absent.append("oui.csv: makers of network interfaces are known by their codes only")
        return {}
    return _read_oui(path)


def _read_oui(path: Path) -> dict[str, str]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file)
        return {row["Assignment"]: row["Organization Name"].strip() for row in rows if row.get("Assignment")}
