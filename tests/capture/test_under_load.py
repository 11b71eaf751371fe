"""Backups taken while the front desk writes hold one instant.

Each client writes a payment, then its split, then its log row, all with one running number. In a copy of one instant a
client's counts are payments >= splits >= logs and differ by at most one, across all tables and engines.
"""

import unittest

from lib import practice as lib


class UnderLoad(unittest.TestCase):
    BACKUPS = 4

    def check(self, engine):
        with lib.practice(patients=150, images_mb=1, engine=engine) as practice, lib.temporary_folder() as folder:
            repository = lib.new_repository(folder)
            snapshots = []
            with practice.front_desk(clients=6) as desk:
                for _ in range(self.BACKUPS):
                    summary = lib.backup(repository, "--database", practice.url)
                    self.assertTrue(summary["complete"], summary)
                    self.assertGreater(summary["lock_seconds"], 0)
                    snapshots.append(summary["snapshot_id"])
            self.assertEqual(desk["errors"], [])
            self.assertGreater(desk["statements"], 0)
            lib.assert_clean(repository)
            seen = []
            for number, snapshot in enumerate(snapshots):
                name = f"restored_{number}"
                lib.enamel("restore", "-r", repository, snapshot, "--database-to", practice.url, "--as", name)
                self.assertEqual(practice.check_tables(name), [])
                seen.append(self.assert_one_instant(practice, name))
            self.assertEqual(seen, sorted(seen), "later backups hold earlier instants")
            self.assertGreater(seen[-1], seen[0], "nothing was written between the backups")
            lib.enamel("drill", "-r", repository, snapshots[-1])

    def assert_one_instant(self, practice, database):
        """Returns the number of payments the front desk had made by then."""
        payments = 0
        for client, payment, split, log in front_desk_counts(practice, database):
            self.assertTrue(payment >= split >= log and payment - log <= 1,
                            f"client {client}: {payment} payments, {split} splits, {log} log rows")
            payments += payment
        return payments

    def test_myisam(self):
        self.check("myisam")

    def test_innodb(self):
        self.check("innodb")

    def test_mixed(self):
        self.check("mixed")


def front_desk_counts(practice, database):
    """(client, payments, splits, log rows) of every client that ever worked."""
    first = 100000  # the front desk's clients are users from this number on
    counts = {}
    for place, (table, user) in enumerate((("payment", "SecUserNumEntry"), ("paysplit", "SecUserNumEntry"), ("securitylog", "UserNum"))):
        for client, count in practice.sql(f"SELECT {user}, COUNT(*) FROM {table} WHERE {user} >= {first} GROUP BY {user}", database):
            counts.setdefault(client, [0, 0, 0])[place] = int(count)
    return [(client, *three) for client, three in sorted(counts.items())]


if __name__ == "__main__":
    unittest.main()
