#include "demo_rows.h"

#include "demo_cells.h"

enum {
    DAY = 24 * 60 * 60,
    HOUR = 60 * 60,
    UNIQUE_CODES = 999, /* added to an amount, so that a transfer is known by it */
    CENTS = 100
};

unsigned demo_payments_of(const demo_person *person)
{
    static const uint8_t counts[] = {0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 4};
    demo_random random = demo_random_of(DEMO_SERIES_PAYMENT_COUNT, person->id);
    return DEMO_PICK(counts, &random);
}

/* What is to be paid, in cents of each currency. */
typedef struct fee {
    uint32_t program;
    const char *name, *category;
    int64_t idr, usd, myr;
} fee;

static const fee fees[] = {
    {1, "Registration fee", "registration", 15000000, 1000, 4500},
    {1, "Program fee, 1st batch", "program_fee_1", 250000000, 16500, 74050},
    {1, "Program fee, 2nd batch", "program_fee_2", 375000000, 24999, 112000},
    {2, "Registration", "registration", 10000000, 750, 3290},
    {2, "Camp fee", "program_fee_1", 175000000, 11500, 51999},
};

typedef enum currency { IDR, USD, MYR, CURRENCIES } currency;

static const char *const currency_names[] = {"IDR", "USD", "MYR"};
/* How many cents a US cent is worth, in hundredths. */
static const int64_t rates[] = {1600000, 100, 450};

typedef struct payment {
    const demo_person *person;
    const fee *fee;
    unsigned number; /* among the person's */
    int64_t date, cents;
    currency currency;
    uint8_t method, status;
    demo_random random;
} payment;

static currency draw_currency(const demo_person *person, demo_random *random)
{
    bool at_home = !demo_random_once_in(random, 5);
    if (at_home && strcmp(person->people->code, "ID") == 0)
        return IDR;
    if (at_home && strcmp(person->people->code, "MY") == 0)
        return MYR;
    return USD;
}

static int64_t draw_cents(const payment *of, demo_random *random)
{
    const int64_t prices[CURRENCIES] = {of->fee->idr, of->fee->usd, of->fee->myr};
    unsigned place = demo_random_below(random, 3000);
    if (place < 20)
        return 0;
    if (place < 24)
        return -prices[of->currency]; /* paid back */
    if (place == 24)
        return INT64_C(999999999999999);
    if (of->currency == IDR && of->method == 2)
        return prices[IDR] + (1 + (int64_t)demo_random_below(random, UNIQUE_CODES)) * CENTS;
    return prices[of->currency];
}

/* Later payments come later for most, at the same second for some, and earlier for a few. */
static int64_t draw_date(const payment *of, demo_random *random)
{
    int64_t first = of->person->registered + HOUR * (int64_t)(of->person->id % 200);
    int64_t gap = 12 * DAY + (int64_t)demo_random_below(random, 2 * DAY);
    if (of->person->id % 17 == 0)
        return first;
    return first + gap * (of->person->id % 11 == 0 ? 3 - (int64_t)of->number : of->number);
}

static payment payment_of(const demo_person *person, unsigned number)
{
    static const uint8_t states[] = {2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 1, 1, 1, 0, 0, 0, 3, 3, 4, 4};
    uint64_t stream = (uint64_t)person->id * DEMO_MOST_PAYMENTS + number;
    payment made = {.person = person,
                    .number = number,

                    .random = demo_random_of(DEMO_SERIES_PAYMENT, stream)};
    unsigned kinds = person->program == 2 ? 2 : 3;
    made.fee = &fees[(person->program == 2 ? 3 : 0) + (number < kinds ? number : kinds - 1)];
    made.method = 1 + demo_random_once_in(&made.random, 3);
    made.status = DEMO_PICK(states, &made.random);
    made.currency = draw_currency(person, &made.random);
    made.cents = draw_cents(&made, &made.random);
    made.date = draw_date(&made, &made.random);
    return made;
}

static void put_cents(demo_writer *to, int64_t cents)
{
    uint64_t size = cents < 0 ? 0 - (uint64_t)cents : (uint64_t)cents;
    ybb_buffer *text = demo_open_text(to);
    if (cents < 0)
        ybb__buffer_put_char(text, '-');
    ybb__buffer_put_u64(text, size / CENTS);
    ybb__buffer_put_char(text, '.');
    demo_put_digits(text, size % CENTS, 2);
    demo_close_text(to);
}

