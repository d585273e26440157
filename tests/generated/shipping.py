"""How many records are delivered in which files: strategy, chunks, names, archive."""
import re

from reading import Refused, given, laid_over, part

DEFAULTS = {
    "immediate": 1000, "background": 10000, "single": 25000, "small": 50000,
    "default_chunk": 10000, "min_chunk": 1000, "max_chunk": 25000, "csv_chunk": 50000,
    "small_chunks": 5000, "large_chunks": 15000,
    "rows_per_sheet": 1048576, "advised": 100000, "sheets": 10,
    "levels": [1000, 10000, 50000], "retention": 7,
}
EXTENSIONS = {"excel": "xlsx", "csv": "csv"}
ENDLESS = float("inf")
NAMES = {"single": "{type}_export", "compressed": "{type}_export_compressed",
         "batch": "{type}_batch_{number}_of_{total}", "archive": "{type}_complete_export"}


def number(value):
    return None if value is None else int(value)


class Limits:
    """Of a configuration."""

    def __init__(self, config):
        self.__dict__.update(DEFAULTS)
        limits, chunks = part(config, "system_limits"), part(config, "chunk_configurations")
        rules = part(config, "strategy_rules")
        for rule, name in rules.items():
            if name.startswith(("immediate", "background", "compressed", "multi_file_small")):
                border = {"i": "immediate", "b": "background", "c": "single", "m": "small"}[name[0]]
                setattr(self, border, int(rule.split("<")[-1]))
        self.take("immediate", limits.get("max_records_immediate_processing"))
        self.take("single", limits.get("max_records_single_file"))
        self.take("retention", limits.get("file_retention_days"))
        self.take("default_chunk", chunks.get("default_chunk_size"))
        self.take("min_chunk", chunks.get("min_chunk_size"))
        self.take("max_chunk", chunks.get("max_chunk_size"))
        self.take("csv_chunk", given(config, "format_limits", "csv", "recommended_chunk_size"))
        self.take("rows_per_sheet", given(config, "format_limits", "excel", "max_rows_per_sheet"))
        self.take("advised", given(config, "format_limits", "excel", "recommended_rows_per_sheet"))
        self.take("sheets", given(config, "format_limits", "excel", "max_sheets_per_file"))
        self.take("small_chunks", given(config, "chunk_sizes", "small_chunks"))
        self.take("large_chunks", given(config, "chunk_sizes", "large_chunks"))
        levels = given(config, "queue_config", "priority_levels")
        if levels:
            # "5-10 records", "> 20 records"
            self.levels = [int(re.search(r"\d+", levels[name]).group())
                           for name in ("high", "normal", "low")]

    def take(self, name, value):
        if value is not None:
            setattr(self, name, int(value))


