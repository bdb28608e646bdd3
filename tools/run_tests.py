"""Builds and runs every test of the project: what tools/test does once packages are installed.

Stages: the release build with all its test binaries, the tests that span rooms (Python), unit tests
of geo and storage (in the long run of the services too) under AddressSanitizer and
UndefinedBehaviorSanitizer, concurrent tests under ThreadSanitizer, the lint of the protos, and the
rules of the rooms. A stage that cannot be built counts as one failure. The last line sums up.
"""

import argparse
import concurrent.futures
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree

ROOT = pathlib.Path(__file__).resolve().parents[1]
BUILD = ROOT / "build"
JOBS = os.cpu_count() or 1
# A test that runs longer has hung: it is ended, and named, so that the run goes on and can be read.
LIMIT_S = 900
BUILD_LIMIT_S = 3600
# The tests that start threads: the files that hold them, and the words of their suites and names.
# None of RocksDB's: Debian's library is built without ThreadSanitizer, which so takes what its threads
# hand to ours for races.
CONCURRENT_FILES = "(mutex|suite|memory_engine|lying_engine|drain_gate|geos_bridge|layer_check)_test"
CONCURRENT = "*Concurren*:*Thread*:*Mutex*:*Writer*:*Workers*:*Readers*:*Arrives*:DrainGate.*"
# Which rooms a room may include, besides itself and the proto's generated headers.
MAY_INCLUDE = {
    "geo": set(),
    "storage": set(),
    "sheet": {"geo"},
    "services/common": {"geo", "storage"},
    "services/law": {"storage", "services/common"},
    "services/boundary": {"geo", "storage", "services/common"},
    "services/registry": {"geo", "storage", "services/common", "services/law"},
    "services/conveyance": {"storage", "services/common", "services/law"},
    "services/landbookd": {"geo", "storage", "services/common", "services/law",
                           "services/registry", "services/boundary", "services/conveyance"},
}


class Totals:
    """How many tests passed, failed and were skipped, and the names of those that failed."""

    def __init__(self):
        self.passed = 0
        self.skipped = 0
        self.failures = []

    def failed(self, name, text=""):
        self.failures.append(name)
        print(f"FAILED {name}", flush=True)
        if text:
            print(text, flush=True)

    def one(self, name, ok, text=""):
        if ok:
            self.passed += 1
        else:
            self.failed(name, text)

    def line(self):
        skipped = f", {self.skipped} skipped" if self.skipped else ""
        return f"{self.passed} passed, {len(self.failures)} failed{skipped}"


def say(text):
    print(f"== {text}", flush=True)


def run(command, limit_s=LIMIT_S, cwd=ROOT, environment=None):
    """Runs a command; gives its exit code and what it printed, with a last line if it hung."""
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          errors="replace", cwd=cwd, env={**os.environ, **(environment or {})},
                          start_new_session=True) as process:
        try:
            text, _ = process.communicate(timeout=limit_s)
            return process.returncode, text
        except BaseException as reason:
            # With whatever it started itself: a server left behind would hold up the next test.
            os.killpg(process.pid, signal.SIGKILL)
            if not isinstance(reason, subprocess.TimeoutExpired):
                raise
            text, _ = process.communicate()
            return process.returncode, f"{text}\nended after {limit_s} s: it hung"


def build(totals, name, configure, targets=()):
    """Configures and builds; a failure is told and counted."""
    say(f"building: {name}")
    commands = [["cmake", "-S", str(ROOT), *configure]]
    directory = configure[configure.index("-B") + 1] if "-B" in configure else str(BUILD)
    make = ["cmake", "--build", directory, "--parallel", str(JOBS)]
    commands.append([*make, "--target", *targets] if targets else make)
    for command in commands:
        code, text = run(command, BUILD_LIMIT_S)
        if code != 0:
            totals.failed(f"build of {name}", text[-6000:])
            return False
    return True


