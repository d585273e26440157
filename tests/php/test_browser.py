#!/usr/bin/python3
"""The admin of examples/admin as its users see it, in Debian's Chromium: with and without script, at 360 pixels, and by
axe-core. YBB_PICTURES=FOLDER keeps pictures of the pages there."""
import contextlib
import os
import pathlib
import re
import signal
import tempfile
import time
import unittest
import zipfile

import browser_bed
import npm_packages
import php_bed
import tap

PARTICIPANTS = 60000
# An export fails at its first failure.
SETTINGS = {"threads": 1, "queue_config": {"max_attempts": 1, "retry_pause_seconds": 0}}
ALL = "export_type=participants&program_id=1&format=csv&strategy=multi_file"
PAGES = ["/participants", "/payments", "/ambassadors", "/exports", "/exports/new?export_type=participants&columns[]=email",
         "/exports/new?export_type=payments", "/exports/statistics"]

site = {}


def rows_of(path):
    import openpyxl
    return list(openpyxl.load_workbook(path, read_only=True).worksheets[0].values)


class Case(unittest.TestCase):
    def browser(self, user="exporter", **how):
        """A browser in which a user has logged in."""
        folder = tempfile.TemporaryDirectory(prefix="ybb-browser-")
        self.addCleanup(folder.cleanup)
        browser = browser_bed.Browser(site["admin"], folder.name, **how)
        self.addCleanup(browser.quit)
        browser.log_in(user)
        return browser

    def picture(self, browser, name):
        if os.environ.get("YBB_PICTURES"):
            browser.picture(pathlib.Path(os.environ["YBB_PICTURES"], f"{name}.png"))

    def start(self, browser, query):
        """An export of what a link fills in: its id."""
        browser.open("/exports/new?" + query)
        browser.press("Start export")
        return re.fullmatch(r"/exports/(exp_\w+)", browser.path).group(1)

    @contextlib.contextmanager
    def held(self):
        """Nobody runs what is started meanwhile."""
        worker = site["admin"].worker()
        os.kill(worker, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(worker, signal.SIGCONT)

    def start_and_fail(self, browser, query):
        """Its database is away when the export is to run."""
        path = pathlib.Path(site["source"].removeprefix("sqlite://"))
        away = path.with_suffix(".away")
        with self.held():
            export_id = self.start(browser, query)
            path.rename(away)
        try:
            browser.until_heading("Export failed")
        finally:
            away.rename(path)
        return export_id

    def filter_and_export(self, browser):
        """From a list to the file: participants that pay for themselves, two columns, one under another name."""
        browser.fill("f-category", "Self funded")
        browser.press("Filter")
        count = int(re.match(r"[\d,]+", browser.text("//*[@id='count']")).group(0).replace(",", ""))
        self.assertGreater(count, 1000)
        browser.press("Export these")
        self.assertTrue(browser.one("//input[@name='filters[category][]' and @value='self_funded']").is_selected())
        browser.fill("f-filters-limit", "500")
        browser.unfold("Choose columns")
        for column, place in (("email", "2"), ("full_name", "1")):
            browser.tick("columns[]", column)
            if not browser.script:  # it numbers them by itself, as they stand
                browser.one(f"//input[@name='places[{column}]']").send_keys(place)
        browser.one("//input[@name='headers[email]']").send_keys("Write to")

    def holds_them(self, path):
        rows = rows_of(path)
        self.assertEqual(rows[0], ("Full Name", "Write to"))
        self.assertEqual(len(rows), 501)
        # some have none
        self.assertGreater(sum("@" in (mail or "") for _, mail in rows[1:]), 400)


class WithScript(Case):
    def test_from_a_filtered_list_to_a_spreadsheet(self):
        browser = self.browser()
        self.filter_and_export(browser)
        browser.until(lambda: "Records: 500, files: 1" in browser.text("//*[@id='estimate']"), "the estimate comes by itself")
        self.picture(browser, "page-form")
        browser.press("Start export")
        browser.until_heading("Export ready")
        browser.one("//a[@download]").click()
        self.holds_them(browser.downloaded("participants_export.xlsx"))

    def test_columns_move_by_arrows(self):
        browser = self.browser()
        browser.open("/exports/new?export_type=participants&columns[]=email&columns[]=full_name&places[email]=1&places[full_name]=2")
        ticked = "//table[@id='columns']//tr[.//input[@type='checkbox' and @name='columns[]']]"
        self.assertIn("Email", browser.all(ticked)[0].text)
        browser.all(ticked)[1].find_element("xpath", ".//button[@data-move='up']").click()
        self.assertEqual(browser.driver.switch_to.active_element.get_attribute("data-move"), "up")
        self.assertIn("Full Name", browser.all(ticked)[0].text)
        places = [browser.one(f"//input[@name='places[{name}]']").get_attribute("value") for name in ("full_name", "email")]
        self.assertEqual(places, ["1", "2"])

    def test_a_bar_moves_and_outlives_a_reload(self):
        browser, other = self.browser(), self.browser("admin")
        export_id = self.start(browser, ALL + "&template=detailed")
        percentage = lambda: site["admin"].status(export_id)["progress"]["percentage"]
        browser.until(lambda: 1 < percentage(), "it is under way")
        with self.held():
            self.assertLess(percentage(), 99)
            value = lambda: float(browser.one("//progress[@id='bar']").get_attribute("value"))
            browser.until(lambda: value() > 0, "the bar moves")
            before = value()
            browser.driver.refresh()
            self.assertGreaterEqual(value(), before)
            self.assertEqual(browser.path, f"/exports/{export_id}")
            self.picture(browser, "page-progress")
            other.open(f"/exports/{export_id}")
            self.assertEqual(other.text("//h1"), "Export in progress")
        browser.until_heading("Export ready")
        self.assertIn("Export ready", browser.driver.title)
        browser.one("//a[contains(@href, '/download/zip')]").click()
        with zipfile.ZipFile(browser.downloaded("participants_complete_export.zip")) as archive:
            self.assertIsNone(archive.testzip())
            self.assertIn("manifest.json", archive.namelist())

    def test_progress_outlives_a_server_that_is_away(self):
        browser = self.browser()
        socket, away = site["admin"].folder / "fpm.sock", site["admin"].folder / "fpm.away"
        with self.held():
            self.start(browser, ALL + "&template=standard")
            path = browser.path
            socket.rename(away)
            try:
                browser.until(lambda: browser.driver.execute_script(
                    "return performance.getEntriesByType('resource').some((one) => one.responseStatus === 502)"),
                    "the page asks in vain")
            finally:
                away.rename(socket)
        browser.until_heading("Export ready")
        self.assertEqual(browser.path, path)

    def test_a_form_outlives_another_login(self):
        browser = self.browser()
        browser.open("/exports/new?export_type=participants&program_id=1")
        browser.log_in_anew_elsewhere("exporter")
        browser.fill("f-filters-limit", "7")
        browser.until(lambda: "Records: 7, files: 1" in browser.text("//*[@id='estimate']"), "the estimate comes by itself")
        browser.press("Start export")
        browser.until_heading("Export ready")

    def test_a_link_leads_on_behind_the_login(self):
        browser = self.browser()
        export_id = self.start(browser, "export_type=ambassadors&program_id=1&format=csv")
        for path in (f"/exports/{export_id}", "/exports/new?export_type=payments"):
            browser.follow("//header//button")
            browser.open(path)
            self.assertEqual(browser.path, "/login")
            browser.enter("exporter")
            self.assertEqual(browser.path, path)

    def test_a_failure_shows_what_helps(self):
        browser = self.browser()
        failed = self.start_and_fail(browser, ALL + "&template=standard&filters[limit]=3000")
        self.assertEqual(browser.text("//*[@role='alert']"),
                         "The database cannot be reached at present. Try again in a few minutes.")
        admin = self.browser("admin")
        admin.open(f"/exports/{failed}")
        self.assertIn("demo.db", admin.text("//*[@role='alert']//*[@class='detail']"))
        self.picture(browser, "page-failed")
        browser.press("Go on behind the last finished file")
        self.assertIn(failed, browser.path)
        browser.until_heading("Export ready")
        self.assertTrue(browser.all("//ul[@class='files']//a"))

    def test_exports_of_others_are_not_found(self):
        admin, browser = self.browser("admin"), self.browser()
        export_id = self.start(admin, "export_type=ambassadors&format=csv")
        browser.open(f"/exports/{export_id}")
        self.assertEqual(browser.text("//h1"), "This did not work")
        status = browser.driver.execute_script(
            "return performance.getEntriesByType('navigation')[0].responseStatus")
        self.assertEqual(status, 404)
        browser.open("/exports")
        self.assertNotIn(export_id, browser.driver.page_source)
        browser.open("/exports/statistics")
        self.assertIn("only administrators", browser.text())

    def test_my_exports_repeat_and_delete(self):
        browser = self.browser()
        export_id = self.start(browser, "export_type=payments&program_id=1&format=csv&filters[limit]=7")
        browser.until_heading("Export ready")
        browser.open("/exports")
        row = f"//tr[.//a[@href='/exports/{export_id}']]"
        self.assertIn("Ready", browser.text(row))
        self.picture(browser, "page-mine")
        browser.follow(row + "//a[normalize-space(.)='Repeat']")
        self.assertEqual(browser.one("//*[@id='f-filters-limit']").get_attribute("value"), "7")
        browser.open("/exports")
        browser.one(row + "//summary").click()
        browser.follow(row + "//button")
        self.assertEqual(browser.text("//h1"), "The export was deleted")
        browser.open("/exports")
        self.assertEqual(browser.all(row), [])

    def test_indonesian(self):
        browser = self.browser(language="id")
        browser.open("/exports/new?export_type=participants")
        self.assertEqual(browser.text("//h1"), "Ekspor baru")

    def test_logging_out(self):
        browser = self.browser()
        browser.follow("//header//button")
        browser.open("/exports")
        self.assertEqual(browser.path, "/login")
        browser.fill("name", "admin")
        browser.fill("password", "wrong")
        browser.press("Log in")
        self.assertIn("not right", browser.text())


class WithoutScript(Case):
    def test_from_a_filtered_list_to_a_spreadsheet(self):
        browser = self.browser(script=False)
        self.filter_and_export(browser)
        browser.press("Estimate")
        self.assertIn("Records: 500, files: 1", browser.text("//*[@id='estimate']"))
        browser.press("Start export")
        browser.until_heading("Export ready")
        browser.one("//a[@download]").click()
        self.holds_them(browser.downloaded("participants_export.xlsx"))

    def test_a_form_that_is_too_old_is_sent_again(self):
        browser = self.browser(script=False)
        browser.open("/exports/new?export_type=participants&program_id=1")
        browser.fill("f-filters-limit", "8")
        browser.log_in_anew_elsewhere("exporter")
        browser.press("Start export")
        self.assertIn("too old", browser.text("//*[@role='alert']"))
        browser.press("Start export")
        browser.until_heading("Export ready")
        self.assertIn("8 records", browser.text())

    def test_progress_is_shown_by_a_link(self):
        browser = self.browser(script=False)
        self.start(browser, ALL + "&template=standard")
        links = browser.all("//*[@id='again']/a")
        if links:  # it may be done already
            browser.follow("//*[@id='again']/a")
        browser.until_heading("Export ready")

    def test_a_failure_is_retried(self):
        browser = self.browser(script=False)
        failed = self.start_and_fail(browser, ALL + "&template=standard&filters[limit]=3001")
        browser.press("Try again as it was")
        self.assertNotIn(failed, browser.path)
        browser.until_heading("Export ready")


class EveryPage(Case):
    def pages(self, browser):
        """Opens each page, and those of exports that are ready, have failed, or are under way."""
        ready = self.start(browser, "export_type=ambassadors&program_id=1&format=csv")
        browser.until_heading("Export ready")
        failed = self.start_and_fail(browser, ALL + "&template=standard&filters[limit]=3002")
        for path in [*PAGES, f"/exports/{ready}", f"/exports/{failed}", "/exports/exp_00000000000000000000000000"]:
            yield self.unfolded(browser, path)
        with self.held():
            running = self.start(browser, ALL + "&template=detailed")
            yield self.unfolded(browser, f"/exports/{running}")
            self.assertEqual(browser.text("//h1"), "Export in progress")
        browser.follow("//header//button")
        yield "/login"

    def unfolded(self, browser, path):
        browser.open(path)
        self.assertEqual(len(browser.all("//h1")), 1, path)
        for summary in browser.all("//main//details[not(@open)]/summary"):
            summary.click()
        return path

    def test_nothing_is_wider_than_a_phone(self):
        browser = self.browser("admin", width=360)
        for path in self.pages(browser):
            wide, window = browser.width()
            self.assertEqual(window, 360)
            self.assertLessEqual(wide, window, path)
            if path == "/exports":
                self.picture(browser, "page-phone")

    def axe(self, **how):
        folder, why = npm_packages.install("axe", browser_bed.AXE)
        if folder is None:
            self.skipTest(why)
        source = (folder / "axe-core/axe.min.js").read_text("utf-8")
        browser = self.browser("admin", **how)
        found = []
        for path in self.pages(browser):
            found += browser.axe(source)
            if path == "/exports/statistics" and not how:
                self.picture(browser, "page-statistics")
        self.assertEqual(found, [])

    def test_axe_finds_nothing(self):
        self.axe()

    def test_axe_finds_nothing_in_the_dark(self):
        self.axe(dark=True)

    def test_axe_finds_nothing_on_a_phone(self):
        self.axe(width=360)

    def test_axe_finds_what_is_there(self):
        """That it looks."""
        folder, why = npm_packages.install("axe", browser_bed.AXE)
        if folder is None:
            self.skipTest(why)
        browser = self.browser()
        browser.driver.execute_script("document.querySelector('label').remove()")
        self.assertIn("select-name", " ".join(browser.axe((folder / "axe-core/axe.min.js").read_text("utf-8"))))


class Serving(unittest.TestCase):
    def test_the_admin_ends_cleanly(self):
        """Also over php -S, where there is no nginx."""
        for server, number in (("php", signal.SIGTERM), ("", signal.SIGINT)):
            with self.subTest(server=server), tempfile.TemporaryDirectory(prefix="ybb-admin-") as folder:
                admin = browser_bed.Admin(folder, site["source"], server, {})
                self.assertGreaterEqual(len(browser_bed.processes_of(admin.folder)), 3)
                self.assertEqual(admin.stop(number), 0)
                time.sleep(0.2)
                self.assertEqual(browser_bed.processes_of(admin.folder), [])


def setUpModule():
    browser_bed.need()
    site["folder"] = tempfile.TemporaryDirectory(prefix="ybb-admin-")
    site["source"] = php_bed.demo(site["folder"].name, PARTICIPANTS)
    site["admin"] = browser_bed.Admin(site["folder"].name, site["source"], "", SETTINGS)


def tearDownModule():
    site["admin"].stop()
    site["folder"].cleanup()


if __name__ == "__main__":
    tap.main()
