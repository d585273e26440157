"""Sentences of the export specification that no other test is about: every field, filter, option, template and
look of a file, on every database, against rows computed by the oracle. docs/conformance.md has them all."""
import csv
import datetime
import io
import json
import os
import unittest
from decimal import Decimal

import openpyxl

import harness
import oracle
import tap

harness.PARTICIPANTS = 260
SINGLE = {"strategy": "single", "compression": "none"}
KINDS = ("participants", "payments", "ambassadors")
HEADERS = oracle.HEADERS
CATALOG = {kind: json.loads((harness.SOURCES / f"lib/model/catalog/{kind}.json").read_text("utf-8"))
           ["types"][kind] for kind in KINDS}

# The core data structures of the specification, name by name.
CORE = {
    "participants": "id user_id account_id full_name email gender birthdate nationality nationality_flag"
    " nationality_code occupation education_level major institution organizations phone_number country_code"
    " current_address origin_address picture_url instagram_account emergency_contact contact_relation"
    " disease_history tshirt_size category experiences achievements resume_url knowledge_source"
    " source_account_name twibbon_link requirement_link ref_code_ambassador program_id is_active is_deleted"
    " created_at updated_at",
    "payments": "id participant_id program_payment_id payment_method_id transaction_code order_id"
    " payment_date amount usd_amount currency status proof_url account_name source_name notes"
    " rejection_reason payment_url is_active is_deleted created_at updated_at",
    "ambassadors": "id name email ref_code program_id institution gender phone_number notes is_active"
    " is_deleted created_at updated_at"}
BEYOND = {"participants": "general_status document_status form_status user_is_verified last_login_at"
                          " program_name",
          "payments": "participant_name participant_nationality participant_category payment_method"
                      " payment_category program_name", "ambassadors": "program_name"}
DATES = {"created_at", "updated_at", "last_login_at", "payment_date"}


class World(oracle.World):
    """The oracle, with the columns that templates do not show."""

    def participant(self, p, number):
        user = self.users.get(p["user_id"]) or {}
        program = self.programs.get(p["program_id"]) or {}
        verified = user.get("is_verified")
        return {**super().participant(p, number), "program_name": program.get("name"),
                "user_is_verified": None if verified is None else "Yes" if verified else "No",
                "last_login_at": oracle.moment(user.get("last_login_at")),
                "updated_at": oracle.moment(p["updated_at"])}

    def payment(self, x, number):
        owner = self.participants.get(x["participant_id"]) or {}
        category = owner.get("category")
        return {**super().payment(x, number), "created_at": oracle.moment(x["created_at"]),
                "updated_at": oracle.moment(x["updated_at"]),
                "participant_nationality": owner.get("nationality"),
                "participant_institution": owner.get("institution"),
                "participant_phone_number": owner.get("phone_number"),
                "participant_category": oracle.CATEGORY.get(category, category)}

    def ambassador(self, a, number):
        program = self.programs.get(a["program_id"]) or {}
        return {**super().ambassador(a, number), "program_name": program.get("name"),
                "updated_at": oracle.moment(a["updated_at"])}


class Case(harness.Case):
    maxDiff = 2000

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.world = World(harness.Case.database)

    def read(self, answer, form):
        read = harness.read_xlsx if form == "excel" else harness.read_csv
        header, rows = read(self.data_path(answer))
        return list(header), [["" if c is None else c for c in row] for row in rows]

    def compare(self, kind, fields, header=None, forms=("excel", "csv"), request=None, **how):
        """One request in all formats and on every database; @how goes to the oracle."""
        truth = self.world.rows(kind, fields, **how)
        whole = {"export_type": kind, "program_id": how.get("program", 1),
                 "large_dataset_options": SINGLE, **(request or {"fields": fields})}
        for source in harness.Case.sources:
            for form in forms:
                render = oracle.render_xlsx if form == "excel" else oracle.render_csv
                with self.subTest(source=source, format=form):
                    found, rows = self.read(self.export({**whole, "format": form}, source), form)
                    self.assertEqual(rows, [[render(c) for c in row] for row in truth])
                    if header:
                        self.assertEqual(found, header)
        return truth

    def header_of(self, kind, config=None, **request):
        answer = self.export({"export_type": kind, "format": "csv", "program_id": 1,
                              "large_dataset_options": SINGLE, **request}, config=config)
        return self.read(answer, "csv")[0]

    def filtered(self, kind, filters, keep, **how):
        template = {"filters": filters}
        truth = self.compare(kind, oracle.STANDARD[kind], forms=("csv",), request=template,
                             keep=keep, **how)
        everything = self.world.rows(kind, oracle.STANDARD[kind], program=how.get("program", 1))
        self.assertTrue(0 < len(truth) < len(everything), f"{len(truth)} of {len(everything)}")
        return truth


