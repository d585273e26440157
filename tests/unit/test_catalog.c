#include "model/catalog.h"

#include "base/file_read.h"
#include "model/catalog_builtin.h"
#include "model/json_read.h"
#include "runner.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static ybb_catalog *build(const char *text, ybb_error *error)
{
    ybb_catalog *catalog = NULL;
    ybb_document document = {"house.json", text, text != NULL ? strlen(text) : 0};
    *error = (ybb_error){0};
    ybb_status status = ybb__catalog_build(&catalog, &document, text != NULL ? 1 : 0, error);
    CU_ASSERT_EQUAL(status, error->status);
    CU_ASSERT_EQUAL(status == YBB_OK, catalog != NULL);
    return catalog;
}

/* The built-in catalog, with a document over it that must be valid. */
static ybb_catalog *build_valid(const char *text)
{
    ybb_error error;
    ybb_catalog *catalog = build(text, &error);
    CU_ASSERT_STRING_EQUAL(error.message, "");
    CU_ASSERT_PTR_NOT_NULL_FATAL(catalog);
    return catalog;
}

/* The document is refused, and the message names file, place and mistake. */
static void assert_refused(const char *text, const char *message)
{
    ybb_error error;
    ybb_catalog *catalog = build(text, &error);
    CU_ASSERT_EQUAL(error.status, YBB_INVALID_CATALOG);
    bool named = strncmp(error.message, "house.json: ", strlen("house.json: ")) == 0;
    if (!named || strstr(error.message, message) == NULL) {
        CU_FAIL("another message");
        printf("# %s\n# not \"%s\"\n", error.message, message);
    }
    ybb__catalog_free(catalog);
}

/* The built-in types */

static void assert_columns(const ybb_template *template, ybb_language language,
                           const char *const *headers)
{
    uint32_t count = 0;
    while (headers[count] != NULL)
        count++;
    CU_ASSERT_EQUAL_FATAL(template->column_count, count);
    for (uint32_t i = 0; i < count; i++)
        CU_ASSERT_STRING_EQUAL(template->columns[i].header.in[language], headers[i]);
}

static const ybb_template *find_template(const ybb_catalog *catalog, const char *type,
                                         const char *name)
{
    const ybb_type *found = ybb__catalog_type(catalog, type);
    CU_ASSERT_PTR_NOT_NULL_FATAL(found);
    const ybb_template *template = ybb__type_template(found, name);
    CU_ASSERT_PTR_NOT_NULL_FATAL(template);
    return template;
}

#define PARTICIPANTS                                                                               \
    "Order Number", "Full Name", "Email", "Country", "Institution", "Phone Number", "Category",    \
        "Form Status", "Payment Status", "Registration Date", "Ambassador Reference"
#define PAYMENTS                                                                                   \
    "Payment ID", "Participant Name", "Participant Email", "Payment Amount", "Currency",           \
        "USD Amount", "Payment Status", "Payment Method", "Payment Date", "Transaction Code",      \
        "Order ID"
#define AMBASSADORS                                                                                \
    "Ambassador Name", "Email", "Reference Code", "Institution", "Total Referrals",                \
        "Active Status", "Registration Date"

static void templates_have_the_reference_s_headers_in_its_order(void)
{
    static const struct {
        const char *type, *name;
        const char *headers[24];
    } cases[] = {
        {"participants", "standard", {PARTICIPANTS}},
        {"participants",
         "detailed",
         {PARTICIPANTS, "Gender", "Birth Date", "Education Level", "Major", "Current Address",
          "Origin Address", "Emergency Contact", "T-shirt Size", "Instagram Account", "Essays",
          "Payment History"}},
        {"participants", "summary", {"Name", "Email", "Country", "Category", "Status"}},
        {"payments", "standard", {PAYMENTS}},
        {"payments",
         "detailed",
         {PAYMENTS, "Payment Category", "Account Name", "Source Name", "Proof URL", "Notes",
          "Rejection Reason", "Program Information"}},
        {"ambassadors", "standard", {AMBASSADORS}},
        {"ambassadors",
         "detailed",
         {AMBASSADORS, "Gender", "Phone Number", "Notes", "Referral List",
          "Referral Success Rate"}},
    };
    ybb_catalog *catalog = build_valid(NULL);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_columns(find_template(catalog, cases[i].type, cases[i].name), YBB_ENGLISH,
                       cases[i].headers);
    ybb__catalog_free(catalog);
}

static void templates_have_the_specification_s_limits(void)
{
    ybb_catalog *catalog = build_valid(NULL);
    const ybb_template *template = find_template(catalog, "participants", "standard");
    CU_ASSERT_EQUAL(template->max_records_single_file, 15000);
    CU_ASSERT_EQUAL(template->recommended_chunk_size, 0);
    template = find_template(catalog, "participants", "detailed");
    CU_ASSERT_EQUAL(template->max_records_single_file, 10000);
    CU_ASSERT_EQUAL(template->recommended_chunk_size, 5000);
    template = find_template(catalog, "participants", "summary");
    CU_ASSERT_EQUAL(template->max_records_single_file, 50000);
    CU_ASSERT_TRUE(template->optimized_for_large_datasets);
    ybb__catalog_free(catalog);
}

/* spec.md's structures: a letter for the type before each name. */
static const char *const structures[][2] = {
    {"participants",
     "i:id i:user_id t:account_id t:full_name t:email t:gender d:birthdate t:nationality "
     "t:nationality_flag t:nationality_code t:occupation t:education_level t:major t:institution "
     "t:organizations t:phone_number t:country_code t:current_address t:origin_address "
     "t:picture_url t:instagram_account t:emergency_contact t:contact_relation t:disease_history "
     "t:tshirt_size t:category t:experiences t:achievements t:resume_url t:knowledge_source "
     "t:source_account_name t:twibbon_link t:requirement_link t:ref_code_ambassador i:program_id "
     "i:is_active i:is_deleted m:created_at m:updated_at "
     "i:order_number i:form_status i:general_status i:document_status t:payment_status t:essays "
     "t:payment_history b:user_is_verified m:last_login_at"},
    {"payments",
     "i:id i:participant_id i:program_payment_id i:payment_method_id t:transaction_code t:order_id "
     "m:payment_date n:amount n:usd_amount t:currency i:status t:proof_url t:account_name "
     "t:source_name t:notes t:rejection_reason t:payment_url i:is_active i:is_deleted m:created_at "
     "m:updated_at "
     "i:order_number t:participant_name t:participant_email t:payment_method t:payment_category "
     "t:program_name t:participant_nationality t:participant_institution "
     "t:participant_phone_number t:participant_category"},
    {"ambassadors",
     "i:id t:name t:email t:ref_code i:program_id t:institution t:gender t:phone_number t:notes "
     "i:is_active i:is_deleted m:created_at m:updated_at "
     "i:order_number i:total_referrals i:successful_referrals n:referral_success_rate "
     "t:referral_list"},
};

static void every_name_of_the_specification_is_a_field_of_its_type(void)
{
    static const char letters[] = "tindmb";
    static const ybb_field_type types[] = {YBB_TYPE_TEXT, YBB_TYPE_INTEGER,  YBB_TYPE_DECIMAL,
                                           YBB_TYPE_DATE, YBB_TYPE_DATETIME, YBB_TYPE_BOOLEAN};
    ybb_catalog *catalog = build_valid(NULL);
    for (size_t i = 0; i < sizeof(structures) / sizeof(structures[0]); i++) {
        const ybb_type *type = ybb__catalog_type(catalog, structures[i][0]);
        CU_ASSERT_PTR_NOT_NULL_FATAL(type);
        for (const char *at = structures[i][1]; *at != '\0';) {
            char name[65] = "";
            size_t length = strcspn(at, " ");
            memcpy(name, at + 2, length - 2);
            const ybb_field *field = ybb__type_field(type, name);
            CU_ASSERT_PTR_NOT_NULL(field);
            if (field == NULL) {
                printf("# %s\n", name);
            } else {
                CU_ASSERT_EQUAL(field->type, types[strchr(letters, *at) - letters]);
            }
            at += length + strspn(at + length, " ");
        }
    }
    ybb__catalog_free(catalog);
}

static const ybb_field *find_field(const ybb_catalog *catalog, const char *type, const char *name)
{
    const ybb_type *found = ybb__catalog_type(catalog, type);
    CU_ASSERT_PTR_NOT_NULL_FATAL(found);
    const ybb_field *field = ybb__type_field(found, name);
    CU_ASSERT_PTR_NOT_NULL_FATAL(field);
    return field;
}

