"""docs/answer.schema.json and docs/manifest.schema.json take the shapes of the specification and refuse what
lacks a part, has one too many, or has one of another type. (Every answer that a test of tests/e2e gets is
held against them too.)"""
import copy
import json
import os
import pathlib
import sys
import unittest

source = pathlib.Path(os.environ.get("YBB_SOURCE_DIR", "."))
sys.path.insert(0, str(source / "tests/e2e"))
import tap  # noqa: E402

try:
    import jsonschema
except ImportError:
    print("1..0 # SKIP jsonschema is missing: on Debian and Ubuntu install python3-jsonschema")
    sys.exit(0)

ID = "exp_0123456789abcdefghijklmnop"
TIME = "2025-07-23T15:30:00Z"


def size(key, number=8179, text="8 KB"):
    return {key: number, key + "_text": text}


PROGRESS = {"stage": "file_generation", "percentage": 48.1, "current_chunk": 3, "total_chunks": 6,
            "records_processed": 25000, "total_records": 52000, "estimated_completion": TIME,
            "current_operation": "Processing chunk 3: records 20001-30000"}
PERFORMANCE = {"processing_speed": "2500 records/minute", "records_per_second": 41.667,
               "elapsed_time": "10 minutes", "estimated_remaining": "11 minutes",
               **size("memory_usage_peak")}
METADATA = {"export_type": "participants", "format": "excel", "template": "standard",
            "program_id": 1, "filters_applied": {"limit": 3},
            "request": {"export_type": "participants", "program_id": 1, "filters": {"limit": 3}}, "generated_at": TIME, "processing_time": 0.173,
            "memory_peak": "8 KB", "priority": "high", "consistency": "resumed",
            "resumed_at_chunk": 3, "attempts": 2, "takeovers": 1,
            "warnings": [{"code": "CHUNK_SIZE_HELD", "message": "it was held", "field": None}]}
NOTIFICATION = {"state": "queued", "attempts": 1, "next_attempt_at": TIME, "sent_at": None,
                "last_error": {"error_code": "MAIL_DEFERRED", "message": "later (451 4.7.1)"}}
ABOUT = {"progress": PROGRESS, "performance": PERFORMANCE, "notification": NOTIFICATION,
         "metadata": METADATA}
BATCH = {"batch_number": 1, "file_name": "participants_batch_1_of_5.xlsx",
         "file_url": "https://admin.example.org/api/export/x/download/batch/1",
         **size("file_size"), "record_count": 10000, "record_range": "1-10000"}
ARCHIVE = {"zip_file_name": "participants_complete_export.zip", "zip_file_url": "file:///x.zip",
           **size("zip_file_size"), "compression_ratio": "73%"}
ERROR = {"status": "error", "message": "filters.limit is 0, not an integer from 1",
         "error_code": "INVALID_VALUE",
         "details": {"field": "filters.limit", "value": "0", "allowed": "an integer from 1",
                     "memory_exceeded": False, "retriable": False},
         "recovery_options": {"retry_with_smaller_chunks": False,
                              "use_multi_file_strategy": False, "resume": False,
                              "filter_suggestions": []}}
RUNS = {"completed": 3, "failed": 1, "cancelled": 0, "records": 3000, **size("bytes"),
        "processing_seconds": 1.5, "records_per_second": 2000}
CLASSES = ("immediate", "high", "normal", "low")
PLACES = {"queued": 2, "running": 1, "limit": 3}
QUEUE = {"queued": 2, "running": 1, "max_queue_size": 50, "full": False,
         "retry_after_seconds": 0, "oldest_wait_seconds": 1.5,
         "classes": {name: {**PLACES, "estimated_wait_seconds": None} for name in CLASSES},
         "large_exports": PLACES, "owners_alive": {"inproc": 0, "worker": 1}}
LIMITS = {
    "system_limits": {"max_records_single_file": 25000, "max_records_immediate_processing": 1000,
                      "max_file_size_mb": 50, "max_memory_usage_gb": 2,
                      "max_processing_time_minutes": 30, "max_concurrent_large_exports": 3,
                      "file_retention_days": 7},
    "chunk_configurations": {"default_chunk_size": 10000, "min_chunk_size": 1000,
                             "max_chunk_size": 25000, "memory_based_chunking": True,
                             "adaptive_chunk_sizing": True},
    "format_limits": {"excel": {"max_rows_per_sheet": 1048576, "max_sheets_per_file": 10,
                                "recommended_rows_per_sheet": 100000},
                      "csv": {"no_row_limit": True, "recommended_chunk_size": 50000},
                      "pdf": {"max_rows_recommended": 5000, "max_pages": 1000}},
    "strategy_rules": {"record_count < 1000": "immediate_single_file",
                       "1000 <= record_count < 10000": "background_single_file",
                       "10000 <= record_count < 25000": "compressed_single_file",
                       "25000 <= record_count < 50000": "multi_file_small_chunks",
                       "record_count >= 50000": "multi_file_large_chunks_or_streaming"},
    "chunk_sizes": {"small_chunks": 5000, "medium_chunks": 10000, "large_chunks": 15000},
    "queue_config": {"max_queue_size": 50,
                     "priority_levels": {"immediate": "< 1000 records",
                                         "high": "1000-10000 records",
                                         "normal": "10000-50000 records",
                                         "low": "> 50000 records"},
                     "concurrent_processing": dict.fromkeys(CLASSES, 3),
                     "timeout_settings": dict.fromkeys(CLASSES, "30 minutes"),
                     "lease_seconds": 15, "max_attempts": 5, "max_takeovers": 10,
                     "retry_pause_seconds": 1, "max_unfinished_per_owner": 0}}