def run_gtest(binary, environment=None, filters=None):
    """Runs one test binary; gives its exit code, its output and its report if it wrote one."""
    with tempfile.TemporaryDirectory() as folder:
        report = pathlib.Path(folder) / "report.xml"
        command = [str(binary), f"--gtest_output=xml:{report}"]
        if filters:
            command.append(f"--gtest_filter={filters}")
        code, text = run(command, environment=environment)
        root = xml.etree.ElementTree.parse(report).getroot() if report.exists() else None
        return code, text, root


def count_gtest(totals, label, result):
    code, text, report = result
    if report is None:
        totals.failed(f"{label} (ended with {code} before it could report)", text[-6000:])
        return
    failed_before = len(totals.failures)
    for case in report.iter("testcase"):
        name = f"{label} {case.get('classname')}.{case.get('name')}"
        if (failure := case.find("failure")) is not None:
            totals.failed(name, failure.text)
        elif case.get("status") == "notrun" or case.get("result") == "skipped":
            totals.skipped += 1
        else:
            totals.passed += 1
    if code != 0 and len(totals.failures) == failed_before:
        totals.failed(f"{label} (all tests passed, but it ended with {code})", text[-6000:])


def run_binaries(totals, label, binaries, environment=None, filters=None):
    """Runs test binaries side by side and counts them in the order of their names."""
    with concurrent.futures.ThreadPoolExecutor(max_workers=JOBS) as pool:
        results = [(binary, pool.submit(run_gtest, binary, environment, filters))
                   for binary in sorted(binaries)]
        for binary, result in results:
            count_gtest(totals, f"{label}{binary.name}", result.result())


def test_binaries(directory):
    return [path for path in (directory / "bin").glob("*_tests") if os.access(path, os.X_OK)]


def run_release(totals):
    if not build(totals, "release", ["--preset", "release"]):
        return False
    say("unit tests")
    run_binaries(totals, "", test_binaries(BUILD))
    return True


def run_unittest(module):
    """Runs one file of Python tests; gives its exit code and what it printed."""
    return run([sys.executable, "-m", "unittest", "--verbose", module.stem], cwd=module.parent,
               environment={"LANDBOOK_BIN": str(BUILD / "bin")})


def count_unittest(totals, module, result):
    """Counts by unittest's own summary: "Ran 9 tests ..." and "FAILED (failures=1, skipped=2)"."""
    code, text = result
    ran = re.search(r"^Ran (\d+) tests? in", text, re.MULTILINE)
    if not ran:
        totals.failed(f"{module.stem} (ended with {code} before it could report)", text[-6000:])
        return
    skipped = re.search(r"skipped=(\d+)", text.splitlines()[-1])
    skipped = int(skipped.group(1)) if skipped else 0
    failures = sorted(set(re.findall(r"^(?:FAIL|ERROR): (.+)$", text, re.MULTILINE)))
    totals.failures += [f"{module.stem} {name}" for name in failures]
    totals.skipped += skipped
    totals.passed += max(0, int(ran.group(1)) - skipped - len(failures))
    if failures:
        print(text[-6000:], flush=True)
    elif code != 0:
        totals.failed(f"{module.stem} (no test failed, but it ended with {code})", text[-6000:])


def run_python(totals):
    say("tests that span rooms")
    modules = [path for folder in ("verifier", "e2e")
               for path in sorted((ROOT / "tests" / folder).glob("test_*.py"))]
    with concurrent.futures.ThreadPoolExecutor(max_workers=JOBS) as pool:
        results = [(module, pool.submit(run_unittest, module)) for module in modules]
        for module, result in results:
            count_unittest(totals, module, result.result())