static void assert_labels(const ybb_labels *labels, ybb_language language, const char *expected)
{
    ybb_buffer out = {0};
    for (uint32_t i = 0; i < labels->count; i++) {
        ybb__buffer_put_text(&out, labels->items[i].value);
        ybb__buffer_put_char(&out, '=');
        ybb__buffer_put_text(&out, labels->items[i].text.in[language]);
        ybb__buffer_put_char(&out, ';');
    }
    CU_ASSERT_STRING_EQUAL(ybb__buffer_text(&out), expected);
    ybb__buffer_free(&out);
}

static void statuses_have_labels_in_both_languages(void)
{
    ybb_catalog *catalog = build_valid(NULL);
    assert_labels(&find_field(catalog, "participants", "form_status")->labels, YBB_ENGLISH,
                  "0=Not Started;1=On Progress;2=Submitted;");
    assert_labels(&find_field(catalog, "participants", "general_status")->labels, YBB_ENGLISH,
                  "0=Not Started;1=In Progress;2=Completed;");
    assert_labels(&find_field(catalog, "participants", "payment_status")->labels, YBB_ENGLISH,
                  "success=Success;pending=Pending;none=None;");
    assert_labels(&find_field(catalog, "participants", "category")->labels, YBB_INDONESIAN,
                  "fully_funded=Didanai Penuh;self_funded=Biaya Mandiri;");
    assert_labels(&find_field(catalog, "payments", "status")->labels, YBB_ENGLISH,
                  "0=Created;1=Pending;2=Success;3=Cancelled;4=Rejected;");
    assert_labels(&find_field(catalog, "payments", "payment_method")->fallback_labels,
                  YBB_INDONESIAN, "1=Midtrans;2=Transfer Manual;");
    assert_labels(&find_field(catalog, "ambassadors", "is_active")->labels, YBB_INDONESIAN,
                  "1=Aktif;0=Tidak Aktif;");
    ybb__catalog_free(catalog);
}

static void every_built_in_header_is_translated_and_unique_in_its_templates(void)
{
    ybb_catalog *catalog = build_valid(NULL);
    for (uint32_t i = 0; i < catalog->type_count; i++) {
        const ybb_type *type = &catalog->types[i];
        for (uint32_t j = 0; j < type->template_count; j++) {
            const ybb_template *template = &type->templates[j];
            for (int language = 0; language < YBB_LANGUAGES; language++)
                for (uint32_t a = 0; a < template->column_count; a++)
                    for (uint32_t b = a + 1; b < template->column_count; b++)
                        CU_ASSERT_STRING_NOT_EQUAL(template->columns[a].header.in[language],
                                                   template->columns[b].header.in[language]);
        }
        for (uint32_t j = 0; j < type->field_count; j++) {
            CU_ASSERT_TRUE(strlen(type->fields[j].header.in[YBB_ENGLISH]) > 0);
            CU_ASSERT_TRUE(strlen(type->fields[j].header.in[YBB_INDONESIAN]) > 0);
        }
    }
    CU_ASSERT_STRING_EQUAL(
        find_field(catalog, "participants", "nationality")->header.in[YBB_INDONESIAN], "Negara");
    ybb__catalog_free(catalog);
}

static void payment_status_looks_at_success_first(void)
{
    ybb_catalog *catalog = build_valid(NULL);
    const ybb_field *field = find_field(catalog, "participants", "payment_status");
    const ybb_reducer *reducer = &field->reducer;
    const ybb_type *type = ybb__catalog_type(catalog, "participants");
    CU_ASSERT_EQUAL(field->source, YBB_SOURCE_RELATED);
    CU_ASSERT_EQUAL(reducer->how, YBB_REDUCE_CASE);
    CU_ASSERT_STRING_EQUAL(type->collections[reducer->collection].name, "payments");
    CU_ASSERT_EQUAL_FATAL(reducer->case_count, 2);
    CU_ASSERT_STRING_EQUAL(reducer->cases[0].result, "success");
    CU_ASSERT_EQUAL(reducer->cases[0].value_count, 1);
    CU_ASSERT_STRING_EQUAL(reducer->cases[0].values[0], "2");
    CU_ASSERT_STRING_EQUAL(reducer->cases[1].result, "pending");
    CU_ASSERT_EQUAL(reducer->cases[1].value_count, 2);
    CU_ASSERT_STRING_EQUAL(reducer->otherwise, "none");
    CU_ASSERT_FALSE(field->related);
    CU_ASSERT_FALSE(field->sortable);
    ybb__catalog_free(catalog);
}

static void lines_are_parts_of_pieces(void)
{
    ybb_catalog *catalog = build_valid(NULL);
    const ybb_field *history = find_field(catalog, "participants", "payment_history");
    CU_ASSERT_EQUAL(history->reducer.how, YBB_REDUCE_LINES);
    CU_ASSERT_TRUE(history->related);
    CU_ASSERT_EQUAL_FATAL(history->reducer.part_count, 5);
    CU_ASSERT_STRING_EQUAL(history->reducer.part_separator, " | ");
    CU_ASSERT_STRING_EQUAL(history->reducer.line_separator, "\n");
    const ybb_line_part *amount = &history->reducer.parts[2];
    CU_ASSERT_TRUE(amount->trim);
    CU_ASSERT_EQUAL_FATAL(amount->count, 3);
    CU_ASSERT_PTR_NULL(amount->pieces[0].text);
    CU_ASSERT_STRING_EQUAL(amount->pieces[1].text, " ");
    const ybb_field *list = find_field(catalog, "ambassadors", "referral_list");
    CU_ASSERT_EQUAL_FATAL(list->reducer.part_count, 1);
    CU_ASSERT_EQUAL_FATAL(list->reducer.parts[0].count, 4);
    CU_ASSERT_STRING_EQUAL(list->reducer.parts[0].pieces[1].text, " <");
    CU_ASSERT_STRING_EQUAL(list->reducer.parts[0].pieces[3].text, ">");
    const ybb_field *essays = find_field(catalog, "participants", "essays");
    CU_ASSERT_STRING_EQUAL(essays->reducer.part_separator, "\n");
    CU_ASSERT_STRING_EQUAL(essays->reducer.line_separator, "\n\n");
    ybb__catalog_free(catalog);
}

static void referrals_match_by_code_and_program_and_never_by_an_empty_code(void)
{
    ybb_catalog *catalog = build_valid(NULL);
    const ybb_type *type = ybb__catalog_type(catalog, "ambassadors");
    const ybb_collection *referrals = &type->collections[0];
    CU_ASSERT_EQUAL_FATAL(referrals->match_count, 2);
    CU_ASSERT_STRING_EQUAL(referrals->match[0].own.column, "ref_code_ambassador");
    CU_ASSERT_STRING_EQUAL(referrals->match[0].other.column, "ref_code");
    CU_ASSERT_STRING_EQUAL(referrals->match[1].own.table, "participants");
    CU_ASSERT_STRING_EQUAL(referrals->match[1].other.table, "ambassadors");
    CU_ASSERT_FALSE(referrals->match_integer);
    CU_ASSERT_EQUAL_FATAL(referrals->where_count, 2);
    CU_ASSERT_TRUE(referrals->where[0].integer);
    CU_ASSERT_FALSE(referrals->where[0].negated);
    CU_ASSERT_TRUE(referrals->where[1].negated);
    CU_ASSERT_STRING_EQUAL(referrals->where[1].values[0], "");
    CU_ASSERT_STRING_EQUAL(referrals->columns[referrals->distinct].name, "id");
    const ybb_reducer *rate = &find_field(catalog, "ambassadors", "referral_success_rate")->reducer;
    CU_ASSERT_EQUAL(rate->how, YBB_REDUCE_SHARE);
    CU_ASSERT_EQUAL(rate->cases[0].value_count, 0);
    CU_ASSERT_STRING_EQUAL(referrals->columns[rate->cases[0].column].column.table, "paid");
    CU_ASSERT_EQUAL(find_field(catalog, "ambassadors", "referral_success_rate")->scale, 1);
    ybb__catalog_free(catalog);
}

static const ybb_filter *find_filter(const ybb_catalog *catalog, const char *type, const char *name)
{
    const ybb_filter *filter = ybb__type_filter(ybb__catalog_type(catalog, type), name);
    CU_ASSERT_PTR_NOT_NULL_FATAL(filter);
    return filter;
}

