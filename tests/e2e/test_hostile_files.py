"""Hostile files: real small layers, damaged by a seed, and read in a process of their own.

Whatever comes, the command ends in its time with a report in which read = accepted + rejected, or
with a refusal that says why; no row of the sound file is lost in silence. LANDBOOK_LONG=1 tries
2,000 files, otherwise 60 are tried; LANDBOOK_SEED runs another universe, or one again.
"""

import collections
import csv
import io
import json
import os
import re
import resource
import shutil
import struct
import subprocess
import tempfile
import unittest
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random

from landbook_testing import BIN, LONG, ROOT, ServerCase

DATA = Path(os.environ.get("LANDBOOK_SHARED_DATA", ROOT.parent / "shared" / "data")).resolve()
FILES = 2000 if LONG else 60
SEED = int(os.environ.get("LANDBOOK_SEED", "20261122"))
PLOTS = 40
COUNTY = "990101"
# Far above what a small file takes: a command that is still at it hangs.
SECONDS_MAX = 120
MEMORY_MAX = 4 << 30
# One file in so many is imported into a book, the others go through the same reading and rules
# without one.
IMPORTED = 12

# What a person would call absurd, as a header's four or eight bytes.
ABSURD = [b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"\xff\xff\xff\x7f", b"\x00\x00\x00\x80",
          b"\x00\x00\x00\x00", b"\xff" * 8, b"\x00" * 8, struct.pack("<d", 1e308),
          struct.pack("<d", float("nan")), struct.pack("<d", float("-inf"))]
ABSURD_NUMBERS = [b"1e999", b"-1e308", b"NaN", b"99999999999999999999", b"", b"--1", b"0x10", b"1,1"]
ABSURD_ENCODINGS = [b"UTF-8", b"BIG5", b"no-such-encoding", b"\xff\xfe\x00", b"", b"GB18030", b"65001"]

# Only GDAL's own tools write some of the formats.
CONVERT = """
import sys
from osgeo import gdal
gdal.UseExceptions()
source, target, form, swap = sys.argv[1:]
options = {"CSV": ["-lco", "GEOMETRY=AS_WKT"], "OpenFileGDB": ["-nlt", "MULTIPOLYGON"]}.get(form, [])
if swap:
    options += ["-ct", "+proj=axisswap +order=2,1"]
gdal.VectorTranslate(target, source, options=["-f", form] + options)
"""


def convert(source, target, form, swap=""):
    subprocess.run(["/usr/bin/python3", "-c", CONVERT, str(source), str(target), form, swap],
                   check=True, capture_output=True)


class Base:
    """A sound layer: its files in a folder, the one to name, its rows and the flags to read it."""

    def __init__(self, name, folder, rows, flags=(), importable=False):
        self.name = name
        self.folder = Path(folder)
        self.path = self.folder / name
        self.rows = rows
        self.flags = list(flags)
        self.importable = importable

    @property
    def ending(self):
        return self.path.suffix


# --- How files are damaged --------------------------------------------------------------------------

def flip_bits(rng, data):
    for _ in range(rng.randint(1, 8)):
        data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)


def cut_off(rng, data):
    del data[rng.randrange(len(data)):]


def blank_a_piece(rng, data):
    begin = rng.randrange(len(data))
    end = min(len(data), begin + rng.choice([1, 16, 512, 4096]))
    data[begin:end] = bytes(end - begin)


def repeat_a_piece(rng, data):
    begin = rng.randrange(len(data))
    piece = data[begin:begin + rng.choice([1, 16, 512])]
    data[begin:begin] = piece


def absurd_header(rng, data):
    place = rng.randrange(min(len(data), 128))
    value = rng.choice(ABSURD)
    data[place:place + len(value)] = value


def absurd_number(rng, data):
    numbers = list(re.finditer(rb"-?\d+(\.\d+)?", bytes(data)))
    if not numbers:
        return absurd_header(rng, data)
    found = rng.choice(numbers)
    data[found.start():found.end()] = rng.choice(ABSURD_NUMBERS)


