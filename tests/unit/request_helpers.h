/*
 * tests/unit/request_helpers: requests read against the built-in catalog, and tables of mistakes.
 */
#ifndef YBB_TESTS_REQUEST_HELPERS_H
#define YBB_TESTS_REQUEST_HELPERS_H

#include "model/request.h"
#include "runner.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One request being read, and what came of it. */
typedef struct reading {
    ybb_catalog *catalog;
    struct ybb_config config;
    ybb_request *request;
    ybb_error error;
} reading;

static inline void begin(reading *r)
{
    memset(r, 0, sizeof(*r));
    ybb__config_init(&r->config);
    CU_ASSERT_EQUAL_FATAL(ybb__catalog_build(&r->catalog, NULL, 0, NULL), YBB_OK);
}

static inline void end(reading *r)
{
    ybb__request_free(r->request);
    ybb__catalog_free(r->catalog);
    ybb__config_release(&r->config);
}

/* Reads another request with the same catalog and configuration. */
static inline ybb_status parse(reading *r, const char *json)
{
    ybb__request_free(r->request);
    memset(&r->error, 0, sizeof(r->error));
    return ybb__request_parse(&r->request, json, strlen(json), r->catalog, &r->config, &r->error);
}

/* An assertion that names the request it was about. */
static inline void expect(bool holds, const char *what, const char *json, const ybb_error *error)
{
    char text[2048];
    snprintf(text, sizeof(text), "%s of %.600s: %s (field %s, allowed %s)", what, json,
             error->message, error->field, error->allowed);
    CU_assertImplementation(holds, __LINE__, text, __FILE__, "", CU_FALSE);
}

/* A request for participants with some more members. */
static inline ybb_request *accept(reading *r, const char *members)
{
    char json[2048];
    snprintf(json, sizeof(json), "{\"export_type\": \"participants\"%s%s}",
             members[0] != '\0' ? ", " : "", members);
    expect(parse(r, json) == YBB_OK, "status", json, &r->error);
    CU_ASSERT_PTR_NOT_NULL_FATAL(r->request);
    return r->request;
}

static inline ybb_request *accept_filters(reading *r, const char *type, const char *filters)
{
    char json[2048];
    snprintf(json, sizeof(json), "{\"export_type\": \"%s\", \"filters\": %s}", type, filters);
    expect(parse(r, json) == YBB_OK, "status", json, &r->error);
    CU_ASSERT_PTR_NOT_NULL_FATAL(r->request);
    return r->request;
}

/* A mistake and its answer; NULL: not looked at. */
typedef struct mistake {
    const char *json;
    ybb_status status;
    const char *field, *value, *allowed, *suggestion;
} mistake;

static inline bool same(const char *expected, const char *found)
{
    return expected == NULL || strcmp(expected, found) == 0;
}

static inline void check_mistakes(const mistake *mistakes, size_t count)
{
    reading r;
    begin(&r);
    for (size_t i = 0; i < count; i++) {
        const mistake *m = &mistakes[i];
        ybb_status status = parse(&r, m->json);
        expect(status == m->status, "status", m->json, &r.error);
        expect(r.error.status == status, "status in the error", m->json, &r.error);
        expect(r.request == NULL, "no request", m->json, &r.error);
        expect(same(m->field, r.error.field), "field", m->json, &r.error);
        expect(same(m->value, r.error.value), "value", m->json, &r.error);
        expect(same(m->allowed, r.error.allowed), "allowed", m->json, &r.error);
        expect(same(m->suggestion, r.error.suggestion), "suggestion", m->json, &r.error);
        expect(r.error.message[0] != '\0', "message", m->json, &r.error);
    }
    end(&r);
}

#define REFUSED(mistakes) check_mistakes(mistakes, sizeof(mistakes) / sizeof((mistakes)[0]))
#define P                 "{\"export_type\": \"participants\", "
#define PAY               "{\"export_type\": \"payments\", "
#define AMB               "{\"export_type\": \"ambassadors\", "

#endif
