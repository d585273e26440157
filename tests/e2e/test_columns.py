"""Essays as one column for each question, and times in another zone, on every database."""
import datetime
import unittest

import harness
import oracle
import tap

ESSAY, QUESTION = 3000000, 4000000
LONG = "Why? " * 70
QUESTIONS = [
    # program, question, position
    (1, "Motivation", 90), (1, "MOTIVATION", 91), (1, LONG, 92), (1, "", 93),
    (1, "Two\nlines, \"quoted\" <&>", 94), (1, "=1+1", 95), (1, "Nobody answers", -1),
    (2, "Of another program", 1), (None, "Of no program", 1),
]
# participant, question (from 0), answer, deleted
ANSWERS = [
    (7, 0, "a", 0), (7, 1, "b", 0), (7, 2, "c", 0), (7, 3, "d", 0), (7, 4, "e", 0), (7, 5, "=2", 0),
    (7, 7, "of another program", 0), (7, 8, "of none", 0), (7, 999999, "of no question", 0),
    (11, 0, "second", 0), (11, 0, "third", 0), (11, 0, "gone", 1), (11, 0, None, 0),
    (11, 0, "", 0), (12, 0, "", 0), (13, 0, None, 0), (14, 0, "gone", 1), (15, 0, "x" * 40000, 0),
]
# what clocks in Berlin and New York do not show, or show twice; ends of the calendar
MOMENTS = ["2025-03-30 01:59:59", "2025-03-30 02:00:00", "2025-03-30 02:30:00",
           "2025-03-30 03:00:00", "2025-10-26 00:30:00", "2025-10-26 01:00:00",
           "2025-10-26 01:30:00", "2025-10-26 02:00:00", "2025-10-26 02:30:00",
           "2025-10-26 03:00:00", "2025-03-09 02:30:00", "2025-11-02 01:30:00",
           "1999-12-31 23:59:59", "9999-12-31 23:59:59", "1000-01-01 00:00:00",
           "1945-08-17 10:00:00", "2024-02-29 23:30:00"]


def text(value):
    if value is None:
        return "NULL"
    if isinstance(value, int):
        return str(value)
    return "'" + value.replace("'", "''") + "'"


def more_rows():
    script = ["INSERT INTO program_essays (id, program_id, question, position) VALUES "
              f"({QUESTION + i}, {text(p)}, {text(q)}, {text(at)});\n"
              for i, (p, q, at) in enumerate(QUESTIONS)]
    script += ["INSERT INTO participant_essays (id, participant_id, program_essay_id, answer, "
               f"is_deleted) VALUES ({ESSAY + i}, {p}, {QUESTION + q}, {text(a)}, {d});\n"
               for i, (p, q, a, d) in enumerate(ANSWERS)]
    for i, moment in enumerate(MOMENTS):
        script.append(f"UPDATE participants SET created_at = '{moment}' WHERE id = {7 + i};\n"
                      f"INSERT INTO payments (id, participant_id, payment_date, amount, currency, "
                      f"status) VALUES ({ESSAY + i}, {7 + i}, '{moment}', 1, 'IDR', 2);\n")
    return "".join(script)


