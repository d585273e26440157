#include "db/bound_query.h"

#include "db/driver.h"

static void put_values(ybb_buffer *to, const ybb_value *values, uint32_t count)
{
    ybb__buffer_put(to, values, count * sizeof(*values));
}

static const ybb_value *values_at(const ybb_buffer *values)
{
    return (const ybb_value *)(const void *)values->at;
}

static uint32_t value_count(const ybb_buffer *values)
{
    return (uint32_t)(values->length / sizeof(ybb_value));
}

void ybb__bound_query_free(ybb_bound_query *bound)
{
    ybb__statement_free(bound->statement);
    ybb__buffer_free(&bound->values);
    bound->statement = NULL;
}

/* Prepares the statement, once, and gathers the values. */
static ybb_status prepare_query(ybb_bound_query *bound, const ybb_value *more, uint32_t count,
                                ybb_error *error)
{
    ybb__buffer_clear(&bound->values);
    put_values(&bound->values, bound->query->values, bound->query->value_count);
    put_values(&bound->values, more, count);
    if (ybb__buffer_failed(&bound->values))
        return ybb__fail_memory(error);
    if (bound->statement != NULL)
        return YBB_OK;
    return ybb__statement_prepare(&bound->statement, bound->db, bound->query->sql, error);
}

ybb_status ybb__bound_query_begin(ybb_bound_query *bound, const ybb_value *more, uint32_t count,
                                  ybb_error *error)
{
    ybb_status status = prepare_query(bound, more, count, error);
    if (status != YBB_OK)
        return status;
    return ybb__statement_begin(bound->statement, values_at(&bound->values),
                                value_count(&bound->values), error);
}

ybb_status ybb__bound_query_read(ybb_bound_query *bound, const ybb_value *more, uint32_t count,
                                 ybb_block *block, size_t max_bytes, bool *whole, ybb_error *error)
{
    *whole = true; /* whoever reads in several steps looks at it before the status */
    ybb_status status = prepare_query(bound, more, count, error);
    if (status != YBB_OK)
        return status;
    return ybb__statement_read(bound->statement, values_at(&bound->values),
                               value_count(&bound->values), block, max_bytes, whole, error);
}

void ybb__bound_list_free(ybb_bound_list *bound)
{
    for (unsigned i = 0; i < YBB_LIST_SIZES; i++) {
        ybb__statement_free(bound->statements[i]);
        bound->statements[i] = NULL;
    }
    ybb__buffer_free(&bound->values);
}

/* The statement of a list of 1 << @power values. */
static ybb_status prepare_list(ybb_bound_list *bound, unsigned power, ybb_error *error)
{
    ybb_buffer sql = {0};
    if (bound->statements[power] != NULL)
        return YBB_OK;
    ybb__buffer_put_text(&sql, bound->query->head);
    for (unsigned i = 0; i < 1U << power; i++)
        ybb__buffer_put_text(&sql, i == 0 ? "?" : ", ?");
    ybb__buffer_put_text(&sql, bound->query->tail);
    const char *text = ybb__buffer_text(&sql);
    ybb_status status =
        text == NULL ? ybb__fail_memory(error)
                     : ybb__statement_prepare(&bound->statements[power], bound->db, text, error);
    ybb__buffer_free(&sql);
    return status;
}

static ybb_status read_part(ybb_bound_list *bound, const ybb_value *list, uint32_t count,
                            ybb_block *block, size_t max_bytes, bool *whole, ybb_error *error)
{
    const ybb_list_query *query = bound->query;
    unsigned power = 0;
    while (1U << power < count)
        power++;
    ybb_status status = prepare_list(bound, power, error);
    if (status != YBB_OK)
        return status;
    ybb__buffer_clear(&bound->values);
    put_values(&bound->values, query->head_values, query->head_value_count);
    put_values(&bound->values, list, count);
    for (uint32_t i = count; i < 1U << power; i++)
        put_values(&bound->values, &list[count - 1], 1);
    put_values(&bound->values, query->tail_values, query->tail_value_count);
    if (ybb__buffer_failed(&bound->values))
        return ybb__fail_memory(error);
    return ybb__statement_read(bound->statements[power], values_at(&bound->values),
                               value_count(&bound->values), block, max_bytes, whole, error);
}

ybb_status ybb__bound_list_read(ybb_bound_list *bound, const ybb_value *list, uint32_t count,
                                ybb_block *block, size_t max_bytes, bool *whole, ybb_error *error)
{
    ybb_status status = YBB_OK;
    *whole = true;
    for (uint32_t done = 0; status == YBB_OK && *whole && done < count;) {
        uint32_t part = count - done < YBB_LIST_MOST ? count - done : YBB_LIST_MOST;
        status = read_part(bound, list + done, part, block, max_bytes, whole, error);
        done += part;
    }
    return status;
}
