"""Makes the seeds of the fuzz targets anew: real ones written by stock restic and MariaDB, and hand-made ones for corners.

usage: make_seeds.py      (needs restic and mariadbd; run as a developer, the seeds are checked in)
"""

import base64
import hashlib
import json
import os
import shutil
import struct
import subprocess
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))


def seed(target, name, data):
    folder = os.path.join(HERE, target)
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, name), "wb") as file:
        file.write(data if isinstance(data, bytes) else data.encode())


def restic(repository, *arguments):
    environment = dict(os.environ, RESTIC_PASSWORD="seed", RESTIC_REPOSITORY=repository)
    return subprocess.run(["restic", "--no-cache", "-q", *arguments], env=environment, check=True,
                          stdout=subprocess.PIPE).stdout


def practice_files(folder):
    """A little of everything a tree can hold."""
    os.makedirs(os.path.join(folder, "A", "AdamsTom12"))
    with open(os.path.join(folder, "A", "AdamsTom12", "x-ray 1.jpg"), "wb") as file:
        file.write(bytes(range(256)) * 40)
    with open(os.path.join(os.fsencode(folder), b"odd \xff \n name"), "wb") as file:
        file.write(b"x")
    open(os.path.join(folder, "empty"), "wb").close()
    os.symlink("A/AdamsTom12", os.path.join(folder, "link"))
    os.link(os.path.join(folder, "empty"), os.path.join(folder, "hard link"))
    os.mkfifo(os.path.join(folder, "fifo"))
    os.utime(os.path.join(folder, "empty"), ns=(1, 123456789123456789))
    subprocess.run(["setfattr", "-n", "user.note", "-v", "hello", os.path.join(folder, "empty")], check=False)


def repository_seeds(folder):
    source = os.path.join(folder, "source")
    practice_files(source)
    for version in ("1", "2"):
        repository = os.path.join(folder, f"repository{version}")
        restic(repository, "init", "--repository-version", version)
        restic(repository, "backup", "--tag", "nightly,other", "--exclude", "no such", "--host", "practice", source)
        restic(repository, "backup", "--force", "--host", "practice", source)
        seed("repository_config_fuzz", f"restic-v{version}", restic(repository, "cat", "config"))
        for kind, target in (("index", "repository_index_fuzz"), ("snapshots", "repository_snapshot_fuzz")):
            command = {"snapshots": "snapshot"}.get(kind, kind)
            for number, name in enumerate(restic(repository, "list", kind).decode().split()):
                seed(target, f"restic-v{version}-{number}", restic(repository, "cat", command, name))
        key = os.listdir(os.path.join(repository, "keys"))[0]
        with open(os.path.join(repository, "keys", key), "rb") as file:
            seed("repository_key_fuzz", f"restic-v{version}", file.read())
        trees = [line.split()[1] for line in restic(repository, "list", "blobs").decode().splitlines()
                 if line.startswith("tree ")]
        for number, tree in enumerate(trees):
            seed("repository_tree_fuzz", f"restic-v{version}-{number}", restic(repository, "cat", "blob", tree))


def hand_made_repository_seeds():
    lock = {"time": "2026-11-22T09:41:00.123456789+01:00", "exclusive": False, "hostname": "practice",
            "username": "backup", "pid": 4711, "uid": 1000, "gid": 1000}
    seed("repository_lock_fuzz", "shared", json.dumps(lock))
    seed("repository_lock_fuzz", "exclusive", json.dumps(dict(lock, exclusive=True, uid=0, gid=0)))
    # The target takes data_bytes for three times the header's own size; the lengths must add up to that.
    digest = hashlib.sha256(b"blob").digest()
    seed("repository_pack_header_fuzz", "empty", b"")
    for kind in (0, 1):
        seed("repository_pack_header_fuzz", f"plain-{kind}", struct.pack("<BI", kind, 37 * 3) + digest)
    for kind in (2, 3):
        seed("repository_pack_header_fuzz", f"compressed-{kind}", struct.pack("<BII", kind, 41 * 3, 500) + digest)
    mixed = struct.pack("<BI", 0, 100) + digest + struct.pack("<BII", 3, (37 + 41) * 3 - 100, 999) + digest
    seed("repository_pack_header_fuzz", "mixed", mixed)


