#include "encode/url.h"

#include "model/catalog.h"
#include "runner.h"

#include <stdio.h>
#include <string.h>

enum { WEB = YBB_LINK_HTTP | YBB_LINK_HTTPS, ALL = WEB | YBB_LINK_MAILTO };

static bool reads(ybb_url *url, const char *text, unsigned schemes)
{
    const ybb_cell cell = {text, (uint32_t)strlen(text)};
    return ybb__url_read(url, &cell, schemes);
}

static void assert_link(const char *text, const char *target, const char *fragment)
{
    ybb_url url;
    if (!reads(&url, text, ALL)) {
        CU_FAIL("no link");
        printf("# %s\n", text);
        return;
    }
    CU_ASSERT_EQUAL(url.length, strlen(target));
    CU_ASSERT_EQUAL(memcmp(url.text, target, url.length), 0);
    CU_ASSERT_EQUAL(url.fragment > 0, fragment != NULL);
    if (fragment != NULL) {
        CU_ASSERT_EQUAL(url.fragment_length, strlen(fragment));
        CU_ASSERT_EQUAL(memcmp(url.text + url.fragment, fragment, url.fragment_length), 0);
    }
}

static void addresses_are_links(void)
{
    assert_link("https://example.org", "https://example.org", NULL);
    assert_link("HTTP://Example.org:8080/a?b=c&d", "HTTP://Example.org:8080/a?b=c&d", NULL);
    assert_link("https://x.org/#top", "https://x.org/", "top");
    assert_link("https://x.org#a#b", "https://x.org", "a%23b");
    assert_link("https://x.org/#", "https://x.org/", "");
    assert_link("https://x.org/a b\"<>`{|}[]^", "https://x.org/a%20b%22%3C%3E%60%7B%7C%7D%5B%5D%5E",
                NULL);
    assert_link("https://x.org/50%/%41%4", "https://x.org/50%25/%41%254", NULL);
    assert_link("https://x.org/\xC3\xA9", "https://x.org/%C3%A9", NULL);
    assert_link("https://x.org/@user", "https://x.org/@user", NULL);
    assert_link("mailto:a@b.org?subject=x y", "mailto:a@b.org?subject=x%20y", NULL);
}

static void what_is_unsafe_or_none_stays_a_text(void)
{
    static const char *const texts[] = {"",
                                        "https://",
                                        "https:///x",
                                        "http:x.org",
                                        "x.org",
                                        "=1+1",
                                        "javascript:alert(1)",
                                        "file:///etc/passwd",
                                        "data:text/html,x",
                                        "https://good.org@evil.org/",
                                        "https://good.org:80@evil.org/",
                                        "https://x.org\\@evil.org",
                                        "https://x.org/a\\b",
                                        "https://x.org/a\nb",
                                        "https://x.org/\x7f",
                                        "https://x.org ",
                                        " https://x.org",
                                        "https://-x.org",
                                        "https://x_y.org/",
                                        "https://\xC3\xA9.org/",
                                        "https://x.org/\xC3",
                                        "mailto:",
                                        "mailto:nobody",
                                        "ftp://x.org/",
                                        "https//x.org",
                                        "jAvAsCrIpT:https://x.org"};
    ybb_url url;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        if (reads(&url, texts[i], ALL)) {
            CU_FAIL("a link");
            printf("# %s\n", texts[i]);
        }
    CU_ASSERT_FALSE(reads(&url, "mailto:a@b.org", WEB));
    CU_ASSERT_FALSE(reads(&url, "http://x.org", YBB_LINK_HTTPS));
    CU_ASSERT_FALSE(reads(&url, "https://x.org", YBB_LINK_HTTP));
    const ybb_cell nul = {"https://x.org/\0y", 16};
    CU_ASSERT_FALSE(ybb__url_read(&url, &nul, ALL));
}

/* Excel opens addresses of 2,079 characters; what is encoded counts as it is written. */
static void long_addresses_stay_texts(void)
{
    char text[YBB_URL_MOST + 2] = "https://x.org/";
    size_t begin = strlen(text);
    ybb_url url;
    memset(text + begin, 'a', sizeof(text) - begin);
    text[YBB_URL_MOST] = '\0';
    CU_ASSERT_TRUE(reads(&url, text, ALL));
    CU_ASSERT_EQUAL(url.length, YBB_URL_MOST);
    text[YBB_URL_MOST - 1] = '<';
    CU_ASSERT_FALSE(reads(&url, text, ALL));
    text[YBB_URL_MOST - 1] = text[YBB_URL_MOST] = 'a';
    text[YBB_URL_MOST + 1] = '\0';
    CU_ASSERT_FALSE(reads(&url, text, ALL));
}

int main(void)
{
    static const ybb_test tests[] = {
        TEST(addresses_are_links),
        TEST(what_is_unsafe_or_none_stays_a_text),
        TEST(long_addresses_stay_texts),
    };
    return RUN_TESTS("url", tests);
}