class Fields(Case):
    def test_every_field_of_the_core_structures(self):
        for kind in KINDS:
            fields = [*CORE[kind].split(), *BEYOND[kind].split()]
            unique = list(dict.fromkeys(fields))
            header = [CATALOG[kind]["fields"][f]["header"]["en"] for f in unique]
            self.assertGreater(len(self.compare(kind, unique, header)), 4)

    def test_order_number_follows_the_sort(self):
        self.compare("payments", ["order_number", "id"], request={
            "fields": ["order_number", "id"], "options": {"sort_order": "desc"}}, descending=True)

    def test_essays_are_questions_and_answers_in_the_order_of_the_questions(self):
        truth = self.compare("participants", ["id", "essays"])
        self.assertGreater(len({essays for _, essays in truth}), 20)

    def test_payment_history_is_a_line_for_each_payment(self):
        truth = self.compare("participants", ["id", "payment_history"])
        self.assertTrue(any("\n" in (history or "") for _, history in truth))

    def test_referral_lists_counts_and_rates(self):
        truth = self.compare("ambassadors", ["id", "total_referrals", "successful_referrals",
                                             "referral_success_rate", "referral_list"])
        self.assertTrue(any(row[3] is None for row in truth))
        self.assertTrue(any(row[3] and row[3] % 1 for row in truth))


