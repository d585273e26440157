"""The words of the built-in types, from the catalog's documents: headers and labels in both
languages, and what may be sorted by. What the reference page spells out stands in HEADERS too, so
that the documents are held against it."""
import functools
import json
import os

SOURCE = os.environ.get("YBB_SOURCE_DIR") or os.path.join(os.path.dirname(__file__), "../..")
KINDS = ("participants", "payments", "ambassadors")

STANDARD = {
    "participants": ["order_number", "full_name", "email", "nationality", "institution",
                     "phone_number", "category", "form_status", "payment_status", "created_at",
                     "ref_code_ambassador"],
    "payments": ["id", "participant_name", "participant_email", "amount", "currency",
                 "usd_amount", "status", "payment_method", "payment_date", "transaction_code",
                 "order_id"],
    "ambassadors": ["name", "email", "ref_code", "institution", "total_referrals", "is_active",
                    "created_at"],
}
DETAILED = {
    "participants": STANDARD["participants"] + [
        "gender", "birthdate", "education_level", "major", "current_address", "origin_address",
        "emergency_contact", "tshirt_size", "instagram_account", "essays", "payment_history"],
    "payments": STANDARD["payments"] + [
        "payment_category", "account_name", "source_name", "proof_url", "notes",
        "rejection_reason", "program_name"],
    "ambassadors": STANDARD["ambassadors"] + [
        "gender", "phone_number", "notes", "referral_list", "referral_success_rate"],
}
SUMMARY = ["full_name", "email", "nationality", "category", "form_status"]
# of the detailed templates, which begin with the standard ones
HEADERS = {
    "participants": [
        "Order Number", "Full Name", "Email", "Country", "Institution", "Phone Number", "Category",
        "Form Status", "Payment Status", "Registration Date", "Ambassador Reference", "Gender",
        "Birth Date", "Education Level", "Major", "Current Address", "Origin Address",
        "Emergency Contact", "T-shirt Size", "Instagram Account", "Essays", "Payment History"],
    "payments": [
        "Payment ID", "Participant Name", "Participant Email", "Payment Amount", "Currency",
        "USD Amount", "Payment Status", "Payment Method", "Payment Date", "Transaction Code",
        "Order ID", "Payment Category", "Account Name", "Source Name", "Proof URL", "Notes",
        "Rejection Reason", "Program Information"],
    "ambassadors": [
        "Ambassador Name", "Email", "Reference Code", "Institution", "Total Referrals",
        "Active Status", "Registration Date", "Gender", "Phone Number", "Notes", "Referral List",
        "Referral Success Rate"],
}
SUMMARY_HEADERS = {"en": ["Name", "Email", "Country", "Category", "Status"],
                   "id": ["Nama", "Email", "Negara", "Kategori", "Status"]}
LABELS = {
    ("participants", "category"): {"fully_funded": "Fully Funded", "self_funded": "Self Funded"},
    ("participants", "form_status"): {0: "Not Started", 1: "On Progress", 2: "Submitted"},
    ("participants", "general_status"): {0: "Not Started", 1: "In Progress", 2: "Completed"},
    ("participants", "document_status"): {0: "Not Started", 1: "On Progress", 2: "Submitted"},
    ("participants", "payment_status"): {"success": "Success", "pending": "Pending",
                                         "none": "None"},
    ("payments", "status"): {0: "Created", 1: "Pending", 2: "Success", 3: "Cancelled",
                             4: "Rejected"},
    ("payments", "payment_method"): {1: "Midtrans", 2: "Manual Transfer"},
    ("payments", "participant_category"): {"fully_funded": "Fully Funded",
                                           "self_funded": "Self Funded"},
    ("ambassadors", "is_active"): {1: "Active", 0: "Inactive"},
}


def in_language(words, language):
    return words if isinstance(words, str) else words.get(language, words["en"])


@functools.cache
def catalog():
    types = {}
    for kind in KINDS:
        path = os.path.join(SOURCE, "lib/model/catalog", kind + ".json")
        with open(path, encoding="utf-8") as file:
            types[kind] = json.load(file)["types"][kind]
    return types


class Words:
    """Of one language."""

    def __init__(self, language="en"):
        self.language = language
        self.types = catalog()

    def title(self, kind):
        return in_language(self.types[kind]["title"], self.language)

    def header(self, kind, field):
        return in_language(self.types[kind]["fields"][field]["header"], self.language)

    def label(self, kind, field, stored):
        """What is shown for a stored value, or None where it has no label."""
        if (kind, field) not in LABELS or stored not in LABELS[kind, field]:
            return None
        if self.language == "en":
            return LABELS[kind, field][stored]
        found = self.types[kind]["fields"][field]
        found = found.get("fallback", found)["labels"][str(stored)]
        return in_language(found, self.language)

    def sortable(self, kind):
        return [name for name, field in self.types[kind]["fields"].items()
                if field.get("sortable", True) and "fallback" not in field and
                not {"row_number", "lines", "count", "share", "case"} & field.keys()]


def strange_words():
    """What the documents say otherwise than the reference page; nothing, if all is well."""
    words = Words("en")
    for kind in KINDS:
        for field, header in zip(DETAILED[kind], HEADERS[kind], strict=True):
            if words.header(kind, field) != header:
                yield f"{kind}.{field} is headed {words.header(kind, field)!r}, not {header!r}"
    for (kind, field), labels in LABELS.items():
        found = words.types[kind]["fields"][field]
        found = found.get("fallback", found)["labels"]
        found = {stored: in_language(label, "en") for stored, label in found.items()}
        if found != {str(stored): label for stored, label in labels.items()}:
            yield f"{kind}.{field} has the labels {found}"
