#include "demo_tables.h"

#define COUNT(array) ((uint32_t)(sizeof(array) / sizeof((array)[0])))

static const char key_type[] = "INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY";

/* clang-format off */
#define ID {"id", key_type}
#define DELETED {"is_deleted", "TINYINT NOT NULL DEFAULT 0"}
#define FLAGS {"is_active", "TINYINT NOT NULL DEFAULT 1"}, DELETED
#define TIMES {"created_at", "DATETIME NULL"}, {"updated_at", "DATETIME NULL"}

static const demo_column programs[] = {
    ID, {"name", "VARCHAR(255) NOT NULL"}, FLAGS, TIMES,
};

static const demo_column users[] = {
    ID,
    {"email", "VARCHAR(255) NOT NULL"},
    {"is_verified", "TINYINT NOT NULL DEFAULT 0"},
    {"last_login_at", "DATETIME NULL"},
    FLAGS, TIMES,
};

static const demo_column participants[] = {
    ID,
    {"user_id", "INT UNSIGNED NULL"},
    {"account_id", "VARCHAR(64) NULL"},
    {"full_name", "VARCHAR(255) NULL"},
    {"gender", "VARCHAR(16) NULL"},
    {"birthdate", "DATE NULL"},
    {"nationality", "VARCHAR(100) NULL"},
    {"nationality_flag", "VARCHAR(255) NULL"},
    {"nationality_code", "VARCHAR(8) NULL"},
    {"occupation", "VARCHAR(255) NULL"},
    {"education_level", "VARCHAR(100) NULL"},
    {"major", "VARCHAR(255) NULL"},
    {"institution", "VARCHAR(255) NULL"},
    {"organizations", "VARCHAR(255) NULL"},
    {"phone_number", "VARCHAR(32) NULL"},
    {"country_code", "VARCHAR(8) NULL"},
    {"current_address", "VARCHAR(500) NULL"},
    {"origin_address", "VARCHAR(500) NULL"},
    {"picture_url", "VARCHAR(500) NULL"},
    {"instagram_account", "VARCHAR(100) NULL"},
    {"emergency_contact", "VARCHAR(64) NULL"},
    {"contact_relation", "VARCHAR(64) NULL"},
    {"disease_history", "VARCHAR(500) NULL"},
    {"tshirt_size", "VARCHAR(8) NULL"},
    {"category", "VARCHAR(32) NULL"},
    {"experiences", "TEXT NULL"},
    {"achievements", "TEXT NULL"},
    {"resume_url", "VARCHAR(500) NULL"},
    {"knowledge_source", "VARCHAR(255) NULL"},
    {"source_account_name", "VARCHAR(255) NULL"},
    {"twibbon_link", "VARCHAR(500) NULL"},
    {"requirement_link", "VARCHAR(500) NULL"},
    {"ref_code_ambassador", "VARCHAR(64) NULL"},
    {"program_id", "INT UNSIGNED NULL"},
    FLAGS, TIMES,
};

static const demo_column statuses[] = {
    ID,
    {"participant_id", "INT UNSIGNED NOT NULL"},
    {"general_status", "TINYINT NOT NULL DEFAULT 0"},
    {"form_status", "TINYINT NOT NULL DEFAULT 0"},
    {"document_status", "TINYINT NOT NULL DEFAULT 0"},
    TIMES,
};

static const demo_column program_essays[] = {
    ID,
    {"program_id", "INT UNSIGNED NULL"},
    {"question", "VARCHAR(1000) NOT NULL"},
    {"position", "INT NOT NULL DEFAULT 0"},
    FLAGS, TIMES,
};

static const demo_column essays[] = {
    ID,
    {"participant_id", "INT UNSIGNED NOT NULL"},
    {"program_essay_id", "INT UNSIGNED NOT NULL"},
    {"answer", "MEDIUMTEXT NULL"},
    DELETED, TIMES,
};

static const demo_column program_payments[] = {
    ID,
    {"program_id", "INT UNSIGNED NULL"},
    {"name", "VARCHAR(255) NOT NULL"},
    {"category", "VARCHAR(64) NOT NULL"},
    FLAGS, TIMES,
};

static const demo_column methods[] = {
    {"id", "INT UNSIGNED NOT NULL PRIMARY KEY"},
    {"name", "VARCHAR(100) NOT NULL"},
    FLAGS, TIMES,
};

static const demo_column payments[] = {
    ID,
    {"participant_id", "INT UNSIGNED NOT NULL"},
    {"program_payment_id", "INT UNSIGNED NULL"},
    {"payment_method_id", "INT UNSIGNED NULL"},
    {"transaction_code", "VARCHAR(100) NULL"},
    {"order_id", "VARCHAR(100) NULL"},
    {"payment_date", "DATETIME NULL"},
    {"amount", "DECIMAL(15,2) NULL"},
    {"usd_amount", "DECIMAL(15,2) NULL"},
    {"currency", "CHAR(3) NULL"},
    {"status", "TINYINT NOT NULL DEFAULT 0"},
    {"proof_url", "VARCHAR(500) NULL"},
    {"account_name", "VARCHAR(255) NULL"},
    {"source_name", "VARCHAR(255) NULL"},
    {"notes", "TEXT NULL"},
    {"rejection_reason", "VARCHAR(500) NULL"},
    {"payment_url", "VARCHAR(500) NULL"},
    FLAGS, TIMES,
};