WORDS = {"en": "Name", "id": "Nama"}
ANSWERS = {
    "success": {"status": "success", "export_id": ID, "export_strategy": "immediate_single",
                "message": "Export completed successfully",
                "data": {"export_id": ID, "file_url": "file:///x.xlsx", "file_name": "x.xlsx",
                         **size("file_size"), "record_count": 3, "expires_at": TIME}, **ABOUT},
    "multi-file": {"status": "success", "export_id": ID, "export_strategy": "multi_file",
                   "message": "Large export completed successfully",
                   "data": {"export_id": ID, "total_records": 10000, "total_files": 1,
                            "individual_files": [BATCH], "archive": ARCHIVE, "expires_at": TIME},
                   **ABOUT},
    "streamed": {"status": "success", "export_id": ID, "export_strategy": "streaming",
                 "message": "Export was streamed to its end",
                 "data": {"export_id": ID, "record_count": 3, "expires_at": TIME,
                          "content_type": "text/csv; charset=utf-8"}, **ABOUT},
    "stream": {"status": "processing", "export_id": ID, "export_strategy": "streaming",
               "message": "Export is ready to be streamed",
               "data": {"export_id": ID, "estimated_completion": None, "estimated_records": 52000,
                        "estimated_size": None, "estimated_size_text": None, "queue_position": 0,
                        "stream_url": "https://admin.example.org/api/export/x/stream",
                        "content_type": "application/vnd.openxmlformats-officedocument"
                                        ".spreadsheetml.sheet"}, **ABOUT},
    "processing": {"status": "processing", "export_id": ID, "export_strategy": None,
                   "message": "Export is queued",
                   "data": {"export_id": ID, "estimated_completion": None,
                            "estimated_records": 52000, "estimated_size": None, "estimated_size_text": None,
                            "queue_position": 1}, **ABOUT},
    "failure": {**ERROR, "details": {**ERROR["details"], "record_count": 52000,
                                     "completed_chunks": 2, "suggested_chunk_size": 5000},
                "export_id": ID, "export_strategy": "multi_file", **ABOUT},
    "refusal": {**ERROR, "details": {**ERROR["details"], "retry_after_seconds": 7}},
    "chunks": {"status": "processing", "export_id": ID, "total_chunks": 5, "completed_chunks": 1,
               "chunks": [BATCH]},
    "list": {"status": "success", "data": {"next": 17, "exports": [{
        "export_id": ID, "owner": "ana", "status": "error", "error_code": "TIMEOUT", "message": "it took too long",
        "resumable": True, "export_type": "participants", "format": "excel", "template": "standard",
        "program_id": 1, "export_strategy": "multi_file", "percentage": 48.1, "total_records": 52000,
        "completed_files": 2, **size("file_size"), "created_at": TIME, "ended_at": TIME, "expires_at": TIME}]}},
    "queue": {"status": "success", "data": {"export_id": ID, "queue_position": 2,
                                            "priority": "normal", "estimated_wait_seconds": 2.5,
                                            "queue": QUEUE}},
    "stats": {"status": "success", "limits": LIMITS,
              "data": {"exports": {"queued": 2, "running": 1, "completed": 3, "failed": 1,
                                   "cancelled": 0, "expired": 0},
                       "last_7_days": RUNS, "by_class": dict.fromkeys(CLASSES, RUNS),
                       "by_type": {"participants": RUNS}, "failures_last_hour": 1,
                       "queue": QUEUE}},
    "estimate": {"status": "success", "estimated_records": 52000,
                 "data": {"export_type": "participants", "format": "excel",
                          "template": "standard", **size("estimated_size"),
                          "estimated_seconds": 2.7, "estimated_wait_seconds": 0,
                          "records_per_second": 20000, "speed": "assumed",
                          "strategy": "multi_file", "chunk_size": 15000, "total_files": 4,
                          "priority": "low", "timeout_seconds": 1800, "warnings": []}},
    "deleted": {"status": "success", "message": "Export and its files were deleted",
                "data": {"export_id": ID, "deleted": True}},
    "swept": {"status": "success", "message": "Sweep completed",
              "data": {"expired_exports": 1, "forgotten_records": 2, "temporary_files": 3,
                       "unknown_folders": 0, **size("freed")}},
    "templates": {"status": "success",
                  "templates": {"participants_short": {
                      "export_type": "participants", "template": "short", "fields": ["id"],
                      "headers": ["ID"], "headers_by_language": {"en": ["ID"], "id": ["ID"]},
                      "max_records_single_file": 25000, "recommended_chunk_size": 10000,
                      "optimized_for_large_datasets": False}},
                  "export_types": {"participants": {
                      "title": WORDS, "has_programs": True, "templates": ["short"],
                      "fields": [{"name": "id", "header": WORDS, "type": "integer",
                                  "sortable": True, "related": False, "values": []}],
                      "filters": [], "options": [], "include_related": []}},
                  "email_notification": True},
}
MANIFEST = {"export_id": ID, "export_type": "participants", "template": "standard",
            "filters_applied": {}, "started_at": TIME, "consistency": "resumed",
            "resumed_at_chunk": 2, "counted_records": 3, "total_records": 3, "total_files": 1,
            "files": [{"file_name": "x.csv", "rows": 3, "record_range": "1-3", "bytes": 100,
                       "crc32": "0123abcd", "sha256": "0" * 64}], "warnings": [],
            "repairs": [{"file_name": "x.csv", "record": 3, "column": "Notes", "repair": "guarded"}]}
