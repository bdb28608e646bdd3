"""What a server refuses to open, and what it does when its disk is full."""

import os
import shutil
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

from landbook_county import Book
from landbook_testing import COUNTY, Refused, Server, StartRefused, run_landbook

TMPFS_MB = 64


class StoreTest(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="landbook-store-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def server(self, data="data", flags=()):
        server = Server(folder=tempfile.mkdtemp(prefix="landbook-e2e-"), data=self.folder / data,
                        flags=flags)
        self.addCleanup(server.close)
        return server

    def refuse(self, server, *words):
        with self.assertRaises(StartRefused) as caught:
            server.start()
        self.assertEqual(caught.exception.code, 1, caught.exception)
        for word in words:
            self.assertIn(word, caught.exception.text)

    def files_of(self, folder):
        """Every file but the lock, in which each process that asks writes its number."""
        return {str(path.relative_to(folder)): path.read_bytes()
                for path in sorted(folder.rglob("*")) if path.is_file() and path.name != "OWNER"}

    def test_a_directory_that_is_not_a_book(self):
        data = self.folder / "data"
        data.mkdir()
        (data / "letters.txt").write_text("not a book")
        self.refuse(self.server(), str(data))
        self.assertEqual(list(self.files_of(data)), ["letters.txt"])

    def test_a_file_where_the_directory_should_be(self):
        (self.folder / "data").write_text("a file")
        self.refuse(self.server(), str(self.folder / "data"))

    def test_a_book_of_a_newer_format(self):
        server = self.server().start()
        Book(server)
        self.assertEqual(server.stop(), 0)
        marker = self.folder / "data" / "LANDBOOK"
        text = marker.read_text()
        digits = [i for i, character in enumerate(text) if character.isdigit()]
        self.assertTrue(digits, text)
        newer = text[:digits[-1]] + "9" + text[digits[-1] + 1:]
        marker.write_text(newer)
        before = self.files_of(self.folder / "data")
        self.refuse(server, "newer")
        self.assertTrue(self.files_of(self.folder / "data") == before, "files were changed")
        marker.write_text(text)
        server.start()
        self.assertEqual(server.client("root:administrator").GetCounty(county=COUNTY).sequence, 2)

    def test_a_second_server_on_one_directory(self):
        server = self.server().start()
        self.refuse(self.server(), str(server.process.pid))
        Book(server)
        server.kill()
        server.start()

    def test_other_addresses_than_loopback(self):
        for address in ("0.0.0.0:0", "[::]:0", "192.0.2.1:0"):
            server = self.server()
            server.listen = address
            self.refuse(server, address.rsplit(":", 1)[0].strip("[]"))

    def test_a_socket_file_is_served_to_clients_of_this_machine(self):
        path = self.folder / "landbook.socket"
        server = self.server()
        server.listen = f"unix:{path}"
        server.start()
        self.assertEqual(server.address, server.listen)
        Book(server)
        self.assertEqual(server.client("root:administrator").GetCounty(county=COUNTY).sequence, 2)
        shown = server.landbook("county", "list")
        self.assertEqual(shown.code, 0, shown)
        self.assertIn(COUNTY, shown.out)
        other = self.server("other")
        other.listen = server.listen
        self.refuse(other, str(path), "is served already")
        # What a killed server leaves behind is in nobody's way.
        server.kill()
        self.assertTrue(path.is_socket())
        server.start()
        self.assertEqual(server.stop(), 0)
        self.assertFalse(path.exists())
        for wrong in ("unix:landbook.socket", f"unix:/{'x' * 200}"):
            other.listen = wrong
            self.refuse(other, wrong)

    def test_a_book_without_its_keys_is_not_opened(self):
        server = self.server().start()
        Book(server)
        server.stop()
        os.rename(server.keys, f"{server.keys}.away")
        self.refuse(server, COUNTY)
        shutil.rmtree(server.keys, ignore_errors=True)
        os.rename(f"{server.keys}.away", server.keys)
        server.start()

    def test_a_journal_that_ends_before_the_head_outside_is_not_opened(self):
        server = self.server().start()
        book = Book(server)
        book.commit([book.organisation("早先的公司")])
        server.stop()
        shutil.copytree(server.data, self.folder / "older")
        server.start()
        book.connect()
        book.commit([book.organisation("后来的公司")])
        server.stop()
        # An older copy of the data with today's keys and head: entries are missing.
        shutil.rmtree(server.data)
        shutil.copytree(self.folder / "older", server.data)
        self.refuse(server, COUNTY)

    def test_a_full_disk_makes_commits_unavailable_while_reads_go_on(self):
        disk = self.folder / "disk"
        disk.mkdir()
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={TMPFS_MB}m", "landbook",
                                  str(disk)], capture_output=True, text=True, check=False)
        if mounted.returncode != 0:
            self.skipTest(f"a small disk cannot be mounted here: {mounted.stderr.strip()}")
        self.addCleanup(subprocess.run, ["umount", "-l", str(disk)], check=False)
        server = self.server("disk/data").start()
        book = Book(server)
        acknowledged = 0
        refused = None
        filler = disk / "filler"
        for round_number in range(2_000):
            try:
                book.commit([book.organisation(f"公司{round_number}-{i}") for i in range(200)])
                acknowledged += 200
            except Refused as refusal:
                refused = refusal
                break
            if round_number == 3:
                with open(filler, "wb") as file:
                    try:
                        while file.write(bytes(1 << 16)):
                            file.flush()
                    except OSError:
                        pass
        self.assertIsNotNone(refused, "the disk never was full")
        self.assertEqual(refused.code.name, "UNAVAILABLE", refused)
        self.assertEqual(refused.reasons, ["STORE_FULL"], refused)
        self.assertEqual(book.admin.GetStatistics(county=COUNTY).parties, acknowledged)
        # With room again it goes on, in the same process, with what was acknowledged and no more.
        filler.unlink(missing_ok=True)
        deadline = time.monotonic() + 60
        while True:
            try:
                book.commit([book.organisation("后来的公司")])
                break
            except Refused as again:
                self.assertEqual(again.reasons, ["STORE_FULL"], again)
                self.assertLess(time.monotonic(), deadline, "the server never wrote again")
                time.sleep(0.2)
        self.assertEqual(book.admin.GetStatistics(county=COUNTY).parties, acknowledged + 1)
        self.assertEqual(self.verify(server), 0)
        server.kill()
        server.start()
        book.connect()
        self.assertEqual(book.admin.GetStatistics(county=COUNTY).parties, acknowledged + 1)
        self.assertEqual(self.verify(server), 0)

    def verify(self, server):
        return run_landbook("verify", "book", "--server", server.address, "--as",
                            "root:administrator").code


if __name__ == "__main__":
    unittest.main()