class Filters(Case):
    def paid_for(self, p, number):
        return [x for x in self.world.payments_of.get(p["id"], [])
                if x["program_payment_id"] == number]

    def test_program_payment_id(self):
        for value in (2, "2", [2]):
            self.filtered("participants", {"program_payment_id": value},
                          lambda p: bool(self.paid_for(p, 2)))

    def test_payment_status_of_one_program_payment(self):
        for state, keep in (("success", lambda found: 2 in found),
                            ("pending", lambda found: 2 not in found and found & {0, 1})):
            self.filtered("participants", {"program_payment_id": 2, "payment_status": state},
                          lambda p, keep=keep: bool(keep({x["status"] for x in self.paid_for(p, 2)})))

    def test_payment_method(self):
        self.filtered("payments", {"payment_method": "2"}, lambda x: x["payment_method_id"] == 2)

    def test_payment_category(self):
        self.filtered("payments", {"payment_category": "registration"},
                      lambda x: self.world.payment_category(x) == "registration")
        self.filtered("payments", {"payment_category": ["registration", "program_fee_2"]},
                      lambda x: self.world.payment_category(x) in ("registration", "program_fee_2"))

    def test_currency(self):
        self.filtered("payments", {"currency": "IDR"}, lambda x: x["currency"] == "IDR")
        self.filtered("payments", {"currency": ["MYR", "USD"]},
                      lambda x: x["currency"] in ("MYR", "USD"))

    def test_payments_of_a_period(self):
        days = sorted(x["payment_date"][:10] for x in self.world.t["payments"] if x["payment_date"])
        start, end = days[len(days) // 3], days[len(days) // 2]
        self.filtered("payments", {"date_range": {"start": start, "end": end}},
                      lambda x: x["payment_date"] and start <= x["payment_date"][:10] <= end)
        self.filtered("payments", {"date_range": {"end": end}},
                      lambda x: x["payment_date"] and x["payment_date"][:10] <= end)

    def test_one_end_of_the_amounts(self):
        middle = sorted(oracle.money(x["amount"]) for x in self.world.t["payments"]
                        if x["amount"] is not None)[100]
        self.filtered("payments", {"amount_range": {"min": str(middle)}},
                      lambda x: x["amount"] is not None and oracle.money(x["amount"]) >= middle)
        self.filtered("payments", {"amount_range": {"max": str(middle)}},
                      lambda x: x["amount"] is not None and oracle.money(x["amount"]) <= middle)

    def test_ambassadors_of_a_period(self):
        days = sorted(a["created_at"][:10] for a in self.world.t["ambassadors"]
                      if a["program_id"] == 1 and not a["is_deleted"] and a["created_at"])
        self.filtered("ambassadors", {"date_range": {"start": days[1], "end": days[-2]}},
                      lambda a: a["created_at"] and days[1] <= a["created_at"][:10] <= days[-2])

    def test_most_referrals(self):
        count = sorted(len(self.world.referrals(a)) for a in self.world.t["ambassadors"]
                       if a["program_id"] == 1 and not a["is_deleted"])[2]
        self.filtered("ambassadors", {"max_referrals": count},
                      lambda a: len(self.world.referrals(a)) <= count)

    def test_inactive_rows_are_exported_all_the_same(self):
        truth = self.world.rows("participants", ["is_active"], program=1)
        self.assertGreater(len({row[0] for row in truth}), 1)
        self.compare("participants", ["id", "is_active"], forms=("csv",))

    def test_filters_together(self):
        self.filtered("participants", {"category": "self_funded", "form_status": [1, 2],
                                       "payment_status": "success"},
                      lambda p: p["category"] == "self_funded" and self.world.state(p) == "success"
                      and (self.world.statuses.get(p["id"]) or {}).get("form_status", 0) in (1, 2))


class Order(Case):
    def test_every_sortable_field_sorts_with_null_first(self):
        """Texts sort by the database's collation, so of them the places of NULL are looked at alone."""
        for kind in KINDS:
            raw = {r["id"]: r for r in self.world.t[kind]}
            fields = [(name, field) for name, field in CATALOG[kind]["fields"].items()
                      if self.is_own_column(field) and name in next(iter(raw.values()))]
            for n, (name, field) in enumerate(fields):
                both = (False, True) if field.get("type", "text") != "text" else (n % 2 == 0,)
                for descending in both:
                    for source in harness.Case.sources:
                        with self.subTest(kind=kind, field=name, source=source, descending=descending):
                            self.check_order(kind, name, field, source, descending, raw)

    @staticmethod
    def is_own_column(field):
        return (field.get("sortable", True) and "." not in field.get("column", "")
                and not {"lines", "count", "share", "case", "row_number", "fallback"} & set(field))

    def check_order(self, kind, name, field, source, descending, raw):
        answer = self.export({"export_type": kind, "program_id": 1, "format": "csv", "fields": ["id"],
                              "options": {"sort_by": name, "sort_order": "desc" if descending else "asc"},
                              "large_dataset_options": SINGLE}, source)
        ids = [int(row[0]) for row in self.read(answer, "csv")[1]]
        wanted = [row[0] for row in self.world.rows(kind, ["id"], sort=name, descending=descending)]
        if field.get("type", "text") == "text":
            nulls = [raw[i][name] is None for i in ids]
            self.assertEqual(nulls, sorted(nulls, reverse=not descending))
            self.assertEqual(sorted(ids), sorted(wanted))
        else:
            self.assertEqual(ids, wanted)


class Templates(Case):
    def test_summary(self):
        self.compare("participants", ["full_name", "email", "nationality", "category", "form_status"],
                     ["Name", "Email", "Country", "Category", "Status"],
                     request={"template": "summary"})

    def test_standard_is_the_default_and_excel_the_format(self):
        answer = self.export({"export_type": "ambassadors", "program_id": 1})
        self.assertEqual(self.read(answer, "excel")[0], HEADERS["ambassadors", "standard"])
        self.assertEqual((answer["metadata"]["template"], answer["metadata"]["format"]),
                         ("standard", "excel"))

    def test_custom_takes_its_fields(self):
        self.compare("participants", ["email", "id", "full_name"], ["Email", "No.", "Full Name"],
                     request={"template": "custom",
                              "fields": ["email", {"field": "id", "header": "No."}, "full_name"]})

    def test_mappings_rename_headers(self):
        mappings = {"participants": {"full_name": "name", "nationality": "country"},
                    "payments": {"amount": "payment_amount"}}
        wanted = [{"Full Name": "name", "Country": "country"}.get(h, h)
                  for h in HEADERS["participants", "standard"]]
        self.assertEqual(self.header_of("participants", field_mappings=mappings), wanted)
        self.assertEqual(self.header_of("participants", config={"field_mappings": mappings}), wanted)
        self.assertIn("payment_amount", self.header_of("payments", field_mappings=mappings))
        # a header of the request itself wins
        self.assertEqual(self.header_of("participants", field_mappings=mappings,
                                        fields=[{"field": "full_name", "header": "Who"}]), ["Who"])

    def test_an_installation_has_fields_for_custom(self):
        config = {"fields": {"participants": ["id", {"field": "email", "header": "Mail"}]}}
        self.assertEqual(self.header_of("participants", config, template="custom"), ["ID", "Mail"])

    def test_fields_of_an_installation_that_are_none(self):
        for fields, said, meant in ((["id", "full_nam"], 'has no "full_nam"', "full_name"),
                                    (["id", "id"], 'name "id" twice', None)):
            answer = self.export({"export_type": "participants", "template": "custom"},
                                 config={"fields": fields}, expect=1)
            self.assertEqual((answer["error_code"], answer["details"]["field"],
                              answer["details"].get("suggestion")),
                             ("INVALID_CONFIG", "template", meant))
            self.assertIn("fields of the configuration", answer["message"])
            self.assertIn(said, answer["message"])

    def test_the_templates_of_the_specification_replace_ours(self):
        block = {"templates": {
            "participants_standard": {
                "fields": ["id", "full_name", "email", "nationality", "institution", "category",
                           "form_status", "created_at"],
                "headers": ["ID", "Full Name", "Email", "Country", "Institution", "Category",
                            "Form Status", "Registration Date"],
                "max_records_single_file": 15000},
            "participants_summary": {
                "fields": ["full_name", "email", "nationality", "category", "form_status"],
                "headers": ["Name", "Email", "Country", "Category", "Status"],
                "max_records_single_file": 50000, "optimized_for_large_datasets": True}}}
        folder = os.path.join(self.folder.name, "catalog")
        os.mkdir(folder)
        with open(os.path.join(folder, "templates.json"), "w", encoding="utf-8") as file:
            json.dump(block, file)
        for name, template in block["templates"].items():
            self.assertEqual(self.header_of("participants", {"catalog_dir": folder},
                                            template=name.split("_")[1]), template["headers"])

    def test_the_template_s_limit_of_a_file(self):
        """detailed holds 10,000 records, standard 15,000; smaller numbers by a template of our own."""
        folder = os.path.join(self.folder.name, "catalog")
        os.mkdir(folder)
        with open(os.path.join(folder, "few.json"), "w", encoding="utf-8") as file:
            json.dump({"templates": {"participants_few": {
                "fields": ["id"], "max_records_single_file": 100,
                "recommended_chunk_size": 40}}}, file)
        config = {"catalog_dir": folder, "chunk_configurations": {"min_chunk_size": 10}}
        for limit, strategy, files in ((100, "immediate_single", 1), (101, "multi_file", 3)):
            answer = self.export({"export_type": "participants", "template": "few",
                                  "filters": {"limit": limit}}, config=config)
            self.assertEqual(answer["export_strategy"], strategy)
            self.assertEqual(len(answer["data"].get("individual_files", [0])), files)


class Options(Case):
    def added(self, kind, template, option, wanted):
        """What an option adds to or takes from a template's headers, in place."""
        before = HEADERS[kind, template]
        found = self.header_of(kind, template=template, options=option)
        self.assertEqual(found, wanted(list(before)))

    def test_includes_of_participants(self):
        self.added("participants", "standard", {"include_essays": True}, lambda h: [*h, "Essays"])
        self.added("participants", "standard", {"include_payments": True},
                   lambda h: [*h, "Payment History"])
        for template in ("standard", "detailed"):
            self.added("participants", template, {"include_status": True},
                       lambda h: [*h, "General Status", "Document Status"])
            self.added("participants", template, {"include_status": False},
                       lambda h: [c for c in h if c != "Form Status"])
        self.added("participants", "detailed", {"include_essays": False},
                   lambda h: [c for c in h if c != "Essays"])
        self.added("participants", "detailed", {"include_payments": False},
                   lambda h: [c for c in h if c != "Payment History"])

    def test_no_related_data(self):
        self.added("participants", "detailed", {"include_related": False},
                   lambda h: [c for c in h if c not in ("Essays", "Payment History")])
        self.added("ambassadors", "detailed", {"include_related": False},
                   lambda h: [c for c in h if c != "Referral List"])
        self.added("participants", "detailed", {"include_related": False, "include_essays": True},
                   lambda h: [c for c in h if c not in ("Essays", "Payment History")] + ["Essays"])

    def test_details_of_the_participant_follow_the_e_mail(self):
        def wanted(header):
            at = header.index("Participant Email") + 1
            return [*header[:at], "Participant Country", "Participant Institution",
                    "Participant Phone Number", "Participant Category", *header[at:]]
        for template in ("standard", "detailed"):
            self.added("payments", template, {"include_participant_details": True}, wanted)
        fields = list(oracle.STANDARD["payments"])
        fields[3:3] = ["participant_nationality", "participant_institution",
                       "participant_phone_number", "participant_category"]
        self.compare("payments", fields, request={"options": {"include_participant_details": True}})

    def test_includes_of_ambassadors(self):
        self.added("ambassadors", "standard", {"include_referral_details": True},
                   lambda h: [*h, "Referral List"])
        self.added("ambassadors", "standard", {"include_referral_success_rate": True},
                   lambda h: [*h, "Referral Success Rate"])
        self.added("ambassadors", "detailed", {"include_referral_details": False,
                                               "include_referral_success_rate": False},
                   lambda h: h[:-2])

    def test_indonesian(self):
        answer = self.export({"export_type": "participants", "program_id": 1, "format": "csv",
                              "options": {"language": "id"}, "large_dataset_options": SINGLE})
        header, rows = self.read(answer, "csv")
        names = CATALOG["participants"]["fields"]
        self.assertEqual(header, [names[f]["header"]["id"] for f in oracle.STANDARD["participants"]])
        for name in ("category", "form_status", "payment_status"):
            at = oracle.STANDARD["participants"].index(name)
            words = names[name]["labels"].values()
            found = {row[at] for row in rows}
            self.assertTrue({w["id"] for w in words} <= found, name)
            self.assertFalse(found & {w["en"] for w in words} - {"Fully Funded"}, name)


class Looks(Case):
    FIELDS = ["id", "full_name", "birthdate", "created_at", "user_is_verified", "organizations"]

    def book(self, **request):
        answer = self.export({"export_type": "payments", "program_id": 1,
                              "large_dataset_options": SINGLE, **request})
        return openpyxl.load_workbook(self.data_path(answer))

    def formats(self, column, **request):
        """The number formats of a column's numbers, and what kinds of cells it has."""
        sheet = self.book(**request).worksheets[0]
        at = next(c.column for c in sheet[1] if c.value == column)
        cells = [row[at - 1] for row in sheet.iter_rows(min_row=2)]
        cells = [c for c in cells if c.value is not None]
        return ({c.number_format for c in cells if c.data_type in "nd"},
                {c.data_type for c in cells})

    def test_number_formats_of_a_spreadsheet(self):
        self.assertEqual(self.formats("Payment Amount")[0], {"#,##0.00"})
        self.assertEqual(self.formats("USD Amount")[0], {"#,##0.00"})
        self.assertEqual(self.formats("Payment Date")[0], {"yyyy-mm-dd hh:mm:ss"})
        self.assertEqual(self.formats("Payment ID"), ({"0"}, {"n"}))
        self.assertEqual(self.formats("Payment Amount", data_transformations={
            "currency_format": "0.000"})[0], {"0.000"})

    def test_amounts_are_aligned_to_the_right(self):
        sheet = self.book().worksheets[0]
        for column in ("Payment Amount", "USD Amount"):
            at = next(c.column for c in sheet[1] if c.value == column)
            self.assertEqual({row[at - 1].alignment.horizontal
                              for row in sheet.iter_rows(min_row=2)}, {"right"})

    def test_codes_and_telephone_numbers_are_texts(self):
        for kind, columns in (("payments", ("Transaction Code", "Order ID")),
                              ("participants", ("Phone Number", "Ambassador Reference"))):
            for column in columns:
                self.assertEqual(self.formats(column, export_type=kind)[1], {"s"})

    def test_the_first_sheet_is_the_data_under_one_header(self):
        book = self.book()
        sheet = book.worksheets[0]
        records = len(self.world.rows("payments", ["id"]))
        self.assertEqual((sheet.max_row, sheet.max_column),
                         (1 + records, len(HEADERS["payments", "standard"])))
        self.assertEqual([c.value for c in sheet[1]], HEADERS["payments", "standard"])

    def texts(self, **request):
        answer = self.export({"export_type": "participants", "program_id": 1, "format": "csv",
                              "fields": self.FIELDS, "large_dataset_options": SINGLE, **request})
        with open(self.data_path(answer), "rb") as file:
            return file.read()

    def test_transformations(self):
        content = self.texts(data_transformations={
            "date_format": "DD/MM/YYYY", "datetime_format": "DD.MM.YYYY HH:mm",
            "boolean_format": "Ya/Tidak", "null_values": "-"})
        rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))[1:]
        truth = self.world.rows("participants", self.FIELDS)
        self.assertEqual(len(rows), len(truth))
        for row, raw in zip(rows, truth):
            _, name, born, made, verified, groups = raw
            self.assertEqual(row[2:5], [
                born.strftime("%d/%m/%Y") if born else "-",
                f"{made:%d.%m.%Y %H:%M}" if made else "-",
                {"Yes": "Ya", "No": "Tidak", None: "-"}[verified]])
            self.assertEqual(row[1], "-" if name is None else oracle.guarded(name))
            self.assertEqual(row[5] == "-", groups is None or groups == "-")

    def test_csv_is_rfc_4180_with_a_mark(self):
        content = self.texts()
        self.assertTrue(content.startswith(b"\xef\xbb\xbfID,Full Name,"))
        self.assertTrue(content.endswith(b"\r\n"))
        lines = content.decode("utf-8-sig")
        self.assertEqual(len(list(csv.reader(io.StringIO(lines, newline=""), strict=True))),
                         1 + len(self.world.rows("participants", ["id"])))

    def test_other_kinds_of_csv(self):
        plain = self.texts()
        self.assertFalse(self.texts(csv={"bom": False}).startswith(b"\xef\xbb\xbf"))
        self.assertNotIn(b"\r\n", self.texts(csv={"line_ending": "lf"}).split(b"\n", 1)[0])
        self.assertTrue(self.texts(csv={"delimiter": ";"}).startswith(b"\xef\xbb\xbfID;Full Name;"))
        self.assertTrue(self.texts(csv={"quote": "all"}).startswith(b'\xef\xbb\xbf"ID","Full Name"'))
        self.assertTrue(self.texts(csv={"preset": "rfc4180"}) == plain[3:])
        amounts = self.texts(export_type="payments", fields=["id", "amount"],
                             csv={"preset": "excel-id"}).decode("utf-8-sig").splitlines()[1:]
        truth = self.world.rows("payments", ["id", "amount"])
        self.assertEqual(amounts, [f"{n};{'N/A' if a is None else str(a).replace('.', ',')}"
                                   for n, a in truth])

    def test_formulas_are_guarded_unless_that_is_turned_off(self):
        request = {"export_type": "participants", "fields": ["full_name", "instagram_account"],
                   "program_id": None}
        raw = [cell for row in self.world.rows("participants", request["fields"], program=None)
               for cell in row if cell]
        risky = [cell for cell in raw if oracle.guarded(cell) != cell]
        self.assertGreater(len(risky), 2)
        for guard in (True, False):
            content = self.texts(**request, csv={"formula_guard": guard})
            rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))[1:]
            found = [cell for row in rows for cell in row]
            for cell in risky:
                self.assertIn("'" + cell if guard else cell, found)

    def test_amounts_have_two_places(self):
        truth = self.world.rows("payments", ["amount", "usd_amount"])
        self.assertTrue(all(c is None or c == c.quantize(Decimal("0.01")) for r in truth for c in r))
        self.compare("payments", ["id", "amount", "usd_amount"])


