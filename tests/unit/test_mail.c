#include "mail/letter.h"

#include "base/clock.h"
#include "mail/header_text.h"
#include "mail/letter_words.h"
#include "mail/post.h"
#include "model/mail_address.h"
#include "runner.h"

#include <stdlib.h>
#include <string.h>

/* --- addresses --- */

static bool is_address(const char *text)
{
    return ybb__mail_is_address(text, strlen(text));
}

static void addresses_are_narrow(void)
{
    static const char *const good[] = {"a@b.co", "a.b+c%d_e-f@mail.example.org", "1@2.3"};
    static const char *const bad[] = {"",
                                      "a",
                                      "@b.co",
                                      "a@",
                                      "a@b",
                                      "a@b.co\r\n",
                                      "a\r@b.co",
                                      "a@b.co\nX",
                                      "a b@b.co",
                                      " a@b.co",
                                      "a@b.co ",
                                      "a..b@b.co",
                                      ".a@b.co",
                                      "a.@b.co",
                                      "-a@b.co",
                                      "a@-b.co",
                                      "a@b-.co",
                                      "a@b..co",
                                      "a@@b.co",
                                      "a@b@c.co",
                                      "<a@b.co>",
                                      "\"a\"@b.co",
                                      "a,b@b.co",
                                      "a;b@b.co",
                                      "a@[1.2.3.4]",
                                      "\303\244@b.co",
                                      "a@\303\244.co",
                                      "a\t@b.co",
                                      "a\\@b.co"};
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
        CU_ASSERT_TRUE(is_address(good[i]));
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        CU_ASSERT_FALSE(is_address(bad[i]));
    CU_ASSERT_FALSE(ybb__mail_is_address("a@b.co\0c", 8));
}

static void mail_may_go_to_what_is_allowed_and_to_who_asks(void)
{
    static const char *const items[] = {"boss@example.com", "Example.org"};
    const ybb_mail_settings mail = {.allowed = {items, 2}};
    const ybb_mail_settings nobody = {.server = "smtp://localhost"};
    CU_ASSERT_TRUE(ybb__mail_may_go_to(&mail, "boss@example.com", NULL));
    CU_ASSERT_TRUE(ybb__mail_may_go_to(&mail, "boss@EXAMPLE.com", NULL));
    CU_ASSERT_TRUE(ybb__mail_may_go_to(&mail, "anybody@example.ORG", NULL));
    CU_ASSERT_FALSE(ybb__mail_may_go_to(&mail, "Boss@example.com", NULL));
    CU_ASSERT_FALSE(ybb__mail_may_go_to(&mail, "boss@example.com.net", NULL));
    CU_ASSERT_FALSE(ybb__mail_may_go_to(&mail, "boss@example.co", NULL));
    CU_ASSERT_FALSE(ybb__mail_may_go_to(&mail, "a@mail.example.org", NULL));
    CU_ASSERT_FALSE(ybb__mail_may_go_to(&mail, "a@notexample.org", NULL));
    CU_ASSERT_FALSE(ybb__mail_may_go_to(&nobody, "boss@example.com", NULL));
    CU_ASSERT_TRUE(ybb__mail_may_go_to(&nobody, "me@example.com", "me@Example.com"));
    CU_ASSERT_FALSE(ybb__mail_may_go_to(&nobody, "me@example.com", "you@example.com"));
    CU_ASSERT_FALSE(ybb__mail_may_go_to(&nobody, "me@example.com", "example.com"));
}

/* --- headers --- */

static void assert_header(const char *name, const char *text, const char *expected)
{
    ybb_buffer out = {0};
    ybb__header_put(&out, name, text);
    CU_ASSERT_STRING_EQUAL(ybb__buffer_text(&out), expected);
    ybb__buffer_free(&out);
}

static void plain_texts_stand_as_they_are(void)
{
    assert_header("Subject", "Your export is ready: a_1.xlsx (standard)",
                  "Subject: Your export is ready: a_1.xlsx (standard)");
    /* what would be read as an encoded word is encoded itself */
    assert_header("Subject", "=?UTF-8?B?SGk=?=", "Subject: =?UTF-8?B?PT9VVEYtOD9CP1NHaz0/PQ==?=");
    assert_header("Subject", "\303\204", "Subject: =?UTF-8?B?w4Q=?=");
}

