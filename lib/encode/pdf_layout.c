#include "encode/pdf_layout.h"

enum {
    EM = 1000,
    LARGE = 800, /* type sizes in units */
    FAIR = 700,
    BROKEN = 650, /* where lines are broken: the smaller, the fewer */
    SMALL = 600,
    TINY = 400, /* of a table that was asked for where cards would be easier to read */
    STEP = 50,
    MOST_WISHED = 45000, /* a longer text is to be broken */
    TALL = 16            /* lines of a row: from here on cards are easier to read */
};

static int32_t least(int32_t a, int32_t b)
{
    return a < b ? a : b;
}

static int64_t units(int32_t width, int32_t size)
{
    return ((int64_t)width * size + EM - 1) / EM;
}

static int32_t wished(const ybb_pdf_wish *wish)
{
    return wish->whole ? wish->width : least(wish->width, MOST_WISHED);
}

static int32_t needed(const ybb_pdf_wish *wish)
{
    return wish->whole && wish->width > wish->word ? wish->width : wish->word;
}

static void turn(ybb_pdf_layout *out, ybb_pdf_paper paper, bool landscape)
{
    static const int32_t sides[][2] = {
        [YBB_PAPER_A4] = {59528, 84189}, [YBB_PAPER_LETTER] = {61200, 79200}};
    out->page_width = sides[paper][landscape];
    out->page_height = sides[paper][!landscape];
    out->inner_width = out->page_width - 2 * YBB_PDF_MARGIN;
    out->inner_height = out->page_height - 2 * YBB_PDF_MARGIN - YBB_PDF_FOOT;
}

static void set_size(ybb_pdf_layout *out, int32_t size)
{
    out->size = size;
    out->leading = size * YBB_PDF_SPACING / EM;
}

/* All columns' widths at a type size: those that they would like, or can do with. */
static int64_t sum_of(const ybb_pdf_wish *wishes, uint32_t count, int32_t size,
                      int32_t (*width)(const ybb_pdf_wish *))
{
    int64_t sum = 0;
    for (uint32_t i = 0; i < count; i++)
        sum += units(width(&wishes[i]), size) + 2 * YBB_PDF_PADDING;
    return sum;
}

/* The largest size down to @smallest at which the columns fit; 0: none. */
static int32_t fitting(const ybb_pdf_layout *out, const ybb_pdf_wish *wishes, uint32_t count,
                       int32_t smallest, int32_t (*width)(const ybb_pdf_wish *))
{
    for (int32_t size = LARGE; size >= smallest; size -= STEP)
        if (sum_of(wishes, count, size, width) <= out->inner_width)
            return size;
    return 0;
}

/* The width above which columns give way, so that all of them fit into @room: the narrow ones, ids
 * and dates, keep what they need. */
static int64_t level(const ybb_pdf_layout *out, const ybb_pdf_wish *wishes, int64_t room)
{
    int64_t low = 1, high = room;
    while (low < high) {
        int64_t middle = (low + high + 1) / 2, sum = 0;
        for (uint32_t i = 0; i < out->count; i++) {
            int64_t need = units(needed(&wishes[i]), out->size);
            sum += need < middle ? need : middle;
        }
        if (sum <= room)
            low = middle;
        else
            high = middle - 1;
    }
    return low;
}

/* Gives each column what it needs, and the rest of the page by what they wish beyond that. */
static void place(ybb_pdf_layout *out, const ybb_pdf_wish *wishes)
{
    int64_t need = sum_of(wishes, out->count, out->size, needed);
    int64_t wish = sum_of(wishes, out->count, out->size, wished), x = 0;
    int64_t padding = (int64_t)out->count * 2 * YBB_PDF_PADDING;
    int64_t room = out->inner_width - padding, rest = out->inner_width - need;
    int64_t most = rest < 0 ? level(out, wishes, room) : room;
    for (uint32_t i = 0; i < out->count; i++) {
        int64_t least_width = units(needed(&wishes[i]), out->size);
        int64_t most_width = units(wished(&wishes[i]), out->size);
        int64_t width = least_width;
        if (rest < 0) /* asked for as a table that does not fit */
            width = least_width < most ? least_width : most;
        else if (wish <= out->inner_width)
            width = most_width > least_width ? most_width : least_width;
        else if (most_width > least_width)
            width += (most_width - least_width) * rest / (wish - need);
        out->columns[i] = (ybb_pdf_column){.x = (int32_t)(x + YBB_PDF_PADDING),
                                           .width = (int32_t)(width > 0 ? width : 1),
                                           .right = wishes[i].right,
                                           .whole = wishes[i].whole,
                                           .cramped = width < least_width};
        x += out->columns[i].width + 2 * YBB_PDF_PADDING;
    }
}

