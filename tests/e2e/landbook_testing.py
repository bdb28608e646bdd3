"""What every test here stands on: the protos, a server of one's own, a client, the command line.

The binaries are those in the folder that LANDBOOK_BIN names, else build/bin of the checkout. The
protos are compiled when this module is first imported, with Debian's protoc and its gRPC plugin
for Python, so that the client under test is one that anybody can make from the published contract.
"""

import atexit
import json
import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

# A forked child of a process that uses gRPC must not try to keep gRPC going; set before the import.
os.environ.setdefault("GRPC_ENABLE_FORK_SUPPORT", "0")

import grpc  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(os.environ.get("LANDBOOK_BIN", ROOT / "build" / "bin")).resolve()
LONG = os.environ.get("LANDBOOK_LONG", "") not in ("", "0")
COUNTY = "990101"
EPSG = 4548
START_SECONDS = 60
CALL_SECONDS = 60


def _compile_protos():
    folder = tempfile.mkdtemp(prefix="landbook-protos-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    files = sorted(str(path) for path in (ROOT / "proto" / "landbook" / "v1").glob("*.proto"))
    plugin = shutil.which("grpc_python_plugin")
    if plugin is None:
        raise RuntimeError("grpc_python_plugin is missing: apt-get install protobuf-compiler-grpc")
    subprocess.run(["protoc", f"-I{ROOT / 'proto'}", f"--python_out={folder}",
                    f"--grpc_python_out={folder}", f"--plugin=protoc-gen-grpc_python={plugin}",
                    *files], check=True)
    sys.path.insert(0, folder)


_compile_protos()

from google.protobuf import json_format  # noqa: E402
from landbook.v1 import (boundary_service_pb2_grpc, conveyance_service_pb2,  # noqa: E402
                         conveyance_service_pb2_grpc, error_pb2, registry_service_pb2,
                         registry_service_pb2_grpc)
# Not used here: for the tests, which cannot import them before the protos are compiled.
from landbook.v1 import (act_pb2, case_pb2, common_pb2, journal_pb2, options_pb2,  # noqa: E402,F401
                         plot_pb2, right_pb2)

# The verifier that shares no code with the server.
sys.path.insert(0, str(ROOT / "tests" / "verifier"))
import landbook_verify as verify  # noqa: E402,F401


class Refused(Exception):
    """A call that the server refused, with everything that it said of why."""

    def __init__(self, error):
        self.code = error.code()
        self.refusals = _refusals_of(error)
        self.reasons = [refusal.reason for refusal in self.refusals]
        self.fields = [refusal.field for refusal in self.refusals]
        told = "; ".join(f"{r.reason} {r.field}: {r.message_en}" for r in self.refusals)
        super().__init__(f"{self.code.name}: {told or error.details()}")


def _refusals_of(error):
    for key, value in error.trailing_metadata() or ():
        if key != "grpc-status-details-bin":
            continue
        for detail in error_pb2.Status.FromString(value).details:
            if detail.type_url == "type.googleapis.com/landbook.v1.Refusals":
                return list(error_pb2.Refusals.FromString(detail.value).refusals)
    return []


def message(kind, /, **fields):
    """A message of the contract from plain Python values; bytes are given as base64 text."""
    return json_format.ParseDict(fields, kind())


class Client:
    """Calls RegistryService and ConveyanceService as one officer; their methods are methods of this."""

    def __init__(self, address, officer, credentials=None):
        # A connection of its own, so that sixty-four clients are sixty-four connections.
        options = [
            ("grpc.use_local_subchannel_pool", 1), ("grpc.max_metadata_size", 8 << 20),
            ("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)]
        self.channel = (grpc.secure_channel(address, credentials, options) if credentials
                        else grpc.insecure_channel(address, options))
        self.metadata = [("landbook-details-max", str(4 << 20))]
        if officer is not None:
            self.metadata.append(("landbook-as", officer))
        self.stub = registry_service_pb2_grpc.RegistryServiceStub(self.channel)
        self.conveyance = conveyance_service_pb2_grpc.ConveyanceServiceStub(self.channel)
        self.boundary = boundary_service_pb2_grpc.BoundaryServiceStub(self.channel)

    def close(self):
        self.channel.close()

    def __getattr__(self, method):
        registry = hasattr(self.stub, method)
        call = getattr(self.stub if registry else self.conveyance, method)
        request_type = getattr(registry_service_pb2 if registry else conveyance_service_pb2,
                               f"{method}Request")

        def invoke(request=None, *, timeout=CALL_SECONDS, **fields):
            if request is None:
                request = message(request_type, **fields)
            try:
                answer = call(request, metadata=self.metadata, timeout=timeout)
                # A stream is read to its end: the callers here want all of it.
                return answer if hasattr(answer, "DESCRIPTOR") else list(answer)
            except grpc.RpcError as error:
                raise Refused(error) from None

        return invoke

    def future(self, method, request):
        """Sends a call without waiting for its answer."""
        return getattr(self.stub, method).future(request, metadata=self.metadata,
                                                 timeout=CALL_SECONDS)

    def raw(self, method, data):
        """Sends bytes that no protobuf library would write."""
        call = self.channel.unary_unary(f"/landbook.v1.RegistryService/{method}")
        try:
            return call(data, metadata=self.metadata, timeout=CALL_SECONDS)
        except grpc.RpcError as error:
            raise Refused(error) from None

    def raw_stream(self, path, messages):
        """The same for a call that takes a stream: "RegistryService/UploadImportRows"."""
        call = self.channel.stream_stream(f"/landbook.v1.{path}")
        try:
            return list(call(iter(messages), metadata=self.metadata, timeout=CALL_SECONDS))
        except grpc.RpcError as error:
            raise Refused(error) from None


def answer_of(future):
    """The answer of a call that was sent with Client.future, or Refused."""
    try:
        return future.result()
    except grpc.RpcError as error:
        raise Refused(error) from None


class StartRefused(Exception):
    """A server that would not start."""

    def __init__(self, code, text):
        super().__init__(f"landbookd ended with {code}: {text}")
        self.code = code
        self.text = text


class Server:
    """A landbookd on a directory of its own; it can be killed, stopped and started again."""

    def __init__(self, folder=None, data=None, flags=(), identity=("--insecure-local",)):
        self.folder = Path(folder or tempfile.mkdtemp(prefix="landbook-e2e-"))
        self.data = Path(data or self.folder / "data")
        self.keys = Path(f"{self.data}.keys")
        self.flags = list(flags)
        self.identity = list(identity)
        self.listen = "127.0.0.1:0"
        self.process = None
        self.address = None
        self._clients = []

    def start(self):
        binary = BIN / "landbookd"
        if not binary.exists():
            raise unittest.SkipTest(f"{binary} is not built; LANDBOOK_BIN names its folder")
        with open(self.folder / "landbookd.log", "ab") as log:
            log_begin = log.tell()
            self.process = subprocess.Popen(
                [str(binary), *self.identity, "--listen", self.listen,
                 "--data", str(self.data), *self.flags],
                stdout=subprocess.PIPE, stderr=log)
        line = self._first_line()
        if not line.startswith("ready grpc="):
            code = self.process.wait(START_SECONDS)
            self._forget()
            text = (self.folder / "landbookd.log").read_bytes()[log_begin:]
            raise StartRefused(code, line + text.decode("utf-8", "replace"))
        self.address = line.split()[1].split("=", 1)[1]
        return self

    def _first_line(self):
        end = time.monotonic() + START_SECONDS
        data = b""
        descriptor = self.process.stdout.fileno()
        while not data.endswith(b"\n"):
            ready, _, _ = select.select([descriptor], [], [], max(0, end - time.monotonic()))
            if not ready:
                self.process.kill()
                raise AssertionError(f"landbookd was not ready within {START_SECONDS} s")
            piece = os.read(descriptor, 4096)
            if not piece:
                break
            data += piece
        return data.decode("utf-8", "replace")

    def _close_clients(self):
        for client in self._clients:
            client.close()
        self._clients = []

    def _forget(self):
        self._close_clients()
        if self.process is not None:
            self.process.stdout.close()
        self.process = None

    def kill(self):
        """As kill -9: nothing is written any more."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(START_SECONDS)
        self._forget()

    def stop(self):
        """SIGTERM, with nobody connected any more; gives the exit code."""
        self._close_clients()
        return self.terminate()

    def terminate(self):
        """SIGTERM, with calls under way; gives the exit code."""
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(START_SECONDS)
        self._forget()
        return code

    def close(self):
        if self.process is not None:
            self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def client(self, officer="li:registrar", credentials=None):
        client = Client(self.address, officer, credentials)
        self._clients.append(client)
        return client

    def landbook(self, *arguments, officer="root:administrator", county=None, timeout=600):
        """Runs the command line against this server."""
        flags = ["--server", self.address]
        if officer is not None:
            flags += ["--as", officer]
        if county is not None:
            flags += ["--county", county]
        return run_landbook(*arguments, *flags, timeout=timeout)


class Ran:
    """What a run of the command line left."""

    def __init__(self, done):
        self.code = done.returncode
        self.out = done.stdout
        self.err = done.stderr

    @property
    def json(self):
        return json.loads(self.out)

    def __repr__(self):
        return f"exit {self.code}\nstdout: {self.out[:2000]}\nstderr: {self.err[:2000]}"


def run_landbook(*arguments, timeout=600):
    binary = BIN / "landbook"
    if not binary.exists():
        raise unittest.SkipTest(f"{binary} is not built; LANDBOOK_BIN names its folder")
    return Ran(subprocess.run([str(binary), *map(str, arguments)], capture_output=True, text=True,
                              timeout=timeout, check=False))


class ServerCase(unittest.TestCase):
    """Tests that share one server."""

    flags = ()

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.server = Server(flags=cls.flags)
        # Registered before it starts, so that a failure to start leaves nothing behind.
        cls.addClassCleanup(cls.server.close)
        cls.server.start()

    def assertRefused(self, reason, call, *arguments, field=None, **fields):
        """`call` is refused, `reason` is among what it is refused for, and of `field` if given."""
        with self.assertRaises(Refused) as caught:
            call(*arguments, **fields)
        refused = caught.exception
        self.assertIn(reason, refused.reasons, str(refused))
        if field is not None:
            fields_of_reason = [r.field for r in refused.refusals if r.reason == reason]
            self.assertIn(field, fields_of_reason, str(refused))
        for refusal in refused.refusals:
            self.assertTrue(refusal.message_en and refusal.message_zh, refusal)
        return refused