class Files(Case):
    def names(self, **large):
        answer = self.export({"export_type": "participants", "program_id": 1,
                              "large_dataset_options": large},
                             config={"chunk_configurations": {"min_chunk_size": 100}})
        return answer, sorted(os.listdir(self.path_of(answer, "")))

    def test_names(self):
        self.assertEqual(self.names(strategy="single", compression="none")[1],
                         ["participants_export.xlsx"])
        self.assertEqual(self.names(strategy="compressed")[1],
                         ["participants_export_compressed.xlsx.gz"])
        count = len(self.world.rows("participants", ["id"]))
        total = -(-count // 100)
        self.assertEqual(self.names(strategy="multi_file", chunk_size=100)[1], sorted([
            *(f"participants_batch_{n}_of_{total}.xlsx" for n in range(1, total + 1)),
            "participants_complete_export.zip"]))

    def test_no_archive_where_none_is_wanted(self):
        answer, names = self.names(strategy="multi_file", chunk_size=100, create_zip_archive=False)
        self.assertNotIn("archive", answer["data"])
        self.assertFalse([name for name in names if name.endswith(".zip")])

    def test_a_folder_of_the_export_s_id(self):
        answer, _ = self.names(strategy="single")
        self.assertRegex(answer["export_id"], "^exp_[a-z0-9]{26}$")
        self.assertEqual(self.left(), [answer["export_id"]])
        self.assertFalse([name for _, _, names in os.walk(self.out) for name in names
                          if name.startswith(".")])

    def test_files_expire_after_the_days_that_are_asked_for(self):
        for more, config, days in (({}, None, 7), ({"delivery_options": {"retention_days": 2}}, None, 2),
                                   ({}, {"system_limits": {"file_retention_days": 3}}, 3)):
            answer = self.export({"export_type": "ambassadors", **more}, config=config)
            made = datetime.datetime.fromisoformat(answer["metadata"]["generated_at"][:-1])
            ends = datetime.datetime.fromisoformat(answer["data"]["expires_at"][:-1])
            self.assertLess(abs(ends - made - datetime.timedelta(days)), datetime.timedelta(minutes=1))

    def test_the_answer_repeats_what_was_asked(self):
        filters = {"category": "self_funded", "limit": 3}
        answer = self.export({"export_type": "participants", "template": "summary", "format": "csv",
                              "filters": filters})
        about = answer["metadata"]
        self.assertEqual((about["export_type"], about["template"], about["format"],
                          about["filters_applied"]), ("participants", "summary", "csv", filters))
        self.assertEqual(answer["data"]["file_size"], os.path.getsize(self.data_path(answer)))
        self.assertEqual(answer["data"]["record_count"], 3)

    def test_one_encoder_gives_the_same_bytes(self):
        parts = []
        for parallel in (True, False):
            answer, _ = self.names(strategy="single", compression="none", parallel_processing=parallel)
            parts.append(harness.packed_parts(self.data_path(answer)))
        self.assertEqual(*parts)

    def test_a_sheet_longer_than_recommended_gives_a_warning(self):
        for recommended, codes in ((100, ["LONG_SHEET"]), (1000, [])):
            answer = self.export({"export_type": "participants", "program_id": 1}, config={
                "format_limits": {"excel": {"recommended_rows_per_sheet": recommended}}})
            self.assertEqual([w["code"] for w in answer["metadata"]["warnings"]], codes)

    def test_mail_addresses_are_taken_and_a_warning_says_that_none_is_sent(self):
        for part in ("delivery_options", "large_dataset_options"):
            answer = self.export({"export_type": "ambassadors", part: {
                "email_notification": True, "email_address": "admin@example.com"}})
            self.assertIn("NO_EMAIL", [w["code"] for w in answer["metadata"]["warnings"]])


if __name__ == "__main__":
    tap.main()