def run_sanitized(totals, long_run):
    """Under the address sanitizer the services take as long to build as all else: in the long run."""
    below = "-DLANDBOOK_BELOW_GRPC=ON"
    asan = ROOT / "build-asan"
    targets = ["landbook_geo_tests", "landbook_geo_formats_tests", "landbook_storage_tests"]
    if long_run:
        targets += ["landbook_services_common_tests", "landbook_services_registry_tests"]
    if build(totals, "address and undefined-behaviour sanitizers",
             ["--preset", "asan", "-B", str(asan), *([] if long_run else [below])], targets):
        say("unit tests under address and undefined-behaviour sanitizers")
        # Libraries of Debian keep what they allocate once until the process ends, and fill vectors
        # that the sanitizer has not seen growing.
        run_binaries(totals, "asan ", test_binaries(asan),
                     {"ASAN_OPTIONS": "detect_leaks=0:detect_container_overflow=0"})
    tsan = ROOT / "build-tsan"
    targets = ["landbook_geo_tests", "landbook_storage_tests"]
    only = f"-DLANDBOOK_TEST_FILES={CONCURRENT_FILES}"
    if build(totals, "thread sanitizer",
             ["--preset", "tsan", "-B", str(tsan), below, only], targets):
        say("concurrent tests under thread sanitizer")
        run_binaries(totals, "tsan ", test_binaries(tsan), {"TSAN_OPTIONS": "halt_on_error=1"},
                     CONCURRENT)


def run_lint(totals):
    say("lint of the protos")
    folder = ROOT / "proto"
    code, text = run(["npm", "ci", "--no-audit", "--no-fund"], cwd=folder)
    if code != 0:
        totals.skipped += 1
        print(f"skipped: npm cannot install buf\n{text[-2000:]}", flush=True)
        return
    code, text = run(["node_modules/.bin/buf", "lint"], cwd=folder)
    totals.one("buf lint", code == 0, text)


def sources():
    listed = subprocess.run(["git", "ls-files", "*.h", "*.cc"], cwd=ROOT, text=True,
                            stdout=subprocess.PIPE, check=False).stdout.split()
    if listed:
        return [pathlib.PurePosixPath(path) for path in listed if (ROOT / path).exists()]
    rooms = ("geo", "storage", "sheet", "services", "tools", "tests")
    return [pathlib.PurePosixPath(path.relative_to(ROOT)) for room in rooms
            for path in (ROOT / room).rglob("*") if path.suffix in (".h", ".cc")]


def room_of(path):
    parts = pathlib.PurePosixPath(path).parts
    return "/".join(parts[:2]) if parts[0] == "services" else parts[0]


def run_room_rules(totals):
    say("rules of the rooms")
    relative, crossing = [], []
    for source in sources():
        text = (ROOT / source).read_text(encoding="utf-8")
        for include in re.findall(r'^\s*#\s*include\s+"([^"]+)"', text, re.MULTILINE):
            if include.startswith("."):
                relative.append(f"{source}: {include}")
            elif (ROOT / include).exists() and room_of(source) in MAY_INCLUDE:
                allowed = MAY_INCLUDE[room_of(source)] | {room_of(source)}
                if room_of(include) not in allowed:
                    crossing.append(f"{source}: {include}")
    totals.one("includes are written from the root", not relative, "\n".join(relative))
    totals.one("no include goes against the rooms", not crossing, "\n".join(crossing))


def main():
    parser = argparse.ArgumentParser(description="Builds and runs every test.")
    parser.add_argument("--long", action="store_true", help="full counts of the random tests")
    options = parser.parse_args()
    if options.long:
        os.environ["LANDBOOK_LONG"] = "1"
    else:
        # The short run repeats itself, so that a change is what makes it fail; the long one explores.
        os.environ.setdefault("RC_PARAMS", "seed=20261121")
    # Real layers, where they lie beside the checkout; tests that want them say so where they do not.
    layers = ROOT.parent / "shared" / "data"
    if layers.is_dir():
        os.environ.setdefault("LANDBOOK_SHARED_DATA", str(layers))
    begun = time.monotonic()
    totals = Totals()
    run_room_rules(totals)
    if shutil.which("npm"):
        run_lint(totals)
    if run_release(totals):
        run_python(totals)
    run_sanitized(totals, options.long)
    say(f"took {(time.monotonic() - begun) / 60:.1f} minutes")
    for name in totals.failures:
        print(f"FAILED {name}")
    print(totals.line())
    return 1 if totals.failures else 0


if __name__ == "__main__":
    sys.exit(main())