/* program_payment_id to order_id */
static void put_codes(demo_writer *to, payment *of)
{
    demo_random *random = &of->random;
    if (demo_random_once_in(random, 60))
        demo_put_null(to);
    else
        demo_put_number(to, of->fee - fees + 1);
    if (demo_random_once_in(random, 50))
        demo_put_null(to);
    else
        demo_put_number(to, of->method);
    if (of->status == 0 && !demo_random_once_in(random, 4))
        demo_put_null(to);
    else {
        ybb_buffer *text = demo_open_text(to);
        ybb__buffer_put_text(text, of->method == 1 ? "MID-" : "");
        demo_put_digits(text, demo_random_next(random) % 1000000000000, 14);
        demo_close_text(to);
    }
    ybb_buffer *text = demo_open_text(to);
    ybb__buffer_put_text(text, "YFN");
    demo_put_digits(text, of->person->program, 2);
    ybb__buffer_put_char(text, '-');
    demo_put_digits(text, of->person->id, 7);
    ybb__buffer_put_char(text, '-');
    ybb__buffer_put_u64(text, of->number + 1);
    demo_close_text(to);
}

/* payment_date to status */
static void put_amounts(demo_writer *to, payment *of)
{
    demo_random *random = &of->random;
    if (demo_random_once_in(random, of->status == 0 ? 2 : 80))
        demo_put_null(to);
    else
        demo_cell_moment(to, of->date);
    if (demo_random_once_in(random, 100))
        demo_put_null(to);
    else
        put_cents(to, of->cents);
    if (demo_random_once_in(random, of->status == 0 ? 3 : 40))
        demo_put_null(to);
    else
        put_cents(to, of->cents / rates[of->currency] * CENTS +
                          of->cents % rates[of->currency] * CENTS / rates[of->currency]);
    demo_put_text(to, demo_random_once_in(random, 200) ? NULL : currency_names[of->currency]);
    demo_put_number(to, of->status);
}

static void put_payer(demo_writer *to, payment *of)
{
    static const char *const banks[] = {"Bank Nusantara Raya",
                                        "Bank Bahari",
                                        "DANAKU e-wallet",
                                        "Bank Cempaka Syariah",
                                        "Union Bank of Demo",
                                        "",
                                        NULL};
    if (of->method == 1) {
        demo_put_null(to);
        demo_put_text(to, demo_random_once_in(&of->random, 2) ? "QRIS" : NULL);
        return;
    }
    demo_put_name(demo_open_text(to), of->person, false);
    demo_close_text(to);
    demo_put_text(to, DEMO_PICK(banks, &of->random));
}

/* notes and rejection_reason */
static void put_remarks(demo_writer *to, payment *of)
{
    static const char *const notes[] = {"-",
                                        "",
                                        "Paid by my mother's account",
                                        "Transfer dari rekening ayah\nmohon dicek",
                                        "second instalment; 1/2",
                                        "感谢！",
                                        "شكرًا",
                                        "Оплачено"};
    static const char *const reasons[] = {"Proof is not readable", "Amount does not match",
                                          "Bukti transfer tidak sesuai",
                                          "Duplicate; see order \"A\"", NULL};
    if (!demo_random_once_in(&of->random, 7))
        demo_put_null(to);
    else if (!demo_cell_oddity(to, 20, &of->random))
        demo_put_text(to, DEMO_PICK(notes, &of->random));
    demo_put_text(to, of->status == 4 ? DEMO_PICK(reasons, &of->random) : NULL);
}

void demo_payment_row(demo_writer *to, const demo_person *person, unsigned number, uint64_t id)
{
    payment of = payment_of(person, number);
    demo_put_number(to, (int64_t)id);
    demo_put_number(to, person->id);
    put_codes(to, &of);
    put_amounts(to, &of);
    demo_cell_url(to, "files.example.org/proofs/", id, ".jpg", of.method == 2 ? 5 : 100,
                  &of.random);
    put_payer(to, &of);
    put_remarks(to, &of);
    demo_cell_url(to, "pay.example.com/v3/redirection/", id * 7919, "", of.method == 1 ? 30 : 100,
                  &of.random);
    bool active = !demo_random_once_in(&of.random, 60);
    demo_cells_flags(to, active, demo_random_once_in(&of.random, 30));
    demo_cells_times(to, of.date - HOUR, 200, &of.random);
}

bool demo_program_payment_row(demo_writer *to, unsigned number)
{
    if (number >= DEMO_COUNT(fees))
        return false;
    demo_put_number(to, number + 1);
    demo_put_number(to, fees[number].program);
    demo_put_text(to, fees[number].name);
    demo_put_text(to, fees[number].category);
    demo_cells_tail(to, false);
    return true;
}