class Columns(harness.Case):
    maxDiff = 2000
    more_rows = more_rows()
    single = {"strategy": "single", "compression": "none"}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.world = oracle.World(harness.Case.database)

    def participants(self, program=1):
        rows = [p for p in self.world.t["participants"] if p["is_deleted"] == 0
                and (program is None or p["program_id"] == program)]
        return sorted(rows, key=lambda p: p["id"])

    def cells(self, fields, program):
        """Rows with the essays spread, and their headers."""
        questions = self.world.questions(program)
        rows = []
        for number, p in enumerate(self.participants(program)):
            known = self.world.participant(p, number + 1)
            row = []
            for field in fields:
                row += ([self.world.answers(p, q) for q in questions] if field == "essays"
                        else [known[field]])
            rows.append(row)
        return rows

    def render(self, form, cell):
        if form == "csv":
            return oracle.render_csv(cell)
        cell = oracle.render_xlsx(cell)
        if isinstance(cell, str) and len(cell) > 32767:
            return cell[:100]
        return cell

    def check(self, response, form, truth):
        read = harness.read_xlsx if form == "excel" else harness.read_csv
        header, rows = read(self.data_path(response))
        self.assertEqual(len(rows), len(truth))
        for got, raw in zip(rows, truth):
            wanted = [self.render(form, c) for c in raw]
            got = ["" if g is None else g for g in got]
            got = [g[:len(w)] if isinstance(g, str) and len(g) > 30000 else g
                   for g, w in zip(got, wanted)]
            self.assertEqual(got, wanted)
        return header

    def compare(self, fields, program=1, **more):
        truth = self.cells(fields, program)
        headers = {}
        for source in harness.Case.sources:
            for form in ("excel", "csv"):
                with self.subTest(source=source, format=form):
                    response = self.export({
                        "export_type": "participants", "program_id": program, "format": form,
                        "fields": fields, "options": {"essay_layout": "columns"},
                        "large_dataset_options": self.single, **more}, source)
                    headers[form] = self.check(response, form, truth)
        return headers

    def test_each_question_is_a_column(self):
        headers = self.compare(["id", "essays", "full_name"])
        questions = self.world.questions(1)
        wanted = ["ID", *((oracle.guarded(q["question"]) or "Essays") for q in questions),
                  "Full Name"]
        self.assertEqual(headers["csv"], wanted)
        # a table's headers are unlike one another and not too long
        shown = headers["excel"]
        self.assertEqual(len(shown), len(wanted))
        self.assertEqual(len({h.lower() for h in shown}), len(shown))
        self.assertLessEqual(max(map(len, shown)), 255)
        self.assertIn("Nobody answers", shown)
        self.assertIn("MOTIVATION 2", shown)
        self.assertEqual(shown[1], "Nobody answers")

    def test_all_programs(self):
        headers = self.compare(["id", "essays"], None)
        self.assertIn("Of another program", headers["csv"])
        self.assertIn("Of no program", headers["csv"])

    def test_beside_other_related_rows(self):
        self.compare(["essays", "payment_history", "payment_status"])

    def test_a_program_without_questions_has_no_such_column(self):
        headers = self.compare(["id", "essays"], 777)
        self.assertEqual(headers["csv"], ["ID"])

    def test_no_column_at_all_is_refused(self):
        response = self.export({"export_type": "participants", "program_id": 777,
                                "fields": ["essays"], "options": {"essay_layout": "columns"}},
                               expect=1)
        self.assertEqual(response["error_code"], "INVALID_VALUE")
        self.assertEqual(self.files_left(), [])

    def test_a_template_without_essays_stays_as_it_is(self):
        response = self.export({"export_type": "participants", "program_id": 1,
                                "options": {"essay_layout": "columns"}})
        header, _ = harness.read_xlsx(self.data_path(response))
        self.assertEqual(list(header), oracle.HEADERS["participants", "standard"])

    def test_a_template_with_essays(self):
        response = self.export({"export_type": "participants", "program_id": 1,
                                "template": "detailed", "options": {"essay_layout": "columns"},
                                "large_dataset_options": self.single})
        header = self.check(response, "excel",
                            self.cells(oracle.DETAILED["participants"], 1))
        self.assertEqual(len(header), 21 + len(self.world.questions(1)))

    def test_batches_have_the_same_columns(self):
        response = self.export({"export_type": "participants", "program_id": 1, "format": "csv",
                                "fields": ["essays"], "options": {"essay_layout": "columns"},
                                "large_dataset_options": {"strategy": "multi_file",
                                                          "chunk_size": 1000}})
        rows, headers = [], []
        for batch in response["data"]["individual_files"]:
            header, part = harness.read_csv(self.path_of(response, batch["file_name"]))
            headers.append(header)
            rows += part
        self.assertEqual(rows, [[oracle.render_csv(c) for c in row]
                                for row in self.cells(["essays"], 1)])
        for header in headers[1:]:
            self.assertEqual(header, headers[0])

    def test_any_number_of_threads_gives_the_same_bytes(self):
        parts = []
        for threads in (1, 2, 8, 99):
            response = self.export({"export_type": "participants", "template": "detailed",
                                    "options": {"essay_layout": "columns",
                                                "timezone": "Asia/Jayapura"},
                                    "large_dataset_options": self.single}, threads=threads)
            parts.append(harness.packed_parts(self.data_path(response)))
        for other in parts[1:]:
            self.assertEqual(parts[0], other)

    @unittest.skipUnless(harness.MYSQL, "no MariaDB")
    def test_both_databases_give_the_same_sheet(self):
        sheets = []
        for source in ("sqlite", "mysql"):
            response = self.export({"export_type": "participants", "template": "detailed",
                                    "options": {"essay_layout": "columns",
                                                "timezone": "Europe/Berlin"},
                                    "xlsx": {"strings": "inline"},
                                    "large_dataset_options": self.single}, source)
            sheets.append(harness.sheet_xml(self.data_path(response)))
        self.assertEqual(sheets[0], sheets[1])

    # Time zones

    def compare_times(self, stored, shown, **more):
        """Dates, times and lines with times, against the oracle."""
        fields = ["id", "created_at", "birthdate", "last_login_at", "payment_history"]

        def move(cell):
            return oracle.moved(cell, stored or "UTC", shown) if cell is not None else None
        truth = []
        for p in self.participants():
            user = self.world.users.get(p["user_id"]) or {}
            truth.append([p["id"], move(oracle.moment(p["created_at"])),
                          oracle.day(p["birthdate"]),
                          move(oracle.moment(user.get("last_login_at"))),
                          self.world.history(p, move)])
        config = {"database_timezone": stored} if stored else {}
        for source in harness.Case.sources:
            for form in ("excel", "csv"):
                with self.subTest(source=source, format=form, stored=stored, shown=shown):
                    response = self.export({
                        "export_type": "participants", "program_id": 1, "format": form,
                        "fields": fields, "options": {"timezone": shown},
                        "large_dataset_options": self.single, **more}, source, config=config)
                    self.check(response, form, truth)
        return truth

    def test_times_are_shown_in_the_zone_that_is_asked_for(self):
        truth = self.compare_times(None, "Asia/Jakarta")
        moments = [row[1] for row in truth if row[0] == 7]
        self.assertEqual(moments, [datetime.datetime(2025, 3, 30, 8, 59, 59)])

    def test_summer_time(self):
        self.compare_times(None, "Europe/Berlin")
        self.compare_times(None, "America/New_York")

    def test_zones_whose_law_is_new(self):
        """Summer time since 2023, and none since 2022."""
        self.compare_times(None, "Africa/Cairo")
        self.compare_times("America/Mexico_City", "Asia/Jakarta")

    def test_times_that_occur_twice_or_never(self):
        truth = self.compare_times("Europe/Berlin", "UTC")
        shown = {row[0]: row[1] for row in truth}
        # 02:30 does not occur: it is half past three, in summer time
        self.assertEqual(shown[9], datetime.datetime(2025, 3, 30, 1, 30))
        # 02:30 occurs twice: it is the first, in summer time
        self.assertEqual(shown[15], datetime.datetime(2025, 10, 26, 0, 30))
        self.compare_times("America/New_York", "Asia/Tokyo")

    def test_the_zone_of_the_database_changes_nothing(self):
        self.compare_times("Europe/Berlin", "Europe/Berlin")
        self.compare_times(None, "UTC")

    def test_a_day_of_a_filter_is_one_of_the_database(self):
        want = {"start": "2025-03-30", "end": "2025-03-30"}
        response = self.export({"export_type": "participants", "program_id": 1, "format": "csv",
                                "fields": ["id", "created_at"], "filters": {"date_range": want},
                                "options": {"timezone": "Pacific/Auckland"}})
        _, rows = harness.read_csv(self.data_path(response))
        ids = [p["id"] for p in self.participants()
               if (p["created_at"] or "").startswith("2025-03-30")]
        self.assertEqual([int(row[0]) for row in rows], ids)
        self.assertIn("2025-03-30 14:59:59", [row[1] for row in rows])

    def test_unknown_zones_are_refused(self):
        for zone, meant in (("Asia/Jakata", "Asia/Jakarta"), ("GMT+7", None), ("WIB", None),
                            ("asia/jakarta", "Asia/Jakarta"), ("jakarta", "Asia/Jakarta"),
                            ("Kuala Lumpur", "Asia/Kuala_Lumpur"), ("/etc/passwd", None)):
            with self.subTest(zone=zone):
                response = self.export({"export_type": "participants",
                                        "options": {"timezone": zone}}, expect=2)
                self.assertEqual(response["error_code"], "INVALID_VALUE")
                self.assertEqual(response["details"]["field"], "options.timezone")
                self.assertEqual(response["details"].get("suggestion"), meant)
                self.assertEqual(meant is not None, "did you mean" in response["message"])


if __name__ == "__main__":
    tap.main()