# Parts that may be missing, of the documents above.
OPTIONAL = {"field", "value", "allowed", "suggestion", "archive", "resumed_at_chunk",
            "completed_chunks", "suggested_chunk_size", "retry_after_seconds",
            "notification"}
OPTIONAL_IN_DETAILS = {"record_count"}
# Objects whose keys are an installation's own.
BY_NAME = {"templates", "export_types", "by_type"}
# Parts whose content is not ours: the filters and the request as they came.
FREE = {"filters_applied", "request"}


def places(value, path=()):
    """The path of every object and every value in a document."""
    yield path
    if isinstance(value, dict) and not (path and path[-1] in FREE):
        for key in value:
            yield from places(value[key], (*path, key))
    elif isinstance(value, list):
        for n in range(len(value)):
            yield from places(value[n], (*path, n))


def with_change(document, path, change):
    """A copy in which the part at @path is another."""
    made = copy.deepcopy(document)
    if not path:
        return change(made)
    holder = made
    for step in path[:-1]:
        holder = holder[step]
    holder[path[-1]] = change(holder[path[-1]])
    return made


def without(document, path):
    made = copy.deepcopy(document)
    holder = made
    for step in path[:-1]:
        holder = holder[step]
    del holder[path[-1]]
    return made


class Schemas(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.by_name = {}
        for name in ("answer", "manifest"):
            schema = json.loads((source / f"docs/{name}.schema.json").read_text("utf-8"))
            jsonschema.Draft202012Validator.check_schema(schema)
            cls.by_name[name] = jsonschema.Draft202012Validator(schema)

    def documents(self):
        for name, answer in ANSWERS.items():
            yield name, self.by_name["answer"], answer
        yield "manifest", self.by_name["manifest"], MANIFEST

    def test_the_shapes_are_valid(self):
        for name, validator, document in self.documents():
            with self.subTest(name=name):
                self.assertEqual([e.message for e in validator.iter_errors(document)], [])

    def test_nothing_may_be_missing(self):
        for name, validator, document in self.documents():
            for path in places(document):
                holder = path[-2] if len(path) > 1 else None
                if path and isinstance(path[-1], str) and path[-1] not in OPTIONAL and not (
                        holder in {*FREE, *BY_NAME} or
                        (holder == "details" and path[-1] in OPTIONAL_IN_DETAILS)):
                    with self.subTest(name=name, path=path):
                        self.assertFalse(validator.is_valid(without(document, path)))

    def test_nothing_may_be_added(self):
        for name, validator, document in self.documents():
            for path in places(document):
                part = document
                for step in path:
                    part = part[step]
                if isinstance(part, dict) and not (path and path[-1] in FREE):
                    with self.subTest(name=name, path=path):
                        self.assertFalse(validator.is_valid(
                            with_change(document, path, lambda p: {**p, "more": 1})))

    def test_every_value_has_its_type(self):
        for name, validator, document in self.documents():
            for path in places(document):
                with self.subTest(name=name, path=path):
                    other = with_change(document, path, lambda p: [p, {"of": "another type"}])
                    self.assertFalse(validator.is_valid(other))


if __name__ == "__main__":
    tap.main()
