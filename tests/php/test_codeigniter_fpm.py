#!/usr/bin/python3
"""An application of CodeIgniter 4 with the package in php/, behind nginx and PHP-FPM, where nginx sends the files.
CODEIGNITER4_PATH: a checkout of codeigniter4/framework."""
import concurrent.futures
import contextlib
import os
import time

import codeigniter_bed
import fpm_bed
import tap
from codeigniter_bed import EXTENSIONS, Browser, Served, Site, Sites

fpm_bed.need()
codeigniter_bed.need()
PARTICIPANTS = 12000
SMALL = {"export_type": "participants", "program_id": 1, "format": "csv", "filters": {"limit": 20}}
ALL = {"export_type": "participants", "program_id": 1, "format": "csv"}
LOCATIONS = """
location ~ ^/(api|exports|login|test)(/|$) {{
    fastcgi_pass unix:{folder}/fpm.sock;
    fastcgi_read_timeout 120;
    include /etc/nginx/fastcgi_params;
    fastcgi_param SCRIPT_FILENAME {app};
    fastcgi_param SCRIPT_NAME /index.php;
}}
location /protected/ {{ internal; alias {folder}/out/; add_header X-Content-Type-Options nosniff; }}
"""


class Behind(Site):
    """The application's folder has the servers', too."""

    @contextlib.contextmanager
    def server(self):
        folder, app = f"{self.folder}/servers", f"{self.folder}/public/index.php"
        os.mkdir(folder)
        self.write_settings(**{"ybbexport.configFile": f"{folder}/settings.json", "ybbexport.source": None,
                               "ybbexport.out": None, "ybbexport.sendFile": "x-accel",
                               "ybbexport.sendFileLocation": "/protected"})
        options = [part for name in EXTENSIONS for part in ("-d", f"extension={name}")]
        servers = fpm_bed.Site(folder, self.source, "pm = static\npm.max_children = 8", app=app, options=options,
                               locations=LOCATIONS.format(folder=folder, app=app))
        self.socket = f"{folder}/http.sock"
        try:
            yield self
        finally:
            servers.stop()

    def connection(self):
        return fpm_bed.UnixConnection(self.socket)


class BehindSites(Sites):
    kind = Behind


def setUpModule():
    Served.sites = BehindSites(PARTICIPANTS)


def tearDownModule():
    Served.sites.remove()


class Servers(Served):
    def test_nginx_sends_the_file(self):
        ana = Browser(self.site, "ana")
        done = ana.export(SMALL)
        path = ana.path_of(done["data"]["file_url"])
        file = self.status(200, ana.get(path))
        self.assertEqual(21, file.content.count(b"\r\n"))
        self.assertIsNone(file.headers["X-Accel-Redirect"])
        self.assertIn("participants_export.csv", file.headers["Content-Disposition"])
        part = self.status(206, ana.get(path, Range="bytes=5-14", If_Range=file.headers["ETag"]))
        self.assertEqual(file.content[5:15], part.content)
        self.status(304, ana.get(path, If_None_Match=file.headers["ETag"]))
        head = self.status(200, ana.send("HEAD", path))
        self.assertEqual((str(len(file.content)), b""), (head.headers["Content-Length"], head.content))
        self.status(404, Browser(self.site, "bob").get(path))
        self.status(401, Browser(self.site).get(path))
        self.status(404, ana.get(f"/protected/{done['export_id']}/participants_export.csv"))

    def test_a_session_is_free_while_it_streams(self):
        ana = Browser(self.site, "ana")
        connection, answer = ana.open("POST", "/api/export/stream", ALL)
        try:
            self.assertEqual(200, answer.status, self.site.log())
            first = answer.read1(100)
            begun = time.monotonic()
            self.status(200, ana.get("/api/export/queue/status"))
            self.assertLess(time.monotonic() - begun, 5)
            self.assertEqual("processing", ana.get(f"/api/export/{answer.headers['X-Export-Id']}/status").json()["status"])
            self.assertEqual(PARTICIPANTS + 1, (first + answer.read()).count(b"\r\n"))
        finally:
            connection.close()

    def test_several_at_once_get_what_is_theirs(self):
        def one(number):
            user = Browser(self.site, f"user{number}")
            done = user.export({**SMALL, "filters": {"limit": 20 + number}})
            return self.status(200, user.get(user.path_of(done["data"]["file_url"]))).content.count(b"\r\n")

        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            self.assertEqual([21 + number for number in range(16)], list(pool.map(one, range(16))))


if __name__ == "__main__":
    tap.main()
