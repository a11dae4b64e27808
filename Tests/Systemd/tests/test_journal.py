# SPDX-License-Identifier: Apache-2.0
# Copyright the amnestyd developers
"""What stands in the journal, and what must not."""

import json
import os
import pathlib
import re
import shutil
import socket
import threading
import unittest

import support

REPOSITORY = pathlib.Path(__file__).resolve().parents[3]


def readable(value):
    """A field as text: journalctl writes one with control characters as a list of bytes."""
    if isinstance(value, list) and value and all(isinstance(each, int) for each in value):
        return bytes(value).decode("utf-8", "replace")
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


class Journal(unittest.TestCase):
    def test_1_fields(self):
        """Entries have message, id, priority, place in the code and our fields; a list is a field again and again"""
        support.health()
        entry = support.until(lambda: support.journal("-u", "amnestyd.service", "CODE_FUNC=log(_:_:from:)"), "acts loaded")[0]
        self.assertEqual((entry["PRIORITY"], entry["SYSLOG_IDENTIFIER"], entry["_TRANSPORT"]), ("6", "amnestyd", "journal"))
        self.assertRegex(entry["CODE_FILE"], r"AmnestyDaemon/.*\.swift$")
        self.assertRegex(entry["CODE_LINE"], r"^[0-9]+$")
        self.assertRegex(entry["MESSAGE_ID"], r"^[0-9a-f]{32}$")
        self.assertIn("kz-2022-152-vii", entry["AMNESTY_ACTS_LOADED"])
        self.assertIsInstance(entry["AMNESTY_ACTS_LOADED"], list)
        support.run("amnestyctl", "reload")
        entry = support.journal("AMNESTY_METHOD=amnesty.v1.AdminService/Reload")[-1]
        self.assertEqual((entry["AMNESTY_PEER_UID"], entry["_SYSTEMD_UNIT"]), ("0", "amnestyd.service"))
        self.assertRegex(entry["AMNESTY_CALL_ID"], r"^[0-9]+$")

    def test_2_catalog(self):
        """journalctl -x explains our entries, in the reader's language"""
        support.run("systemctl", "restart", "amnestyd.service")
        languages = {"C": "The amnesty daemon serves", "ru_RU": "Служба амнистии отвечает", "kk_KZ": "Рақымшылық қызметі жауап береді"}
        for language, words in languages.items():
            # Hosts of these languages have their locales; here the neutral one goes by their names.
            if language != "C":
                shutil.copytree("/usr/lib/locale/C.utf8", f"/usr/lib/locale/{language}.utf8", dirs_exist_ok=True)
            said = support.run(
                "journalctl", "-x", "-u", "amnestyd.service", "--no-pager", env={**os.environ, "LC_ALL": f"{language}.UTF-8"}).stdout
            for other in languages.values():
                self.assertEqual(other in said, other == words, f"{language}: {other}")
        # What the daemon can say is explained in each language, and nothing else is.
        source = (REPOSITORY / "Sources/AmnestyDaemon/Systemd/MessageIDs.swift").read_text(encoding="utf-8")
        said = set(re.findall(r'"([0-9a-f]{32})"', source))
        listed = support.run("journalctl", "--list-catalog").stdout
        self.assertTrue(said and all(each in listed for each in said))
        for name in ("amnestyd", "amnestyd.ru", "amnestyd.kk"):
            text = pathlib.Path(f"/usr/lib/systemd/catalog/{name}.catalog").read_text(encoding="utf-8")
            explained = re.findall(r"^-- ([0-9a-f]{32})$", text, re.M)
            self.assertEqual((set(explained), len(explained)), (said, len(said)), name)

    def test_3_slow(self):
        """A slow call is told with method, user and how long it took, and explained"""
        support.configure("limits:\n  slowCallMs: 1\n")
        support.run("systemctl", "restart", "amnestyd.service")
        lines = support.run("amnestyctl", "sample", "--people", "3000", "--seed", "12").stdout
        connection = support.Connection()
        done = threading.Event()

        def keep_busy():
            support.run("amnestyctl", "case", "import", "-", input=lines)
            done.set()

        importing = threading.Thread(target=keep_busy)
        importing.start()
        while not done.is_set():
            connection.call("amnesty.v1.CaseService/Register", {"record": {**support.sample(), "reference": f"SYN-SLOW-{connection.call_id}"}})
        importing.join()
        entry = support.journal("MESSAGE_ID=aa658e07b1334b3fa39457b963c3b3f6")[-1]
        self.assertEqual((entry["AMNESTY_PEER_UID"], entry["AMNESTY_METHOD"]), ("0", "amnesty.v1.CaseService/Register"))
        self.assertGreaterEqual(float(entry["AMNESTY_CALL_MS"]), 1)
        said = support.run("journalctl", "-x", "--no-pager", "MESSAGE_ID=aa658e07b1334b3fa39457b963c3b3f6").stdout
        self.assertIn("A call of amnesty.v1.CaseService/Register by user 0 took", said)

    def test_4_personal_data(self):
        """No name, number or reference of a register of 2,000 people gets into any entry, whatever is asked, done or sent wrong"""
        support.configure("logLevel: trace\nlimits:\n  slowCallMs: 1\noffices:\n  default: {}\nroles:\n" + "".join(
            f"  {role}:\n    users: [root]\n" for role in ("viewer", "registrar", "preparer", "executor", "aftercare", "auditor", "admin", "delegate"))
            + "  authority:\n    users: [daemon]\n")
        support.run("systemctl", "restart", "amnestyd.service")
        people = [json.loads(line) for line in support.run("amnestyctl", "sample", "--people", "2000", "--seed", "99").stdout.splitlines()]
        register = pathlib.Path("/tmp/register.ndjson")
        register.write_text("\n".join(json.dumps(person, ensure_ascii=False) for person in people), encoding="utf-8")

        # The whole way of a case, and the same again, which is refused.
        def daemon(*command):
            return ["setpriv", "--reuid=daemon", "--regid=daemon", "--clear-groups", "amnestyctl", *command]

        support.run("amnestyctl", "assess", str(register), "--output", "ndjson", check=False)
        for _ in range(2):
            support.run("amnestyctl", "case", "import", str(register), check=False)
            support.run("amnestyctl", "case", "assess", "--all", check=False)
            support.run("amnestyctl", "decision", "propose", "--all", check=False)
            support.run("amnestyctl", "decision", "decide", "--all", "--as-proposed", "--limit", "20", check=False)
            support.run(*daemon("decision", "decide", "--all", "--as-proposed"), check=False)
            support.run("amnestyctl", "decision", "execute", "--all", check=False)
        decided = json.loads(support.run("amnestyctl", "case", "summary", "--output", "json").stdout)
        states = {each["word"]: each["count"] for each in decided["byState"]}
        self.assertGreater(states.get("closed", 0) + states.get("aftercare", 0) + states.get("executed", 0), 300, states)
        for person in people[:100]:
            name = person["person"]["familyName"]
            support.run("amnestyctl", "case", "search", name, check=False)
            support.run("amnestyctl", "case", "show", person["reference"], "--history", check=False)
        support.run("amnestyctl", "audit", "export")
        support.run("amnestyctl", "backup", "create", "--name", "by-hand.sqlite")
        support.run("amnestyctl", "check")
        support.run("systemctl", "start", "amnestyd-backup.service", "amnestyd-metrics.service")

        connection = support.Connection()
        for person in people[:200]:
            support.assess(connection, {**person, "offences": person.get("offences", [])[:1] + [{"surprise": person}]})
            support.assess(connection, {"reference": person["reference"], "person": json.dumps(person)})
            connection.call("amnesty.v1.CaseService/Register", {"record": person, "office": person["person"]["familyName"]})
            connection.call("amnesty.v1.CaseService/Search", {"query": person["person"], person["person"]["iin"]: 1})
            connection.call(f"amnesty.v1.CaseService/{person['reference']}", {})
        for sent in (b"{" + json.dumps(people[0]).encode() + b"\n", json.dumps(people[1]).encode() + b"\n", b"\0\0\0\x40" + json.dumps(people[2]).encode()):
            broken = support.Connection()
            broken.socket.sendall(sent)
            broken.receive()
        denied = lambda: [str(support.Connection().call("amnesty.v1.EligibilityService/Assess", {"record": person})[0]) for person in people[:20]]
        support.as_user(4321, 4321, [], denied)

        secrets = set()
        for person in people:
            secrets.add(person["reference"])
            for key, value in person["person"].items():
                if value and (key in ("iin", "patronymic") or "name" in key.lower()):
                    secrets.update([value] + [part for part in value.split() if len(part) > 4])
        self.assertGreater(len(secrets), 4000)
        self.assertTrue({people[0]["person"]["iin"], people[0]["person"]["familyName"]} <= secrets)
        # What the search would find, if it were there: also between control characters.
        control = f"\1{people[0]['person']['familyName']}\2"
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as native:
            native.sendto(f"MESSAGE=control\nCONTROL={control}\n".encode(), "/run/systemd/journal/socket")
        self.assertIn(control, [readable(entry.get("CONTROL")) for entry in support.journal("MESSAGE=control")])
        entries = [entry for entry in support.journal() if "CONTROL" not in entry]
        text = "\n".join(readable(value) for entry in entries for value in entry.values())
        found = [secret for secret in secrets if secret in text]
        self.assertEqual(found[:10], [])
        # The levels below info are really there, and the slow calls.
        self.assertIn("7", {entry.get("PRIORITY") for entry in entries if entry.get("SYSLOG_IDENTIFIER") == "amnestyd"})
        support.report(f"{len(secrets)} names, numbers and references looked for in {len(text) // 1024} KiB of journal; states {states}")


support.main()