static void filters_are_the_reference_s(void)
{
    static const struct {
        const char *type, *name;
        ybb_filter_kind kind;
        ybb_field_type of;
        uint32_t allowed;
    } cases[] = {
        {"participants", "category", YBB_FILTER_VALUE, YBB_TYPE_TEXT, 2},
        {"participants", "form_status", YBB_FILTER_VALUE, YBB_TYPE_INTEGER, 3},
        {"participants", "payment_status", YBB_FILTER_CASE, YBB_TYPE_TEXT, 3},
        {"participants", "program_payment_id", YBB_FILTER_RELATED, YBB_TYPE_INTEGER, 0},
        {"participants", "ambassador_ref", YBB_FILTER_VALUE, YBB_TYPE_TEXT, 0},
        {"participants", "date_range", YBB_FILTER_RANGE, YBB_TYPE_DATE, 0},
        {"payments", "status", YBB_FILTER_VALUE, YBB_TYPE_INTEGER, 5},
        {"payments", "payment_method", YBB_FILTER_VALUE, YBB_TYPE_INTEGER, 0},
        {"payments", "payment_category", YBB_FILTER_VALUE, YBB_TYPE_TEXT, 0},
        {"payments", "currency", YBB_FILTER_VALUE, YBB_TYPE_TEXT, 0},
        {"payments", "date_range", YBB_FILTER_RANGE, YBB_TYPE_DATE, 0},
        {"payments", "amount_range", YBB_FILTER_RANGE, YBB_TYPE_DECIMAL, 0},
        {"ambassadors", "status", YBB_FILTER_VALUE, YBB_TYPE_INTEGER, 2},
        {"ambassadors", "min_referrals", YBB_FILTER_AT_LEAST, YBB_TYPE_INTEGER, 0},
        {"ambassadors", "max_referrals", YBB_FILTER_AT_MOST, YBB_TYPE_INTEGER, 0},
        {"ambassadors", "date_range", YBB_FILTER_RANGE, YBB_TYPE_DATE, 0},
    };
    ybb_catalog *catalog = build_valid(NULL);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const ybb_filter *filter = find_filter(catalog, cases[i].type, cases[i].name);
        CU_ASSERT_EQUAL(filter->kind, cases[i].kind);
        CU_ASSERT_EQUAL(filter->type, cases[i].of);
        CU_ASSERT_EQUAL(filter->allowed_count, cases[i].allowed);
    }
    CU_ASSERT_STRING_EQUAL(find_filter(catalog, "participants", "payment_status")->narrowed_by,
                           "program_payment_id");
    CU_ASSERT_STRING_EQUAL(find_filter(catalog, "participants", "form_status")->null_as, "0");
    CU_ASSERT_STRING_EQUAL(find_filter(catalog, "participants", "date_range")->last_name, "end");
    CU_ASSERT_STRING_EQUAL(find_filter(catalog, "payments", "amount_range")->first_name, "min");
    CU_ASSERT_STRING_EQUAL(find_filter(catalog, "payments", "date_range")->column.column,
                           "payment_date");
    ybb__catalog_free(catalog);
}

static void options_add_and_group_and_spread(void)
{
    ybb_catalog *catalog = build_valid(NULL);
    const ybb_type *participants = ybb__catalog_type(catalog, "participants");
    const ybb_type *payments = ybb__catalog_type(catalog, "payments");
    const ybb_include *status = ybb__type_include(participants, "include_status");
    CU_ASSERT_PTR_NOT_NULL_FATAL(status);
    CU_ASSERT_EQUAL_FATAL(status->field_count, 3);
    CU_ASSERT_STRING_EQUAL(status->fields[0]->name, "general_status");
    CU_ASSERT_STRING_EQUAL(status->name, "status");
    const ybb_include *details = ybb__type_include(payments, "include_participant_details");
    CU_ASSERT_PTR_NOT_NULL_FATAL(details);
    CU_ASSERT_STRING_EQUAL(details->after, "participant_email");
    CU_ASSERT_EQUAL(details->field_count, 4);

    const ybb_group *group = payments->group;
    CU_ASSERT_PTR_NOT_NULL_FATAL(group);
    CU_ASSERT_STRING_EQUAL(group->option, "group_by_participant");
    CU_ASSERT_STRING_EQUAL(group->column.column, "participant_id");
    CU_ASSERT_STRING_EQUAL(group->per->name, "currency");
    CU_ASSERT_STRING_EQUAL(group->label_field->name, "status");
    CU_ASSERT_STRING_EQUAL(group->label.in[YBB_ENGLISH], "Subtotal");
    CU_ASSERT_EQUAL(group->kept_count, 2);
    CU_ASSERT_EQUAL(group->summed_count, 2);
    CU_ASSERT_PTR_NULL(participants->group);

    const ybb_spread *spread = participants->spread;
    CU_ASSERT_PTR_NOT_NULL_FATAL(spread);
    const ybb_collection *essays = &participants->collections[spread->field->reducer.collection];
    CU_ASSERT_STRING_EQUAL(spread->option, "essay_layout");
    CU_ASSERT_STRING_EQUAL(spread->on, "columns");
    CU_ASSERT_STRING_EQUAL(spread->table, "program_essays");
    CU_ASSERT_STRING_EQUAL(essays->columns[spread->pointer].name, "program_essay_id");
    CU_ASSERT_STRING_EQUAL(essays->columns[spread->content].name, "answer");
    ybb__catalog_free(catalog);
}

static void long_and_reduced_fields_cannot_be_sorted_by(void)
{
    ybb_catalog *catalog = build_valid(NULL);
    CU_ASSERT_TRUE(find_field(catalog, "participants", "created_at")->sortable);
    CU_ASSERT_TRUE(find_field(catalog, "participants", "email")->sortable);
    CU_ASSERT_TRUE(find_field(catalog, "payments", "amount")->sortable);
    CU_ASSERT_FALSE(find_field(catalog, "participants", "experiences")->sortable);
    CU_ASSERT_FALSE(find_field(catalog, "participants", "order_number")->sortable);
    CU_ASSERT_FALSE(find_field(catalog, "payments", "payment_method")->sortable);
    CU_ASSERT_FALSE(find_field(catalog, "ambassadors", "total_referrals")->sortable);
    ybb__catalog_free(catalog);
}

/* An installation's documents */

/* spec.md's "Template System", as it stands there. */
static const char template_system[] =
    "{\n"
    "  \"templates\": {\n"
    "    \"participants_standard\": {\n"
    "      \"fields\": [\"id\", \"full_name\", \"email\", \"nationality\", \"institution\", "
    "\"category\", \"form_status\", \"created_at\"],\n"
    "      \"headers\": [\"ID\", \"Full Name\", \"Email\", \"Country\", \"Institution\", "
    "\"Category\", \"Form Status\", \"Registration Date\"],\n"
    "      \"max_records_single_file\": 15000\n"
    "    },\n"
    "    \"participants_detailed\": {\n"
    "      \"fields\": [\"id\", \"full_name\", \"email\", \"gender\", \"birthdate\", "
    "\"nationality\", \"institution\", \"phone_number\", \"category\", \"form_status\", "
    "\"payment_status\", \"created_at\"],\n"
    "      \"headers\": [\"ID\", \"Full Name\", \"Email\", \"Gender\", \"Birth Date\", "
    "\"Country\", \"Institution\", \"Phone\", \"Category\", \"Form Status\", "
    "\"Payment Status\", \"Registration Date\"],\n"
    "      \"include_related\": [\"essays\", \"payments\", \"status\"],\n"
    "      \"max_records_single_file\": 10000,\n"
    "      \"recommended_chunk_size\": 5000\n"
    "    },\n"
    "    \"participants_summary\": {\n"
    "      \"fields\": [\"full_name\", \"email\", \"nationality\", \"category\", "
    "\"form_status\"],\n"
    "      \"headers\": [\"Name\", \"Email\", \"Country\", \"Category\", \"Status\"],\n"
    "      \"max_records_single_file\": 50000,\n"
    "      \"optimized_for_large_datasets\": true\n"
    "    }\n"
    "  }\n"
    "}\n";