def hostile_index_seeds():
    """Records of repository/testing/hostile_index.h: blob, flags, then offset, length and uncompressed length."""
    def record(blob, flags=0, offset=0, length=0, uncompressed=0):
        return struct.pack("<BBIII", blob, flags, *(value & 0xFFFFFFFF for value in (offset, length, uncompressed)))

    true = b"".join(record(blob) for blob in range(40))
    cases = {"true": true, "empty": b"", "overlap": true + record(2, 0, -10), "past-the-end": record(0, 1, 1 << 24) + true,
             "longer": record(1, 0, 0, 500) + true, "shorter": record(1, 0, 0, -5) + true,
             "inside": record(3, 0, 7, -40) + true, "other-pack": record(0, 16) + true,
             "other-type": record(0, 8) + record(1, 8) + true, "uncompressed": record(2, 4, 0, 0, 0) + true,
             "grown": record(2, 0, 0, 0, 1 << 20) + true, "last-offset": record(0, 3, 0xFFFFFFFF - 64, 64) + true,
             "twice": true + true, "apart": b"".join(record(blob, 32) for blob in range(40))}
    for name, records in cases.items():
        seed("files_restore_content_fuzz", name, records)
        for damaged in (0, 1):
            seed("repository_pack_reader_fuzz", f"{name}-{damaged}", bytes([damaged]) + records)


def mariadb_seeds(folder):
    for number, url in enumerate((
            "mariadb://backup@localhost/opendental", "mariadb://backup:s%3Acret%40@db.example:3307/open%20dental",
            "mariadb://root@localhost/practice?socket=%2Frun%2Fmysqld%2Fmysqld.sock", "mysql://u@[::1]:3306/x",
            "mariadb://root@localhost/")):
        seed("mariadb_url_fuzz", str(number), url)
    for number, stem in enumerate(("patient", "wikilist_x", "open@002ddental", "t@0023P@0023p0", "@1j@0g", "t#P#p0",
                                   "@5c0f@ff5e", "con@@@", "#sql-1")):
        seed("mariadb_file_name_fuzz", str(number), stem)
    table = {"name": "patient", "file": "patient", "engine": "MyISAM", "form": "files", "rows": 2000, "bytes": 123456}
    rows = {"name": "öre", "file": "@1gre", "engine": "InnoDB", "form": "rows", "rows": 0, "bytes": 0}
    lost = dict(table, name="claim", file="claim", form="files_keyed", error="table is marked as crashed")
    manifest = {"format": 1, "database": "opendental", "instant": "2026-11-22T09:41:00.123456789Z",
                "server_version": "10.11.6-MariaDB-0+deb12u1", "server_comment": "Debian 12", "lower_case_names": False,
                "character_set": "utf8", "collation": "utf8_general_ci", "binlog_file": "bin.000001",
                "binlog_position": 4711, "gtid_position": "0-1-2", "lock_seconds": 0.041,
                "lock_method": "BACKUP STAGE", "lock_attempts": 1, "lock_wait_seconds": 0.004, "views": 1, "triggers": 0, "routines": 2, "events": 0,
                "tables": [table, rows, lost], "warnings": ["something"]}
    seed("mariadb_manifest_fuzz", "full", json.dumps(manifest))
    seed("mariadb_manifest_fuzz", "small", json.dumps({"format": 1, "database": "x", "tables": []}))
    for number, script in enumerate((
            "CREATE TABLE `a``b` (`x` int) ENGINE=MyISAM;\n", "SELECT 'it''s; \\'quoted\\'', \"a;b\"; -- c; d\nSELECT 1;",
            "DELIMITER ;;\nCREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW BEGIN SET @x = 1; END ;;\nDELIMITER ;\n",
            "/*!40101 SET NAMES utf8mb4 */;\n/* plain ; */ # other ;\nSELECT 2;\n", "SELECT 'open",
            # Quotes that a server sees and the lexer must not lose, or the other way round.
            "SET sql_mode='' /*!999999 ' */ , GLOBAL long_query_time=7.5 /*!999999 ' */;",
            "CREATE TABLE ctas (z int) /*!999999 ' */ AS SELECT User FROM mysql.global_priv /*!999999 ' */;",
            "CREATE TABLE t (z int default (1 */* ' */ 1)) AS SELECT User FROM mysql.global_priv /* ' */;",
            "SET NAMES utf8, sql_mode='' --\x01 '\n , GLOBAL long_query_time=7.5 --\x01 ';\n"
            "CREATE TABLE `t` (`a` text /*M!100301 COMPRESSED*/);")):
        seed("mariadb_sql_script_fuzz", str(number), script)
    index_headers(folder)


