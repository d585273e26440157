"""The admin of examples/admin in Debian's Chromium: the servers, browsers with and without script, axe-core."""
import ctypes
import json
import os
import pathlib
import re
import select
import signal
import socket
import subprocess
import sys
import time

import package_bed
import php_bed

PATIENCE = 60
AXE = "axe-core@4.10.3"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

try:
    from selenium import webdriver
    from selenium.common.exceptions import StaleElementReferenceException, WebDriverException
    from selenium.webdriver.chrome.service import Service
    from selenium.webdriver.common.by import By
except ImportError:
    webdriver = None


def need():
    php_bed.need_extension()
    for name in ("chromium", "chromedriver"):
        if not php_bed.program(name):
            php_bed.skip_all(f"there is no {name}: on Debian install chromium and chromium-driver")
    if webdriver is None:
        php_bed.skip_all("there is no selenium: on Debian and Ubuntu install python3-selenium")
    try:
        socket.getaddrinfo("localhost", None)  # where chromedriver looks for Chromium
    except OSError:
        php_bed.skip_all("this system knows no localhost: /etc/hosts names it")
    problem = package_bed.install()
    if problem:
        raise SystemExit(f"Composer fails:\n{problem}")


def end_with_parent():
    """Where the tests are killed, the servers that they began do not stay."""
    PR_SET_PDEATHSIG = 1
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def processes_of(folder):
    """The command lines that name a folder."""
    lines = []
    for path in pathlib.Path("/proc").glob("[0-9]*/cmdline"):
        try:
            lines.append(path.read_bytes().decode("utf-8", "replace").replace("\0", " "))
        except OSError:  # it has just ended
            pass
    return [line for line in lines if str(folder) in line]


class Admin:
    """examples/admin/serve over a demo database. @more: settings of the library."""

    def __init__(self, folder, source, server, more):
        site = pathlib.Path(folder, "site")
        site.mkdir()
        (site / "more.json").write_text(json.dumps(more), "utf-8")
        self.folder = site
        environment = {**os.environ, "YBBEXPORT": php_bed.COMMAND, "YBB_PHP_EXTENSION": str(php_bed.EXTENSION),
                       "ADMIN_AUTOLOAD": str(package_bed.AUTOLOAD), "ADMIN_SERVER": server}
        self.process = subprocess.Popen(
            ["sh", str(php_bed.SOURCES / "examples/admin/serve"), str(site), source, "0"], env=environment,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, bufsize=0, preexec_fn=end_with_parent)
        said = [self.line() for _ in range(3)]
        self.address = said[0].rstrip("/")
        self.passwords = dict(re.search(r"as (\w+) with (\w+)", line).groups() for line in said[1:])

    def line(self):
        ready, _, _ = select.select([self.process.stdout], [], [], PATIENCE)
        line = self.process.stdout.readline().decode().strip() if ready else ""
        if not line:
            self.stop()
            raise SystemExit("the admin does not begin:\n" + (self.folder / "servers.log").read_text("utf-8"))
        return line

    def worker(self):
        """The process id of the worker that serve began first."""
        pid = self.process.pid
        for child in pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split():
            if "worker" in pathlib.Path(f"/proc/{child}/cmdline").read_bytes().decode("utf-8", "replace").split("\0"):
                return int(child)
        raise AssertionError("there is no worker")

    def status(self, export_id):
        done = subprocess.run([php_bed.COMMAND, "status", "--config", str(self.folder / "settings.json"), export_id],
                              check=False, capture_output=True, text=True)
        return json.loads(done.stdout)

    def stop(self, number=signal.SIGINT):
        """As Ctrl-C does."""
        self.process.send_signal(number)
        with self.process.stdout:
            return self.process.wait(PATIENCE)


