#!/usr/bin/python3
"""Users of CodeIgniter Shield in an application of CodeIgniter 4. CODEIGNITER4_PATH: a checkout of codeigniter4/framework;
CODEIGNITER4_SHIELD_PATH and CODEIGNITER4_SETTINGS_PATH: of codeigniter4/shield and codeigniter4/settings."""
import json
import os
import re
import shutil
import unittest

import codeigniter_bed
import php_bed
import tap
from codeigniter_bed import Browser, Served, Sites

codeigniter_bed.need()
SMALL = {"export_type": "participants", "program_id": 1, "format": "csv", "filters": {"limit": 20}}


def setUpModule():
    Served.sites = Sites(60)


def tearDownModule():
    Served.sites.remove()


class ShieldItself(Served):
    """Users of CodeIgniter Shield, who log in at its page or have its access tokens."""
    settings = {"security.csrfProtection": "session", "database.default.DBDriver": "SQLite3",
                "database.default.database": "users.db"}
    USERS = """
        $routes->get('make', static function () {
            $tokens = [];
            $users = auth()->getProvider();
            foreach (['root' => 'superadmin', 'ana' => 'user', 'none' => 'user'] as $name => $group) {
                $users->save(new \\CodeIgniter\\Shield\\Entities\\User(
                    ['username' => $name, 'email' => "$name@example.org", 'password' => 'no-real-secret']));
                $user = $users->findById($users->getInsertID());
                $user->syncGroups($group);
                $user->activate();
                if ($name === 'ana') {
                    $user->addPermission('exports.create', 'exports.program-1');
                }
                $tokens[$name] = $user->generateAccessToken('test')->raw_token;
            }
            return service('response')->setJSON($tokens);
        });
    """
    GROUPS = r"""<?php

namespace Config;

class AuthGroups extends \CodeIgniter\Shield\Config\AuthGroups
{
    public array $permissions = [
        'exports.create' => '', 'exports.admin' => '', 'exports.all-programs' => '', 'exports.program-1' => '',
    ];
    public array $matrix = ['superadmin' => ['exports.*'], 'user' => []];
}
"""

    @classmethod
    def setUpClass(cls):
        cls.folders = [os.environ.get(name) for name in ("CODEIGNITER4_SHIELD_PATH", "CODEIGNITER4_SETTINGS_PATH")]
        if None in cls.folders:
            raise unittest.SkipTest("CODEIGNITER4_SHIELD_PATH and CODEIGNITER4_SETTINGS_PATH name no folders")
        super().setUpClass()

    @classmethod
    def prepare(cls, site):
        site.also = ("sqlite3",)
        shield, settings = cls.folders
        site.change("app/Config/Autoload.php", lambda text: text.replace(
            "APP_NAMESPACE => APPPATH,", "APP_NAMESPACE => APPPATH,"
            f" 'CodeIgniter\\\\Shield' => '{shield}/src', 'CodeIgniter\\\\Settings' => '{settings}/src',").replace(
            "public $helpers = []", "public $helpers = ['auth', 'setting']"))
        site.write("app/Config/AuthGroups.php", cls.GROUPS)
        site.change("app/Config/YbbExport.php", lambda text: text.replace(
            r"\App\Libraries\SessionUsers::class;", r"\Ybb\Export\CodeIgniter\Auth\ShieldUsers::class;"
            "\n    public array $filters = ['chain'];"))
        # in place of the login of the page
        site.change("app/Config/Routes.php", lambda text: text[:text.index("$routes->get('login'")]
                    + "service('auth')->routes($routes);" + cls.USERS)
        migrated = site.spark("migrate", "--all")
        assert "Migrations complete" in migrated.stdout, migrated.stdout

    def log_in(self, name):
        browser = Browser(self.site)
        token = re.search(rb'name="csrf_test_name" value="(\w+)"', browser.get("/login").content).group(1).decode()
        self.status(303, browser.post("/login", [("csrf_test_name", token), ("email", f"{name}@example.org"),
                                                 ("password", "no-real-secret")]))
        browser.get("/api/templates")
        return browser

    def test_who_may_what(self):
        tokens = json.loads(Browser(self.site).get("/make").content)
        for name, one, two, statistics in (("root", 200, 200, 200), ("ana", 200, 403, 403), ("none", 401, 401, 401)):
            user = self.log_in(name)
            self.status(one, user.post("/api/export", SMALL))
            self.status(two, user.post("/api/export", {**SMALL, "program_id": 2}))
            self.status(statistics, user.get("/api/export/stats"))
            if one == 200:
                self.status(403, user.post("/api/export", SMALL, X_CSRF_Token=None))
            program = {"Authorization": f"Bearer {tokens[name]}"}
            self.status(one, Browser(self.site).send("POST", "/api/export", SMALL, program))