static void the_specification_s_templates_replace_the_built_in_ones(void)
{
    static const char *const standard[] = {"ID",          "Full Name",         "Email",
                                           "Country",     "Institution",       "Category",
                                           "Form Status", "Registration Date", NULL};
    static const char *const detailed[] = {
        "ID",         "Full Name",       "Email",          "Gender",
        "Birth Date", "Country",         "Institution",    "Phone",
        "Category",   "Form Status",     "Payment Status", "Registration Date",
        "Essays",     "Payment History", "General Status", "Document Status",
        NULL};
    ybb_catalog *catalog = build_valid(template_system);
    assert_columns(find_template(catalog, "participants", "standard"), YBB_ENGLISH, standard);
    assert_columns(find_template(catalog, "participants", "standard"), YBB_INDONESIAN, standard);
    assert_columns(find_template(catalog, "participants", "detailed"), YBB_ENGLISH, detailed);
    CU_ASSERT_EQUAL(ybb__catalog_type(catalog, "participants")->template_count, 3);
    CU_ASSERT_EQUAL(find_template(catalog, "payments", "standard")->column_count, 11);
    ybb__catalog_free(catalog);
}

static void a_template_of_a_new_name_is_added(void)
{
    ybb_catalog *catalog = build_valid(
        "{\"templates\": {\"payments_bank_list\": {\"fields\": [{\"field\": \"amount\", "
        "\"header\": {\"en\": \"Sum\", \"id\": \"Jumlah\"}}, \"currency\"], "
        "\"headers\": [null, \"Coin\"]}}}");
    const ybb_template *template = find_template(catalog, "payments", "bank_list");
    CU_ASSERT_EQUAL_FATAL(template->column_count, 2);
    CU_ASSERT_STRING_EQUAL(template->columns[0].header.in[YBB_INDONESIAN], "Jumlah");
    CU_ASSERT_STRING_EQUAL(template->columns[1].header.in[YBB_INDONESIAN], "Coin");
    CU_ASSERT_EQUAL(template->max_records_single_file, 0);
    ybb__catalog_free(catalog);
}

#define TYPE(more)                                                                                 \
    "{\"types\": {\"houses\": {\"title\": \"Houses\", \"table\": \"town.houses\", \"key\": "       \
    "\"id\", \"joins\": [{\"table\": \"town.owners\", \"on\": {\"id\": \"owner_id\"}}], "          \
    "\"collections\": {\"rooms\": {\"table\": \"rooms\", \"match\": {\"house_id\": \"id\"}, "      \
    "\"columns\": {\"name\": {}, \"size\": {\"type\": \"integer\"}}}}, "                           \
    "\"fields\": {\"id\": {\"type\": \"integer\", \"header\": \"ID\"}, "                           \
    "\"owner\": {\"column\": \"owners.name\", \"header\": \"Owner\"}, "                            \
    "\"rooms\": {\"header\": \"Rooms\", \"count\": {\"of\": \"rooms\"}}, "                         \
    "\"list\": {\"header\": \"List\", \"lines\": {\"of\": \"rooms\", \"parts\": "                  \
    "[\"{{{name}}}\"]}}, "                                                                         \
    "\"price\": {\"type\": \"decimal\", \"header\": \"Price\"}}" more "}}}"

static void a_new_type_needs_no_code(void)
{
    ybb_catalog *catalog = build_valid(TYPE(""));
    const ybb_type *type = ybb__catalog_type(catalog, "houses");
    CU_ASSERT_PTR_NOT_NULL_FATAL(type);
    CU_ASSERT_EQUAL(catalog->type_count, 4);
    CU_ASSERT_STRING_EQUAL(type->table, "town.houses");
    CU_ASSERT_STRING_EQUAL(ybb__table_alias(type->table), "houses");
    CU_ASSERT_STRING_EQUAL(find_field(catalog, "houses", "id")->column.table, "houses");
    CU_ASSERT_STRING_EQUAL(find_field(catalog, "houses", "owner")->column.table, "owners");
    CU_ASSERT_PTR_NULL(type->program.column);
    CU_ASSERT_PTR_NULL(type->deleted.column.column);
    const ybb_line_part *part = &find_field(catalog, "houses", "list")->reducer.parts[0];
    CU_ASSERT_EQUAL_FATAL(part->count, 3);
    CU_ASSERT_STRING_EQUAL(part->pieces[0].text, "{");
    CU_ASSERT_STRING_EQUAL(part->pieces[2].text, "}");
    ybb__catalog_free(catalog);
}

static void a_type_of_a_known_name_replaces_it_with_its_templates(void)
{
    ybb_catalog *catalog = build_valid(
        "{\"types\": {\"payments\": {\"title\": \"P\", \"table\": \"p\", \"key\": \"id\", "
        "\"fields\": {\"id\": {\"header\": \"ID\"}}}}, "
        "\"templates\": {\"payments_standard\": {\"fields\": [\"id\"]}}}");
    const ybb_type *type = ybb__catalog_type(catalog, "payments");
    CU_ASSERT_EQUAL(catalog->type_count, 3);
    CU_ASSERT_EQUAL(type->field_count, 1);
    CU_ASSERT_EQUAL(type->template_count, 1);
    CU_ASSERT_PTR_NULL(ybb__type_template(type, "detailed"));
    ybb__catalog_free(catalog);
}

static void templates_may_stand_in_a_file_before_that_of_their_type(void)
{
    static const char first[] = "{\"templates\": {\"houses_a_b\": {\"fields\": [\"id\"]}}}";
    static const char second[] = TYPE("");
    ybb_error error = {0};
    ybb_catalog *catalog = NULL;
    ybb_document documents[] = {{"1.json", first, strlen(first)},
                                {"2.json", second, strlen(second)}};
    CU_ASSERT_EQUAL_FATAL(ybb__catalog_build(&catalog, documents, 2, &error), YBB_OK);
    CU_ASSERT_PTR_NOT_NULL(ybb__type_template(ybb__catalog_type(catalog, "houses"), "a_b"));
    ybb__catalog_free(catalog);
}

static void the_manual_s_example_is_valid(void)
{
    static const char begin[] = "\n```json\n";
    ybb_error error = {0};
    ybb_buffer page = {0};
    char path[4096];
    const char *source = getenv("YBB_SOURCE_DIR");
    snprintf(path, sizeof(path), "%s/docs/catalog.md", source != NULL ? source : ".");
    CU_ASSERT_EQUAL_FATAL(ybb__file_read(&page, path, 1 << 20, YBB_INTERNAL, &error), YBB_OK);
    const char *text = ybb__buffer_text(&page);
    CU_ASSERT_PTR_NOT_NULL_FATAL(text);
    text = strstr(text, begin);
    CU_ASSERT_PTR_NOT_NULL_FATAL(text);
    text += strlen(begin);
    ybb_document document = {"example", text, (size_t)(strstr(text, "\n```") - text)};
    ybb_catalog *catalog = NULL;
    CU_ASSERT_EQUAL(ybb__catalog_build(&catalog, &document, 1, &error), YBB_OK);
    CU_ASSERT_STRING_EQUAL(error.message, "");
    CU_ASSERT_PTR_NOT_NULL_FATAL(catalog);
    CU_ASSERT_EQUAL(find_template(catalog, "students", "transcript")->column_count, 4);
    ybb__catalog_free(catalog);
    ybb__buffer_free(&page);
}

/* Mistakes */

static void what_is_no_document_is_refused(void)
{
    assert_refused("", "cannot be read as JSON");
    assert_refused("{\"types\": {}", "line 1");
    assert_refused("[1]", "the document is a list, not an object");
    assert_refused("{\"type\": {}}", "type is no known key (did you mean \"types\"?)");
    assert_refused("{}", "the document has neither types nor templates");
    assert_refused("{\"types\": {}}", "types is empty");
    assert_refused("{\"templates\": {}}", "templates is empty");
    assert_refused("{\"types\": []}x", "text stands behind its end");
    assert_refused("{\"types\": 5}", "types is a number, not an object");
    assert_refused("{\"types\": {\"a b\": {\"title\": \"x\"}}}", "types.a b is no name");
    assert_refused("{\"templates\": {\"pay_x\": {\"fields\": [\"id\"]}}}",
                   "templates.pay_x is not a type of the catalog");
    assert_refused("{\"templates\": {\"payments_\": {\"fields\": [\"id\"]}}}",
                   "templates.payments_ is not a type of the catalog");
}