def recode(rng, data):
    """The same text in another encoding, whole or from somewhere on."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return flip_bits(rng, data)
    begin = rng.choice([0, rng.randrange(max(1, len(text)))])
    encoding = rng.choice(["gb18030", "utf-16", "big5", "utf-8-sig"])
    data[:] = text[:begin].encode() + text[begin:].encode(encoding, "replace")


BYTES = [flip_bits, cut_off, blank_a_piece, repeat_a_piece, absurd_header]
TEXT = BYTES + [absurd_number, recode]


def swap_shapes(data):
    """The vertices of a .shp with their axes swapped."""
    place = 100
    while place + 52 <= len(data):
        (length,) = struct.unpack(">i", data[place + 4:place + 8])
        parts, points = struct.unpack("<ii", data[place + 44:place + 52])
        first = place + 52 + 4 * parts
        for at in range(first, first + 16 * points, 16):
            data[at:at + 16] = data[at + 8:at + 16] + data[at:at + 8]
        place += 8 + 2 * length


def damage_shapefile(rng, base, folder):
    stem = Path(base.name).stem
    part = folder / (stem + rng.choice([".shp", ".shp", ".shx", ".dbf", ".dbf", ".prj", ".cpg"]))
    how = rng.randrange(8)
    if how == 0 and part.suffix != ".shp":
        part.unlink(missing_ok=True)
        return f"without {part.suffix}"
    if how == 1:
        data = bytearray((folder / (stem + ".shp")).read_bytes())
        swap_shapes(data)
        (folder / (stem + ".shp")).write_bytes(data)
        return "swapped axes"
    if how == 2:
        (folder / (stem + ".cpg")).write_bytes(rng.choice(ABSURD_ENCODINGS))
        return "wrong .cpg"
    return damage_bytes(rng, part, BYTES)


def damage_bytes(rng, path, ways):
    data = bytearray(path.read_bytes()) if path.exists() else bytearray()
    if not data:
        path.write_bytes(rng.randbytes(rng.randint(1, 200)))
        return f"noise as {path.suffix}"
    way = rng.choice(ways)
    way(rng, data)
    path.write_bytes(data)
    return f"{way.__name__} of {path.name}"


def damage(rng, base, folder):
    """Damages the copy of the base in `folder`; says how."""
    if base.ending == ".shp":
        return damage_shapefile(rng, base, folder)
    if base.ending == ".gdb":
        # Most of its files are GDAL's book-keeping; the layer's own are the last and largest.
        files = sorted((folder / base.name).iterdir(), key=lambda p: (-p.stat().st_size, p.name))
        return damage_bytes(rng, rng.choice(files[:12]), BYTES)
    text = base.ending in (".geojson", ".csv")
    return damage_bytes(rng, folder / base.name, TEXT if text else BYTES)


# --- What has to come of it -------------------------------------------------------------------------

def rows_at_least(base, path, how):
    """How many rows the damaged file still has to give if it is read at all."""
    if base.ending == ".geojson":
        try:
            return len(json.loads(path.read_bytes())["features"])
        except (ValueError, KeyError, TypeError):
            return 0  # no JSON to Python; GDAL may be more lenient, and is held to what it reads
    if base.ending == ".csv":
        # A quotation mark or an end of line more, less or elsewhere makes other records of the same
        # bytes.
        text = path.read_bytes().decode("latin-1")
        sound = base.path.read_bytes().decode("latin-1")
        if how.startswith("cut_off"):
            return max(0, text.count("\n") - 1)
        same = re.sub('[^"\r\n\0]', "", text) == re.sub('[^"\r\n\0]', "", sound)
        return base.rows if same and not how.startswith(("recode", "blank")) else 0
    return base.rows


def limit_memory():
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_MAX, MEMORY_MAX))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


class HostileFilesTest(ServerCase):
    flags = ("--trial-clock", "2026-03-02T09:00:00+08:00")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.folder = Path(tempfile.mkdtemp(prefix="landbook-hostile-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        cls.bases = cls.sample_bases() + cls.real_bases()
        ran = cls.server.landbook("county", "create", COUNTY, "--name", "样例县", "--crs",
                                  "EPSG:4548", "--policy", "sample")
        assert ran.code == 0, ran

    @classmethod
    def sample_bases(cls):
        """The sample county's plots in every format."""
        folder = cls.folder / "sample"
        folder.mkdir()
        binary = BIN / "landbook-sample-county"
        if not binary.exists():
            raise unittest.SkipTest(f"{binary} is not built; LANDBOOK_BIN names its folder")

        def make(target, *flags):
            target.parent.mkdir(exist_ok=True)
            subprocess.run([str(binary), str(target), "--layout", "plain", "--plots", str(PLOTS),
                            "--county", COUNTY, *flags], check=True, capture_output=True)
            return target

        crs = ["--crs", "EPSG:4548"]
        bases = []
        for encoding in ("GBK", "UTF-8"):
            target = make(folder / encoding / "plots.shp", "--encoding", encoding)
            bases.append(Base("plots.shp", target.parent, PLOTS, crs, importable=True))
        zipped = folder / "zip" / "plots.zip"
        zipped.parent.mkdir()
        with zipfile.ZipFile(zipped, "w", zipfile.ZIP_DEFLATED) as archive:
            for path in sorted((folder / "GBK").iterdir()):
                archive.write(path, path.name)
        bases.append(Base("plots.zip", zipped.parent, PLOTS, crs, importable=True))
        package = make(folder / "gpkg" / "plots.gpkg")
        bases.append(Base("plots.gpkg", package.parent, PLOTS, crs, importable=True))
        make(folder / "geojson" / "plots.geojson")
        bases.append(Base("plots.geojson", folder / "geojson", PLOTS, crs, importable=True))
        for form, ending in (("CSV", "csv"), ("FlatGeobuf", "fgb"), ("OpenFileGDB", "gdb")):
            for swap in ("", "swap"):
                target = folder / f"{ending}{swap}"
                target.mkdir()
                convert(package, target / f"plots.{ending}", form, swap)
                flags = crs + (["--source-crs", "EPSG:4548"] if ending == "csv" else [])
                bases.append(Base(f"plots.{ending}", target, PLOTS, flags, importable=not swap))
        return bases

    @classmethod
    def real_bases(cls):
        """Small layers that firms and offices delivered, where they are there."""
        allocate = ["--kind", "contracted", "--allocate-codes", COUNTY + "001001"]
        bases = []

        def take(source, rows, source_epsg, epsg, lines=None):
            source = DATA / source
            if not source.exists():
                return
            folder = cls.folder / f"real-{source.stem}"
            folder.mkdir()
            for path in source.parent.glob(source.stem + ".*"):
                shutil.copy(path, folder)
                (folder / path.name).chmod(0o644)
            if lines is not None:
                with open(source, encoding="utf-8", newline="") as file:
                    rows_read = list(csv.reader(file))[:lines + 1]
                out = io.StringIO(newline="")
                csv.writer(out).writerows(rows_read)
                (folder / source.name).write_text(out.getvalue(), encoding="utf-8", newline="")
            flags = ["--crs", f"EPSG:{epsg}", *allocate]
            if source_epsg:
                flags += ["--source-crs", f"EPSG:{source_epsg}"]
            bases.append(Base(source.name, folder, rows, flags))

        take("flanders/polygon-parcel.gpkg", 48, None, 31370)
        take("defra/parcels.csv", 60, 27700, 27700, lines=60)
        take("shapefile-oddities/chinese_encoding.shp", 78, 4490, 4509)
        take("shapefile-oddities/error_union.shp", 511, 25832, 25832)
        take("denver/DenverCo_precincts2016_orig.zip", 346, None, 26954)
        return bases

    def run_one(self, number):
        """Damages one file and reads it; gives (what came of it, complaint or None)."""
        rng = Random(f"{SEED}:{number}")
        imported = number % IMPORTED == 0
        base = rng.choice([base for base in self.bases if base.importable or not imported])
        folder = self.folder / f"case{number}"
        shutil.copytree(base.folder, folder)
        try:
            how = damage(rng, base, folder)
            told = f"LANDBOOK_SEED={SEED}, file {number}: {base.folder.name}/{base.name}, {how}"
            least = rows_at_least(base, folder / base.name, how)
            outcome, complaint = self.read(base, folder / base.name, least, imported)
            return outcome, complaint and f"{told}: {complaint}"
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def read(self, base, path, least, imported):
        flags = list(base.flags)
        if imported:
            flags = [flag for flag in flags if flag not in ("--crs", "EPSG:4548")]
            if base.ending == ".csv":
                flags = ["--source-crs", "EPSG:4548"]
            flags += ["--server", self.server.address, "--as", "root:administrator", "--county",
                      COUNTY]
        command = [str(BIN / "landbook"), "import" if imported else "check", str(path), *flags,
                   "--workers", "1", "--output", "json"]
        if not imported:
            command = [part for part in command if part not in ("--workers", "1")]
        try:
            done = subprocess.run(command, capture_output=True, timeout=SECONDS_MAX, check=False,
                                  preexec_fn=limit_memory)
        except subprocess.TimeoutExpired:
            return "hang", f"still running after {SECONDS_MAX} s"
        said = done.stderr.decode("utf-8", "replace")
        if done.returncode in (1, 2):
            return "refused", None if said.strip() else "refused without a word"
        if done.returncode != 0:
            return "crash", f"ended with {done.returncode}: {said[-2000:]}"
        try:
            report = json.loads(done.stdout)
        except ValueError:
            return "crash", f"no report: {done.stdout[:500]!r}"
        if report["read"] != report["accepted"] + report["rejected"]:
            return "lost", f"the report does not come out: {report}"
        if report["read"] < least:
            return "lost", f"{report['read']} of at least {least} rows: {report} {said[-500:]}"
        return "imported" if imported else "checked", None

    def test_no_crash_no_hang_no_lost_row(self):
        with ThreadPoolExecutor(2) as pool:
            results = list(pool.map(self.run_one, range(FILES)))
        complaints = [complaint for _, complaint in results if complaint]
        counts = collections.Counter(outcome for outcome, _ in results)
        self.assertEqual(complaints, [], f"{len(complaints)} of {FILES}: {dict(counts)}")
        # What cannot fail shows nothing: some were read, some were refused, some entered a book.
        self.assertGreater(min(counts["checked"], counts["refused"], counts["imported"]), 0, counts)
        ran = self.server.landbook("verify", "book", county=COUNTY)
        self.assertEqual(ran.code, 0, ran)
        if LONG:
            print(f"\n{FILES} hostile files, seed {SEED}: {dict(counts)}")


if __name__ == "__main__":
    unittest.main()