/* The table becomes as wide as the page. */
static void stretch(ybb_pdf_layout *out)
{
    ybb_pdf_column *last = &out->columns[out->count - 1];
    int32_t rest = out->inner_width - last->x - last->width - YBB_PDF_PADDING;
    for (uint32_t i = 0; rest > 0 && i < out->count; i++) {
        int32_t share = (int32_t)((int64_t)rest * (i + 1) / out->count) -
                        (int32_t)((int64_t)rest * i / out->count);
        out->columns[i].width += share;
        for (uint32_t k = i + 1; k < out->count; k++)
            out->columns[k].x += share;
    }
}

static bool is_tall(const ybb_pdf_layout *out, const ybb_pdf_wish *wishes, uint32_t i)
{
    return wishes[i].lines > TALL ||
           units(wishes[i].longest, out->size) > (int64_t)TALL * out->columns[i].width;
}

static bool has_tall(const ybb_pdf_layout *out, const ybb_pdf_wish *wishes)
{
    for (uint32_t i = 0; i < out->count; i++)
        if (is_tall(out, wishes, i))
            return true;
    return false;
}

/* Names the columns whose words or longest values lack room; else it is all of them together. */
static void blame_columns(ybb_pdf_layout *out, const ybb_pdf_wish *wishes)
{
    bool some = false;
    for (uint32_t i = 0; i < out->count; i++) {
        out->columns[i].cramped = out->columns[i].cramped || is_tall(out, wishes, i);
        some = some || out->columns[i].cramped;
    }
    for (uint32_t i = 0; !some && i < out->count; i++)
        out->columns[i].cramped = true;
}

/* A table with all values on one line, upright before lying; then one with broken lines. */
static bool find_table(ybb_pdf_layout *out, const ybb_pdf_wish *wishes,
                       const ybb_pdf_options *options)
{
    int32_t size = 0;
    if (options->turn != YBB_TURN_LANDSCAPE) {
        turn(out, options->paper, false);
        size = fitting(out, wishes, out->count, FAIR, wished);
        if (size == 0 && options->turn == YBB_TURN_PORTRAIT)
            size = fitting(out, wishes, out->count, SMALL, needed);
    }
    if (size == 0 && options->turn != YBB_TURN_PORTRAIT) {
        turn(out, options->paper, true);
        size = fitting(out, wishes, out->count, SMALL, wished);
        if (size == 0)
            size = least(BROKEN, fitting(out, wishes, out->count, SMALL, needed));
    }
    int32_t tiny = size > 0 ? size : fitting(out, wishes, out->count, TINY, needed);
    set_size(out, tiny > 0 ? tiny : TINY);
    place(out, wishes);
    stretch(out);
    return size > 0 && !has_tall(out, wishes);
}

bool ybb__pdf_layout_choose(ybb_pdf_layout *out, ybb_arena *arena, const ybb_pdf_wish *wishes,
                            uint32_t count, const ybb_pdf_options *options)
{
    *out = (ybb_pdf_layout){.count = count};
    out->columns = ybb__arena_array(arena, count, sizeof(*out->columns));
    if (out->columns == NULL)
        return false;
    bool fits = count > 0 && find_table(out, wishes, options);
    out->forced = options->form == YBB_FORM_TABLE && !fits;
    if (out->forced)
        blame_columns(out, wishes);
    if (options->form == YBB_FORM_TABLE || (options->form == YBB_FORM_AUTO && fits))
        return true;
    out->cards = true;
    turn(out, options->paper, options->turn == YBB_TURN_LANDSCAPE);
    set_size(out, LARGE);
    return true;
}