static void mistakes_of_templates_are_named(void)
{
#define TEMPLATE(text) "{\"templates\": {\"payments_x\": " text "}}"
    assert_refused(TEMPLATE("5"), "templates.payments_x is a number, not an object");
    assert_refused(TEMPLATE("{}"), "templates.payments_x.fields is missing");
    assert_refused(TEMPLATE("{\"fields\": []}"), "templates.payments_x.fields has no fields");
    assert_refused(TEMPLATE("{\"fields\": [\"id\", \"amuont\"]}"),
                   "templates.payments_x.fields[1] is no field of payments: \"amuont\" (did you "
                   "mean \"amount\"?)");
    assert_refused(TEMPLATE("{\"fields\": [\"id\", \"id\"]}"),
                   "templates.payments_x.fields[1] names a field twice");
    assert_refused(TEMPLATE("{\"fields\": [5]}"), "fields[0] is no field of payments: \"5\"");
    assert_refused(TEMPLATE("{\"fields\": [null]}"), "fields[0] is null, not a text");
    assert_refused(TEMPLATE("{\"fields\": [{\"name\": \"id\"}]}"),
                   "fields[0].name is no known key");
    assert_refused(TEMPLATE("{\"fields\": [{\"field\": \"id\", \"header\": \"\"}]}"),
                   "fields[0].header is empty");
    assert_refused(TEMPLATE("{\"fields\": [\"id\"], \"headers\": []}"),
                   "headers has 0 headers for 1 field");
    assert_refused(TEMPLATE("{\"fields\": [\"id\"], \"headers\": [\"a\", \"b\"]}"),
                   "templates.payments_x.headers has 2 headers for 1 field");
    assert_refused(TEMPLATE("{\"fields\": [\"id\", \"amount\"], \"headers\": [\"a\"]}"),
                   "templates.payments_x.headers has 1 header for 2 fields");
    assert_refused(TEMPLATE("{\"fields\": [\"id\"], \"headers\": [\"\"]}"), "headers[0] is empty");
    assert_refused(TEMPLATE("{\"fields\": [\"id\"], \"headers\": [5]}"), "headers[0] is a number");
    assert_refused(TEMPLATE("{\"fields\": [\"id\"], \"include_related\": [\"essays\"]}"),
                   "include_related[0] is no include of that type: \"essays\"");
    assert_refused(TEMPLATE("{\"fields\": [\"id\"], \"max_records_single_file\": 0}"),
                   "max_records_single_file is 0, not an integer from 1");
    assert_refused(TEMPLATE("{\"fields\": [\"id\"], \"limit\": 5}"), "limit is no known key");
    assert_refused("{\"templates\": {\"payments_custom\": {\"fields\": [\"id\"]}}}",
                   "is a name that stands for a request's own fields");
    assert_refused("{\"templates\": {\"payments_a b\": {\"fields\": [\"id\"]}}}", "is no name");
}

static void mistakes_of_tables_are_named(void)
{
#define HEAD(text)                                                                                 \
    "{\"types\": {\"h\": {\"title\": \"H\", " text ", \"fields\": {\"id\": {\"header\": "          \
    "\"ID\"}}}}}"
#define JOINS(text) HEAD("\"table\": \"h\", \"key\": \"id\", \"joins\": " text)
    assert_refused(HEAD("\"key\": \"id\""), "types.h.table is missing");
    assert_refused(HEAD("\"table\": \"h\""), "types.h.key is missing");
    assert_refused(HEAD("\"table\": \"h; DROP TABLE x\", \"key\": \"id\""),
                   "types.h.table has no identifier");
    assert_refused(HEAD("\"table\": \"a.b.c\", \"key\": \"id\""), "types.h.table has no identif");
    assert_refused(HEAD("\"table\": \".h\", \"key\": \"id\""), "types.h.table has no identifier");
    assert_refused(HEAD("\"table\": \"h`\", \"key\": \"id\""), "types.h.table has no identifier");
    assert_refused(HEAD("\"table\": \"\", \"key\": \"id\""), "types.h.table has no identifier");
    assert_refused(HEAD("\"table\": \"h\", \"key\": \"i-d\""), "types.h.key has no identifier");
    assert_refused(HEAD("\"table\": \"h\", \"key\": \"id\", \"key_type\": \"date\""),
                   "types.h.key_type is no valid value");
    assert_refused(HEAD("\"table\": \"h\", \"key\": \"id\", \"program\": \"x.id\""),
                   "types.h.program names a table that does not stand before it: \"x.id\"");
    assert_refused(HEAD("\"table\": \"h\", \"key\": \"id\", \"live\": {}"), "takes one column");
    assert_refused(HEAD("\"table\": \"h\", \"key\": \"id\", \"live\": {\"a\": 0, \"b\": 0}"),
                   "types.h.live takes one column");
    assert_refused(HEAD("\"table\": \"h\", \"key\": \"id\", \"live\": {\"a\": true}"),
                   "types.h.live.a is a boolean");
    assert_refused(HEAD("\"table\": \"h\", \"key\": \"id\", \"live\": {\"a\": [0, \"0\"]}"),
                   "types.h.live.a mixes integers and texts");
    assert_refused(HEAD("\"table\": \"h\", \"key\": \"id\", \"live\": {\"a\": []}"),
                   "types.h.live.a is an empty list");
    assert_refused(HEAD("\"table\": \"h\", \"key\": \"id\", \"live\": {\"a\": {}}"),
                   "types.h.live.a.not is missing");
    assert_refused(HEAD("\"table\": \"h\", \"key\": \"id\", \"live\": {\"a\": 1.5}"),
                   "types.h.live.a is a number, not an integer or a text");
    assert_refused(JOINS("{\"table\": \"u\"}"), "types.h.joins is an object, not a list");
    assert_refused(JOINS("[{\"table\": \"u\"}]"), "types.h.joins[0].on is missing");
    assert_refused(JOINS("[{\"table\": \"u\", \"on\": {}}]"), "types.h.joins[0].on has no columns");
    assert_refused(JOINS("[{\"table\": \"u\", \"on\": {\"id\": 5}}]"),
                   "types.h.joins[0].on.id is a number, not a text");
    assert_refused(JOINS("[{\"table\": \"u\", \"on\": {\"id\": \"v.id\"}}, {\"table\": \"v\", "
                         "\"on\": {\"id\": \"id\"}}]"),
                   "types.h.joins[0].on.id names a table that does not stand before it: \"v.id\"");
    assert_refused(JOINS("[{\"table\": \"u\", \"on\": {\"id\": \"u.id\"}}]"),
                   "joins[0].on.id names a table that does not stand before it");
    assert_refused(JOINS("[{\"table\": \"H\", \"on\": {\"id\": \"id\"}}]"),
                   "types.h.joins[0] needs another name (\"as\")");
    assert_refused(JOINS("[{\"table\": \"u\", \"as\": \"a b\", \"on\": {\"id\": \"id\"}}]"),
                   "types.h.joins[0].as has no identifier");
}

static void mistakes_of_collections_are_named(void)
{
#define ROOMS(text)                                                                                \
    HEAD("\"table\": \"h\", \"key\": \"id\", \"collections\": {\"r\": {\"table\": \"r\", " text    \
         "}}")
    assert_refused(ROOMS("\"columns\": {\"a\": {}}"), "types.h.collections.r.match is missing");
    assert_refused(ROOMS("\"match\": {\"h_id\": \"id\"}"), "collections.r.columns is missing");
    assert_refused(ROOMS("\"match\": {\"h_id\": \"id\"}, \"columns\": {}"), "has no columns");
    assert_refused(
        ROOMS("\"match\": {\"h_id\": \"id\"}, \"columns\": {\"a\": {\"header\": \"A\"}}"),
        "columns.a.header is no known key");
    assert_refused(ROOMS("\"match\": {\"h_id\": \"id\"}, \"columns\": {\"a\": {\"type\": "
                         "\"txt\"}}"),
                   "columns.a.type is no valid value: \"txt\" (did you mean \"text\"?)");
    assert_refused(ROOMS("\"match\": {\"h_id\": \"id\"}, \"columns\": {\"a\": {}}, \"distinct\": "
                         "\"b\""),
                   "collections.r.distinct is no column of that collection: \"b\"");
    assert_refused(ROOMS("\"match\": {\"h_id\": \"id\"}, \"columns\": {\"a\": {\"column\": "
                         "\"h.a\"}}"),
                   "names a table that does not stand before it: \"h.a\"");
    assert_refused(ROOMS("\"match\": {\"h_id\": \"r.id\"}, \"columns\": {\"a\": {}}"),
                   "names a table that does not stand before it: \"r.id\"");
    assert_refused(ROOMS("\"as\": \"h\", \"match\": {\"h_id\": \"id\"}, \"columns\": {\"a\": {}}"),
                   "needs another name (\"as\"): \"h\" stands in the statement already");
    assert_refused(ROOMS("\"match\": {\"h_id\": \"id\"}, \"order\": [{\"descending\": true}], "
                         "\"columns\": {\"a\": {}}"),
                   "collections.r.order[0].column is missing");
}