class Browser:
    """One user's Chromium. @width below 500 is a phone's."""

    def __init__(self, admin, folder, width=1100, script=True, dark=False, language="en"):
        self.admin, self.downloads, self.script = admin, pathlib.Path(folder), script
        self.downloads.mkdir(exist_ok=True)
        options = webdriver.ChromeOptions()
        options.binary_location = php_bed.program("chromium")
        for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
                         "--disable-background-networking", "--disable-component-update", "--force-device-scale-factor=1",
                         f"--lang={language}", f"--user-data-dir={folder}/profile", f"--window-size={max(width, 500)},900"):
            options.add_argument(argument)
        options.add_experimental_option("prefs", {
            "download.default_directory": str(folder), "download.prompt_for_download": False,
            "intl.accept_languages": language, **({} if script else {"profile.managed_default_content_settings.javascript": 2})})
        if width < 500:
            options.add_experimental_option("mobileEmulation",
                                            {"deviceMetrics": {"width": width, "height": 740, "pixelRatio": 1}})
        self.driver = webdriver.Chrome(service=Service(php_bed.program("chromedriver")), options=options)
        self.driver.set_page_load_timeout(PATIENCE)
        if dark:
            self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia",
                                        {"features": [{"name": "prefers-color-scheme", "value": "dark"}]})

    def quit(self):
        self.driver.quit()

    def open(self, path):
        self.driver.get(self.admin.address + path)

    @property
    def path(self):
        return self.driver.current_url.removeprefix(self.admin.address)

    def log_in(self, name):
        self.open("/login")
        self.enter(name)

    def log_in_anew_elsewhere(self, name):
        """Out and in again, in another tab: the session of the page that is shown is over."""
        page = self.driver.current_window_handle
        self.driver.switch_to.new_window("tab")
        self.open("/participants")
        self.follow("//header//button")
        self.log_in(name)
        self.driver.close()
        self.driver.switch_to.window(page)

    def enter(self, name):
        """Fills in the login that is shown."""
        self.fill("name", name)
        self.fill("password", self.admin.passwords[name])
        self.press("Log in")

    def all(self, query):
        return self.driver.find_elements(By.XPATH, query)

    def one(self, query):
        found = self.all(query)
        assert len(found) == 1, f"{len(found)} of {query} at {self.path}"
        return found[0]

    def text(self, query="//main"):
        return self.one(query).text

    def fill(self, field, text):
        """A field by its id."""
        element = self.one(f"//*[@id='{field}']")
        if element.tag_name == "select":
            element.find_element(By.XPATH, f"./option[normalize-space(.)='{text}']").click()
            return
        element.clear()
        element.send_keys(text)

    def press(self, label):
        """A button or a link by its text, which leads to another page."""
        self.follow(f"//main//*[self::button or self::a][normalize-space(.)='{label}']")

    def follow(self, query):
        """Clicks, and waits for the page that comes."""
        page = self.one("/html")
        self.one(query).click()
        self.until(lambda: self.is_gone(page), f"{query} leads to another page")

    @staticmethod
    def is_gone(element):
        try:
            element.is_enabled()
        except StaleElementReferenceException:
            return True
        return False

    def tick(self, name, value):
        self.one(f"//input[@name='{name}' and @value='{value}']").click()

    def unfold(self, summary):
        self.one(f"//details[not(@open)]/summary[normalize-space(.)='{summary}']").click()

    def until(self, condition, what, seconds=PATIENCE):
        until = time.monotonic() + seconds
        while not (found := self.holds(condition)):
            assert time.monotonic() < until, f"{what}: not within {seconds} seconds, at {self.path}: {self.text()[:500]}"
            time.sleep(0.05)
        return found

    @staticmethod
    def holds(condition):
        """What a script or a reload has just replaced is not there yet. Chromium calls it stale, or says that its node
        does not belong to the document."""
        try:
            return condition()
        except StaleElementReferenceException:
            return False
        except WebDriverException as error:
            if "does not belong to the document" not in str(error):
                raise
            return False

    def until_heading(self, heading):
        """With script the page changes by itself; without, whoever looks loads it again."""
        def shows():
            if self.text("//h1") != heading and not self.script:
                self.driver.refresh()
            return self.text("//h1") == heading
        self.until(shows, heading)

    def downloaded(self, name):
        path = self.downloads / name
        self.until(lambda: path.exists() and not list(self.downloads.glob("*.crdownload")), f"{name} comes")
        return path

    def width(self):
        """How wide the page is, and the window."""
        return self.driver.execute_script("return [document.documentElement.scrollWidth, window.innerWidth]")

    def axe(self, source):
        """What axe-core finds, as lines."""
        self.driver.execute_script(source)
        found = self.driver.execute_async_script(
            "const done = arguments[1]; axe.run(document, {runOnly: arguments[0], resultTypes: ['violations']})"
            ".then((r) => done(r.violations), (e) => done([{id: String(e), nodes: []}]));", RULES)
        return [f"{self.path}: {v['id']}: {v.get('help', '')} {[n['html'][:200] for n in v['nodes'][:3]]}" for v in found]

    def picture(self, path):
        """The page from its top, as high as it is up to a limit."""
        self.driver.execute_cdp_cmd("Emulation.setScrollbarsHidden", {"hidden": True})
        self.driver.execute_script("window.scrollTo(0, 0)")
        width, height = self.driver.execute_script(
            "return [window.innerWidth, Math.min(document.documentElement.scrollHeight, 1300)]")
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
            "width": width, "height": height, "deviceScaleFactor": 1, "mobile": False})
        self.driver.save_screenshot(str(path))
        self.driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