def service_seeds():
    """Configurations: whole ones, and corners of TOML and of our own rules."""
    whole = """# a comment
[practice]
name = "Smile Dental"
[database]
url = "mariadb://backup@10.0.0.5:3307/opendental"
password_file = "/etc/enamel/database-password"
data_folder = "/mnt/data"
[images]
path = "/mnt/OpenDentImages"
excludes = ["Forms", 'C:\\x', \"\"\"a\"\"\"]
[repository]
path = "/srv/backup"
password_file = "/etc/enamel/repository-password"
[schedule]
times = ["07:30", "20:00"]
days = ["monday", "friday"]
quiet_hours = "22:00-06:00"
[retention]
keep_last = 3
keep_hourly = 0x18
[drills]
times = []
days = ["sunday"]
read_images = 5
[alerts]
webhook_url = "https://chat.example/hook"
ping_url = "https://ping.example/id?x=y#z"
smtp = { host = "mail.example", port = 465, from = "a@b.c", to = ["d@e.f"], user = "u", password_file = "/p" }
[listen]
address = "::"
port = 443
certificate = "/etc/enamel/cert.pem"
key = "/etc/enamel/key.pem"
[sign_in]
open_dental = false
idle_minutes = 15
"""
    for name, text in {"whole": whole, "empty": "", "dotted": "listen.port = 1\nalerts.smtp.port = 2\n",
                       "quoted-dots": '"listen.port" = 1\n"alerts.smtp" = 2\n', "array-table": "[[listen]]\nport = 1\n",
                       "types": "[listen]\nport = 1.5\naddress = 1979-05-27T07:32:00Z\n",
                       "escapes": '[practice]\nname = "\\u0041\\U0001F600 \\" \\\\ \\t"\n',
                       "secret": '[database]\nurl = "mariadb://u:p@h/d"\npassword = "x"\n',
                       "deep": "[practice]\nname = " + "[" * 100 + "]" * 100 + "\n",
                       "no-toml": "[practice\nname", "brackets": "[[[listen]]]\n",
                       "letters-unquoted": "[practice]\nname = 0\u0445\u00e9\u3042\n"}.items():
        seed("service_config_fuzz", name, text)