class Shield(Served):
    """By what stands in for Shield: its permissions, and who an access token or the session's cookie is."""

    @classmethod
    def prepare(cls, site):
        shutil.copy(php_bed.SOURCES / "tests/php/shield_stand_in.php", site.folder / "app/shield.php")
        site.append("app/Common.php", "\nrequire __DIR__ . '/shield.php';\n")
        site.change("app/Config/YbbExport.php", lambda text: text.replace(
            r"\App\Libraries\SessionUsers", r"\Ybb\Export\CodeIgniter\Auth\ShieldUsers"))
        site.append("app/Config/Routes.php", """
            $routes->get('test/permissions', static function (): string {
                session()->set('permissions', service('request')->getGet('permissions'));
                return csrf_hash();
            });
        """)

    def user(self, permissions):
        browser = Browser(self.site)
        browser.token = browser.get(f"/test/permissions?permissions={permissions}").content.decode()
        return browser

    def test_permissions(self):
        for permissions, one, two, all_programs, statistics in (
                ("users.edit", 401, 401, 401, 401), ("exports.create", 403, 403, 403, 403),
                ("exports.create+exports.program-1", 200, 403, 403, 403),
                ("exports.create+exports.all-programs", 200, 200, 200, 403), ("exports.admin", 403, 403, 403, 200),
                ("exports.*", 200, 200, 200, 200)):
            with self.subTest(permissions):
                user = self.user(permissions)
                everything = {name: value for name, value in SMALL.items() if name != "program_id"}
                self.status(one, user.post("/api/export", SMALL))
                self.status(two, user.post("/api/export", {**SMALL, "program_id": 2}))
                self.status(all_programs, user.post("/api/export", everything))
                self.status(statistics, user.get("/api/export/stats"))

    def test_mail_may_go_to_the_address_that_shield_knows(self):
        user = self.user("exports.*")
        settings = {"base_url": self.site.start, "link_secret": "s" * 32,
                    "mail": {"server": "smtp://127.0.0.1:1", "starttls": False, "from": "exports@example.org"}}
        (self.site.folder / "mail.json").write_text(json.dumps(settings), "utf-8")
        self.site.write_settings(**{"ybbexport.configFile": f"{self.site.folder}/mail.json"})
        try:
            self.assertIn(b"Send an e-mail to seven@example.org", user.get("/exports/new").content)
            for address, status in (("seven@example.org", 200), ("eight@example.org", 400)):
                mail = {"email_notification": True, "email_address": address}
                self.status(status, user.post("/api/export", {**SMALL, "delivery_options": mail}))
        finally:
            self.site.write_settings(**{"ybbexport.configFile": None})

    def test_an_access_token_needs_no_other_and_a_cookie_does(self):
        program = Browser(self.site)
        self.status(200, program.post("/api/export", SMALL, X_Permissions="exports.*", X_CSRF_Token=None))
        self.status(403, self.user("exports.*").post("/api/export", SMALL, X_CSRF_Token=None))


if __name__ == "__main__":
    tap.main()
