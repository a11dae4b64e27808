# SPDX-License-Identifier: Apache-2.0
# Copyright the amnestyd developers
"""What stands in the journal, and what must not."""

import json
import os
import pathlib
import re
import shutil
import unittest

import support


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
        ids = set(re.findall(r"^-- ([0-9a-f]{32})$", pathlib.Path("/usr/lib/systemd/catalog/amnestyd.catalog").read_text(encoding="utf-8"), re.M))
        listed = support.run("journalctl", "--list-catalog").stdout
        self.assertTrue(ids and all(each in listed for each in ids))

    def test_3_personal_data(self):
        """No name, number or reference of a register of 2,000 people gets into any entry, whatever is asked or sent wrong"""
        support.configure("logLevel: trace\n")
        support.run("systemctl", "restart", "amnestyd.service")
        people = [json.loads(line) for line in support.run("amnestyctl", "sample", "--people", "2000", "--seed", "99").stdout.splitlines()]
        register = pathlib.Path("/tmp/register.ndjson")
        register.write_text("\n".join(json.dumps(person, ensure_ascii=False) for person in people), encoding="utf-8")
        support.run("amnestyctl", "assess", str(register), "--output", "ndjson", check=False)
        connection = support.Connection()
        for person in people[:200]:
            support.assess(connection, {**person, "offences": person.get("offences", [])[:1] + [{"surprise": person}]})
            support.assess(connection, {"reference": person["reference"], "person": json.dumps(person)})
        broken = support.Connection()
        broken.socket.sendall(b"{" + json.dumps(people[0]).encode() + b"\n")
        broken.receive()
        denied = lambda: [str(support.Connection().call("amnesty.v1.EligibilityService/Assess", {"record": person})[0]) for person in people[:20]]
        support.as_user(4321, 4321, [], denied)
        secrets = set()
        for person in people:
            secrets.add(person["reference"])
            for key, value in person.get("person", {}).items():
                if isinstance(value, str) and (key in ("name", "iin") or "name" in key.lower()):
                    secrets.update([value] + [part for part in value.split() if len(part) > 4])
                if isinstance(value, dict) and "name" in key.lower():
                    secrets.update(part for part in value.values() if isinstance(part, str) and len(part) > 4)
        self.assertGreater(len(secrets), 2000)
        text = json.dumps(support.journal(), ensure_ascii=False)
        found = [secret for secret in secrets if secret in text]
        self.assertEqual(found[:10], [])
        support.report(f"{len(secrets)} names, numbers and references looked for in {len(text) // 1024} KiB of journal")


support.main()