def index_headers(folder):
    """.MYI headers of tables made by a real server in bootstrap mode."""
    data = os.path.join(folder, "data")
    os.makedirs(os.path.join(data, "mysql"))
    os.makedirs(os.path.join(data, "practice"))
    user = ["--user=root"] if os.getuid() == 0 else []
    statements = ("CREATE TABLE practice.plain (x INT) ENGINE=MyISAM;",
                  "CREATE TABLE practice.keyed (a BIGINT AUTO_INCREMENT PRIMARY KEY, b VARCHAR(255), c TEXT, d DATETIME,"
                  " KEY (b), KEY (c(20)), KEY (d, a), FULLTEXT (c)) ENGINE=MyISAM CHARSET=utf8;",
                  "INSERT INTO practice.keyed (b, c, d) VALUES ('b', 'some text', '0001-01-01'), (NULL, NULL, NULL);",
                  "CREATE TABLE practice.fixed (a INT NOT NULL, b CHAR(10) NOT NULL, UNIQUE (a, b)) ENGINE=MyISAM"
                  " CHECKSUM=1 DELAY_KEY_WRITE=1;", "FLUSH TABLES;")
    subprocess.run(["/usr/sbin/mariadbd", "--no-defaults", "--bootstrap", f"--datadir={data}", *user,
                    "--default-storage-engine=MyISAM", "--skip-innodb", "--log-warnings=0", "--skip-grant-tables"],
                   input="\n".join(statements) + "\n", encoding="utf-8", check=True,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for name in ("plain", "keyed", "fixed"):
        with open(os.path.join(data, "practice", f"{name}.MYI"), "rb") as file:
            content = file.read()
        seed("mariadb_myi_header_fuzz", name, content[:struct.unpack(">H", content[6:8])[0]])


def sign_in_seeds():
    """What a practice's files and tables hold for signing in, and the stored passwords of local administrators."""
    digest = hashlib.sha3_512("saltopen sesame".encode("utf-16-le")).digest()
    md5 = base64.b64encode(hashlib.md5("open sesame".encode("utf-16-le")).digest()).decode()
    for number, stored in enumerate(("", "None$$", md5, f"MD5$salt${md5}",
                                     f"MD5_ECW$${hashlib.md5(b'open sesame').hexdigest()}",
                                     f"SHA3_512$salt${base64.b64encode(digest).decode()}", "SHA3_512$salt$",
                                     b"SHA3_512$\xff$x", "open sesame")):
        seed("opendental_password_fuzz", str(number), stored)
    for number, paths in enumerate(("C:\\OpenDentImages\\", "\\\\SERVER\\OpenDentImages;Z:/Images", "/srv/images;",
                                    "\\\\?\\C:\\x;\\\\.\\y;C:x;..\\z", "//server/share/../x")):
        seed("opendental_doc_path_fuzz", str(number), paths)
    parts = {"ComputerName": "SERVER:3307", "Database": "opendental", "User": "root", "Password": "a&lt;b&#228;",
             "MySQLPassHash": "", "NoShowOnStartup": "True", "DatabaseType": "MySql"}
    for name, changed in (("plain", {}), ("obfuscated", {"Password": "", "MySQLPassHash": "odv2e$00"}),
                          ("oracle", {"DatabaseType": "Oracle"}), ("cdata", {"Password": "<![CDATA[a<b]]>"})):
        elements = "".join(f"      <{key}>{value}</{key}>\r\n" for key, value in {**parts, **changed}.items())
        seed("opendental_free_dental_config_fuzz", name,
             f"<ConnectionSettings>\r\n   <DatabaseConnection>\r\n{elements}   </DatabaseConnection>\r\n</ConnectionSettings>")
    seed("opendental_free_dental_config_fuzz", "middle-tier",
         "<ConnectionSettings><ServerConnection><URI>http://server/x.asmx</URI></ServerConnection></ConnectionSettings>")
    seed("opendental_free_dental_config_fuzz", "doctype",
         '<!DOCTYPE x [<!ENTITY e "eeee">]><ConnectionSettings><!-- &e; --></ConnectionSettings>')
    # The first is the reference implementation's: "password", 256 KiB.
    for number, stored in enumerate(("$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
                                     "$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHRzb21lc2FsdA$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
                                     "$argon2i$v=19$m=8,t=3,p=1$c29tZXNhbHQ$nf65", "$argon2id$v=19$m=4294967295,t=1,p=1$x$y")):
        seed("crypto_password_hash_fuzz", str(number), stored)


def http_seeds():
    targets = ("/", "/api/v1/snapshots/ab%20c/files?path=/images/A&tag=a&tag=b+c", "/data/", "/a//b", "/..%2f", "/%2e%2e/x",
               "http://host/", "*", "/a%00", "/x?a=%zz&b", "/?&=&a==")
    for number, target in enumerate(targets):
        seed("http_target_fuzz", str(number), target)
    for number, field in enumerate(("bytes=0-0", "bytes=5-", "bytes=-5", "bytes=0-1,3-4", "bytes=9-2", "Bytes = 1-99999999999999999999")):
        seed("http_range_fuzz", str(number), struct.pack("<Q", 10) + field.encode())
    for number, field in enumerate(("a=1; b=2", 'session="x"; csrf=a=b', "bare; =x; ok=1;;", "a b=1")):
        seed("http_cookies_fuzz", str(number), field)
    head = "Host: localhost\r\n"
    chunked = "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\na;x=\"y\"\r\n0123456789\r\n0\r\nTrailer: x\r\n\r\n"
    for name, request in {
            "get": f"GET /get/x?a=b HTTP/1.1\r\n{head}Cookie: a=1\r\n\r\n",
            "pipelined": f"GET /get/x HTTP/1.1\r\n{head}\r\nGET /events HTTP/1.1\r\n{head}\r\n",
            "old": f"GET /get/x HTTP/1.0\r\n{head}Connection: keep-alive\r\n\r\n",
            "post": f"POST /echo HTTP/1.1\r\n{head}Content-Length: 3\r\n\r\nabc",
            "expect": f"PUT /stream HTTP/1.1\r\n{head}Expect: 100-continue\r\nContent-Length: 3\r\n\r\nabc",
            "chunked": f"PUT /stream HTTP/1.1\r\n{head}{chunked}", "options": f"OPTIONS /echo HTTP/1.1\r\n{head}\r\n",
            "both": f"POST /echo HTTP/1.1\r\n{head}Content-Length: 3\r\n{chunked}",
            "twice": f"POST /echo HTTP/1.1\r\n{head}Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
            "folded": f"GET /get/x HTTP/1.1\r\n{head}X: a\r\n b\r\n\r\n", "half": "GET /get/x HTT"}.items():
        seed("http_server_fuzz", name, request)
        seed("http_request_parser_fuzz", name, "\x04" + request)


def main():
    for entry in os.listdir(HERE):
        path = os.path.join(HERE, entry)
        for name in os.listdir(path) if os.path.isdir(path) else []:
            if not name.startswith("found-"):  # findings of fuzzing stay
                os.remove(os.path.join(path, name))
    folder = tempfile.mkdtemp(prefix="enamel-seeds-")
    try:
        repository_seeds(folder)
        hand_made_repository_seeds()
        hostile_index_seeds()
        http_seeds()
        mariadb_seeds(folder)
        sign_in_seeds()
        service_seeds()
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
