"""Random requests over a world's rows, each with the configuration it is made under."""
import random

import nasty
import words
from reading import CSV, INCLUDES, is_idle, laid_over, part

DATE_FORMS = ["YYYY-MM-DD", "DD/MM/YYYY", "DD.MM.YYYY", "MM/DD/YYYY", "YYYYMMDD", "DD MM YYYY"]
MOMENT_FORMS = ["YYYY-MM-DD HH:mm:ss", "DD/MM/YYYY HH:mm", "YYYY-MM-DDTHH:mm:ss", "YYYY/MM/DD",
                "HH:mm:ss DD-MM-YYYY", "DD.MM.YYYY HH.mm.ss"]
MONEY_FORMS = ["#,##0.00", "0.00", "#,##0", '"Rp" #,##0.00', '#,##0.00 "IDR"', "0"]
BOOLEANS = ["Yes/No", "1/0", "Ya/Tidak", "✓/", "/no", "=yes/-", "TRUE/FALSE"]
NULLS = ["N/A", "", "-", "NULL", "=", "n/a; none", "—", "_x0041_", "'"]
ZONES = ["UTC", "Asia/Jakarta", "Asia/Jayapura", "America/New_York", "Europe/Berlin",
         "Asia/Kathmandu", "Asia/Almaty", "Africa/Cairo", "America/Mexico_City", "Australia/Lord_Howe",
         "Pacific/Apia"]
# letters that have one case folding, so that "the same but for case" is plain
HEADERS = ["name", "Name", "NAME", "a", "e-mail", "Nama Lengkap", "名前", "=1+1", "@x", "+62", " x ",
           'say "hi"', "a,b;c|d", "<b>", "A & B", "_x0041_", "N/A", "👍", "x" * 255, "tab\there",
           "two\nlines", "it's", "١", "-"]
NAMES = {"single": ["{type}_{program}_{records}", "all-{type}.v1"],
         "compressed": ["{records}_{type}_small", "{type}"],
         "batch": ["{type}-{range}-{number}", "{number}.{total}.{records}", "{program}_{number}"],
         "archive": ["{type}_{records}", "everything"]}
HUGE = 10 ** 6


