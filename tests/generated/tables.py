"""The tables of an installation: their columns, and how each database declares them."""

COMMON = [("is_active", "tiny"), ("is_deleted", "tiny"), ("created_at", "moment"),
          ("updated_at", "moment")]
STAMPS = [("created_at", "moment"), ("updated_at", "moment")]

# a number: a text of at most so many characters
TABLES = {
    "programs": [("id", "key"), ("name", 255), *COMMON],
    "users": [("id", "key"), ("email", 255), ("is_verified", "tiny"), ("last_login_at", "moment"),
              *COMMON],
    "participants": [
        ("id", "key"), ("user_id", "id"), ("account_id", 64), ("full_name", 255), ("gender", 16),
        ("birthdate", "day"), ("nationality", 100), ("nationality_flag", 255),
        ("nationality_code", 8), ("occupation", 255), ("education_level", 100), ("major", 255),
        ("institution", 255), ("organizations", 255), ("phone_number", 32), ("country_code", 8),
        ("current_address", 500), ("origin_address", 500), ("picture_url", 500),
        ("instagram_account", 100), ("emergency_contact", 64), ("contact_relation", 64),
        ("disease_history", 500), ("tshirt_size", 8), ("category", 32), ("experiences", "long"),
        ("achievements", "long"), ("resume_url", 500), ("knowledge_source", 255),
        ("source_account_name", 255), ("twibbon_link", 500), ("requirement_link", 500),
        ("ref_code_ambassador", 64), ("program_id", "id"), *COMMON],
    "participant_statuses": [
        ("id", "key"), ("participant_id", "unique"), ("general_status", "tiny"),
        ("form_status", "tiny"), ("document_status", "tiny"), *STAMPS],
    "program_essays": [("id", "key"), ("program_id", "id"), ("question", 1000), ("position", "int"),
                       *COMMON],
    "participant_essays": [
        ("id", "key"), ("participant_id", "id"), ("program_essay_id", "id"), ("answer", "long"),
        ("is_deleted", "tiny"), *STAMPS],
    "program_payments": [("id", "key"), ("program_id", "id"), ("name", 255), ("category", 64),
                         *COMMON],
    "payment_methods": [("id", "key"), ("name", 100), *COMMON],
    "payments": [
        ("id", "key"), ("participant_id", "id"), ("program_payment_id", "id"),
        ("payment_method_id", "id"), ("transaction_code", 100), ("order_id", 100),
        ("payment_date", "moment"), ("amount", "money"), ("usd_amount", "money"),
        ("currency", "code"), ("status", "tiny"), ("proof_url", 500), ("account_name", 255),
        ("source_name", 255), ("notes", "long"), ("rejection_reason", 500), ("payment_url", 500),
        *COMMON],
    "ambassadors": [
        ("id", "key"), ("name", 255), ("email", 255), ("ref_code", 64), ("program_id", "id"),
        ("institution", 255), ("gender", 16), ("phone_number", 32), ("notes", "long"), *COMMON],
}
# columns that filters, joins and sorts go by; a world may do without the indexes
INDEXES = [
    ("participants", "program_id, is_deleted, id"), ("participants", "program_id, created_at, id"),
    ("participants", "user_id"), ("participants", "ref_code_ambassador"),
    ("program_essays", "program_id, position, id"),
    ("participant_essays", "participant_id, program_essay_id"),
    ("payments", "participant_id, is_deleted, status"), ("payments", "payment_date"),
    ("ambassadors", "program_id"), ("ambassadors", "ref_code"),
]
SQLITE_TYPES = {"key": "INTEGER PRIMARY KEY", "id": "INTEGER", "int": "INTEGER", "tiny": "INTEGER",
                "unique": "INTEGER UNIQUE", "day": "TEXT", "moment": "TEXT",
                "money": "DECIMAL(15,2)", "code": "TEXT", "long": "TEXT"}
# what takes the place of some in MariaDB, where ids are large or texts may be broken
BIG_TYPES = {"key": "BIGINT UNSIGNED NOT NULL PRIMARY KEY", "id": "BIGINT UNSIGNED",
             "unique": "BIGINT UNSIGNED UNIQUE"}
MYSQL_TYPES = {"key": "INT UNSIGNED NOT NULL PRIMARY KEY", "id": "INT UNSIGNED", "int": "INT",
               "tiny": "TINYINT", "unique": "INT UNSIGNED UNIQUE", "day": "DATE",
               "moment": "DATETIME(6)", "money": "DECIMAL(15,2)", "code": "CHAR(3)",
               "long": "MEDIUMTEXT"}
SQLITE_COLLATIONS = ["BINARY", "NOCASE", "RTRIM"]
MYSQL_COLLATIONS = ["utf8mb4_general_ci", "utf8mb4_unicode_ci", "utf8mb4_bin", "utf8mb4_nopad_bin",
                    "utf8mb4_unicode_520_nopad_ci", "utf8mb4_swedish_ci"]


def is_text(kind):
    return isinstance(kind, int) or kind in ("code", "long")


def sqlite_column(name, kind, collation):
    made = SQLITE_TYPES.get(kind, "TEXT")
    return f'"{name}" {made}' + (f" COLLATE {collation}" if is_text(kind) else "")


def mysql_column(world, table, name, kind):
    if name in world.broken.get(table, ()):
        return f"`{name}` " + ("MEDIUMBLOB" if kind == "long" else f"VARBINARY({4 * kind})")
    made = MYSQL_TYPES.get(kind) or f"VARCHAR({kind})"
    if world.big and kind in BIG_TYPES:
        made = BIG_TYPES[kind]
    if kind == "moment" and not world.fractions:
        made = "DATETIME"
    collation = world.mysql_collations[table]
    return f"`{name}` {made}" + (f" COLLATE {collation}" if is_text(kind) else "")


def declarations(world, mysql):
    """The statements that make the tables."""
    for table, columns in TABLES.items():
        if mysql:
            parts = [mysql_column(world, table, n, k) for n, k in columns]
            end = " ENGINE=InnoDB DEFAULT CHARSET=utf8mb4"
        else:
            parts = [sqlite_column(n, k, world.sqlite_collations[table]) for n, k in columns]
            end = ""
        yield f"CREATE TABLE {table} ({', '.join(parts)}){end}"
    for number, (table, columns) in enumerate(INDEXES if world.indexes else []):
        yield f"CREATE INDEX by_{number} ON {table} ({columns})"
