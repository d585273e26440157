"""The rows of every type and template, on every database, as a spreadsheet and as CSV, against
the oracle."""
import unittest

import harness
import oracle
import tap


class Rows(harness.Case):
    maxDiff = 2000

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.world = oracle.World(harness.Case.database)

    def compare(self, kind, template="standard", filters=None, options=None, **how):
        """One request on every source in both formats; @how goes to the oracle."""
        fields = (oracle.STANDARD if template == "standard" else oracle.DETAILED)[kind]
        truth = self.world.rows(kind, fields, **how)
        request = {"export_type": kind, "template": template, "filters": filters or {},
                   "options": options or {},
                   "large_dataset_options": {"strategy": "single", "compression": "none"}}
        if how.get("program", 1) is not None:
            request["program_id"] = how.get("program", 1)
        for source in harness.Case.sources:
            for form in ("excel", "csv"):
                with self.subTest(source=source, format=form):
                    response = self.export({**request, "format": form}, source)
                    self.check(response, form, kind, template, truth)
        return truth

    def check(self, response, form, kind, template, truth):
        path = self.data_path(response)
        read, render = ((harness.read_xlsx, oracle.render_xlsx) if form == "excel"
                        else (harness.read_csv, oracle.render_csv))
        header, rows = read(path)
        self.assertEqual(list(header), oracle.HEADERS[kind, template])
        self.assertEqual(len(rows), len(truth))
        self.assertEqual(response["data"]["record_count"], len(truth))
        for got, raw in zip(rows, truth):
            wanted = [render(c) for c in raw]
            # openpyxl gives None for an empty text
            got = ["" if g is None else g for g in got]
            self.assertEqual(got, wanted)

    def test_participants_standard(self):
        truth = self.compare("participants")
        self.assertEqual(len(truth), harness.PARTICIPANTS)

    def test_participants_detailed(self):
        self.compare("participants", "detailed")

    def test_payments_standard(self):
        self.assertGreater(len(self.compare("payments")), 500)

    def test_payments_detailed(self):
        self.compare("payments", "detailed")

    def test_ambassadors_standard(self):
        self.assertGreater(len(self.compare("ambassadors")), 3)

    def test_ambassadors_detailed(self):
        self.compare("ambassadors", "detailed")

    def test_all_programs(self):
        self.assertGreater(len(self.compare("participants", program=None)), harness.PARTICIPANTS)

    def test_limit_cuts_behind_the_sort(self):
        truth = self.compare("participants", "detailed", {"limit": 321},
                             {"sort_by": "birthdate", "sort_order": "desc"},
                             sort="birthdate", descending=True, limit=321)
        self.assertEqual(len(truth), 321)

    def test_sort_with_null_first_ascending(self):
        truth = self.compare("participants", "detailed", None, {"sort_by": "birthdate"},
                             sort="birthdate")
        self.assertIsNone(truth[0][12])

    def test_sort_by_key_descending(self):
        self.compare("payments", "detailed", {"limit": 1500}, {"sort_order": "desc"},
                     descending=True, limit=1500)

    def test_date_range_is_inclusive(self):
        days = sorted(p["created_at"][:10] for p in self.world.t["participants"]
                      if p["created_at"])
        start, end = days[len(days) // 4], days[len(days) // 2]
        truth = self.compare("participants", "standard",
                             {"date_range": {"start": start, "end": end}},
                             keep=lambda p: p["created_at"] is not None
                             and start <= p["created_at"][:10] <= end)
        self.assertGreater(len(truth), 10)

    def test_category(self):
        self.compare("participants", "standard", {"category": "fully_funded"},
                     keep=lambda p: p["category"] == "fully_funded")

    def test_form_status_counts_a_missing_row_as_not_started(self):
        self.compare("participants", "detailed", {"form_status": "0"},
                     keep=lambda p: (self.world.statuses.get(p["id"]) or {})
                     .get("form_status", 0) == 0)

    def test_form_status_list(self):
        self.compare("participants", "standard", {"form_status": [1, "2"]},
                     keep=lambda p: (self.world.statuses.get(p["id"]) or {})
                     .get("form_status", 0) in (1, 2))

    def test_payment_status(self):
        for state in ("success", "pending", "none"):
            self.compare("participants", "standard", {"payment_status": state},
                         keep=lambda p, s=state: self.world.state(p) == s)

    def test_referral_code_is_compared_by_its_bytes(self):
        code = next(a["ref_code"] for a in self.world.t["ambassadors"] if a["ref_code"])
        self.compare("participants", "standard", {"ambassador_ref": code},
                     keep=lambda p: p["ref_code_ambassador"] == code)

    def test_payments_by_status(self):
        self.compare("payments", "standard", {"status": 2}, keep=lambda p: p["status"] == 2)

    def test_payments_by_amount(self):
        amounts = sorted(p["amount"] for p in self.world.t["payments"] if p["amount"] is not None)
        low, high = oracle.money(amounts[len(amounts) // 4]), oracle.money(amounts[len(amounts) // 2])
        self.compare("payments", "standard",
                     {"amount_range": {"min": str(low), "max": float(high)}},
                     keep=lambda p: p["amount"] is not None
                     and low <= oracle.money(p["amount"]) <= high)

    def test_ambassadors_by_status(self):
        self.compare("ambassadors", "detailed", {"status": "1"},
                     keep=lambda a: a["is_active"] == 1)

    def test_ambassadors_by_referrals(self):
        self.compare("ambassadors", "standard", {"min_referrals": 3},
                     keep=lambda a: len(self.world.referrals(a)) >= 3)

    def test_deleted_rows_on_demand(self):
        for kind in ("participants", "payments", "ambassadors"):
            kept = len(self.compare(kind))
            all_of_them = self.compare(kind, "detailed", None, {"include_deleted": True},
                                       deleted=True)
            if kind != "ambassadors":  # of which none is deleted
                self.assertGreater(len(all_of_them), kept)

    def test_values_that_do_not_filter(self):
        self.compare("participants", "standard",
                     {"category": "all", "form_status": "", "payment_status": None,
                      "date_range": []})

    def test_an_empty_result_has_its_header(self):
        truth = self.compare("participants", "standard", {"ambassador_ref": "no such code"},
                             keep=lambda p: False)
        self.assertEqual(truth, [])


if __name__ == "__main__":
    tap.main()