/* Every line's end is followed by a blank, and no line is too long. */
static void assert_one_header(const ybb_buffer *out)
{
    enum { MOST = 76 };
    size_t line = 0;
    for (size_t i = 0; i < out->length; i++) {
        unsigned char c = (unsigned char)out->at[i];
        if (c == '\r') {
            CU_ASSERT_TRUE_FATAL(i + 2 < out->length);
            CU_ASSERT_EQUAL(out->at[i + 1], '\n');
            CU_ASSERT_EQUAL(out->at[i + 2], ' ');
            line = 0;
            i++;
            continue;
        }
        CU_ASSERT_TRUE(c >= ' ' && c < 0x7F);
        line++;
        CU_ASSERT_TRUE(line <= MOST);
    }
}

static void no_text_ends_its_header(void)
{
    static const char *const texts[] = {"a\r\nBcc: b@example.org",
                                        "a\nb",
                                        "a\rb",
                                        "\r\n.\r\n",
                                        "\x7f\x01",
                                        "\xff\xfe",
                                        "\xe2\x80",
                                        ""};
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        ybb_buffer out = {0};
        ybb__header_put(&out, "Subject", texts[i]);
        assert_one_header(&out);
        ybb__buffer_clear(&out);
        ybb__header_put_mailbox(&out, "From", texts[i], "a@example.org");
        assert_one_header(&out);
        CU_ASSERT_PTR_NOT_NULL(strstr(ybb__buffer_text(&out), "a@example.org"));
        ybb__buffer_free(&out);
    }
}

static void long_texts_are_folded_between_characters(void)
{
    ybb_buffer text = {0}, out = {0};
    for (unsigned i = 0; i < 100; i++)
        ybb__buffer_put_text(&text, "\343\201\202"); /* three bytes; a word holds 15 of them */
    ybb__header_put(&out, "Subject", ybb__buffer_text(&text));
    assert_one_header(&out);
    /* 15 characters are 45 bytes, so each word but the last ends without padding */
    CU_ASSERT_PTR_NULL(strstr(ybb__buffer_text(&out), "=?=\r\n"));
    ybb__buffer_free(&text);
    ybb__buffer_free(&out);
}

static void dates_are_those_of_mail(void)
{
    ybb_buffer out = {0};
    ybb__header_put_date(&out, INT64_C(1753284609000000));
    CU_ASSERT_STRING_EQUAL(ybb__buffer_text(&out), "Date: Wed, 23 Jul 2025 15:30:09 +0000");
    ybb__buffer_clear(&out);
    ybb__header_put_date(&out, 0);
    CU_ASSERT_STRING_EQUAL(ybb__buffer_text(&out), "Date: Thu, 01 Jan 1970 00:00:00 +0000");
    ybb__buffer_free(&out);
}

static void names_of_senders_are_words_or_encoded(void)
{
    ybb_buffer out = {0};
    ybb__header_put_mailbox(&out, "From", "YBB exports", "a@example.org");
    CU_ASSERT_STRING_EQUAL(ybb__buffer_text(&out), "From: YBB exports\r\n <a@example.org>");
    ybb__buffer_clear(&out);
    ybb__header_put_mailbox(&out, "From", "a, b <c@d.ef>", "a@example.org");
    CU_ASSERT_STRING_EQUAL(ybb__buffer_text(&out),
                           "From: =?UTF-8?B?YSwgYiA8Y0BkLmVmPg==?=\r\n <a@example.org>");
    ybb__buffer_clear(&out);
    ybb__header_put_mailbox(&out, "To", NULL, "a@example.org");
    CU_ASSERT_STRING_EQUAL(ybb__buffer_text(&out), "To: a@example.org");
    ybb__buffer_free(&out);
}

/* --- letters --- */

static ybb_job ended_job(void)
{
    ybb_job job = {.id = "exp_00000000000000000000000001",
                   .state = YBB_JOB_DONE,
                   .export_type = "participants",
                   .format = "excel",
                   .template_name = "<b>\"st&ndard\"\r\nBcc: x@y.zz",
                   .planned = true,
                   .delivery = {.records = 12},
                   .expires_at = INT64_C(1753284609000000),
                   .mail = {.address = "to@example.org", .number = 2}};
    return job;
}

static const ybb_mail_settings settings = {.from = "from@example.org"};