class Asking:
    """A request, its configuration, and templates of a catalog of the installation's own."""

    def __init__(self, rng, world, templates):
        self.rng, self.world = rng, world
        self.kind = rng.choice(words.KINDS)
        self.fields = list(words.Words().types[self.kind]["fields"])
        self.rows = world.rows[self.kind]
        self.own_templates = self.make_templates(templates)
        self.config = self.make_config()
        self.request = self.shuffled(self.make_request())

    def some(self, share):
        return self.rng.random() < share

    def shuffled(self, of):
        keys = list(of)
        self.rng.shuffle(keys)
        return {k: of[k] for k in keys}

    def as_number(self, value):
        """A number, or its decimal text."""
        return str(value) if self.some(0.4) else value

    # values of rows

    def stored(self, table, column):
        """A value that some row has, else a made-up one."""
        values = [row[column] for row in self.world.rows[table] if row[column] is not None]
        return self.rng.choice(values) if values else None

    def texts(self, table, column, other):
        """A filter of texts: what rows have, what they nearly have, what they have not."""
        def one():
            value = self.stored(table, column)
            if not value or self.some(0.15):
                value = other
            if self.some(0.15):
                value = nasty.broken(self.rng, value)
            # JSON of requests has no NUL, and these words do not filter
            value = value.replace("\x00", "").encode("utf-8", "replace").decode()
            return value if value not in ("", "all") else other
        return one() if self.some(0.6) else [one() for _ in range(self.rng.randint(1, 4))]

    def choice_of(self, names):
        if self.some(0.6):
            return self.rng.choice(names)
        return [self.rng.choice(names) for _ in range(self.rng.randint(1, 4))]

    def numbers(self, values):
        made = self.choice_of(values)
        return [self.as_number(v) for v in made] if isinstance(made, list) else self.as_number(made)

    def idle(self, is_list):
        return self.rng.choice(["all", "", None] + ([[], ["all"], [""]] if is_list else []))

    def day(self):
        day = self.rng.choice(self.world.moments)[:10]
        return day if self.some(0.9) and nasty.is_day(day) else self.rng.choice(nasty.DAYS)

    def days(self):
        ends = sorted([self.day(), self.day()])
        made = {"start": ends[0], "end": ends[1]}
        for end in ("start", "end"):
            if self.some(0.25):
                made[end] = self.rng.choice([None, "", "all"])
            if made[end] is None and self.some(0.5):
                del made[end]
        return made

    def amounts(self):
        def one():
            value = self.stored("payments", "amount")
            return self.rng.choice([v for v in (value, 150000, 0) if v is not None])

        ends = sorted([one(), one()])
        made = {"min": ends[0], "max": ends[1]}
        for end in ("min", "max"):
            number = made[end]
            made[end] = self.rng.choice([f"{number:.2f}", float(number), f"{number:.2f}000"])
            if self.some(0.25):
                made[end] = self.rng.choice([None, "", "all"])
        return made

    # the request

    def filters(self):
        r = self.rng
        if self.kind == "participants":
            makers = {
                "category": lambda: self.choice_of(["fully_funded", "self_funded"]),
                "form_status": lambda: self.numbers([0, 1, 2]),
                "payment_status": lambda: self.choice_of(["success", "pending", "none"]),
                "program_payment_id": lambda: self.numbers(self.ids("program_payments")),
                "ambassador_ref": lambda: self.texts("participants", "ref_code_ambassador", "REF1"),
                "date_range": self.days}
        elif self.kind == "payments":
            makers = {
                "status": lambda: self.numbers([0, 1, 2, 3, 4]),
                "payment_method": lambda: self.numbers([1, 2, 3, 77, 9]),
                "payment_category": lambda: self.texts("program_payments", "category",
                                                       "registration"),
                "currency": lambda: self.texts("payments", "currency", "IDR"),
                "date_range": self.days, "amount_range": self.amounts}
        else:
            makers = {
                "status": lambda: self.numbers([0, 1]), "date_range": self.days,
                "min_referrals": lambda: self.as_number(r.choice([0, 1, 1, 2, 3, 5])),
                "max_referrals": lambda: self.as_number(r.choice([0, 1, 2, 5, 8, 100]))}
        makers["limit"] = lambda: self.as_number(r.choice([1, 2, 3, 7, 20, 100, HUGE]))
        share = r.choice([0, 0, 0.15, 0.3, 0.5])
        made = {}
        for name, maker in makers.items():
            if self.some(share):
                made[name] = maker()
            elif self.some(0.05):
                made[name] = self.idle(is_list=not name.endswith(("range", "referrals", "limit")))
        least, most = (made.get(f"{end}_referrals") for end in ("min", "max"))
        if not is_idle(least) and not is_idle(most) and int(least) > int(most):
            made.update(min_referrals=most, max_referrals=least)
        return self.shuffled(made)

    def ids(self, table):
        return [row["id"] for row in self.world.rows[table]] + [999999]

    def boolean(self):
        return self.rng.choice([True, True, True, False, False, None])

    def make_options(self):
        rng, made = self.rng, {}
        for option in INCLUDES[self.kind]:
            if self.some(0.35):
                made[option] = self.boolean()
        if self.some(0.25):
            made["include_related"] = self.boolean()
        if self.some(0.5):
            made["sort_by"] = rng.choice(words.Words().sortable(self.kind))
        if self.some(0.5):
            made["sort_order"] = rng.choice(["asc", "desc", "desc", None])
        if self.some(0.12):
            made["include_deleted"] = self.boolean()
        if self.some(0.3):
            made["language"] = rng.choice(["en", "id", "id", None])
        if self.some(0.12):
            made["batch_size"] = self.as_number(rng.choice([1, 3, 10, 25, 5000]))
        if self.some(0.05):
            made[rng.choice(["include_summary", "include_about"])] = rng.choice([False, None])
        self.add_special(made)
        return self.shuffled(made)

    def add_special(self, made):
        rng = self.rng
        if self.kind == "payments" and self.some(0.5):
            made["group_by_participant"] = self.boolean()
        if self.kind == "participants" and self.some(0.4):
            made["essay_layout"] = rng.choice(["columns", "columns", "columns", "text", None])
            if self.some(0.6):
                made["include_essays"] = True
        if self.some(0.2):
            made["timezone"] = rng.choice(ZONES + [None])

    def wishes(self):
        """Fields of the template custom."""
        rng = self.rng
        count = rng.choice([1, 2, 5, 8, len(self.fields)])
        made = []
        for field in rng.sample(self.fields, count):
            roll = rng.random()
            if roll < 0.6:
                made.append(field)
            else:
                made.append({"field": field})
                if roll < 0.95:
                    made[-1]["header"] = rng.choice(HEADERS) if roll < 0.9 else None
        return made

    def mappings(self):
        made = {}
        for kind in self.rng.sample(words.KINDS, self.rng.randint(1, 3)):
            fields = list(words.Words().types[kind]["fields"])
            made[kind] = {f: self.rng.choice(HEADERS)
                          for f in self.rng.sample(fields, self.rng.randint(0, 5))}
        return made

    def transformations(self):
        makers = {"date_format": DATE_FORMS, "datetime_format": MOMENT_FORMS,
                  "currency_format": MONEY_FORMS, "boolean_format": BOOLEANS, "null_values": NULLS}
        return {name: self.rng.choice(of + [None]) for name, of in makers.items() if self.some(0.5)}

    def csv(self, before):
        rng, made = self.rng, {}
        if self.some(0.4):
            made["preset"] = rng.choice(["excel", "excel-id", "rfc4180", None])
        for name, of in {"delimiter": [",", ";", "\t", "|"], "decimal_point": [".", ","],
                         "bom": [True, False], "line_ending": ["crlf", "lf"],
                         "quote": ["minimal", "all"], "formula_guard": [True, False]}.items():
            if self.some(0.25):
                made[name] = rng.choice(of + [None])
        over = laid_over(CSV, before, made)
        if over["delimiter"] == over["decimal_point"]:
            made["delimiter"] = "|"
        return made

    def large(self):
        rng, made = self.rng, {}
        for name, of in {"strategy": ["auto", "single", "single", "multi_file", "multi_file",
                                      "compressed", "compressed", None],
                         "compression": ["none", "none", "gzip", "zip", None],
                         "chunk_size": [1, 2, "3", 7, 10, 40, 5000, 10 ** 7, None],
                         "parallel_processing": [True, False],
                         "create_zip_archive": [True, False], "retention_days": [1, "30"],
                         "memory_limit": ["64MB", "1GB", 50000000, None]}.items():
            if self.some(0.45):
                made[name] = rng.choice(of)
        self.add_mail(made)
        return made

    def delivery(self):
        rng = self.rng
        made = {"create_zip_archive": rng.choice([True, False, None]),
                "retention_days": rng.choice([7, 365, "36500", None])}
        self.add_mail(made)
        return self.shuffled(made)

    def add_mail(self, made):
        """Nobody is sent any yet, which a warning says."""
        if self.some(0.1):
            made.update(email_notification=self.boolean(), email_address="a.b+c@example.org")

    def looks(self, share, before):
        """Keys that a request and a configuration share."""
        made = {}
        if self.some(share):
            made["field_mappings"] = self.mappings()
        if self.some(share):
            made["data_transformations"] = self.transformations()
        if self.some(share) or self.some(share):
            made["csv"] = self.csv(part(before, "csv"))
        if self.some(share):
            made["xlsx"] = {"strings": self.rng.choice(["shared", "inline", "inline", None])}
        return made

    def make_request(self):
        rng = self.rng
        made = {"export_type": self.kind}
        if self.some(0.45):
            programs = [row["id"] for row in self.world.rows["programs"]] or [1]
            made["program_id"] = self.as_number(
                999999 if self.some(0.05) else rng.choice(programs))
        elif self.some(0.1):
            made["program_id"] = None
        if self.some(0.8):
            made["format"] = rng.choice(["excel", "excel", "csv", "csv", None])
        self.add_template(made)
        for key, share, maker in (("filters", 0.75, self.filters),
                                  ("options", 0.85, self.make_options),
                                  ("large_dataset_options", 0.65, self.large)):
            if self.some(share):
                made[key] = maker() or rng.choice([{}, [], None])
        if self.some(0.2):
            made["delivery_options"] = self.delivery()
        if self.some(0.05):
            made["owner"] = rng.choice(["somebody", "名前 =1", None])
        made.update(self.looks(0.25, self.config))
        if self.some(0.02):
            self.leave_no_column(made)
        return made

    def leave_no_column(self, made):
        """Unless there are questions that essays become columns by."""
        field = {"participants": self.rng.choice(["essays", "payment_history"]),
                 "payments": "participant_category", "ambassadors": "referral_list"}[self.kind]
        made.update(template="custom", fields=[field], options=self.rng.choice([
            {"essay_layout": "columns"} if field == "essays" else {"include_related": False},
            {option: False for option in INCLUDES[self.kind]}]))

    def add_template(self, made):
        rng = self.rng
        roll = rng.random()
        if roll < 0.1:
            if self.some(0.3):
                made["template"] = None
            return
        names = ["standard", "detailed", "detailed"]
        names += ["summary"] if self.kind == "participants" else []
        names += ["custom"] * 3
        made["template"] = rng.choice(names)
        if made["template"] == "custom" and not (self.config.get("fields") and self.some(0.7)):
            made["fields"] = self.wishes()
            if self.some(0.3):
                del made["template"]

    # the configuration

    def borders(self):
        """Four ascending borders, so low that some rows are many."""
        return sorted(self.rng.sample(self.rng.choice([range(1, 30), range(1, 150)]), 4))

    def make_config(self):
        rng, made = self.rng, {}
        if self.some(0.6):
            a, b, c, d = self.borders()
            made["strategy_rules"] = {
                f"record_count < {a}": "immediate_single_file",
                f"{a} <= record_count < {b}": "background_single_file",
                f"{b} <= record_count < {c}": "compressed_single_file",
                f"{c} <= record_count < {d}": "multi_file_small_chunks",
                f"record_count >= {d}": "multi_file_large_chunks_or_streaming"}
        elif self.some(0.4):
            a, b, _, _ = self.borders()
            made["system_limits"] = {"max_records_single_file": self.as_number(b),
                                     "max_records_immediate_processing": a}
        if self.some(0.7):
            least = rng.choice([1, 1, 1, 5])
            made["chunk_configurations"] = {"min_chunk_size": least, "max_chunk_size": rng.choice(
                [5, 20, 100]), "default_chunk_size": rng.choice([1, 3, 10, 200])}
            made["chunk_sizes"] = {"small_chunks": rng.choice([2, 7, 12]),
                                   "large_chunks": rng.choice([4, 15, 30])}
        formats = {}
        if self.some(0.3):
            formats["csv"] = {"recommended_chunk_size": rng.choice([3, 11, 50])}
        if self.some(0.3):
            most = rng.choice([2, 5, 20, 60])
            formats["excel"] = {"max_rows_per_sheet": most,
                                "recommended_rows_per_sheet": rng.choice([1, most]),
                                "max_sheets_per_file": rng.choice([1, 1, 3, 200])}
        if formats:
            made["format_limits"] = formats
        if self.some(0.3):
            a, b, c, _ = self.borders()
            made["queue_config"] = {"priority_levels": {
                "immediate": f"< {a} records", "high": f"{a}-{b} records",
                "normal": f"{b}-{c} records", "low": f"> {c} records"}}
        if self.some(0.3):
            made["threads"] = rng.choice([1, 2, 4])
        if self.some(0.1):
            made.setdefault("system_limits", {})["file_retention_days"] = rng.choice([1, "90"])
        if self.some(0.25):
            made["database_timezone"] = rng.choice(ZONES)
        if self.some(0.2):
            made["file_names"] = {name: rng.choice(patterns) for name, patterns in NAMES.items()
                                  if self.some(0.6)}
        if self.some(0.1):
            made["fields"] = self.wishes() if self.some(0.5) else {self.kind: self.wishes()}
        made.update(self.looks(0.12, {}))
        return made

    def make_templates(self, templates):
        """Now and then the specification's own templates, or some with low limits."""
        rng = self.rng
        if not self.some(0.3):
            return None
        if self.some(0.3):
            return SPECIFIED
        made = {}
        for name in rng.sample(sorted(templates), rng.randint(1, len(templates))):
            made[name] = {"fields": templates[name]["fields"],
                          "max_records_single_file": rng.choice([1, 10, 30, 80])}
            if name.endswith("summary"):
                made[name]["headers"] = words.SUMMARY_HEADERS["en"]
            if self.some(0.5):
                made[name]["recommended_chunk_size"] = rng.choice([1, 6, 25])
        return made


# the specification's block under "Template System", as it is
SPECIFIED = {
    "participants_standard": {
        "fields": ["id", "full_name", "email", "nationality", "institution", "category",
                   "form_status", "created_at"],
        "headers": ["ID", "Full Name", "Email", "Country", "Institution", "Category",
                    "Form Status", "Registration Date"],
        "max_records_single_file": 15000},
    "participants_detailed": {
        "fields": ["id", "full_name", "email", "gender", "birthdate", "nationality", "institution",
                   "phone_number", "category", "form_status", "payment_status", "created_at"],
        "headers": ["ID", "Full Name", "Email", "Gender", "Birth Date", "Country", "Institution",
                    "Phone", "Category", "Form Status", "Payment Status", "Registration Date"],
        "include_related": ["essays", "payments", "status"],
        "max_records_single_file": 10000,
        "recommended_chunk_size": 5000},
    "participants_summary": {
        "fields": ["full_name", "email", "nationality", "category", "form_status"],
        "headers": ["Name", "Email", "Country", "Category", "Status"],
        "max_records_single_file": 50000,
        "optimized_for_large_datasets": True},
}


def asking(seed, number, world, templates):
    return Asking(random.Random(f"{seed}/case/{number}"), world, templates)