static void mistakes_of_fields_are_named(void)
{
#define FIELD(text)                                                                                \
    "{\"types\": {\"h\": {\"title\": \"H\", \"table\": \"h\", \"key\": \"id\", "                   \
    "\"collections\": {\"r\": {\"table\": \"r\", \"match\": {\"h_id\": \"id\"}, \"columns\": "     \
    "{\"a\": {}}}}, \"fields\": {\"f\": " text "}}}}"
    assert_refused(FIELD("{}"), "types.h.fields.f.header is missing");
    assert_refused(FIELD("5"), "types.h.fields.f is a number, not an object");
    assert_refused(FIELD("{\"header\": {\"id\": \"F\"}}"), "fields.f.header.en is missing");
    assert_refused(FIELD("{\"header\": {\"en\": \"F\", \"fr\": \"F\"}}"),
                   "fields.f.header.fr is no known key");
    assert_refused(FIELD("{\"header\": \"F\", \"colum\": \"x\"}"),
                   "fields.f.colum is no known key (did you mean \"column\"?)");
    assert_refused(FIELD("{\"header\": \"F\", \"column\": \"a b\"}"), "has no identifier");
    assert_refused(FIELD("{\"header\": \"F\", \"column\": \"x.a\"}"), "does not stand before it");
    assert_refused(FIELD("{\"header\": \"F\", \"scale\": 2}"), "is for fields of type decimal");
    assert_refused(FIELD("{\"header\": \"F\", \"type\": \"decimal\", \"scale\": 31}"),
                   "scale is 31, not an integer from 0 to 30");
    assert_refused(FIELD("{\"header\": \"F\", \"money\": true}"), "is for fields of type decimal");
    assert_refused(FIELD("{\"header\": \"F\", \"width\": 256}"), "width is 256");
    assert_refused(FIELD("{\"header\": \"F\", \"labels\": {}}"), "fields.f.labels is empty");
    assert_refused(FIELD("{\"header\": \"F\", \"labels\": {\"a\": \"\"}}"),
                   "fields.f.labels.a is empty");
    assert_refused(FIELD("{\"header\": \"F\", \"labels\": {\"a\": {\"en\": \"A\", \"id\": "
                         "\"\"}}}"),
                   "fields.f.labels.a is empty");
    assert_refused(FIELD("{\"header\": \"F\", \"type\": \"date\", \"labels\": {\"a\": \"A\"}}"),
                   "labels are for fields of type text, integer or boolean");
    assert_refused(FIELD("{\"header\": \"F\", \"type\": \"integer\", \"labels\": {\"01\": \"A\"}}"),
                   "labels.01 is \"01\", but the column holds integers");
    assert_refused(FIELD("{\"header\": \"F\", \"type\": \"integer\", \"null_as\": \"x\"}"),
                   "null_as is \"x\", but the column holds integers");
    assert_refused(FIELD("{\"header\": \"F\", \"null_as\": \"x\", \"fallback\": {\"column\": "
                         "\"a\"}}"),
                   "fallback and null_as exclude one another");
    assert_refused(FIELD("{\"header\": \"F\", \"fallback\": {}}"), "fallback.column is missing");
    assert_refused(FIELD("{\"header\": \"F\", \"row_number\": true, \"type\": \"text\"}"),
                   "type of a row number is integer");
    assert_refused(FIELD("{\"header\": \"F\", \"row_number\": true, \"column\": \"a\"}"),
                   "column is no known key");
    assert_refused(FIELD("{\"header\": \"F\", \"row_number\": true, \"sortable\": true}"),
                   "sortable is for fields that show one column");
    assert_refused(FIELD("{\"header\": \"F\", \"count\": {\"of\": \"x\"}}"),
                   "count.of is no collection: \"x\"");
    assert_refused(FIELD("{\"header\": \"F\", \"count\": {}}"), "count.of is missing");
    assert_refused(FIELD("{\"header\": \"F\", \"count\": {\"of\": \"r\"}, \"type\": \"text\"}"),
                   "type is not what \"count\" gives");
    assert_refused(FIELD("{\"header\": \"F\", \"count\": {\"of\": \"r\"}, \"column\": \"a\"}"),
                   "column and \"count\" exclude one another");
    assert_refused(FIELD("{\"header\": \"F\", \"count\": {\"of\": \"r\"}, \"share\": {}}"),
                   "share and \"count\" exclude one another");
    assert_refused(FIELD("{\"header\": \"F\", \"count\": {\"of\": \"r\", \"when\": {}}}"),
                   "count.when takes one column and its values");
    assert_refused(FIELD("{\"header\": \"F\", \"count\": {\"of\": \"r\", \"when\": {\"b\": 1}}}"),
                   "count.when.b is no column of that collection");
    assert_refused(FIELD("{\"header\": \"F\", \"count\": {\"of\": \"r\", \"when\": {\"a\": {"
                         "\"not\": 1}}}}"),
                   "count.when.a takes values or {\"not\": null}");
    assert_refused(FIELD("{\"header\": \"F\", \"count\": {\"of\": \"r\", \"when\": {\"a\": "
                         "null}}}"),
                   "count.when.a takes values or {\"not\": null}");
    assert_refused(FIELD("{\"header\": \"F\", \"share\": {\"of\": \"r\"}}"),
                   "share.when is missing");
    assert_refused(FIELD("{\"header\": \"F\", \"lines\": {\"of\": \"r\"}}"),
                   "lines.parts is missing");
    assert_refused(FIELD("{\"header\": \"F\", \"lines\": {\"of\": \"r\", \"parts\": []}}"),
                   "lines.parts has no parts");
    assert_refused(FIELD("{\"header\": \"F\", \"lines\": {\"of\": \"r\", \"parts\": [\"{b}\"]}}"),
                   "lines.parts[0] has {b}, which is no column of that collection");
    assert_refused(FIELD("{\"header\": \"F\", \"lines\": {\"of\": \"r\", \"parts\": [\"{a\"]}}"),
                   "lines.parts[0] has a single {");
    assert_refused(FIELD("{\"header\": \"F\", \"lines\": {\"of\": \"r\", \"parts\": [\"a}\"]}}"),
                   "lines.parts[0] has a single }");
    assert_refused(FIELD("{\"header\": \"F\", \"case\": {\"of\": \"r\", \"cases\": [], \"else\": "
                         "\"x\"}}"),
                   "case.cases has no cases");
    assert_refused(FIELD("{\"header\": \"F\", \"case\": {\"of\": \"r\", \"cases\": [{\"when\": "
                         "{\"a\": 1}}], \"else\": \"x\"}}"),
                   "case.cases[0].is is missing");
    assert_refused("{\"types\": {\"h\": {\"title\": \"H\", \"table\": \"h\", \"key\": \"id\", "
                   "\"fields\": {}}}}",
                   "types.h.fields has no fields");
    assert_refused("{\"types\": {\"h\": {\"title\": \"H\", \"table\": \"h\", \"key\": \"id\", "
                   "\"fields\": {\"a\": {\"header\": \"A\"}, \"a\": {\"header\": \"B\"}}}}}",
                   "types.h.fields.a stands there twice");
}

static void mistakes_of_filters_are_named(void)
{
#define FILTER(text) TYPE(", \"filters\": {\"f\": " text "}")
    assert_refused(FILTER("{}"), "types.houses.filters.f has none of the keys");
    assert_refused(FILTER("{\"field\": \"x\"}"), "filters.f.field is no field of houses: \"x\"");
    assert_refused(FILTER("{\"field\": \"rooms\"}"), "neither a column nor a \"case\"");
    assert_refused(FILTER("{\"field\": \"price\"}"), "such a filter is a \"range\"");
    assert_refused(FILTER("{\"field\": \"id\", \"values\": [1]}"), "values is no known key");
    assert_refused(FILTER("{\"field\": \"id\", \"narrowed_by\": \"g\"}"),
                   "is for filters of a \"case\"");
    assert_refused(FILTER("{\"column\": \"id\", \"type\": \"date\"}"), "is a \"range\"");
    assert_refused(FILTER("{\"column\": \"id\", \"type\": \"integer\", \"values\": [\"x\"]}"),
                   "filters.f.values[0] is \"x\", but the column holds integers");
    assert_refused(FILTER("{\"related\": \"rooms\"}"), "filters.f.column is missing");
    assert_refused(FILTER("{\"related\": \"room\", \"column\": \"name\"}"),
                   "related is no collection: \"room\" (did you mean \"rooms\"?)");
    assert_refused(FILTER("{\"related\": \"rooms\", \"column\": \"x\"}"),
                   "column is no column of that collection");
    assert_refused(FILTER("{\"range\": \"price\"}"), "filters.f.type is missing");
    assert_refused(FILTER("{\"range\": \"price\", \"type\": \"text\"}"), "type is no valid value");
    assert_refused(FILTER("{\"range\": \"price\", \"type\": \"decimal\", \"keys\": [\"a\"]}"),
                   "keys takes two names");
    assert_refused(FILTER("{\"range\": \"price\", \"type\": \"decimal\", \"keys\": [\"a\", "
                          "\"a\"]}"),
                   "keys takes two names");
    assert_refused(FILTER("{\"at_least\": \"price\"}"), "names a field that is no \"count\"");
    assert_refused(TYPE(", \"filters\": {\"limit\": {\"field\": \"id\"}}"),
                   "filters.limit is a name that every export type has");
}