static void nothing_of_a_letter_is_markup_or_a_header(void)
{
    const ybb_job job = ended_job();
    const ybb_letter_link link = {"a<script>.xlsx", "https://h/x?a=\"><b>", 2048};
    const ybb_letter letter = {.job = &job, .links = &link, .link_count = 1};
    ybb_message message = {.from = NULL};
    CU_ASSERT_EQUAL_FATAL(ybb__letter_write(&message, &letter, &settings, NULL), YBB_OK);
    for (size_t i = 0; i < YBB_MAIL_HEADERS; i++)
        assert_one_header(&message.headers[i]);
    CU_ASSERT_PTR_NULL(strstr(message.html.at, "<script"));
    CU_ASSERT_PTR_NULL(strstr(message.html.at, "<b>"));
    CU_ASSERT_PTR_NOT_NULL(strstr(message.html.at, "href=\"https://h/x?a=&quot;&gt;&lt;b&gt;\""));
    CU_ASSERT_PTR_NOT_NULL(strstr(message.html.at, "st&amp;ndard"));
    CU_ASSERT_PTR_NOT_NULL(strstr(message.plain.at, "a<script>.xlsx (2 KB)\r\nhttps://h/x"));
    ybb__message_release(&message);
}

static void a_letter_says_the_same_of_the_same_mail(void)
{
    ybb_job job = ended_job();
    const ybb_letter letter = {.job = &job};
    ybb_message first = {.from = NULL}, second = {.from = NULL};
    CU_ASSERT_EQUAL_FATAL(ybb__letter_write(&first, &letter, &settings, NULL), YBB_OK);
    job.mail.attempts = 3;
    CU_ASSERT_EQUAL_FATAL(ybb__letter_write(&second, &letter, &settings, NULL), YBB_OK);
    CU_ASSERT_STRING_EQUAL(first.headers[4].at,
                           "Message-ID: <exp_00000000000000000000000001.2@example.org>");
    for (size_t i = 0; i < YBB_MAIL_HEADERS; i++)
        CU_ASSERT_STRING_EQUAL(first.headers[i].at, second.headers[i].at);
    CU_ASSERT_STRING_EQUAL(first.plain.at, second.plain.at);
    ybb__message_release(&first);
    ybb__message_release(&second);
}

static void a_letter_of_no_record_says_so(void)
{
    ybb_job job = ended_job();
    const ybb_letter letter = {.job = &job};
    ybb_message message = {.from = NULL};
    job.delivery.records = 0;
    CU_ASSERT_EQUAL_FATAL(ybb__letter_write(&message, &letter, &settings, NULL), YBB_OK);
    CU_ASSERT_PTR_NOT_NULL(strstr(message.plain.at, "No record meets its filters."));
    ybb__message_release(&message);
}

static void every_word_is_there_in_each_language(void)
{
    for (size_t i = 0; i < YBB_LANGUAGES; i++) {
        const char *const *words = (const char *const *)&ybb__letter_words[i];
        for (size_t w = 0; w < sizeof(ybb_letter_words) / sizeof(*words); w++)
            CU_ASSERT_PTR_NOT_NULL(words[w]);
    }
}

/* --- sending --- */

static bool go_on(void *user)
{
    (void)user;
    return false;
}

static void what_is_not_built_says_so(void)
{
    ybb_message message = {.from = "a@example.org", .to = "b@example.org"};
    const ybb_mail_settings nowhere = {.server = "smtp://localhost:1", .timeout_seconds = 5};
    ybb_error error = {0};
    for (size_t i = 0; i < YBB_MAIL_HEADERS; i++)
        ybb__header_put(&message.headers[i], "X", "y");
    ybb__buffer_put_text(&message.plain, "a");
    ybb__buffer_put_text(&message.html, "a");
    for (size_t i = 0; i < YBB_MAIL_HEADERS; i++)
        (void)ybb__buffer_text(&message.headers[i]);
    ybb_status expected = ybb__post_is_built() ? YBB_MAIL_UNAVAILABLE : YBB_UNSUPPORTED;
    CU_ASSERT_EQUAL(ybb__post_send(&message, &nowhere, go_on, NULL, &error), expected);
    CU_ASSERT_EQUAL(error.status, expected);
    ybb__message_release(&message);
}

int main(void)
{
    static const ybb_test tests[] = {
        TEST(addresses_are_narrow),
        TEST(mail_may_go_to_what_is_allowed_and_to_who_asks),
        TEST(plain_texts_stand_as_they_are),
        TEST(no_text_ends_its_header),
        TEST(long_texts_are_folded_between_characters),
        TEST(dates_are_those_of_mail),
        TEST(names_of_senders_are_words_or_encoded),
        TEST(nothing_of_a_letter_is_markup_or_a_header),
        TEST(a_letter_says_the_same_of_the_same_mail),
        TEST(a_letter_of_no_record_says_so),
        TEST(every_word_is_there_in_each_language),
        TEST(what_is_not_built_says_so),
    };
    return RUN_TESTS("mail", tests);
}