static const demo_column ambassadors[] = {
    ID,
    {"name", "VARCHAR(255) NULL"},
    {"email", "VARCHAR(255) NULL"},
    {"ref_code", "VARCHAR(64) NULL"},
    {"program_id", "INT UNSIGNED NULL"},
    {"institution", "VARCHAR(255) NULL"},
    {"gender", "VARCHAR(16) NULL"},
    {"phone_number", "VARCHAR(32) NULL"},
    {"notes", "TEXT NULL"},
    FLAGS, TIMES,
};

#define TABLE(columns) #columns, columns, COUNT(columns)

const demo_table demo_tables[DEMO_TABLES] = {
    [DEMO_PROGRAMS] = {TABLE(programs), {{0}}},
    [DEMO_USERS] = {TABLE(users), {{"users_email", "email", false}}},
    [DEMO_PARTICIPANTS] = {TABLE(participants),
        {{"participants_program", "program_id, is_deleted, id", false},
         {"participants_program_created", "program_id, is_deleted, created_at, id", false},
         {"participants_user", "user_id", false},
         {"participants_ref", "ref_code_ambassador", false}}},
    [DEMO_STATUSES] = {"participant_statuses", statuses, COUNT(statuses),
        {{"participant_statuses_participant", "participant_id", true}}},
    [DEMO_PROGRAM_ESSAYS] = {TABLE(program_essays),
        {{"program_essays_program", "program_id, position, id", false}}},
    [DEMO_ESSAYS] = {"participant_essays", essays, COUNT(essays),
        {{"participant_essays_participant", "participant_id, program_essay_id", false}}},
    [DEMO_PROGRAM_PAYMENTS] = {TABLE(program_payments),
        {{"program_payments_program", "program_id", false}}},
    [DEMO_METHODS] = {"payment_methods", methods, COUNT(methods), {{0}}},
    [DEMO_PAYMENTS] = {TABLE(payments),
        {{"payments_participant", "participant_id, is_deleted, status", false},
         {"payments_date", "payment_date", false},
         {"payments_program_payment", "program_payment_id", false}}},
    [DEMO_AMBASSADORS] = {TABLE(ambassadors),
        {{"ambassadors_program", "program_id", false}, {"ambassadors_ref", "ref_code", false}}},
};
/* clang-format on */

/* SQLite stores by affinity: INTEGER, TEXT, and NUMERIC for a DECIMAL. An INTEGER PRIMARY KEY is
 * the rowid only without AUTO_INCREMENT and NOT NULL. */
static void put_sqlite_type(ybb_buffer *sql, const char *type)
{
    if (strstr(type, "PRIMARY KEY") != NULL) {
        ybb__buffer_put_text(sql, "INTEGER PRIMARY KEY");
        return;
    }
    const char *rest = strstr(type, " NOT NULL");
    if (rest == NULL)
        rest = strstr(type, " NULL");
    if (strncmp(type, "DECIMAL", 7) == 0)
        rest = type;
    else if (strncmp(type, "INT", 3) == 0 || strncmp(type, "TINYINT", 7) == 0)
        ybb__buffer_put_text(sql, "INTEGER");
    else
        ybb__buffer_put_text(sql, "TEXT");
    ybb__buffer_put_text(sql, rest);
}

void demo_put_create_table(ybb_buffer *sql, const demo_table *table, ybb_dialect dialect)
{
    ybb__buffer_put_text(sql, "CREATE TABLE ");
    ybb__buffer_put_text(sql, table->name);
    for (uint32_t i = 0; i < table->column_count; i++) {
        ybb__buffer_put_text(sql, i == 0 ? " (" : ", ");
        ybb__buffer_put_text(sql, table->columns[i].name);
        ybb__buffer_put_char(sql, ' ');
        if (dialect == YBB_DIALECT_SQLITE)
            put_sqlite_type(sql, table->columns[i].type);
        else
            ybb__buffer_put_text(sql, table->columns[i].type);
    }
    ybb__buffer_put_char(sql, ')');
    if (dialect == YBB_DIALECT_MYSQL)
        ybb__buffer_put_text(sql, " ENGINE=InnoDB DEFAULT CHARSET=utf8mb4");
}

void demo_put_create_key(ybb_buffer *sql, const demo_table *table, const demo_key *key)
{
    ybb__buffer_put_text(sql, key->unique ? "CREATE UNIQUE INDEX " : "CREATE INDEX ");
    ybb__buffer_put_text(sql, key->name);
    ybb__buffer_put_text(sql, " ON ");
    ybb__buffer_put_text(sql, table->name);
    ybb__buffer_put_text(sql, " (");
    ybb__buffer_put_text(sql, key->columns);
    ybb__buffer_put_char(sql, ')');
}

void demo_put_insert(ybb_buffer *sql, const demo_table *table, uint32_t rows)
{
    ybb__buffer_put_text(sql, "INSERT INTO ");
    ybb__buffer_put_text(sql, table->name);
    for (uint32_t i = 0; i < table->column_count; i++) {
        ybb__buffer_put_text(sql, i == 0 ? " (" : ", ");
        ybb__buffer_put_text(sql, table->columns[i].name);
    }
    ybb__buffer_put_text(sql, ") VALUES");
    for (uint32_t row = 0; row < rows; row++) {
        ybb__buffer_put_text(sql, row == 0 ? " (?" : ", (?");
        for (uint32_t i = 1; i < table->column_count; i++)
            ybb__buffer_put_text(sql, ", ?");
        ybb__buffer_put_char(sql, ')');
    }
}