static void mistakes_of_options_are_named(void)
{
#define GROUP(text) TYPE(", \"group\": {\"option\": \"g\", \"column\": \"owner_id\", " text "}")
#define SPREAD(text)                                                                               \
    TYPE(", \"spread\": {\"option\": \"s\", \"table\": \"t\", \"key\": \"id\", \"header\": "       \
         "\"name\", " text "}")
    assert_refused(TYPE(", \"includes\": {\"i\": {}}"), "includes.i.fields is missing");
    assert_refused(TYPE(", \"includes\": {\"i\": {\"fields\": []}}"), "includes.i has no fields");
    assert_refused(TYPE(", \"includes\": {\"i\": {\"fields\": [\"id\", \"id\"]}}"),
                   "includes.i.fields[1] names a field twice");
    assert_refused(TYPE(", \"includes\": {\"i\": {\"fields\": [\"id\"], \"after\": \"x\"}}"),
                   "includes.i.after is no field of houses");
    assert_refused(TYPE(", \"includes\": {\"sort_by\": {\"fields\": [\"id\"]}}"),
                   "is the name of another option: \"sort_by\"");
    assert_refused(TYPE(", \"includes\": {\"i\": {\"name\": \"n\", \"fields\": [\"id\"]}, \"j\": "
                        "{\"name\": \"n\", \"fields\": [\"id\"]}}"),
                   "includes.j has the name of another include: \"n\"");
    assert_refused(GROUP("\"keep\": [], \"sum\": []"), "group.per is missing");
    assert_refused(GROUP("\"per\": \"owner\", \"keep\": [], \"sum\": []"),
                   "group.label is missing");
    assert_refused(GROUP("\"per\": \"rooms\", \"keep\": [], \"sum\": [], \"label\": {\"field\": "
                         "\"id\", \"text\": \"T\"}"),
                   "group.per names a field that is no column");
    assert_refused(GROUP("\"per\": \"owner\", \"keep\": [\"rooms\"], \"sum\": [], \"label\": "
                         "{\"field\": \"id\", \"text\": \"T\"}"),
                   "group.keep names a field that is no column");
    assert_refused(GROUP("\"per\": \"owner\", \"keep\": [], \"sum\": [\"owner\"], \"label\": "
                         "{\"field\": \"id\", \"text\": \"T\"}"),
                   "group.sum[0] names a field that is no column of numbers");
    assert_refused(GROUP("\"per\": \"owner\", \"keep\": [], \"sum\": [\"id\"], \"label\": "
                         "{\"field\": \"id\", \"text\": \"T\"}"),
                   "group.sum[0] names a field that shows something else");
    assert_refused(SPREAD("\"pointer\": \"name\", \"content\": \"name\""),
                   "spread.field is missing");
    assert_refused(SPREAD("\"field\": \"rooms\", \"pointer\": \"name\", \"content\": \"name\""),
                   "spread.field names a field that is not made of \"lines\"");
    assert_refused(SPREAD("\"field\": \"list\", \"pointer\": \"x\", \"content\": \"name\""),
                   "spread.pointer is no column of that collection");
    assert_refused(SPREAD("\"field\": \"list\", \"pointer\": \"name\", \"content\": \"name\", "
                          "\"off\": \"columns\""),
                   "spread has the same value for \"off\" and \"on\"");
    assert_refused(SPREAD("\"field\": \"list\", \"pointer\": \"name\", \"content\": \"name\", "
                          "\"order\": [\"houses.x\"]"),
                   "spread.order[0] names a table that does not stand before it");
}

/* Every value of the built-in documents in turn is another one. What comes of it is a catalog or a
 * refusal that names the document; nothing else. */

static void with_value(const ybb_json_reader *reader, ybb_json *value, const ybb_json *other)
{
    ybb_error error;
    ybb_buffer text = {0};
    ybb_json before = *value;
    value->kind = other->kind;
    value->at = other->at;
    value->length = other->length;
    value->first = other->first;
    value->count = other->count;
    ybb__json_write(&text, reader->root, 0);
    *value = before;
    ybb_catalog *catalog = build(ybb__buffer_text(&text), &error);
    if (catalog == NULL)
        CU_ASSERT_EQUAL(error.status, YBB_INVALID_CATALOG);
    ybb__catalog_free(catalog);
    ybb__buffer_free(&text);
}

/* Every @step-th value below @value, counted by *@number. */
static void with_values(const ybb_json_reader *reader, ybb_json *value, uint32_t step,
                        uint32_t *number)
{
    static const ybb_json others[] = {
        {.kind = YBB_JSON_NULL},
        {.kind = YBB_JSON_NUMBER, .at = "7", .length = 1},
        {.kind = YBB_JSON_TEXT, .at = "x.y", .length = 3},
        {.kind = YBB_JSON_ARRAY},
        {.kind = YBB_JSON_OBJECT},
    };
    enum { OTHERS = sizeof(others) / sizeof(others[0]) };
    if (*number % step == 0)
        with_value(reader, value, &others[*number / step % OTHERS]);
    (*number)++;
    for (ybb_json *child = (ybb_json *)value->first; child != NULL; child = (ybb_json *)child->next)
        with_values(reader, child, step, number);
}

#define SUMMARY(text)                                                                              \
    "{\"types\": {\"h\": {\"title\": \"H\", \"table\": \"h\", \"key\": \"id\", \"fields\": {"      \
    "\"id\": {\"type\": \"integer\", \"header\": {\"en\": \"ID\", \"id\": \"Nomor\"}}, "           \
    "\"day\": {\"type\": \"date\", \"header\": \"Day\", \"description\": \"When\"}, "              \
    "\"sum\": {\"type\": \"decimal\", \"header\": \"Sum\"}, \"name\": {\"header\": \"Name\"}, "    \
    "\"n\": {\"row_number\": true, \"header\": \"No.\"}}, \"summaries\": " text "}}}"

static void summaries_are_data(void)
{
    ybb_catalog *catalog = build_valid(SUMMARY(
        "[{\"count\": \"day\", \"sum\": [\"id\", \"sum\"], \"chart_of\": \"sum\"}, {\"count\": "
        "\"id\", \"sum\": [\"sum\"], \"where\": {\"id\": "
        "{\"not\": "
        "[1, 2]}, \"name\": null}, \"most\": \"7\", \"chart\": \"pie\", \"order\": \"value\", "
        "\"title\": "
        "{\"en\": \"T\", \"id\": \"J\"}}, {\"top\": \"id\", \"show\": [\"name\", \"day\"]}]"));
    const ybb_type *type = ybb__catalog_type(catalog, "h");
    CU_ASSERT_EQUAL_FATAL(type->summary_count, 3);
    const ybb_summary *all = type->summaries;
    CU_ASSERT_FALSE(all[0].top);
    CU_ASSERT_PTR_EQUAL(all[0].by, ybb__type_field(type, "day"));
    CU_ASSERT_EQUAL(all[0].period, YBB_PERIOD_MONTH);
    CU_ASSERT_TRUE(all[0].in_order);
    CU_ASSERT_EQUAL(all[0].most, 20);
    CU_ASSERT_EQUAL(all[0].charted, 2);
    CU_ASSERT_EQUAL(all[1].charted, 0);
    CU_ASSERT_EQUAL(all[0].chart, YBB_CHART_BAR);
    CU_ASSERT_STRING_EQUAL(all[0].title.in[YBB_ENGLISH], "Day");
    CU_ASSERT_EQUAL_FATAL(all[1].sum_count, 1);
    CU_ASSERT_EQUAL_FATAL(all[1].where_count, 2);
    CU_ASSERT_TRUE(all[1].where[0].is.negated);
    CU_ASSERT_EQUAL(all[1].where[0].is.value_count, 2);
    CU_ASSERT_EQUAL(all[1].where[1].is.value_count, 0);
    CU_ASSERT_EQUAL(all[1].most, 7);
    CU_ASSERT_EQUAL(all[1].chart, YBB_CHART_PIE);
    CU_ASSERT_TRUE(all[1].in_order);
    CU_ASSERT_STRING_EQUAL(all[1].title.in[YBB_INDONESIAN], "J");
    CU_ASSERT_TRUE(all[2].top);
    CU_ASSERT_EQUAL(all[2].shown_count, 2);
    CU_ASSERT_EQUAL(all[2].most, 10);
    CU_ASSERT_STRING_EQUAL(all[2].title.in[YBB_INDONESIAN], "Nomor");
    CU_ASSERT_STRING_EQUAL(ybb__type_field(type, "day")->description.in[YBB_INDONESIAN], "When");
    CU_ASSERT_PTR_NULL(ybb__type_field(type, "id")->description.in[YBB_ENGLISH]);
    ybb__catalog_free(catalog);
}

