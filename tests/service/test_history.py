"""How far back one can go, and what the backups take up: held against stock restic's own `forget --dry-run`."""

import json
import subprocess
import unittest

from lib import practice as lib
from lib.service_case import ServiceCase


class History(ServiceCase):
    def forgotten_by_restic(self, *rules):
        """Ids that stock restic would remove."""
        out = subprocess.run(["restic", "-r", self.repository, "forget", "--dry-run", "--json", *rules],
                             env=lib.ENVIRONMENT | {"RESTIC_PASSWORD": lib.PASSWORD}, check=True, capture_output=True).stdout
        return {snapshot["id"] for group in json.loads(out) for snapshot in group["remove"] or []}

    def test_the_preview_says_what_goes_and_which_days_stay(self):
        client = self.client()
        made = [self.run_to_end(client, "backup", {"images": images})["snapshot"] for images in (True, True, True)]
        preview = client.get("/api/v1/retention/preview?keep_last=1&keep_hourly=0&keep_daily=0&keep_weekly=0"
                             "&keep_monthly=0&keep_yearly=0").json
        self.assertEqual([kept["snapshot"] for kept in preview["kept"]], made[-1:])
        self.assertEqual({gone["snapshot"] for gone in preview["removed"]}, set(made[:-1]))
        self.assertEqual({gone["snapshot"] for gone in preview["removed"]}, self.forgotten_by_restic("--keep-last=1"))
        self.assertEqual(preview["days"], [preview["days"][0]])
        self.assertEqual(client.get("/api/v1/snapshots").json["total"], 3, "a preview removes nothing")

        configured = client.get("/api/v1/retention/preview").json
        self.assertEqual(len(configured["kept"]) + len(configured["removed"]), 3)
        everything = client.get("/api/v1/retention/preview?" + "&".join(
            f"keep_{rule}=0" for rule in ("last", "hourly", "daily", "weekly", "monthly", "yearly"))).json
        self.assertEqual((len(everything["kept"]), everything["removed"]), (3, []))

        sizes = client.get("/api/v1/history/sizes?days=1").json["days"]
        snapshots = client.get("/api/v1/snapshots").json["snapshots"]
        self.assertEqual(sum(day["backups"] for day in client.get("/api/v1/history/sizes").json["days"]), 3)
        self.assertEqual(sizes[-1]["day"], preview["days"][-1])
        self.assertEqual(sizes[-1]["data_bytes"], snapshots[0]["summary"]["total_bytes_processed"])
        self.assertGreater(sizes[-1]["added_bytes"], sizes[-1]["stored_bytes"])
        self.assertGreater(sizes[-1]["stored_bytes"], 0)

    def test_numbers_that_are_none_are_refused(self):
        client = self.client()
        for query in ("keep_last=-1", "keep_daily=x", "keep_hourly=999999999999"):
            self.assert_problem(client.get("/api/v1/retention/preview?" + query), 400, "malformed")
        self.assert_problem(client.get("/api/v1/history/sizes?days=0"), 400, "malformed")


if __name__ == "__main__":
    unittest.main()
