"""Gathers what browsers download under `var/static`: our own sources and the needed files of the registry.

Everything lies in one folder named by the digest of the whole, so that relative addresses inside stay true,
any change gives new addresses, and servers may let browsers keep the files for ever. Nothing is bundled,
minified or fetched from elsewhere. Standard library only: set-up runs it before anything else.
"""

import hashlib
import json
import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ROOT / "backoffice_web" / "static"
MODULES = ROOT / "node_modules"
MANIFEST = "manifest.json"

INTER = "@fontsource-variable/inter/files"
VENDOR = {
    "vendor/tabler/tabler.min.css": "@tabler/core/dist/css/tabler.min.css",
    "vendor/inter/inter-latin.woff2": f"{INTER}/inter-latin-wght-normal.woff2",
    "vendor/inter/inter-latin-ext.woff2": f"{INTER}/inter-latin-ext-wght-normal.woff2",
    "vendor/htmx/htmx.min.js": "htmx.org/dist/htmx.min.js",
    "vendor/event-calendar/event-calendar.min.css": "@event-calendar/build/dist/event-calendar.min.css",
    "vendor/event-calendar/event-calendar.min.js": "@event-calendar/build/dist/event-calendar.min.js",
    "vendor/leaflet/leaflet.css": "leaflet/dist/leaflet.css",
    "vendor/leaflet/leaflet.js": "leaflet/dist/leaflet.js",
    "vendor/leaflet/images/layers.png": "leaflet/dist/images/layers.png",
    "vendor/leaflet/images/layers-2x.png": "leaflet/dist/images/layers-2x.png",
    "vendor/leaflet/images/marker-icon.png": "leaflet/dist/images/marker-icon.png",
    "vendor/protomaps-leaflet/protomaps-leaflet.js": "protomaps-leaflet/dist/protomaps-leaflet.js",
    "vendor/uplot/uplot.esm.js": "uplot/dist/uPlot.esm.js",
    "vendor/uplot/uplot.min.css": "uplot/dist/uPlot.min.css",
    "vendor/dexie/dexie.min.mjs": "dexie/dist/modern/dexie.min.mjs",
    "vendor/barcode-detector/ponyfill.js": "barcode-detector/dist/iife/ponyfill.js",
    "vendor/barcode-detector/zxing_reader.wasm": "zxing-wasm/dist/reader/zxing_reader.wasm",
}
"""Where a file goes, and where it lies in `node_modules`."""

ICONS = "icons/outline.txt"
"""The list of the icons drawn on screens, one name a line, relative to our sources."""


class MissingFileError(Exception):
    """A file of the registry is not there: `npm ci` was not run, or a package moved its files."""


def vendor_file(modules: Path, name: str) -> bytes:
    """Return the content of a file of `node_modules`."""
    try:
        content = (modules / name).read_bytes()
    except FileNotFoundError as error:
        raise MissingFileError(f"{modules / name} is missing: run `npm ci` first") from error
    return re.sub(rb"\n//# sourceMappingURL=.*\s*$", b"\n", content)  # the maps are not served


def icon_sprite(modules: Path, names: list[str]) -> bytes:
    """Return one SVG holding a symbol per icon, drawn in the colour of the text around."""
    symbols = []
    for name in names:
        drawing = vendor_file(modules, f"@tabler/icons/icons/outline/{name}.svg").decode()
        paths = [path for path in re.findall(r"<path [^>]*/>", drawing) if "M0 0h24v24H0z" not in path]
        symbols.append(
            f'<symbol id="{name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.75"'
            f' stroke-linecap="round" stroke-linejoin="round">{"".join(paths)}</symbol>'
        )
    return ('<svg xmlns="http://www.w3.org/2000/svg">' + "\n".join(symbols) + "</svg>\n").encode()


def licences(modules: Path) -> bytes:
    """Return the licence of every package whose files, or whose bundled files, are served."""
    parts = ["Files under vendor/ come from these packages, unchanged.\n"]
    for package_file in sorted((*modules.glob("*/package.json"), *modules.glob("@*/*/package.json"))):
        folder = package_file.parent
        name = folder.relative_to(modules).as_posix()
        if name.startswith("@types/") or name == "axe-core":  # descriptions of types, and a test tool
            continue
        about = json.loads(package_file.read_text())
        author = about.get("author", "")
        by = author.get("name", "") if isinstance(author, dict) else str(author)
        head = " · ".join(filter(None, (f"{name} {about['version']}", str(about.get("license", "")), by)))
        texts = sorted(f for f in folder.iterdir() if re.match(r"licen[cs]e", f.name, re.IGNORECASE))
        parts.append("\n".join(["=" * 80, head, *(f"\n{text.read_text().strip()}" for text in texts), ""]))
    return "\n".join(parts).encode()


def gather(sources: Path, modules: Path) -> Iterator[tuple[str, bytes]]:
    """Yield the address, relative to the version's folder, and the content of every file to serve."""
    for file in sorted(sources.rglob("*")):
        if file.is_file() and file.name != Path(ICONS).name:
            yield file.relative_to(sources).as_posix(), file.read_bytes()
    for address, name in VENDOR.items():
        yield address, vendor_file(modules, name)
    yield "icons/outline.svg", icon_sprite(modules, (sources / ICONS).read_text().split())
    yield "vendor/LICENCES.txt", licences(modules)


def version_of(files: dict[str, bytes]) -> str:
    """Return 12 hexadecimal digits that change whenever a name or a content does."""
    digest = hashlib.sha256()
    for address in sorted(files):
        digest.update(address.encode() + b"\0" + hashlib.sha256(files[address]).digest())
    return digest.hexdigest()[:12]


def publish(files: dict[str, bytes], target: Path) -> str:
    """Write the files under `target/<version>/`, then the manifest that names them. Return the version.

    The version before is kept for the pages that are open; older ones go. Doing it again changes nothing.
    """
    version = version_of(files)
    manifest = target / MANIFEST
    before = json.loads(manifest.read_text())["version"] if manifest.exists() else version
    if not (target / version).exists():
        draft = target / f".{version}"
        shutil.rmtree(draft, ignore_errors=True)
        for address, content in files.items():
            (draft / address).parent.mkdir(parents=True, exist_ok=True)
            (draft / address).write_bytes(content)
        draft.rename(target / version)
    if before != version or not manifest.exists():
        draft_manifest = target / f".{MANIFEST}"
        draft_manifest.write_text(json.dumps({"version": version, "files": sorted(files)}, indent=1))
        draft_manifest.replace(manifest)
    forget_older(target, keep={version, before})
    return version


def forget_older(target: Path, *, keep: set[str]) -> None:
    """Remove the versions that are not kept, and drafts that a crash left; nothing else in the folder."""
    for folder in target.iterdir():
        if re.fullmatch(r"\.?[0-9a-f]{12}", folder.name) and folder.name not in keep:
            shutil.rmtree(folder)


def main(arguments: list[str]) -> int:
    """Gather into the folder given, `var/static` by default."""
    target = Path(arguments[0]) if arguments else ROOT / "var" / "static"
    try:
        files = dict(gather(SOURCES, MODULES))
    except MissingFileError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    version = publish(files, target)
    sys.stdout.write(f"{len(files)} files in {target / version}\n")
    return 0