class Shipping:
    """The delivery of some Rows. `files` has (name, first record, records) of each."""

    def __init__(self, reading, rows):
        request, self.reading = reading.request, reading
        self.count, self.rows = len(rows.records), rows
        self.limits = limits = Limits(reading.config)
        large = part(request, "large_dataset_options")
        delivery = part(request, "delivery_options")
        self.compression = large.get("compression")
        self.rows_per_sheet = limits.rows_per_sheet - 1 if reading.format == "excel" else ENDLESS
        self.capacity = self.rows_per_sheet * limits.sheets
        self.template = reading.template or {}
        self.warnings = {"SORT_IGNORED"} if reading.is_sort_passed_over() else set()
        if laid_over({}, large, delivery).get("email_notification"):
            self.warnings.add("NO_EMAIL")
        days = laid_over({"retention_days": self.limits.retention}, large, delivery)
        self.retention = int(days["retention_days"])
        self.wanted_chunk = self.held(number(large.get("chunk_size")) or
                                      number(reading.options.get("batch_size")))
        self.strategy = self.choose(large.get("strategy") or "auto")
        archive = delivery.get("create_zip_archive")
        if archive is None:
            archive = large.get("create_zip_archive")
        self.warn_of_packing(large.get("strategy") or "auto", archive)
        self.extension = EXTENSIONS[reading.format]
        self.names = {**NAMES, **part(reading.config, "file_names")}
        self.multi = self.strategy == "multi_file"
        if self.multi:
            self.in_batches(archive is not False)
        else:
            self.in_one()
        longest = min(len(rows.rows), self.chunk_size or ENDLESS, self.rows_per_sheet)
        if reading.format == "excel" and longest > limits.advised:
            self.warnings.add("LONG_SHEET")
        self.priority = ["immediate", "high", "normal", "low"][sum(
            self.count >= level for level in limits.levels)]

    def warn_of_packing(self, wish, archive):
        if wish == "multi_file" and self.compression == "gzip":
            self.warnings.add("NOT_GZIPPED")
        if wish not in ("auto", "multi_file") and archive and self.compression != "zip":
            self.warnings.add("NOT_ARCHIVED")

    def held(self, wanted):
        if wanted is None:
            return None
        held = min(max(wanted, self.limits.min_chunk), self.limits.max_chunk)
        if held != wanted:
            self.warnings.add("CHUNK_SIZE_HELD")
        return held

    def fits_one(self):
        own = self.template.get("max_records_single_file")
        return self.count <= own if own is not None else self.count < self.limits.single

    def choose(self, wish):
        if wish == "auto":
            if len(self.rows.rows) > self.capacity or not self.fits_one():
                return "multi_file"
            if self.count < self.limits.immediate:
                return "immediate_single"
            if self.count < self.limits.background or self.compression == "none":
                return "background_single"
            return "compressed_single"
        if wish == "compressed":
            if self.compression == "none":
                self.warnings.add("NOT_COMPRESSED")
                return "single"
            return "compressed_single"
        return wish

    def chunk(self):
        chunk = self.wanted_chunk or self.template.get("recommended_chunk_size")
        if chunk is None:
            chunk = self.table_chunk()
        return max(1, min(chunk, self.limits.max_chunk, self.capacity))

    def table_chunk(self):
        if self.count < self.limits.small and self.fits_one():
            return self.limits.default_chunk
        if self.reading.format == "csv":
            return self.limits.csv_chunk
        return (self.limits.small_chunks if self.count < self.limits.small else
                self.limits.large_chunks)

    def name(self, pattern, **known):
        program = self.reading.request.get("program_id")
        return self.names[pattern].format(
            type=self.reading.kind, program="all" if program is None else int(program),
            records=self.count, **known)

    def in_batches(self, archive):
        self.chunk_size = self.chunk()
        chunks = self.cut_groups() if self.reading.grouped else self.cut()
        self.files = [
            (self.name("batch", number=n, total=len(chunks),
                       range=record_range(*chunk) or "0-0") + "." + self.extension, *chunk)
            for n, chunk in enumerate(chunks, 1)]
        self.archive = self.name("archive") + ".zip" if archive else None
        self.used = "zip" if archive else "none"

    def cut(self):
        """(first record, records) of each batch."""
        chunk = self.chunk_size
        return [(first, min(chunk, self.count - first + 1))
                for first in range(1, max(1, self.count) + 1, chunk)]

    def cut_groups(self):
        """A batch ends with the group that fills it, or the one before if a file cannot hold that;
        a group too large for a file goes on in the next."""
        chunks, first = [], 1
        while first <= self.count:
            ends = [g for g in self.rows.groups if g >= first]
            wanted = next((g for g in ends if g - first + 1 >= self.chunk_size), ends[-1])
            fitting = [g for g in ends if g <= wanted and
                       len(self.rows.between(first, g - first + 1)) <= self.capacity]
            last = fitting[-1] if fitting else first - 1 + min(self.capacity, ends[0] - first)
            if last < first:
                raise Refused("TOO_LARGE")  # more subtotals than a file can hold
            chunks.append((first, last - first + 1))
            first = last + 1
        return chunks or [(1, 0)]

    def in_one(self):
        if len(self.rows.rows) > self.capacity:
            raise Refused("TOO_LARGE", "large_dataset_options.strategy")
        self.chunk_size = None
        self.used = self.compression or ("gzip" if self.strategy == "compressed_single" else "none")
        name = self.name("compressed" if self.used == "gzip" else "single") + "." + self.extension
        self.files = [(name + (".gz" if self.used == "gzip" else ""), 1, self.count)]
        self.archive = self.name("archive") + ".zip" if self.used == "zip" else None


def record_range(first, count):
    return f"{first}-{first + count - 1}" if count else ""