static void mistakes_of_summaries_are_named(void)
{
    assert_refused(SUMMARY("{}"), "types.h.summaries is an object, not a list");
    assert_refused(SUMMARY("[5]"), "types.h.summaries[0] is a number, not an object");
    assert_refused(SUMMARY("[{}]"), "types.h.summaries[0].count is missing");
    assert_refused(SUMMARY("[{\"count\": \"nam\"}]"),
                   "types.h.summaries[0].count is no field of h: \"nam\" (did you mean \"name\"?)");
    assert_refused(SUMMARY("[{\"count\": \"sum\"}]"), "names a field whose values are not counted");
    assert_refused(SUMMARY("[{\"count\": \"n\"}]"), "names a field whose values are not counted");
    assert_refused(SUMMARY("[{\"count\": \"name\", \"period\": \"month\"}]"),
                   "types.h.summaries[0].period is for fields of type date or datetime");
    assert_refused(SUMMARY("[{\"count\": \"day\", \"period\": \"week\"}]"),
                   "types.h.summaries[0].period");
    assert_refused(SUMMARY("[{\"count\": \"name\", \"sum\": [\"day\"]}]"),
                   "types.h.summaries[0].sum[0] names a field that has no numbers");
    assert_refused(SUMMARY("[{\"count\": \"name\", \"where\": {\"nam\": 1}}]"),
                   "types.h.summaries[0].where.nam is no field of h");
    assert_refused(SUMMARY("[{\"count\": \"name\", \"where\": {\"name\": []}}]"),
                   "types.h.summaries[0].where.name is an empty list");
    assert_refused(SUMMARY("[{\"count\": \"name\", \"chart\": \"donut\"}]"),
                   "types.h.summaries[0].chart");
    assert_refused(SUMMARY("[{\"count\": \"name\", \"sum\": [\"sum\"], \"chart_of\": \"id\"}]"),
                   "types.h.summaries[0].chart_of names a field that is not summed up");
    assert_refused(SUMMARY("[{\"count\": \"name\", \"sum\": [\"sum\"], \"chart\": \"pie\", "
                           "\"chart_of\": \"sum\"}]"),
                   "types.h.summaries[0].chart_of is for charts that are no pie");
    assert_refused(SUMMARY("[{\"count\": \"name\", \"most\": 0}]"), "types.h.summaries[0].most");
    assert_refused(SUMMARY("[{\"count\": \"name\", \"show\": [\"id\"]}]"),
                   "types.h.summaries[0].show is no known key");
    assert_refused(SUMMARY("[{\"top\": \"name\", \"show\": [\"id\"]}]"),
                   "types.h.summaries[0].top names a field that has no integers");
    assert_refused(SUMMARY("[{\"top\": \"id\"}]"), "types.h.summaries[0].show is missing");
    assert_refused(SUMMARY("[{\"top\": \"id\", \"show\": []}]"), "takes 1 to 8 fields");
    assert_refused(SUMMARY("[{\"top\": \"id\", \"show\": [\"n\"]}]"),
                   "names a field that is no value");
    assert_refused(SUMMARY("[{\"count\": \"name\", \"title\": \"\"}]"),
                   "types.h.summaries[0].title is empty");
}

static void links_are_of_known_schemes(void)
{
    ybb_catalog *catalog = build_valid(NULL);
    const ybb_field *proof = ybb__type_field(ybb__catalog_type(catalog, "payments"), "proof_url");
    CU_ASSERT_EQUAL(proof->links, YBB_LINK_HTTP | YBB_LINK_HTTPS);
    ybb__catalog_free(catalog);
#define LINKED(text)                                                                               \
    "{\"types\": {\"h\": {\"title\": \"H\", \"table\": \"h\", \"key\": \"id\", \"fields\": {"      \
    "\"id\": {\"header\": \"ID\", " text "}}}}}"
    assert_refused(
        LINKED("\"links\": [\"htps\"]"),
        "types.h.fields.id.links[0] is no scheme of links: \"htps\" (did you mean \"http");
    assert_refused(LINKED("\"links\": \"http\""), "types.h.fields.id.links is a text, not a list");
    assert_refused(LINKED("\"links\": [\"http\"], \"type\": \"integer\""),
                   "are for fields that show");
    assert_refused(LINKED("\"links\": [\"http\"], \"wrap\": true"), "are for fields that show");
#undef LINKED
}

/* An option of a catalog would hide one that every export has. */
static void options_that_all_have_are_taken(void)
{
    static const char *const names[] = {"include_summary", "include_about", "timezone", "language"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        char text[512];
        snprintf(text, sizeof(text),
                 "{\"types\": {\"h\": {\"title\": \"H\", \"table\": \"h\", \"key\": \"id\", "
                 "\"fields\": {\"id\": {\"header\": \"ID\"}}, \"includes\": {\"%s\": {\"fields\": "
                 "[\"id\"]}}}}}",
                 names[i]);
        assert_refused(text, "is the name of another option");
    }
}

static void a_changed_value_anywhere_is_a_catalog_or_a_refusal(void)
{
    enum {
        STEP = 11
    }; /* prime to the number of changes, so that each falls on all kinds of keys */
    uint32_t count, number = 0;
    const ybb_document *documents = ybb__catalog_builtin(&count);
    CU_ASSERT_EQUAL(count, 3);
    for (uint32_t i = 0; i < count; i++) {
        ybb_json_reader reader = {.what = "the document", .max_bytes = YBB_JSON_DOCUMENT_BYTES};
        CU_ASSERT_EQUAL_FATAL(ybb__json_parse(&reader, documents[i].text, documents[i].length),
                              YBB_OK);
        with_values(&reader, (ybb_json *)reader.root, STEP, &number);
        ybb__json_release(&reader);
    }
    CU_ASSERT_TRUE(number > 1000);
}

int main(void)
{
    static const ybb_test tests[] = {
        TEST(templates_have_the_reference_s_headers_in_its_order),
        TEST(templates_have_the_specification_s_limits),
        TEST(every_name_of_the_specification_is_a_field_of_its_type),
        TEST(statuses_have_labels_in_both_languages),
        TEST(every_built_in_header_is_translated_and_unique_in_its_templates),
        TEST(payment_status_looks_at_success_first),
        TEST(lines_are_parts_of_pieces),
        TEST(referrals_match_by_code_and_program_and_never_by_an_empty_code),
        TEST(filters_are_the_reference_s),
        TEST(options_add_and_group_and_spread),
        TEST(long_and_reduced_fields_cannot_be_sorted_by),
        TEST(the_specification_s_templates_replace_the_built_in_ones),
        TEST(a_template_of_a_new_name_is_added),
        TEST(a_new_type_needs_no_code),
        TEST(a_type_of_a_known_name_replaces_it_with_its_templates),
        TEST(templates_may_stand_in_a_file_before_that_of_their_type),
        TEST(the_manual_s_example_is_valid),
        TEST(what_is_no_document_is_refused),
        TEST(mistakes_of_templates_are_named),
        TEST(mistakes_of_tables_are_named),
        TEST(mistakes_of_collections_are_named),
        TEST(mistakes_of_fields_are_named),
        TEST(mistakes_of_filters_are_named),
        TEST(mistakes_of_options_are_named),
        TEST(summaries_are_data),
        TEST(mistakes_of_summaries_are_named),
        TEST(links_are_of_known_schemes),
        TEST(options_that_all_have_are_taken),
        TEST(a_changed_value_anywhere_is_a_catalog_or_a_refusal),
    };
    return RUN_TESTS("catalog", tests);
}
